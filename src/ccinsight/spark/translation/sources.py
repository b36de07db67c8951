"""What is translated: the models and reports as parsed DuckDB SQL, and the columns that DuckDB gives them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import duckdb
import sqlglot
from sqlglot import exp

from ccinsight.database.models import (
    OPTION_TYPES,
    Model,
    all_models,
    make_models,
    model_query,
    report_query,
)
from ccinsight.database.schema import stored_tables
from ccinsight.registry import OPTION_PARAMETERS, REPORTS
from ccinsight.spark.translation.errors import UntranslatableError

DUCKDB = "duckdb"
# Tables that the import or the build stores, outside the schema `stored`.
CALENDAR = "model.calendar"


@dataclass(frozen=True)
class Macro:
    """A scalar macro: the names of its parameters, and the expression that it stands for."""

    parameters: tuple[str, ...]
    body: exp.Expr


@dataclass(frozen=True)
class Sources:
    """All that a translation needs.

    ``columns``: of each relation by its name with the schema, and of each table macro and report, the columns in
    order with DuckDB's types.
    """

    scalars: Mapping[str, Macro]
    models: Mapping[str, Model]
    columns: Mapping[str, Mapping[str, str]]

    def relation(self, schema: str, name: str) -> str | None:
        """The name that Spark knows a stored table or a model by; None where there is none."""
        return relation_name(f"{schema}.{name}") if f"{schema}.{name}" in self.columns else None


def relation_name(name: str) -> str:
    """A name with its schema as one: Spark has the tables and models as temporary views."""
    return name.replace(".", "_")


def parse(text: str) -> exp.Expr:
    """One statement of DuckDB SQL."""
    return sqlglot.parse_one(text, read=DUCKDB)


@cache
def sources() -> Sources:
    """The models and reports of this ccinsight."""
    models = {model.name: model for model in all_models() if model.kind != "script"}
    return Sources(_scalars(), models, _columns(models))


def report_types(name: str) -> dict[str, str]:
    """The parameters of a report with DuckDB's types: the day, the customers and its options."""
    options = {
        OPTION_PARAMETERS.get(option, option): OPTION_TYPES[option] for option in REPORTS[name].options
    }
    return {"as_of": "date", "customer_ids": "varchar[]", **options}


def report_tree(name: str) -> exp.Expr:
    """A report's query."""
    return parse(report_query(name))


def model_tree(name: str) -> exp.Expr:
    """A model's query."""
    return parse(model_query(name))


def parameter_types(model: Model) -> dict[str, str]:
    """The parameters of a table macro with DuckDB's types."""
    parts = exp.DataType.build(f"struct({model.parameters})", dialect=DUCKDB).expressions
    return {part.name: part.args["kind"].sql(DUCKDB) for part in parts}


def _scalars() -> dict[str, Macro]:
    macros = {}
    for model in all_models():
        if model.kind == "script":
            for statement in sqlglot.parse(model_query(model.name), read=DUCKDB):
                if not isinstance(statement, exp.Create):
                    raise UntranslatableError(f"{model.name} makes something other than a macro")
                function = statement.this
                parameters = tuple(parameter.name for parameter in function.expressions)
                macros[function.this.name] = Macro(parameters, statement.args["expression"])
    return macros


def _columns(models: Mapping[str, Model]) -> dict[str, dict[str, str]]:
    with duckdb.connect() as connection:
        connection.execute(stored_tables())
        make_models(connection)
        relations = connection.execute(
            "select table_schema || '.' || table_name from information_schema.tables"
        ).fetchall()
        asked = {name: name for (name,) in relations}
        for model in models.values():
            if model.kind == "macro":
                nulls = ", ".join(f"cast(null as {kind})" for kind in parameter_types(model).values())
                asked[model.name] = f"model.{model.name}({nulls})"
        for name in REPORTS:
            asked[f"report {name}"] = f"main.{name}(null)"
        return {
            name: {row[0]: row[1] for row in connection.execute(f"describe from {relation}").fetchall()}
            for name, relation in asked.items()
        }
