"""The tickets by category, scope and channel."""

from __future__ import annotations

from ccinsight import i18n
from ccinsight.documents.brief import words
from ccinsight.documents.brief.customer_tables import group_cells
from ccinsight.documents.brief.model import Brief
from ccinsight.documents.deck import drawing, grids, native_charts
from ccinsight.documents.deck.canvas import Box, Canvas
from ccinsight.documents.deck.grids import Column
from ccinsight.documents.deck.native_charts import Series
from ccinsight.documents.deck.slides.parts import (
    NOTE_TALL,
    above_note,
    left_out,
    message,
    more,
    start,
)
from ccinsight.i18n import _
from ccinsight.registry import label_of

_MOST_CATEGORIES = 8


def draw(canvas: Canvas, brief: Brief) -> None:
    """Draws tickets by category, scope and channel; no slide without tickets in the last 12 months."""
    section = brief.sections["groups"]
    if section.is_empty:
        return
    page, body = start(canvas, message(section))
    rows = brief.rows("tickets_compared")
    left, right = body.columns(6.3, 5.5)
    categories = [r for r in rows if r["dimension"] == "category"]
    shown = categories[:_MOST_CATEGORIES]
    below = drawing.heading(page, left, _("Tickets by category"))
    chart = Box(below.left, below.top, below.wide, below.tall - (0.3 if len(categories) > len(shown) else 0))
    names = [words.member_label("category", r["member"]) for r in shown]
    alt = (
        _("Tickets by category")
        + ": "
        + ", ".join(f"{name} {i18n.number(r['tickets'])}" for name, r in zip(names, shown, strict=True))
    )
    series = [
        Series(_("Last 12 months"), [r["tickets"] for r in shown]),
        Series(_("Year before"), [r["tickets_before"] for r in shown], "before"),
    ]
    native_charts.bars(page, chart, names, series, alt)
    if len(categories) > len(shown):
        more(
            page,
            Box(below.left, below.top + below.tall - NOTE_TALL, below.wide, NOTE_TALL),
            len(categories) - len(shown),
        )
    below = drawing.heading(page, right, _("Tickets and hours, last 12 months and the year before"))
    for dimension, part in (("scope", 0.45), ("channel", 1.0)):
        drawn = grids.table(
            page,
            above_note(Box(below.left, below.top, below.wide, below.tall * part)),
            [
                Column(label_of("dimension", dimension), 2.0),
                Column(_("Tickets"), 1, is_right=True),
                Column(_("year before"), 1.1, is_right=True),
                Column(_("Hours"), 1, is_right=True),
                Column(_("year before"), 1.1, is_right=True),
            ],
            [group_cells(r) for r in rows if r["dimension"] == dimension],
            label_of("dimension", dimension),
        )
        left_out(page, drawn)
        bottom = drawn.below.top + (0.25 if drawn.left_out > 0 else 0.15)
        below = Box(below.left, bottom, below.wide, below.top + below.tall - bottom)
