"""The database, its previous state and its notes: only the user who made them may read them."""

from __future__ import annotations

import os
from datetime import date, datetime
from pathlib import Path

import pytest

from ccinsight.database.warehouse import Warehouse
from ccinsight.ingest import import_paths
from ccinsight.notes import Notes

pytestmark = pytest.mark.skipif(os.name == "nt", reason="modes of files are Unix's")

LINES = "agreement_id;customer_id;customer_name;product;subscribed_on;price_basis;complexity\n"
ROW = "A-1;1;Fjord AS;CloudCare CRM;2025-01-01;price_list;standard\n"


def _mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


@pytest.fixture(autouse=True)
def readable_by_all() -> object:
    """A system on which new files may be read by all."""
    before = os.umask(0o022)
    yield
    os.umask(before)


def _import(database: Path, rows: str) -> None:
    exported = database.with_name("agreements.csv")
    exported.write_text(LINES + rows, encoding="utf-8")
    import_paths([exported], database, imported_at=datetime(2026, 3, 1, 9))


def test_what_an_import_makes_is_its_users_own(tmp_path: Path) -> None:
    database = tmp_path / "ccinsight.duckdb"
    _import(database, ROW)
    database.chmod(0o644)  # as an older ccinsight left it
    _import(database, ROW + ROW.replace("A-1;1", "A-2;2"))
    made = [path for path in tmp_path.iterdir() if path.suffix != ".csv" and not path.name.endswith(".lock")]
    assert {path.name: _mode(path) for path in made} == {path.name: 0o600 for path in made}
    assert len(made) == 2  # the database and the state before


def test_a_database_of_an_older_version_is_its_users_own_once_opened(tmp_path: Path) -> None:
    import duckdb

    database = tmp_path / "ccinsight.duckdb"
    _import(database, ROW)
    with duckdb.connect(str(database)) as connection:
        connection.execute("update model.build set models_version = 'older'")
    database.chmod(0o644)
    Warehouse.open(database).close()
    assert _mode(database) == 0o600


def test_notes_are_their_users_own_also_where_an_older_version_made_them(tmp_path: Path) -> None:
    notes = Notes(tmp_path / "notes.sqlite")
    with notes.writing():
        pass
    assert _mode(notes.path) == 0o600
    notes.path.chmod(0o644)
    assert notes.agenda("1", date(2026, 3, 1)) is None
    assert _mode(notes.path) == 0o600
