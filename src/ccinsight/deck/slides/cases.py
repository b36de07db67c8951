"""The cases: access down, and open."""

from __future__ import annotations

from ccinsight import i18n
from ccinsight.brief import words
from ccinsight.brief.customer_tables import case
from ccinsight.brief.model import Brief
from ccinsight.deck import drawing, grids
from ccinsight.deck.canvas import Box, Canvas
from ccinsight.deck.drawing import Paragraph
from ccinsight.deck.grids import Column
from ccinsight.deck.slides.parts import (
    above_note,
    left_out,
    message,
    said,
    start,
)
from ccinsight.i18n import _


def draw(canvas: Canvas, brief: Brief) -> None:
    """Draws access-down and open cases; no slide where there are neither."""
    response, opened = brief.sections["response"], brief.sections["open_cases"]
    if response.is_empty and opened.is_empty:
        return
    title = message(opened if response.is_empty else response)
    page, body = start(canvas, title)
    left, right = body.columns(1, 1)
    below = drawing.heading(page, left, _("Access-down cases, last 12 months"))
    rows = brief.rows("access_down_tickets")
    if rows:
        drawn = grids.table(
            page,
            above_note(below, 1.4),
            [
                Column(_("Opened"), 1.2),
                Column(_("Case"), 2.6),
                Column(_("First reply after"), 1.2, is_right=True),
            ],
            [[i18n.day(r["opened_at"]), case(r), words.elapsed(r["reply_hours"])] for r in rows],
            _("Access-down cases"),
        )
        left_out(page, drawn)
        under = drawn.below.head(0.15)[1] if drawn.left_out else drawn.below
        drawing.text(page, Box(under.left, under.top, under.wide, 1.2), said(response), (14, 13, 12))
    else:
        drawing.text(
            page, below, [Paragraph(message(response), is_bullet=True), *said(response)], (14, 13, 12)
        )
    below = drawing.heading(page, right, message(opened))
    rows = brief.rows("open_tickets")
    if rows:
        drawn = grids.table(
            page,
            above_note(below),
            [Column(_("Opened"), 1.2), Column(_("Case"), 2.8), Column(_("Days open"), 0.9, is_right=True)],
            [[i18n.day(r["opened_at"]), case(r), i18n.number(r["days_open"])] for r in rows],
            _("Open tickets, oldest first"),
        )
        left_out(page, drawn)
