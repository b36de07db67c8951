"""Reads from a sheet's XML what the workbook reader doesn't give: error cells and hidden rows.

Accepts XML of any writer: prefixed names, either quotes, attributes in any order, cells without a reference.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO
from xml.etree import ElementTree
from xml.parsers import expat

from ccinsight.errors import CcinsightError
from ccinsight.i18n import _
from ccinsight.ingest.readers.excel_guard import UNREADABLE

_PIECE = 1 << 20
_LONGEST_ROW = 32 << 20  # bytes; that of a full row is a few megabytes
_DATA = re.compile(rb"<([\w.-]+:)?sheetData\b")
# Each begins with a letter or sign that can be searched for quickly: a sheet may be large.
_SIGNS = (re.compile(rb'"e"'), re.compile(rb"'e'"), re.compile(rb"""hidden\s*=\s*["'][1t]"""))
_PLACE = re.compile(r"([A-Za-z]*)([0-9]*)")
_TRUE = frozenset({"1", "true"})


class ErrorText(str):
    """What an error cell shows: `#N/A`."""


@dataclass
class SheetMarks:
    """Row → its error cells (column from 0, text), and the rows that are hidden. Rows are counted from 1."""

    errors: dict[int, list[tuple[int, ErrorText]]] = field(default_factory=dict)
    hidden: set[int] = field(default_factory=set)


def read_marks(path: Path, sheet: str) -> SheetMarks:
    """The error cells and hidden rows of a sheet. Raises CcinsightError where its XML can't be read."""
    marks = SheetMarks()
    try:
        with zipfile.ZipFile(path) as archive, archive.open(_sheet_part(archive, sheet)) as source:
            for row, number in _marked_rows(source):
                _Row(number, marks).read(row)
    except (*UNREADABLE, ElementTree.ParseError, expat.ExpatError) as e:
        raise CcinsightError(
            _(
                "The sheet {sheet} of {file} can't be read: open it in Excel and save it again as .xlsx."
            ).format(sheet=sheet, file=path)
        ) from e
    return marks


def _marked_rows(source: IO[bytes]) -> Iterator[tuple[bytes, int]]:
    """The XML of the rows that may be hidden or hold an error, each with its place: no others need a parser."""
    before = 0  # rows
    for piece, opening in _row_pieces(source):
        hits = sorted(hit.start() for sign in _SIGNS for hit in sign.finditer(piece))
        counted = end = 0
        for hit in hits:
            if hit < end:  # in the same row as the one before
                continue
            start = piece.rfind(opening, end, hit)
            if start < 0:
                end = hit
                continue
            before += piece.count(opening, counted, start)
            following = piece.find(opening, hit)
            counted, end = start, following if following >= 0 else len(piece)
            yield piece[start:end], before + 1
        before += piece.count(opening, counted)


def _row_pieces(source: IO[bytes]) -> Iterator[tuple[bytes, bytes]]:
    """Whole rows of a sheet, piece by piece, with what each begins with."""
    rest, opening = b"", None
    while block := source.read(_PIECE):
        rest += block
        if opening is None:
            data = _DATA.search(rest)
            if data is None:
                continue
            opening, rest = b"<" + (data[1] or b"") + b"row", rest[data.end() :]
        cut = rest.rfind(opening)
        if cut > 0:
            yield rest[:cut], opening
            rest = rest[cut:]
        elif len(rest) > _LONGEST_ROW:
            raise ValueError("no end of a row")
    if opening is not None:
        yield rest, opening


class _Row:
    """Parses one row, whose cells may leave out their places: each is then the next one."""

    def __init__(self, number: int, marks: SheetMarks) -> None:
        self._number, self._marks = number, marks
        self._column = self._depth = 0
        self._is_whole = False
        self._text: list[str] | None = None  # of an error cell
        # Without namespaces: the prefixes are declared further up.
        self._parser = expat.ParserCreate()
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end

    def read(self, xml: bytes) -> None:
        """Takes the row's XML, after which anything may follow. Raises ExpatError where it is none."""
        try:
            self._parser.Parse(xml, True)
        except expat.ExpatError:
            if not self._is_whole:
                raise

    def _start(self, name: str, attributes: Mapping[str, str]) -> None:
        self._depth += 1
        match name.rpartition(":")[2]:
            case "row" if self._depth == 1:
                place = attributes.get("r", "")
                self._number = int(place) if place.isdecimal() else self._number
                if attributes.get("hidden") in _TRUE:
                    self._marks.hidden.add(self._number)
            case "c":
                letters = _PLACE.match(attributes.get("r", ""))
                self._column = _column_number(letters[1]) if letters and letters[1] else self._column + 1
                self._text = [] if attributes.get("t") == "e" else None
            case "v" if self._text is not None:
                self._parser.CharacterDataHandler = self._text.append

    def _end(self, name: str) -> None:
        self._depth -= 1
        self._is_whole = self._is_whole or not self._depth
        match name.rpartition(":")[2]:
            case "v":
                self._parser.CharacterDataHandler = None
            case "c" if self._text is not None:
                text = ErrorText("".join(self._text))
                self._marks.errors.setdefault(self._number, []).append((self._column - 1, text))
                self._text = None


def _sheet_part(archive: zipfile.ZipFile, sheet: str) -> str:
    """The archive's entry that holds a sheet. Raises LookupError where there is none."""
    book = _root(archive.read("xl/workbook.xml"))
    links = _root(archive.read("xl/_rels/workbook.xml.rels"))
    targets = {link.get("Id"): link.get("Target", "") for link in links}
    for entry in _named(book, "sheet"):
        if entry.get("name") == sheet:
            return _entry_named(archive, posixpath.normpath(posixpath.join("/xl", targets[_link_of(entry)])))
    raise LookupError(sheet)


def _root(xml: bytes) -> ElementTree.Element:
    try:
        return ElementTree.fromstring(xml)
    except LookupError:  # it names an encoding that nobody knows
        return ElementTree.fromstring(xml, ElementTree.XMLParser(encoding="utf-8"))


def _named(root: ElementTree.Element, name: str) -> Iterator[ElementTree.Element]:
    return (entry for entry in root.iter() if entry.tag.rpartition("}")[2] == name)


def _link_of(entry: ElementTree.Element) -> str | None:
    """The `r:id` of a sheet, whichever of the two names its namespace has."""
    return next((value for name, value in entry.attrib.items() if name.endswith("relationships}id")), None)


def _entry_named(archive: zipfile.ZipFile, name: str) -> str:
    """The entry of an absolute path: names in a package differ not in case alone, and some begin with a slash."""
    wanted = name.lstrip("/").casefold()
    names = (each for each in archive.namelist() if each.lstrip("/").casefold() == wanted)
    found = next(names, None)
    if found is None:
        raise LookupError(name)
    return found


def _column_number(letters: str) -> int:
    """A column's number: `A` is 1."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number
