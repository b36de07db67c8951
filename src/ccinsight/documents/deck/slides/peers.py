"""The customer among customers of the same size."""

from __future__ import annotations

from ccinsight.documents.brief.customer_tables import SHARES, peer_cells, peers_compared
from ccinsight.documents.brief.model import Brief
from ccinsight.documents.deck import drawing, grids, native_charts
from ccinsight.documents.deck.canvas import Canvas
from ccinsight.documents.deck.grids import Column
from ccinsight.documents.deck.native_charts import Series
from ccinsight.documents.deck.slides.parts import (
    message,
    said,
    start,
)
from ccinsight.i18n import _
from ccinsight.registry import label_of


def draw(canvas: Canvas, brief: Brief) -> None:
    """Draws the customer beside the median of its size (R11); no slide where too few can be compared with."""
    section = brief.sections["peers"]
    if section.is_empty:
        return
    rows = peers_compared(brief)
    band = label_of("user_band", rows[0]["user_band"])
    foot = _("Median: half of the customers with {band} users lie below.").format(band=band)
    page, body = start(canvas, message(section), foot)
    left, right = body.columns(7, 4.8)
    drawn = grids.table(
        page,
        left,
        [
            Column(_("Last 12 months; active users: newest count"), 3.2),
            Column(_("Your company"), 1, is_right=True),
            Column(_("Median"), 1, is_right=True),
            Column(_("Customers compared"), 1.2, is_right=True),
        ],
        [peer_cells(r) for r in rows],
        _("Among customers of the same size"),
    )
    drawing.text(page, drawn.below, said(section), (14, 13, 12))
    per_user = [r for r in rows if r["measure"] not in SHARES and r["own_value"] is not None]
    under = drawing.heading(page, right, _("Per registered user, last 12 months"))
    names = [label_of("peer_measure", r["measure"]) for r in per_user]
    alt = f"{message(section)}."
    series = [
        Series(_("Your company"), [r["own_value"] for r in per_user]),
        Series(
            _("Median with {band} users").format(band=band), [r["median_value"] for r in per_user], "before"
        ),
    ]
    native_charts.columns(page, under, names, series, alt, "0.0")
