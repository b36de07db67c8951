"""Reads decks back: texts, tables, charts and where they stand; and renders them with LibreOffice."""

from __future__ import annotations

import io
import os
import re
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import unescape
from itertools import combinations
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from zipfile import ZipFile

from openpyxl import load_workbook
from pptx import Presentation

from tests.documents.deck import office

_POINT = 12_700


def opened(deck: bytes) -> Any:
    """The presentation in a file."""
    return Presentation(io.BytesIO(deck))


def title_of(slide: Any) -> str:
    """The message of a slide."""
    return str(slide.shapes.title.text_frame.text)


def titles(deck: bytes) -> list[str]:
    """The messages of all slides."""
    return [title_of(slide) for slide in opened(deck).slides]


def slide_with(deck: bytes, words: str) -> Any:
    """The slide whose message holds the words."""
    return next(slide for slide in opened(deck).slides if words in title_of(slide))


def charts(slide: Any) -> list[Any]:
    """The native charts of a slide."""
    return [shape.chart for shape in slide.shapes if shape.has_chart]


def series(chart: Any) -> dict[str, list[Any]]:
    """The rows of numbers of a chart, by name."""
    return {each.name: list(each.values) for each in chart.plots[0].series}


def cells(slide: Any, number: int = 0) -> list[list[str]]:
    """The texts of one of a slide's tables, the heading first."""
    tables = [shape.table for shape in slide.shapes if shape.has_table]
    return [[cell.text for cell in row.cells] for row in tables[number].rows]


def texts(shapes: Any) -> Iterator[str]:
    """Every text of shapes."""
    for shape in shapes:
        if shape.has_text_frame:
            yield shape.text_frame.text
        elif getattr(shape, "has_table", False) and shape.has_table:
            yield from (cell.text for row in shape.table.rows for cell in row.cells)
        elif getattr(shape, "has_chart", False) and shape.has_chart:
            book = load_workbook(io.BytesIO(shape.chart.part.chart_workbook.xlsx_part.blob))
            yield from (
                str(v) for row in book.active.iter_rows(values_only=True) for v in row if v is not None
            )


def all_text(deck: bytes) -> str:
    """Everything that a deck says, charts' own workbooks and texts for screen readers too."""
    parts: list[str] = []
    for slide in opened(deck).slides:
        parts += texts(slide.shapes)
        parts += [shape._element.xpath(".//p:cNvPr")[0].get("descr") or "" for shape in slide.shapes]
    return "\n".join(parts)


@dataclass(frozen=True)
class Place:
    """Where a shape stands, in points."""

    name: str
    left: float
    top: float
    right: float
    bottom: float

    def overlaps(self, other: Place, margin: float = 1.0) -> bool:
        """True where both share more than a margin."""
        wide = min(self.right, other.right) - max(self.left, other.left)
        tall = min(self.bottom, other.bottom) - max(self.top, other.top)
        return wide > margin and tall > margin

    def holds(self, left: float, top: float, right: float, bottom: float, margin: float = 4.0) -> bool:
        """True where a word lies within, but for a margin."""
        return (
            self.left - margin <= left
            and right <= self.right + margin
            and self.top - margin <= top
            and bottom <= self.bottom + margin
        )


def places(slide: Any) -> list[Place]:
    """Where everything with a text stands: text boxes, cards, tables, charts, titles and the footer."""
    found = []
    for shape in slide.shapes:
        if shape.has_text_frame and not shape.text_frame.text.strip():
            continue
        if not (
            shape.has_text_frame or getattr(shape, "has_table", False) or getattr(shape, "has_chart", False)
        ):
            continue
        left, top = shape.left / _POINT, shape.top / _POINT
        found.append(Place(shape.name, left, top, left + shape.width / _POINT, top + shape.height / _POINT))
    return found


def faults(deck: bytes) -> list[str]:
    """Shapes that leave their slide or lie on one another."""
    show = opened(deck)
    wide, tall = show.slide_width / _POINT, show.slide_height / _POINT
    found = []
    for number, slide in enumerate(show.slides, start=1):
        stand = places(slide)
        for each in stand:
            if each.left < -1 or each.top < -1 or each.right > wide + 1 or each.bottom > tall + 1:
                found.append(f"slide {number}: {each.name} leaves the slide")
        for one, other in combinations(stand, 2):
            if one.overlaps(other):
                found.append(f"slide {number}: {one.name} lies on {other.name}")
    return found


# --- Rendering


def render(deck: bytes, folder: Path, missing: Callable[[str], None], font: str = office.NARROW) -> Path:
    """The deck as a PDF made by LibreOffice with this font alone; without it the test is skipped, and fails in CI."""
    program = office.find()
    if program is None:
        missing(
            "LibreOffice (soffice), pdftotext and the fonts of tests/documents/deck/office.py are not all installed"
        )
        raise AssertionError
    file = folder / "deck.pptx"
    file.write_bytes(deck)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [program, profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder), str(file)]
    fonts = os.environ | {"FONTCONFIG_FILE": str(office.only_font(font, folder))}
    subprocess.run(command, check=True, capture_output=True, timeout=200, env=fonts)
    return folder / "deck.pdf"


def words_outside(deck: bytes, pdf: Path) -> list[str]:
    """Words of the rendered pages that lie in none of the slide's shapes."""
    listed = subprocess.run(
        ["pdftotext", "-bbox", str(pdf), "-"], check=True, capture_output=True, timeout=60
    ).stdout
    text = re.sub(rb"<!DOCTYPE[^>]*>", b"", listed).replace(b' xmlns="http://www.w3.org/1999/xhtml"', b"")
    pages = ElementTree.fromstring(text).iter("page")
    outside = []
    for number, (page, slide) in enumerate(zip(pages, opened(deck).slides, strict=True), start=1):
        stand = places(slide)
        for word in page.iter("word"):
            box = tuple(float(word.get(side, "0")) for side in ("xMin", "yMin", "xMax", "yMax"))
            if not any(place.holds(*box) for place in stand):
                outside.append(f"slide {number}: {word.text} at {box}")
    return outside


# --- All that a file holds


def whole_text(file: bytes) -> str:
    """Every part of an Office file as text, with and without its tags; files within it are opened too.

    A text that is divided over several runs is found in the text without tags.
    """
    parts: list[str] = []
    with ZipFile(io.BytesIO(file)) as archive:
        for name in archive.namelist():
            content = archive.read(name)
            if content[:4] == b"PK\x03\x04":
                parts.append(whole_text(content))
                continue
            text = content.decode("utf-8", "replace")
            parts += [name, unescape(text), unescape(re.sub(r"<[^>]*>", "", text))]
    return "\n".join(parts)


def text_of_slide(slide: Any) -> str:
    """The texts of a slide, those of its tables and charts left out."""
    return "\n".join(shape.text_frame.text for shape in slide.shapes if shape.has_text_frame)


def sheet_text(book: bytes) -> str:
    """All cells of a workbook that hold something, one a line."""
    from openpyxl import load_workbook

    sheets = load_workbook(io.BytesIO(book))
    return "\n".join(
        str(value)
        for sheet in sheets
        for row in sheet.iter_rows(values_only=True)
        for value in row
        if value is not None
    )
