"""The review as a deck for management, marked as internal on every slide; its figures are those of the page Review."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from ccinsight.documents.deck.canvas import Canvas
from ccinsight.documents.deck.template_file import TemplateFile
from ccinsight.documents.quarter import words
from ccinsight.documents.quarter.slides import movements, renewals, retention, risks, summary
from ccinsight.documents.quarter.source import Quarter
from ccinsight.i18n import _
from ccinsight.printable import printable
from ccinsight.settings.model import Deck

_SLIDES: tuple[Callable[[Canvas, Quarter], None], ...] = (
    summary.in_short,
    movements.movements,
    movements.behind,
    movements.revenue_compared,
    movements.others_compared,
    retention.lost_and_new,
    retention.reasons,
    renewals.renewals,
    risks.risks,
    risks.leakage,
    renewals.forecast,
)


def write_deck(quarter: Quarter, look: Deck, template: Path | TemplateFile | None) -> bytes:
    """The deck as a .pptx file in the language in use. Raises CcinsightError that says what the template lacks."""
    said = [printable(line) for line in words.facts(quarter.period, quarter.filters)]
    canvas = Canvas(look, template, " · ".join([said[0], said[2], quarter.period.label(), said[3]]))
    title = _("Review: {period}").format(period=quarter.period.label())
    canvas.title_slide(title, said)
    for slide in _SLIDES:
        slide(canvas, quarter)
    canvas.set_properties(f"{title} · {said[0]}", printable(look.partner or ""))
    return canvas.bytes()
