"""Stores rows that can't be parsed as one record among the rejects."""

from __future__ import annotations

from dataclasses import dataclass, field

import duckdb

from ccinsight.ingest.readers.csv_records import Malformed
from ccinsight.ingest.source import Source
from ccinsight.ingest.statements import Parameters, run, statement

_BATCH = 10_000


@dataclass
class MalformedRows:
    """Stores malformed rows in batches. ``condition``: SQL, which of the rows are stored; the others are dropped."""

    connection: duckdb.DuckDBPyConnection
    source: Source
    file_id: int
    condition: str = "true"
    count: int = 0
    dropped: int = 0
    last: Malformed | None = None
    _batch: list[Malformed] = field(default_factory=list)

    def take(self, row: Malformed) -> None:
        """Takes one row."""
        self._batch.append(row)
        self.count += 1
        self.last = row
        if len(self._batch) >= _BATCH:
            self.flush()

    def flush(self) -> None:
        """Stores the rows taken since the last time."""
        rows, self._batch = self._batch, []
        if not rows:
            return
        # Bound as lists: Arrow would load pandas for them, which takes as long as a small file.
        parameters: Parameters = {
            "file_id": self.file_id,
            "export": self.source.match.export.name,
            "lines": [row.line for row in rows],
            "row_keys": [_key(self.source, row) for row in rows],
            "column_names": [row.column for row in rows],
            "values": [row.value or None for row in rows],
            "reasons": [row.reason for row in rows],
            "fields": [[_encodable(field) for field in row.fields] for row in rows],
        }
        store = statement("rows.store_malformed", condition=self.condition)
        stored = run(self.connection, store, parameters)[0][0]
        self.count -= len(rows) - stored
        self.dropped += len(rows) - stored


def _key(source: Source, row: Malformed) -> str | None:
    """The key of a row of the wrong width, where it is one column and not the last field of the row."""
    export = source.match.export
    columns = source.match.columns
    if len(export.key) > 1 or export.key[0] not in columns:
        return None
    at = columns[export.key[0]]
    return (row.fields[at].strip() or None) if at < len(row.fields) - 1 else None


def _encodable(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")
