"""Reports as files: CSV, JSON, Excel and Parquet, exact to the last decimal.

A table is a ``pyarrow.Table`` with exact decimals and dates, as the warehouse gives it. CSV, JSON and Parquet
hold column names and codes, for machines; Excel can hold labels in the language in use, for people.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import pyarrow as pa

from ccinsight import i18n
from ccinsight.errors import CcinsightError, UsageError
from ccinsight.i18n import _
from ccinsight.printable import inert, printable
from ccinsight.registry import Column, Report

if TYPE_CHECKING:
    import xlsxwriter

MIME_TYPES = {
    "csv": "text/csv",
    "json": "application/json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "parquet": "application/vnd.apache.parquet",
}
FORMATS = tuple(MIME_TYPES)

# Fewest and most decimals of a number in a file, by the format of its column; a rate keeps all that it has.
_DECIMALS = {
    "amount": (2, 2),
    "rate": (2, 10),
    "percent": (6, 10),
    "ratio": (6, 10),
    "quantity": (6, 10),
    "hours": (6, 10),
}
# By number where Excel has a format of its own that follows the reader's country: a day, and a day with its time.
_EXCEL_FORMATS: dict[str, int | str] = {
    "date": 14,
    "moment": 22,
    "integer": "#,##0",
    "amount": "#,##0.00",
    "rate": "#,##0.00",
    "percent": "0.0 %",
    "ratio": "#,##0.00",
    "quantity": "General",
    "hours": "#,##0.0",
    "minutes": "#,##0",
}
# A month is named in the language of the file's headings, whatever Excel's own is.
_EXCEL_LANGUAGES = {"nb": "414", "en": "809"}
_EXCEL_ROWS = 1_048_575
_EXCEL_TEXT = 32_767
_WIDTH_ROWS = 500
_WIDEST = 48


@dataclass(frozen=True)
class Head:
    """What stands above a table: the as-of date, and the filters as (label, value) in words."""

    as_of: date
    filters: tuple[tuple[str, str], ...] = ()


def write(
    table: pa.Table,
    format: str,
    report: Report | None = None,
    head: Head | None = None,
    labels: bool = False,
    is_opened: bool = False,
) -> bytes:
    """The table as a file of that format ("csv", "json", "xlsx" or "parquet").

    ``report`` gives the columns their formats; a column that it doesn't have is written by its type.
    ``labels``, for Excel only, writes headings and codes in the language in use in place of names.
    ``is_opened``, for CSV only: a person opens the file in a spreadsheet, which must run none of its texts;
    without it the file is exact. Raises UsageError for an unknown format.
    """
    match format:
        case "csv":
            return _csv(table, report, _opened_cell if is_opened else _csv_cell)
        case "json":
            return _json(table, report)
        case "xlsx":
            return _xlsx(table, report, head, labels)
        case "parquet":
            return _parquet(table, report, head)
    known = ", ".join(FORMATS)
    raise UsageError(_("There is no format {name}. These exist: {known}").format(name=format, known=known))


def write_file(
    table: pa.Table,
    format: str,
    path: Path,
    report: Report | None = None,
    head: Head | None = None,
    labels: bool = False,
) -> None:
    """Writes the table to the path, as ``write`` does. Raises CcinsightError where that can't be done."""
    content = write(table, format, report, head, labels)
    try:
        path.write_bytes(content)
    except OSError as error:
        reason = error.strerror or str(error)
        raise CcinsightError(
            _("{path} can't be written: {reason}").format(path=path, reason=reason)
        ) from error


def write_book(parts: Sequence[tuple[pa.Table, Report]], head: Head | None = None) -> bytes:
    """Several reports in one Excel workbook, a sheet each and one about them all, with labels for people.

    Raises CcinsightError where one has more rows than a sheet holds.
    """
    out = io.BytesIO()
    book = _book(out, head)
    for table, report in parts:
        _refuse_long(table)
        _write_rows(book, table, report, labels=True)
    sheet = book.add_worksheet(_("About")[:31])
    lines: list[tuple[str, ...]] = [*_said(None, head)]
    for table, report in parts:
        lines += [(), *_about(table, report, None)]
    _write_lines(book, sheet, lines)
    book.close()
    return out.getvalue()


def excel_formats() -> dict[str, int | str]:
    """Format of a column → number format of its cells, which Excel shows as the reader's country writes it."""
    return {**_EXCEL_FORMATS, "month": f"[$-{_EXCEL_LANGUAGES[i18n.language()]}]mmm yyyy"}


def file_name(name: str, format: str, head: Head | None = None) -> str:
    """A name that says what is in the file, its date and its filters: ``renewals_2026-03-15_1042.csv``."""
    parts = [name]
    if head:
        parts.append(head.as_of.isoformat())
        parts += [value for _label, value in head.filters]
    whole = "_".join(filter(None, (_plain(part) for part in parts)))
    return f"{whole[:100]}.{format}"


