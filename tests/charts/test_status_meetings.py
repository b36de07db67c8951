"""Status meetings by month: whole traces for small reports."""

from datetime import date
from typing import Any

import pandas as pd

from ccinsight import charts
from ccinsight.charts import Palette

LIGHT = Palette.light()
AS_OF = date(2026, 3, 15)


def _meetings(*rows: tuple[str, str]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["status", "best_before"])
    frame["best_before"] = pd.to_datetime(frame["best_before"])
    return frame


ROWS = _meetings(
    ("due", "2026-02-14"), ("overdue", "2026-02-01"), ("due", "2026-04-30"), ("held", "2026-02-03")
)


def test_agreements_are_stacked_by_what_needs_doing_first(checked: Any) -> None:
    chart = charts.meetings_by_month(ROWS, AS_OF, LIGHT)
    bars = checked(chart)
    assert [(bar["name"], bar["y"]) for bar in bars] == [
        ("Overdue", [1, None, None]),
        ("Not arranged", [1, None, 1]),
        ("Held", [1, None, None]),
    ]
    assert bars[0]["x"] == ["2026-02", "2026-03", "2026-04"]
    assert bars[1]["customdata"][0] == "Feb 2026<br>Not arranged: 1 status meeting"
    assert chart.alt == "4 status meetings: overdue 1, not arranged 2, held 1. Most in Feb 2026 with 3."


def test_the_month_of_the_as_of_date_is_marked_where_it_is_drawn() -> None:
    shapes = charts.meetings_by_month(ROWS, AS_OF, LIGHT).figure.layout.shapes
    assert [(shape.x0, shape.layer) for shape in shapes] == [("2026-03", "above")] * 2
    assert charts.meetings_by_month(ROWS, date(2027, 1, 1), LIGHT).figure.layout.shapes == ()
