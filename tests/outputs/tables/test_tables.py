"""Reports as files: exact values, whole files compared, read back where the format is binary."""

import csv
import io
import json
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from zipfile import ZipFile

import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from ccinsight import i18n
from ccinsight.errors import CcinsightError, UsageError
from ccinsight.outputs import tables
from ccinsight.outputs.cells import Head
from ccinsight.outputs.frames import to_frame
from ccinsight.registry import REPORTS

HEAD = Head(as_of=date(2026, 3, 15), filters=(("Customer", "1042"), ("User band", "10–24")))


def _renewals() -> pa.Table:
    """Two rows of the report, with an unknown rate, an odd name and a column that no report has."""
    return pa.table(
        {
            "agreement_id": pa.array(["A-1", "007"]),
            "customer_name": pa.array(["Sør, Tre & Lås AS", '=SUM(A1) "x"\n+2']),
            "renewal_on": pa.array([date(2026, 3, 30), None]),
            "renewal_status": pa.array(["will_renew", "open"]),
            "users_now": pa.array([43, None], pa.int64()),
            "rate_now": pa.array([Decimal("1323.9800"), Decimal("0.1250")], pa.decimal128(18, 4)),
            "value_now": pa.array([Decimal("56931.1400"), None], pa.decimal128(38, 4)),
            "lost": pa.array([Decimal("0.00"), Decimal("-0.00")], pa.decimal128(18, 2)),
            "extra": pa.array([Decimal("1.50"), None], pa.decimal128(18, 2)),
        }
    )


def _ratios() -> pa.Table:
    return pa.table(
        {
            "customer_id": ["0007", "x"],
            "licence_use": pa.array([Decimal("0.8500000000"), Decimal(1)], pa.decimal128(18, 10)),
            "contact_rate": pa.array([1 / 9, 1e-7]),
            "minutes": pa.array([Decimal("345.000000"), Decimal("0.5")], pa.decimal128(18, 6)),
        }
    )


def _workbook(table: pa.Table, **options: object) -> openpyxl.Workbook:
    content = tables.write(table, "xlsx", REPORTS["renewals"], HEAD, **options)  # type: ignore[arg-type]
    return openpyxl.load_workbook(io.BytesIO(content))


def test_csv_is_exact() -> None:
    assert tables.write(_renewals(), "csv", REPORTS["renewals"]).decode() == (
        "agreement_id,customer_name,renewal_on,renewal_status,users_now,rate_now,value_now,lost,extra\n"
        'A-1,"Sør, Tre & Lås AS",2026-03-30,will_renew,43,1323.98,56931.14,0.00,1.50\n'
        '007,"=SUM(A1) ""x""\n+2",,open,,0.125,,0.00,\n'
    )


def test_csv_ratios_have_at_least_six_decimals_and_no_exponent() -> None:
    assert tables.write(_ratios(), "csv", REPORTS["utilization"]).decode() == (
        "customer_id,licence_use,contact_rate,minutes\n0007,0.850000,0.1111111111,345\nx,1.000000,0.0000001,0.5\n"
    )


def test_csv_rounds_amounts_half_up() -> None:
    table = pa.table({"annual_value": pa.array([Decimal("0.125"), Decimal("-0.125")], pa.decimal128(18, 3))})
    assert tables.write(table, "csv", REPORTS["agreements"]) == b"annual_value\n0.13\n-0.13\n"


def test_csv_writes_timestamps_and_booleans() -> None:
    table = pa.table(
        {
            "opened_at": pa.array([datetime(2026, 3, 1, 9, 5)], pa.timestamp("us")),
            "is_covered": pa.array([True]),
        }
    )
    assert (
        tables.write(table, "csv", REPORTS["ticket_list"])
        == b"opened_at,is_covered\n2026-03-01 09:05:00,true\n"
    )


def test_json_has_the_same_digits_as_csv() -> None:
    text = tables.write(_renewals(), "json", REPORTS["renewals"]).decode()
    assert '"rate_now": 1323.98, "value_now": 56931.14, "lost": 0.00' in text
    rows = json.loads(text)
    assert rows[1] == {
        "agreement_id": "007",
        "customer_name": '=SUM(A1) "x"\n+2',
        "renewal_on": None,
        "renewal_status": "open",
        "users_now": None,
        "rate_now": 0.125,
        "value_now": None,
        "lost": 0,
        "extra": None,
    }


