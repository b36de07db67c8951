"""Excel workbooks: sheets as text, in the same shape as text files have."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from pathlib import Path
from xml.etree import ElementTree

import python_calamine as calamine

from ccinsight.errors import CcinsightError
from ccinsight.exports.catalogue import named_like
from ccinsight.exports.parts import Part, PartWriter
from ccinsight.exports.records import ERROR_CELL, FIELD_LIMIT, TOO_LONG, TOO_MANY, Malformed
from ccinsight.exports.unpacking import UNREADABLE
from ccinsight.i18n import _


class ErrorText(str):
    """What an error cell shows: `#N/A`."""


Cell = int | float | str | bool | time | date | datetime | timedelta
_PIECE = 1 << 20
_ERROR_CELL = re.compile(rb'<c\s([^<>]*\bt="e"[^<>]*)>')
_PLACE = re.compile(rb'\br="([A-Z]{1,3})([0-9]{1,7})"')
_VALUE = re.compile(rb"\s*(?:<f\b[^<>]*(?:/>|>[^<]*</f>))?\s*<v>([^<]*)</v>")
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def open_workbook(path: Path) -> calamine.CalamineWorkbook:
    """The workbook. Raises CcinsightError where the file is none or is protected."""
    try:
        return calamine.CalamineWorkbook.from_path(path)
    except calamine.PasswordError as e:
        raise CcinsightError(
            _("{file} is protected by a password: save it without.").format(file=path)
        ) from e
    except (calamine.CalamineError, calamine.ZipError, calamine.XmlError, OSError) as e:
        raise CcinsightError(
            _("{file} can't be read as an Excel workbook: open it in Excel and save it as .xlsx.").format(
                file=path
            )
        ) from e


def sheets_to_read(workbook: calamine.CalamineWorkbook) -> list[str]:
    """The sheets named like exports, else the first; one that is a chart alone is none."""
    names = [
        sheet.name for sheet in workbook.sheets_metadata if sheet.typ == calamine.SheetTypeEnum.WorkSheet
    ]
    return [name for name in names if named_like(name)] or names[:1]


def read_sheet(
    workbook: calamine.CalamineWorkbook, sheet: str, path: Path
) -> Iterator[tuple[int, list[Cell]]]:
    """The rows that aren't empty, each with its number in the sheet; the first is the header."""
    errors = error_cells(path, sheet)
    try:
        found = workbook.get_sheet_by_name(sheet)
        first = found.start[1] if found.start else 0  # rows are given from the first column in use on
        for number, row in enumerate(found.iter_rows(), 1):
            cells: list[Cell] = [*row]
            for column, text in errors.get(number, ()):
                at = max(column - first, 0)
                cells += [""] * (at + 1 - len(cells))
                cells[at] = text
            if any(not isinstance(cell, str) or cell.strip() for cell in cells):
                yield number, cells
    except (calamine.CalamineError, calamine.XmlError, calamine.ZipError) as e:
        raise CcinsightError(
            _("The sheet {sheet} of {file} can't be read.").format(sheet=sheet, file=path)
        ) from e


def error_cells(path: Path, sheet: str) -> dict[int, list[tuple[int, str]]]:
    """The cells that hold an error such as `#N/A`, which the reader gives as empty: row → (column, text)."""
    found: dict[int, list[tuple[int, str]]] = {}
    try:
        with zipfile.ZipFile(path) as archive:
            part = _sheet_part(archive, sheet)
            for letters, row, text in _errors(archive, part) if part else ():
                found.setdefault(row, []).append((_column_number(letters), ErrorText(text)))
    except (*UNREADABLE, ElementTree.ParseError):
        return {}  # the reader tells what is wrong, or knows better
    return found


def _errors(archive: zipfile.ZipFile, part: str) -> Iterator[tuple[bytes, int, str]]:
    """Column, row and text of each error cell of a sheet, which is read piece by piece."""
    rest = b""
    with archive.open(part) as source:
        while block := source.read(_PIECE):
            piece = rest + block
            cut = piece.rfind(b"<c ")  # what begins in this piece may end in the next
            if cut <= 0:
                cut = 0 if len(piece) < 4 * _PIECE else len(piece)  # no cell is so long
            yield from _errors_in(piece[:cut])
            rest = piece[cut:]
    yield from _errors_in(rest)