def to_frame(table: pa.Table) -> pd.DataFrame:
    """The table for drawing: decimals as float64, whole numbers as Int64, dates as datetime64[s]."""
    schema = pa.schema([field.with_type(_drawn_type(field.type)) for field in table.schema])
    frame: pd.DataFrame = table.cast(schema).to_pandas(types_mapper=_PANDAS_TYPES.get, date_as_object=False)
    return frame


_PANDAS_TYPES: dict[pa.DataType, pd.api.extensions.ExtensionDtype] = {
    pa.int64(): pd.Int64Dtype(),
    pa.bool_(): pd.BooleanDtype(),
    pa.string(): pd.StringDtype(na_value=float("nan")),
}


def _drawn_type(kind: pa.DataType) -> pa.DataType:
    if pa.types.is_decimal(kind):
        return pa.int64() if kind.scale == 0 else pa.float64()
    if pa.types.is_integer(kind):
        return pa.int64()
    if pa.types.is_floating(kind):
        return pa.float64()
    if pa.types.is_date(kind) or pa.types.is_timestamp(kind):
        return pa.timestamp("s")
    if pa.types.is_boolean(kind) or pa.types.is_null(kind):
        return kind
    return pa.string()


def _plain(text: str) -> str:
    return re.sub(r"[^\w+.\-]+", "-", text).strip("-.")


def _column(report: Report | None, name: str) -> Column | None:
    return report.column(name) if report and report.has_column(name) else None


def _columns(table: pa.Table, report: Report | None) -> list[Column]:
    """What is known of each column of the table; one that the report lacks goes by its type."""
    return [
        _column(report, field.name)
        or Column(name=field.name, label=field.name, format=_format_of(field.type), description="")
        for field in table.schema
    ]


def _format_of(kind: pa.DataType) -> str:
    if pa.types.is_date(kind):
        return "date"
    if pa.types.is_timestamp(kind):
        return "moment"
    if pa.types.is_boolean(kind):
        return "boolean"
    if pa.types.is_integer(kind):
        return "integer"
    return "ratio" if pa.types.is_floating(kind) else "text"


def _rows(
    table: pa.Table, cells: Callable[[Column, object], object], report: Report | None
) -> Iterator[tuple[object, ...]]:
    """The rows with each value turned into a cell, a batch at a time."""
    columns = _columns(table, report)
    for batch in table.to_batches():
        turned = [
            [cells(column, value) for value in array.to_pylist()]
            for column, array in zip(columns, batch.columns, strict=True)
        ]
        yield from zip(*turned, strict=True)


# --- CSV and JSON


