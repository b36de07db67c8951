"""The rules of lists: DuckDB keeps their nulls and their order, Spark's functions of the same name do not."""

from __future__ import annotations

from sqlglot import exp

from ccinsight.spark.translation.errors import UntranslatableError
from ccinsight.spark.translation.templates import spark


def array(node: exp.Expr) -> exp.Expr:
    """``[a, b]``."""
    return exp.Anonymous(this="array", expressions=node.expressions)


def listed(node: exp.Expr) -> exp.Expr:
    """``list(x order by …)``, ``list(distinct x order by …)``: nulls stay, no rows give null, and the order holds."""
    inner, order = node.this, []
    if isinstance(inner, exp.Order):
        inner, order = inner.this, inner.expressions
    is_distinct = isinstance(inner, exp.Distinct)
    value = inner.expressions[0] if is_distinct else inner
    fields = [exp.alias_(value.copy(), "value")]
    fields += [exp.alias_(key.this.copy(), f"key_{place}") for place, key in enumerate(order)]
    rows: exp.Expr = exp.Anonymous(
        this="collect_list", expressions=[exp.Anonymous(this="struct", expressions=fields)]
    )
    if order:
        rows = spark(f"array_sort(_rows, (l, r) -> {_comparison(order)})", _rows=rows)
    values = spark("transform(_rows, e -> e.value)", _rows=rows)
    if is_distinct:
        values = spark("array_distinct(_values)", _values=values)
    return spark("case when count(*) > 0 then _values end", _values=values)


def _comparison(order: list[exp.Expr]) -> str:
    """Which of l and r comes first: -1, 1 or 0, nulls last."""
    whens = []
    for place, key in enumerate(order):
        if key.args.get("nulls_first"):
            raise UntranslatableError("a list with nulls first")
        left, right = f"l.key_{place}", f"r.key_{place}"
        first, last = (">", "<") if key.args.get("desc") else ("<", ">")
        whens.append(
            f"when {left} is null and {right} is not null then 1 when {left} is not null and {right} is null then -1"
            f" when {left} {first} {right} then -1 when {left} {last} {right} then 1"
        )
    return f"case {' '.join(whens)} else 0 end"


def appended(node: exp.Expr) -> exp.Expr:
    """``list_append(list, x)``."""
    return exp.Anonymous(this="array_append", expressions=[node.this, node.expression])


def prepended(node: exp.Expr) -> exp.Expr:
    """``list_prepend(x, list)``: SQLGlot has turned the two already."""
    return exp.Anonymous(this="array_prepend", expressions=[node.this, node.expression])


def filtered(node: exp.Expr) -> exp.Expr:
    """``list_filter(list, lambda x: …)``."""
    return exp.Anonymous(this="filter", expressions=[node.this, node.expression])


def transformed(node: exp.Expr) -> exp.Expr:
    """``list_transform(list, lambda x: …)``."""
    return exp.Anonymous(this="transform", expressions=[node.this, node.expression])


def to_text(node: exp.Expr) -> exp.Expr:
    """``array_to_string(list, separator)``: null elements are left out in both."""
    return spark(
        "array_join(cast(_list as array<string>), _separator)", _list=node.this, _separator=node.expression
    )


def element(node: exp.Expr) -> exp.Expr:
    """``list[1]``, ``list[:10]``: beyond the end there is null, and no error."""
    place = node.expressions[0]
    if isinstance(place, exp.Slice):
        if place.this is not None or not isinstance(place.expression, exp.Literal):
            raise UntranslatableError(f"a slice: {node.sql('duckdb')}")
        return spark("slice(_list, 1, _n)", _list=node.this, _n=place.expression)
    if isinstance(place, exp.Neg) and place.this.name == "2":  # -1, which SQLGlot took one off
        return spark("get(_list, size(_list) - 1)", _list=node.this)
    if not isinstance(place, exp.Literal):
        raise UntranslatableError(f"an element: {node.sql('duckdb')}")
    return spark("get(_list, _place)", _list=node.this, _place=place)  # SQLGlot counts from 0


def unnested(node: exp.Expr) -> exp.Expr:
    """``unnest(list)`` in a select; with ``recursive := true`` the fields of a list of structs as columns."""
    if node.expressions:
        return spark("inline(_list)", _list=node.this)
    if not isinstance(node.parent, exp.Select | exp.Alias):
        raise UntranslatableError(
            f"unnest inside an expression: {node.parent.sql('duckdb')}" if node.parent else ""
        )
    return node


def ranged(node: exp.Expr) -> exp.Expr:
    """``range(from, until, step)``, without its end: Spark's sequence has the end, and runs backwards."""
    if not node.args.get("is_end_exclusive"):
        raise UntranslatableError(f"generate_series: {node.sql('duckdb')}")
    first, end, step = node.args["start"], node.args["end"], node.args.get("step")
    if step is None:  # whole numbers
        bigint = exp.DataType.build("bigint")
        first, end, step = exp.cast(first, bigint), exp.cast(end, bigint), exp.Literal.number(1)
    return spark(
        "filter(sequence(_from, greatest(_from, _until), _step), e -> e < _until)",
        _from=first,
        _until=end,
        _step=step,
    )


def maximum(node: exp.Expr) -> exp.Expr:
    """``max(x)``, and ``max(x, n)``: the n largest, which have no nulls."""
    count = node.args.get("count")
    if count is None:
        return node
    return spark("slice(sort_array(collect_list(_x), false), 1, _n)", _x=node.this, _n=count)


def summed(node: exp.Expr) -> exp.Expr:
    """``list_sum(list)`` of whole numbers: nulls don't count, and of nothing it is null."""
    return spark(
        "aggregate(_list, cast(null as bigint), (total, e) -> coalesce(total + e, total, cast(e as bigint)))",
        _list=node.expressions[0],
    )
