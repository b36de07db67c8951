"""What holds for every chart: valid in both themes and languages, and a labelled empty figure for no rows."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pandas as pd
import pytest

from ccinsight import charts, i18n
from ccinsight.charts import Chart, Palette
from ccinsight.registry import REPORTS
from ccinsight.registry.explore import EXPLORE

AS_OF = date(2026, 3, 15)
Draw = Callable[[Callable[[str], pd.DataFrame], Palette], Chart]

DRAWN: dict[str, Draw] = {
    "tickets_by_month": lambda report, palette: charts.tickets_by_month(report("tickets_by_month"), palette),
    "channel_mix": lambda report, palette: charts.channel_mix(report("tickets_by_channel"), palette),
    "ranking": lambda report, palette: charts.ranking(
        report("utilization"), palette, REPORTS["utilization"].column("tickets"), "Most tickets"
    ),
    "peers": lambda report, palette: charts.peers(report("utilization"), "1", palette),
    "renewal_pipeline": lambda report, palette: charts.renewal_pipeline(report("renewals"), palette),
    "value_at_renewal": lambda report, palette: charts.value_at_renewal(report("renewals"), palette),
    "deadline_line": lambda report, palette: charts.deadline_line(report("deadlines"), AS_OF, palette),
    "revenue_by_band": lambda report, palette: charts.revenue_by_band(
        report("revenue_by_user_band"), palette
    ),
    "revenue_by": lambda report, palette: charts.revenue_by(
        report("agreements").assign(arr=lambda rows: rows["annual_value"], agreements_in_force=1),
        "account_manager",
        palette,
    ),
    "price_curve": lambda report, palette: charts.price_curve(
        report("agreements"), report("price_steps"), palette
    ),
    "revenue_waterfall": lambda report, palette: charts.revenue_waterfall(
        report("revenue_movements"), palette
    ),
    "drivers_by_month": lambda report, palette: charts.drivers_by_month(report("revenue_movements"), palette),
    "revenue_by_month": lambda report, palette: charts.revenue_by_month(report("revenue_movements"), palette),
    "lost_by_reason": lambda report, palette: charts.lost_by_reason(
        report("lost_agreements").assign(reason="A <b>", is_given=True), palette
    ),
    "retention_trend": lambda report, palette: charts.retention_trend(report("retention"), palette),
    "user_history": lambda report, palette: charts.user_history(report("user_history"), AS_OF, palette),
    "differences": lambda report, palette: charts.differences(report("invoicing"), palette),
    "renewal_forecast": lambda report, palette: charts.renewal_forecast(report("renewal_forecast"), palette),
    "plan_by_month": lambda report, palette: charts.plan_by_month(report("price_plan"), palette),
    "cohort_customers": lambda report, palette: charts.cohort_customers(report("cohorts"), palette),
    "agreement_line": lambda report, palette: charts.agreement_line(
        report("agreements"), report("agreement_periods"), report("meetings_list"), AS_OF, palette
    ),
    "meetings_by_month": lambda report, palette: charts.meetings_by_month(
        report("status_meetings"), AS_OF, palette
    ),
    "score_parts": lambda report, palette: charts.score_parts(
        report("renewal_risk").assign(
            risk_rule="A <b>", risk_shown="12", risk_points=lambda rows: rows["use_fall"], risk_most=20.0
        ),
        palette,
    ),
    "left_by_band": lambda report, palette: charts.left_by_band(
        report("renewal_risk").assign(
            score_band="0–9", agreements=4, left=1, left_share=lambda rows: rows["use_fall"]
        ),
        palette,
    ),
    "explored": lambda report, palette: charts.explored(
        report("tickets_by_channel"),
        {},
        [EXPLORE.dimensions["channel"]],
        EXPLORE.measures["tickets"],
        palette,
    ),
    "auc_intervals": lambda report, palette: charts.auc_intervals(
        report("renewal_risk").assign(
            ranking="Score", auc=lambda rows: rows["use_fall"], auc_low=0.5, auc_high=0.9
        ),
        palette,
    ),
}
_VALUES: dict[str, Any] = {
    "text": "A <b> & Sønner",
    "date": pd.Timestamp("2026-04-01"),
    "month": pd.Timestamp("2026-03-01"),
    "moment": pd.Timestamp("2026-03-01 09:05"),
    "boolean": True,
}
_NAMED: dict[str, Any] = {
    "customer_id": "1",
    "state": "active",
    "status": "due",
    "kind": "termination",
    "due_on": pd.Timestamp("2026-04-05"),
    "act_by": pd.Timestamp("2026-03-31"),
    "period_start": pd.Timestamp("2025-05-01"),
    "period_end": pd.Timestamp("2026-04-30"),
    "renewal_status": "open",
    "price_basis": "contract",
    "channel": "phone",
    "user_band": "10–24",
    "counted_on": pd.Timestamp("2025-10-01"),
    "held_on": pd.NaT,
    "as_of": pd.Timestamp(AS_OF),
}
# Counts of tickets and movements of revenue.
_ALWAYS_KNOWN = {"tickets_by_month", "channel_mix", "revenue_waterfall"}
_COUNTS = {"agreements", "customers"}
_DTYPES = {"integer": "Int64", "boolean": "boolean"}


def _dtype(form: str) -> str:
    return _DTYPES.get(form, "float64")


def _one_row(name: str) -> pd.DataFrame:
    """The report with one row of plausible values, typed as the warehouse types them."""
    columns = {}
    for column in REPORTS[name].columns:
        value = _NAMED.get(column.name, _VALUES.get(column.format, 12 if column.is_numeric else "x"))
        columns[column.name] = pd.Series([value], dtype=_dtype(column.format) if column.is_numeric else None)
    return pd.DataFrame(columns)


def _no_rows(name: str) -> pd.DataFrame:
    return _one_row(name).head(0)


def _unknown(name: str) -> pd.DataFrame:
    """The report with one row of which no number is known."""
    frame = _one_row(name)
    for column in REPORTS[name].columns:
        if column.is_numeric and column.name not in _COUNTS:
            frame[column.name] = pd.Series([None], dtype=_dtype(column.format))
    return frame


def test_every_chart_is_tested() -> None:
    others = {"CONFIG", "Chart", "Days", "Mark", "Palette", "empty", "waterfall_moves"}
    assert set(DRAWN) == set(charts.__all__) - others


@pytest.mark.parametrize("name", DRAWN)
@pytest.mark.parametrize("language", ["en", "nb"])
@pytest.mark.parametrize("palette", [Palette.light(), Palette.dark()], ids=["light", "dark"])
def test_a_row_is_drawn(name: str, language: str, palette: Palette, checked: Any) -> None:
    i18n.set_language(language)
    assert checked(DRAWN[name](_one_row, palette))


@pytest.mark.parametrize("name", DRAWN)
def test_no_rows_give_a_labelled_empty_figure(name: str, checked: Any) -> None:
    chart = DRAWN[name](_no_rows, Palette.light())
    assert checked(chart) == []
    assert chart.figure.layout.annotations[0].text
    assert chart.alt.startswith(chart.title)


@pytest.mark.parametrize("name", sorted(set(DRAWN) - _ALWAYS_KNOWN))
def test_unknown_numbers_are_never_an_error(name: str, checked: Any) -> None:
    checked(DRAWN[name](_unknown, Palette.light()))


def test_names_from_files_are_no_markup() -> None:
    chart = charts.ranking(
        _one_row("utilization"), Palette.light(), REPORTS["utilization"].column("tickets"), "Most tickets"
    )
    assert chart.figure.layout.yaxis.ticktext == ("A &lt;b&gt; &amp; Sønner",)
