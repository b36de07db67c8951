"""Names columns one by one, where DuckDB takes them by name or leaves some out: Spark goes by position."""

from __future__ import annotations

from collections.abc import Mapping

from sqlglot import exp

from ccinsight.spark.translation.errors import UntranslatableError

# The columns of each named query and relation, in order.
Columns = Mapping[str, tuple[str, ...]]


def output_names(query: exp.Expr, known: Columns) -> tuple[str, ...]:
    """The names of a query's columns, in order."""
    if isinstance(query, exp.SetOperation):
        left = output_names(query.left, known)
        if not query.args.get("by_name"):
            return left
        return (*left, *(name for name in output_names(query.right, known) if name not in left))
    if isinstance(query, exp.Subquery):
        return output_names(query.this, known)
    names: list[str] = []
    for column in query.expressions:
        if _is_star(column):
            names += _names_of_star(column, query, known)
        elif isinstance(column, exp.Explode):
            names += _fields(column)
        else:
            names.append(column.alias_or_name)
    return tuple(names)


def spelled_out(query: exp.Expr, known: Columns) -> exp.Expr:
    """The query with stars that leave out or replace columns, and unions by name, as plain lists of columns."""
    for select in list(query.find_all(exp.Select)):
        _spell_out(select, known)
    for select in list(query.find_all(exp.Select)):
        if select.args.get("qualify"):
            query = _qualified(query, select, known)
    tops = [
        union for union in query.find_all(exp.SetOperation) if not isinstance(union.parent, exp.SetOperation)
    ]
    for top in tops:
        _by_position(top, known)
    return query


def _qualified(query: exp.Expr, select: exp.Select, known: Columns) -> exp.Expr:
    """The query with ``qualify`` of a part as a condition on that part: Spark has no qualify."""
    if select.args.get("order") or select.args.get("limit"):
        raise UntranslatableError(f"an order or limit beside qualify: {select.sql('duckdb')}")
    names = output_names(select, known)
    inner = select.copy()
    inner.set("qualify", None)
    inner.append("expressions", exp.alias_(select.args["qualify"].this.copy(), "is_qualified"))
    outer = exp.Select(
        expressions=[exp.column(name, table="qualified") for name in names],
        from_=exp.From(
            this=exp.Subquery(this=inner, alias=exp.TableAlias(this=exp.to_identifier("qualified")))
        ),
        where=exp.Where(this=exp.column("is_qualified", table="qualified")),
    )
    if select is query:
        return outer
    select.replace(outer)
    return query


def _is_star(column: exp.Expr) -> bool:
    return isinstance(column, exp.Star) or (
        isinstance(column, exp.Column) and isinstance(column.this, exp.Star)
    )


def spelled_out_whole(select: exp.Select, known: Columns) -> None:
    """Names each column of a select."""
    _spell_out(select, known, everything=True)


def _spell_out(select: exp.Select, known: Columns, *, everything: bool = False) -> None:
    columns: list[exp.Expr] = []
    for column in select.expressions:
        if not _is_star(column):
            columns.append(column)
            continue
        star = _star(column)
        replaced = {item.alias: item for item in star.args.get("replace") or []}
        if everything or replaced or star.args.get("except_"):
            for name in _names_of_star(column, select, known):
                columns.append(replaced.get(name) or exp.column(name, table=_table_of(column)))
        else:
            columns.append(column)
    select.set("expressions", columns)


def _fields(unnested: exp.Explode) -> list[str]:
    """The fields of a list of structs that is unnested into columns."""
    if not (unnested.expressions and isinstance(unnested.this, exp.Cast)):
        raise UntranslatableError(f"columns without names: {unnested.sql('duckdb')}")
    (struct,) = unnested.this.to.expressions
    return [field.name for field in struct.expressions]


def _star(column: exp.Expr) -> exp.Star:
    star = column if isinstance(column, exp.Star) else column.this
    assert isinstance(star, exp.Star)
    return star


def _table_of(column: exp.Expr) -> str | None:
    return column.table if isinstance(column, exp.Column) else None


def _names_of_star(column: exp.Expr, select: exp.Expr, known: Columns) -> list[str]:
    left_out = {item.name for item in _star(column).args.get("except_") or []}
    source = _source(select, _table_of(column))
    if isinstance(source, exp.Subquery):
        names = output_names(source.this, known)
    elif isinstance(source, exp.Table) and source.name in known:
        names = known[source.name]
    else:
        raise UntranslatableError(f"a star over {source.sql('duckdb')}")
    return [name for name in names if name not in left_out]


def _source(select: exp.Expr, table: str | None) -> exp.Expr:
    """What a star stands for the columns of: the part of the from clause with that name, or the only one."""
    joins = select.args.get("joins") or []
    parts = [select.args["from_"].this, *(join.this for join in joins)]
    if table is None and len(parts) == 1:
        return _expression(parts[0])
    found = [part for part in parts if part.alias_or_name == table]
    if len(found) != 1:
        raise UntranslatableError(f"a star over {table or 'several tables'}")
    return _expression(found[0])


def _expression(part: object) -> exp.Expr:
    assert isinstance(part, exp.Expr)
    return part


def _by_position(top: exp.SetOperation, known: Columns) -> None:
    unions = [part for part in _parts(top) if isinstance(part, exp.SetOperation)]
    if not any(union.args.get("by_name") for union in unions):
        return
    names = output_names(top, known)
    # parts of a union by position go by the first part's names
    by_position = [union for union in unions if not union.args.get("by_name")]
    for union in by_position:
        if output_names(union.left, known) != output_names(union.right, known):
            raise UntranslatableError("a union by position, of other names, inside one by name")
    for select in [part for part in _parts(top) if isinstance(part, exp.Select)]:
        _spell_out(select, known, everything=True)
        given = {column.alias_or_name: column for column in select.expressions}
        select.set("expressions", [given.get(name) or exp.alias_(exp.Null(), name) for name in names])
    for union in unions:
        union.set("by_name", False)


def _parts(union: exp.Expr) -> list[exp.Expr]:
    if not isinstance(union, exp.SetOperation):
        return [union]
    return [union, *_parts(union.left), *_parts(union.right)]
