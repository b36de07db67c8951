"""What it means that Spark answers as DuckDB does: the same columns and types, the same rows in the same order."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import duckdb

from ccinsight.database.models import OPTION_TYPES
from ccinsight.registry import OPTION_PARAMETERS
from ccinsight.spark.lake import Lake
from ccinsight.spark.report import report
from ccinsight.spark.translation import spark_type

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

# A hash of a caller, of which only matters which are the same.
HASHED = "contact_key"
Row = tuple[Any, ...]


def differences_of_report(
    lake: Lake,
    connection: duckdb.DuckDBPyConnection,
    name: str,
    as_of: date,
    customer_ids: Sequence[str] | None = None,
    **options: Any,
) -> str | None:
    """How a report's rows differ on a day; None where they don't."""
    call = "".join(f", {OPTION_PARAMETERS.get(o, o)} := cast(${o} as {OPTION_TYPES[o]})" for o in options)
    ids = None if customer_ids is None else list(customer_ids)
    cursor = connection.execute(
        f"from main.{name}($as_of, customer_ids := cast($ids as varchar[]){call})",
        {"as_of": as_of, "ids": ids, **options},
    )
    rows = report(lake, name, as_of, customer_ids, **options)
    return _types(rows, cursor) or _rows(_normal(rows.collect()), _normal(cursor.fetchall()), is_ordered=True)


def differences_of_model(rows: DataFrame, connection: duckdb.DuckDBPyConnection, relation: str) -> str | None:
    """How a model's rows differ; None where they don't. A model has no order."""
    cursor = connection.execute(f"from {relation}")
    return _types(rows, cursor) or _rows(
        _with_places(rows.columns, _normal(rows.collect())),
        _with_places(rows.columns, _normal(cursor.fetchall())),
        is_ordered=False,
    )


def _types(rows: DataFrame, cursor: duckdb.DuckDBPyConnection) -> str | None:
    spark = {field.name: field.dataType.simpleString() for field in rows.schema}
    described = cursor.description or []
    duck = {column[0]: spark_type(str(column[1])).replace(" ", "").replace(":", ":") for column in described}
    if list(spark) != list(duck):
        return f"columns {list(spark)} for {list(duck)}"
    other = {name: (spark[name], duck[name]) for name in spark if _plain(spark[name]) != _plain(duck[name])}
    return f"types {other}" if other else None


def _plain(kind: str) -> str:
    return kind.replace(" ", "").replace(":", "")


def _normal(rows: Sequence[Any]) -> list[Row]:
    return [tuple(_value(value) for value in row) for row in rows]


def _value(value: Any) -> Any:
    """A value without what the engines write differently: the last digits of doubles, zeros after a decimal."""
    match value:
        case float():
            return None if math.isnan(value) else float(f"{value:.12g}")
        case Decimal():
            return value.normalize() if value else Decimal(0)
        case dict():
            return tuple(map(_value, value.values()))
        case list() | tuple():
            return tuple(map(_value, value))
    return value


def _with_places(columns: Sequence[str], rows: list[Row]) -> list[Row]:
    """Hashes replaced by the first row, in an order of their own, that has the same."""
    if HASHED not in columns:
        return rows
    place = columns.index(HASHED)
    rows = sorted(rows, key=lambda row: repr(row[:place]))
    first: dict[Any, int] = {}
    numbers = [
        None if row[place] is None else first.setdefault(row[place], number)
        for number, row in enumerate(rows)
    ]
    return [(*row[:place], number, *row[place + 1 :]) for number, row in zip(numbers, rows, strict=True)]


def _rows(spark: list[Row], duck: list[Row], *, is_ordered: bool) -> str | None:
    if spark == duck:
        return None
    ours, theirs = Counter(map(repr, spark)), Counter(map(repr, duck))
    if ours == theirs:
        return "another order" if is_ordered else None
    return (
        f"{len(spark)} rows for {len(duck)}; e.g. {sorted(ours - theirs)[:1]} for {sorted(theirs - ours)[:1]}"
    )
