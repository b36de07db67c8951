"""A database that was collected from a lake: only another collect changes it, and its tickets may lie in the lake.

``model.collected`` says of which lake it is, one row a partner; ``model.collected_files`` names the Parquet files that
its views read, with their bytes.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb

from ccinsight.errors import CcinsightError
from ccinsight.i18n import _

_TABLES = """
create table model.collected (
    folder varchar not null, partner varchar, write_id varchar not null, written_at timestamp not null
);
create table model.collected_files (path varchar not null, bytes bigint not null);
"""
_IS_COLLECTED = """
    select 1 from duckdb_tables()
    where
        schema_name = 'model' and table_name = 'collected'
        and database_name = coalesce($database, current_database())
"""


@dataclass(frozen=True)
class Origin:
    """A part of a lake: its folder, the partner (None: of no group), and when it was written, as which write."""

    folder: Path
    partner: str | None
    write_id: str
    written_at: datetime


def mark_collected(
    connection: duckdb.DuckDBPyConnection, origins: Iterable[Origin], files: Iterable[Path]
) -> None:
    """Notes in a new database from what it was collected, and the files that its views read."""
    connection.execute(_TABLES)
    connection.executemany(
        "insert into model.collected values (?, ?, ?, ?)",
        [[str(origin.folder), origin.partner, origin.write_id, origin.written_at] for origin in origins],
    )
    sizes = [[str(file), file.stat().st_size] for file in files]
    if sizes:
        connection.executemany("insert into model.collected_files values (?, ?)", sizes)


def collected_from(connection: duckdb.DuckDBPyConnection, database: str | None = None) -> str | None:
    """The folder of the lake that a database, attached under this name, is of; None: it isn't collected.

    Of a group's database the folder of all partners.
    """
    if not connection.execute(_IS_COLLECTED, {"database": database}).fetchall():
        return None
    table = "model.collected" if database is None else f"{database}.model.collected"
    folders = [Path(row[0]) for row in connection.execute(f"select folder from {table}").fetchall()]  # noqa: S608
    return str(folders[0].parent if len(folders) > 1 else folders[0])


def lake_of(file: Path) -> str | None:
    """The folder of the lake that a database file is of; None: it isn't collected. Raises duckdb.Error."""
    with duckdb.connect(str(file), read_only=True) as connection:
        return collected_from(connection)


def tickets_in(connection: duckdb.DuckDBPyConnection) -> str | None:
    """The folder of the lake in which the tickets of the database in use are; None where it has them itself."""
    folder = collected_from(connection)
    has_files = folder and connection.execute("select 1 from model.collected_files limit 1").fetchall()
    return folder if has_files else None


def refuse_collected(connection: duckdb.DuckDBPyConnection, database: str | None, file: Path) -> None:
    """Raises CcinsightError where a database, attached under this name, was collected from a lake."""
    folder = collected_from(connection, database)
    if folder is not None:
        raise CcinsightError(
            _(
                "{file} was collected from the lake {folder} and can't be changed. Change the database that the lake "
                "is written from, then run: ccinsight lake write, and ccinsight lake collect."
            ).format(file=file, folder=folder)
        )


def refuse_uncollected(connection: duckdb.DuckDBPyConnection, file: Path, *, is_outdated: bool) -> None:
    """Checks an open database: one that was collected by another version, or whose Parquet files aren't there, must
    be collected again. Raises CcinsightError.
    """
    folder = collected_from(connection)
    if folder is None:
        return
    if is_outdated:
        raise CcinsightError(
            _(
                "{file} was collected by another version of ccinsight. Collect it again: "
                "ccinsight lake collect {folder} --database {file}"
            ).format(file=file, folder=folder)
        )
    for path, size in connection.execute("select path, bytes from model.collected_files").fetchall():
        refuse_missing(Path(path), int(size), file, folder)


def refuse_missing(path: Path, size: int, file: Path, folder: str) -> None:
    """Raises CcinsightError where a Parquet file that a database reads isn't there as it was."""
    try:
        is_there = path.stat().st_size == size
    except OSError:
        is_there = False
    if not is_there:
        raise CcinsightError(
            _(
                "The tickets of {file} are in {path}, which is missing or was replaced. Put it back, or collect again "
                "from where the lake is now: ccinsight lake collect {folder} --database {file} --tickets parquet"
            ).format(file=file, path=path, folder=folder)
        )
