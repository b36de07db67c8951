"""Chunks of a table as Arrow tables of text, which statements read in place as `staged`."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from itertools import islice

import duckdb
import pyarrow as pa

from ccinsight.errors import CcinsightError
from ccinsight.i18n import _
from ccinsight.ingest.history.reject_files import fields_without_reason, still_malformed, without_reasons
from ccinsight.ingest.load.file_columns import FileColumns
from ccinsight.ingest.load.malformed import MalformedRows
from ccinsight.ingest.readers.chunks import TextChunk, prefetched
from ccinsight.ingest.readers.csv_records import TOO_MANY, Malformed
from ccinsight.ingest.readers.parquet import read_tables, without_too_long
from ccinsight.ingest.source import Source
from ccinsight.ingest.values.timestamps import parse_timestamps
from ccinsight.settings.model import ImportOptions


@dataclass(frozen=True)
class StagedChunk:
    """Some rows of a table as text: where its columns are, and the encoding of the file.

    ``table``: c0, c1, … and `line`; beside them, for columns of timestamps, `parsed_…`, null where Arrow could not
    parse the text, and for columns that are looked up, `lookup_…`. ``done``: the share of the whole table (0 to 1)
    that is read.
    """

    file: FileColumns
    table: pa.Table
    encoding: str | None
    done: float

    def enter(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Makes this the chunk that statements read as `staged`."""
        connection.register("staged", self.table)


def staged_chunks(source: Source, malformed: MalformedRows, options: ImportOptions) -> Iterator[StagedChunk]:
    """The chunks of a table. The next one is read while one is at work. Malformed rows go to ``malformed``."""
    file = FileColumns(source.match.export, source.match.columns, len(source.headers), options)
    coded = {file.positions[name] for name in file.looked_up()}
    if source.format == "parquet":
        yield from _parquet_chunks(source, malformed, file, coded)
        return
    for chunk, table, still in prefetched(_tables(source, file, coded)):
        for row in (*(_as_stored(row, source) for row in chunk.rejected), *still):
            malformed.take(row)
        malformed.flush()
        if table.num_rows + len(still) != chunk.rows:
            raise changed_meanwhile(source)
        encoding = source.encoding or chunk.encoding if source.format == "csv" else None
        yield StagedChunk(replace(file, padded=chunk.padded), table, encoding, chunk.done)


def changed_meanwhile(source: Source) -> CcinsightError:
    """The error for a file that is still being written."""
    return CcinsightError(
        _("{file} was changed while it was read: import it again when it is complete.").format(
            file=source.path
        )
    )


def _as_stored(row: Malformed, source: Source) -> Malformed:
    if source.reason_at is None:
        return row
    fields = fields_without_reason(row.fields, source.width, source.reason_at)
    return replace(row, fields=fields, value=str(len(fields)) if row.reason == TOO_MANY else row.value)


def _tables(
    source: Source, file: FileColumns, coded: Collection[int]
) -> Iterator[tuple[TextChunk, pa.Table, list[Malformed]]]:
    """The chunks with their rows, and with the rows of a file of rejected ones that still lack fields."""
    for chunk in source.chunks():
        table = chunk.table(source.width, coded)
        still: list[Malformed] = []
        if source.reason_at is not None:
            table, still = still_malformed(table, source.reason_at)
            table = without_reasons(table, source.reason_at)
        yield replace(chunk, text=()), _with_timestamps(table, file), still


def _with_timestamps(table: pa.Table, file: FileColumns) -> pa.Table:
    for name in file.timestamps():
        texts = table.column(f"c{file.positions[name]}")
        parsed = parse_timestamps(texts, file.options.day_first)
        table = table.append_column(f"parsed_{name}", parsed)
    return table


def _parquet_chunks(
    source: Source, malformed: MalformedRows, file: FileColumns, coded: Collection[int]
) -> Iterator[StagedChunk]:
    types = {at: source.match.export.columns[name] for name, at in source.match.columns.items()}
    tables = read_tables(source.path, malformed.connection, types, file.options.max_unpacked_mb)
    if source.is_sample:
        tables = islice(tables, 1)
    for whole, done in prefetched(tables):
        table, rejected = without_too_long(whole, file.width)
        for row in rejected:
            malformed.take(row)
        malformed.flush()
        for at in coded:
            table = table.set_column(at, f"c{at}", table.column(at).dictionary_encode())
        yield StagedChunk(file, _with_timestamps(table, file), None, done)
