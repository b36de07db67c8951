"""What several slides are made of: the message, the statements, and how many rows were left out."""

from __future__ import annotations

from collections.abc import Sequence

from ccinsight.documents.brief import words
from ccinsight.documents.brief.model import Section
from ccinsight.documents.content import blocks
from ccinsight.documents.deck import drawing, grids
from ccinsight.documents.deck.canvas import Box, Canvas, Page
from ccinsight.documents.deck.drawing import Paragraph
from ccinsight.documents.deck.grids import Column
from ccinsight.i18n import _

# The height of a line of small letters, in inches.
NOTE_TALL = 0.27


def start(canvas: Canvas, title: str, foot: str = "") -> tuple[Page, Box]:
    """A slide with its message and, in small letters at the foot, what a reader must know of its figures.

    The foot names no report and no clause: a customer reads it.
    """
    page = canvas.page(title)
    box = page.box
    body = Box(box.left, box.top, box.wide, box.tall - NOTE_TALL - 0.08)
    if foot:
        drawing.note(page, Box(box.left, box.top + box.tall - NOTE_TALL, box.wide, NOTE_TALL), foot)
    return page, body


def said(*sections: Section) -> list[Paragraph]:
    """The statements of sections as bullets, as the customer reads them."""
    return [
        Paragraph(each.shown, is_bullet=True)
        for section in sections
        for each in section.statements
        if each.shown
    ]


def message(section: Section) -> str:
    """The section's message, as the customer reads it."""
    return section.title.shown


def written(text: str) -> list[Paragraph]:
    """The lines of what a person wrote, as bullets."""
    return [Paragraph(line, is_bullet=True) for line in words.lines_of(text)]


def without_unknown(
    columns: Sequence[Column], rows: Sequence[Sequence[str]]
) -> tuple[list[Column], list[list[str]]]:
    """A table's columns in which something is known, and their cells."""
    kept = [place for place in range(len(columns)) if any(row[place] != _("unknown") for row in rows)]
    return [columns[place] for place in kept], [[row[place] for place in kept] for row in rows]


def above_note(box: Box, tall: float = 0.3) -> Box:
    """A box that leaves room for a line below it."""
    return Box(box.left, box.top, box.wide, box.tall - tall)


def left_out(page: Page, drawn: grids.Drawn) -> None:
    """Under a table: how many rows there was no room for."""
    if drawn.left_out > 0:
        more(page, Box(drawn.below.left, drawn.below.top - 0.08, drawn.below.wide, NOTE_TALL), drawn.left_out)


def more(page: Page, box: Box, count: int) -> None:
    """How many rows stand in the workbook alone."""
    drawing.note(page, box, blocks.more(count))
