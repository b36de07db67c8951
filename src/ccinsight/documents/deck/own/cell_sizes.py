"""Sets texts of a table's cells smaller where the values made the table longer than the slide has room."""

from __future__ import annotations

from collections.abc import Set
from typing import Any

from pptx.oxml.ns import qn

from ccinsight.documents.deck import text_fit
from ccinsight.documents.deck.canvas import INCH, POINTS
from ccinsight.documents.deck.own.placing import box_of, room_below
from ccinsight.documents.deck.xml import make

_SIDES, _TOPS = 2 * 91_440, 2 * 45_720
_USUAL_SIZE, _LEAST = 18.0, 8.0


def shrink_table(slide: Any, shape: Any, changed: Set[Any]) -> None:
    """Makes the cells whose text (an element of ``changed``) grew smaller, a point at a time, until the table fits."""
    table = shape.table._tbl
    cells = [cell for cell in table.iter(qn("a:tc")) if cell.find(qn("a:txBody")) in changed]
    if not cells:
        return
    room = room_below(slide, shape, box_of(slide, shape)).tall
    wides = [column.w for column in table.tblGrid.gridCol_lst]
    size = max(map(_size, cells))
    while size > _LEAST and _tall(table, wides) > room:
        size -= 1
        for cell in cells:
            _set_size(cell, size)


def _tall(table: Any, wides: list[int]) -> float:
    """The height of a table in inches, each row as tall as its longest text needs."""
    rows = (
        max(row.h / INCH, *(_needs(cell, wides[at:]) for at, cell in enumerate(row.tc_lst)))
        for row in table.tr_lst
    )
    return float(sum(rows))


def _needs(cell: Any, wides: list[int]) -> float:
    size = _size(cell)
    room = (sum(wides[: int(cell.get("gridSpan", "1"))]) - _SIDES) / INCH * POINTS
    texts = ["".join(each.text or "" for each in p.iter(qn("a:t"))) for p in cell.iter(qn("a:p"))]
    return float(text_fit.height(texts, size, room) / POINTS + _TOPS / INCH)


def _size(cell: Any) -> float:
    sizes = [int(each.get("sz")) / 100 for each in cell.iter(qn("a:rPr")) if each.get("sz")]
    return max(sizes, default=_USUAL_SIZE)


def _set_size(cell: Any, size: float) -> None:
    """At most this size for each run of a cell."""
    for run in cell.iter(qn("a:r")):
        look = run.find(qn("a:rPr"))
        if look is None:
            look = make("a:rPr")
            run.insert(0, look)
        if int(look.get("sz", "1800")) > size * 100:
            look.set("sz", str(round(size * 100)))
