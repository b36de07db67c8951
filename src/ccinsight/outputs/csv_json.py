"""A report as CSV or JSON: column names and codes, exact to the last decimal."""

from __future__ import annotations

import csv
import io
import json
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

import pyarrow as pa

from ccinsight import i18n
from ccinsight.outputs.cells import rows_of
from ccinsight.registry import Column, Report

# Fewest and most decimals of a number in a file, by the format of its column; a rate keeps all that it has.
_DECIMALS = {
    "amount": (2, 2),
    "rate": (2, 10),
    "percent": (6, 10),
    "ratio": (6, 10),
    "quantity": (6, 10),
    "hours": (6, 10),
}


def to_csv(table: pa.Table, report: Report | None) -> bytes:
    """The table as CSV."""
    out = _Lines(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(table.column_names)
    writer.writerows(rows_of(table, _csv_cell, report))
    return out.getvalue().encode()


class _Lines(io.StringIO):
    """Lines that end in ``\\n``, of a writer that ends them in CR LF so that it quotes a text with either in it."""

    def write(self, line: str, /) -> int:
        return super().write(line.removesuffix("\r\n") + "\n")


def _csv_cell(column: Column, value: object) -> str:
    if i18n.is_unknown(value):
        return ""
    match value:
        case bool():
            return "true" if value else "false"
        case datetime():
            return value.isoformat(sep=" ")
        case date():
            return value.isoformat()
        case int() | float() | Decimal():
            return _number_text(value, column.format)
        case _:
            return str(value)


def to_json(table: pa.Table, report: Report | None) -> bytes:
    """The table as a list of objects, a row a line."""
    names = [json.dumps(name, ensure_ascii=False) for name in table.column_names]
    objects = [
        "{" + ", ".join(f"{name}: {cell}" for name, cell in zip(names, row, strict=True)) + "}"
        for row in rows_of(table, _json_cell, report)
    ]
    return ("[" + ",\n ".join(objects) + "]\n").encode()


def _json_cell(column: Column, value: object) -> str:
    if i18n.is_unknown(value):
        return "null"
    match value:
        case bool():
            return "true" if value else "false"
        case datetime() | date():
            return json.dumps(value.isoformat())
        case int() | float() | Decimal():
            return _number_text(value, column.format)
        case _:
            return json.dumps(str(value), ensure_ascii=False)


def _number_text(value: int | float | Decimal, form: str) -> str:
    """A number with as many decimals as its format asks for."""
    if form == "text" and isinstance(value, Decimal):
        return f"{value:f}"
    return number_text(value, *_DECIMALS.get(form, (0, 10)))


def number_text(value: int | float | Decimal, fewest: int, most: int) -> str:
    """A number with a decimal point and so many decimals, rounded half away from zero, without an exponent."""
    exact = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    if -exact.as_tuple().exponent > most:  # type: ignore[operator]
        exact = exact.quantize(Decimal(1).scaleb(-most), rounding=ROUND_HALF_UP)
    whole, _point, decimals = f"{exact:f}".partition(".")
    decimals = decimals.rstrip("0").ljust(fewest, "0")
    text = f"{whole}.{decimals}" if decimals else whole
    return text.removeprefix("-") if exact == 0 else text
