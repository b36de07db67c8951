"""What a planned price brings: whole traces for small reports."""

from typing import Any

import pandas as pd

from ccinsight import charts
from ccinsight.charts import Palette

LIGHT = Palette.light()
KR = "\N{NO-BREAK SPACE}kr"


def _plan(*rows: tuple[str, float | None, float]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["first_renewal_on", "change", "lost"])
    frame["first_renewal_on"] = pd.to_datetime(frame["first_renewal_on"])
    return frame.astype({"change": "float64", "lost": "float64"})


def test_what_comes_too_late_stands_on_what_the_notice_reaches(checked: Any) -> None:
    plan = _plan(
        ("2026-04-01", 100, 0), ("2026-04-20", 50, 0), ("2026-06-01", 30, 30), ("2026-06-01", None, 0)
    )
    chart = charts.plan_by_month(plan, LIGHT)
    reached, late = checked(chart)
    assert reached["x"] == ["2026-04", "2026-05", "2026-06"]
    assert (reached["name"], reached["y"]) == ("New price at the first renewal", [150, None, None])
    assert (late["name"], late["y"]) == ("Too late: one year later", [None, None, 30])
    assert late["marker"]["pattern"]["shape"] == "/"
    assert chart.title == "Effect a year by month of the first renewal (1 unknown left out)"
    assert chart.alt == f"150{KR} a year comes at the first renewal, 30{KR} a year later."


def test_a_price_that_falls_gives_columns_below_zero(checked: Any) -> None:
    chart = charts.plan_by_month(_plan(("2026-04-01", -100, 0)), LIGHT)
    [reached] = checked(chart)
    assert reached["y"] == [-100]
    assert chart.figure.layout.yaxis.range[0] < 0


def test_a_plan_that_changes_nothing_says_so() -> None:
    assert charts.plan_by_month(_plan(("2026-04-01", 0, 0)), LIGHT).alt.endswith(
        "The plan changes no rate yet."
    )
