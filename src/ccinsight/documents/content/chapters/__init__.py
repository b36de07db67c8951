"""The chapters of a document for the customer, one topic a file. Nothing internal is here."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ccinsight.documents.brief.model import Brief
from ccinsight.documents.content.blocks import Block
from ccinsight.documents.content.chapters import done, possibilities, questions, renewal, use

# A brief, and the most rows that a table may have.
Chapter = Callable[[Brief, int], Block]
_CHAPTERS: Sequence[Chapter] = (
    use.chapter_of,
    questions.chapter_of,
    done.chapter_of,
    renewal.chapter_of,
    possibilities.chapter_of,
)


def all_of(brief: Brief, most: int) -> list[Block]:
    """The chapters in order; one without anything to say is left out."""
    made = [chapter(brief, most) for chapter in _CHAPTERS]
    return [chapter for chapter in made if chapter["blocks"]]
