"""In short: the headline figures, and a line from each part."""

from __future__ import annotations

from ccinsight import i18n
from ccinsight.charts.text import signed_amount
from ccinsight.documents.deck import drawing
from ccinsight.documents.deck.canvas import Canvas
from ccinsight.documents.deck.cards import cards
from ccinsight.documents.deck.drawing import Paragraph
from ccinsight.documents.quarter import figures, words
from ccinsight.documents.quarter.slides.parts import (
    label,
    moves,
    shown_value,
    start,
)
from ccinsight.documents.quarter.slides.renewals import renewed
from ccinsight.documents.quarter.slides.risks import leak_title, risk_title
from ccinsight.documents.quarter.source import Quarter
from ccinsight.i18n import _, ngettext

_ON_CARDS = ("committed_arr", "nrr", "grr", "logo_churn", "lost_customers")


def in_short(canvas: Canvas, quarter: Quarter) -> None:
    """The headline figures, and a line from each part."""
    page, body = start(canvas, quarter, words.headline(quarter.reviewed))
    values, shown = quarter.values[0], figures.columns()
    last = i18n.day(quarter.period.last)
    spans = {"lost_customers": quarter.period.label()}
    drawn = [
        (shown_value(shown[name], values[name]), f"{_(shown[name].label)}, {spans.get(name, last)}")
        for name in _ON_CARDS
    ]
    below = cards(page, body, drawn)
    points = [
        _moved(quarter),
        _retained(quarter),
        renewed(quarter),
        risk_title(quarter),
        leak_title(quarter),
    ]
    drawing.text(page, below, [Paragraph(line, is_bullet=True) for line in points], (16, 15, 14, 13, 12), 0.4)


def _moved(quarter: Quarter) -> str:
    moved = moves(quarter)
    if not moved:
        return _("Nothing moved the revenue in this period.")
    parts = ", ".join(f"{label(name)} {signed_amount(value)}" for name, value in moved.items())
    return _("What moved the revenue: {parts}.").format(parts=parts)


def _retained(quarter: Quarter) -> str:
    new, gone = quarter.reviewed.new["customer_id"].nunique(), quarter.reviewed.lost_customers
    came = ngettext("{count} customer came", "{count} customers came", new).format(count=i18n.number(new))
    left = ngettext("{count} was lost", "{count} were lost", gone).format(count=i18n.number(gone))
    return _("{came}, {left} in the period.").format(came=came, left=left)
