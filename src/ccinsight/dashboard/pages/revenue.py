"""Sections of the revenue page: what moved it, from whom it comes, and cohorts."""

from __future__ import annotations

from datetime import timedelta

import pandas as pd

from ccinsight import charts
from ccinsight.dashboard.session import explored
from ccinsight.dashboard.session.view import View
from ccinsight.dashboard.widgets import chart_filter, chart_view, figures, layout, money, report_table
from ccinsight.database import exploring
from ccinsight.i18n import _
from ccinsight.integrations.api.query import Query
from ccinsight.registry import MEASURES, REPORTS

_GROUPED = ("agreements_in_force", "invoiced_users", "arr", "revenue_per_user", "unpriced_users")
_YEARS_IN_SIGHT = 7


def movements(view: View) -> None:
    """What moved the revenue of the last twelve months (R9), and the customers behind the chosen movement."""
    months = view.report("revenue_movements", months=12)
    moves = charts.waterfall_moves(months)
    chart_view.show(
        waterfall=lambda: charts.revenue_waterfall(_known_ends(months, view), chart_view.palette()),
        months=lambda: charts.revenue_by_month(months, chart_view.palette()),
        choosing={"waterfall": ("movement", lambda mark: mark.value("movement"))},
        tables={"months": ("movement_customers", "revenue_movements")},
    )
    layout.section(_("Who is behind a movement?"))
    if not moves:
        layout.nothing(_("Nothing moved the revenue in these twelve months."))
    else:
        kind = layout.pick(_("Movement"), money.movement_labels(moves), "movement")
        layout.note(money.movement_help(kind))
        behind = money.of_movement(view.report("movement_customers", months=12), kind)
        report_table.show("movement_customers", behind, view, is_part=True)
    layout.section(_("Month by month"))
    report_table.show("revenue_movements", months, view, money.moved_columns(months), months=12)


def _known_ends(months: pd.DataFrame, view: View) -> pd.DataFrame:
    """The months with the first start and the last end empty where agreements are in force and none has a known value.

    The report has 0 there, so that the movements add up (R9).
    """
    before = months["month"].iloc[0].date() - timedelta(days=1)
    starts, ends = list(months["start"]), list(months["end"])
    starts[0] = starts[0] or figures.one(view.on(before).report("committed_revenue"), "arr")
    ends[-1] = ends[-1] or figures.one(view.report("committed_revenue"), "arr")
    return months.assign(start=starts, end=ends).astype({"start": "float64", "end": "float64"})


def drivers(view: View, agreements: pd.DataFrame) -> None:
    """Users and price as what moves the revenue from customers who stay, by month, and the price by users."""
    months = view.report("revenue_movements", months=24)
    layout.note(money.drivers_help())
    chart_view.show(
        drivers=lambda: charts.drivers_by_month(months, chart_view.palette()),
        curve=lambda: charts.price_curve(agreements, view.report("price_steps"), chart_view.palette()),
        tables={"drivers": "drivers", "curve": "behind_curve"},
    )
    if chart_filter.chosen("behind_curve"):
        layout.section(_("Which agreements did you choose in the chart?"))
        report_table.show("agreements", agreements, view, key="behind_curve", is_part=True)
    report_table.show("revenue_movements", months, view, key="drivers", months=24)


def by_user_band(view: View, agreements: pd.DataFrame) -> None:
    """Revenue of the agreements in force by user band."""
    bands = view.report("revenue_by_user_band")
    chart_view.show(
        bands=lambda: charts.revenue_by_band(bands, chart_view.palette()),
        tables={"bands": "revenue_by_user_band"},
    )
    unknown = {
        "users": figures.unknown(agreements["invoiced_users"]),
        "revenue": figures.unknown(agreements["annual_value"]),
        "unpriced_users": figures.unknown(agreements["invoiced_users"]),
    }
    report_table.show("revenue_by_user_band", bands, view, left_out=unknown)


def by(view: View, column: str) -> None:
    """Revenue of the agreements in force by a column of theirs, the largest first: the figures of Explore (R9)."""
    asked = exploring.question(_GROUPED, (column,))
    found = explored.answer(asked, view.as_of, view.filters, view.reader)
    rows, grouped_by = figures.heaviest(found, "arr"), REPORTS["agreements"].column(column)
    chart_view.show(
        by=lambda: charts.revenue_by(rows, column, chart_view.palette()),
        tables={"by": f"revenue_by_{column}"},
    )
    report_table.show(
        report_table.of_columns(
            f"revenue_by_{column}",
            _("Recurring revenue by {what}").format(what=_(grouped_by.label).lower()),
            grouped_by,
            *(MEASURES[name] for name in _GROUPED),
        ),
        rows[[column, *_GROUPED]],
        view,
        totals=("agreements_in_force", "arr", "unpriced_users"),
        left_out={name: int(rows[name + exploring.LEFT_OUT].sum()) for name in ("arr", "unpriced_users")},
        is_part=True,
        query=Query(exploring.report_of(asked), view.as_of, view.filters, explored=asked),
    )


def cohorts(view: View, agreements: pd.DataFrame) -> None:
    """Customers by the year in which they first subscribed: how many are left, and what they are worth."""
    rows = view.report("cohorts")
    unknown = figures.unknown(agreements["annual_value"])
    chart_view.show(
        cohorts=lambda: charts.cohort_customers(rows, chart_view.palette()),
        tables={"cohorts": ("cohort_customers", "cohort_revenue")},
    )
    for measure, question in (
        ("customers", _("How many customers of each first year are left?")),
        ("revenue", _("What are they worth a year?")),
    ):
        table, days = money.cohort_table(rows, measure)
        layout.section(question)
        report_table.show(
            report_table.of_columns(
                f"cohort_{measure}", question, REPORTS["cohorts"].column("cohort_year"), *days
            ),
            table,
            view,
            ["cohort_year", *(day.name for day in days[-_YEARS_IN_SIGHT:])],
            totals=(days[-1].name,),
            left_out={days[-1].name: unknown if measure == "revenue" else 0},
        )
