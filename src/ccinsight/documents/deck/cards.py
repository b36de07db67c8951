"""Headline figures on a slide: side by side, in rows where they are long, each whole."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.util import Inches

from ccinsight.documents.deck import text_fit
from ccinsight.documents.deck.canvas import POINTS, Box, Page
from ccinsight.documents.deck.drawing import OURS, Paragraph, soft, write

# A value and what it is, with its span.
Figure = tuple[str, str]
_SIZES = (26.0, 24.0, 22.0, 20.0, 18.0, 16.0)
# In several rows no larger than this: the text below needs the room.
_LARGEST_IN_ROWS = 20.0
_SMALL = (14.0, 12.0, 11.0, 10.0, 9.0, 8.0, 7.0)
_LABEL_SIZES = (12.0, 11.0, 10.0, 9.0, 8.0)
_SIDE, _PAD, _GAP = 0.14, 0.1, 0.16
# Cards take at most so much of the slide's region.
_MOST = 0.45
_LEAST_TALL, _MOST_LINES = 0.85, 4


@dataclass(frozen=True)
class _Look:
    """How cards are laid out: so many in a row, the sizes of value and label, the height of one in inches."""

    in_row: int
    size: float
    label_size: float
    tall: float


def cards(page: Page, box: Box, figures: Sequence[Figure], gap: float = 0.3) -> Box:
    """Draws the figures at the top of the box; gives the room below, after a gap in inches.

    All are set in one size. A value is never cut: long ones are set smaller, or stand in more rows.
    """
    look = _look(box, figures)
    rows = [figures[at : at + look.in_row] for at in range(0, len(figures), look.in_row)]
    top = box.top
    for row in rows:
        places = Box(box.left, top, box.wide, look.tall).columns(*[1.0] * look.in_row, gap=_GAP)
        for place, (value, label) in zip(places, row, strict=False):
            _draw(page, place, value, label, look)
        top += look.tall + _GAP
    used = top - _GAP + gap - box.top
    return Box(box.left, box.top + used, box.wide, box.tall - used)


def _look(box: Box, figures: Sequence[Figure]) -> _Look:
    """The first way that holds all figures whole: large before small, few rows before many."""
    ways = [look for sizes in (_SIZES, _SMALL) for look in _ways(box, figures, sizes)]
    low = [look for look in ways if _used(look, len(figures)) <= box.tall * _MOST]
    return next(iter(low or ways), _Look(1, _SMALL[-1], _LABEL_SIZES[-1], 0.5))


def _ways(box: Box, figures: Sequence[Figure], sizes: Sequence[float]) -> Iterator[_Look]:
    values, labels = zip(*figures, strict=True)
    for in_row in dict.fromkeys((len(figures), -(-len(figures) // 2), 2, 1)):
        room = ((box.wide - _GAP * (in_row - 1)) / in_row - 2 * _SIDE) * POINTS
        tried = sizes if in_row == len(figures) else [s for s in sizes if s <= _LARGEST_IN_ROWS]
        for size in tried:
            if all(text_fit.width(value, size, bold=True) <= room for value in values):
                yield from _labelled(in_row, size, labels, room, is_one_row=in_row == len(figures))


def _labelled(
    in_row: int, size: float, labels: Sequence[str], room: float, *, is_one_row: bool
) -> Iterator[_Look]:
    """The looks in which no label takes more lines than there is room for, nor has a figure broken."""
    for label_size in _LABEL_SIZES:
        lines = max(len(text_fit.wrap(label, label_size, room)) for label in labels)
        if lines <= _MOST_LINES and text_fit.holds_figures(labels, label_size, room):
            tall = (size + lines * label_size) * text_fit.LINE / POINTS + 2 * _PAD
            yield _Look(in_row, size, label_size, max(tall, _LEAST_TALL) if is_one_row else tall)


def _used(look: _Look, count: int) -> float:
    rows = -(-count // look.in_row)
    return rows * look.tall + (rows - 1) * _GAP


def _draw(page: Page, box: Box, value: str, label: str, look: _Look) -> None:
    shape = page.slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, *box.emu())
    soft(shape)
    frame = shape.text_frame
    frame.word_wrap, frame.vertical_anchor = True, MSO_ANCHOR.MIDDLE
    frame.margin_left = frame.margin_right = Inches(_SIDE)
    frame.margin_top = frame.margin_bottom = Inches(0.05)
    write(frame.paragraphs[0], Paragraph(value, is_bold=True), look.size)
    frame.paragraphs[0].runs[0].font.color.theme_color = OURS
    write(frame.add_paragraph(), Paragraph(label, is_muted=True), look.label_size)
    for paragraph in frame.paragraphs:
        paragraph.alignment = PP_ALIGN.LEFT
