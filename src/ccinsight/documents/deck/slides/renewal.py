"""The agreement's dates and its next renewal."""

from __future__ import annotations

from ccinsight.documents.brief.customer_tables import in_force, period_marks, renewal_cells
from ccinsight.documents.brief.model import Brief
from ccinsight.documents.deck import drawing, grids, timeline
from ccinsight.documents.deck.canvas import Box, Canvas
from ccinsight.documents.deck.grids import Column
from ccinsight.documents.deck.slides.parts import (
    above_note,
    left_out,
    message,
    said,
    start,
    without_unknown,
)
from ccinsight.i18n import _


def draw(canvas: Canvas, brief: Brief) -> None:
    """Draws the dates of the first agreement in force, and each agreement's renewal (R2, R3, R6).

    No slide without an agreement in force: the summary says when it ended, or starts.
    """
    section = brief.sections["renewal"]
    rows = in_force(brief)
    if not rows:
        return
    page, body = start(canvas, message(section))
    named = _("Agreement {agreement}, {product}").format(
        agreement=rows[0]["agreement_id"], product=rows[0]["product"]
    )
    over, below = drawing.heading(page, body, named).head(timeline.TALL, gap=0.07)
    timeline.draw(page, over, period_marks(rows[0], brief.as_of))
    coming = {r["agreement_id"]: r for r in brief.rows("renewals")}
    columns, cells = without_unknown(
        [
            Column(_("Agreement"), 1.2),
            Column(_("Renewal"), 1.1),
            Column(_("Status"), 1),
            Column(_("Users now"), 0.8, is_right=True),
            Column(_("Price per user now"), 1.1, is_right=True),
            Column(_("Users from renewal"), 1, is_right=True),
            Column(_("Price per user from renewal"), 1.2, is_right=True),
            Column(_("Value a year from renewal"), 1.3, is_right=True),
        ],
        [renewal_cells(r, coming.get(r["agreement_id"])) for r in rows],
    )
    drawn = grids.table(page, above_note(below, 1.3), columns, cells, _("Renewal of each agreement"))
    left_out(page, drawn)
    top = drawn.below.top + (0.2 if drawn.left_out else 0.05)
    under = Box(below.left, top, below.wide, below.top + below.tall - top)
    drawing.text(page, under, said(section), (15, 14, 13, 12, 11))
