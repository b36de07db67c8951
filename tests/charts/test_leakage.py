"""What was not billed: whole traces for small reports."""

from typing import Any

import pandas as pd

from ccinsight import charts
from ccinsight.charts import Palette

LIGHT = Palette.light()
KR = "\N{NO-BREAK SPACE}kr"


def _invoicing(*rows: tuple[str, float | None, float | None]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["customer_name", "expected", "invoiced"])
    return frame.assign(
        customer_id="1",
        agreement_id="A-1",
        kind="yearly",
        period_start=pd.Timestamp("2026-04-01"),
        difference=frame["expected"] - frame["invoiced"],
    )


def test_what_was_not_billed_lies_right_and_what_was_billed_too_much_left(checked: Any) -> None:
    rows = _invoicing(("Nord AS", 900, 400), ("Sør AS", 100, 300), ("Vest AS", 5, 5), ("Øst AS", None, 7))
    chart = charts.differences(rows, LIGHT)
    bars, texts = checked(chart)
    # from the bottom up
    assert bars["x"] == [-200, 500]
    assert bars["marker"]["color"] == [LIGHT.warm, LIGHT.accent]
    assert bars["marker"]["pattern"]["shape"] == ["/", ""]
    assert texts["text"] == [f" −200{KR} ", f" 500{KR} "]
    assert texts["textposition"] == ["middle left", "middle right"]
    assert chart.figure.layout.yaxis.ticktext == ("Sør AS", "Nord AS")
    assert chart.alt == f"500{KR} not billed and 200{KR} billed too much, over 2 amounts."


def test_only_the_largest_differences_are_drawn_and_all_are_counted(checked: Any) -> None:
    rows = _invoicing(*((f"Kunde {number}", 100.0 * number, 0.0) for number in range(1, 15)))
    chart = charts.differences(rows, LIGHT)
    assert checked(chart)[0]["x"] == [100.0 * number for number in range(3, 15)]
    assert chart.alt.endswith("over 14 amounts.")
