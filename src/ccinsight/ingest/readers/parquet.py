"""Parquet files: DuckDB reads them, every column as text, in chunks of bounded size."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import reduce
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from ccinsight.errors import CcinsightError
from ccinsight.i18n import _, number
from ccinsight.ingest.catalogue import NUMERIC_TYPES
from ccinsight.ingest.readers.chunks import CHUNK_BYTES
from ccinsight.ingest.readers.csv_records import FIELD_LIMIT, TOO_LONG, Malformed
from ccinsight.ingest.readers.excel_guard import MOST_PACKED
from ccinsight.ingest.statements import Parameters, run

# Rows come few at a time, so that a long value in each of them takes no memory for all of them.
_BATCH, _BATCHES = 2048, 128


def parquet_columns(path: Path, connection: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    """Names and DuckDB types of a file's columns. Raises CcinsightError where it can't be read."""
    try:
        rows = connection.execute(
            "describe select * from read_parquet($path, hive_partitioning = false)",
            {"path": _literal_path(path)},
        ).fetchall()
    except duckdb.Error as e:
        raise _unreadable(path) from e
    return [(row[0], row[1]) for row in rows]


def read_tables(
    path: Path, connection: duckdb.DuckDBPyConnection, types: Mapping[int, str], most_megabytes: int
) -> Iterator[tuple[pa.Table, float]]:
    """The rows as text c0, c1, … and their `line`, chunk by chunk, with the share read so far; one chunk at least.

    ``types``: position → the export's type. Raises CcinsightError for a damaged file, and for a small one that unpacks
    to more than ``most_megabytes``.
    """
    file: Parameters = {"path": _literal_path(path)}
    query = _text_query([kind for _name, kind in parquet_columns(path, connection)], types)
    done = 0
    try:
        rows = run(connection, "select count(*) from read_parquet($path)", file)[0][0]
        # On a connection of its own: other statements run on the given one meanwhile.
        with connection.cursor() as reading:
            batches = reading.sql(query, params=file).to_arrow_reader(_BATCH)
            for table in _chunks(path, batches, most_megabytes):
                done += table.num_rows
                yield table, done / rows
            if not done:
                yield batches.schema.empty_table(), 1.0
    except duckdb.Error as e:
        if _is_readable(connection, file):
            raise
        raise _unreadable(path) from e


def without_too_long(table: pa.Table, width: int) -> tuple[pa.Table, list[Malformed]]:
    """Splits off the rows that have a field over the limit."""
    lengths = [pc.utf8_length(table.column(at)) for at in range(width)]
    is_long = reduce(pc.or_, [pc.fill_null(pc.greater(each, FIELD_LIMIT), False) for each in lengths])
    if not pc.any(is_long).as_py():
        return table, []
    rejected = [
        Malformed(row["line"], TOO_LONG, "", [row[f"c{at}"] or "" for at in range(width)])
        for row in table.filter(is_long).to_pylist()
    ]
    return table.filter(pc.invert(is_long)), rejected


def _chunks(path: Path, batches: Iterable[pa.RecordBatch], most_megabytes: int) -> Iterator[pa.Table]:
    """Batches put together to chunks of bounded size."""
    size_of_file = path.stat().st_size
    held: list[pa.RecordBatch] = []
    size = unpacked = 0
    for batch in batches:
        held.append(batch)
        size, unpacked = size + batch.nbytes, unpacked + batch.nbytes
        if unpacked > max(most_megabytes * 1_000_000, MOST_PACKED * size_of_file):
            raise CcinsightError(
                _(
                    "{file} unpacks to {size} MB or more, which is more than a Parquet file of its size is allowed: "
                    "save it as CSV, or raise max_unpacked_mb in the settings."
                ).format(file=path, size=number(unpacked // 1_000_000))
            )
        if size >= CHUNK_BYTES or len(held) >= _BATCHES:
            yield pa.Table.from_batches(held)
            held, size = [], 0
    if held:
        yield pa.Table.from_batches(held)


def _is_readable(connection: duckdb.DuckDBPyConnection, file: Parameters) -> bool:
    """Whether the whole file can be read, so that the error had another cause."""
    try:
        run(connection, "select max(hash(p)) from read_parquet($path) as p", file)
    except duckdb.Error:
        return False
    return True


def _unreadable(path: Path) -> CcinsightError:
    return CcinsightError(
        _("{file} can't be read as a Parquet file: it isn't whole. Export it again.").format(file=path)
    )


def _literal_path(path: Path) -> str:
    """The path for DuckDB's readers, which take `*`, `?` and `[` for a pattern."""
    return re.sub(r"([*?[])", r"[\1]", str(path))


def _text_query(kinds: Sequence[str], types: Mapping[int, str]) -> str:
    """The rows as text, with their line. ``kinds``: DuckDB's types; ``types``: the export's. Bind: $path."""
    names = ", ".join(f"c{at}" for at in range(len(kinds)))
    texts = ",\n    ".join(_column_text(at, kind, types.get(at)) for at, kind in enumerate(kinds))
    return f"""
select
    {texts},
    file_row_number + 1 as line
from read_parquet($path, hive_partitioning = false, file_row_number = true) as p({names}, file_row_number)
"""  # noqa: S608 (positions and our own words)


def _column_text(at: int, kind: str, type_: str | None) -> str:
    """A column as text: numbers exact, an instant as Norwegian time, a decimal point never ambiguous."""
    column = f"c{at}"
    if kind == "TIMESTAMP WITH TIME ZONE":
        return f"{_instant_text(column)} as {column}"
    if kind in {"FLOAT", "DOUBLE"} or kind.startswith("DECIMAL"):
        whole = (
            f"case when {column} = floor({column}) then cast(try_cast({column} as hugeint) as varchar) end"
        )
        text = f"cast({column} as varchar)"
        text = f"'[F:' || {text} || ']'" if type_ in NUMERIC_TYPES else text
        return f"coalesce({whole}, {text}) as {column}"
    return f"{_one_line_end(f'cast({column} as varchar)')} as {column}"


def _one_line_end(text: str) -> str:
    """A text with one kind of line end, as chunks.one_line_end makes it."""
    has_other = f"contains({text}, chr(13)) or contains(lower({text}), '_x000d_')"
    other = r"(_x000[Dd]_|\r)?\r?\n|_x000[Dd]_\r?|\r"
    return f"case when {has_other} then regexp_replace({text}, '{other}', chr(10), 'g') else {text} end"


def _instant_text(column: str) -> str:
    """An instant as Norwegian time; within the repeated hour with its offset, which alone says which pass it is."""
    local, earlier, later = (
        f"timezone('Europe/Oslo', {column} {moved})"
        for moved in ("", "- interval 1 hour", "+ interval 1 hour")
    )
    return (
        f"case when hour({local}) <= 3 and {local} in ({earlier}, {later}) "
        f"then strftime(timezone('UTC', {column}), '%Y-%m-%d %H:%M:%S.%fZ') else cast({local} as varchar) end"
    )
