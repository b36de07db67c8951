"""The figures of the management's review, for a period and for those that it is set against."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from functools import cached_property

import pandas as pd
import streamlit as st

from ccinsight import charts
from ccinsight.dashboard.pages.review_period import Period
from ccinsight.dashboard.session.view import View
from ccinsight.dashboard.widgets import cells, figures, html_table, layout, money, report_table
from ccinsight.i18n import N_, _, amount, is_unknown, number, percent
from ccinsight.registry import MEASURES, REPORTS, Column

_MOVES = ("new", "reactivation", "expansion", "price_change", "contraction", "churn", "unknown")
# What changes from period to period is compared even where it is 0; these are left out where all are.
_SELDOM = ("reactivation", "unknown")
_OF_RENEWALS = ("forecast_value", "renewed_value")
_OF_RETENTION = ("nrr", "grr", "logo_churn")
_PERCENT_POINTS = 100
_MINUS = "\N{MINUS SIGN}"


@dataclass(frozen=True)
class Reviewed:
    """A period as it was known at the end of its last day, with the reports that it is made of."""

    view: View
    period: Period

    @property
    def at(self) -> View:
        """The view of the last day."""
        return self.view.on(self.period.last)

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
    def unbilled(self) -> pd.DataFrame:
        """The rows of ``invoicing`` with something missing, of the agreement periods that began in the period."""
        return money.under(self.at.report("invoicing", since=self.period.first))

    @cached_property
    def retention(self) -> pd.DataFrame:
        """The report ``retention``, twelve months back from the last day."""
        return self.at.report("retention")

    @cached_property
    def committed(self) -> pd.DataFrame:
        """The report ``committed_revenue`` of the last day."""
        return self.at.report("committed_revenue")

    @cached_property
    def start(self) -> float | None:
        """ARR in kr before the first day; None where agreements are in force and no value is known (R9)."""
        known = float(self.movements["start"].iloc[0])
        if known:
            return known
        before = self.view.on(self.period.first - timedelta(days=1)).report("committed_revenue")
        return figures.number_of(figures.one(before, "arr"))

    @property
    def end(self) -> float | None:
        """ARR in kr on the last day; None where agreements are in force and no value is known (R9)."""
        return figures.number_of(figures.one(self.committed, "arr"))

    @property
    def new(self) -> pd.DataFrame:
        """The rows of ``movement_customers`` of customers who came, or came back."""
        return figures.rows_of(self.customers, "movement", "new", "reactivation")

    @property
    def lost_customers(self) -> int:
        """How many customers were lost, also where their revenue is unknown."""
        return int(figures.rows_of(self.customers, "movement", "churn")["customer_id"].nunique())

    def compared(self, name: str) -> pd.Series:
        """Kr of each renewal, ``forecast_value`` or ``renewed_value``; unknown where either is, so sums compare."""
        both = self.renewals[list(_OF_RENEWALS)].notna().all(axis="columns")
        return self.renewals[name].where(both)

    def values(self) -> dict[str, object]:
        """Each figure by its name; None is unknown."""
        return {
            "start": self.start,
            **{name: float(self.movements[name].sum()) for name in _MOVES},
            "end": self.end,
            "committed_arr": figures.one(self.committed, "committed_arr"),
            **{name: figures.one(self.retention, name) for name in _OF_RETENTION},
            "new_customers": self.new["customer_id"].nunique(),
            "lost_customers": self.lost_customers,
            "unbilled": None
            if layout.missing_exports("invoices")
            else figures.total(self.unbilled["difference"]),
            **{name: figures.total(self.compared(name)) for name in _OF_RENEWALS},
        }


def against(period: Period) -> list[Period]:
    """What a period is set against: the one before and the same a year ago, once where they are the same."""
    return list(dict.fromkeys([period.before(), period.year_ago()]))


def columns() -> dict[str, Column]:
    """How each figure is called, shown and explained, in the order of the table."""
    of_movements, of_renewals = REPORTS["revenue_movements"].column, REPORTS["renewals_compared"].column
    return {
        **{name: of_movements(name) for name in ("start", *_MOVES, "end")},
        **{
            name: MEASURES[name]
            for name in ("committed_arr", *_OF_RETENTION, "new_customers", "lost_customers", "unbilled")
        },
        **{name: of_renewals(name) for name in _OF_RENEWALS},
    }


def compare(reviewed: Reviewed, others: Sequence[Reviewed]) -> None:
    """The figures in a table, each beside those of the other periods and with the difference; and as files."""
    periods, shown = [reviewed, *others], columns()
    values = [each.values() for each in periods]
    names = [name for name in shown if name not in _SELDOM or any(found[name] for found in values)]
    heads = [html_table.Head(_("Figure")), html_table.Head(reviewed.period.label(), is_numeric=True)]
    for other in others:
        heads += [
            html_table.Head(other.period.label(), is_numeric=True),
            html_table.Head(_("Change"), is_numeric=True),
        ]
    rows = [_row(name, shown[name], [found[name] for found in values]) for name in names]
    helps = {0: [shown[name].help_text() for name in names]}
    st.html(html_table.table(heads, rows, _("The figures of the periods"), helps))
    report_table.hint_of_columns(len(heads))
    layout.note(renewals_left_out(periods))
    _files(reviewed, others, {name: shown[name] for name in names}, values)


def renewals_left_out(periods: Sequence[Reviewed]) -> str:
    """How many renewals of each period aren't in forecast and result; empty where all are."""
    counts = {each.period.label(): figures.unknown(each.compared("forecast_value")) for each in periods}
    said = ", ".join(f"{label}: {number(count)}" for label, count in counts.items() if count)
    text = _("Renewals left out of forecast and result, since one of the two is unknown: {counts}.")
    return text.format(counts=said) if said else ""


