"""Warnings about an imported table: unknown values, repeated keys, signs of an incomplete export."""

from __future__ import annotations

import re

import duckdb
import numpy as np
import pyarrow as pa

from ccinsight.ingest.catalogue import Export, Match, fold, unknown_value
from ccinsight.ingest.history.summary import FileWarning
from ccinsight.ingest.load import keys, ticket_times
from ccinsight.ingest.load.lookups import Lookups
from ccinsight.ingest.load.staging import StagedChunk
from ccinsight.ingest.readers.csv_records import Malformed
from ccinsight.ingest.statements import run, statement

ROW_LIMIT = 10_000
_UNKNOWN_SHOWN = 20
_FEW = 100_000
_TOTAL = re.compile(r"(grand)?total(t|er|s|sum)?:?|sum(mer|mary)?:?|totaltsum:?|ialt:?")
_NUMBER_LIKE = re.compile(r"[-−]?(\d[\d.,\s\u00a0\u202f]*)(kr|,-)?", re.IGNORECASE)


class Repeatable:
    """The keys of a table that can be there more than once: those not greater than all before them.

    Most exports are in the order of their ids, and to look at each takes a tenth of the time of grouping them all.
    ``keys``: whole numbers; None where keys are something else, or more than a few: any can repeat then.
    """

    def __init__(self, export: Export) -> None:
        self.keys: set[int] | None = set() if len(export.key) == 1 else None
        self._alternative = export.alternatives.get(export.key[0])
        self._column, self._highest = export.key[0], np.iinfo(np.int64).min

    def take(self, chunk: StagedChunk) -> None:
        """Looks at the rows that are staged now."""
        if self.keys is None:
            return
        positions = chunk.file.positions
        if self._column not in positions or self._alternative in positions:
            self.keys = None
            return
        texts = chunk.table.column(f"c{chunk.file.positions[self._column]}")
        if len(texts) == texts.null_count:
            return
        try:
            found = np.from_dlpack(texts.drop_null().cast(pa.int64()).combine_chunks())
        except pa.ArrowInvalid:
            self.keys = None
            return
        highest = np.maximum.accumulate(np.append(self._highest, found))
        self._highest = highest[-1]
        self.keys.update(found[found <= highest[:-1]].tolist())
        if len(self.keys) > _FEW:
            self.keys = None


def drop_repeated(
    connection: duckdb.DuckDBPyConnection, export: Export, file_id: int, among: set[int] | None
) -> tuple[list[FileWarning], int]:
    """Where a key comes more than once in the file, only its last row stays. ``among``: no other key does.

    The warnings, and how many of the rows that go said something else than the one that stays.
    """
    if among is not None and not among:
        return [], 0
    chosen = {} if among is None else {"among": list(among)}
    run(connection, keys.find_repeated(export, bool(chosen)), {"file_id": file_id, **chosen})
    rows, example = run(connection, "select sum(rows), min(row_key) from repeated")[0]
    if not rows:
        return [], 0
    run(connection, keys.log_conflicts(export), {"file_id": file_id})
    run(connection, keys.drop_repeated(export), {"file_id": file_id})
    key = "+".join(export.key)
    repeated = FileWarning("duplicate_key", key, example.strip("|"), int(rows))
    conflicts, example = run(
        connection,
        "select sum(len(lines) - 1), min(row_key) from stored.key_conflicts where file_id = $file_id",
        {"file_id": file_id},
    )[0]
    if not conflicts:
        return [repeated], 0
    conflict = FileWarning("key_conflict", key, example.strip("|"), int(conflicts))
    # where every repeated row differs, one warning says it all
    return [conflict] if conflicts == rows else [repeated, conflict], int(conflicts)


def unknown_values(lookups: Lookups) -> list[FileWarning]:
    """The values of a file that no name matches and that don't reject their row, the most frequent first."""
    warnings = []
    for column in lookups.choices():
        if unknown_value(column) == "reject":
            continue
        found = [(text, rows) for text, value, rows in lookups.counted(column) if value is None]
        shown, rest = found[:_UNKNOWN_SHOWN], found[_UNKNOWN_SHOWN:]
        warnings += [FileWarning("value_unknown", column, text, rows) for text, rows in shown]
        if rest:
            rows = sum(rows for _text, rows in rest)
            warnings.append(FileWarning("values_unknown", column, str(len(rest)), rows))
    return warnings


class Signs:
    """Signs of a bad export in the staged rows of one table, gathered chunk by chunk."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, export: Export, file_id: int) -> None:
        self._connection, self._export, self._file_id = connection, export, file_id
        self._day_times = 0
        self._last: tuple[int, list[str]] = (0, [])

    def take(self, chunk: StagedChunk) -> None:
        """Looks at the rows that are staged now, the good ones of which are stored."""
        file, table = chunk.file, chunk.table
        count = ticket_times.count_day_times(file)
        if count and run(self._connection, count)[0][0]:
            is_stored = statement("rows.is_stored", export=self._export.name)
            stored = ticket_times.count_day_times(file, is_stored=is_stored)
            self._day_times += run(self._connection, stored or "", {"file_id": self._file_id})[0][0]
        if rows := table.slice(max(table.num_rows - 1, 0)).to_pylist():
            self._last = rows[0]["line"], [rows[0][f"c{at}"] or "" for at in range(file.width)]

    def of_a_bad_export(self, match: Match, read: int, malformed: Malformed | None) -> list[FileWarning]:
        """SuperOffice's row limit, tickets without a closed one, times known to the day, a row of totals."""
        warnings = []
        if read == ROW_LIMIT:
            warnings.append(FileWarning("row_limit", rows=read))
        if self._export.name == "tickets":
            warnings += _without_closed(self._connection, self._file_id)
        if self._day_times:
            warnings.append(FileWarning("day_times", rows=self._day_times))
        line, fields = self._last
        if malformed is not None and malformed.line > line:
            fields = malformed.fields
        if total := _total_row(match, fields):
            warnings.append(FileWarning("total_row", value=total))
        return warnings


def _without_closed(connection: duckdb.DuckDBPyConnection, file_id: int) -> list[FileWarning]:
    closed, tickets = run(
        connection,
        "select count(*) filter (where closed_at is not null or status = 'closed'), count(*) "
        "from stored.tickets where file_id = $file_id",
        {"file_id": file_id},
    )[0]
    return [FileWarning("no_closed_ticket")] if tickets and not closed else []


def _total_row(match: Match, fields: list[str]) -> str | None:
    """The last row's first text where it looks like a total: it says so, or it has numbers and no key."""
    filled = [field.strip() for field in fields if field.strip()]
    if not filled:
        return None
    if _TOTAL.fullmatch(fold(filled[0])):
        return str(filled[0])
    at = match.columns.get(match.export.required[0])
    has_no_key = at is not None and (at >= len(fields) or not fields[at].strip())
    return str(filled[0]) if has_no_key and all(map(_NUMBER_LIKE.fullmatch, filled)) else None
