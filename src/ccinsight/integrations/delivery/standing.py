"""Whether a reader's digest is due: decided by what was sent before, so that a machine that slept catches up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from ccinsight.integrations.delivery.choices import Frequency
from ccinsight.integrations.delivery.config import WEEKDAYS
from ccinsight.integrations.delivery.messages import DIGEST, Message, Slot, State
from ccinsight.integrations.delivery.recipients import Recipient

_DONE = (State.SENT, State.UNCERTAIN, State.SENDING)
_COVERED = (State.SENT, State.SILENT)


class Outcome(StrEnum):
    """What becomes of a reader's digest in a run. ``ALREADY``: it went out before; ``STOPPED``: they want none."""

    DUE = "due"
    SENT = "sent"
    SILENT = "silent"
    ALREADY = "already"
    STOPPED = "stopped"
    REFUSED = "refused"
    FAILED = "failed"
    UNCERTAIN = "uncertain"


@dataclass(frozen=True)
class Standing:
    """How it stands with a reader's digest on a day.

    ``slot``: the message that is due or was; ``since``: the day that the last one was about, None before the first;
    ``message``: what was sent or tried, where that decides the outcome.
    """

    outcome: Outcome
    slot: Slot
    since: date | None
    message: Message | None = None


def standing(
    recipient: Recipient, sent: Sequence[Message], frequency: Frequency, weekday: str, as_of: date
) -> Standing:
    """Whether a reader's digest is due on a day. ``sent``: their digests, newest first; ``weekday``: as in WEEKDAYS.

    Once a week, it is due from that weekday on until it was sent. A day with nothing to report doesn't end that: the
    next day is looked at again.
    """
    begins = as_of if frequency is Frequency.DAILY else as_of - timedelta(days=_days_since(weekday, as_of))
    period = begins.isoformat() if frequency is Frequency.DAILY else _week(begins)
    slot = Slot(recipient.key, recipient.address, DIGEST, period, as_of)
    since = max((each.covers for each in sent if each.state in _COVERED), default=None)
    if frequency is Frequency.NEVER:
        return Standing(Outcome.STOPPED, slot, since)
    if sent and sent[0].state is State.REFUSED:
        return Standing(Outcome.REFUSED, slot, since, sent[0])
    for each in sent:
        if each.state in _DONE and (each.period == period or each.covers >= begins):
            is_sent = each.state is State.SENT
            return Standing(Outcome.ALREADY if is_sent else Outcome.UNCERTAIN, slot, since, each)
        if each.state is State.SILENT and each.covers >= as_of:
            return Standing(Outcome.SILENT, slot, since, each)
    return Standing(Outcome.DUE, slot, since)


def _days_since(weekday: str, day: date) -> int:
    return (day.weekday() - WEEKDAYS.index(weekday)) % 7


def _week(day: date) -> str:
    year, week, _day = day.isocalendar()
    return f"{year}-W{week:02}"
