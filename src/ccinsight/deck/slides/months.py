"""The tickets of each month, and the time spent on them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from ccinsight import i18n
from ccinsight.brief.model import Brief, Row
from ccinsight.deck import drawing, native_charts
from ccinsight.deck.canvas import Canvas
from ccinsight.deck.drawing import Paragraph
from ccinsight.deck.native_charts import Series
from ccinsight.deck.slides.parts import (
    message,
    start,
)
from ccinsight.i18n import _


def draw(canvas: Canvas, brief: Brief) -> None:
    """Draws tickets and hours of each month beside those of the year before."""
    section = brief.sections["months"]
    foot = _("By calendar month, the last up to {day}.").format(day=i18n.day(brief.as_of))
    page, body = start(canvas, message(section), foot)
    if section.is_empty:
        drawing.empty(page, body, _("No tickets in 24 months."))
        return
    over, below = body.head(0.7)
    drawing.text(page, over, [Paragraph(each.text) for each in section.statements], (14, 13, 12, 11), gap=0.1)
    rows = brief.rows("tickets_by_month")
    before, now = rows[:-12], rows[-12:]
    names = [_month_name(m["month"]) for m in now]
    for box, column, title, form in zip(
        below.columns(1, 1),
        ("tickets", "minutes"),
        (_("Tickets opened each month"), _("Hours spent on them")),
        ("#,##0", "#,##0"),
        strict=True,
    ):
        under = drawing.heading(page, box, title)
        series = [
            Series(_span(before), [_amount(m, column) for m in before], "before"),
            Series(_span(now), [_amount(m, column) for m in now]),
        ]
        alt = f"{title}: " + ", ".join(
            f"{i18n.month(m['month'])} {i18n.number(_amount(m, column))}" for m in now
        )
        if any(value is not None for each in series for value in each.values):
            native_charts.columns(page, under, names, series, alt, form)
        else:
            drawing.empty(page, under, _("Unknown: the tickets carry no minutes."))


def _amount(row: Row, column: str) -> float | None:
    value: float | None = row[column]
    if value is None:
        return None
    return value / 60 if column == "minutes" else value


def _month_name(month: date) -> str:
    """``nov``: the year is in the legend."""
    return i18n.month(month).replace(f" {month.year}", "").rstrip(".")


def _span(rows: Sequence[Row]) -> str:
    return f"{i18n.month(rows[0]['month'])} – {i18n.month(rows[-1]['month'])}"
