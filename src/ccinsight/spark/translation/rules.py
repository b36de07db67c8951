"""How each construct of DuckDB SQL is said in Spark SQL so that it answers alike; what has no rule is refused.

A transpiled statement that runs can still be wrong: halves that round otherwise, a list that loses its order. So every
kind of node is either known to mean the same (PLAIN), or has a rule here.
"""

from __future__ import annotations

from collections.abc import Callable

import sqlglot
from sqlglot import exp

from ccinsight.spark.translation import lists
from ccinsight.spark.translation.errors import UntranslatableError
from ccinsight.spark.translation.templates import spark

Rule = Callable[[exp.Expr], exp.Expr]

# What both engines say and mean alike, as SQLGlot writes it for Spark.
PLAIN: frozenset[type[exp.Expr]] = frozenset(
    {
        exp.Abs, exp.Add, exp.Alias, exp.And, exp.AnyValue, exp.Between, exp.BitwiseAnd,
        exp.BitwiseOrAgg, exp.Boolean, exp.Case, exp.Coalesce, exp.Column,
        exp.ColumnDef, exp.Count, exp.DataType, exp.DataTypeParam, exp.DateFromParts, exp.Distinct, exp.Dot,
        exp.EQ, exp.Exists, exp.From, exp.GT, exp.GTE, exp.Greatest, exp.Group, exp.GroupConcat, exp.Having,
        exp.Identifier, exp.If, exp.Is, exp.LT, exp.LTE, exp.Lag, exp.Lambda, exp.LastDay, exp.LastValue,
        exp.Lead, exp.Least, exp.Limit, exp.Literal, exp.LogicalAnd, exp.LogicalOr, exp.Lower, exp.Median,
        exp.Min, exp.Month, exp.Mul, exp.NEQ, exp.Neg, exp.Not, exp.Null, exp.NullSafeEQ, exp.NullSafeNEQ,
        exp.Nullif, exp.Or, exp.Order, exp.Ordered, exp.Paren, exp.PercentRank, exp.PercentileCont,
        exp.Placeholder, exp.PropertyEQ, exp.Quarter, exp.Replace, exp.RowNumber, exp.SHA2, exp.Slice,
        exp.SplitPart, exp.Star, exp.Sub, exp.Subquery, exp.Substring, exp.Sum, exp.Table, exp.TableAlias,
        exp.Translate, exp.Trim, exp.Tuple, exp.Union, exp.Values, exp.Var, exp.Where, exp.WindowSpec,
        exp.Year,
    }
)  # fmt: skip
_WHOLE_NUMBERS = {
    exp.DType.TINYINT,
    exp.DType.UTINYINT,
    exp.DType.SMALLINT,
    exp.DType.INT,
    exp.DType.BIGINT,
}
# The units of date_trunc, in Spark's words; a day comes out, which compares and adds up as DuckDB's midnight does.
_TRUNCATED = {"MONTH": "MM", "YEAR": "YYYY"}
_UNITS = {"DAY", "HOUR", "MONTH", "YEAR", "MINUTE", "SECOND"}
_LAST_ASCII = 127


def translated(tree: exp.Expr) -> exp.Expr:
    """A query in Spark's words. Raises UntranslatableError naming the first construct without a rule."""
    for node in reversed(list(tree.walk())):  # children before parents
        new = _rule_of(node)(node)
        if new is node:
            continue
        if node is tree:
            tree = new
        else:
            node.replace(new)
    return tree


def _rule_of(node: exp.Expr) -> Rule:
    if isinstance(node, exp.Anonymous):
        rule = NAMED_RULES.get(node.name.lower())
        if rule is None:
            raise UntranslatableError(f"the function {node.name.lower()}: {node.sql('duckdb')}")
        return rule
    if type(node) in PLAIN:
        return _plain
    rule = RULES.get(type(node))
    if rule is None:
        raise UntranslatableError(f"{type(node).__name__}: {node.sql('duckdb')}")
    return rule


def _plain(node: exp.Expr) -> exp.Expr:
    return node


