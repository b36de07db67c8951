"""Tables: how a cell is written, what a column is headed, and what a file of the rows in sight holds."""

from __future__ import annotations

from datetime import date
from xml.etree import ElementTree

import pandas as pd
import pyarrow as pa
import pytest
from streamlit.elements.lib.pandas_styler_utils import marshall_styler
from streamlit.proto.ArrowData_pb2 import ArrowData

from ccinsight import i18n
from ccinsight.dashboard.pages.termination_reasons import lost_report
from ccinsight.dashboard.widgets import cells, columns, table_files, written_rows
from ccinsight.i18n import set_language
from ccinsight.registry import REPORTS


@pytest.mark.parametrize("language", i18n.LANGUAGES)
@pytest.mark.parametrize("value", [0.0, 7.0, -0.001, -1234.5, 1234567.891])
@pytest.mark.parametrize("decimals", [0, 1, 2])
def test_cells_are_written_as_everywhere_else(language: str, value: float, decimals: int) -> None:
    set_language(language)

    assert cells.plain(value, decimals).replace("\N{MINUS SIGN}", "-") == i18n.number(value, decimals)


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_a_little_below_zero_is_zero(language: str) -> None:
    set_language(language)

    assert cells.plain(-0.004, 2) == i18n.number(0, 2)
    assert [i18n.number(-0.4), i18n.number(-0.5), i18n.number(-0.6)] == ["0", "-1", "-1"]
    assert i18n.percent(-0.0000001) == i18n.percent(0)
    assert i18n.percent(-0.006).startswith("-1")


def test_users_on_an_invoice_line_have_no_decimals_and_hours_have_theirs() -> None:
    set_language("en")
    quantity = REPORTS["invoice_lines"].column("quantity")

    assert [quantity.shown(value) for value in (186.0, 7.5)] == ["186", "7.50"]
    assert [cells._cell(quantity)(value) for value in (186.0, 7.5)] == ["186", "7.50"]


def test_streamlit_shows_the_texts_that_a_table_is_given() -> None:
    frame = pd.DataFrame(
        {"name": ["Bakke", "Dal"], "users": pd.array([1234, None], dtype="Int64")}, index=[5, 9]
    )
    proto = ArrowData()

    marshall_styler(proto, cells._as_written(frame, {"users": lambda value: f"<{value}>"}), "table")

    shown = pa.ipc.open_stream(proto.styler.display_values).read_all()
    assert shown.column("users").to_pylist() == ["<1234>", "<<NA>>"]
    assert shown.column("name").to_pylist() == ["Bakke", "Dal"]


def test_heading_has_a_unit_only_where_the_label_lacks_it() -> None:
    set_language("en")
    report = REPORTS["revenue_by_user_band"]

    assert cells.heading(report.column("agreements")) == "Agreements"
    assert cells.heading(report.column("revenue")) == "Recurring revenue (kr)"


@pytest.mark.parametrize("table", columns.FIRST)
def test_at_most_eight_columns_stand_in_a_table_at_first(table: str) -> None:
    assert len(columns.FIRST[table]) <= 8


@pytest.mark.parametrize("table", [name for name in columns.FIRST if name in REPORTS])
def test_columns_in_sight_are_the_reports(table: str) -> None:
    report = lost_report() if table == "lost_agreements" else REPORTS[table]

    assert all(report.has_column(name) for name in (*columns.FIRST[table], *columns.TOTALS.get(table, ())))


def test_rows_in_sight_keep_days_as_days() -> None:
    frame = pd.DataFrame({"due_on": pd.to_datetime(pd.Series(["2026-03-15", None])), "days_left": [0, 1]})

    rows = table_files.shown_rows(frame, REPORTS["deadlines"])

    assert rows.schema.field("due_on").type == pa.date32()
    assert rows.column("due_on").to_pylist() == [date(2026, 3, 15), None]


def test_a_short_table_says_what_is_unknown_and_why() -> None:
    set_language("en")
    report = REPORTS["agreements"]
    frame = pd.DataFrame(
        {
            "agreement_id": ["<A & 1>", "A2"],
            "renewal_on": pd.to_datetime(["2027-03-15", "2027-04-01"]),
            "invoiced_users": pd.array([1234, None], dtype="Int64"),
            "rate": [1450.5, None],
        }
    )

    root = ElementTree.fromstring(written_rows.html(frame, report))

    rows = [[cell.text for cell in row] for row in root.iter("tr")]
    assert rows[1:] == [
        ["<A & 1>", "15.03.2027", "1,234", "1,450.50"],
        ["A2", "01.04.2027", "unknown", "unknown"],
    ]
    unknown = [cell for cell in root.iter("td") if cell.text == "unknown"]
    assert [cell.get("title") for cell in unknown] == [
        report.column(name).help_text() for name in ("invoiced_users", "rate")
    ]
    assert all(cell.get("title") for cell in root.iter("th"))


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_a_short_table_writes_its_cells_as_the_grid_does(language: str) -> None:
    set_language(language)
    report = REPORTS["imports"]
    moments = pd.to_datetime(pd.Series(["2026-03-15 09:30", None]))
    frame = pd.DataFrame({"imported_at": moments, "name": ["a.csv", None], "rows_read": [1234567, 0]})

    shown = cells.with_labels(cells.with_open_dates(frame, report), report)
    root = ElementTree.fromstring(written_rows.html(shown, report))

    first, second = ([cell.text or "" for cell in row] for row in list(root.iter("tr"))[1:])
    assert first == ["15.03.2026 09:30", "a.csv", cells.plain(1234567, 0)]
    assert second == ["", "", "0"]


def test_months_are_written_without_their_day() -> None:
    column = REPORTS["tickets_by_month"].column("month")

    assert cells.texts(pd.Series(pd.to_datetime(["2026-03-01"])), column) == ["03.2026"]


def test_a_small_share_in_a_table_is_not_nothing() -> None:
    column = REPORTS["utilization"].column("contact_rate")

    write = cells._cell(column)

    assert [write(value) for value in (2 / 1_400, 1_399 / 1_400, 0.0, 1.0)] == ["0.1", "99.9", "0", "100"]
