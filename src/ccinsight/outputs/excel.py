"""A report, or several, as an Excel workbook, with labels in the language in use where a person reads it."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import pyarrow as pa

from ccinsight import i18n
from ccinsight.errors import CcinsightError
from ccinsight.i18n import _
from ccinsight.outputs.cells import Head, columns_of, labelled, rows_of
from ccinsight.printable import printable
from ccinsight.registry import Column, Report

if TYPE_CHECKING:
    import xlsxwriter

# Days are written as in Norway whatever the machine's country: 03/04 is another day in another country.
_EXCEL_FORMATS = {
    "date": "dd.mm.yyyy",
    "moment": "dd.mm.yyyy hh:mm",
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


def to_excel(table: pa.Table, report: Report | None, head: Head | None, labels: bool) -> bytes:
    """The table as a workbook with a sheet of rows and one about them; ``labels`` as in ``tables.write``."""
    _refuse_long(table)
    out = io.BytesIO()
    book = _book(out, head)
    _write_rows(book, table, report, labels)
    _write_about(book, table, report, head)
    book.close()
    return out.getvalue()


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


def excel_formats() -> dict[str, str]:
    """Format of a column → number format of its cells."""
    return {**_EXCEL_FORMATS, "month": f"[$-{_EXCEL_LANGUAGES[i18n.language()]}]mmm yyyy"}


def _said(report: Report | None, head: Head | None) -> Iterator[tuple[str, str]]:
    """What a file says of itself: report, as-of date and filters."""
    if report:
        yield _("Report"), _(report.title)
    if head:
        yield _("As of"), i18n.day(head.as_of)
        yield from head.filters or ((_("Filters"), _("none")),)


def _refuse_long(table: pa.Table) -> None:
    if table.num_rows > _EXCEL_ROWS:
        limit = i18n.number(_EXCEL_ROWS)
        raise CcinsightError(
            _("Excel holds at most {limit} rows: choose CSV or Parquet.").format(limit=limit)
        )


def _book(out: io.BytesIO, head: Head | None) -> xlsxwriter.Workbook:
    import xlsxwriter  # here: a server that nobody asks for a file need not hold it

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
    columns = columns_of(table, report)
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
    for number, row in enumerate(rows_of(table, labelled if labels else _as_is, report), start=1):
        for index, value in enumerate(row):
            _write_cell(sheet, number, index, value, formats[index])


def _as_is(_column: Column, value: object) -> object:
    return None if i18n.is_unknown(value) else value


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
            return len(str(labelled(column, value)))


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
        for column in columns_of(table, report):
            if column.description:
                yield column.name, column.heading(), column.help_text()
