"""A named report, and the registry of all of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ccinsight.registry.columns import Code, Column

OPTIONS = frozenset(
    {
        "days",
        "months",
        "since",
        "check",
        "product_name",
        "valid_on",
        "sent_on",
        "percent",
        "steps",
        "marks",
        "verdicts",
        "fewest",
    }
)
# Options whose parameter in the SQL has another name: `check` is a word of SQL's own.
OPTION_PARAMETERS = {"check": "only_check"}
# What the rows of a report are about: each of one customer; figures over the customers asked for, or what belongs to
# no customer; or the whole database, for readers who see all.
COVERAGE = frozenset({"per_customer", "aggregate", "whole_database"})


@dataclass(frozen=True)
class Report:
    """A named report: its columns in order, the columns that name a row, its options and their defaults.

    A default that isn't in ``defaults`` is worked out: ``since`` is D minus one year, ``check`` is all.
    ``covers`` is one of COVERAGE: it decides which readers may ask for the report. ``plain``: the model that gives the
    same rows where no option is given, and is cheaper to plan.
    """

    name: str
    title: str
    description: str
    options: tuple[str, ...]
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    defaults: Mapping[str, int]
    covers: str = "per_customer"
    plain: str | None = None

    def column(self, name: str) -> Column:
        """The column of that name; KeyError where the report has none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(f"{self.name}.{name}")

    def has_column(self, name: str) -> bool:
        """True where the report has a column of that name."""
        return any(column.name == name for column in self.columns)


@dataclass(frozen=True)
class Registry:
    """All that the four files of the registry say."""

    reports: Mapping[str, Report]
    measures: Mapping[str, Column]
    codes: Mapping[str, Mapping[str, Code]]
