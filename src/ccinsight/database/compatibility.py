"""Checks whether this version can open a database: a newer one's is refused, as a rebuild would lose rows.

A rebuild takes over the stored tables that this version knows, by the names of their columns. An older file has fewer
of them, which is fine. A file that has others was written by a newer version, and a rebuild would drop what they hold.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import duckdb

from ccinsight.database.schema import stored_tables
from ccinsight.errors import CcinsightError, DamagedError, detailed
from ccinsight.files import previous_file
from ccinsight.i18n import _

_COLUMNS = """
    select table_name, column_name
    from duckdb_columns()
    where schema_name = 'stored' and database_name = coalesce($database, current_database())
"""
# What DuckDB says of a file that a newer DuckDB wrote, that another process has open, or that isn't whole. For one of
# SQLite it asks for an extension.
_NEWER_FORMAT = "newer version of DuckDB"
_IN_USE = "Could not set lock on file"
_DAMAGED = (
    "not a valid DuckDB database",
    "Corrupt",
    "checksum",
    "Could not read",
    "sqlite_scanner",
    "deserialize",
)


def refuse_newer(connection: duckdb.DuckDBPyConnection, database: str, file: Path) -> None:
    """Raises CcinsightError where a database, attached under this name, holds tables or columns unknown here."""
    unknown = _columns(connection, database) - _known()
    if unknown:
        raise newer(file)


def newer(file: Path) -> CcinsightError:
    """The error for a file of a newer version."""
    return CcinsightError(
        _("{file} was made by a newer ccinsight. Update ccinsight; the file is unchanged.").format(file=file)
    )


def foreign(file: Path) -> CcinsightError:
    """The error for a database that ccinsight didn't make."""
    text = _("{file} is a database, but not one of ccinsight. Name another file with --database.")
    return CcinsightError(text.format(file=file))


def unopenable(file: Path, error: duckdb.Error, *, is_backup: bool = False) -> CcinsightError:
    """The error for a file that DuckDB can't open: of a newer DuckDB, open elsewhere, damaged, or no database.

    ``is_backup``: the file is one of a backup, so that another backup is what is left.
    """
    if _NEWER_FORMAT in str(error):
        return newer(file)
    if isinstance(error, duckdb.CatalogException) and not is_backup:
        return foreign(file)
    if _IN_USE in str(error):
        text = _(
            "{file} is open in another program: close it there, or wait until it is done, and try again."
        )
    elif is_backup or is_damage(error):
        return DamagedError(detailed(_damaged(file, is_backup).format(file=file), error))
    else:
        text = _("{file} can't be opened as a database of ccinsight: check that it is one and may be read.")
    return CcinsightError(detailed(text.format(file=file), error))


def is_damage(error: Exception) -> bool:
    """Whether DuckDB says of a file that it isn't whole, or no database at all."""
    return isinstance(error, duckdb.Error) and any(each in str(error) for each in _DAMAGED)


def _damaged(file: Path, is_backup: bool) -> str:
    if is_backup:
        return _("{file} is damaged or isn't a database of ccinsight. Restore another backup.")
    if previous_file(file).exists():
        return _(
            "{file} is damaged or isn't a database of ccinsight. Go back to the state before the last import with "
            "`ccinsight undo`, or to a backup with `ccinsight restore FOLDER`."
        )
    return _(
        "{file} is damaged or isn't a database of ccinsight. Go back to a backup with `ccinsight restore FOLDER`, or "
        "move the file away and import all exports again."
    )


@cache
def _known() -> frozenset[tuple[str, str]]:
    with duckdb.connect() as connection:
        connection.execute(stored_tables())
        return _columns(connection, None)


def _columns(connection: duckdb.DuckDBPyConnection, database: str | None) -> frozenset[tuple[str, str]]:
    return frozenset(connection.execute(_COLUMNS, {"database": database}).fetchall())
