"""Excel and Parquet come into the same shape as text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900

from ccinsight.ingest import import_paths
from tests.ingest.trying import WHEN, Trial

HEADERS = ["Saks-ID", "Firma-ID", "Opprettet", "Svar ved", "Brukt tid"]


Rows = Sequence[Sequence[Any]]


def import_book(
    folder: Path, sheets: Mapping[str, Rows], name: str = "saker.xlsx", epoch: datetime | None = None
) -> Trial:
    workbook = openpyxl.Workbook()
    if epoch is not None:
        workbook.epoch = epoch
    workbook.remove(workbook.worksheets[0])
    for title, rows in sheets.items():
        sheet = workbook.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
    workbook.save(folder / name)
    summary = import_paths([folder / name], folder / "try.duckdb", imported_at=WHEN)
    return Trial(summary, folder / "try.duckdb")


@pytest.mark.parametrize("epoch", [CALENDAR_WINDOWS_1900, CALENDAR_MAC_1904])
def test_dates_and_numbers_of_excels_own(tmp_path: Path, epoch: datetime) -> None:
    row = [7, "007", datetime(2026, 1, 31, 14, 5, 9), date(2026, 2, 1), 2.5]
    trial = import_book(tmp_path, {"Ark1": [HEADERS, row]}, epoch=epoch)
    assert trial.rows(
        "select ticket_id, customer_id, opened_at, first_reply_at, minutes_spent, line from stored.tickets"
    ) == [("7", "007", datetime(2026, 1, 31, 14, 5, 9), datetime(2026, 2, 1), Decimal("2.5"), 2)]
    assert (trial.file.format, trial.file.encoding) == ("xlsx", None)


def test_time_cells_are_hours_and_minutes(tmp_path: Path) -> None:
    rows = [[1, 1, date(2026, 1, 1), None, time(2, 30)], [2, 1, date(2026, 1, 1), None, timedelta(hours=30)]]
    trial = import_book(tmp_path, {"Ark1": [HEADERS, *rows]})
    assert trial.values("select minutes_spent from stored.tickets order by 1") == [
        Decimal(150),
        Decimal(1800),
    ]


def test_a_number_cell_is_never_ambiguous(tmp_path: Path) -> None:
    rows: Rows = [["Gjelder fra", "Fra antall brukere", "Pris per bruker"], [date(2026, 1, 1), 1, 1.234]]
    assert import_book(tmp_path, {"Priser": rows}).values("select price_per_user from stored.prices") == [
        Decimal("1.234")
    ]


def test_the_header_is_the_first_row_that_is_not_empty(tmp_path: Path) -> None:
    rows: list[list[Any]] = [[], [], HEADERS, [1, 1, date(2026, 1, 1)], [], [2, 1, "x"]]
    trial = import_book(tmp_path, {"Ark1": rows})
    assert trial.rows("select ticket_id, line from stored.tickets") == [("1", 4)]
    assert trial.rejects() == [(6, "opened_at", "x", "not a date")]


def test_an_error_cell_is_a_bad_value(tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    sheet = workbook.worksheets[0]
    sheet.append(HEADERS)
    sheet.append([1, 1, date(2026, 1, 1), None, None])
    sheet["E2"].value = "#N/A"
    sheet["E2"].data_type = "e"
    workbook.save(tmp_path / "saker.xlsx")
    summary = import_paths([tmp_path / "saker.xlsx"], tmp_path / "try.duckdb", imported_at=WHEN)
    assert Trial(summary, tmp_path / "try.duckdb").rejects() == [
        (2, "minutes_spent", "#N/A", "an error of Excel's own")
    ]


def test_an_error_in_a_column_of_text_is_bad_too_and_one_kept_aside_is_not(tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    sheet = workbook.worksheets[0]
    sheet.append(["Saks-ID", "Firma-ID", "Opprettet", "Tittel", "Annet"])
    for at in (1, 2):
        sheet.append([at, 1, date(2026, 1, 1), "x", "y"])
    for cell in ("D2", "E3"):
        sheet[cell].value = "#REF!"
        sheet[cell].data_type = "e"
    workbook.save(tmp_path / "saker.xlsx")
    summary = import_paths([tmp_path / "saker.xlsx"], tmp_path / "try.duckdb", imported_at=WHEN)
    trial = Trial(summary, tmp_path / "try.duckdb")
    assert trial.values("select ticket_id from stored.tickets") == ["2"]
    assert trial.rejects() == [(2, "title", "#REF!", "an error of Excel's own")]


def test_a_sheet_that_begins_further_in_and_a_chart_sheet_before_it(tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.worksheets[0])
    workbook.create_chartsheet("Graf")
    sheet = workbook.create_sheet("Data")
    sheet["C4"] = " "
    for column, header in zip("CDE", ["Saks-ID", "Firma-ID", "Opprettet"], strict=True):
        sheet[f"{column}5"] = header
    sheet["C6"], sheet["D6"], sheet["E6"] = 1, 2, date(2026, 1, 1)
    sheet["C7"], sheet["D7"], sheet["E7"] = 2, 2, "#N/A"
    sheet["E7"].data_type = "e"
    workbook.save(tmp_path / "saker.xlsx")
    summary = import_paths([tmp_path / "saker.xlsx"], tmp_path / "try.duckdb", imported_at=WHEN)
    trial = Trial(summary, tmp_path / "try.duckdb")
    assert trial.rows("select ticket_id, line from stored.tickets") == [("1", 6)]
    assert [row[:3] for row in trial.rejects()] == [(7, "opened_at", "#N/A")]


def test_the_sheets_named_like_exports_are_read(tmp_path: Path) -> None:
    prices: Rows = [["Gjelder fra", "Fra antall brukere", "Pris per bruker"], [date(2026, 1, 1), 1, 100]]
    tickets: Rows = [HEADERS, [1, 1, date(2026, 1, 1)]]
    trial = import_book(
        tmp_path, {"Om": [["Laget av", "Kari"]], "Prisliste 2026": prices, "Saker": tickets}, "alt.xlsx"
    )
    assert [(file.name, file.export) for file in trial.summary.files] == [
        ("alt.xlsx [Prisliste 2026]", "prices"),
        ("alt.xlsx [Saker]", "tickets"),
    ]


def test_cells_beyond_the_headers_reject_their_row(tmp_path: Path) -> None:
    rows: Rows = [HEADERS, [1, 1, date(2026, 1, 1), None, None, "note"], [2, 1, date(2026, 1, 1)]]
    trial = import_book(tmp_path, {"Ark1": rows})
    assert trial.values("select ticket_id from stored.tickets") == ["2"]
    assert trial.rejects()[0][3] == "too many fields"


def test_parquet(tmp_path: Path) -> None:
    table = pa.table(
        {
            "Saks-ID": pa.array([7, 8], pa.int64()),
            "Firma-ID": pa.array([10.0, 11.0]),
            "Opprettet": pa.array(
                [datetime(2026, 1, 1, 10), datetime(2026, 7, 1, 10)], pa.timestamp("us", tz="UTC")
            ),
            "Brukt tid": pa.array([Decimal("1.234"), None], pa.decimal128(10, 3)),
        }
    )
    pq.write_table(table, tmp_path / "saker.parquet")
    summary = import_paths([tmp_path / "saker.parquet"], tmp_path / "try.duckdb", imported_at=WHEN)
    with duckdb.connect(str(tmp_path / "try.duckdb"), read_only=True) as connection:
        rows = connection.execute(
            "select ticket_id, customer_id, opened_at, minutes_spent, line from stored.tickets order by 1"
        ).fetchall()
    assert rows == [
        ("7", "10", datetime(2026, 1, 1, 11), Decimal("1.234"), 1),
        ("8", "11", datetime(2026, 7, 1, 12), None, 2),
    ]
    assert summary.files[0].format == "parquet"


def test_a_date_cell_is_a_reply_without_a_time_of_day(tmp_path: Path) -> None:
    rows = [
        [1, 1, datetime(2026, 1, 1, 10), date(2026, 1, 1), None],
        [2, 1, datetime(2026, 1, 1, 10), date(2026, 1, 2), None],
    ]
    trial = import_book(tmp_path, {"Ark1": [HEADERS, *rows]})
    assert trial.values("select first_reply_at from stored.tickets order by ticket_id") == [
        datetime(2026, 1, 1, 10),
        datetime(2026, 1, 2),
    ]
    assert "day_times" in trial.kinds()


def test_a_formula_is_its_saved_value_and_a_formatted_id_its_number(tmp_path: Path) -> None:
    path = tmp_path / "saker.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEADERS)
        sheet.write_number(1, 0, 7, book.add_format({"num_format": "000000"}))
        sheet.write_formula(1, 1, '="10"&"42"', None, "1042")
        sheet.write_formula(1, 2, "=DATE(2026,1,31)", book.add_format({"num_format": "dd.mm.yyyy"}), 46053)
        sheet.write_formula(1, 4, "=1+1.5", None, 2.5)
    trial = Trial(import_paths([path], tmp_path / "try.duckdb", imported_at=WHEN), tmp_path / "try.duckdb")
    assert trial.rows("select ticket_id, customer_id, opened_at, minutes_spent from stored.tickets") == [
        ("7", "1042", datetime(2026, 1, 31), Decimal("2.5"))
    ]


@pytest.mark.parametrize("title", ["tickets", "Requests 2026", "SAKER", "saker (2)", "Sa-ker"])
def test_a_sheet_is_named_like_an_export_by_any_name_of_its_file(tmp_path: Path, title: str) -> None:
    tickets: Rows = [HEADERS, [1, 1, date(2026, 1, 1)]]
    other: Rows = [HEADERS, [2, 1, date(2026, 1, 1)]]
    trial = import_book(tmp_path, {"Om": other, title: tickets}, "alt.xlsx")
    assert trial.values("select ticket_id from stored.tickets") == ["1"]


def test_the_first_sheet_is_read_where_none_is_named_like_an_export(tmp_path: Path) -> None:
    trial = import_book(
        tmp_path,
        {"Ark1": [HEADERS, [1, 1, date(2026, 1, 1)]], "Ark2": [HEADERS, [2, 1, date(2026, 1, 1)]]},
    )
    assert trial.values("select ticket_id from stored.tickets") == ["1"]


@pytest.mark.parametrize("name", ["saker.csv", "saker.txt", "saker.parquet"])
def test_a_workbook_of_another_name_is_read_as_one(tmp_path: Path, name: str) -> None:
    book = import_book(tmp_path, {"Ark1": [HEADERS, [1, 1, date(2026, 1, 1)]]}, "saker.xlsx")
    assert book.file.format == "xlsx"
    other = tmp_path / name
    (tmp_path / "saker.xlsx").rename(other)
    trial = Trial(import_paths([other], tmp_path / "two.duckdb", imported_at=WHEN), tmp_path / "two.duckdb")
    assert trial.file.format == "xlsx"
    assert "format_differs" in trial.kinds()
