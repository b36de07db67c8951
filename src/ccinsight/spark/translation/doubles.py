"""Casts of doubles: halves round otherwise in Spark, and the digits of their texts differ, so most are refused."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from sqlglot import exp

from ccinsight.spark.translation.errors import UntranslatableError
from ccinsight.spark.translation.sources import sources

_DOUBLE = {exp.DType.DOUBLE, exp.DType.FLOAT}
_ALWAYS = (exp.Div, exp.Avg, exp.Median, exp.PercentileCont, exp.PercentRank, exp.Sqrt, exp.Stddev)
_NEVER = (
    exp.Predicate,
    exp.Connector,
    exp.Not,
    exp.Count,
    exp.DateDiff,
    exp.DPipe,
    exp.RowNumber,
    exp.Literal,
)
# Of these the first argument gives the value, the others say which row or in which order.
_OF_FIRST = (exp.ArgMax, exp.ArgMin, exp.Filter, exp.Window, exp.Ordered, exp.WithinGroup)
# Ten decimals: enough that the last one doesn't matter after rounding to øre.
_EXACT_ENOUGH = "DECIMAL(38, 10)"


def refuse_casts_of_doubles(query: exp.Expr, doubles: set[str]) -> None:
    """Raises UntranslatableError for a cast of a double to a whole number, a text or a decimal of fewer decimals.

    ``doubles``: columns by name that hold doubles; brought up to date for the queries after it.
    """
    aliases = list(query.find_all(exp.Alias))
    while found := {each.alias for each in aliases if _is_double(each.this, doubles)} - doubles:
        doubles |= found
    # a name that the query gives to something else alone isn't a double in it, nor in those that read it
    doubles -= {each.alias for each in aliases} - {
        each.alias for each in aliases if _is_double(each.this, doubles)
    }
    for cast in query.find_all(exp.Cast):
        kind = cast.to
        if kind.this in _DOUBLE or not _is_double(cast.this, doubles):
            continue
        if kind.sql("duckdb") != _EXACT_ENOUGH:
            raise UntranslatableError(f"a cast of a double to {kind.sql('duckdb')}: {cast.sql('duckdb')}")


@cache
def double_columns() -> frozenset[str]:
    """The names under which the stored tables and models have doubles, and nothing else."""
    kinds: dict[str, set[str]] = {}
    read = (columns for name, columns in sources().columns.items() if not name.startswith("report "))
    for columns in read:
        for name, kind in columns.items():
            kinds.setdefault(name, set()).add(kind)
    return frozenset(name for name, found in kinds.items() if found == {"DOUBLE"})


def _is_double(node: exp.Expr, doubles: set[str]) -> bool:
    if isinstance(node, exp.Cast):
        return node.to.this in _DOUBLE
    if isinstance(node, exp.Column):
        return node.name in doubles
    if isinstance(node, _ALWAYS):
        return True
    if isinstance(node, _NEVER):
        return False
    return any(_is_double(value, doubles) for value in _values(node))


def _values(node: exp.Expr) -> Iterator[exp.Expr]:
    """The parts of an expression that its value comes from."""
    if isinstance(node, _OF_FIRST):
        yield node.this
    elif isinstance(node, exp.Case):
        yield from (branch.args["true"] for branch in node.args["ifs"])
        if node.args.get("default"):
            yield node.args["default"]
    elif isinstance(node, exp.Select):
        yield from node.expressions[:1]
    else:
        yield from node.iter_expressions()
