"""Excel workbooks: sheets as text, in the same shape as text files have."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path

import python_calamine as calamine

from ccinsight.errors import CcinsightError
from ccinsight.i18n import _
from ccinsight.ingest.catalogue import named_like
from ccinsight.ingest.readers.chunks import ChunkWriter, TextChunk
from ccinsight.ingest.readers.csv_records import ERROR_CELL, FIELD_LIMIT, TOO_LONG, TOO_MANY, Malformed
from ccinsight.ingest.readers.sheet_xml import ErrorText, read_marks

Cell = int | float | str | bool | time | date | datetime | timedelta


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


@dataclass(frozen=True)
class Sheets:
    """Sheets to read; ``are_hidden``: no visible one holds anything."""

    names: tuple[str, ...]
    are_hidden: bool


def sheets_to_read(workbook: calamine.CalamineWorkbook) -> list[Sheets]:
    """The visible sheets named like exports, else the first visible one; and the same of the hidden ones.

    The hidden ones are for where no visible one holds anything. A sheet that is a chart alone is none.
    """
    sheets = [each for each in workbook.sheets_metadata if each.typ == calamine.SheetTypeEnum.WorkSheet]
    found = []
    for are_hidden in (False, True):
        names = [
            each.name for each in sheets if (each.visible != calamine.SheetVisibleEnum.Visible) == are_hidden
        ]
        chosen = [name for name in names if named_like(name)] or names[:1]
        found.append(Sheets(tuple(chosen), are_hidden))
    return found


class SheetRows:
    """Iterates over the rows that aren't empty, each with its number in the sheet, from 1.

    ``hidden``: the numbers of those given so far that are hidden. Raises CcinsightError where the sheet can't be read.
    """

    def __init__(self, workbook: calamine.CalamineWorkbook, sheet: str, path: Path) -> None:
        self.hidden: list[int] = []
        self._sheet, self._path = sheet, path
        self._marks = read_marks(path, sheet)
        self._rows = self._read(workbook)

    def __iter__(self) -> Iterator[tuple[int, list[Cell]]]:
        return self._rows

    def _read(self, workbook: calamine.CalamineWorkbook) -> Iterator[tuple[int, list[Cell]]]:
        try:
            found = workbook.get_sheet_by_name(self._sheet)
            first = found.start[1] if found.start else 0  # rows are given from the first column in use on
            for number, row in enumerate(found.iter_rows(), 1):
                cells: list[Cell] = [*row]
                for column, text in self._marks.errors.get(number, ()):
                    at = max(column - first, 0)
                    cells += [""] * (at + 1 - len(cells))
                    cells[at] = text
                if any(not isinstance(cell, str) or cell.strip() for cell in cells):
                    if number in self._marks.hidden:
                        self.hidden.append(number)
                    yield number, cells
        except (calamine.CalamineError, calamine.XmlError, calamine.ZipError) as e:
            raise CcinsightError(
                _(
                    "The sheet {sheet} of {file} can't be read: open it in Excel and save it again as .xlsx."
                ).format(sheet=self._sheet, file=self._path)
            ) from e


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


def read_chunks(
    rows: Iterable[tuple[int, list[Cell]]], types: Mapping[int, tuple[str, bool]], width: int
) -> Iterator[TextChunk]:
    """A sheet's rows, chunk by chunk; the caller sets how much is done.

    ``types``: position → column, and whether it is of numbers.
    """
    numeric = [types.get(at, ("", False))[1] for at in range(width)]
    writer = ChunkWriter(";", "xlsx")
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
