"""Files that earlier versions made are opened, imported into and restored; `make_files.py` says how they were made."""

from __future__ import annotations

import shutil
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from ccinsight.access import SEES_ALL
from ccinsight.database import definitions
from ccinsight.database.definitions import make
from ccinsight.database.scope import Scope
from ccinsight.database.warehouse import Warehouse
from ccinsight.ingest import apply_settings, import_paths
from ccinsight.maintenance.backup import restore
from ccinsight.maintenance.forget import forget
from ccinsight.maintenance.rows_to_forget import Contact
from ccinsight.notes import Notes
from ccinsight.registry import REPORTS
from ccinsight.settings.storing import stored_settings
from tests.upgrades.make_files import CUSTOMER, EXAMPLE, FORGOTTEN, HERE, MADE_AT, NAME

# The first that an import and notes worked with, and the last before figures were made right (exports.md).
FIRST, BEFORE = "9adc959", "54658f2"
DAYS = (date(2024, 2, 29), date(2026, 3, 15))
# What an earlier version didn't keep: the lines of rows that share a key, and a warning of them.
UNKNOWN = {"data_problems": "check", "data_quality": "check", "imports": "warnings"}

# By name, day and whether of everybody, or else of one customer.
Reports = dict[tuple[str, date, bool], list[dict[str, Any]]]


@dataclass(frozen=True)
class Case:
    """The files of a version, unpacked, and all reports of a database that this one made of the same exports.

    ``made`` is the folder with the database as that version left it; ``database`` is one that tests open.
    """

    made: Path
    database: Path
    fresh: Reports


@pytest.fixture(autouse=True)
def made_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Models and reports are made beside the old rows, as for users: tests/conftest.py copies them elsewhere."""
    monkeypatch.setattr(definitions, "make", make)


@pytest.fixture(scope="module", params=[FIRST, BEFORE])
def case(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Case:
    folder = tmp_path_factory.mktemp(request.param)
    database, fresh = folder / NAME, folder / "fresh.duckdb"
    with tarfile.open(HERE / f"{request.param}.tar.xz") as files:
        for member in filter(tarfile.TarInfo.isfile, files):  # extractall's filter is new in Python 3.11.4
            content = files.extractfile(member)
            assert content is not None
            (folder / member.name).parent.mkdir(parents=True, exist_ok=True)
            (folder / member.name).write_bytes(content.read())
    made = folder / "made"
    made.mkdir()
    for name in (NAME, f"{NAME}.key"):
        shutil.copy(folder / name, made / name)
    shutil.copy(f"{database}.key", f"{fresh}.key")
    _import(fresh)
    if request.param == BEFORE:
        forget(fresh, Contact(FORGOTTEN), forgotten_at=MADE_AT, forgotten_by=None)
    return Case(made, database, _rows(fresh))


@pytest.fixture
def database(case: Case, tmp_path: Path) -> Iterator[Path]:
    """A copy of the version's database, which this one has not opened, to change."""
    for name in (NAME, f"{NAME}.key"):
        shutil.copy(case.made / name, tmp_path / name)
    yield tmp_path / NAME


def _import(database: Path) -> None:
    import_paths([EXAMPLE / "exports"], database, EXAMPLE / "ccinsight.toml", imported_at=MADE_AT)


# Their rows follow from the same stored rows: one scope shows whether those are there.
ALL = Scope(DAYS[1], SEES_ALL)
SCOPES = (Scope(DAYS[0], SEES_ALL), ALL, Scope(DAYS[1], SEES_ALL, (CUSTOMER,)))


def _rows(database: Path, scopes: tuple[Scope, ...] = SCOPES) -> Reports:
    with Warehouse.open(database) as house:
        return {
            (name, scope.as_of, scope.customer_ids is None): house.report(name, scope).to_pylist()
            for scope in scopes
            for name in REPORTS
        }


def _known(name: str, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    column = UNKNOWN.get(name)
    if column == "check":
        return [row for row in rows if row["check"] != "duplicate_key"]
    return [{key: value for key, value in row.items() if key != column} for row in rows]


def test_reports_are_those_of_a_fresh_import(case: Case) -> None:
    upgraded = _rows(case.database)
    for key, rows in case.fresh.items():
        assert _known(key[0], upgraded[key]) == _known(key[0], rows), key


def test_notes_are_there_and_take_another(case: Case) -> None:
    notes = Notes.beside(case.database)
    (entry,) = notes.history(CUSTOMER, DAYS[1])
    assert (entry.agenda, entry.agreed, entry.saved_by) == ("Pris\nOpplæring", "Kurs i mai", "Kari")
    notes.save_agenda(
        CUSTOMER, entry.period_start, entry.period_end, DAYS[1], agenda="Ny", saved_at=MADE_AT, based_on=1
    )
    assert [each.agenda for each in notes.history(CUSTOMER, DAYS[1])] == ["Ny", "Pris\nOpplæring"]


def test_settings_hold_and_can_be_changed(database: Path, tmp_path: Path) -> None:
    with Warehouse.open(database) as house, house.reading() as cursor:
        toml = stored_settings(cursor).toml
    assert toml == (EXAMPLE / "ccinsight.toml").read_text("utf-8")
    assert _price_notice_days(database) == 14
    changed = tmp_path / "changed.toml"
    changed.write_text(toml.replace("price_notice_days = 14", "price_notice_days = 90"), "utf-8")
    assert apply_settings(database, changed, applied_at=MADE_AT)
    assert _price_notice_days(database) == 90


def _price_notice_days(database: Path) -> int:
    query = "select price_notice_days from stored.products where product = 'CloudCare CRM'"
    with Warehouse.open(database) as house, house.reading() as cursor:
        return int(cursor.execute(query).fetchall()[0][0])


def test_the_same_exports_are_read_again_and_tell_the_rest(case: Case, database: Path) -> None:
    """What an earlier version dropped is known after an import; who is forgotten stays away."""
    _import(database)
    for key, rows in _rows(database, (ALL,)).items():
        if key[0] != "imports":
            assert rows == case.fresh[key], key


def test_a_backup_is_restored(case: Case, tmp_path: Path) -> None:
    folder = case.database.with_name("backup")
    if not folder.exists():
        pytest.skip("this version wrote no backups")
    database = tmp_path / NAME
    restore(database, folder, restored_at=MADE_AT)
    for key, rows in _rows(database, (ALL,)).items():
        assert _known(key[0], rows) == _known(key[0], case.fresh[key]), key
    assert Notes.beside(database).count_of(CUSTOMER) == 2
