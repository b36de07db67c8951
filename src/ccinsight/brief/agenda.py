"""A proposed agenda from what stands out; the account manager may write another."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from ccinsight import i18n
from ccinsight.brief import sections, words
from ccinsight.brief.model import Point
from ccinsight.brief.sections import Ask
from ccinsight.i18n import _

# A change below this part of the year before is no point of its own.
_NOTABLE = 0.2
_MOST_POSSIBILITIES = 2


def proposed_agenda(ask: Ask, possibilities: tuple[Point, ...], has_agreed: bool) -> tuple[str, ...]:
    """The points to talk about, in an order that a meeting takes them."""
    return tuple(_points(ask, possibilities, has_agreed))


def _points(ask: Ask, possibilities: tuple[Point, ...], has_agreed: bool) -> Iterable[str]:
    yield _("What was agreed last time") if has_agreed else _("What has happened since the last meeting")
    yield _use(ask)
    open_cases = sections.open_cases(ask)
    if not open_cases.is_empty:
        yield open_cases.title.text
    if not sections.response(ask).is_empty:
        yield _("Access-down cases and how they were solved")
    if not sections.requests(ask).is_empty:
        yield _("Training and consulting requests, and what they point to")
    for point in possibilities[:_MOST_POSSIBILITIES]:
        yield point.title
    yield from _renewal(ask)
    yield _("What we agree until the next meeting")


def _use(ask: Ask) -> str:
    total = ask.first("tickets_compared", {"dimension": "total"})
    before = total["tickets_before"] if total else 0
    if total and before and abs(total["tickets_change"]) >= _NOTABLE * before:
        return _("Use and support: {now} in the last 12 months, {before} the year before").format(
            now=words.tickets(total["tickets"]), before=i18n.number(before)
        )
    return _("Use and support in the last 12 months")


def _renewal(ask: Ask) -> Iterable[str]:
    for row in ask.rows("renewals"):
        if row["renewal_status"] == "ending":
            yield _("The end of agreement {agreement} on {day}").format(
                agreement=row["agreement_id"],
                day=i18n.day(row["renewal_on"] - timedelta(days=1)),
            )
        else:
            yield _("The renewal of agreement {agreement} on {day}: users and price").format(
                agreement=row["agreement_id"], day=i18n.day(row["renewal_on"])
            )
