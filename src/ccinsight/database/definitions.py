"""The tables, models and reports of a new file: copied without rows from a database that this version made.

DuckDB binds each macro when it is made. That takes a second, half of a small import; a copy binds none.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import duckdb

from ccinsight.database import macros, models
from ccinsight.database.calendar_events import quoted
from ccinsight.database.schema import stored_tables

_STORED = """
    select table_name, sql
    from duckdb_tables()
    where schema_name = 'stored' and database_name = coalesce($database, current_database())
"""
_OTHERS = """
    select schema_name || '.' || table_name as relation, 'table' as kind
    from duckdb_tables()
    where schema_name != 'stored' and database_name = $database
    union all
    select schema_name || '.' || view_name as relation, 'view' as kind
    from duckdb_views()
    where not internal and database_name = $database
"""
_NAME = "alike"


def make(connection: duckdb.DuckDBPyConnection, like: Path | None) -> None:
    """Makes the stored tables; models and reports too, without rows, where ``like`` is a database to copy them from.

    ``build_models`` makes what is missing. Raises duckdb.Error where ``like`` can't be opened.
    """
    if like is None or not copied(connection, like):
        connection.execute(stored_tables())


def copied(connection: duckdb.DuckDBPyConnection, like: Path) -> bool:
    """Copies all definitions into an empty database, if ``like`` has those of this version and nothing else."""
    if not like.exists():
        return False
    [(here,)] = connection.execute("select replace(current_database(), '\"', '\"\"')").fetchall()
    connection.execute(f"attach '{quoted(like)}' as {_NAME} (read_only)")
    try:
        if not _is_of_this_version(connection):
            return False
        connection.execute(f'copy from database {_NAME} to "{here}" (schema)')
    finally:
        connection.execute(f"detach {_NAME}")
    return True


def _is_of_this_version(connection: duckdb.DuckDBPyConnection) -> bool:
    """True where the attached database differs from a new one in its rows only; False for an older, a collected or a
    changed one.
    """
    database = {"database": _NAME}
    if frozenset(connection.execute(_STORED, database).fetchall()) != _stored():
        return False
    if frozenset(connection.execute(_OTHERS, database).fetchall()) != models.relations():
        return False
    versions = connection.execute(f"select models_version from {_NAME}.model.build").fetchall()  # noqa: S608
    return versions == [(models.models_version(),)] and macros.are_as_made(connection, _NAME)


@cache
def _stored() -> frozenset[tuple[str, str]]:
    with duckdb.connect() as connection:
        connection.execute(stored_tables())
        return frozenset(connection.execute(_STORED, {"database": None}).fetchall())
