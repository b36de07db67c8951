"""Who stays: whole traces for small reports."""

from typing import Any

import pandas as pd

from ccinsight import charts
from ccinsight.charts import Palette

LIGHT = Palette.light()


def test_retention_is_two_lines_distinct_without_colour(checked: Any) -> None:
    rows = [(pd.Timestamp("2025-03-15"), 1.02, 0.98), (pd.Timestamp("2026-03-15"), 0.961, 0.925)]
    chart = charts.retention_trend(pd.DataFrame(rows, columns=["as_of", "nrr", "grr"]), LIGHT)
    nrr, grr = checked(chart)
    assert (nrr["y"], nrr["line"]["dash"]) == ([1.02, 0.961], "solid")
    assert (grr["y"], grr["line"]["dash"]) == ([0.98, 0.925], "dash")
    assert chart.alt == "On 15 Mar 2026 net retention is 96.1% and gross retention 92.5%."


def test_a_year_of_which_nobody_is_left_counts_none_now(checked: Any) -> None:
    rows = [
        (2023, "2023-12-31", 5),
        (2023, "2024-12-31", 4),
        (2023, "2026-03-15", 3),
        (2024, "2024-12-31", 2),
    ]
    cohorts = pd.DataFrame(rows, columns=["cohort_year", "on_day", "customers"])
    chart = charts.cohort_customers(cohorts.assign(on_day=pd.to_datetime(cohorts["on_day"])), LIGHT)
    then, now = checked(chart)
    assert (then["y"], then["text"]) == ([5, 2], ["5", "2"])
    assert (now["name"], now["y"], now["text"]) == ("On 15 Mar 2026", [3, None], ["3", ""])
    assert chart.alt == "3 of 7 customers are left."
