"""The names that settings may use: exports, their columns and the values of columns."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

_FILE = Path(__file__).parents[1] / "ingest" / "columns.toml"


@cache
def column_catalogue() -> dict[str, Any]:
    """The content of ``ingest/columns.toml``: exports, their columns, names of headers and values."""
    return tomllib.loads(_FILE.read_text("utf-8"))


def choices(column: str, export: str | None = None) -> dict[str, list[str]]:
    """The values a column may have, each with its other names; `kind` differs by export."""
    values: dict[str, dict[str, list[str]]] = column_catalogue()["values"]
    found: dict[str, list[str]] = {}
    for name, names in values.items():
        of_export, _dot, of_column = name.rpartition(".")
        if of_column == column and (not of_export or export is None or of_export == export):
            found |= names
    return found
