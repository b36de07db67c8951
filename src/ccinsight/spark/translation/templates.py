"""Spark SQL with places for what is put in."""

from __future__ import annotations

from functools import cache

import sqlglot
from sqlglot import exp


def spark(template: str, **values: exp.Expr) -> exp.Expr:
    """A Spark expression: each name of the template that begins with an underscore is replaced by its value."""
    tree = _parsed(template).copy()
    for column in list(tree.find_all(exp.Column)):
        if column.name in values:
            value = values[column.name].copy()
            if isinstance(value, exp.Binary) and not isinstance(value, exp.Dot):
                value = exp.Paren(this=value)
            if column is tree:
                return value
            column.replace(value)
    return tree


@cache
def _parsed(template: str) -> exp.Expr:
    return sqlglot.parse_one(template, read="spark")
