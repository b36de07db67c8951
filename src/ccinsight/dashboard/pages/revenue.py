"""Parts of the revenue page that hold a table made of others: cohorts, and revenue by a column."""

from __future__ import annotations

import pandas as pd

from ccinsight import charts
from ccinsight.dashboard.session.view import View
from ccinsight.dashboard.widgets import chart_view, figures, layout, money, report_table
from ccinsight.i18n import _
from ccinsight.registry import MEASURES, REPORTS

_GROUPED = ("agreements_in_force", "invoiced_users", "arr", "revenue_per_user")
_YEARS_IN_SIGHT = 7


def by(view: View, agreements: pd.DataFrame, column: str) -> None:
    """Revenue of the agreements in force by a column of theirs."""
    chart_view.show(
        by=lambda: charts.revenue_by(agreements, column, chart_view.palette()),
        tables={"by": f"revenue_by_{column}"},
    )
    report_table.show(
        report_table.of_columns(
            f"revenue_by_{column}",
            _("Recurring revenue"),
            REPORTS["agreements"].column(column),
            *(MEASURES[name] for name in _GROUPED),
        ),
        figures.revenue_by(agreements, column),
        view,
        [column, *_GROUPED],
        totals=("agreements_in_force", "arr"),
        left_out={"arr": figures.unknown(agreements["annual_value"])},
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
