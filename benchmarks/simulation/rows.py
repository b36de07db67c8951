"""The rows of a database as they were imported, without where they came from."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import duckdb

_EXPORTS = ("agreements", "tickets", "user_counts", "prices", "invoices", "meetings")


def stored_rows(database: Path) -> dict[str, Counter[tuple[Any, ...]]]:
    """Export → its rows and how often each is there."""
    with duckdb.connect(str(database), read_only=True) as connection:
        return {
            export: Counter(
                connection.execute(f"select * exclude (file_id, line) from stored.{export}").fetchall()  # noqa: S608
            )
            for export in _EXPORTS
        }
