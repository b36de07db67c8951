"""Values by month of renewal: whole traces for small reports."""

from typing import Any

import pandas as pd

from ccinsight import charts
from ccinsight.charts import Palette

LIGHT = Palette.light()
KR = "\N{NO-BREAK SPACE}kr"


def _renewals(*rows: tuple[str, str, float | None, float | None]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["renewal_on", "renewal_status", "value_now", "value_next"])
    frame["renewal_on"] = pd.to_datetime(frame["renewal_on"])
    return frame.astype({"value_now": "float64", "value_next": "float64"})


RENEWALS = _renewals(
    ("2026-04-01", "will_renew", 1000, 1200),
    ("2026-04-20", "open", 500, 400),
    ("2026-04-30", "open", 300, 300),
    ("2026-06-01", "ending", 200, 0),
    ("2026-06-01", "open", None, None),
)


def test_the_pipeline_stacks_todays_value_by_status_and_keeps_empty_months(checked: Any) -> None:
    chart = charts.renewal_pipeline(RENEWALS, LIGHT)
    bars = checked(chart)
    assert [(bar["name"], bar["x"], bar["y"]) for bar in bars] == [
        ("Will renew", ["2026-04", "2026-05", "2026-06"], [1000, None, None]),
        ("Open", ["2026-04", "2026-05", "2026-06"], [800, None, None]),
        ("Ending", ["2026-04", "2026-05", "2026-06"], [None, None, 200]),
    ]
    assert bars[1]["customdata"][0] == f"<b>Apr 2026</b><br>Open: 800{KR}<br>2 agreements"
    assert bars[1]["marker"]["pattern"]["shape"] == "/"
    assert chart.alt == (
        f"4 agreements with a renewal date, worth 2,000{KR}: will renew 1,000{KR}, open 800{KR}, "
        f"ending 200{KR}. 1 agreement with an unknown value is left out."
    )


def test_a_status_that_nothing_has_is_not_in_the_legend(checked: Any) -> None:
    bars = checked(charts.renewal_pipeline(_renewals(("2026-04-01", "open", 1, 1)), LIGHT))
    assert [bar["name"] for bar in bars] == ["Open"]


def test_value_today_stands_beside_value_at_renewal(checked: Any) -> None:
    chart = charts.value_at_renewal(RENEWALS, LIGHT)
    now, later = checked(chart)
    assert (now["name"], now["y"]) == ("Value today", [1800, None, 200])
    assert (later["name"], later["y"]) == ("Value at renewal", [1900, None, None])
    assert (
        now["customdata"][0]
        == f"<b>Apr 2026</b><br>today 1,800{KR}<br>at renewal 1,900{KR}<br>change +100{KR}"
    )
    assert chart.alt == (
        f"From 2,000{KR} today to 1,900{KR} at renewal: −100{KR}. "
        "1 agreement with an unknown value is left out."
    )


def test_the_forecast_stacks_certain_open_and_ending(checked: Any) -> None:
    forecast = pd.DataFrame(
        {
            "month": pd.to_datetime(["2026-04-01", "2026-05-01"]),
            "certain_value": [100.0, None],
            "open_value": [80.0, 40.0],
            "open_weighted": [60.0, 40.0],
            "ending_value": [0.0, 0.0],
            "value_unknown": [0, 1],
        }
    )
    chart = charts.renewal_forecast(forecast, LIGHT)
    assert [(bar["name"], bar["y"]) for bar in checked(chart)] == [
        ("Will renew", [100, None]),
        ("Open, weighted", [60, 40]),
        ("Open, the rest", [20, None]),
    ]
    assert chart.alt == (
        f"Certain 100{KR}, open 120{KR} of which 100{KR} by past renewal rates, ending 0{KR}. "
        "1 agreement with an unknown value is left out."
    )
