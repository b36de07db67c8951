"""The macros of a database as they were made: a hash of them, stored as one more, tells whether one was changed."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from ccinsight.database.calendar_events import quoted

_STORED = """
    select macro_definition
    from duckdb_functions()
    where
        schema_name = 'model' and function_name = $name
        and database_name = coalesce($database, current_database())
"""
# What DuckDB exports; the statements of one kind are in any order.
_STATEMENT = re.compile(r"^(?=CREATE )", re.MULTILINE)
_EMPTY = "definitions_alone"
_NAME = "macros_hash"
# DuckDB writes these lists, of columns to leave out or to replace, in any order.
_LISTS = "EXCLUDE (", "REPLACE ("
_PARTS = re.compile(r"""('(?:[^']|'')*'|"(?:[^"]|"")*"|EXCLUDE \(|REPLACE \(|[(),])""")


def store_hash(connection: duckdb.DuckDBPyConnection) -> None:
    """Stores the hash of all macros as the macro ``model.macros_hash``, which is copied with them."""
    found, _stored = _hashes(connection, None)
    connection.execute(f"create or replace macro model.{_NAME}() as '{found}'")


def are_as_made(connection: duckdb.DuckDBPyConnection, database: str) -> bool:
    """False where a macro of an attached database was added, dropped or replaced since, or no hash was stored."""
    found, stored = _hashes(connection, database)
    return stored == f"'{found}'"


def sorted_lists(definition: str) -> str:
    """A definition with each list of columns to leave out or to replace in order."""
    if not any(opening in definition for opening in _LISTS):
        return definition
    open_lists = [("", [""])]
    for part in _PARTS.split(definition):
        opening, items = open_lists[-1]
        if part == "(" or part in _LISTS:
            open_lists.append((part, [""]))
        elif part == "," and opening in _LISTS:
            items.append("")
        elif part == ")" and opening:
            open_lists.pop()
            open_lists[-1][1][-1] += f"{opening}{', '.join(sorted(map(str.strip, items)))})"
        else:
            items[-1] += part
    return "".join(opening + ", ".join(items) for opening, items in open_lists)


def _hashes(connection: duckdb.DuckDBPyConnection, database: str | None) -> tuple[str, str | None]:
    texts = sorted(sorted_lists(text) for text in _statements(connection, database))
    found = hashlib.sha256(repr(texts).encode()).hexdigest()
    stored = connection.execute(_STORED, {"name": _NAME, "database": database}).fetchall()
    return found, stored[0][0] if len(stored) == 1 else None


def _statements(connection: duckdb.DuckDBPyConnection, database: str | None) -> Iterator[str]:
    """The statement that makes each macro but the hash: an export alone has the defaults of parameters."""
    if database is None:
        [(database,)] = connection.execute("select current_database()").fetchall()
    name = database.replace('"', '""')
    connection.execute(f"attach ':memory:' as {_EMPTY}")
    try:
        connection.execute(f'copy from database "{name}" to {_EMPTY} (schema)')
        with TemporaryDirectory() as folder:
            connection.execute(f"export database {_EMPTY} to '{quoted(Path(folder))}'")
            text = (Path(folder) / "schema.sql").read_text(encoding="utf-8")
    finally:
        connection.execute(f"detach {_EMPTY}")
    for statement in _STATEMENT.split(text):
        if statement.startswith("CREATE MACRO ") and not statement.startswith(f"CREATE MACRO model.{_NAME} "):
            yield statement.strip()