def _divided(node: exp.Expr) -> exp.Expr:
    # Spark gives a decimal divided by a whole number few decimals
    return spark("cast(_a as double) / cast(_b as double)", _a=node.this, _b=node.expression)


def _divided_whole(node: exp.Expr) -> exp.Expr:
    return spark("(_a) div (_b)", _a=node.this, _b=node.expression)


def _cast(node: exp.Expr) -> exp.Expr:
    kind = node.args["to"]
    if kind.this is exp.DType.INT128:
        return exp.cast(node.this, exp.DataType.build("decimal(38, 0)"))
    if kind.this in _WHOLE_NUMBERS and not isinstance(node.this, exp.Literal | exp.Null):
        # Spark cuts decimals off where DuckDB rounds them
        node.set("this", spark("round(_x)", _x=node.this))
    return node


def _rounded(node: exp.Expr) -> exp.Expr:
    # only of a decimal that is given as one: Spark rounds the halves of doubles otherwise
    decimal = node.this
    if not (
        isinstance(decimal, exp.Cast) and decimal.to.this is exp.DType.DECIMAL and node.args.get("decimals")
    ):
        raise UntranslatableError(f"round of what isn't cast to a decimal: {node.sql('duckdb')}")
    return node


def _days_between(node: exp.Expr) -> exp.Expr:
    templates = {
        "DAY": "datediff(_b, _a)",
        # the months that begin in between; Spark counts whole months
        "MONTH": "(year(_b) - year(_a)) * 12 + month(_b) - month(_a)",
        "MINUTE": "timestampdiff(MINUTE, date_trunc('MINUTE', _a), date_trunc('MINUTE', _b))",
        "MICROSECOND": "timestampdiff(MICROSECOND, _a, _b)",
    }
    unit = node.args["unit"].name.upper()
    if unit not in templates:
        raise UntranslatableError(f"date_diff of {unit}")
    return exp.Paren(this=spark(templates[unit], _a=node.expression, _b=node.this))


def _part(node: exp.Expr) -> exp.Expr:
    # the others are numbered otherwise: Sunday is 0, and 1 in Spark
    if node.expressions[0].name != "hour":
        raise UntranslatableError(f"date_part of {node.expressions[0].sql('duckdb')}")
    return exp.Anonymous(this="date_part", expressions=node.expressions)


def _shifted(node: exp.Expr) -> exp.Expr:
    # by more than 30: a whole number of 32 bits loses the bit
    return exp.BitwiseLeftShift(
        this=exp.cast(node.this, exp.DataType.build("bigint")), expression=node.expression
    )


def _truncated(node: exp.Expr) -> exp.Expr:
    unit = node.args["unit"].name.upper()
    if unit not in _TRUNCATED:
        raise UntranslatableError(f"date_trunc of {unit}")
    return spark(f"trunc(_x, '{_TRUNCATED[unit]}')", _x=node.this)


def _interval(node: exp.Expr) -> exp.Expr:
    if node.text("unit").upper() not in _UNITS or not isinstance(node.this, exp.Literal):
        raise UntranslatableError(f"an interval: {node.sql('duckdb')}")
    return node


def _best_known(name: str) -> Rule:
    def rule(node: exp.Expr) -> exp.Expr:
        # rows without a value don't count in DuckDB
        return spark(f"{name}(_a, _b) filter (where _a is not null)", _a=node.this, _b=node.expression)

    return rule


def _filter(node: exp.Expr) -> exp.Expr:
    inner = node.this
    if isinstance(inner, exp.Filter):  # of arg_max: both conditions
        both = exp.and_(inner.expression.this, node.expression.this)
        return exp.Filter(this=inner.this, expression=exp.Where(this=both))
    return node


def _window(node: exp.Expr) -> exp.Expr:
    if isinstance(node.this, exp.Filter) or node.args.get("exclude"):
        raise UntranslatableError(f"a window over what is filtered: {node.sql('duckdb')}")
    return node