def _errors_in(piece: bytes) -> Iterator[tuple[bytes, int, str]]:
    if b't="e"' not in piece:
        return
    for cell in _ERROR_CELL.finditer(piece):
        place, value = _PLACE.search(cell[1]), _VALUE.match(piece, cell.end())
        if place and value:
            yield place[1], int(place[2]), value[1].decode("utf-8", "replace")


def _sheet_part(archive: zipfile.ZipFile, sheet: str) -> str | None:
    book = ElementTree.fromstring(archive.read("xl/workbook.xml"))
    links = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    targets = {link.get("Id"): link.get("Target", "") for link in links}
    for entry in book.iter("{http://schemas.openxmlformats.org/spreadsheetml/2006/main}sheet"):
        if entry.get("name") == sheet:
            target = targets.get(entry.get(_RELATION), "")
            return target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    return None


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1


def cell_text(cell: Cell, is_numeric: bool) -> str:
    """A cell as the text that the same rules read: numbers exact, dates ISO, times `hh:mm`.

    In a column of numbers one with decimals gets SuperOffice's brackets: there its point is never ambiguous.
    """
    match cell:
        case str():
            return cell
        case bool():
            return "true" if cell else "false"
        case int():
            return str(cell)
        case float():
            return _number_text(cell, is_numeric)
        case datetime():
            return cell.isoformat(sep=" ")
        case date():
            return cell.isoformat()
        case time():
            return cell.isoformat("seconds" if cell.second else "minutes")
        case timedelta():
            return _duration_text(cell)


def _number_text(number: float, is_numeric: bool) -> str:
    if number.is_integer():
        return str(int(number))
    return f"[F:{number!r}]" if is_numeric else repr(number)


def _duration_text(duration: timedelta) -> str:
    seconds = round(duration.total_seconds())
    hours, rest = divmod(abs(seconds), 3600)
    minutes, rest = divmod(rest, 60)
    sign = "-" if seconds < 0 else ""
    return f"{sign}{hours:02}:{minutes:02}" + (f":{rest:02}" if rest else "")


def frame_sheet(
    rows: Iterator[tuple[int, list[Cell]]], types: Mapping[int, tuple[str, bool]], width: int
) -> Iterator[Part]:
    """A sheet's rows, part by part; how much is done is left to the caller.

    ``types``: position → column, and whether it is of numbers.
    """
    numeric = [types.get(at, ("", False))[1] for at in range(width)]
    writer = PartWriter(";", "xlsx")
    for number, row in rows:
        cells = [cell_text(cell, is_numeric) for cell, is_numeric in zip(row, numeric, strict=False)]
        cells += [""] * (width - len(cells))
        problem = _problem(row, cells, width)
        column, error = _error(row, types)
        if problem or column:
            reason, value = problem or (ERROR_CELL, error)
            whole = [*cells, *(cell_text(cell, False) for cell in row[width:])]
            writer.reject(Malformed(number, reason, value, whole, None if problem else column))
            continue
        writer.record(number, cells)
        if writer.is_full:
            yield writer.end(1.0)
    yield writer.end(1.0)


def _error(row: list[Cell], types: Mapping[int, tuple[str, bool]]) -> tuple[str | None, str]:
    """The first column of the export that holds an error, and the error."""
    for at, cell in enumerate(row):
        if isinstance(cell, ErrorText) and at in types:
            return types[at][0], str(cell)
    return None, ""


def _problem(row: list[Cell], cells: list[str], width: int) -> tuple[str, str] | None:
    if any(cell != "" for cell in row[width:]):
        return TOO_MANY, str(len(row))
    if any(len(cell) > FIELD_LIMIT for cell in cells):
        return TOO_LONG, ""
    return None
