"""What the agreement gave."""

from __future__ import annotations

from ccinsight import i18n
from ccinsight.documents.brief.customer_tables import value_rows, yearly_values
from ccinsight.documents.brief.model import Brief
from ccinsight.documents.deck import drawing, grids
from ccinsight.documents.deck.canvas import Canvas
from ccinsight.documents.deck.cards import cards
from ccinsight.documents.deck.drawing import Paragraph
from ccinsight.documents.deck.grids import Column
from ccinsight.documents.deck.slides.parts import (
    message,
    said,
    start,
)
from ccinsight.i18n import _


def draw(canvas: Canvas, brief: Brief) -> None:
    """Draws hours covered and discounts given, in kr without VAT (A1, A8); no slide where neither is known."""
    section = brief.sections["value"]
    if not message(section):
        return
    page, body = start(canvas, message(section))
    row = brief.rows("agreement_use")[0]
    discounts = brief.rows("consulting")
    total = discounts[0]["discount_value"] if discounts else None
    shown = [
        (i18n.hours(row["included_hours"]), _("of support covered by the yearly price, last 12 months")),
        (i18n.amount(row["hour_discount"]), _("discount on consulting hours, last 12 months")),
        (i18n.amount(row["seat_discount"]), _("discount on courses, last 12 months")),
        (i18n.amount(total), _("discount in all, last 12 months")),
    ]
    known = [(value, label) for value, label in shown if value != _("unknown")]
    below = cards(page, body, known) if len(known) > 1 else body
    left, right = below.columns(6.4, 5.4)
    grids.table(
        page,
        left,
        [Column(_("Last 12 months"), 2.6), Column(_("Quantity"), 1.2, is_right=True)],
        value_rows(brief),
        _("What the agreement gave"),
    )
    lines = [Paragraph(line, is_bullet=True) for line in yearly_values(brief)]
    drawing.text(page, right, [*lines, *said(section), Paragraph(_("Amounts without VAT."), is_muted=True)])
