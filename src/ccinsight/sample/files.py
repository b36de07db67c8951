"""The files of a sample other than the tickets: rows of text in the forms that offices send them."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from pathlib import Path

import xlsxwriter

Cell = str | int | float | date | None
_ZIP_TIME = (1980, 1, 1, 0, 0, 0)


def day(value: date | None) -> str:
    """``31.12.2026``."""
    return f"{value:%d.%m.%Y}" if value else ""


def money(hundredths: int | None, space: str = "") -> str:
    """``24 000,00`` with the space given; also for quantities in hundredths."""
    if hundredths is None:
        return ""
    return f"{hundredths // 100:,}".replace(",", space) + f",{hundredths % 100:02}"


def whole(value: int | None) -> str:
    """A whole number, or nothing."""
    return "" if value is None else str(value)


def write_text(
    path: Path, rows: Iterable[Sequence[str]], encoding: str = "cp1252", delimiter: str = ";"
) -> None:
    """Writes rows (the first is the header) with CRLF and quotes where they are needed."""
    with path.open("w", encoding=encoding, newline="") as target:
        csv.writer(target, delimiter=delimiter, lineterminator="\r\n").writerows(rows)


def write_workbook(path: Path, sheet: str, rows: Iterable[Sequence[Cell]], created: date) -> None:
    """Writes rows (the first is the header) to a workbook with date cells, the same bytes for the same rows.

    The parts are stored without compression, as compressed bytes differ between releases of zlib.
    """
    packed = io.BytesIO()
    book = xlsxwriter.Workbook(packed, {"in_memory": True, "default_date_format": "dd.mm.yyyy"})
    book.set_properties({"created": datetime(created.year, created.month, created.day)})
    page = book.add_worksheet(sheet)
    for number, row in enumerate(rows):
        page.write_row(number, 0, row)
    page.set_column(0, 8, 18)
    book.close()
    with zipfile.ZipFile(packed) as source, zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as target:
        for part in source.infolist():
            target.writestr(zipfile.ZipInfo(part.filename, _ZIP_TIME), source.read(part))
