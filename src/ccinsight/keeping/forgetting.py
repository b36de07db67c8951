"""Forgetting a person or a customer: in the data, what is kept before an undo, rejected rows and notes.

Files are built anew from the rows that stay, so that what goes lies in no free block of them either. Keyed hashes
of what was forgotten stay, for imports to come (exports/forgotten.py).
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import duckdb

from ccinsight.building import (
    attached,
    discard_leftovers,
    has_previous,
    make_functions,
    only_writer,
    previous_path,
    rebuilding,
    stored_tables,
    whole_or_not,
)
from ccinsight.errors import CcinsightError
from ccinsight.exports.contacts import contact_key
from ccinsight.exports.forgotten import FORGOTTEN
from ccinsight.i18n import _, number
from ccinsight.keeping.backup import safety_path
from ccinsight.keeping.selecting import Contact, Customer, Removal
from ccinsight.notes import Notes
from ccinsight.warehouse import Warehouse

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
    Warehouse.open(database).close()  # says what is wrong with it; one of an older ccinsight is built anew
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
            _("There is nothing of {name} in {file}; nothing was changed.").format(
                name=target.text, file=database
            )
        )
    return found


def forget(
    database: str | Path, target: Contact | Customer, *, forgotten_at: datetime, forgotten_by: str | None
) -> Found:
    """Removes a person or a customer and gives what was removed.

    The database itself is the last file to change: what is killed before can be done again. It can't be undone.
    Raises CcinsightError where there is nothing to forget, or the disk refuses.
    """
    database = Path(database).absolute()
    with only_writer(database), whole_or_not(database):
        found = find(database, target)
        discard_leftovers(database)
        shutil.rmtree(safety_path(database), ignore_errors=True)  # what a restore replaced holds them too
        removal = Removal(target, contact_key(database), _files(database))
        import_id = max(_last_import(file) for file in _files(database)) + 1
        if NOTES in found.counts.get(Notes.beside(database).path, {}):
            _forget_notes(database, removal)
        for file in reversed(_files(database)):
            with rebuilding(file, selection=removal.select) as connection:
                removal.remember(connection)
                rows = sum(found.counts.get(file, {}).values())
                _log(connection, import_id, target.kind, rows, forgotten_at, forgotten_by)
    return found


def _files(database: Path) -> list[Path]:
    return [database, previous_path(database)] if has_previous(database) else [database]


def _count(file: Path, removal: Removal) -> dict[str, int]:
    with _beside_empty(file) as connection:
        return removal.count(connection)


def _last_import(file: Path) -> int:
    with _beside_empty(file) as connection:
        rows = connection.execute(
            "select coalesce(max(import_id), 0) from previous.stored.imports"
        ).fetchall()
        return int(rows[0][0])


@contextmanager
def _beside_empty(file: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection as a build has it, but in memory."""
    with duckdb.connect() as connection:
        connection.execute(stored_tables())
        make_functions(connection)
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
    connection.execute("insert into stored.imports values (?, ?, ?, 0)", [import_id, at, by]).fetchall()
    connection.execute(
        """
        insert into stored.files by name
        select
            (select coalesce(max(file_id), 0) + 1 from stored.files) as file_id, $import_id as import_id,
            $export as export, $kind as name, '' as sha256, 0 as size_bytes, '' as format,
            $rows as rows_read, 0 as rows_good, 0 as rows_rejected, cast([] as varchar[]) as headers
        """,
        {"import_id": import_id, "export": FORGOTTEN, "kind": kind, "rows": rows},
    ).fetchall()
