"""The tables that a database keeps, in the schema ``stored``: what an import fills, and what it leaves behind."""

from __future__ import annotations

from functools import cache
from pathlib import Path

_FILES = ("imports.sql", "settings.sql", "exports.sql", "kept.sql")


@cache
def stored_tables() -> str:
    """The statements that make all stored tables, in a database that has none."""
    return "\n".join(Path(__file__).with_name(name).read_text(encoding="utf-8") for name in _FILES)