def _csv(table: pa.Table, report: Report | None, cell: Callable[[Column, object], str]) -> bytes:
    out = _Lines(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(table.column_names)
    writer.writerows(_rows(table, cell, report))
    return out.getvalue().encode()


class _Lines(io.StringIO):
    """Lines that end in ``\\n``, of a writer that ends them in CR LF so that it quotes a text with either in it."""

    def write(self, line: str, /) -> int:
        return super().write(line.removesuffix("\r\n") + "\n")


def _opened_cell(column: Column, value: object) -> str:
    return inert(printable(value)) if isinstance(value, str) else _csv_cell(column, value)


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


def _json(table: pa.Table, report: Report | None) -> bytes:
    names = [json.dumps(name, ensure_ascii=False) for name in table.column_names]
    objects = [
        "{" + ", ".join(f"{name}: {cell}" for name, cell in zip(names, row, strict=True)) + "}"
        for row in _rows(table, _json_cell, report)
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
    """A number with a decimal point and as many decimals as its format asks for, without an exponent."""
    if form == "text" and isinstance(value, Decimal):
        return f"{value:f}"
    exact = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    fewest, most = _DECIMALS.get(form, (0, 10))
    if -exact.as_tuple().exponent > most:  # type: ignore[operator]
        exact = exact.quantize(Decimal(1).scaleb(-most), rounding=ROUND_HALF_UP)
    whole, _point, decimals = f"{exact:f}".partition(".")
    decimals = decimals.rstrip("0").ljust(fewest, "0")
    text = f"{whole}.{decimals}" if decimals else whole
    return text.removeprefix("-") if exact == 0 else text


# --- Parquet


def _parquet(table: pa.Table, report: Report | None, head: Head | None) -> bytes:
    said = {"report": report.name} if report else {}
    if head:
        said |= {"as_of": head.as_of.isoformat(), **dict(head.filters)}
    import pyarrow.parquet as pq  # here and xlsxwriter below: a server that nobody asks for a file need not hold them

    out = io.BytesIO()
    pq.write_table(table.replace_schema_metadata({**(table.schema.metadata or {}), **said}), out)
    return out.getvalue()


def _said(report: Report | None, head: Head | None) -> Iterator[tuple[str, str]]:
    """What a file says of itself: report, as-of date and filters."""
    if report:
        yield _("Report"), _(report.title)
    if head:
        yield _("As of"), i18n.day(head.as_of)
        yield from head.filters


# --- Excel


def _xlsx(table: pa.Table, report: Report | None, head: Head | None, labels: bool) -> bytes:
    _refuse_long(table)
    out = io.BytesIO()
    book = _book(out, head)
    _write_rows(book, table, report, labels)
    _write_about(book, table, report, head)
    book.close()
    return out.getvalue()


def _refuse_long(table: pa.Table) -> None:
    if table.num_rows > _EXCEL_ROWS:
        limit = i18n.number(_EXCEL_ROWS)
        raise CcinsightError(
            _("Excel holds at most {limit} rows: choose CSV or Parquet.").format(limit=limit)
        )


def _book(out: io.BytesIO, head: Head | None) -> xlsxwriter.Workbook:
    import xlsxwriter

    # Texts come from exported files: none of them is a formula, a link or a number.
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "remove_timezone": True,
    }
    book = xlsxwriter.Workbook(out, options)
    # The as-of date, not the clock: the same question gives the same bytes.
    made = head.as_of if head else date(2000, 1, 1)
    book.set_properties({"created": datetime(made.year, made.month, made.day)})
    return book


def _write_rows(book: xlsxwriter.Workbook, table: pa.Table, report: Report | None, labels: bool) -> None:
    columns = _columns(table, report)
    sheet = book.add_worksheet(_sheet_name(report))
    titles = [column.heading() if labels else column.name for column in columns]
    heading = book.add_format({"bold": True, "bottom": 1, "text_wrap": labels, "valign": "top"})
    known = excel_formats()
    formats = [
        book.add_format({"num_format": known[column.format]}) if column.format in known else None
        for column in columns
    ]
    for index, width in enumerate(_widths(table, columns, titles)):
        sheet.set_column(index, index, width)
    sheet.freeze_panes(1, 0)
    if columns:
        sheet.autofilter(0, 0, table.num_rows, len(columns) - 1)
    for index, title in enumerate(titles):
        sheet.write_string(0, index, title, heading)
    for number, row in enumerate(_rows(table, _labelled if labels else _as_is, report), start=1):
        for index, value in enumerate(row):
            _write_cell(sheet, number, index, value, formats[index])


def _as_is(_column: Column, value: object) -> object:
    return None if i18n.is_unknown(value) else value


def _labelled(column: Column, value: object) -> object:
    if i18n.is_unknown(value):
        return None
    return column.code_label(value) if column.format == "code" else value


def _write_cell(
    sheet: xlsxwriter.worksheet.Worksheet,
    row: int,
    index: int,
    value: object,
    form: xlsxwriter.format.Format | None,
) -> None:
    match value:
        case None:
            return
        case bool():
            sheet.write_boolean(row, index, value, form)
        case datetime() | date():
            sheet.write_datetime(row, index, value, form)
        case int() | float() | Decimal():
            sheet.write_number(row, index, float(value), form)
        case _:
            sheet.write_string(row, index, _fitting(str(value)), form)


def _fitting(text: str) -> str:
    text = printable(text)
    return text if len(text) <= _EXCEL_TEXT else text[: _EXCEL_TEXT - 1] + "…"


def _sheet_name(report: Report | None) -> str:
    name = _(report.title) if report else _("Rows")
    return re.sub(r"[\[\]:*?/\\]", " ", name)[:31].strip(" '")


def _widths(table: pa.Table, columns: list[Column], titles: list[str]) -> list[int]:
    """A width for each column from its heading and its first values."""
    first = table.slice(0, _WIDTH_ROWS)
    widths = []
    for index, (column, title) in enumerate(zip(columns, titles, strict=True)):
        values = [_width_of(column, value) for value in first.column(index).to_pylist()]
        widths.append(min(_WIDEST, max([_heading_width(title), *values]) + 2))
    return widths


def _heading_width(title: str) -> int:
    return max(8, max((len(word) for word in title.split()), default=0) + 2, min(len(title), 24))


def _width_of(column: Column, value: object) -> int:
    match value:
        case None:
            return 0
        case bool():
            return 5
        case datetime():
            return 16
        case float() | Decimal():
            return len(f"{value:,.2f}")
        case _:
            return len(str(_labelled(column, value)))


def _write_about(
    book: xlsxwriter.Workbook, table: pa.Table, report: Report | None, head: Head | None
) -> None:
    """A second sheet: report, as-of date and filters, then each column with its definition."""
    sheet = book.add_worksheet(_("About")[:31])
    _write_lines(book, sheet, _about(table, report, head))


def _write_lines(
    book: xlsxwriter.Workbook, sheet: xlsxwriter.worksheet.Worksheet, lines: Iterable[tuple[str, ...]]
) -> None:
    bold = book.add_format({"bold": True, "valign": "top"})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    sheet.set_column(0, 1, 26)
    sheet.set_column(2, 2, 90)
    for row, cells in enumerate(lines):
        for index, text in enumerate(cells):
            sheet.write_string(row, index, _fitting(text), bold if index == 0 else wrapped)


def _about(table: pa.Table, report: Report | None, head: Head | None) -> Iterable[tuple[str, ...]]:
    yield from _said(report, head)
    yield _("Rows"), i18n.number(table.num_rows)
    if report:
        yield _("Contents"), _(report.description)
        yield ()
        for column in _columns(table, report):
            if column.description:
                yield column.name, column.heading(), column.help_text()
