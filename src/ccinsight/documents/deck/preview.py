"""What stands on the slides of a finished deck, for a preview that needs no office program.

It is read from the file itself, so that a preview shows what leaves and nothing else.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from pptx import Presentation
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.oxml.ns import qn

from ccinsight import i18n

_AROUND = (PP_PLACEHOLDER.DATE, PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.SLIDE_NUMBER)
# Day 0 of a spreadsheet's dates.
_FIRST_DAY = date(1899, 12, 30)


@dataclass(frozen=True)
class Line:
    """A paragraph."""

    text: str
    is_bullet: bool = False
    is_bold: bool = False


@dataclass(frozen=True)
class Grid:
    """A table: its rows, the heading first."""

    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Picture:
    """A chart: the text that describes it, and its numbers with the series as columns."""

    text: str
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Slide:
    """A slide: its message, and its parts in the order they were drawn."""

    title: str
    parts: tuple[Line | Grid | Picture, ...]


def read_slides(deck: bytes) -> list[Slide]:
    """The slides of a .pptx file, without footers and page numbers."""
    return [_slide(slide) for slide in Presentation(io.BytesIO(deck)).slides]


def _slide(slide: Any) -> Slide:
    heading = slide.shapes.title
    others = (shape for shape in slide.shapes if heading is None or shape.shape_id != heading.shape_id)
    title = heading.text_frame.text if heading is not None else ""
    return Slide(title, tuple(part for shape in others for part in _parts(shape)))


def _parts(shape: Any) -> Iterator[Line | Grid | Picture]:
    if shape.is_placeholder and shape.placeholder_format.type in _AROUND:
        return
    if hasattr(shape, "shapes"):
        for each in shape.shapes:
            yield from _parts(each)
    elif shape.has_table:
        yield Grid(tuple(tuple(cell.text for cell in row.cells) for row in shape.table.rows))
    elif shape.has_chart:
        yield Picture(shape._element.nvGraphicFramePr.cNvPr.get("descr") or "", _numbers(shape.chart))
    elif shape.has_text_frame:
        yield from (_line(each) for each in shape.text_frame.paragraphs if each.text.strip())


def _line(paragraph: Any) -> Line:
    properties = paragraph._p.find(qn("a:pPr"))
    is_bullet = properties is not None and properties.find(qn("a:buChar")) is not None
    return Line(paragraph.text, is_bullet, any(run.font.bold for run in paragraph.runs))


def _numbers(chart: Any) -> tuple[tuple[str, ...], ...]:
    plot = next(iter(chart.plots), None)
    if plot is None:
        return ()
    series = list(plot.series)
    names = tuple(str(each.name) for each in series)
    values = zip(*(each.values for each in series), strict=True)
    is_monthly = chart._chartSpace.find(".//" + qn("c:dateAx")) is not None
    labels = [_month(str(each)) if is_monthly else str(each) for each in plot.categories]
    rows = ((label, *map(_number, row)) for label, row in zip(labels, values, strict=False))
    return (("", *names), *rows)


def _month(serial: str) -> str:
    """A category of a date axis: the file has it as a day's number. A template's own may be a text."""
    if not serial.replace(".", "", 1).isdigit():
        return serial
    return i18n.month(_FIRST_DAY + timedelta(days=int(float(serial))))


def _number(value: float | None) -> str:
    if value is None:
        return ""
    return i18n.number(value, 0 if float(value).is_integer() else 1)
