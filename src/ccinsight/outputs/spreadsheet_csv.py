"""A report as a CSV file for people: Excel with Norwegian regional settings opens it with a double click.

Semicolons, decimal commas, days as 15.03.2026, UTF-8 with a byte order mark, headings and codes in the language in
use. Regional settings are the machine's, not the reader's language: a file in English has the same separators.
"""

from __future__ import annotations

import csv
import io
import re
from datetime import date, datetime
from decimal import Decimal

import pyarrow as pa

from ccinsight.outputs.cells import columns_of, labelled, rows_of
from ccinsight.outputs.csv_json import number_text
from ccinsight.printable import inert, printable
from ccinsight.registry import Column, Report

# Fewest and most decimals of a number; others have those that there are.
_DECIMALS = {"amount": (2, 2), "rate": (2, 10)}
_DAY = "%d.%m.%Y"
# Excel would drop a number's first zeros or last digits, or read a day or a fraction: 007, 123456789012, 1E5, 3-2.
_READ_OTHERWISE = re.compile(r"0\d+|\d{12,}|\d+[eE]\d+|\d{1,4}[-./,:]\d{1,4}(?:[-./:]\d{1,4})?")


def to_spreadsheet_csv(table: pa.Table, report: Report | None) -> bytes:
    """The table for Excel in Norwegian: lines end in CR LF, percentages are written as 85,5, unknown is empty.

    No text in it is a formula, but for the ones that keep a text as it is: ``="007"``.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(inert(printable(column.heading())) for column in columns_of(table, report))
    writer.writerows(rows_of(table, _cell, report))
    return out.getvalue().encode("utf-8-sig")


def _cell(column: Column, value: object) -> str:
    match labelled(column, value):
        case None:
            return ""
        case bool() as answer:
            return column.shown(answer)
        case datetime() as moment:
            seconds = ":%S" if moment.second or moment.microsecond else ""
            return moment.strftime(f"{_DAY} %H:%M{seconds}")
        case date() as day:
            return day.strftime(_DAY)
        case (int() | float() | Decimal()) as number:
            return _number(column, number)
        case text:
            return _text(str(text))


def _number(column: Column, value: int | float | Decimal) -> str:
    if column.format == "percent":
        value = (Decimal(repr(value)) if isinstance(value, float) else Decimal(value)) * 100
    return number_text(value, *_DECIMALS.get(column.format, (0, 10))).replace(".", ",")


def _text(text: str) -> str:
    text = printable(text)
    return f'="{text}"' if _READ_OTHERWISE.fullmatch(text) else inert(text)
