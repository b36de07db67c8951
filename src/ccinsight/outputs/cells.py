"""What every file of a report has in common: its columns, its rows as cells, and what stands above it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

import pyarrow as pa

from ccinsight import i18n
from ccinsight.i18n import _
from ccinsight.registry import Column, Report


@dataclass(frozen=True)
class Head:
    """What stands above a table: the as-of date, and the filters as (label, value) in words."""

    as_of: date
    filters: tuple[tuple[str, str], ...] = ()


def columns_of(table: pa.Table, report: Report | None) -> list[Column]:
    """What is known of each column of the table; one that the report lacks goes by its type."""
    return [
        (report.column(field.name) if report and report.has_column(field.name) else None)
        or Column(name=field.name, label=field.name, format=_format_of(field.type), description="")
        for field in table.schema
    ]


def labelled(column: Column, value: object) -> object:
    """A value as a person's spreadsheet holds it: codes and "unknown" in the language in use; None for unknown."""
    if i18n.is_unknown(value):
        return None
    if column.name == "user_band" and value == "unknown":
        return _("unknown")
    return column.code_label(value) if column.format == "code" else value


def _format_of(kind: pa.DataType) -> str:
    if pa.types.is_date(kind):
        return "date"
    if pa.types.is_timestamp(kind):
        return "moment"
    if pa.types.is_boolean(kind):
        return "boolean"
    if pa.types.is_integer(kind):
        return "integer"
    return "ratio" if pa.types.is_floating(kind) else "text"


def rows_of(
    table: pa.Table, cells: Callable[[Column, object], object], report: Report | None
) -> Iterator[tuple[object, ...]]:
    """The rows with each value turned into a cell, a batch at a time."""
    columns = columns_of(table, report)
    for batch in table.to_batches():
        turned = [
            [cells(column, value) for value in array.to_pylist()]
            for column, array in zip(columns, batch.columns, strict=True)
        ]
        yield from zip(*turned, strict=True)
