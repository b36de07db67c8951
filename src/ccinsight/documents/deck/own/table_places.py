"""Tables in a deck of one's own: the template's filled from a cell on, or one in the place of a shape."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pptx.enum.text import PP_ALIGN
from pptx.oxml import parse_xml
from pptx.oxml.ns import qn
from pptx.util import Inches, Pt

from ccinsight import i18n
from ccinsight.documents.content import blocks
from ccinsight.documents.deck import text_fit
from ccinsight.documents.deck.canvas import INCH, POINTS
from ccinsight.documents.deck.drawing import describe
from ccinsight.documents.deck.grids import measured
from ccinsight.documents.deck.own.facts import Facts
from ccinsight.documents.deck.own.placing import box_of, newest, room_below, room_beside, say_in, take_place
from ccinsight.documents.deck.own.reading import TABLES, Place, text_of
from ccinsight.documents.deck.xml import add

_SIZES = (16.0, 14.0, 13.0, 12.0, 11.0, 10.0, 9.0, 8.0, 7.0, 6.0)
_MOST_LINES = 6
# A table that is smaller takes the free room to its right.
_LEGIBLE = 11.0
# What PowerPoint takes where neither the run nor the table's style says it, in points and in EMU.
_USUAL_SIZE, _USUAL_SIDE, _USUAL_TOP = 18.0, 91_440, 45_720
_MEDIUM_STYLE = "{5C22544A-7EE6-4342-B048-85BDC9FD1C3A}"


# ---------------------------------------------------------------- in the place of a shape


def draw(place: Place, facts: Facts) -> None:
    """Puts a table in the template's own table style in the place of a shape; words where it has no rows."""
    token = TABLES[place.token]
    rows, heads = token.rows(facts), token.heads()
    if not rows:
        say_in(place.shape.text_frame._txBody, i18n.gettext(token.empty))
        return
    box = room_below(place.slide, place.shape, box_of(place.slide, place.shape))
    grid = measured(heads, rows, box, _MOST_LINES)
    if grid.size < _LEGIBLE:
        box = room_beside(place.slide, place.shape, box)
        grid = measured(heads, rows, box, _MOST_LINES)
    count = grid.fitting(box.tall)
    texts = grid.rows[:count]
    if count <= len(rows):
        count = max(2, grid.fitting(box.tall - grid.heights[0]))
        texts = [*grid.rows[:count], [blocks.more(len(rows) + 1 - count), *[""] * (len(heads) - 1)]]
    frame = place.slide.shapes.add_table(len(texts), len(heads), *box.emu())
    describe(frame, token.title(), token.title())
    table = frame.table
    table._tbl.tblPr.find(qn("a:tableStyleId")).text = _style_of(place.slide)
    for index, wide in enumerate(grid.wides):
        table.columns[index].width = Inches(wide)
    for number, row in enumerate(texts):
        tall = grid.heights[number] if number < count else grid.size * text_fit.LINE / POINTS + 0.07
        table.rows[number].height = Inches(tall)
        for index, said in enumerate(row):
            _write(table.cell(number, index), said, grid.size, heads[index].is_right)
    frame.height = sum(row.height for row in table.rows)
    if len(texts) > count:
        _span(list(table._tbl.tr_lst[-1].tc_lst))
    take_place(newest(place.slide)._element, place.shape)


def _style_of(slide: Any) -> str:
    """The table style that the template takes for a new table."""
    for rel in slide.part.package.presentation_part.rels.values():
        if rel.reltype.endswith("/tableStyles"):
            return str(parse_xml(rel.target_part.blob).get("def") or _MEDIUM_STYLE)
    return _MEDIUM_STYLE


def _write(cell: Any, said: str, size: float, is_right: bool) -> None:
    cell.margin_left = cell.margin_right = Inches(0.06)
    cell.margin_top = cell.margin_bottom = Inches(0.035)
    paragraph = cell.text_frame.paragraphs[0]
    paragraph.alignment = PP_ALIGN.RIGHT if is_right else PP_ALIGN.LEFT
    run = paragraph.add_run()
    run.text, run.font.size = said, Pt(size)


def _span(cells: Sequence[Any]) -> None:
    """Makes a row's cells one."""
    if len(cells) > 1 and not any(cell.get("gridSpan") or cell.get("hMerge") for cell in cells):
        cells[0].set("gridSpan", str(len(cells)))
        for cell in cells[1:]:
            cell.set("hMerge", "1")


# ---------------------------------------------------------------- the template's own


@dataclass(frozen=True)
class _Widths:
    """The room for text in each column, in points, and the size that the text has."""

    rooms: Sequence[float]
    size: float

    def lines(self, row: Sequence[str]) -> int:
        """The lines that the row's tallest cell takes."""
        cells = zip(row, self.rooms, strict=True)
        return max(len(text_fit.wrap(said, self.size, room)) for said, room in cells)

    def shortened(self, row: Sequence[str]) -> list[str]:
        """The row, with texts that are far too long cut."""
        cells = zip(row, self.rooms, strict=True)
        return [text_fit.shorten(said, self.size, room, _MOST_LINES) for said, room in cells]


