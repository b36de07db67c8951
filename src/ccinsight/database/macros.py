"""The macros of a database as they were made: a hash of them, stored as one more, tells whether one was changed."""

from __future__ import annotations

import hashlib
import re

import duckdb

_MACROS = """
    select schema_name, function_name, function_type, parameters, parameter_types, macro_definition
    from duckdb_functions()
    where not internal and database_name = coalesce($database, current_database())
"""
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
    rows = connection.execute(_MACROS, {"database": database}).fetchall()
    stored = [row[-1] for row in rows if row[:2] == ("model", _NAME)]
    texts = sorted([sorted_lists(str(value)) for value in row] for row in rows if row[:2] != ("model", _NAME))
    found = hashlib.sha256(repr(texts).encode()).hexdigest()
    return found, stored[0] if len(stored) == 1 else None