@pytest.mark.parametrize(("format", "content"), [("csv", b"agreement_id\n"), ("json", b"[]\n")])
def test_no_rows(format: str, content: bytes) -> None:
    assert tables.write(pa.table({"agreement_id": pa.array([], pa.string())}), format) == content


def test_parquet_keeps_types_and_says_what_it_is() -> None:
    read = pq.read_table(io.BytesIO(tables.write(_renewals(), "parquet", REPORTS["renewals"], HEAD)))
    assert read.equals(_renewals())
    assert read.schema.metadata[b"report"] == b"renewals"
    assert read.schema.metadata[b"as_of"] == b"2026-03-15"
    assert read.schema.metadata[b"Customer"] == b"1042"


def test_excel_holds_names_and_codes_by_default() -> None:
    sheet = _workbook(_renewals()).worksheets[0]
    assert [[cell.value for cell in row] for row in sheet.iter_rows()] == [
        _renewals().column_names,
        ["A-1", "Sør, Tre & Lås AS", datetime(2026, 3, 30), "will_renew", 43, 1323.98, 56931.14, 0, 1.5],
        ["007", '=SUM(A1) "x"\n+2', None, "open", None, 0.125, None, 0, None],
    ]
    assert sheet.title == "Renewals"
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:I3"


def test_excel_formats_come_from_the_registry() -> None:
    row = next(iter(_workbook(_renewals()).worksheets[0].iter_rows(min_row=2, max_row=2)))
    assert [cell.number_format for cell in row] == [
        "General",
        "General",
        "dd.mm.yyyy",
        "General",
        "#,##0",
        "#,##0.00",
        "#,##0.00",
        "#,##0.00",
        "General",
    ]


@pytest.mark.parametrize(("language", "month"), [("nb", "[$-414]mmm yyyy"), ("en", "[$-809]mmm yyyy")])
def test_days_are_written_as_in_norway_and_months_in_the_files_language(language: str, month: str) -> None:
    table = pa.table(
        {"month": [date(2026, 5, 1)], "day": [date(2026, 5, 2)], "at": [datetime(2026, 5, 2, 14, 5)]}
    )
    i18n.set_language(language)
    content = tables.write(table, "xlsx", REPORTS["tickets_by_month"])
    row = next(iter(openpyxl.load_workbook(io.BytesIO(content)).worksheets[0].iter_rows(min_row=2)))
    assert [cell.number_format for cell in row] == [month, "dd.mm.yyyy", "dd.mm.yyyy hh:mm"]
    assert [cell.value for cell in row] == [
        datetime(2026, 5, 1),
        datetime(2026, 5, 2),
        datetime(2026, 5, 2, 14, 5),
    ]


def test_excel_text_is_never_a_formula_or_a_link() -> None:
    table = pa.table({"note": ["=1+1", "https://example.com", "12", "@x", "-1"]})
    content = tables.write(table, "xlsx", REPORTS["meetings_list"])
    sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    cells = [row[0] for row in sheet.iter_rows(min_row=2)]
    assert [cell.value for cell in cells] == ["=1+1", "https://example.com", "12", "@x", "-1"]
    assert all(cell.data_type == "s" and cell.hyperlink is None for cell in cells)


def test_excel_for_people_has_headings_and_labels() -> None:
    sheet = _workbook(_renewals(), labels=True).worksheets[0]
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0][3:7] == (
        "Status",
        "Users now",
        "Rate now (kr per user and year)",
        "Value now (kr)",
    )
    assert rows[1][3] == "Will renew"
    assert rows[0][8] == "extra"


def test_excel_says_report_date_filters_and_definitions() -> None:
    about = _workbook(_renewals(), labels=True).worksheets[1]
    rows = [[cell for cell in row if cell] for row in about.iter_rows(values_only=True)]
    assert rows[:6] == [
        ["Report", "Renewals"],
        ["As of", "15 Mar 2026"],
        ["Customer", "1042"],
        ["User band", "10–24"],
        ["Rows", "2"],
        ["Contents", "The next renewal of each agreement in force, with its value now and then."],
    ]
    assert ["value_now", "Value now (kr)", "Users now × rate now. (Clause A10, rule R9)"] in rows


