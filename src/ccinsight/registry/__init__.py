"""Every report, column, code and headline figure: label, unit, format, definition, rule and clause.

``reports.toml`` holds them; it is read and checked once, on import. Labels and descriptions are English
message ids; ``heading``, ``help_text``, ``shown`` and ``label_of`` give texts in the language in use.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType
from typing import Any

from ccinsight import i18n
from ccinsight.errors import CcinsightError, UsageError
from ccinsight.i18n import _

FORMATS = frozenset(
    {
        "text",
        "date",
        "month",  # a date, the first of a month
        "moment",
        "integer",
        "amount",  # kr, two decimals in files, none on screen
        "rate",  # kr for one user or hour, two decimals
        "percent",  # a fraction, shown as percent
        "ratio",
        "quantity",  # users or hours: decimals only where there are any
        "hours",
        "minutes",
        "boolean",
        "code",  # a word of ours that `codes` gives a label
    }
)
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
        "fewest",
    }
)
# What the rows of a report are about: each of one customer; figures over the customers asked for, or what belongs to
# no customer; or the whole database, for readers who see all.
COVERAGE = frozenset({"per_customer", "aggregate", "whole_database"})
NUMERIC_FORMATS = frozenset({"integer", "amount", "rate", "percent", "ratio", "quantity", "hours", "minutes"})

_FILE = Path(__file__).with_name("reports.toml")
_TEXT_KEYS = ("label", "unit", "format", "description", "rule", "clause", "flaw", "codes")
# The translations of units are looked up like labels; a percent sign is the same everywhere.
_NO_TEXT = frozenset({"", "%"})


@dataclass(frozen=True)
class Code:
    """A word that a column of format ``code`` may hold: its label and, where it needs one, what it means."""

    name: str
    label: str
    description: str = ""


@dataclass(frozen=True)
class Column:
    """A column of a report, or a headline figure.

    ``unit`` is "" where the format says it all. ``rule`` and ``clause`` are such as "R6", "A4, A5".
    ``flaw`` says what the figure leaves out. ``codes`` maps the values of a ``code`` column to their labels.
    """

    name: str
    label: str
    format: str
    description: str
    unit: str = ""
    rule: str = ""
    clause: str = ""
    flaw: str = ""
    codes: Mapping[str, Code] = field(default_factory=dict)

    @property
    def is_numeric(self) -> bool:
        """True where values are numbers: aligned right, summed, drawn."""
        return self.format in NUMERIC_FORMATS

    def heading(self) -> str:
        """The label with its unit, for the head of a table: ``Value now (kr)``."""
        return _with_unit(_(self.label), self.unit)

    def help_text(self) -> str:
        """Definition, what it leaves out, clause and rule, in the language in use."""
        sources = [
            _("Clause {clause}").format(clause=self.clause) if self.clause else "",
            _("rule {rule}").format(rule=self.rule) if self.rule else "",
        ]
        source = ", ".join(part for part in sources if part)
        return " ".join(text for text in (self.definition(), f"({source})" if source else "") if text)

    def definition(self) -> str:
        """Definition and what it leaves out, without clause and rule: for a customer's eyes."""
        return " ".join(text for text in (_(self.description), _(self.flaw) if self.flaw else "") if text)

    def shown(self, value: object) -> str:
        """A value as a person reads it, rounded to what matters; unknown is named."""
        return _shown(self, value)

    def unit_of(self, value: object) -> str:
        """The unit in the language in use, for a value: one is an agreement, two are agreements; "" for none."""
        if self.unit in _NO_TEXT:
            return self.unit
        counted, comma, span = _(self.unit).partition(",")
        is_one = not i18n.is_unknown(value) and value == 1
        return (_one(self.unit.partition(",")[0]) or counted if is_one else counted) + comma + span

    def code_label(self, value: object) -> str:
        """The label of a code in the language in use; a value that isn't one of ours stays as it is."""
        if i18n.is_unknown(value):
            return _("unknown")
        code = self.codes.get(str(value))
        return _(code.label) if code else str(value)