def _join(node: exp.Expr) -> exp.Expr:
    if node.text("method") or node.args.get("using"):
        raise UntranslatableError(f"a join: {node.sql('duckdb')}")
    return node


def _percentile(node: exp.Expr) -> exp.Expr:
    # SQLGlot would make it an approximation
    if not isinstance(node.this, exp.PercentileCont):
        raise UntranslatableError(f"within group: {node.sql('duckdb')}")
    return spark("percentile(_x, _p)", _x=node.expression.expressions[0].this, _p=node.this.this)


def _character(node: exp.Expr) -> exp.Expr:
    # Spark takes the number modulo 256
    number = node.expressions[0]
    if not (isinstance(number, exp.Literal) and int(number.name) <= _LAST_ASCII):
        raise UntranslatableError(f"chr beyond {_LAST_ASCII}: {node.sql('duckdb')}")
    return node


def _joined(node: exp.Expr) -> exp.Expr:
    return spark("concat(_a, _b)", _a=_as_text(node.this), _b=_as_text(node.expression))


def _joined_with(node: exp.Expr) -> exp.Expr:
    separator, *texts = node.expressions
    return exp.Anonymous(this="concat_ws", expressions=[separator, *map(_as_text, texts)])


def _as_text(node: exp.Expr) -> exp.Expr:
    if isinstance(node, exp.Literal) and node.is_string:
        return node
    return exp.cast(node.copy(), exp.DataType.build("text"))


def _replaced_pattern(node: exp.Expr) -> exp.Expr:
    pattern, modifiers = node.expression, node.args.get("modifiers")
    is_all = modifiers is not None and modifiers.name == "g"
    if modifiers is not None and not is_all:
        raise UntranslatableError(f"regexp_replace with {modifiers.sql('duckdb')}")
    # Spark replaces every match: the same where there is one at most, at the end
    if not is_all and not pattern.name.endswith(r"\z"):
        raise UntranslatableError(f"regexp_replace of the first match only: {node.sql('duckdb')}")
    return exp.Anonymous(this="regexp_replace", expressions=[node.this, pattern, node.args["replacement"]])


def _in(node: exp.Expr) -> exp.Expr:
    query = node.args.get("query")
    select = query.this if isinstance(query, exp.Subquery) else query
    if not (isinstance(select, exp.Select) and len(select.expressions) == 1):
        return node
    listed = select.expressions[0]
    is_of_list = select.args.get("from_") is None and isinstance(listed, exp.Explode)
    if not (is_of_list or _is_condition(node)):
        raise UntranslatableError(
            f"in a query as a value, which is never null in Spark: {node.sql('duckdb')}"
        )
    if isinstance(listed, exp.Tuple):  # (a, b) in (select (c, d) …): of two columns in Spark
        select.set("expressions", listed.expressions)
        return node
    if is_of_list:
        return spark("array_contains(_a, _x)", _a=listed.this, _x=node.this)
    return node


def _is_condition(node: exp.Expr) -> bool:
    """Whether null is the same as false where this stands."""
    child, parent = node, node.parent
    while isinstance(parent, exp.Connector | exp.Paren | exp.Not):
        child, parent = parent, parent.parent
    if isinstance(parent, exp.Coalesce):
        return [other.sql() for other in parent.expressions] == ["FALSE"]
    return isinstance(parent, exp.Where | exp.Having | exp.Join) or (
        isinstance(parent, exp.If) and parent.this is child
    )


def _ignoring_nulls(node: exp.Expr) -> exp.Expr:
    if isinstance(
        node.this, exp.AnyValue
    ):  # where it stands before a filter, Spark can't parse `ignore nulls`
        return exp.Anonymous(this="any_value", expressions=[node.this.this, exp.true()])
    return node


def _select(node: exp.Expr) -> exp.Expr:
    # side by side in DuckDB, every one with every other in Spark
    if sum(column.find(exp.Explode) is not None for column in node.expressions) > 1:
        raise UntranslatableError(f"several unnests in one select: {node.sql('duckdb')}")
    return node


