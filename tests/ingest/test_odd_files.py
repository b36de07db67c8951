"""Files that are no list: a sentence that says what the file is and what to do, and the database as it was."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import duckdb
import openpyxl
import pytest

from ccinsight.errors import CcinsightError
from ccinsight.i18n import set_language
from ccinsight.ingest import import_paths
from tests.ingest.trying import WHEN

TICKETS = "ticket_id;customer_id;opened_at\nT1;1;2026-01-05 09:00\nT2;1;2026-01-06 09:00\n"


def _refused(path: Path) -> str:
    """Why the file isn't imported, in Norwegian and without its path; nothing is made of it."""
    set_language("nb")
    database = path.with_name("odd.duckdb")
    with pytest.raises(CcinsightError) as raised:
        import_paths([path], database, imported_at=WHEN)
    assert not database.exists()
    return str(raised.value).replace(str(path), "X")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("tickets.csv", b""),
        ("tickets.csv", b"\n\n  \n"),
        ("tickets.csv", b"\xef\xbb\xbf"),
        ("tickets.xlsx", b""),
        ("tickets.parquet", b""),
    ],
)
def test_an_empty_file(tmp_path: Path, name: str, content: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    assert _refused(path) == "X er tom: eksporter listen på nytt."


def test_an_empty_sheet(tmp_path: Path) -> None:
    path = tmp_path / "tickets.xlsx"
    openpyxl.Workbook().save(path)
    assert _refused(path) == "X er tom: eksporter listen på nytt."


@pytest.mark.parametrize(
    "content",
    [bytes(5000), b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 9, TICKETS.encode("utf-32")],
    ids=["NUL bytes", "an image", "UTF-32"],
)
def test_what_is_no_text(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "tickets.csv"
    path.write_bytes(content)
    assert _refused(path) == (
        "X er verken tekst, en Excel-arbeidsbok eller Parquet: eksporter listen som .csv eller .xlsx."
    )


def test_headers_that_nobody_knows_are_not_quoted(tmp_path: Path) -> None:
    path = tmp_path / "tickets.csv"
    path.write_text("Kari Nordmann;42\nOla Hansen;43\n")
    said = _refused(path)
    assert said.startswith("X er ikke en kjent eksport: overskriftene passer ikke til noen.")
    assert "`ccinsight mapping FIL`" in said
    assert "Kari" not in said, "it may be a row of values, and receipts are stored"


def test_what_is_neither_file_nor_folder(tmp_path: Path) -> None:
    path = tmp_path / "tickets.csv"
    os.mkfifo(path)
    assert _refused(path) == (
        "X er verken en fil eller en mappe: kopier innholdet til en fil, og importer den."
    )


def test_half_a_parquet_file(tmp_path: Path) -> None:
    path = tmp_path / "tickets.parquet"
    with duckdb.connect() as connection:
        connection.sql("select 'T1' as ticket_id, '1' as customer_id").write_parquet(str(path))
    os.truncate(path, path.stat().st_size // 2)
    said = _refused(path)
    assert "kan ikke leses som en Parquet-fil" in said and "Eksporter den på nytt." in said


@pytest.mark.parametrize("after", [0.0, 0.05, 0.15, 0.3])
def test_a_file_that_disappears_while_it_is_read(tmp_path: Path, after: float) -> None:
    path, database = tmp_path / "tickets.csv", tmp_path / "odd.duckdb"
    rows = (f"T{number};1;2026-01-05 09:00\n" for number in range(60_000))
    path.write_text("ticket_id;customer_id;opened_at\n" + "".join(rows))
    gone = threading.Timer(after, path.unlink)
    gone.start()
    try:
        summary = import_paths([path], database, imported_at=WHEN)
    except CcinsightError as error:
        assert str(path) in str(error)
        assert not database.exists()
    else:
        assert summary.files[0].rows_read == 60_000
    finally:
        gone.join()


@pytest.mark.parametrize(
    ("name", "encoding"),
    [
        ("sa\nker.csv", "utf-8"),
        ("tickets {0} %s.csv", "utf-16-le"),
        ("tick'et\".csv", "utf-16-be"),
        ("🎫", "utf-8"),
    ],
)
def test_any_name_and_text_without_a_mark(tmp_path: Path, name: str, encoding: str) -> None:
    path = tmp_path / name
    path.write_bytes(TICKETS.encode(encoding))
    summary = import_paths([path], tmp_path / "odd.duckdb", imported_at=WHEN)
    assert [(file.export, file.rows_good) for file in summary.files] == [("tickets", 2)]
