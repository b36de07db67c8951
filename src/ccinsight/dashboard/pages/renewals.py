"""Sections of the renewals page: all renewals, what can be expected of them, and prices announced too late."""

from __future__ import annotations

import pandas as pd

from ccinsight import charts
from ccinsight.dashboard.session.view import View
from ccinsight.dashboard.widgets import chart_view, layout, money, report_table
from ccinsight.i18n import _


def expected(view: View) -> None:
    """What can be expected of the next twelve months (R13), and the renewal rates that weigh what is open."""
    forecast, rates = view.report("renewal_forecast"), view.unfiltered().report("renewal_rates")
    chart_view.show(
        forecast=lambda: charts.renewal_forecast(forecast, chart_view.palette()),
        tables={"forecast": "renewal_forecast"},
    )
    report_table.show("renewal_forecast", forecast, view, rows=13)
    layout.section(_("Which renewal rates weigh the open part?"))
    layout.note(
        _(
            "Of all customers' periods that ended in the last 36 months, those after which the "
            "agreement went on, by user band. A band without any takes the rate of all."
        )
    )
    report_table.show("renewal_rates", rates, view.unfiltered())


def too_late(view: View, missed: pd.DataFrame, months: int) -> None:
    """The renewals of the span whose price was announced after the deadline (R6). ``missed``: rows of ``renewals``."""
    if missed.empty:
        layout.nothing(_("Every price known today reaches the renewals in this span in time."))
        return
    layout.note(
        _("The old rate holds for one more year where a price was announced after the deadline (A5).")
    )
    layout.note(money.by_version(view.report("missed_prices", months=months)))
    report_table.show("renewals", missed, view, key="missed", is_part=True, opens=[_opened_by(missed)])


def listed(view: View, renewals: pd.DataFrame, months: int) -> None:
    """All renewals of the span, by month and in a table."""
    chart_view.show(
        pipeline=lambda: charts.renewal_pipeline(renewals, chart_view.palette()),
        value=lambda: charts.value_at_renewal(renewals, chart_view.palette()),
        tables=dict.fromkeys(("pipeline", "value"), "opened_renewals"),
    )
    opens = _opened_by(renewals)
    report_table.show("renewals", renewals, view, key="opened_renewals", opens=[opens], months=months)


def _opened_by(rows: pd.DataFrame) -> tuple[str, str, tuple[str, ...]]:
    """What a chosen row of a table sets on the page: the agreement whose value is explained below."""
    return "agreement_id", "renewal", tuple(rows["agreement_id"])
