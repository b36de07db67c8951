"""The use: tickets and hours by month, the users, and the customer among others of its size."""

from __future__ import annotations

from typing import Any

from ccinsight import i18n
from ccinsight.documents.brief import words
from ccinsight.documents.brief.customer_tables import (
    month_name,
    month_value,
    months_span,
    peer_cells,
    peers_compared,
)
from ccinsight.documents.brief.model import Brief, Row
from ccinsight.documents.content import blocks
from ccinsight.documents.content.blocks import Block, Column, Line
from ccinsight.i18n import _
from ccinsight.registry import label_of


def chapter_of(brief: Brief, most: int) -> Block:
    """Use in the last twelve months (R11)."""
    return blocks.chapter(_("Use"), _months(brief), _users(brief), _peers(brief))


def _months(brief: Brief) -> Block | None:
    section = brief.sections["months"]
    if section.is_empty:
        return blocks.said(section)
    rows = brief.rows("tickets_by_month")
    charts = [
        _chart(_("Tickets opened each month"), rows, "tickets"),
        _chart(_("Hours spent on them"), rows, "minutes"),
    ]
    foot = _("By calendar month, the last up to {day}.").format(day=i18n.day(brief.as_of))
    return blocks.section(
        section.title.shown, blocks.beside(*charts), blocks.note(foot), blocks.statements(section)
    )


def _chart(title: str, rows: list[dict[str, Any]], column: str) -> Block | None:
    before, now = rows[:-12], rows[-12:]
    alt = f"{title}: " + ", ".join(f"{i18n.month(m['month'])} {_said(m, column)}" for m in now)
    return blocks.columns(
        title,
        alt,
        [month_name(m["month"]) for m in now],
        Line(months_span(before), [month_value(m, column) for m in before]),
        Line(months_span(now), [month_value(m, column) for m in now]),
        is_count=column == "tickets",
    )


def _said(row: Row, column: str) -> str:
    return words.hours_of(row["minutes"]) if column == "minutes" else i18n.number(row["tickets"])


def _users(brief: Brief) -> Block | None:
    section = brief.sections["users"]
    said = blocks.statements(section)
    if section.is_empty:
        return blocks.said(section)
    months = brief.rows("users_by_month")
    first, last = (i18n.month(months[at]["month"]) for at in (0, -1))
    drawn = [
        Line(_("Registered"), [m["registered_users"] for m in months]),
        Line(_("Active"), [m["active_users"] for m in months], style=1),
        Line(_("Billable"), [m["invoiced_users"] for m in months], style=2),
    ]
    alt = _("Users by month: registered, active and billable, from {first} to {last}").format(
        first=first, last=last
    )
    alt = f"{alt}. {blocks.sentence(section.title.shown)}"
    chart = blocks.lines(
        _("Users at the end of each month"), alt, [i18n.month(m["month"]) for m in months], drawn
    )
    return blocks.section(section.title.shown, blocks.beside(chart, said, widths=(1.15, 1)))


def _peers(brief: Brief) -> Block | None:
    section = brief.sections["peers"]
    if section.is_empty:
        return blocks.said(section)
    rows = peers_compared(brief)
    band = label_of("user_band", rows[0]["user_band"])
    cells = []
    for row in rows:
        measure, own, median, known = peer_cells(row)
        cells.append([measure, own, median, blocks.strip(row["percentile"]), known])
    foot = _("Median: half of the customers with {band} users lie below.").format(band=band)
    mark = _("The mark shows where your company lies, from the lowest to the highest of them.")
    table = blocks.table(
        _("Among customers of the same size"),
        [
            Column(_("Last 12 months; active users: newest count"), 2.2),
            Column(_("Your company"), is_right=True),
            Column(_("Median"), is_right=True),
            Column(_("Lowest to highest")),
            Column(_("Customers compared"), is_right=True),
        ],
        cells,
        foot=f"{foot} {mark}",
    )
    return blocks.section(section.title.shown, table, blocks.statements(section))
