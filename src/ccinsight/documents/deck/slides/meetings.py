"""The meetings held and planned, and what was agreed last time."""

from __future__ import annotations

from ccinsight import i18n
from ccinsight.documents.brief import words
from ccinsight.documents.brief.customer_tables import meeting_rows
from ccinsight.documents.brief.model import Brief
from ccinsight.documents.deck import drawing, grids
from ccinsight.documents.deck.canvas import Canvas
from ccinsight.documents.deck.grids import Column
from ccinsight.documents.deck.slides.parts import (
    above_note,
    left_out,
    message,
    start,
    written,
)
from ccinsight.i18n import _


def draw(canvas: Canvas, brief: Brief) -> None:
    """Draws the meetings since the last status meeting, and what was agreed then; no slide where there is less."""
    section = brief.sections["meetings"]
    rows, agreed = meeting_rows(brief), written(brief.agreed_last_time)
    if len(rows) < 2 and not agreed:
        return
    page, body = start(canvas, message(section))
    left, right = body.columns(6.2, 5.4) if rows and agreed else (body, body)
    if rows:
        below = drawing.heading(
            page, left, _("Held and planned since {day}").format(day=i18n.day(brief.since))
        )
        drawn = grids.table(
            page,
            above_note(below),
            [Column(_("Meeting"), 2), Column(_("Planned"), 1.4), Column(_("Held"), 1.4)],
            rows,
            _("Meetings, courses and workshops"),
        )
        left_out(page, drawn)
    if agreed:
        below = drawing.heading(page, right, words.agreed_heading(brief.agreed_last_time_on))
        drawing.text(page, below, agreed)