def _time_zone(node: exp.Expr) -> exp.Expr:
    # timezone('Europe/Oslo', timezone('UTC', x)); the inner one comes first and is left as it is
    zone, instant = node.expressions
    if zone.name == "UTC":
        return node
    if not (isinstance(instant, exp.Anonymous) and instant.name.lower() == "timezone"):
        raise UntranslatableError(f"timezone of what isn't in UTC: {node.sql('duckdb')}")
    return spark("convert_timezone('UTC', _z, _x)", _z=zone, _x=instant.expressions[1])


def _typed(node: exp.Expr) -> exp.Expr:
    """A column of the result, whose type is DuckDB's: ours, not of DuckDB SQL."""
    value, kind = node.expressions
    return exp.cast(value, exp.DataType.build(kind.name, dialect="spark"))


def _row(node: exp.Expr) -> exp.Expr:
    # as what things are ordered by: nulls come last in DuckDB, first in Spark
    fields = []
    for value in node.expressions:
        fields += [spark("_x is null", _x=value), value]
    return exp.Anonymous(this="struct", expressions=fields)


def _renamed(name: str) -> Rule:
    def rule(node: exp.Expr) -> exp.Expr:
        return exp.Anonymous(this=name, expressions=node.expressions)

    return rule


def _written(template: str) -> Rule:
    """A function of one value."""

    def rule(node: exp.Expr) -> exp.Expr:
        value = node.this if isinstance(node.this, exp.Expr) else node.expressions[0]
        return spark(template, _x=value)

    return rule


RULES: dict[type[exp.Expr], Rule] = {
    exp.ArgMax: _best_known("max_by"),
    exp.ArgMin: _best_known("min_by"),
    exp.Array: lists.array,
    exp.ArrayAgg: lists.listed,
    exp.ArrayAppend: lists.appended,
    exp.ArrayFilter: lists.filtered,
    exp.ArrayMin: _written("array_min(_x)"),
    exp.ArrayPrepend: lists.prepended,
    exp.ArrayToString: lists.to_text,
    exp.BitwiseLeftShift: _shifted,
    exp.Bracket: lists.element,
    exp.Cast: _cast,
    exp.Chr: _character,
    exp.ConcatWs: _joined_with,
    exp.DPipe: _joined,
    exp.DateDiff: _days_between,
    exp.Div: _divided,
    exp.Explode: lists.unnested,
    exp.Filter: _filter,
    exp.GenerateSeries: lists.ranged,
    exp.IgnoreNulls: _ignoring_nulls,
    exp.In: _in,
    exp.IntDiv: _divided_whole,
    exp.Interval: _interval,
    exp.Join: _join,
    exp.Length: _written("size(_x)"),
    exp.Max: lists.maximum,
    exp.RegexpReplace: _replaced_pattern,
    exp.Round: _rounded,
    exp.Select: _select,
    exp.Struct: _plain,
    exp.TimestampTrunc: _truncated,
    exp.Transform: lists.transformed,
    exp.UnixToTime: _written("cast(timestamp_micros(_x) as timestamp_ntz)"),
    exp.Window: _window,
    exp.WithinGroup: _percentile,
}

NAMED_RULES: dict[str, Rule] = {
    "arg_max_null": _renamed("max_by"),
    "arg_min_null": _renamed("min_by"),
    "bit_count": _renamed("bit_count"),
    "date_part": _part,
    "epoch_us": _written("unix_micros(cast(_x as timestamp_ltz))"),
    "hash": _renamed("xxhash64"),  # another number, the same for the same text
    "list_sum": lists.summed,
    "row": _row,
    "timezone": _time_zone,
    "typed": _typed,
    "to_months": _written("make_ym_interval(0, cast(_x as int))"),
    "to_years": _written("make_ym_interval(cast(_x as int), 0)"),
}


def written(tree: exp.Expr) -> str:
    """A translated query as Spark's text."""
    return tree.sql(
        "spark", pretty=True, identify=True, comments=False, unsupported_level=sqlglot.ErrorLevel.RAISE
    )
