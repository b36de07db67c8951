"""Any file gives rows, rejects or one clear sentence; any table comes back equal from each form it is written in.

The short form runs with the tests; ``make soak`` (CCINSIGHT_SOAK=1) tries fifty times as many.
"""

from __future__ import annotations

import csv
import io
import os
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ccinsight.database import models
from ccinsight.errors import CcinsightError
from ccinsight.ingest import import_paths

WHEN = datetime(2026, 3, 15, 12, 0)
TRIES = 2_000 if os.environ.get("CCINSIGHT_SOAK") == "1" else 20
pytestmark = pytest.mark.timeout(3600)


@pytest.fixture(autouse=True)
def no_models(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is looked at here is what an import stores."""

    def build_models(connection: duckdb.DuckDBPyConnection) -> None:
        connection.execute("create schema if not exists model").fetchall()

    monkeypatch.setattr(models, "build_models", build_models)


def judge(folder: Path, name: str, content: bytes) -> None:
    """Imports the content; any error but ours, or a row that is lost, fails."""
    path, database = folder / name, folder / "try.duckdb"
    database.unlink(missing_ok=True)
    path.write_bytes(content)
    try:
        summary = import_paths([path], database, imported_at=WHEN)
    except CcinsightError as error:
        assert "could not be written" not in str(error), error
        assert not database.exists()
        return
    finally:
        path.unlink()
    with duckdb.connect(str(database), read_only=True) as connection:
        rejected = connection.execute("select count(*) from stored.rejects").fetchall()[0][0]
        stored = connection.execute("select count(*) from stored.tickets").fetchall()[0][0]
    for file in summary.files:
        assert file.rows_read == file.rows_good + file.rows_rejected
        assert file.rows_rejected == rejected
        assert file.export != "tickets" or stored <= file.rows_good


_CELL = (
    st.text(max_size=8)
    | st.from_regex(r"[-0-9./: ,TZ\[\]DFIkr]{1,20}", fullmatch=True)
    | st.sampled_from(
        [
            "1",
            "[I:17]",
            "31.12.2026 14:05",
            "[DT:12/31/2026 14:05:09]",
            "2026-01-01",
            '"',
            '"a',
            'a"',
            "\0",
            "\r",
        ]
    )
)
_HEADER = st.sampled_from(
    [
        "ID;Firma-ID;Opprettet;Svar ved;Tittel",
        'ID;Firma;Opprettet;"Brukt\ntid";Status',
        "ID;Orgnr;Opprettet;;x",
    ]
)
_TEXT = st.builds(
    lambda mark, header, rows, end: end.join([*mark, header, *(";".join(row) for row in rows)]),
    st.lists(st.sampled_from(["sep=;", "", "sep=\t"]), max_size=2),
    _HEADER,
    st.lists(st.lists(_CELL, min_size=4, max_size=6), max_size=12),
    st.sampled_from(["\n", "\r\n", "\r", "\n\n"]),
)
_FILE = st.builds(
    lambda text, codec, noise, at: (
        (data := text.encode(codec, "replace"))[: at % (len(data) + 1)] + noise + data[at % (len(data) + 1) :]
    ),
    _TEXT,
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"]),
    st.just(b"") | st.binary(max_size=6),
    st.integers(0, 400),
)


@given(
    _FILE | st.binary(max_size=300),
    st.sampled_from(["saker.csv", "saker.txt", "saker.xlsx", "saker.parquet"]),
)
@settings(deadline=None, max_examples=TRIES, suppress_health_check=list(HealthCheck))
def test_any_file_is_rows_rejects_or_a_sentence(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, name: str
) -> None:
    judge(tmp_path_factory.mktemp("any"), name, content)


@given(st.data())
@settings(deadline=None, max_examples=TRIES // 2, suppress_health_check=list(HealthCheck))
def test_any_damage_to_a_workbook_or_a_parquet_file(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("damage")
    suffix = data.draw(st.sampled_from(["xlsx", "parquet"]))
    content = bytearray(_written(folder, _ROWS, suffix).read_bytes())
    for _time in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(content)) | st.none())
    judge(folder, f"saker.{suffix}", bytes(content[:cut]))


_ROWS: list[tuple[str, datetime, Decimal, str]] = [
    ("007", datetime(2026, 1, 31, 14, 5, 9), Decimal("2.5"), 'Kjøp; "nå", ikke\nsiden'),
    ("7", datetime(2026, 12, 1, 0, 0, 1), Decimal("1234.25"), "Ærlig talt – 100 €"),
    ("x-8", datetime(2026, 5, 5, 23, 59, 59), Decimal(0), "\ttabulator\t;"),
]
_NAMES = ["Saks-ID", "Opprettet", "Brukt tid", "Tittel", "Firma-ID"]
_DATES = {
    "norwegian": "%d.%m.%Y %H:%M:%S",
    "iso": "%Y-%m-%dT%H:%M:%S",
    "superoffice": "[DT:%m/%d/%Y %H:%M:%S]",
}


def _written(folder: Path, rows: list[tuple[str, datetime, Decimal, str]], suffix: str) -> Path:
    path = folder / f"saker.{suffix}"
    if suffix == "parquet":
        columns = [*map(list, zip(*rows, strict=True)), ["1"] * len(rows)]
        pq.write_table(pa.table(dict(zip(_NAMES, columns, strict=True))), path)
        return path
    with xlsxwriter.Workbook(path) as book:
        sheet, moment = book.add_worksheet(), book.add_format({"num_format": "dd.mm.yyyy hh:mm:ss"})
        sheet.write_row(0, 0, _NAMES)
        for at, (ticket, opened, minutes, title) in enumerate(rows, 1):
            sheet.write_string(at, 0, ticket)
            sheet.write_datetime(at, 1, opened, moment)
            sheet.write_number(at, 2, float(minutes))
            sheet.write_string(at, 3, title)
            sheet.write_number(at, 4, 1)
    return path


def _back(path: Path, folder: Path) -> list[tuple[object, ...]]:
    database = folder / "try.duckdb"
    summary = import_paths([path], database, imported_at=WHEN)
    assert summary.rows_rejected == 0
    with duckdb.connect(str(database), read_only=True) as connection:
        return connection.execute(
            "select ticket_id, opened_at, minutes_spent, title from stored.tickets order by line"
        ).fetchall()


def _expected() -> list[tuple[object, ...]]:
    return [(*row[:3], row[3].strip()) for row in _ROWS]


@pytest.mark.parametrize("dates", _DATES)
@pytest.mark.parametrize("sign", [",", "."])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_a_table_comes_back_from_each_form_of_text(
    tmp_path: Path, delimiter: str, encoding: str, sign: str, dates: str
) -> None:
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter)
    writer.writerow(_NAMES)
    for ticket, opened, minutes, title in _ROWS:
        moment = opened.strftime(_DATES[dates])
        writer.writerow([ticket, moment, str(minutes).replace(".", sign), title, 1])
    path = tmp_path / "saker.csv"
    path.write_bytes(text.getvalue().encode(encoding))
    assert _back(path, tmp_path) == _expected()


@pytest.mark.parametrize("suffix", ["xlsx", "parquet"])
def test_a_table_comes_back_from_excel_and_parquet(tmp_path: Path, suffix: str) -> None:
    assert _back(_written(tmp_path, _ROWS, suffix), tmp_path) == _expected()
