"""The cases: access down, and open."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from datetime import date
from typing import Any

from ccinsight import i18n
from ccinsight.documents.brief import words
from ccinsight.documents.brief.customer_reports import CustomerReports
from ccinsight.documents.brief.model import Row, Section, Statement
from ccinsight.i18n import _, ngettext


def response(reports: CustomerReports) -> Section:
    """Access-down cases and how fast they were met (A9)."""
    down = reports.first("response", {"class": "access_down"})
    other = reports.first("response", {"class": "other"})
    assert down is not None and other is not None  # the report always has both
    figures = reports.figures("response", down, "tickets", "median_hours")
    if down["tickets"] == 0:
        title = Statement(_("No access-down case in the last 12 months"), figures)
    else:
        title = Statement(_down(down), figures, None if down["replied"] else _down_count(down))
    statements = []
    if other["replied"]:
        statements.append(
            Statement(
                _(
                    "Other tickets: half of the first replies came within {hours}; {replied} of {tickets} have one."
                ).format(
                    hours=words.elapsed(other["median_hours"]),
                    replied=i18n.number(other["replied"]),
                    tickets=i18n.number(other["tickets"]),
                ),
                reports.figures("response", other, "median_hours", "replied", "tickets"),
            )
        )
    if waiting := down["tickets"] - down["replied"]:
        statements.append(
            Statement(
                ngettext(
                    "{count} access-down case has no first reply by {day}.",
                    "{count} access-down cases have no first reply by {day}.",
                    waiting,
                ).format(count=i18n.number(waiting), day=i18n.day(reports.as_of)),
                reports.figures("response", down, "tickets", "replied"),
                to_customer="",
            )
        )
    return Section(
        "response",
        title,
        tuple(statements),
        ("access_down_tickets", "response"),
        is_empty=down["tickets"] == 0,
    )


def _down(row: Row) -> str:
    count = row["tickets"]
    if not row["replied"]:
        text = ngettext(
            "{count} access-down case in the last 12 months, without a first reply",
            "{count} access-down cases in the last 12 months, without a first reply",
            count,
        )
        return text.format(count=i18n.number(count))
    text = ngettext(
        "{count} access-down case in the last 12 months; the first reply came within {hours}",
        "{count} access-down cases in the last 12 months; half of the first replies came within {hours}",
        count,
    )
    return text.format(count=i18n.number(count), hours=words.elapsed(row["median_hours"]))


def _down_count(row: Row) -> str:
    text = ngettext(
        "{count} access-down case in the last 12 months",
        "{count} access-down cases in the last 12 months",
        row["tickets"],
    )
    return text.format(count=i18n.number(row["tickets"]))


def open_cases(reports: CustomerReports) -> Section:
    """Open tickets, oldest first; to the customer those of the last three months."""
    rows = reports.rows("open_tickets")
    if not rows:
        title = Statement(_("No open tickets on {day}").format(day=i18n.day(reports.as_of)))
    else:
        title = Statement(
            ngettext(
                "{count} open ticket, opened {day}",
                "{count} open tickets, the oldest opened {day}",
                len(rows),
            ).format(count=i18n.number(len(rows)), day=i18n.day(rows[0]["opened_at"])),
            reports.figures("open_tickets", rows[0], "opened_at"),
            to_customer=newly_opened(rows, reports.as_of)[0],
        )
    return Section("open_cases", title, (), ("open_tickets",), is_empty=not rows)


def newly_opened(rows: Sequence[dict[str, Any]], as_of: date) -> tuple[str, list[dict[str, Any]]]:
    """The rows of ``open_tickets`` of the last three months, oldest first, and the message over them."""
    first = three_months_before(as_of)
    lately = [r for r in rows if r["opened_at"].date() > first]
    if not lately:
        return _("No open tickets from the last three months on {day}").format(day=i18n.day(as_of)), []
    title = ngettext(
        "{count} open ticket from the last three months",
        "{count} open tickets from the last three months",
        len(lately),
    )
    return title.format(count=i18n.number(len(lately))), lately


def three_months_before(day: date) -> date:
    """The same day three months earlier, or the last day of that month."""
    month = (day.month - 4) % 12 + 1
    year = day.year - (day.month <= 3)
    return date(year, month, min(day.day, monthrange(year, month)[1]))
