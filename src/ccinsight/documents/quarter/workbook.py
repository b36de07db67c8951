"""The review as a workbook for management: the figures, and the rows behind them, each sheet marked as internal."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

import pandas as pd
import xlsxwriter

from ccinsight.documents.quarter import figures, lost, words
from ccinsight.documents.quarter.source import Quarter
from ccinsight.i18n import N_, _
from ccinsight.outputs.cells import labelled
from ccinsight.outputs.excel import excel_formats
from ccinsight.printable import printable
from ccinsight.registry import MEASURES, REPORTS, Column

_OPTIONS = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "in_memory": True,
    "remove_timezone": True,
}
# A percent is written as percent, 12.5 for 12.5 %: its unit stands beside it.
_FORMAT_OF = {"percent": "ratio"}
_WIDEST, _LONGEST = 48, 32_000
_BAD = re.compile(r"[\[\]:*?/\\]")


def write_workbook(quarter: Quarter) -> bytes:
    """The workbook as an .xlsx file in the language in use; the same bytes for the same figures."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, _OPTIONS)
    last = quarter.period.last
    book.set_properties(
        {
            "title": _("Review: {period}").format(period=quarter.period.label()),
            "comments": words.facts(quarter.period, quarter.filters)[0],
            "created": datetime(last.year, last.month, last.day),
        }
    )
    sheets = _Sheets(book, quarter)
    sheets.write(
        _("Review"),
        *_figures(quarter),
        definitions=list(figures.columns().values()),
        formats=[_FORMAT_OF.get(column.format, column.format) for column in quarter.compared.values()],
    )
    for report, rows, extra in _reports(quarter):
        columns = [*REPORTS[report].columns, *extra]
        sheets.write(_(REPORTS[report].title), columns, _cells(columns, rows))
    sheets.write(_("Risks and verdicts"), _risk_columns(), _cells(_risk_columns(), _risks(quarter)))
    book.close()
    return out.getvalue()


def _figures(quarter: Quarter) -> tuple[list[Column], list[list[object]]]:
    """The figures of the page's table, exact, percents as percent, with the unit beside them."""
    others = [other.period.label() for other in quarter.others]
    columns = [
        Column("figure", N_("Figure"), "text", ""),
        Column("unit", N_("Unit"), "text", ""),
        Column("period", quarter.period.label(), "amount", ""),
    ]
    for label in others:
        change = _("Change from {period}").format(period=label)
        columns += [Column("other", label, "amount", ""), Column("change", change, "amount", "")]
    rows: list[list[object]] = []
    for name, column in quarter.compared.items():
        now, *before = (figures.exact(column, found[name]) for found in quarter.values)
        cells: list[object] = [
            figures.named(name, column),
            column.unit_of(None),
            now,
        ]
        for value in before:
            cells += [value, figures.change(now, value)]
        rows.append(cells)
    return columns, rows


def _reports(quarter: Quarter) -> Iterable[tuple[str, pd.DataFrame, Sequence[Column]]]:
    """Each report behind the figures, its rows, and the columns that are put beside its own."""
    reviewed = quarter.reviewed
    yield "revenue_movements", reviewed.movements, ()
    yield "movement_customers", reviewed.customers, ()
    yield "lost_agreements", quarter.lost, (lost.REASON, lost.NOTE)
    yield "retention", reviewed.retention, ()
    yield "committed_revenue", reviewed.committed, ()
    yield "renewals_compared", reviewed.renewals, ()
    if reviewed.has_invoices:
        yield "invoicing", reviewed.invoicing, ()
    yield "renewal_forecast", quarter.forecast, ()


def _risk_columns() -> list[Column]:
    risk, verdict = REPORTS["renewal_risk"].column, REPORTS["renewal_verdicts"].column
    return [
        *(
            risk(name)
            for name in ("customer_id", "customer_name", "account_manager", "annual_value", "renewal_on")
        ),
        MEASURES["risk_score"],
        *(verdict(name) for name in ("verdict", "reason", "action", "action_on", "given_on")),
    ]


