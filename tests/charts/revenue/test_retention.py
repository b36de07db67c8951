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
