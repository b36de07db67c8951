"""What could be talked about, and the agenda."""

from __future__ import annotations

from ccinsight import i18n
from ccinsight.documents.brief import words
from ccinsight.documents.brief.model import MOST_ON_A_SLIDE, Brief
from ccinsight.documents.deck import drawing
from ccinsight.documents.deck.canvas import Canvas
from ccinsight.documents.deck.drawing import Paragraph
from ccinsight.documents.deck.slides.parts import (
    start,
    written,
)
from ccinsight.i18n import _, ngettext


def draw(canvas: Canvas, brief: Brief) -> None:
    """Draws the new possibilities, the agenda and what was agreed."""
    shown = brief.possibilities[:MOST_ON_A_SLIDE]
    title = (
        _("Possibilities to talk about: {first}").format(first=shown[0].title)
        if shown
        else ngettext(
            "For the meeting: {count} point", "For the meeting: {count} points", len(brief.agenda)
        ).format(count=i18n.number(len(brief.agenda)))
    )
    page, body = start(canvas, title)
    left, right = body.columns(6.4, 5.4) if shown else (None, body)
    if left is not None:
        below = drawing.heading(page, left, _("New possibilities"))
        paragraphs = [
            paragraph
            for point in shown
            for paragraph in (Paragraph(point.title, is_bold=True), Paragraph(point.text, is_muted=True))
        ]
        drawing.text(page, below, paragraphs, (14, 13, 12, 11), gap=0.25)
    below = drawing.heading(page, right, words.agenda_heading(brief.is_agenda_proposed))
    agreed = _headed(_("Agreed"), brief.agreed)
    over, under = below.rows(1.4, 1) if agreed else (below, below)
    drawing.text(page, over, [Paragraph(line, is_bullet=True) for line in brief.agenda], (15, 14, 13, 12, 11))
    drawing.text(page, under, agreed, (15, 14, 13, 12, 11))


def _headed(heading: str, text: str) -> list[Paragraph]:
    return [Paragraph(heading, is_bold=True), *written(text)] if text.strip() else []
