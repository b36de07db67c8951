"""A file is read again when ccinsight's own code for reading it has changed."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from ccinsight.ingest import import_paths, unchanged
from ccinsight.settings.parsing import default_settings
from tests.ingest.trying import WHEN, tickets, try_import


@pytest.fixture
def code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of the import's code, which the fingerprint is taken of."""
    copy = tmp_path / "ingest"
    shutil.copytree(Path(unchanged.__file__).parent, copy, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(unchanged, "_FOLDER", copy)
    unchanged._fingerprint.cache_clear()
    yield copy
    unchanged._fingerprint.cache_clear()


@pytest.mark.parametrize(
    "name",
    ["columns.toml", "values/dates.sql", "values/timestamps.py", "load/sql/rows.sql", "readers/csv_scan.py"],
)
def test_a_change_of_code_changes_the_fingerprint(code: Path, name: str) -> None:
    before = unchanged.reading_of(default_settings())
    with (code / name).open("a", encoding="utf-8") as file:
        file.write("\n")
    unchanged._fingerprint.cache_clear()
    assert unchanged.reading_of(default_settings()) != before


def test_every_parser_and_statement_counts() -> None:
    names = {file.name for file in unchanged.deciding_files()}
    values = {path.name for path in (Path(unchanged.__file__).parent / "values").glob("*.sql")}
    assert len(values) > 5
    assert values | {"keys.sql"} <= names


def test_a_database_of_an_older_version_reads_the_file_again(tmp_path: Path) -> None:
    trial = try_import(tmp_path, {"saker.csv": tickets("1;7;01.02.2026 10:00", "2;7;x")})
    path, stored = tmp_path / "saker.csv", "select ticket_id, opened_at from stored.tickets"
    expected = trial.rows(stored)
    assert import_paths([path], trial.database, imported_at=WHEN).unchanged == ("saker.csv",)
    with duckdb.connect(str(trial.database)) as connection:
        connection.execute("update stored.files set reading = 'older'").fetchall()
    again = import_paths([path], trial.database, imported_at=WHEN)
    assert (again.unchanged, again.files[0].rows_rejected) == ((), 1)
    assert trial.rows(stored) == expected
    assert len(trial.rejects()) == 1
