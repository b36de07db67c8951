"""The rows of one table as text in DuckDB, and the rows that are none among the rejects."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from ccinsight.errors import CcinsightError
from ccinsight.exports import statements
from ccinsight.exports.catalogue import Export, value_names
from ccinsight.exports.parts import Part, prefetched
from ccinsight.exports.records import FIELD_LIMIT, TOO_LONG, Malformed
from ccinsight.exports.sources import Source, parquet_columns
from ccinsight.exports.statements import Layer
from ccinsight.i18n import _
from ccinsight.settings import ImportOptions, Settings

_BATCH = 10_000
_SCHEMA = pa.schema(
    [
        ("line", pa.int64()),
        ("row_key", pa.string()),
        ("column_name", pa.string()),
        ("value", pa.string()),
        ("reason", pa.string()),
        ("fields", pa.list_(pa.string())),
    ]
)

Parameters = dict[str, Any]


def run(
    connection: duckdb.DuckDBPyConnection, statement: str, parameters: Parameters | None = None
) -> list[tuple[Any, ...]]:
    """Runs a statement to its end."""
    return connection.execute(statement, parameters or {}).fetchall()


def name_values(connection: duckdb.DuckDBPyConnection, export: Export, settings: Settings) -> None:
    """Makes the table `value_names` for an export."""
    run(connection, statements.VALUE_NAMES)
    names = value_names(export, settings)
    columns = ("columns", "names", "exact", "values")
    run(
        connection,
        statements.NAME_VALUES,
        {column: [name[at] for name in names] for at, column in enumerate(columns)},
    )


@dataclass
class MalformedRows:
    """Takes rows that are no records and puts them among the rejects, batch by batch."""

    connection: duckdb.DuckDBPyConnection
    source: Source
    file_id: int
    kept: str = "true"  # SQL: which of them are kept
    count: int = 0
    dropped: int = 0
    last: Malformed | None = None
    _batch: list[Malformed] = field(default_factory=list)

    def take(self, row: Malformed) -> None:
        """One row."""
        self._batch.append(row)
        self.count += 1
        self.last = row
        if len(self._batch) >= _BATCH:
            self.flush()

    def flush(self) -> None:
        """Stores what was taken since the last time."""
        rows, self._batch = self._batch, []
        if not rows:
            return
        batch = pa.table(
            {
                "line": [row.line for row in rows],
                "row_key": [_key(self.source, row) for row in rows],
                "column_name": [row.column for row in rows],
                "value": [row.value or None for row in rows],
                "reason": [row.reason for row in rows],
                "fields": [[_encodable(field) for field in row.fields] for row in rows],
            },
            schema=_SCHEMA,
        )
        self.connection.register("malformed", batch)
        export = self.source.match.export.name
        parameters = {"file_id": self.file_id, "export": export}
        stored = run(self.connection, statements.store_malformed(self.kept), parameters)[0][0]
        self.count -= len(rows) - stored
        self.dropped += len(rows) - stored
        self.connection.unregister("malformed")


def _key(source: Source, row: Malformed) -> str | None:
    """The key of a row of the wrong width, where it is one column and not the last that the row has."""
    export: Export = source.match.export
    if len(export.key) > 1:
        return None
    at = source.match.columns[export.key[0]]
    return (row.fields[at].strip() or None) if at < len(row.fields) - 1 else None


def _encodable(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")


@dataclass(frozen=True)
class Staged:
    """Rows that lie in the table `staged` now: how; their file's encoding; the part of the table done."""

    layer: Layer
    encoding: str | None
    done: float


def staged(
    source: Source, malformed: MalformedRows, options: ImportOptions, folder: Path
) -> Iterator[Staged]:
    """Puts the rows into a table `staged`, part by part.

    The next part is made ready in ``folder`` while one is at work.
    """
    layer = Layer(source.match.export, source.match.columns, len(source.headers), options)
    if source.format == "parquet":
        _stage_parquet(source, malformed)
        yield Staged(replace(layer, line="s.line"), None, 1.0)
        return
    for part in prefetched(source.parts(folder)):
        for row in part.rejected:
            malformed.take(row)
        malformed.flush()
        encoding = source.encoding or part.encoding if source.format == "csv" else None
        yield Staged(_stage_text(malformed.connection, source, part, layer), encoding, part.done)


def _stage_text(connection: duckdb.DuckDBPyConnection, source: Source, part: Part, layer: Layer) -> Layer:
    try:
        parameters = {"path": statements.literal_path(part.path), "delimiter": part.delimiter}
        run(connection, statements.stage_text(layer.width), parameters)
    finally:
        part.path.unlink(missing_ok=True)
    if run(connection, "select count(*) from staged")[0][0] != part.rows:
        raise changed_meanwhile(source)
    if len(part.runs) < 2:
        row, line = part.runs[0] if part.runs else (0, 0)
        return replace(layer, line=f"s.rowid + {line - row:d}", padded=part.padded)
    rows, lines = zip(*part.runs, strict=True)
    connection.register("part_runs", pa.table({"row": rows, "line": lines}))
    run(connection, statements.RUNS)
    connection.unregister("part_runs")
    return replace(layer, line="s.rowid - r.row + r.line", rows=statements.STAGED_IN_RUNS, padded=part.padded)


def changed_meanwhile(source: Source) -> CcinsightError:
    """The error for a file that is still being written."""
    return CcinsightError(
        _("{file} was changed while it was read: import it again when it is complete.").format(
            file=source.path
        )
    )


def _stage_parquet(source: Source, malformed: MalformedRows) -> None:
    connection = malformed.connection
    types = {at: source.match.export.columns[name] for name, at in source.match.columns.items()}
    kinds = [kind for _name, kind in parquet_columns(source.path, connection)]
    path = statements.literal_path(source.path)
    try:
        run(connection, statements.stage_parquet(kinds, types), {"path": path})
    except duckdb.Error as e:
        if _is_readable(connection, path):
            raise
        raise CcinsightError(_("{file} can't be read as a Parquet file.").format(file=source.path)) from e
    _reject_too_long(malformed, len(kinds))


def _is_readable(connection: duckdb.DuckDBPyConnection, path: str) -> bool:
    """Whether the whole file can be read, so that the fault was not its own."""
    try:
        run(connection, "select max(hash(p)) from read_parquet($path) as p", {"path": path})
    except duckdb.Error:
        return False
    return True


def _reject_too_long(malformed: MalformedRows, width: int) -> None:
    is_long = statements.too_long(width)
    limit = {"limit": FIELD_LIMIT}
    rows = run(malformed.connection, f"select * from staged where {is_long}", limit)  # noqa: S608
    for *cells, line in rows:
        malformed.take(Malformed(line, TOO_LONG, "", [cell or "" for cell in cells]))
    malformed.flush()
    if rows:
        run(malformed.connection, f"delete from staged where {is_long}", limit)  # noqa: S608
