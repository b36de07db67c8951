"""Renewal risk: whole traces for small tables."""

from typing import Any

import pandas as pd

from ccinsight import charts
from ccinsight.charts import Palette

LIGHT = Palette.light()


def test_the_points_of_each_rule_lie_on_the_most_it_can_give(checked: Any) -> None:
    parts = pd.DataFrame(
        {
            "risk_rule": ["Falling use", "Few contacts"],
            "risk_shown": ["−40%", None],
            "risk_points": [12.5, None],
            "risk_most": [20.0, 10.0],
        }
    )
    chart = charts.score_parts(parts, LIGHT)
    most, given, texts = checked(chart)
    # from the bottom up
    assert (most["x"], given["x"]) == ([10, 20], [None, 12.5])
    assert texts["text"] == [" unknown", " 12.5 (−40%)"]
    assert texts["x"] == [10, 20]
    assert chart.figure.layout.yaxis.ticktext == ("Few contacts", "Falling use")
    assert chart.alt == "Most points come from Falling use: 12.5 of at most 20.0."


def test_shares_say_how_many_of_how_many(checked: Any) -> None:
    bands = pd.DataFrame(
        {"score_band": ["0–19", "20–100"], "agreements": [10, 0], "left": [1, 0], "left_share": [0.1, None]}
    )
    chart = charts.left_by_band(bands, LIGHT)
    [columns] = checked(chart)
    assert (columns["y"], columns["text"]) == ([0.1, 0], ["1 of 10", "0 of 0"])
    assert columns["customdata"] == ["Score 0–19: 10% left, 1 of 10", "Score 20–100: unknown left, 0 of 0"]
    assert chart.alt == "score 0–19: 1 of 10 left; score 20–100: 0 of 0 left."


def test_an_interval_that_is_unknown_is_left_out_and_ours_is_in_colour(checked: Any) -> None:
    tests = pd.DataFrame(
        {
            "ranking": ["Score", "Fall in use", "Users"],
            "auc": [0.7, 0.6, None],
            "auc_low": [0.6, 0.4, None],
            "auc_high": [0.8, 0.7, None],
        }
    )
    chart = charts.auc_intervals(tests, LIGHT)
    *spans, dots = checked(chart)
    assert [span["x"] for span in spans] == [[0.4, 0.7], [0.6, 0.8]]
    assert (dots["x"], dots["marker"]["color"]) == ([0.6, 0.7], [LIGHT.grey, LIGHT.accent])
    assert chart.figure.layout.shapes[0].x0 == 0.5
    assert chart.alt == (
        "Score 70%, 95 % interval 60% to 80%; Fall in use 60%, 95 % interval 40% to 70%; chance would be 50%."
    )
