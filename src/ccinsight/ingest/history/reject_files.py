"""Recognises files of rejected rows that are imported again: ignores the reasons, checks what was corrected."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

import pyarrow as pa
import pyarrow.compute as pc

from ccinsight.i18n import in_every_language
from ccinsight.ingest.catalogue import fold
from ccinsight.ingest.readers.csv_records import NEVER_CLOSED, TOO_FEW, Malformed
from ccinsight.ingest.values.reasons import REASON_HEADER

_COUNT = re.compile(r"\(([0-9]+)\)$")


@cache
def _headers() -> frozenset[str]:
    return frozenset(map(fold, in_every_language(REASON_HEADER)))


def reason_column(headers: Sequence[str]) -> int | None:
    """The position of the reasons: the last header that isn't blank, where it is theirs."""
    last = max((at for at, header in enumerate(headers) if header.strip()), default=0)
    return last if last and fold(headers[last]) in _headers() else None


def fields_without_reason(fields: Sequence[str], width: int, at: int) -> list[str]:
    """The fields of a row that is no record; the reason of a row with too many stands after them all."""
    if len(fields) < width:
        return [*fields]
    at = at if len(fields) == width else len(fields) - 1
    return [*fields[:at], *fields[at + 1 :]]


def in_place(fields: list[str], width: int) -> list[str]:
    """The fields of a row whose missing ones were written in without taking out the empty ones in their place."""
    if len(fields) > width and not any(field.strip() for field in fields[width - 1 : -1]):
        return [*fields[: width - 1], fields[-1]]
    return fields


def still_malformed(table: pa.Table, at: int) -> tuple[pa.Table, list[Malformed]]:
    """Takes out the rows that lacked fields and still do: their last one is empty, and their reason stands."""
    reasons, last = table.column(f"c{at}"), table.column(f"c{at - 1}")
    began = [text for reason in (TOO_FEW, NEVER_CLOSED) for text in in_every_language(reason)]
    pattern = "^(" + "|".join(map(re.escape, began)) + ")"
    says_so = pc.fill_null(pc.match_substring_regex(reasons, pattern), False)
    is_open = pc.and_(says_so, pc.is_null(last))
    if not pc.any(is_open).as_py():
        return table, []
    rows = table.filter(is_open).to_pylist()
    return table.filter(pc.invert(is_open)), [_malformed(row, at) for row in rows]


def _malformed(row: dict[str, str | int | None], at: int) -> Malformed:
    fields = [str(row[f"c{each}"] or "") for each in range(at)]
    count = _COUNT.search(str(row[f"c{at}"]))
    while not count and fields and not fields[-1]:
        fields.pop()
    fields = fields[: int(count[1])] if count else fields
    reason, value = (TOO_FEW, str(len(fields))) if count else (NEVER_CLOSED, "")
    return Malformed(int(row["line"] or 0), reason, value, fields)


def without_reasons(table: pa.Table, at: int) -> pa.Table:
    """The table without the column of reasons, the columns after it one further to the left."""
    table = table.remove_column(at)
    return table.rename_columns([*(f"c{each}" for each in range(table.num_columns - 1)), "line"])
