"""Whose digest is due on which day, by what was sent before."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from ccinsight.access import SEES_ALL
from ccinsight.integrations.delivery.choices import Frequency
from ccinsight.integrations.delivery.messages import DIGEST, Message, State
from ccinsight.integrations.delivery.recipients import Recipient
from ccinsight.integrations.delivery.standing import Outcome, Standing, standing

KARI = Recipient(SEES_ALL, "Kari@partner.example", "nb")
WEEKLY, DAILY, NEVER = Frequency.WEEKLY, Frequency.DAILY, Frequency.NEVER


def _message(covers: date, state: State, period: str) -> Message:
    at = datetime(2026, 3, 2, 6, 30)
    return Message(1, KARI.key, KARI.address, DIGEST, period, covers, state, "", at, "")


def _stands(
    as_of: date, *sent: tuple[date, State, str], frequency: Frequency = WEEKLY, weekday: str = "monday"
) -> Standing:
    return standing(KARI, [_message(*each) for each in sent], frequency, weekday, as_of)


def test_the_first_message_is_due_at_once() -> None:
    found = _stands(date(2026, 3, 5))
    assert (found.outcome, found.slot.period, found.since) == (Outcome.DUE, "2026-W10", None)
    assert (found.slot.reader_key, found.slot.address) == ("kari@partner.example", "Kari@partner.example")
    assert found.slot.covers == date(2026, 3, 5)


@pytest.mark.parametrize(
    ("as_of", "weekday", "period"),
    [
        (date(2026, 3, 2), "monday", "2026-W10"),
        (date(2026, 3, 8), "monday", "2026-W10"),
        (date(2026, 3, 9), "monday", "2026-W11"),
        (date(2026, 3, 3), "wednesday", "2026-W09"),
        (date(2026, 3, 4), "wednesday", "2026-W10"),
        (date(2027, 1, 1), "monday", "2026-W53"),
        (date(2026, 1, 1), "thursday", "2026-W01"),
        (date(2025, 12, 31), "thursday", "2025-W52"),
    ],
)
def test_a_week_begins_on_the_weekday_that_is_set(as_of: date, weekday: str, period: str) -> None:
    assert _stands(as_of, weekday=weekday).slot.period == period


@pytest.mark.parametrize(
    ("as_of", "outcome"),
    [
        (date(2026, 3, 3), Outcome.ALREADY),
        (date(2026, 3, 8), Outcome.ALREADY),
        (date(2026, 3, 10), Outcome.DUE),  # the machine slept on Monday the 9th
    ],
)
def test_one_message_a_week(as_of: date, outcome: Outcome) -> None:
    found = _stands(as_of, (date(2026, 3, 2), State.SENT, "2026-W10"))
    assert (found.outcome, found.since) == (outcome, date(2026, 3, 2))


def test_a_late_message_does_not_move_the_next_one() -> None:
    sent = (date(2026, 3, 8), State.SENT, "2026-W10")
    assert _stands(date(2026, 3, 8), sent).outcome is Outcome.ALREADY
    assert _stands(date(2026, 3, 9), sent).outcome is Outcome.DUE


def test_one_message_a_day_where_it_was_chosen() -> None:
    sent = (date(2026, 3, 2), State.SENT, "2026-W10")
    found = _stands(date(2026, 3, 3), sent, frequency=DAILY)
    assert (found.outcome, found.slot.period) == (Outcome.DUE, "2026-03-03")
    assert _stands(date(2026, 3, 2), sent, frequency=DAILY).outcome is Outcome.ALREADY


def test_from_daily_to_weekly_the_week_had_its_message() -> None:
    sent = (date(2026, 3, 3), State.SENT, "2026-03-03")
    assert _stands(date(2026, 3, 4), sent).outcome is Outcome.ALREADY
    assert _stands(date(2026, 3, 9), sent).outcome is Outcome.DUE


def test_another_weekday_gives_no_second_message_in_a_week() -> None:
    sent = (date(2026, 3, 2), State.SENT, "2026-W10")
    assert _stands(date(2026, 3, 4), sent, weekday="wednesday").outcome is Outcome.ALREADY
    assert _stands(date(2026, 3, 11), sent, weekday="wednesday").outcome is Outcome.DUE


def test_a_day_without_news_is_looked_at_once_and_the_next_day_too() -> None:
    silent = (date(2026, 3, 2), State.SILENT, "2026-W10")
    assert _stands(date(2026, 3, 2), silent).outcome is Outcome.SILENT
    found = _stands(date(2026, 3, 3), silent)
    assert (found.outcome, found.slot.period, found.since) == (Outcome.DUE, "2026-W10", date(2026, 3, 2))


def test_what_failed_is_tried_again_and_says_what_changed_since_the_one_before() -> None:
    sent = (date(2026, 2, 23), State.SENT, "2026-W09")
    found = _stands(date(2026, 3, 3), (date(2026, 3, 2), State.FAILED, "2026-W10"), sent)
    assert (found.outcome, found.since) == (Outcome.DUE, date(2026, 2, 23))


def test_what_is_uncertain_is_not_sent_again_and_may_not_have_been_read() -> None:
    uncertain = (date(2026, 3, 2), State.UNCERTAIN, "2026-W10")
    sent = (date(2026, 2, 23), State.SENT, "2026-W09")
    found = _stands(date(2026, 3, 3), uncertain, sent)
    assert found.outcome is Outcome.UNCERTAIN
    assert found.message is not None
    assert found.message.covers == date(2026, 3, 2)
    later = _stands(date(2026, 3, 9), uncertain, sent)
    assert (later.outcome, later.since) == (Outcome.DUE, date(2026, 2, 23))


def test_a_refused_address_gets_no_more() -> None:
    refused = (date(2026, 3, 2), State.REFUSED, "2026-W10")
    assert _stands(date(2026, 4, 7), refused).outcome is Outcome.REFUSED


def test_who_wants_none_gets_none() -> None:
    assert _stands(date(2026, 3, 2), frequency=NEVER).outcome is Outcome.STOPPED
