"""In short: the headline figures, and a line from each section."""

from __future__ import annotations

from ccinsight.documents.brief import words
from ccinsight.documents.brief.customer_tables import headline_figures
from ccinsight.documents.brief.model import Brief
from ccinsight.documents.deck import drawing
from ccinsight.documents.deck.canvas import Canvas
from ccinsight.documents.deck.cards import cards
from ccinsight.documents.deck.drawing import Paragraph
from ccinsight.documents.deck.slides.parts import (
    message,
    start,
)
from ccinsight.i18n import _

# Fewer stand on slides of their own, and a slide for them would be nearly empty.
_FEWEST_LINES = 3


def draw(canvas: Canvas, brief: Brief) -> None:
    """Draws headline figures and a line from each section; nothing where there is hardly anything to say."""
    section = brief.sections
    shown = headline_figures(brief)
    names = ("users", "months", "peers", "contacts", "response", "open_cases", "requests", "value", "renewal")
    lines = [Paragraph(said, is_bullet=True) for name in names if (said := message(section[name]))]
    if len(shown) < 2 and len(lines) < _FEWEST_LINES:
        return
    total = brief.rows("tickets_compared")[0] if "tickets_compared" in brief.tables else None
    tickets = total["tickets"] if total else 0
    if total and tickets and total["minutes"] is None:
        title = _("In short: {tickets} in the last 12 months").format(tickets=words.tickets(tickets))
    elif total and tickets:
        title = _("In short: {tickets} and {hours} of support in the last 12 months").format(
            tickets=words.tickets(tickets), hours=words.hours_of(total["minutes"])
        )
    elif total is None:
        title = _("In short")
    else:
        title = _("In short: no tickets in the last 12 months")
    page, body = start(canvas, title)
    below = body
    if len(shown) > 1:
        below = cards(page, body, shown)
    drawing.text(page, below, lines, (15, 14, 13, 12, 11), gap=0.3)
