"""What can be explored (explore.toml): measures, the grain each is computed from, and what it can be broken down by."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from ccinsight.errors import CcinsightError
from ccinsight.registry import CODES, MEASURES, REPORTS
from ccinsight.registry.columns import FORMATS, Column
from ccinsight.validation import Entry, Table

FILE = "explore.toml"
AGGREGATES = frozenset({"count", "sum", "ratio", "median", "p90"})
# The days that figures are of: the span; the same, by default from the day a year ago on; its last day; the as-of
# date; the twelve months up to it, or after it.
TIMES = frozenset({"span", "since", "last_day", "day", "year", "ahead"})
TAKEN = frozenset({"first_day", "last_day", "with_details"})
TOTAL = "total"
_TEXTS = ("label", "unit", "description", "rule", "clause", "flaw")


@dataclass(frozen=True)
class Dimension:
    """What figures are broken down by. ``column``: what the registry says of its values; ``field``: its column in the
    grains. ``name_column``: the column with their names, of ids.
    """

    name: str
    field: str
    column: Column
    name_column: Column | None = None
    is_time: bool = False

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns of an answer by this dimension."""
        return (self.column,) if self.name_column is None else (self.column, self.name_column)

    @property
    def shown(self) -> Column:
        """The column that a person reads."""
        return self.name_column or self.column


@dataclass(frozen=True)
class Grain:
    """What one row stands for that figures are computed from: a macro of models/explore/, and the columns of its rows.

    ``takes``: its parameters beside day and customers. ``detailed``: the dimensions that need its details.
    """

    name: str
    label: str
    relation: str
    time: str
    dimensions: tuple[str, ...]
    rows: tuple[Column, ...]
    order: str
    takes: tuple[str, ...] = ()
    detailed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Measure:
    """A figure: how the columns ``part`` and ``over`` of its grain are put together (explore.toml).

    ``answers``: dimension → the named report and column with the same figures. ``page``: the page that shows it.
    """

    name: str
    column: Column
    grain: Grain
    aggregate: str
    part: str
    over: str
    answers: Mapping[str, str]
    page: str

    @property
    def can_leave_out(self) -> bool:
        """Whether rows of which something is unknown are left out."""
        return self.aggregate != "count"

    @property
    def is_additive(self) -> bool:
        """Whether it is 0 where there is no row, and a total is the sum of its parts."""
        return self.aggregate in {"count", "sum"}


@dataclass(frozen=True)
class Explorable:
    """All that explore.toml says."""

    dimensions: Mapping[str, Dimension]
    grains: Mapping[str, Grain]
    measures: Mapping[str, Measure]

    def common(self, measures: tuple[str, ...]) -> list[str]:
        """The dimensions that all of these measures can be broken down by, in the file's order."""
        grains = [self.measures[name].grain for name in measures]
        return [name for name in self.dimensions if all(name in grain.dimensions for grain in grains)]


def parse(source: str) -> Explorable:
    """What a text of TOML says can be explored. Raises CcinsightError naming the table and what is wrong."""
    given = tomllib.loads(source)
    dimensions = {name: _dimension(name, values) for name, values in given["dimension"].items()}
    grains = {name: _grain(name, values, dimensions) for name, values in given["grain"].items()}
    measures = {name: _measure(name, values, grains) for name, values in given["measure"].items()}
    used = {name for grain in grains.values() for name in grain.dimensions}
    for name in sorted(dimensions.keys() - used):
        raise CcinsightError(f"{FILE}: dimension.{name} is used by no grain")
    return Explorable(MappingProxyType(dimensions), MappingProxyType(grains), MappingProxyType(measures))


def _dimension(name: str, values: Mapping[str, Any]) -> Dimension:
    table = Table(FILE, f"dimension.{name}", values)
    field = table.needed("column").text()
    named, is_time = table.take("named_by"), table.take("is_time")
    found = Dimension(
        name,
        field,
        _column(table, field),
        _registered(named, named.text().rpartition(".")[2]) if named else None,
        bool(is_time and is_time.flag()),
    )
    table.refuse_the_rest()
    return found


def _grain(name: str, values: Mapping[str, Any], dimensions: Mapping[str, Dimension]) -> Grain:
    table = Table(FILE, f"grain.{name}", values)
    found = Grain(
        name,
        table.needed("label").text(),
        table.needed("relation").text(),
        table.needed("time").among(TIMES),
        tuple(_among(table.needed("dimensions"), dimensions)),
        tuple(_row(table, entry) for entry in table.needed("rows").texts()),
        table.needed("order").text(),
        tuple(_among(takes, TAKEN)) if (takes := table.take("takes")) else (),
        tuple(_among(detailed, dimensions)) if (detailed := table.take("detailed")) else (),
    )
    table.refuse_the_rest()
    return found


def _among(entry: Entry, known: Any) -> list[str]:
    return [Entry(entry.file, entry.key, text).among(known) for text in entry.texts()]


def _row(table: Table, text: str) -> Column:
    """A column of the rows behind a figure; ``minutes:ticket_list.minutes_spent`` is that column as ``minutes``."""
    name, _colon, defined = text.partition(":")
    return _registered(Entry(table.file, f"{table.key}.rows", defined or text), name.rpartition(".")[2])


def _measure(name: str, values: Mapping[str, Any], grains: Mapping[str, Grain]) -> Measure:
    table = Table(FILE, f"measure.{name}", values)
    aggregate = table.needed("aggregate")
    part, over, answers = table.take("part"), table.take("over"), table.take("answers")
    found = Measure(
        name,
        _column(table, name),
        grains[table.needed("grain").among(grains)],
        aggregate.among(AGGREGATES),
        part.text() if part else "",
        over.text() if over else "",
        MappingProxyType(dict(answers.value) if answers else {}),
        table.needed("page").text(),
    )
    table.refuse_the_rest()
    if (aggregate.value == "ratio") != bool(over) or (aggregate.value != "count" and not part):
        raise aggregate.error("needs part, and over if it is a ratio and only then")
    for dimension in found.answers:
        if dimension != TOTAL and dimension not in found.grain.dimensions:
            raise aggregate.error(f"answers for {dimension}, which the grain doesn't have")
    return found


def _column(table: Table, name: str) -> Column:
    """What the registry says of a column that is defined elsewhere, with what is said here in its place."""
    defined, form, codes = table.take("defined_as"), table.take("format"), table.take("codes")
    said: dict[str, Any] = {key: entry.text() for key in _TEXTS if (entry := table.take(key))}
    if defined:
        return replace(_registered(defined, name), **said)
    return Column(
        name=name,
        format=(form or table.needed("format")).among(FORMATS),
        codes=CODES[codes.among(CODES)] if codes else {},
        **{"label": "", "description": "", **said},
    )


def _registered(entry: Entry, name: str) -> Column:
    """The headline figure ``measures.NAME`` or a report's column ``REPORT.NAME``, under a name of its own."""
    source, _dot, defined = entry.text().partition(".")
    if source == "measures" and defined in MEASURES:
        return replace(MEASURES[defined], name=name)
    if source in REPORTS and REPORTS[source].has_column(defined):
        return replace(REPORTS[source].column(defined), name=name)
    raise entry.error(f"there is no column {entry.value}")


EXPLORE = parse((Path(__file__).parent / FILE).read_text(encoding="utf-8"))
