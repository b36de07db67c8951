"""A customer's users over time."""

from datetime import date
from typing import Any

import pandas as pd

from ccinsight import charts
from ccinsight.charts import Palette

LIGHT = Palette.light()
AS_OF = date(2026, 3, 15)


def _history(*rows: tuple[str, int, int | None, int | None]) -> pd.DataFrame:
    names = ["counted_on", "registered_users", "active_users", "available_licences"]
    frame = pd.DataFrame(rows, columns=names)
    frame["counted_on"] = pd.to_datetime(frame["counted_on"])
    return frame.astype(dict.fromkeys(names[1:], "Int64"))


def test_counts_hold_until_the_next_and_up_to_the_as_of_date(checked: Any) -> None:
    chart = charts.user_history(
        _history(("2026-01-01", 12, 8, None), ("2025-10-01", 10, None, None)), AS_OF, LIGHT
    )
    registered, active = checked(chart)
    assert (registered["name"], registered["x"]) == (
        "Registered users",
        ["2025-10-01", "2026-01-01", "2026-03-15"],
    )
    assert registered["y"] == [10, 12, 12]
    assert registered["line"]["shape"] == "hv"
    assert (active["name"], active["y"]) == ("Active users", [None, 8, 8])
    assert chart.alt == (
        "12 registered and 8 active users, unknown licences at the last count on 1 Jan 2026."
    )
