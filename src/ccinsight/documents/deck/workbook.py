"""The workbook: each table behind the slides on a sheet of its own, exact, with what its columns mean."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pyarrow.compute as pc
import xlsxwriter

from ccinsight import i18n
from ccinsight.documents.brief.customer_tables import newly_opened
from ccinsight.documents.brief.model import Brief
from ccinsight.documents.brief.sections.peers import FEWEST_PEERS
from ccinsight.i18n import _
from ccinsight.outputs.excel import excel_formats
from ccinsight.registry import REPORTS, Column, Report

# Table → the columns that the customer sees. A table or a column that isn't named here is internal, so that what
# is added to a report reaches no customer unless somebody writes it here.
_FOR_CUSTOMERS: dict[str, tuple[str, ...]] = {
    name: tuple(columns.split())
    for name, columns in {
        "meetings_list": "kind planned_on held_on",
        "users_by_month": "month registered_users active_users invoiced_users",
        "user_history": "counted_on registered_users available_licences active_users",
        "tickets_by_month": "month tickets training consulting access_down minutes",
        "tickets_compared": """
            dimension member tickets tickets_before tickets_change minutes minutes_before
            tickets_without_minutes
        """,
        "peers": "user_band measure own_value median_value percentile known customers",
        "access_down_tickets": """
            ticket_id opened_at title category severity first_reply_at reply_hours closed_at
        """,
        "response": "class tickets replied median_hours p90_hours",
        "open_tickets": "ticket_id opened_at days_open title status category severity scope first_reply_at",
        "contact_shares": "contacts tickets tickets_without_contact busiest_share three_busiest_share",
        "contacts": "contact tickets minutes share_of_customer",
        "tickets_by_category": "category scope is_access_down tickets tickets_before minutes",
        "agreement_use": """
            tickets hours_spent included_hours tickets_without_minutes consulting_hours hour_discount
            course_seats seat_discount
        """,
        "consulting": "discount_value discount_lines unpriced_lines",
        "agreements": """
            agreement_id product state subscribed_on period_start period_end renewal_on termination_deadline
            price_notice_deadline ends_on registered_users invoiced_users rate annual_value
        """,
        "renewals": """
            agreement_id renewal_on renewal_status users_now rate_now value_now users_next rate_next
            value_next seats_change price_change
        """,
        "deadlines": "due_on kind agreement_id days_left annual_value",
    }.items()
}
_OPTIONS = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "in_memory": True,
    "remove_timezone": True,
}
_WIDEST = 44


def write_workbook(brief: Brief, is_internal: bool) -> bytes:
    """The workbook of the deck, or of the annex; in the language in use."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, _OPTIONS)
    book.set_properties({"created": datetime(brief.as_of.year, brief.as_of.month, brief.as_of.day)})
    styles = _Styles(book)
    names = [name for name in brief.tables if is_internal or name in _FOR_CUSTOMERS]
    _write_statements(book, styles, brief, is_internal)
    if is_internal and brief.notes:
        _write_notes(book, styles, brief)
    for name in names:
        _write_table(book, styles, brief, REPORTS[name], is_internal)
    book.close()
    return out.getvalue()


class _Styles:
    """The formats of the cells, made once a workbook."""

    def __init__(self, book: Any) -> None:
        self.bold = book.add_format({"bold": True, "valign": "top"})
        self.title = book.add_format({"bold": True, "font_size": 14})
        self.wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        self.muted = book.add_format({"font_color": "#55606c", "text_wrap": True, "valign": "top"})
        self.head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        self.cells = {name: book.add_format({"num_format": form}) for name, form in excel_formats().items()}


def _write_statements(book: Any, styles: _Styles, brief: Brief, is_internal: bool) -> None:
    """The first sheet: every statement with its figures; for internal eyes with where each figure stands."""
    sheet = book.add_worksheet(_sheet_name(_("Statements")))
    title = (
        _("What the brief says, and where each figure stands")
        if is_internal
        else _("What the slides say, and the figures behind it")
    )
    row = _write_head(sheet, styles, brief, title)
    for index, wide in enumerate((90, 34, 18, 60)):
        sheet.set_column(index, index, wide)
    heads = [_("Statement"), _("Figure"), _("Value")]
    for index, head in enumerate(
        [*heads, _("Source: report, column, rule, clause")] if is_internal else heads
    ):
        sheet.write_string(row, index, head, styles.head)
    for section, statement in brief.statements():
        text = statement.text if is_internal else statement.shown
        if not text or (section.is_internal and not is_internal):
            continue
        row += 1
        sheet.write_string(row, 0, text, styles.wrapped)
        # what the customer reads in a sentence's place rests on other figures
        is_other = text != statement.text
        for number, figure in enumerate(() if is_other else statement.figures):
            row += 1 if number else 0
            sheet.write_string(row, 1, figure.definition.heading(), styles.wrapped)
            _write_value(sheet, styles, row, 2, figure.definition, figure.value)
            if is_internal:
                sheet.write_string(row, 3, figure.source(), styles.muted)


