"""What changed the revenue: whole traces for small reports."""

from typing import Any

import pandas as pd

from ccinsight import charts
from ccinsight.charts import Palette

LIGHT = Palette.light()
KR = "\N{NO-BREAK SPACE}kr"
_MOVES = ["new", "reactivation", "expansion", "contraction", "price_change", "churn", "unknown"]


def _movements(*rows: tuple[str, float, dict[str, float]]) -> pd.DataFrame:
    full = [
        {"month": pd.Timestamp(month), "start": start, **dict.fromkeys(_MOVES, 0.0), **moves}
        for month, start, moves in rows
    ]
    frame = pd.DataFrame(full)
    frame["end"] = frame["start"] + frame[_MOVES].sum(axis=1)
    return frame


MOVEMENTS = _movements(
    ("2026-02-01", 1000, {"new": 300, "contraction": -50}),
    ("2026-03-01", 1250, {"churn": -100, "price_change": 20, "expansion": 30}),
)


def test_the_waterfall_leads_from_start_to_end(checked: Any) -> None:
    chart = charts.revenue_waterfall(MOVEMENTS, LIGHT)
    bars, _carried, texts = checked(chart)
    labels = chart.figure.layout.yaxis.ticktext
    assert labels == ("Start", "New", "More users", "Fewer users", "Price change", "Lost customers", "End")
    assert bars["base"] == [0, 1000, 1300, 1280, 1280, 1200, 0]
    assert bars["x"] == [1000, 300, 30, 50, 20, 100, 1200]
    assert texts["text"] == [
        f" 1,000{KR}",
        f" +300{KR}",
        f" +30{KR}",
        f" −50{KR}",
        f" +20{KR}",
        f" −100{KR}",
        f" 1,200{KR}",
    ]
    assert bars["marker"]["pattern"]["shape"] == ["", "", "", "/", "", "/", ""]
    assert chart.alt.startswith(
        f"From 1,000{KR} to 1,200{KR}, Feb 2026 to Mar 2026: new +300{KR}, more users +30{KR}"
    )


def test_the_waterfall_names_its_span_where_one_is_given() -> None:
    chart = charts.revenue_waterfall(MOVEMENTS, LIGHT, "Q1 2026")
    assert chart.title == "What changed the annual recurring revenue, Q1 2026"


def test_an_unknown_start_has_no_bar_and_is_called_unknown(checked: Any) -> None:
    movements = _movements(("2026-02-01", 0, {"unknown": 300})).assign(start=float("nan"))
    chart = charts.revenue_waterfall(movements, LIGHT, "Feb 2026")
    bars, _carried, texts = checked(chart)
    assert (bars["base"], bars["x"]) == ([0, 0, 0], [0, 300, 300])
    assert texts["text"] == [" unknown", f" +300{KR}", f" 300{KR}"]
    assert chart.alt.startswith(f"From unknown to 300{KR}, Feb 2026: ")


def test_an_unknown_end_is_called_unknown_too(checked: Any) -> None:
    movements = _movements(("2026-02-01", 300, {"unknown": -300})).assign(end=float("nan"))
    _bars, _carried, texts = checked(charts.revenue_waterfall(movements, LIGHT))
    assert texts["text"] == [f" 300{KR}", f" −300{KR}", " unknown"]


def test_seats_and_price_are_separate_drivers(checked: Any) -> None:
    chart = charts.drivers_by_month(MOVEMENTS, LIGHT)
    users, price = checked(chart)
    assert (users["name"], users["y"]) == ("Users", [-50, 30])
    assert (price["name"], price["y"]) == ("Price", [None, 20])
    assert chart.alt == f"Over 2 months: −20{KR} from users and +20{KR} from price."


def test_revenue_by_month_is_a_line_from_zero(checked: Any) -> None:
    chart = charts.revenue_by_month(MOVEMENTS, LIGHT)
    [line] = checked(chart)
    assert line["y"] == [1250, 1200]
    assert chart.figure.layout.yaxis.range[0] == 0
    assert chart.alt == f"1,200{KR} at the end, +200{KR} since the start."