def _row(name: str, column: Column, values: Sequence[object]) -> list[str | None]:
    now, *others = values
    cells: list[str | None] = [_named(name, column), _text(column, now)]
    for other in others:
        cells += [_text(column, other), _difference(column, now, other)]
    return cells


def _named(name: str, column: Column) -> str:
    """The label; that of a share without brackets of its own has its unit, for an amount may be called the same."""
    label = {"forecast_value": _("Renewals: forecast"), "renewed_value": _("Renewals: result")}.get(name)
    is_share = column.format == "percent" and "(" not in _(column.label)
    return label or (column.heading() if is_share else _(column.label))


def _text(column: Column, value: object) -> str | None:
    if is_unknown(value):
        return None
    text = percent(value, 1) if column.format == "percent" else column.shown(value)  # type: ignore[arg-type]
    return cells.with_minus(text)


def _difference(column: Column, now: object, other: object) -> str | None:
    """The change between the figures as the table shows them, with its sign; percents differ by percentage points."""
    if is_unknown(now) or is_unknown(other):
        return None
    change = _as_shown(column, now) - _as_shown(column, other)
    if column.format == "percent":
        decimals = -int(change.as_tuple().exponent)
        return _("{points} pp").format(points=_sign(change) + number(abs(change), decimals))
    text = amount(abs(change)) if column.format == "amount" else number(abs(change))
    return _sign(change) + text


def _sign(change: Decimal) -> str:
    return "+" if change > 0 else _MINUS if change < 0 else ""


def _as_shown(column: Column, value: object) -> Decimal:
    """The number as rounded in the table: percents to a tenth, or finer where they would seem 0 or 100."""
    if column.format != "percent":
        return Decimal(str(value)).quantize(Decimal(1))
    exact = Decimal(str(float(value) * _PERCENT_POINTS))  # type: ignore[arg-type]
    tenth = exact.quantize(Decimal("0.1"))
    return exact.quantize(Decimal("0.01")) if tenth in (0, 100) and tenth != exact else tenth


def _files(
    reviewed: Reviewed,
    others: Sequence[Reviewed],
    shown: Mapping[str, Column],
    values: Sequence[Mapping[str, object]],
) -> None:
    """The same rows as files: exact numbers, percents as percent, with the unit beside them."""
    rows: dict[str, list[object]] = {
        "figure": [_named(name, column) for name, column in shown.items()],
        "unit": [_(column.unit) if column.unit != "%" else "%" for column in shown.values()],
        "period": [_exact(column, values[0][name]) for name, column in shown.items()],
    }
    heads = [
        Column("figure", N_("Figure"), "text", N_("What is counted.")),
        Column("unit", N_("Unit"), "text", N_("What the numbers of the row are.")),
        Column("period", reviewed.period.label(), "amount", ""),
    ]
    for place, other in enumerate(others):
        numbers: list[object] = [_exact(column, values[place + 1][name]) for name, column in shown.items()]
        rows[f"other_{place}"] = numbers
        rows[f"change_{place}"] = [_change(*pair) for pair in zip(rows["period"], numbers, strict=True)]
        heads += [
            Column(f"other_{place}", other.period.label(), "amount", ""),
            Column(
                f"change_{place}",
                _("Change from {period}").format(period=other.period.label()),
                "amount",
                "",
            ),
        ]
    table = report_table.of_columns("review", _("Review"), *heads)
    report_table.files(table, pd.DataFrame(rows), reviewed.at, key="review")


def _exact(column: Column, value: object) -> float | None:
    if is_unknown(value):
        return None
    return float(value) * (_PERCENT_POINTS if column.format == "percent" else 1)  # type: ignore[arg-type]


def moves(reviewed: Reviewed) -> dict[str, float]:
    """The bars between the ends of the waterfall: movement → kr."""
    return charts.waterfall_moves(reviewed.movements)


def _change(now: object, other: object) -> float | None:
    if is_unknown(now) or is_unknown(other):
        return None
    return float(now) - float(other)  # type: ignore[arg-type]
