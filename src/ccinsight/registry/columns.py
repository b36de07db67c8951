"""A column of a report or a headline figure, and how its values are shown to a person."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from ccinsight import i18n
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
NUMERIC_FORMATS = frozenset({"integer", "amount", "rate", "percent", "ratio", "quantity", "hours", "minutes"})
# The translations of units are looked up like labels; a percent sign is the same everywhere.
NO_TEXT = frozenset({"", "%"})


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
        """The label with its unit, for the head of a table: ``Value now (kr)``.

        What the label says itself isn't said again: ``Users now``, ``Tickets (last 12 months)``.
        """
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
        if self.unit in NO_TEXT:
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


def _with_unit(label: str, unit: str) -> str:
    unit = unit if unit in NO_TEXT else _(unit)
    counted, _comma, span = unit.partition(",")
    if counted and re.search(rf"(?<!\w){re.escape(counted)}(?!\w)", label, re.IGNORECASE):
        unit = span.strip()
    return f"{label} ({unit})" if unit else label


def _one(unit: str) -> str | None:
    """What one of a counted unit is called; None for a unit that isn't counted."""
    return {
        "agreements": _("agreement"),
        "categories": _("category"),
        "customers": _("customer"),
        "days": _("day"),
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
