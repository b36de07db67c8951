"""Tickets by month and by channel: whole traces for small reports."""

from typing import Any

import pandas as pd

from ccinsight import charts
from ccinsight.charts import Palette

LIGHT = Palette.light()


def _months(*rows: tuple[str, int, int, int, int]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["month", "tickets", "support", "training", "consulting"])
    frame["month"] = pd.to_datetime(frame["month"])
    return frame.astype(dict.fromkeys(frame.columns[1:], "Int64"))


def test_tickets_are_stacked_by_scope(checked: Any) -> None:
    chart = charts.tickets_by_month(_months(("2026-02-01", 5, 2, 1, 2), ("2026-03-01", 1, 1, 0, 0)), LIGHT)
    bars = checked(chart)
    assert [(bar["name"], bar["x"], bar["y"]) for bar in bars] == [
        ("Support", ["2026-02", "2026-03"], [2, 1]),
        ("Training", ["2026-02", "2026-03"], [1, None]),
        ("Consulting", ["2026-02", "2026-03"], [2, None]),
    ]
    assert bars[0] == {
        "type": "bar",
        "x": ["2026-02", "2026-03"],
        "y": [2, 1],
        "name": "Support",
        "marker": {"color": "#1b5e9b", "line": {"color": "#ffffff", "width": 0.5}},
        "customdata": ["Feb 2026", "Mar 2026"],
        "hovertemplate": "%{customdata}<br>Support: %{y:,d}<extra></extra>",
        "unselected": {"marker": {"opacity": 0.4}},
    }
    assert chart.figure.layout.barmode == "stack"
    assert chart.figure.layout.yaxis.range[0] == 0
    assert chart.alt == "6 tickets in 2 months, most in Feb 2026 with 5; 1 training and 2 consulting."


def test_channels_are_sorted_with_their_totals(checked: Any) -> None:
    rows = [("phone", 3, 2, 1, 0), ("email", 9, 6, 1, 2), ("chat", 0, 0, 0, 0)]
    frame = pd.DataFrame(rows, columns=["channel", "tickets", "support", "training", "consulting"])
    chart = charts.channel_mix(frame, LIGHT)
    *bars, totals = checked(chart)
    assert [bar["y"] for bar in bars] == [["Phone", "E-mail"]] * 3
    assert [bar["x"] for bar in bars] == [[2, 6], [1, 1], [None, 2]]
    assert totals["text"] == [" 3", " 9 tickets"]
    assert chart.alt == "12 tickets in all; E-mail leads with 75%."
