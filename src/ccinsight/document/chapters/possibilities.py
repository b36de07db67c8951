"""The new possibilities, the agenda, and what was agreed in this meeting."""

from __future__ import annotations

from ccinsight.brief import words
from ccinsight.brief.customer_tables import newly_opened
from ccinsight.brief.model import Brief
from ccinsight.document import blocks
from ccinsight.document.blocks import Block
from ccinsight.i18n import _


def chapter_of(brief: Brief, most: int) -> Block:
    """What could be talked about, and what was agreed."""
    points = [vars(point) for point in brief.possibilities]
    lines = blocks.texts(_agenda(brief), is_list=True)
    if not points and not brief.agreed.strip():
        return blocks.chapter(words.agenda_heading(brief.is_agenda_proposed), lines)
    agenda = blocks.section_of(words.agenda_heading(brief.is_agenda_proposed), lines)
    agreed = blocks.section_of(_("Agreed"), blocks.texts(words.lines_of(brief.agreed), is_list=True))
    return blocks.chapter(
        _("Possibilities and agenda") if points else _("Agenda"),
        blocks.beside(
            {"kind": "points", "points": points} if points else None,
            blocks.stack(agenda, agreed),
            widths=(1.25, 1),
        ),
    )


def _agenda(brief: Brief) -> list[str]:
    """The agenda; where it is proposed, of the open tickets only those that the page shows."""
    if not brief.is_agenda_proposed:
        return list(brief.agenda)
    title, rows = newly_opened(brief)
    of_all = brief.sections["open_cases"].title.text
    shown = [title if line == of_all else line for line in brief.agenda]
    return [line for line in shown if rows or line != title]
