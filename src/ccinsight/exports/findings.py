"""What a person should know about an imported table: unknown values, repeated keys, signs of a bad export."""

from __future__ import annotations

import re

import duckdb

from ccinsight.exports import statements
from ccinsight.exports.catalogue import Export, fold, unknown_value
from ccinsight.exports.records import Malformed
from ccinsight.exports.staging import run
from ccinsight.exports.statements import Layer
from ccinsight.exports.summary import FileWarning

ROW_LIMIT = 10_000
_UNKNOWN_SHOWN = 20
_TOTAL = re.compile(r"(grand)?total(t|er|s|sum)?:?|sum(mer|mary)?:?|totaltsum:?|ialt:?")
_NUMBER_LIKE = re.compile(r"[-−]?(\d[\d.,\s\u00a0\u202f]*)(kr|,-)?", re.IGNORECASE)


def unknown_values(connection: duckdb.DuckDBPyConnection, layer: Layer) -> list[FileWarning]:
    """The values that no name matches and that don't reject their row, the most frequent first."""
    if statements.count_values(layer) is None:
        return []
    warnings = []
    for column in layer.choices():
        if unknown_value(column) == "reject":
            continue
        found = run(
            connection,
            "select raw, rows from found_values where column_name = $column and value is null "
            "order by rows desc, raw",
            {"column": column},
        )
        shown, rest = found[:_UNKNOWN_SHOWN], found[_UNKNOWN_SHOWN:]
        warnings += [FileWarning("value_unknown", column, raw, rows) for raw, rows in shown]
        if rest:
            rows = sum(rows for _raw, rows in rest)
            warnings.append(FileWarning("values_unknown", column, str(len(rest)), rows))
    return warnings


def drop_repeated(connection: duckdb.DuckDBPyConnection, export: Export, file_id: int) -> list[FileWarning]:
    """Where a key comes more than once in the file, only its last row stays."""
    run(connection, statements.find_repeated(export), {"file_id": file_id})
    rows, example = run(connection, "select sum(rows), min(row_key) from repeated")[0]
    if not rows:
        return []
    run(connection, statements.drop_repeated(export), {"file_id": file_id})
    return [FileWarning("duplicate_key", "+".join(export.key), example.strip("|"), int(rows))]


def signs_of_a_bad_export(
    connection: duckdb.DuckDBPyConnection, layer: Layer, file_id: int, read: int, last: Malformed | None
) -> list[FileWarning]:
    """SuperOffice's row limit, tickets without a closed one, times known only to the day, a row of totals."""
    warnings = []
    if read == ROW_LIMIT:
        warnings.append(FileWarning("row_limit", rows=read))
    if layer.export.name == "tickets":
        warnings += _ticket_signs(connection, layer, file_id)
    if total := _total_row(connection, layer, last):
        warnings.append(FileWarning("total_row", value=total))
    return warnings


def _ticket_signs(connection: duckdb.DuckDBPyConnection, layer: Layer, file_id: int) -> list[FileWarning]:
    warnings = []
    closed, tickets = run(
        connection,
        "select count(*) filter (where closed_at is not null or status = 'closed'), count(*) "
        "from stored.tickets where file_id = $file_id",
        {"file_id": file_id},
    )[0]
    if tickets and not closed:
        warnings.append(FileWarning("no_closed_ticket"))
    statement = statements.count_day_times(layer)
    if statement and (rows := run(connection, statement)[0][0]):
        warnings.append(FileWarning("day_times", rows=rows))
    return warnings


def _total_row(connection: duckdb.DuckDBPyConnection, layer: Layer, last: Malformed | None) -> str | None:
    """The last row's first text where it looks like a total: it says so, or it has numbers and no key."""
    staged = run(connection, statements.last_row(layer))
    line, fields = staged[0] if staged else (0, [])
    if last is not None and last.line > line:
        fields = last.fields
    filled = [field.strip() for field in fields if field.strip()]
    if not filled:
        return None
    if _TOTAL.fullmatch(fold(filled[0])):
        return str(filled[0])
    at = layer.columns.get(layer.export.required[0])
    has_no_key = at is not None and (at >= len(fields) or not fields[at].strip())
    return str(filled[0]) if has_no_key and all(map(_NUMBER_LIKE.fullmatch, filled)) else None
