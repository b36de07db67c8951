"""Tables on a slide: native, as tall as their rows, with columns wide enough that no figure in them is broken."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml.ns import qn
from pptx.util import Inches, Pt

from ccinsight.documents.deck import text_fit
from ccinsight.documents.deck.canvas import POINTS, Box, Page
from ccinsight.documents.deck.drawing import TEXT, describe
from ccinsight.documents.deck.xml import add

_PLAIN_TABLE = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"
_SIZES = (14.0, 13.0, 12.0, 11.0)
# Only where a figure would be broken in the others.
_SMALL = (10.0, 9.0, 8.0, 7.0, 6.0)
_MOST_LINES, _MOST_HEAD_LINES = 2, 4
_SIDE, _TOP = 0.06, 0.035
# A cell of up to so many characters with a digit in it stays on one line: ``31 Dec 2026``.
_ON_ONE_LINE = 14
# A word of a name may be broken, but not into fewer letters than these.
_LETTERS = 9


@dataclass(frozen=True)
class Column:
    """A column of a table: its heading, its part of the width, and whether it is aligned right."""

    heading: str
    part: float = 1.0
    is_right: bool = False


@dataclass(frozen=True)
class Drawn:
    """A table that was drawn: how many rows were left out, and the room below it."""

    left_out: int
    below: Box


@dataclass(frozen=True)
class Grid:
    """A table's texts, the widths of its columns and the heights of its rows in inches, at a size."""

    size: float
    wides: list[float]
    rows: list[list[str]]
    heights: list[float]

    def fitting(self, tall: float) -> int:
        """How many rows fit, the heading among them."""
        used, count = 0.0, 0
        while count < len(self.heights) and (count < 2 or used + self.heights[count] <= tall):
            used, count = used + self.heights[count], count + 1
        return count


def table(page: Page, box: Box, columns: Sequence[Column], rows: Sequence[Sequence[str]], name: str) -> Drawn:
    """A table as tall as its rows, in the largest letters in which all fit; cells take at most two lines."""
    grid = measured(columns, rows, box)
    count = grid.fitting(box.tall)
    used = sum(grid.heights[:count])
    frame = page.slide.shapes.add_table(count, len(columns), *Box(box.left, box.top, box.wide, used).emu())
    describe(frame, name, name)
    made = frame.table
    made._tbl.tblPr.find(qn("a:tableStyleId")).text = _PLAIN_TABLE
    made.horz_banding = False
    for index, wide in enumerate(grid.wides):
        made.columns[index].width = Inches(wide)
    for number in range(count):
        made.rows[number].height = Inches(grid.heights[number])
        for index, said in enumerate(grid.rows[number]):
            _fill(made.cell(number, index), said, grid.size, columns[index].is_right, is_head=number == 0)
    return Drawn(
        len(rows) + 1 - count, Box(box.left, box.top + used + 0.15, box.wide, box.tall - used - 0.15)
    )


def measured(
    columns: Sequence[Column], rows: Sequence[Sequence[str]], box: Box, most_lines: int = _MOST_LINES
) -> Grid:
    """A table as it fits: in the largest size that holds all rows, else the smallest usual one that breaks no figure.

    ``most_lines``: of a cell below the headings; a longer text is cut.
    """
    texts = [[column.heading for column in columns], *rows]
    found = [(size, _widths(columns, texts, box.wide, size)) for size in _SIZES]
    usual = [_grid(texts, wides, size, most_lines) for size, wides in found if wides]
    for grid in usual:
        if sum(grid.heights) <= box.tall:
            return grid
    if usual:
        return usual[-1]
    for size in _SMALL:
        if wides := _widths(columns, texts, box.wide, size):
            return _grid(texts, wides, size, most_lines)
    needs = [_need(column, texts, index, _SMALL[-1]) for index, column in enumerate(columns)]
    return _grid(texts, [need * box.wide / sum(needs) for need in needs], _SMALL[-1], most_lines)


def _widths(
    columns: Sequence[Column], texts: Sequence[Sequence[str]], wide: float, size: float
) -> list[float] | None:
    """The widths of the columns in inches: their parts, but none narrower than it needs; None where that can't be."""
    needs = [_need(column, texts, index, size) for index, column in enumerate(columns)]
    if sum(needs) > wide:
        return None
    whole = sum(column.part for column in columns)
    parts = [wide * column.part / whole for column in columns]
    lacking = sum(max(0.0, need - part) for need, part in zip(needs, parts, strict=True))
    spare = sum(max(0.0, part - need) for need, part in zip(needs, parts, strict=True))
    taken = lacking / spare if spare else 0.0
    return [
        need if part <= need else part - (part - need) * taken
        for need, part in zip(needs, parts, strict=True)
    ]


def _need(column: Column, texts: Sequence[Sequence[str]], index: int, size: float) -> float:
    """The least width in inches in which a column's figures and the words of its heading are whole."""
    widest = max(
        (
            text_fit.width(word, size, bold=number == 0)
            for number, row in enumerate(texts)
            for word in _unbroken(row[index], column.is_right, is_head=number == 0)
        ),
        default=0.0,
    )
    return (widest + 1.5) / POINTS + 2 * _SIDE


def _unbroken(text: str, is_right: bool, is_head: bool) -> list[str]:
    if is_head:
        return text.split(" ")
    if is_right or (text_fit.is_figure(text) and len(text) <= _ON_ONE_LINE):
        return [text]
    return [word if text_fit.is_figure(word) else word[:_LETTERS] for word in text.split(" ")]


def _grid(texts: Sequence[Sequence[str]], wides: list[float], size: float, most_lines: int) -> Grid:
    rows, heights = [], []
    for number, row in enumerate(texts):
        cells = [
            _cell(value, wide, size, _MOST_HEAD_LINES if number == 0 else most_lines, number == 0)
            for value, wide in zip(row, wides, strict=True)
        ]
        rows.append([said for said, _lines in cells])
        heights.append(max(lines for _said, lines in cells) * size * text_fit.LINE / POINTS + 2 * _TOP)
    return Grid(size, wides, rows, heights)


def _cell(value: str, wide: float, size: float, most_lines: int, is_head: bool) -> tuple[str, int]:
    room = (wide - 2 * _SIDE) * POINTS
    said = text_fit.shorten(value, size, room, most_lines, is_head)
    return said, len(text_fit.wrap(said, size, room, is_head))


def _fill(cell: Any, said: str, size: float, is_right: bool, is_head: bool) -> None:
    cell.margin_left = cell.margin_right = Inches(_SIDE)
    cell.margin_top = cell.margin_bottom = Inches(_TOP)
    cell.vertical_anchor = MSO_ANCHOR.BOTTOM if is_head else MSO_ANCHOR.TOP
    paragraph = cell.text_frame.paragraphs[0]
    paragraph.alignment = PP_ALIGN.RIGHT if is_right else PP_ALIGN.LEFT
    run = paragraph.add_run()
    run.text = said
    run.font.size, run.font.bold = Pt(size), is_head
    run.font.color.theme_color = TEXT
    _underline(cell, strong=is_head)


def _underline(cell: Any, strong: bool) -> None:
    properties = cell._tc.get_or_add_tcPr()
    line = add(properties, "a:lnB", w="12700" if strong else "6350")
    colour = add(add(line, "a:solidFill"), "a:schemeClr", val="tx1" if strong else "bg1")
    if not strong:
        add(colour, "a:lumMod", val="85000")
