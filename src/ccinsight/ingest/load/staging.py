"""The rows of one table as text that DuckDB reads in place, and the rows that are none among the rejects."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import reduce
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from ccinsight.errors import CcinsightError
from ccinsight.i18n import _, number
from ccinsight.ingest.catalogue import Export
from ccinsight.ingest.history.reject_files import fields_without_reason, still_malformed, without_reasons
from ccinsight.ingest.load import import_sql
from ccinsight.ingest.load.import_sql import Layer
from ccinsight.ingest.readers.chunks import PART_BYTES, Part, prefetched
from ccinsight.ingest.readers.csv_records import FIELD_LIMIT, TOO_LONG, TOO_MANY, Malformed
from ccinsight.ingest.readers.excel_guard import MOST_PACKED
from ccinsight.ingest.source import Source, parquet_columns
from ccinsight.ingest.values.split_timestamps import fill_moments
from ccinsight.ingest.values.timestamps import read_moments
from ccinsight.settings.model import ImportOptions

_BATCH = 10_000
# Rows of a Parquet file come few at a time, so that a long value that each has takes no memory for all of them.
_PARQUET_BATCH, _PARQUET_BATCHES = 2048, 128

# What an amount may be signed with beside the currency's code, as regular expressions.
_KRONER = ("kr", "KR", "Kr")
_CURRENCY_SIGNS = {
    **dict.fromkeys(("NOK", "SEK", "DKK", "ISK"), _KRONER),
    "EUR": ("€",),
    "GBP": ("£",),
    "USD": ("US[$]", "[$]"),
    "JPY": ("¥",),
}

Parameters = dict[str, Any]


def run(
    connection: duckdb.DuckDBPyConnection, statement: str, parameters: Parameters | None = None
) -> list[tuple[Any, ...]]:
    """Runs a statement to its end."""
    return connection.execute(statement, parameters or {}).fetchall()


def prepare(connection: duckdb.DuckDBPyConnection, options: ImportOptions) -> None:
    """Makes the functions that read values, and the settings that they need."""
    for statement in import_sql.macros():
        run(connection, statement)
    settings = {"day_first": options.day_first, "decimal_sign": options.decimal_sign}
    run(connection, import_sql.IMPORT_OPTIONS, settings)
    if options.empty:
        run(connection, import_sql.EMPTY_TEXTS, {"texts": list(options.empty)})
        run(connection, import_sql.CLEAN_OF_EMPTY_TEXTS)
    code = options.currency
    signs = [*_CURRENCY_SIGNS.get(code, ()), code, code.lower(), code.capitalize()]
    run(connection, "set variable currency_code = $code", {"code": code})
    run(connection, "set variable own_currency = $signs", {"signs": "|".join(signs)})


def column(
    connection: duckdb.DuckDBPyConnection, query: str, parameters: Parameters | None = None
) -> pa.ChunkedArray:
    """What a query of one column gives."""
    return connection.sql(query, params=parameters or {}).to_arrow_table().column(0)


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
        # Bound as lists: Arrow would load pandas for them, which takes as long as a small file.
        parameters = {
            "file_id": self.file_id,
            "export": self.source.match.export.name,
            "lines": [row.line for row in rows],
            "row_keys": [_key(self.source, row) for row in rows],
            "column_names": [row.column for row in rows],
            "values": [row.value or None for row in rows],
            "reasons": [row.reason for row in rows],
            "fields": [[_encodable(field) for field in row.fields] for row in rows],
        }
        stored = run(self.connection, import_sql.store_malformed(self.kept), parameters)[0][0]
        self.count -= len(rows) - stored
        self.dropped += len(rows) - stored


def _key(source: Source, row: Malformed) -> str | None:
    """The key of a row of the wrong width, where it is one column and not the last that the row has."""
    export: Export = source.match.export
    columns = source.match.columns
    if len(export.key) > 1 or export.key[0] not in columns:
        return None
    at = columns[export.key[0]]
    return (row.fields[at].strip() or None) if at < len(row.fields) - 1 else None


def _encodable(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")


@dataclass(frozen=True)
class Staged:
    """Rows as text, which statements know as `staged`: how they lie there, and their file's encoding.

    ``table``: the rows, c0, c1, … and `line`; beside them, as p_…, the plain moments of columns of moments.
    ``done``: the part of the whole table (0 to 1) that is read.
    """

    connection: duckdb.DuckDBPyConnection
    layer: Layer
    table: pa.Table
    encoding: str | None
    done: float

    def __post_init__(self) -> None:
        self.connection.register("staged", self.table)

    def emptied(self, condition: str, columns: Collection[int]) -> Staged:
        """Without the values of these columns in the rows `s` that meet a condition."""
        meets, table = self._meet(condition), self.table
        if not pc.any(meets).as_py():
            return self
        for at in columns:
            column = table.column(f"c{at}")
            kept = pc.if_else(meets, pa.scalar(None, column.type), column)
            table = table.set_column(at, f"c{at}", kept)
        return replace(self, table=table)

    def without(self, condition: str) -> Staged:
        """Without the rows `s` that meet a condition."""
        return replace(self, table=self.table.filter(pc.invert(self._meet(condition))))

    def _meet(self, condition: str) -> pa.ChunkedArray:
        return column(self.connection, f"select coalesce({condition}, false) from staged as s")  # noqa: S608


def staged(source: Source, malformed: MalformedRows, options: ImportOptions) -> Iterator[Staged]:
    """The rows of a table, part by part. The next part is made ready while one is at work."""
    layer = Layer(source.match.export, source.match.columns, len(source.headers), options)
    coded = {layer.columns[name] for name in layer.coded()}
    if source.format == "parquet":
        yield from _staged_parquet(source, malformed, layer, coded)
        return
    for part, table, again in prefetched(_tables(source, layer, coded)):
        for row in part.rejected:
            malformed.take(_as_stored(row, source))
        for row in again:
            malformed.take(row)
        malformed.flush()
        if table.num_rows + len(again) != part.rows:
            raise changed_meanwhile(source)
        encoding = source.encoding or part.encoding if source.format == "csv" else None
        mine = replace(layer, padded=part.padded)
        yield Staged(malformed.connection, mine, table, encoding, part.done)


def _as_stored(row: Malformed, source: Source) -> Malformed:
    if source.reason_at is None:
        return row
    fields = fields_without_reason(row.fields, source.width, source.reason_at)
    return replace(row, fields=fields, value=str(len(fields)) if row.reason == TOO_MANY else row.value)


def _tables(
    source: Source, layer: Layer, coded: Collection[int]
) -> Iterator[tuple[Part, pa.Table, list[Malformed]]]:
    """The parts with their rows, and with the rows of a file of rejected ones that still lack fields."""
    for part in source.parts():
        table = part.table(source.width, coded)
        again: list[Malformed] = []
        if source.reason_at is not None:
            table, again = still_malformed(table, source.reason_at)
            table = without_reasons(table, source.reason_at)
        yield replace(part, text=()), _with_moments(table, layer), again


def _with_moments(table: pa.Table, layer: Layer) -> pa.Table:
    for name in layer.moments():
        texts = table.column(f"c{layer.columns[name]}")
        moments = fill_moments(read_moments(texts), texts, layer.options.day_first)
        table = table.append_column(f"p_{name}", moments)
    return table


def changed_meanwhile(source: Source) -> CcinsightError:
    """The error for a file that is still being written."""
    return CcinsightError(
        _("{file} was changed while it was read: import it again when it is complete.").format(
            file=source.path
        )
    )


def _staged_parquet(
    source: Source, malformed: MalformedRows, layer: Layer, coded: Collection[int]
) -> Iterator[Staged]:
    kinds = [kind for _name, kind in parquet_columns(source.path, malformed.connection)]
    types = {at: source.match.export.columns[name] for name, at in source.match.columns.items()}
    statement, most = import_sql.parquet_text(kinds, types), layer.options.max_unpacked_mb
    for table, done in prefetched(_parquet_tables(source, malformed.connection, statement, most)):
        short = _without_too_long(malformed, table, layer.width)
        for at in coded:
            short = short.set_column(at, f"c{at}", short.column(at).dictionary_encode())
        yield Staged(malformed.connection, layer, _with_moments(short, layer), None, done)


def _parquet_tables(
    source: Source, connection: duckdb.DuckDBPyConnection, statement: str, most_megabytes: int
) -> Iterator[tuple[pa.Table, float]]:
    """The rows, part by part, with the part of all that is read then; one at least."""
    file = {"path": import_sql.literal_path(source.path)}
    done = 0
    try:
        rows = run(connection, "select count(*) from read_parquet($path)", file)[0][0]
        # On a connection of its own: statements run on the other meanwhile.
        with connection.cursor() as reading:
            batches = reading.sql(statement, params=file).to_arrow_reader(_PARQUET_BATCH)
            for table in _in_parts(source, batches, most_megabytes):
                done += table.num_rows
                yield table, done / rows
            if not done:
                yield batches.schema.empty_table(), 1.0
    except duckdb.Error as e:
        if _is_readable(connection, file):
            raise
        raise CcinsightError(_("{file} can't be read as a Parquet file.").format(file=source.path)) from e


def _in_parts(source: Source, batches: Iterable[pa.RecordBatch], most_megabytes: int) -> Iterator[pa.Table]:
    """Few rows at a time put together to parts of bounded size; a small file that holds much is refused."""
    held: list[pa.RecordBatch] = []
    size = unpacked = 0
    for batch in batches:
        held.append(batch)
        size, unpacked = size + batch.nbytes, unpacked + batch.nbytes
        if unpacked > max(most_megabytes * 1_000_000, MOST_PACKED * source.stamp.size):
            raise CcinsightError(
                _(
                    "{file} unpacks to {size} MB or more, which is more than a Parquet file of its size is allowed: "
                    "save it as CSV, or raise max_unpacked_mb in the settings."
                ).format(file=source.path, size=number(unpacked // 1_000_000))
            )
        if size >= PART_BYTES or len(held) >= _PARQUET_BATCHES:
            yield pa.Table.from_batches(held)
            held, size = [], 0
    if held:
        yield pa.Table.from_batches(held)


def _is_readable(connection: duckdb.DuckDBPyConnection, file: Parameters) -> bool:
    """Whether the whole file can be read, so that the fault was not its own."""
    try:
        run(connection, "select max(hash(p)) from read_parquet($path) as p", file)
    except duckdb.Error:
        return False
    return True


def _without_too_long(malformed: MalformedRows, table: pa.Table, width: int) -> pa.Table:
    lengths = [pc.utf8_length(table.column(at)) for at in range(width)]
    is_long = reduce(pc.or_, [pc.fill_null(pc.greater(each, FIELD_LIMIT), False) for each in lengths])
    if not pc.any(is_long).as_py():
        return table
    for row in table.filter(is_long).to_pylist():
        cells = [row[f"c{at}"] or "" for at in range(width)]
        malformed.take(Malformed(row["line"], TOO_LONG, "", cells))
    malformed.flush()
    return table.filter(pc.invert(is_long))