def test_excel_is_the_same_for_the_same_question() -> None:
    assert tables.write(_renewals(), "xlsx", None, HEAD) == tables.write(_renewals(), "xlsx", None, HEAD)


def test_excel_without_rows_and_in_norwegian_opens() -> None:
    i18n.set_language("nb")
    assert _workbook(_renewals().slice(0, 0), labels=True).worksheets[0].max_row == 1


def test_excel_cuts_a_text_that_no_cell_holds() -> None:
    content = tables.write(pa.table({"note": ["x" * 40_000]}), "xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    assert len(str(sheet["A2"].value)) == 32_767


def test_an_unknown_format_is_named() -> None:
    with pytest.raises(UsageError, match=r"xls.*csv, json, xlsx, parquet"):
        tables.write(_renewals(), "xls")


def test_write_file(tmp_path: Path) -> None:
    tables.write_file(_renewals().select(["agreement_id"]), "csv", tmp_path / "r.csv")
    assert (tmp_path / "r.csv").read_bytes() == b"agreement_id\nA-1\n007\n"
    with pytest.raises(CcinsightError, match="No such file"):
        tables.write_file(_renewals(), "csv", tmp_path / "missing" / "r.csv")


def test_file_name_says_date_and_filters() -> None:
    assert tables.file_name("renewals", "csv") == "renewals.csv"
    assert tables.file_name("renewals", "xlsx", HEAD) == "renewals_2026-03-15_1042_10-24.xlsx"
    odd = Head(date(2026, 3, 15), (("Account manager", "Åse / Ola"),))
    assert tables.file_name("renewals", "csv", odd) == "renewals_2026-03-15_Åse-Ola.csv"


def test_to_frame_gives_types_for_drawing() -> None:
    frame = to_frame(_renewals())
    assert frame.dtypes.astype(str).to_dict() == {
        "agreement_id": "str",
        "customer_name": "str",
        "renewal_on": "datetime64[s]",
        "renewal_status": "str",
        "users_now": "Int64",
        "rate_now": "float64",
        "value_now": "float64",
        "lost": "float64",
        "extra": "float64",
    }
    assert frame["value_now"].isna().tolist() == [False, True]
    assert frame["users_now"].sum() == 43
    assert pd.isna(frame["renewal_on"][1])


# --- Texts that a spreadsheet would run

_RUN = ('=HYPERLINK("http://x","y")', "+1+2", "-2+3", "@sum(a1)", "\t=1", "\r=1")


def _texts(*texts: str) -> pa.Table:
    return pa.table({"customer_name": texts, "amount": [Decimal("-5.00")] * len(texts)})


def test_an_exact_csv_changes_no_text() -> None:
    rows = list(csv.reader(io.StringIO(tables.write(_texts(*_RUN), "csv").decode(), newline="")))

    assert [row[0] for row in rows[1:]] == list(_RUN)
    assert {row[1] for row in rows[1:]} == {"-5.00"}


def test_an_excel_file_holds_texts_and_no_formula_or_link() -> None:
    content = tables.write(_texts(*_RUN, "http://example.org", "mailto:a@b.no", "00123"), "xlsx")

    book = openpyxl.load_workbook(io.BytesIO(content))
    with ZipFile(io.BytesIO(content)) as archive:
        sheets = [archive.read(name).decode() for name in archive.namelist() if "worksheets/sheet" in name]
    assert sheets
    assert not any("<f>" in sheet or "hyperlink" in sheet for sheet in sheets)
    column = [row[0] for row in book.worksheets[0].iter_rows(min_row=2, values_only=True)]
    assert column[:5] == list(_RUN[:5])
    assert column[6:] == ["http://example.org", "mailto:a@b.no", "00123"]
    assert all(cell.data_type == "s" for (cell,) in book.worksheets[0].iter_rows(min_row=2, max_col=1))
