"""Puts macros in their place: one statement with all its named queries in one flat list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlglot import exp

from ccinsight.spark.translation.errors import UntranslatableError
from ccinsight.spark.translation.sources import DUCKDB, Macro, Sources, model_tree, parameter_types

Nodes = Mapping[str, exp.Expr]
_GROUPED = (exp.Binary, exp.Not, exp.Neg, exp.Between, exp.In, exp.Is)


@dataclass
class Expansion:
    """A statement that is being put together: its named queries, in an order in which each uses those before it.

    A table macro becomes such a query, once for each list of arguments. Every query has a name of its own.
    """

    sources: Sources
    queries: dict[str, exp.Expr] = field(default_factory=dict)
    _calls: dict[str, str] = field(default_factory=dict)

    def add(self, tree: exp.Expr, parameters: Nodes) -> exp.Expr:
        """Adds the named queries of a statement; gives its body, which uses them."""
        with_clause = tree.args.get("with_")
        names: dict[str, str] = {}
        if with_clause is not None:
            if with_clause.args.get("recursive"):
                raise UntranslatableError("with recursive")
            tree.set("with_", None)
            for query in with_clause.expressions:
                body = self._expanded(query.this, names, parameters)
                names[query.alias] = self._own_name(query.alias)
                self.queries[names[query.alias]] = body
        return self._expanded(tree, names, parameters)

    def _own_name(self, name: str) -> str:
        taken = sum(known == name or known.rpartition("__")[0] == name for known in self.queries)
        return f"{name}__{taken + 1}" if taken else name

    def _expanded(self, tree: exp.Expr, names: Mapping[str, str], parameters: Nodes) -> exp.Expr:
        if any(True for _with in tree.find_all(exp.With)):
            raise UntranslatableError("a with clause inside a query")
        for table in list(tree.find_all(exp.Table)):
            if not table.db and table.name in names:
                _point(table, names[table.name])
        tree = self._inlined(_substituted(tree, parameters))
        for table in list(tree.find_all(exp.Table)):
            if table.db:
                self._resolve(table)
        return tree

    def _inlined(self, tree: exp.Expr) -> exp.Expr:
        """The tree with each scalar macro replaced by what it stands for, innermost first."""
        calls = [call for call in tree.find_all(exp.Dot) if _is_scalar_call(call)]
        while calls:
            call = calls[-1]
            macro = self._scalar(call)
            body = exp.Paren(
                this=_substituted(
                    macro.body.copy(), dict(zip(macro.parameters, call.expression.expressions, strict=True))
                )
            )
            if call is tree:
                tree = body
            else:
                call.replace(body)
            calls = [call for call in tree.find_all(exp.Dot) if _is_scalar_call(call)]
        return tree

    def _scalar(self, call: exp.Dot) -> Macro:
        name = call.expression.name.lower()
        if name not in self.sources.scalars:
            raise UntranslatableError(f"there is no macro model.{name}")
        return self.sources.scalars[name]

    def _resolve(self, table: exp.Table) -> None:
        if isinstance(table.this, exp.Identifier):
            name = self.sources.relation(table.db, table.name)
            if name is None:
                raise UntranslatableError(f"there is no relation {table.db}.{table.name}")
            _point(table, name)
        else:
            _point(table, self._called(table.this), alias=table.this.name.lower())

    def _called(self, call: exp.Expr) -> str:
        name = call.name.lower()
        model = self.sources.models.get(name)
        if model is None or model.kind != "macro":
            raise UntranslatableError(f"there is no table macro model.{name}")
        key = call.sql(DUCKDB)
        if key not in self._calls:
            arguments = {
                parameter: _typed(value.copy(), kind)
                for (parameter, kind), value in zip(
                    parameter_types(model).items(), call.expressions, strict=True
                )
            }
            body = self.add(model_tree(name), arguments)
            own = self._own_name(name)
            self.queries[own] = body
            self._calls[key] = own
        return self._calls[key]


def _is_scalar_call(call: exp.Dot) -> bool:
    return call.this.name == "model" and isinstance(call.expression, exp.Func)


def _point(table: exp.Table, name: str, alias: str | None = None) -> None:
    """Lets a table of a from clause be a named query or a view, under the name that its columns go by."""
    if not table.alias:
        table.set("alias", exp.TableAlias(this=exp.to_identifier(alias or table.name)))
    table.set("this", exp.to_identifier(name))
    table.set("db", None)


def _substituted(tree: exp.Expr, values: Nodes) -> exp.Expr:
    """The tree with parameters replaced by values: columns without a table that have a parameter's name."""
    for column in list(tree.find_all(exp.Column)):
        if column.table or column.name not in values:
            continue
        value = values[column.name].copy()
        value = exp.Paren(this=value) if isinstance(value, _GROUPED) else value
        if column is tree:
            return value
        column.replace(value)
    return tree


def _typed(value: exp.Expr, kind: str) -> exp.Expr:
    if isinstance(value, exp.Null):
        return exp.cast(value, exp.DataType.build(kind, dialect=DUCKDB))
    return value
