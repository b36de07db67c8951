"""The cases: access down, and those opened in the last three months that are open."""

from __future__ import annotations

from collections.abc import Sequence

from ccinsight import i18n
from ccinsight.documents.brief import words
from ccinsight.documents.brief.customer_tables import case, newly_opened
from ccinsight.documents.brief.model import Brief, Row
from ccinsight.documents.deck import drawing, grids
from ccinsight.documents.deck.canvas import Box, Canvas, Page
from ccinsight.documents.deck.drawing import Paragraph
from ccinsight.documents.deck.grids import Column
from ccinsight.documents.deck.slides.parts import (
    above_note,
    left_out,
    message,
    said,
    start,
)
from ccinsight.i18n import _


def draw(canvas: Canvas, brief: Brief) -> None:
    """Draws access-down cases beside newly opened ones, or one of them alone; no slide where there are neither."""
    response = brief.sections["response"]
    title, opened = newly_opened(brief)
    if response.is_empty and not opened:
        return
    page, body = start(canvas, title if response.is_empty else message(response))
    if response.is_empty:
        below = _draw_open(page, drawing.heading(page, body, _("Open tickets, oldest first")), opened)
        drawing.text(page, below, [Paragraph(message(response), is_bullet=True)], (14, 13, 12))
    elif opened:
        left, right = body.columns(1, 1)
        _draw_down(page, left, brief)
        _draw_open(page, drawing.heading(page, right, title), opened)
    else:
        _draw_down(page, body, brief, Paragraph(title, is_bullet=True))


def _draw_down(page: Page, box: Box, brief: Brief, *more: Paragraph) -> None:
    below = drawing.heading(page, box, _("Access-down cases, last 12 months"))
    drawn = grids.table(
        page,
        above_note(below, 1.4),
        [
            Column(_("Opened"), 1.2),
            Column(_("Case"), 2.6),
            Column(_("First reply after"), 1.2, is_right=True),
        ],
        [
            [i18n.day(r["opened_at"]), case(r), words.elapsed(r["reply_hours"])]
            for r in brief.rows("access_down_tickets")
        ],
        _("Access-down cases"),
    )
    left_out(page, drawn)
    under = drawn.below.head(0.15)[1] if drawn.left_out else drawn.below
    lines = [*said(brief.sections["response"]), *more]
    drawing.text(page, Box(under.left, under.top, under.wide, 1.2), lines, (14, 13, 12))


def _draw_open(page: Page, box: Box, rows: Sequence[Row]) -> Box:
    drawn = grids.table(
        page,
        above_note(box, 0.6),
        [Column(_("Opened"), 1.2), Column(_("Case"), 2.8), Column(_("Days open"), 0.9, is_right=True)],
        [[i18n.day(r["opened_at"]), case(r), i18n.number(r["days_open"])] for r in rows],
        _("Open tickets, oldest first"),
    )
    left_out(page, drawn)
    return drawn.below.head(0.2)[1] if drawn.left_out else drawn.below