def _risks(quarter: Quarter) -> pd.DataFrame:
    return quarter.at_risk.rename(columns={"score": "risk_score"})


def _cells(columns: Sequence[Column], rows: pd.DataFrame) -> list[list[object]]:
    values = [[labelled(column, value) for value in rows[column.name].tolist()] for column in columns]
    return [list(row) for row in zip(*values, strict=True)]


class _Sheets:
    """A workbook under way: every sheet begins with what it is, that it is internal, its days and its filters."""

    def __init__(self, book: Any, quarter: Quarter) -> None:
        self._book = book
        self._facts = [printable(line) for line in words.facts(quarter.period, quarter.filters)]
        self._title = book.add_format({"bold": True, "font_size": 14})
        self._bold = book.add_format({"bold": True})
        self._internal = book.add_format({"bold": True, "font_color": "#9c4a00"})
        self._head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        self._forms = {name: book.add_format({"num_format": form}) for name, form in excel_formats().items()}

    def write(
        self,
        title: str,
        columns: Sequence[Column],
        rows: Sequence[Sequence[object]],
        definitions: Sequence[Column] | None = None,
        formats: Sequence[str] | None = None,
    ) -> None:
        """A sheet with a table and, below it, what its columns or figures mean.

        ``formats``: the format of each row's numbers, where it isn't their column's.
        """
        sheet = self._book.add_worksheet(_BAD.sub(" ", title)[:31].strip(" '"))
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.set_header(f"&L{self._facts[0]}&R{self._facts[2]}")
        sheet.set_footer("&R&P / &N")
        sheet.write_string(0, 0, title, self._title)
        for row, line in enumerate(self._facts, start=1):
            sheet.write_string(row, 0, line, self._internal if row == 1 else None)
        top = len(self._facts) + 2
        for index, column in enumerate(columns):
            sheet.set_column(index, index, _width(column, [row[index] for row in rows]))
            sheet.write_string(top, index, printable(_heading(column)), self._head)
            for number, cells in enumerate(rows):
                form = formats[number] if formats and column.is_numeric else column.format
                self._cell(sheet, (top + 1 + number, index), column, form, cells[index])
        sheet.freeze_panes(top + 1, 0)
        if rows:
            sheet.autofilter(top, 0, top + len(rows), len(columns) - 1)
        self._define(sheet, top + len(rows) + 3, definitions or columns)

    def _cell(self, sheet: Any, at: tuple[int, int], column: Column, format_name: str, value: object) -> None:
        form = self._forms.get(format_name)
        match value:
            case None:
                sheet.write_string(*at, _("unknown") if _is_number(column) else "")
            case bool():
                sheet.write_boolean(*at, value)
            case datetime() | date():
                sheet.write_datetime(*at, value, form)
            case int() | float():
                sheet.write_number(*at, float(value), form)
            case _:
                sheet.write_string(*at, printable(str(value))[:_LONGEST])

    def _define(self, sheet: Any, row: int, columns: Sequence[Column]) -> None:
        said = [column for column in columns if column.description]
        if said:
            sheet.write_string(row, 0, _("Definitions"), self._bold)
        for number, column in enumerate(said, start=row + 1):
            sheet.write_string(number, 0, f"{_(column.label)}: {column.help_text()}")


def _is_number(column: Column) -> bool:
    return column.format not in ("text", "code", "date", "moment", "month", "boolean")


def _heading(column: Column) -> str:
    return column.heading() if column.description else _(column.label)


def _width(column: Column, values: Sequence[object]) -> int:
    words_of = max((len(word) for word in _heading(column).split()), default=0)
    widest = max((len(str(value)) for value in values[:500] if isinstance(value, str)), default=0)
    return min(_WIDEST, max(14, words_of + 2, widest + 2))
