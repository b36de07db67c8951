"""A proposed agenda from what stands out; the account manager may write another."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from ccinsight import i18n
from ccinsight.documents.brief import words
from ccinsight.documents.brief.customer_reports import CustomerReports
from ccinsight.documents.brief.model import Point
from ccinsight.documents.brief.sections.cases import newly_opened, response
from ccinsight.documents.brief.sections.requests import requests
from ccinsight.i18n import _

# A change below this part of the year before is no point of its own.
_NOTABLE = 0.2
_MOST_POSSIBILITIES = 2


def proposed_agenda(
    reports: CustomerReports, possibilities: tuple[Point, ...], has_agreed: bool
) -> tuple[str, ...]:
    """The points to talk about, in an order that a meeting takes them."""
    return tuple(_points(reports, possibilities, has_agreed))


def _points(reports: CustomerReports, possibilities: tuple[Point, ...], has_agreed: bool) -> Iterable[str]:
    yield _("What was agreed last time") if has_agreed else _("What has happened since the last meeting")
    yield _use(reports)
    title, opened = newly_opened(reports.rows("open_tickets"), reports.as_of)
    if opened:
        yield title
    if not response(reports).is_empty:
        yield _("Access-down cases and how they were solved")
    if not requests(reports).is_empty:
        yield _("Training and consulting requests, and what they point to")
    for point in possibilities[:_MOST_POSSIBILITIES]:
        yield point.title
    yield from _renewal(reports)
    yield _("What we agree until the next meeting")


def _use(reports: CustomerReports) -> str:
    total = reports.first("tickets_compared", {"dimension": "total"})
    before = total["tickets_before"] if total else 0
    if total and before and abs(total["tickets_change"]) >= _NOTABLE * before:
        return _("Use and support: {now} in the last 12 months, {before} the year before").format(
            now=words.tickets(total["tickets"]), before=i18n.number(before)
        )
    return _("Use and support in the last 12 months")


def _renewal(reports: CustomerReports) -> Iterable[str]:
    for row in reports.rows("renewals"):
        if row["renewal_status"] == "ending":
            yield _("The end of agreement {agreement} on {day}").format(
                agreement=row["agreement_id"],
                day=i18n.day(row["renewal_on"] - timedelta(days=1)),
            )
        else:
            yield _("The renewal of agreement {agreement} on {day}: users and price").format(
                agreement=row["agreement_id"], day=i18n.day(row["renewal_on"])
            )