def _write_notes(book: Any, styles: _Styles, brief: Brief) -> None:
    """The notes of this meeting, whole."""
    sheet = book.add_worksheet(_sheet_name(_("Notes of this meeting")))
    row = _write_head(sheet, styles, brief, _("Notes of this meeting"))
    sheet.set_column(0, 0, 110)
    for number, line in enumerate(brief.notes.splitlines()):
        sheet.write_string(row + number, 0, line, styles.wrapped)


def _write_table(book: Any, styles: _Styles, brief: Brief, report: Report, is_internal: bool) -> None:
    table = brief.tables[report.name]
    title, described = _(report.title), _(report.description)
    if report.name == "open_tickets" and not is_internal:
        table = table.slice(table.num_rows - len(newly_opened(brief)[1]))
        title = _("Open tickets from the last three months")
        described = _("The tickets of the last three months that aren't closed, oldest first.")
    if report.name == "peers" and not is_internal:
        # among few, a median would tell one customer about another
        table = table.filter(pc.greater_equal(table["known"], FEWEST_PEERS))
    shown = None if is_internal else _FOR_CUSTOMERS[report.name]
    columns = [column for column in report.columns if shown is None or column.name in shown]
    sheet = book.add_worksheet(_sheet_name(_(report.title)))
    asked = _asked(brief, report) if is_internal else ""
    top = _write_head(sheet, styles, brief, title, described, asked)
    values = [_values(table, column, brief, is_internal) for column in columns]
    for index, (column, cells) in enumerate(zip(columns, values, strict=True)):
        sheet.set_column(index, index, _width(column, cells))
        sheet.write_string(top, index, column.heading(), styles.head)
        for row, value in enumerate(cells, start=top + 1):
            _write_value(sheet, styles, row, index, column, value)
    end = top + table.num_rows
    sheet.freeze_panes(top + 1, 0)
    sheet.autofilter(top, 0, end, len(columns) - 1)
    _write_definitions(sheet, styles, end + 2, columns, is_internal)


def _values(table: Any, column: Column, brief: Brief, is_internal: bool) -> list[Any]:
    """A column's values; contacts are numbered by their place, unless it is for internal eyes."""
    if column.name == "contact" and not is_internal:
        return [_("Contact {number}").format(number=number) for number in range(1, table.num_rows + 1)]
    values: list[Any] = table.column(column.name).to_pylist()
    return values


def _write_head(sheet: Any, styles: _Styles, brief: Brief, *lines: str) -> int:
    """Customer, as-of date and what the sheet holds; gives the row of the table's head."""
    sheet.write_string(0, 0, lines[0], styles.title)
    rest = [line for line in lines[1:] if line]
    head = [brief.customer_name, _("As of {day}").format(day=i18n.day(brief.as_of)), *rest]
    for row, line in enumerate(head, start=1):
        sheet.write_string(row, 0, line)
    return len(head) + 2


def _asked(brief: Brief, report: Report) -> str:
    options = brief.options.get(report.name, {})
    return ", ".join(f"{name} = {value}" for name, value in options.items())


def _write_definitions(
    sheet: Any, styles: _Styles, row: int, columns: Iterable[Column], is_internal: bool
) -> None:
    sheet.write_string(row, 0, _("Definitions"), styles.bold)
    for column in columns:
        row += 1
        said = column.help_text() if is_internal else column.definition()
        sheet.write_string(row, 0, f"{_(column.label)}: {said}")


def _write_value(sheet: Any, styles: _Styles, row: int, index: int, column: Column, value: Any) -> None:
    form = styles.cells.get(column.format)
    if i18n.is_unknown(value):
        return
    match value:
        case bool():
            sheet.write_string(row, index, column.shown(value))
        case datetime() | date():
            sheet.write_datetime(row, index, value, form)
        case int() | float() | Decimal():
            sheet.write_number(row, index, float(value), form)
        case _:
            sheet.write_string(row, index, _text(column, value)[:32_000])


def _text(column: Column, value: object) -> str:
    return column.code_label(value) if column.format == "code" else str(value)


def _width(column: Column, values: list[Any]) -> int:
    words = max((len(word) for word in column.heading().split()), default=0)
    widest = max((len(_text(column, value)) for value in values[:500] if isinstance(value, str)), default=0)
    fewest = 17 if column.format == "moment" else 12
    return min(_WIDEST, max(fewest, words + 2, widest + 2))


def _sheet_name(title: str) -> str:
    return re.sub(r"[\[\]:*?/\\]", " ", title)[:31].strip(" '")
