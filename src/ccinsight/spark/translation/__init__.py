"""The models and reports as Spark SQL: made when ccinsight is built, never on a cluster.

Every model and report becomes one text without macros, with markers for what is asked (``:as_of``, ``:customer_ids``,
``:months``), for ``spark.sql(text, args=…)``. What has no rule is refused (UntranslatableError).
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlglot import exp

from ccinsight.spark.translation.doubles import double_columns, refuse_casts_of_doubles
from ccinsight.spark.translation.errors import UntranslatableError
from ccinsight.spark.translation.expansion import Expansion
from ccinsight.spark.translation.rules import translated, written
from ccinsight.spark.translation.sources import (
    DUCKDB,
    Sources,
    model_tree,
    relation_name,
    report_tree,
    report_types,
    sources,
)
from ccinsight.spark.translation.stars import output_names, spelled_out, spelled_out_whole

__all__ = ["UntranslatableError", "assembled", "model_text", "report_text", "spark_type"]


def model_text(name: str) -> str:
    """A model's query for Spark; its columns have the types that DuckDB gives them."""
    model = sources().models[name]
    return assembled(model_tree(name), {}, sources().columns[model.relation])


def report_text(name: str) -> str:
    """A report's query for Spark, in the order of DuckDB's rows."""
    markers: dict[str, exp.Expr] = {
        parameter: exp.cast(exp.Placeholder(this=parameter), exp.DataType.build(kind, dialect=DUCKDB))
        for parameter, kind in report_types(name).items()
    }
    return assembled(report_tree(name), markers, sources().columns[f"report {name}"])


def spark_type(kind: str) -> str:
    """The type of Spark that holds what a type of DuckDB does."""
    # no unsigned numbers in Spark: a hash keeps its bits, a small number fits in the next size
    others = {"UBIGINT": "bigint", "UTINYINT": "smallint", "HUGEINT": "decimal(38, 0)"}
    return exp.DataType.build(others.get(kind, kind), dialect=DUCKDB).sql("spark").lower()


def assembled(tree: exp.Expr, parameters: dict[str, exp.Expr], types: Mapping[str, str]) -> str:
    """A query as one text: its macros in their place, its columns with the types of DuckDB (``types``, in order)."""
    expansion = Expansion(sources())
    body = expansion.add(tree, parameters)
    known, doubles = _relations(sources()), set(double_columns())
    queries = []
    for name, query in expansion.queries.items():
        known[name] = output_names(query, known)
        query = spelled_out(query, known)
        refuse_casts_of_doubles(query, doubles)
        queries.append((name, translated(query)))
    body = spelled_out(body, known)
    refuse_casts_of_doubles(body, doubles)
    body = translated(_typed(body, types, known))
    if queries:
        body.set(
            "with_",
            exp.With(
                expressions=[
                    exp.CTE(this=query, alias=exp.TableAlias(this=exp.to_identifier(name)))
                    for name, query in queries
                ]
            ),
        )
    return written(body) + "\n"


def _relations(known: Sources) -> dict[str, tuple[str, ...]]:
    return {relation_name(name): tuple(columns) for name, columns in known.columns.items()}


def _typed(body: exp.Expr, types: Mapping[str, str], known: dict[str, tuple[str, ...]]) -> exp.Expr:
    """The query with each column cast to the type that DuckDB gives it, in DuckDB's order."""
    if output_names(body, known) != tuple(types):
        raise UntranslatableError(f"columns {output_names(body, known)} for {tuple(types)}")
    if isinstance(body, exp.Select) and not any(column.find(exp.Explode) for column in body.expressions):
        spelled_out_whole(body, known)
        columns = [
            exp.alias_(_cast(column.unalias(), kind), name, quoted=True)
            for column, (name, kind) in zip(body.expressions, types.items(), strict=True)
        ]
        body.set("expressions", columns)
        return body
    if body.args.get("order"):
        raise UntranslatableError("an order over what has to be wrapped")
    rows = exp.Subquery(this=body, alias=exp.TableAlias(this=exp.to_identifier("typed")))
    columns = [
        exp.alias_(_cast(exp.column(name, table="typed"), kind), name, quoted=True)
        for name, kind in types.items()
    ]
    return exp.Select(expressions=columns, from_=exp.From(this=rows))


def _cast(value: exp.Expr, kind: str) -> exp.Expr:
    # not by the rule of casts: what both give alike is only named otherwise
    return exp.Anonymous(this="typed", expressions=[value, exp.Literal.string(spark_type(kind))])
