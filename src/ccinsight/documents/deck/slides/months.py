"""The tickets of each month, and the time spent on them."""

from __future__ import annotations

from ccinsight import i18n
from ccinsight.documents.brief.customer_tables import month_name, month_value, months_span
from ccinsight.documents.brief.model import Brief
from ccinsight.documents.deck import drawing, native_charts
from ccinsight.documents.deck.canvas import Canvas
from ccinsight.documents.deck.drawing import Paragraph
from ccinsight.documents.deck.native_charts import Series
from ccinsight.documents.deck.slides.parts import (
    message,
    start,
)
from ccinsight.i18n import _


def draw(canvas: Canvas, brief: Brief) -> None:
    """Draws tickets and hours of each month beside those of the year before; no slide without tickets."""
    section = brief.sections["months"]
    if section.is_empty:
        return
    foot = _("By calendar month, the last up to {day}.").format(day=i18n.day(brief.as_of))
    page, body = start(canvas, message(section), foot)
    over, below = body.head(0.7)
    lines = [Paragraph(each.shown) for each in section.statements]
    drawing.text(page, over, lines, (14, 13, 12, 11), gap=0.1)
    rows = brief.rows("tickets_by_month")
    before, now = rows[:-12], rows[-12:]
    names = [month_name(m["month"]) for m in now]
    drawn = [("tickets", _("Tickets opened each month")), ("minutes", _("Hours spent on them"))]
    if all(m["minutes"] is None for m in rows):
        del drawn[1]
    for box, (column, title) in zip(below.columns(*[1.0] * len(drawn)), drawn, strict=True):
        under = drawing.heading(page, box, title)
        series = [
            Series(months_span(before), [month_value(m, column) for m in before], "before"),
            Series(months_span(now), [month_value(m, column) for m in now]),
        ]
        alt = f"{title}: " + ", ".join(
            f"{i18n.month(m['month'])} {i18n.number(month_value(m, column))}" for m in now
        )
        native_charts.columns(page, under, names, series, alt)
