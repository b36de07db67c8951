"""The figures of the management's review, for a period and for those that it is set against."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any, Generic, Protocol, TypeVar

import pandas as pd

from ccinsight.charts.sums import known_sum
from ccinsight.documents.quarter.periods import Period
from ccinsight.i18n import _, amount, is_unknown, number, percent, rounded
from ccinsight.registry import MEASURES, REPORTS, Column

MOVES = ("new", "reactivation", "expansion", "price_change", "contraction", "churn", "unknown")
# What changes from period to period is compared even where it is 0; these are left out where all are.
_SELDOM = ("reactivation", "unknown")
_OF_RENEWALS = ("forecast_value", "renewed_value")
_OF_RETENTION = ("nrr", "grr", "logo_churn")
PERCENT_POINTS = 100
_MINUS = "\N{MINUS SIGN}"


class Asking(Protocol):
    """What answers reports for a day, a reader and filters: a page's view, or ``source.Source``."""

    @property
    def as_of(self) -> date:
        """The day whose figures are asked for."""
        ...

    def report(self, name: str, **options: Any) -> pd.DataFrame:
        """The named report for the day and the filters."""
        ...

    def on(self, day: date) -> Asking:
        """The same reader and filters on another day."""
        ...


Asked = TypeVar("Asked", bound=Asking)


@dataclass(frozen=True)
class Reviewed(Generic[Asked]):
    """A period as it was known at the end of its last day, with the reports that it is made of.

    ``has_invoices``: there is an export of invoices; without it nobody knows what isn't billed.
    """

    view: Asked
    period: Period
    has_invoices: bool = True

    @property
    def at(self) -> Asked:
        """The view of the last day."""
        on_last: Asked = self.view.on(self.period.last)  # type: ignore[assignment]
        return on_last

    @cached_property
    def movements(self) -> pd.DataFrame:
        """The report ``revenue_movements``, month by month."""
        return self.at.report("revenue_movements", since=self.period.first)

    @cached_property
    def customers(self) -> pd.DataFrame:
        """The report ``movement_customers``: who is behind the movements."""
        return self.at.report("movement_customers", since=self.period.first)

    @cached_property
    def lost(self) -> pd.DataFrame:
        """The report ``lost_agreements``: the churn, agreement by agreement; its amount may be unknown."""
        return self.at.report("lost_agreements", since=self.period.first)

    @cached_property
    def renewals(self) -> pd.DataFrame:
        """The report ``renewals_compared``: what was forecast, and what came."""
        return self.at.report("renewals_compared", since=self.period.first)

    @cached_property
    def invoicing(self) -> pd.DataFrame:
        """The report ``invoicing`` of the agreement periods that began in the period (R7)."""
        return self.at.report("invoicing", since=self.period.first)

    @cached_property
    def unbilled(self) -> pd.DataFrame:
        """The rows of ``invoicing`` with something missing, of the agreement periods that began in the period."""
        return under(self.invoicing)

    @cached_property
    def retention(self) -> pd.DataFrame:
        """The report ``retention``, twelve months back from the last day."""
        return self.at.report("retention")

    @cached_property
    def committed(self) -> pd.DataFrame:
        """The report ``committed_revenue`` of the last day."""
        return self.at.report("committed_revenue")

    @cached_property
    def moved(self) -> dict[str, float]:
        """Kr of each movement over the period (R9), known parts only: the sums of ``movements``.

        From ``customers``, which the page needs anyway and which is remembered for all filters.
        """
        rows = self.customers
        sums = {name: known_sum(rows["amount"][rows["movement"] == name]) for name in MOVES}
        return {name: round(value or 0.0, 2) for name, value in sums.items()}

    @cached_property
    def start(self) -> float | None:
        """ARR in kr before the first day; None where agreements are in force and no value is known (R9).

        What is left of the end without the movements, which add up to it (R9).
        """
        known = round((self.end or 0.0) - sum(self.moved.values()), 2)
        if known:
            return known
        before = self.view.on(self.period.first - timedelta(days=1)).report("committed_revenue")
        return number_of(one(before, "arr"))

    @property
    def end(self) -> float | None:
        """ARR in kr on the last day; None where agreements are in force and no value is known (R9)."""
        return number_of(one(self.committed, "arr"))

    @property
    def waterfall(self) -> pd.DataFrame:
        """One row for the whole period: start, each movement and end; start and end may be unknown."""
        row = {"start": self.start, **self.moved, "end": self.end}
        return pd.DataFrame([row], dtype="float64")

    @property
    def new(self) -> pd.DataFrame:
        """The rows of ``movement_customers`` of customers who came, or came back."""
        return self.customers[self.customers["movement"].isin(["new", "reactivation"])]

    @property
    def lost_customers(self) -> int:
        """How many customers were lost, also where their revenue is unknown."""
        return int(self.customers[self.customers["movement"] == "churn"]["customer_id"].nunique())

    def compared(self, name: str) -> pd.Series:
        """Kr of each renewal, ``forecast_value`` or ``renewed_value``; unknown where either is, so sums compare."""
        both = self.renewals[list(_OF_RENEWALS)].notna().all(axis="columns")
        return self.renewals[name].where(both)

    def values(self) -> dict[str, object]:
        """Each figure by its name; None is unknown."""
        return {
            "start": self.start,
            **self.moved,
            "end": self.end,
            "committed_arr": one(self.committed, "committed_arr"),
            **{name: one(self.retention, name) for name in _OF_RETENTION},
            "new_customers": self.new["customer_id"].nunique(),
            "lost_customers": self.lost_customers,
            "unbilled": known_sum(self.unbilled["difference"]) if self.has_invoices else None,
            **{name: known_sum(self.compared(name)) for name in _OF_RENEWALS},
        }


