"""The tickets: by month, and by scope, channel and category."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ccinsight import i18n
from ccinsight.documents.brief import words
from ccinsight.documents.brief.customer_reports import CustomerReports
from ccinsight.documents.brief.model import Row, Section, Statement
from ccinsight.i18n import _
from ccinsight.registry import label_of


def months(reports: CustomerReports) -> Section:
    """Tickets and minutes by month against the year before."""
    total = reports.first("tickets_compared", {"dimension": "total"})
    assert total is not None  # the report always has it
    figures = reports.figures("tickets_compared", total, "tickets", "tickets_before", "tickets_change")
    now, before = total["tickets"], total["tickets_before"]
    if now == 0 and before == 0:
        title = Statement(_("No tickets in the last 12 months, nor in the year before"), figures)
    elif now == 0:
        title = Statement(
            _("No tickets in the last 12 months, {before} the year before").format(
                before=words.tickets(before)
            ),
            figures,
        )
    else:
        title = Statement(
            _("{tickets} in the last 12 months, {change}").format(
                tickets=words.tickets(now), change=words.tickets_against_year_before(total["tickets_change"])
            ),
            figures,
        )
    shown = reports.rows("tickets_by_month")
    return Section(
        "months",
        title,
        (*_time_spent(reports, total), *_young(reports, reports.first("utilization", {"is_young": True}))),
        ("tickets_by_month",),
        is_empty=not any(m["tickets"] for m in shown),
    )


def _time_spent(reports: CustomerReports, total: Row) -> Iterable[Statement]:
    if total["tickets"] or total["tickets_before"]:
        yield Statement(
            _("Time spent: {now} in the last 12 months, {before} in the year before.").format(
                now=words.hours_of(total["minutes"]), before=words.hours_of(total["minutes_before"])
            ),
            reports.figures("tickets_compared", total, "minutes", "minutes_before"),
        )
    if total["tickets_without_minutes"]:
        yield Statement(
            words.without_minutes(total["tickets_without_minutes"]),
            reports.figures("tickets_compared", total, "tickets_without_minutes"),
        )


def _young(reports: CustomerReports, row: Row | None) -> Iterable[Statement]:
    if row is not None:
        yield Statement(
            _("The agreement is younger than a year: its figures hold fewer than 12 months."),
            reports.figures("utilization", row, "is_young"),
        )


def groups(reports: CustomerReports) -> Section:
    """Tickets by scope, channel and category against the year before (R10)."""
    rows = reports.rows("tickets_compared")
    total = rows[0]
    categories = [r for r in rows if r["dimension"] == "category" and r["tickets"]]
    if not categories:
        title = Statement(_("No tickets in the last 12 months to divide"))
        return Section("groups", title, (), ("tickets_compared",), is_empty=True)
    most = categories[0]
    title = Statement(
        _("Most tickets in the last 12 months were about {category}: {count} of {tickets}").format(
            category=words.member_label("category", most["member"]),
            count=i18n.number(most["tickets"]),
            tickets=i18n.number(total["tickets"]),
        ),
        reports.figures("tickets_compared", most, "tickets")
        + reports.figures("tickets_compared", total, "tickets"),
    )
    statements = [_divided(reports, rows, dimension) for dimension in ("scope", "channel")]
    return Section("groups", title, tuple(statements), ("tickets_compared",))


def _divided(reports: CustomerReports, rows: Sequence[Row], dimension: str) -> Statement:
    members = [r for r in rows if r["dimension"] == dimension and r["tickets"]]
    parts = ", ".join(
        f"{words.member_label(dimension, r['member'])} {i18n.number(r['tickets'])}" for r in members
    )
    return Statement(
        _("By {dimension}, tickets in the last 12 months: {parts}.").format(
            dimension=label_of("dimension", dimension).lower(), parts=parts
        ),
        tuple(f for r in members for f in reports.figures("tickets_compared", r, "tickets")),
    )
