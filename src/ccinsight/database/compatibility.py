"""Checks whether this version can open a database: a newer one's is refused, as a rebuild would lose rows.

A rebuild takes over the stored tables that this version knows, by the names of their columns. An older file has fewer
of them, which is fine. A file that has others was written by a newer version, and a rebuild would drop what they hold.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import duckdb

from ccinsight.database.schema import stored_tables
from ccinsight.errors import CcinsightError, first_line
from ccinsight.i18n import _

_COLUMNS = """
    select table_name, column_name
    from duckdb_columns()
    where schema_name = 'stored' and database_name = coalesce($database, current_database())
"""
# What DuckDB says of a file that a newer DuckDB wrote.
_NEWER_FORMAT = "newer version of DuckDB"


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


def unopenable(file: Path, error: duckdb.Error) -> CcinsightError:
    """The error for a file that DuckDB can't open: of a newer DuckDB, damaged, or no database."""
    if _NEWER_FORMAT in str(error):
        return newer(file)
    return CcinsightError(
        _("{file} can't be opened as a database of ccinsight: {error}").format(
            file=file, error=first_line(error)
        )
    )


@cache
def _known() -> frozenset[tuple[str, str]]:
    with duckdb.connect() as connection:
        connection.execute(stored_tables())
        return _columns(connection, None)


def _columns(connection: duckdb.DuckDBPyConnection, database: str | None) -> frozenset[tuple[str, str]]:
    return frozenset(connection.execute(_COLUMNS, {"database": database}).fetchall())