def against(period: Period) -> list[Period]:
    """What a period is set against: the one before and the same a year ago, once where they are the same."""
    return list(dict.fromkeys([period.before(), period.year_ago()]))


def columns() -> dict[str, Column]:
    """How each figure is called, shown and explained, in the order of the table."""
    of_movements, of_renewals = REPORTS["revenue_movements"].column, REPORTS["renewals_compared"].column
    return {
        **{name: of_movements(name) for name in ("start", *MOVES, "end")},
        **{
            name: MEASURES[name]
            for name in ("committed_arr", *_OF_RETENTION, "new_customers", "lost_customers", "unbilled")
        },
        **{name: of_renewals(name) for name in _OF_RENEWALS},
    }


def renewals_left_out(periods: Sequence[Reviewed[Any]]) -> str:
    """How many renewals of each period aren't in forecast and result; empty where all are."""
    counts = {each.period.label(): int(each.compared("forecast_value").isna().sum()) for each in periods}
    said = ", ".join(f"{label}: {number(count)}" for label, count in counts.items() if count)
    text = _("Renewals left out of forecast and result, since one of the two is unknown: {counts}.")
    return text.format(counts=said) if said else ""


def named(name: str, column: Column) -> str:
    """The label; that of a share without brackets of its own has its unit, for an amount may be called the same."""
    label = {"forecast_value": _("Renewals: forecast"), "renewed_value": _("Renewals: result")}.get(name)
    is_share = column.format == "percent" and "(" not in _(column.label)
    return label or (column.heading() if is_share else _(column.label))


def text(column: Column, value: object) -> str | None:
    """The value as the table shows it; None for unknown."""
    if is_unknown(value):
        return None
    shown = percent(value, 1) if column.format == "percent" else column.shown(value)  # type: ignore[arg-type]
    return shown.replace("-", _MINUS, 1) if shown.startswith("-") else shown


def difference(column: Column, now: object, other: object) -> str | None:
    """The change between the figures as the table shows them, with its sign; percents differ by percentage points."""
    if is_unknown(now) or is_unknown(other):
        return None
    change = _as_shown(column, now) - _as_shown(column, other)
    if column.format == "percent":
        decimals = -int(change.as_tuple().exponent)
        return _("{points} pp").format(points=_sign(change) + number(abs(change), decimals))
    return _sign(change) + (amount(abs(change)) if column.format == "amount" else number(abs(change)))


def _sign(change: Decimal) -> str:
    return "+" if change > 0 else _MINUS if change < 0 else ""


def _as_shown(column: Column, value: object) -> Decimal:
    """The number as rounded in the table: percents to a tenth, or finer where they would seem 0 or 100."""
    if column.format != "percent":
        return rounded(value)  # type: ignore[arg-type]
    exact = float(value) * PERCENT_POINTS  # type: ignore[arg-type]
    tenth = rounded(exact, 1)
    return rounded(exact, 2) if tenth in (0, 100) and tenth != Decimal(str(exact)) else tenth


def compared(values: Sequence[dict[str, object]]) -> dict[str, Column]:
    """The figures that are set against each other, in order; a movement that seldom happens only where it did."""
    return {
        name: column
        for name, column in columns().items()
        if name not in _SELDOM or any(found[name] for found in values)
    }


def exact(column: Column, value: object) -> float | None:
    """The number for a file: percents as percent; None for unknown."""
    if is_unknown(value):
        return None
    return float(value) * (PERCENT_POINTS if column.format == "percent" else 1)  # type: ignore[arg-type]


def change(now: object, other: object) -> float | None:
    """The difference of two exact numbers; None where either is unknown."""
    if is_unknown(now) or is_unknown(other):
        return None
    return float(now) - float(other)  # type: ignore[arg-type]


def under(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows of ``invoicing`` with something missing, the largest first."""
    return rows[rows["difference"] > 0].sort_values("difference", ascending=False, kind="stable")


def one(rows: pd.DataFrame, column: str) -> object:
    """The value of a report of one row; None where it has none."""
    return None if rows.empty else rows[column].iloc[0]


def number_of(value: object) -> float | None:
    """The value as a plain number; None for unknown."""
    return None if is_unknown(value) else float(value)  # type: ignore[arg-type]
