"""Forgetting a person or a customer: in the data, what is kept before an undo, rejected rows and notes.

Files are rebuilt from the rows that stay, so that no free block holds the deleted rows. Keyed hashes
of what was forgotten stay, for imports to come (ingest/load/forgotten.py).
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from ccinsight.database.build import (
    attached,
    discard_leftovers,
    has_previous,
    only_writer,
    rebuilding,
    whole_or_not,
)
from ccinsight.database.collected import collected_from, refuse_collected
from ccinsight.database.restoring import DATABASE, KEY, PREVIOUS
from ccinsight.database.restoring import NOTES as NOTES_FILE
from ccinsight.database.schema import stored_tables
from ccinsight.database.warehouse import Warehouse, remove_old_names
from ccinsight.errors import CcinsightError
from ccinsight.files import before_restore_folder, key_file, previous_file
from ccinsight.i18n import _, number
from ccinsight.ingest.contact_key import contact_key
from ccinsight.ingest.history.log import FORGOTTEN, log_change, log_import
from ccinsight.ingest.load.forgotten import CONTACT, CUSTOMER
from ccinsight.maintenance.rows_to_forget import Contact, Customer, Removal, customers_listed, remember
from ccinsight.notes import Notes

NOTES = "notes"


@dataclass(frozen=True)
class Found:
    """How many rows of each table are removed or emptied, file by file; the notes are a file with one table."""

    counts: Mapping[Path, Mapping[str, int]] = field(default_factory=dict)

    def lines(self) -> list[str]:
        """A line for each file, as ``ccinsight.duckdb: tickets 12, rejects 1``."""
        return [
            f"{file.name}: " + ", ".join(f"{table} {number(rows)}" for table, rows in tables.items())
            for file, tables in self.counts.items()
        ]

    @property
    def total(self) -> int:
        """All rows."""
        return sum(rows for tables in self.counts.values() for rows in tables.values())


def find(database: str | Path, target: Contact | Customer) -> Found:
    """What forgetting would remove. Raises CcinsightError where there is nothing."""
    database = Path(database).absolute()
    Warehouse.open(database).close()  # says what is wrong with it; one of an older ccinsight is rebuilt
    removal = Removal(target, contact_key(database), _files(database))
    found = Found(
        {
            file: counted
            for file, counted in [
                *((file, _count(file, removal)) for file in _files(database)),
                (Notes.beside(database).path, _count_notes(database, removal)),
            ]
            if counted
        }
    )
    if not found.total:
        raise CcinsightError(
            _("{file} has no data about {name}; nothing was changed.").format(name=target.text, file=database)
        )
    return found


def forget(
    database: str | Path, target: Contact | Customer, *, forgotten_at: datetime, forgotten_by: str | None
) -> Found:
    """Removes a person or a customer and gives what was removed.

    The database itself is the last file to change: what is killed before can be done again. It can't be undone.
    In a database that was collected from a lake only notes are removed; the rest goes where the lake is written from.
    Raises CcinsightError where there is nothing to forget, that other database still has it, or the disk refuses.
    """
    database = Path(database).absolute()
    with only_writer(database), whole_or_not(database):
        found = find(database, target)
        if _only_in_notes(database, found):
            _forget_notes(database, Removal(target, contact_key(database), _files(database)))
            return found
        discard_leftovers(database)
        shutil.rmtree(
            before_restore_folder(database), ignore_errors=True
        )  # what a restore replaced holds them too
        removal = Removal(target, contact_key(database), _files(database))
        import_id = _next_import(_files(database))
        if NOTES in found.counts.get(Notes.beside(database).path, {}):
            _forget_notes(database, removal)
        for file in reversed(_files(database)):
            with rebuilding(file, selection=removal.select) as connection:
                removal.remember(connection)
                rows = sum(found.counts.get(file, {}).values())
                _log(connection, import_id, target.kind, rows, forgotten_at, forgotten_by)
        remove_old_names(database)
    return found


def forget_again(
    database: Path, folder: Path, *, forgotten_at: datetime, forgotten_by: str | None
) -> int | None:
    """Removes from a backup's files, which are to replace a database, whom that database has forgotten since.

    Gives how many persons and customers they were; None if that is unknown, because there is no database, or one
    of another key. What quotes a person in notes of meetings stays: the list doesn't know the name.
    """
    try:
        if key_file(database).read_bytes() != (folder / KEY).read_bytes():
            return None
        listed = _listed(database) - _listed(folder / DATABASE)
    except (OSError, duckdb.Error):  # none yet, or damaged
        return None
    if not listed:
        return 0
    files = [folder / DATABASE]
    if (folder / PREVIOUS).exists():  # a file of that name could not be attached as `previous`
        files.append((folder / PREVIOUS).rename(folder / "kept.duckdb"))
    key = contact_key(database)
    ids = customers_listed(files, key, {hashed for kind, hashed in listed if kind == CUSTOMER})
    contacts = (Contact(hashed) for kind, hashed in sorted(listed) if kind == CONTACT)
    targets: list[Contact | Customer] = [*contacts, *(Customer(each) for each in sorted(ids))]
    import_id = _next_import(files)
    for at, target in enumerate(targets):
        removal = Removal(target, key, files)
        for file in files:
            rows = sum(_count(file, removal).values())
            with rebuilding(file, selection=removal.select) as connection:
                remember(connection, listed)
                _log(connection, import_id + at, target.kind, rows, forgotten_at, forgotten_by)
        if isinstance(target, Customer) and (folder / NOTES_FILE).exists():
            Notes(folder / NOTES_FILE).forget_customer(target.text)
    for file in () if targets else files:
        with rebuilding(file) as connection:
            remember(connection, listed)
    if len(files) > 1:
        files[1].rename(folder / PREVIOUS)
    return sum(kind in (CONTACT, CUSTOMER) for kind, _hashed in listed)


def _only_in_notes(database: Path, found: Found) -> bool:
    """Whether a database was collected and has only notes left. CcinsightError where a collected one has more."""
    with _beside_empty(database) as connection:
        if collected_from(connection, "previous") is None:
            return False
        if set(found.counts) - {Notes.beside(database).path}:
            refuse_collected(connection, "previous", database)
    return True


def _listed(file: Path) -> set[tuple[str, str]]:
    """The list of the forgotten, each with its kind; none in a file of an older ccinsight."""
    try:
        return {
            (kind, hashed)
            for kind, hashed in _rows(file, "select kind, hashed from previous.stored.forgotten")
        }
    except duckdb.CatalogException:
        return set()


def _files(database: Path) -> list[Path]:
    return [database, previous_file(database)] if has_previous(database) else [database]


def _count(file: Path, removal: Removal) -> dict[str, int]:
    with _beside_empty(file) as connection:
        return removal.count(connection)


def _next_import(files: Sequence[Path]) -> int:
    """A number for a line in the log that no import of these files has."""
    statement = "select coalesce(max(import_id), 0) from previous.stored.imports"
    return 1 + max(int(_rows(file, statement)[0][0]) for file in files)


def _rows(file: Path, statement: str) -> list[tuple[Any, ...]]:
    with duckdb.connect() as connection, attached(connection, file):
        return connection.execute(statement).fetchall()


@contextmanager
def _beside_empty(file: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection as a build has it, but in memory."""
    with duckdb.connect() as connection:
        connection.execute(stored_tables())
        with attached(connection, file):
            yield connection


def _count_notes(database: Path, removal: Removal) -> dict[str, int]:
    notes, target = Notes.beside(database), removal.target
    if isinstance(target, Customer):
        count = notes.count_of(target.text)
    else:
        count = notes.count_quoting(target.quoted) if target.quoted else 0
    return {NOTES: count} if count else {}


def _forget_notes(database: Path, removal: Removal) -> None:
    notes, target = Notes.beside(database), removal.target
    if isinstance(target, Customer):
        notes.forget_customer(target.text)
    elif target.quoted:
        notes.redact(target.quoted)


def _log(
    connection: duckdb.DuckDBPyConnection,
    import_id: int,
    kind: str,
    rows: int,
    at: datetime,
    by: str | None,
) -> None:
    """A line in the log of imports: when, who, what kind, how many rows; not whom."""
    log_import(connection, import_id, at, by)
    log_change(connection, import_id, FORGOTTEN, kind, rows=rows)
