"""SQL statements by name, from the files in load/sql/, and running them.

A file holds the statements of one topic; each begins with a line `-- name: …`. `{words}` are replaced by SQL of
our own (columns.toml, positions such as `c3`); values are always bound.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

_FOLDER = Path(__file__).parent / "load" / "sql"
_NAME = re.compile(r"^-- name: (\w+)\n", re.MULTILINE)
_GAP = re.compile(r"\{([a-z_]+)\}")

Parameters = dict[str, Any]


def statement(name: str, /, **parts: str) -> str:
    """The statement `topic.name` (`keys.drop_older`). ``parts``: the SQL for each of its gaps. Raises KeyError."""
    topic, _dot, own = name.partition(".")
    return _GAP.sub(lambda gap: parts[gap[1]], _statements(topic)[own])


@cache
def _statements(topic: str) -> dict[str, str]:
    _head, *found = _NAME.split((_FOLDER / f"{topic}.sql").read_text(encoding="utf-8"))
    return {name: _without_comments(text) for name, text in zip(found[::2], found[1::2], strict=True)}


def _without_comments(text: str) -> str:
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("--")]
    return "\n".join(lines).strip().removesuffix(";")


def run(
    connection: duckdb.DuckDBPyConnection, sql: str, parameters: Parameters | None = None
) -> list[tuple[Any, ...]]:
    """Runs a statement to its end and returns its rows."""
    return connection.execute(sql, parameters or {}).fetchall()


def one_column(
    connection: duckdb.DuckDBPyConnection, sql: str, parameters: Parameters | None = None
) -> pa.ChunkedArray:
    """The values of a query of one column."""
    return connection.sql(sql, params=parameters or {}).to_arrow_table().column(0)