@dataclass(frozen=True)
class Report:
    """A named report: its columns in order, the columns that name a row, its options and their defaults.

    A default that isn't in ``defaults`` is worked out: ``since`` is D minus one year, ``check`` is all.
    ``covers`` is one of COVERAGE: it decides which readers may ask for the report.
    """

    name: str
    title: str
    description: str
    options: tuple[str, ...]
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    defaults: Mapping[str, int]
    covers: str = "per_customer"

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
    """All that reports.toml says."""

    reports: Mapping[str, Report]
    measures: Mapping[str, Column]
    codes: Mapping[str, Mapping[str, Code]]


def parse(text: str) -> Registry:
    """Reads and checks the text of a reports.toml. Raises CcinsightError naming what is wrong and where."""
    source = tomllib.loads(text)
    codes = {name: _codes(values) for name, values in source["codes"].items()}
    columns = {name: _column(name, values, codes) for name, values in source["columns"].items()}
    measures = {name: _column(name, values, codes) for name, values in source["measures"].items()}
    reports = {name: _report(name, values, columns) for name, values in source["reports"].items()}
    used = {_definition(entry) for values in source["reports"].values() for entry in values["columns"]}
    _refuse(sorted(set(columns) - used), "reports.toml: no report uses the column {name}")
    named = {values.get("codes", "") for values in source["columns"].values()}
    _refuse(sorted(set(codes) - named), "reports.toml: no column uses the codes {name}")
    return Registry(MappingProxyType(reports), MappingProxyType(measures), MappingProxyType(codes))


def report(name: str) -> Report:
    """The report of that name. Raises UsageError that names those there are."""
    try:
        return REPORTS[name]
    except KeyError:
        known = ", ".join(REPORTS)
        raise UsageError(
            _("There is no report {name}. These exist: {known}").format(name=name, known=known)
        ) from None


def label_of(codes: str, value: object) -> str:
    """The label of a code in the language in use: ``label_of("renewal_status", "open")``."""
    if i18n.is_unknown(value):
        return _("unknown")
    code = CODES[codes].get(str(value))
    return _(code.label) if code else str(value)


def texts(registry: Registry | None = None) -> Iterator[str]:
    """Every message id that reports.toml holds, each once: what the catalogues must translate."""
    seen: set[str] = set()
    for text in _all_texts(registry or _REGISTRY):
        if text not in _NO_TEXT and text not in seen:
            seen.add(text)
            yield text


def _all_texts(registry: Registry) -> Iterator[str]:
    for values in registry.codes.values():
        for code in values.values():
            yield from (code.label, code.description)
    for each in registry.reports.values():
        yield from (each.title, each.description)
        for column in each.columns:
            yield from _column_texts(column)
    for measure in registry.measures.values():
        yield from _column_texts(measure)


def _column_texts(column: Column) -> tuple[str, ...]:
    return (column.label, column.unit, column.description, column.flaw)


def _with_unit(label: str, unit: str) -> str:
    if not unit:
        return label
    return f"{label} ({unit if unit in _NO_TEXT else _(unit)})"


def _one(unit: str) -> str | None:
    """What one of a counted unit is called; None for a unit that isn't counted."""
    return {
        "agreements": _("agreement"),
        "categories": _("category"),
        "customers": _("customer"),
        "days": _("day"),
        "deadlines": _("deadline"),
        "duties": _("duty"),
        "headers": _("header"),
        "hours": _("hour"),
        "months": _("month"),
        "people": _("person"),
        "periods": _("period"),
        "rows": _("row"),
        "tickets": _("ticket"),
        "users": _("user"),
        "values": _("value"),
        "warnings": _("warning"),
    }.get(unit)


def _shown(column: Column, value: object) -> str:
    if i18n.is_unknown(value):
        return _("unknown")
    match value, column.format:
        case _, "code":
            return column.code_label(value)
        case bool(), _:
            return _("yes") if value else _("no")
        case date(), "month":
            return i18n.month(value)
        case date(), "date":
            return i18n.day(value)
        case date(), "moment":
            return i18n.moment(value)  # type: ignore[arg-type]
        case ((int() | float() | Decimal()), _):
            return _shown_number(column.format, value)
        case _:
            return str(value)