def fill(place: Place, facts: Facts) -> None:
    """Fills the template's table from the token's cell on: a row for each, in the look of the token's own row.

    In the first row the headings are written, and the rows below take the look of the second. Rows below without a
    text are given up; those with one stay at the end. Where none is without, the look is that of a row with
    texts, which aren't repeated.
    """
    token, table = TABLES[place.token], place.shape.table
    rows, heads = token.rows(facts), token.heads()
    trs = list(table._tbl.tr_lst)
    if not rows:
        say_in(trs[place.row].tc_lst[place.column], i18n.gettext(token.empty))
        return
    start = place.row
    if start == 0:
        _say(_cells(trs[0], place.column), [head.heading for head in heads])
        start = 1
    empty = [tr for tr in trs[start:] if tr is trs[place.row] or not _text(tr)]
    patterns = empty[:2] or [_without_texts(trs[:2][-1])]
    kept = [tr for tr in trs if tr not in empty]
    anchor = trs[start - 1]
    made = _rows(place, patterns, rows, kept)
    for tr in empty:
        table._tbl.remove(tr)
    for tr in made:
        anchor.addnext(tr)
        anchor = tr
    place.shape.height = sum(row.height for row in table.rows)


def _without_texts(tr: Any) -> Any:
    """A copy of a row with empty cells in their look."""
    pattern = copy.deepcopy(tr)
    _say(pattern.tc_lst, [""] * len(pattern.tc_lst))
    return pattern


def _rows(
    place: Place, patterns: Sequence[Any], rows: Sequence[Sequence[str]], kept: Sequence[Any]
) -> list[Any]:
    """The new rows: as many as there is room for, and how many more there are."""
    cells = _cells(patterns[0], place.column)
    shown = [list(row[: len(cells)]) for row in rows]
    widths = _widths(place, cells, shown)
    shown = [widths.shortened(row) for row in shown]
    box = room_below(place.slide, place.shape, box_of(place.slide, place.shape))
    room = box.tall - sum(tr.h for tr in kept) / INCH
    least = patterns[0].h / INCH
    line = widths.size * text_fit.LINE / POINTS
    padding = 2 * _USUAL_TOP / INCH
    talls = [max(least, widths.lines(row) * line + padding) for row in shown]
    count = _fitting(talls, room)
    if count < len(rows):
        count = max(1, _fitting(talls, room - max(talls[0], line + padding)))
    made = []
    for number, row in enumerate(shown[:count]):
        made.append(_copy(patterns[number % len(patterns)], place.column, row, widths.size, talls[number]))
    if count < len(rows):
        last = [blocks.more(len(rows) - count), *[""] * (len(cells) - 1)]
        made.append(_copy(patterns[count % len(patterns)], place.column, last, widths.size, line + padding))
        _span(_cells(made[-1], place.column)[: len(shown[0])])
    return made


def _fitting(talls: Sequence[float], room: float) -> int:
    used, count = 0.0, 0
    while count < len(talls) and used + talls[count] <= room + 0.01:
        used, count = used + talls[count], count + 1
    return count


def _widths(place: Place, cells: Sequence[Any], rows: Sequence[Sequence[str]]) -> _Widths:
    """The columns in the template's size of text, or a smaller one where a figure would be broken."""
    own = _size(cells[0])
    columns = list(place.shape.table.columns)[place.column :]
    sides = [int(_properties(cell, "marL")) + int(_properties(cell, "marR")) for cell in cells]
    rooms = [(column.width - side) / INCH * POINTS for column, side in zip(columns, sides, strict=False)][
        : len(rows[0])
    ]
    sizes = [own, *(size for size in _SIZES if size < own)]
    for size in sizes:
        if all(
            text_fit.holds_figures([row[index] for row in rows], size, room)
            for index, room in enumerate(rooms)
        ):
            return _Widths(rooms, size)
    return _Widths(rooms, sizes[-1])


def _properties(cell: Any, name: str) -> str:
    properties = cell.find(qn("a:tcPr"))
    return (properties.get(name) if properties is not None else None) or str(_USUAL_SIDE)


def _size(cell: Any) -> float:
    """The size of a cell's text in points."""
    for each in cell.iter(qn("a:rPr"), qn("a:endParaRPr"), qn("a:defRPr")):
        if each.get("sz"):
            return int(each.get("sz")) / 100
    return _USUAL_SIZE


def _cells(tr: Any, column: int) -> list[Any]:
    return list(tr.tc_lst)[column:]


def _text(tr: Any) -> str:
    return "".join(text_of(each) for each in tr.iter(qn("a:p"))).strip()


def _copy(pattern: Any, column: int, texts: Sequence[str], size: float, tall: float) -> Any:
    tr = copy.deepcopy(pattern)
    for extensions in tr.findall(qn("a:extLst")):  # the row's own number
        tr.remove(extensions)
    tr.set("h", str(round(tall * INCH)))
    _say(_cells(tr, column), texts, size)
    return tr


def _say(cells: Sequence[Any], texts: Sequence[str], size: float | None = None) -> None:
    """Writes texts into cells, in the look of each cell's first run."""
    for cell, said in zip(cells, texts, strict=False):
        body = cell.get_or_add_txBody()
        first, *others = body.findall(qn("a:p"))
        for each in others:
            body.remove(each)
        looks = [*first.iter(qn("a:rPr")), *first.iter(qn("a:endParaRPr"))]
        look = copy.deepcopy(looks[0]) if looks else None
        for child in list(first):
            if child.tag != qn("a:pPr"):
                first.remove(child)
        run = add(first, "a:r")
        if look is not None:
            look.tag = qn("a:rPr")
            run.append(look)
        if size is not None and size != _size(cell):
            (look if look is not None else add(run, "a:rPr")).set("sz", str(round(size * 100)))
        add(run, "a:t").text = said
