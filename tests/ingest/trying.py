"""A small import to try: files in a folder, the database afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from ccinsight.ingest import FileSummary, ImportSummary, import_paths

WHEN = datetime(2026, 3, 15, 12, 0)
TICKET_HEADERS = (
    "ticket_id;customer_id;opened_at;first_reply_at;closed_at;status;channel;severity;minutes_spent"
)


@dataclass(frozen=True)
class Trial:
    """What an import left: its summary and its database."""

    summary: ImportSummary
    database: Path

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        with duckdb.connect(str(self.database), read_only=True) as connection:
            return connection.execute(query).fetchall()

    def values(self, query: str) -> list[Any]:
        """The first column of each row."""
        return [row[0] for row in self.rows(query)]

    @property
    def file(self) -> FileSummary:
        (file,) = self.summary.files
        return file

    def kinds(self) -> list[str]:
        """The kinds of all warnings, in order."""
        return [warning.kind for file in self.summary.files for warning in file.warnings]

    def rejects(self) -> list[tuple[Any, ...]]:
        return self.rows("select line, column_name, value, reason from stored.rejects order by line")


def write(folder: Path, files: Mapping[str, str | bytes]) -> list[Path]:
    """The files, text as UTF-8."""
    paths = []
    for name, content in files.items():
        path = folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
        paths.append(path)
    return paths


def try_import(
    folder: Path, files: Mapping[str, str | bytes], config: str | None = None, **options: Any
) -> Trial:
    """Writes the files into a folder and imports them, into the same database each time."""
    database = folder / "try.duckdb"
    settings = None
    if config is not None:
        (settings,) = write(folder, {"settings.toml": config})
    paths = write(folder, files)
    summary = import_paths(paths, database, settings, imported_at=WHEN, **options)
    return Trial(summary, database)


def tickets(*rows: str, headers: str = "ticket_id;customer_id;opened_at") -> str:
    """A file of tickets."""
    return "\n".join([headers, *rows]) + "\n"
