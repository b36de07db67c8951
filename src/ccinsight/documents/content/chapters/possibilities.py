"""The new possibilities, the agenda, and what was agreed in this meeting."""

from __future__ import annotations

from ccinsight.documents.brief import words
from ccinsight.documents.brief.model import Brief
from ccinsight.documents.content import blocks
from ccinsight.documents.content.blocks import Block
from ccinsight.i18n import _


def chapter_of(brief: Brief, most: int) -> Block:
    """What could be talked about, and what was agreed."""
    points = [vars(point) for point in brief.possibilities]
    lines = blocks.texts(brief.agenda, is_list=True)
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