def _shown_number(form: str, value: int | float | Decimal) -> str:
    match form:
        case "amount":
            return i18n.amount(value)
        case "rate":
            return i18n.amount(value, 2)
        case "percent":
            return i18n.percent(value)
        case "ratio":
            return i18n.number(value, 2)
        case "quantity":
            return i18n.number(value, quantity_decimals(value))
        case "hours":
            return i18n.hours(value)
        case _:
            return i18n.number(value)


def quantity_decimals(value: int | float | Decimal) -> int:
    """Users are whole, hours may not be: how many decimals a quantity of either is written with."""
    return 0 if value == int(value) else 2


def _codes(values: Mapping[str, Any]) -> Mapping[str, Code]:
    codes = {}
    for name, value in values.items():
        entry = {"label": value} if isinstance(value, str) else value
        codes[name] = Code(name=name, **entry)
    return MappingProxyType(codes)


def _column(name: str, values: Mapping[str, Any], codes: Mapping[str, Mapping[str, Code]]) -> Column:
    _refuse(
        sorted(set(values) - set(_TEXT_KEYS)), f"reports.toml: {name} has a key that means nothing: {{name}}"
    )
    _refuse(
        [key for key in ("label", "format", "description") if not values.get(key)],
        f"reports.toml: {name} lacks its {{name}}",
    )
    if values["format"] not in FORMATS:
        raise CcinsightError(f"reports.toml: {name} has the unknown format {values['format']}")
    if (values["format"] == "code") != ("codes" in values):
        raise CcinsightError(f"reports.toml: {name} must have codes if its format is code, and only then")
    if "codes" in values and values["codes"] not in codes:
        raise CcinsightError(f"reports.toml: {name} names the unknown codes {values['codes']}")
    given = {key: value for key, value in values.items() if key != "codes"}
    return Column(name=name, codes=codes[values["codes"]] if "codes" in values else {}, **given)


def _report(name: str, values: Mapping[str, Any], columns: Mapping[str, Column]) -> Report:
    entries = values["columns"]
    _refuse(
        [entry for entry in entries if _definition(entry) not in columns],
        f"reports.toml: {name} names the unknown column {{name}}",
    )
    members = tuple(_named(entry, columns) for entry in entries)
    names = [column.name for column in members]
    _refuse(
        [each for each in names if names.count(each) > 1],
        f"reports.toml: {name} has the column {{name}} twice",
    )
    key = tuple(values["key"])
    _refuse(
        [each for each in key if each not in names],
        f"reports.toml: {name} has no column {{name}} for its key",
    )
    options = values.get("options", {})
    _refuse(sorted(set(options) - OPTIONS), f"reports.toml: {name} has the unknown option {{name}}")
    covers = values.get("covers")
    _refuse(
        [str(covers)] if covers not in COVERAGE else [],
        f"reports.toml: {name} covers {{name}}, which is none of {', '.join(sorted(COVERAGE))}",
    )
    if covers == "per_customer" and "customer_id" not in names:
        raise CcinsightError(f"reports.toml: {name} is per_customer but has no column customer_id")
    return Report(
        name=name,
        title=values["title"],
        description=values["description"],
        options=tuple(options),
        columns=members,
        key=key,
        defaults=MappingProxyType({option: default for option, default in options.items() if default != ""}),
        covers=str(covers),
    )


def _definition(entry: str) -> str:
    return entry.rpartition(":")[2]


def _named(entry: str, columns: Mapping[str, Column]) -> Column:
    """``kind:deadline_kind`` is the column ``kind``, defined in [columns.deadline_kind]."""
    return replace(columns[_definition(entry)], name=entry.partition(":")[0])


def _refuse(names: list[str], sentence: str) -> None:
    if names:
        raise CcinsightError(sentence.format(name=names[0]))


_REGISTRY = parse(_FILE.read_text(encoding="utf-8"))
REPORTS = _REGISTRY.reports
MEASURES = _REGISTRY.measures
CODES = _REGISTRY.codes
