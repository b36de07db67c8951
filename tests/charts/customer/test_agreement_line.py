"""The time line of a customer's agreements."""

from datetime import date
from typing import Any

import pandas as pd

from ccinsight import charts
from ccinsight.charts import Palette

LIGHT = Palette.light()
AS_OF = date(2026, 3, 15)
DAY = 86_400_000


def _agreements(notice_on: str | None = None, ends_on: str | None = None) -> pd.DataFrame:
    row = {
        "agreement_id": "A-1",
        "product": "CloudCare CRM",
        "notice_on": pd.Timestamp(notice_on) if notice_on else pd.NaT,
        "ends_on": pd.Timestamp(ends_on) if ends_on else pd.NaT,
    }
    return pd.DataFrame([row])


def _periods(*starts: str) -> pd.DataFrame:
    first = pd.to_datetime(pd.Series(starts))
    return pd.DataFrame(
        {
            "agreement_id": "A-1",
            "period_start": first,
            "period_end": first + pd.DateOffset(years=1) - pd.Timedelta(days=1),
            "price_notice_deadline": first + pd.DateOffset(months=10, days=15),
            "termination_deadline": first + pd.DateOffset(months=11),
            "invoiced_users": pd.array([10] * len(starts), dtype="Int64"),
            "rate": 1200.0,
            "annual_value": 12000.0,
        }
    )


def _meetings(*rows: tuple[str | None, str | None]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["planned_on", "held_on"])
    frame["planned_on"], frame["held_on"] = (
        pd.to_datetime(frame["planned_on"]),
        pd.to_datetime(frame["held_on"]),
    )
    return frame.assign(kind="status_meeting", note=None)


def test_the_time_line_shows_periods_deadlines_notice_and_meetings(checked: Any) -> None:
    chart = charts.agreement_line(
        _agreements(notice_on="2026-02-01", ends_on="2026-04-30"),
        _periods("2020-05-01", "2024-05-01", "2025-05-01"),
        _meetings(("2025-06-01", "2025-06-02"), ("2026-04-01", None), (None, None), ("2019-01-01", None)),
        AS_OF,
        LIGHT,
    )
    periods, notice, deadline, received, held, planned = checked(chart)
    # The first period shown is cut at 15 months back; one long past isn't shown.
    assert periods["base"] == ["2024-12-15", "2025-05-01"]
    assert periods["x"] == [137 * DAY, 365 * DAY]
    assert periods["marker"]["color"] == [LIGHT.grid, LIGHT.accent_soft]
    assert (notice["name"], notice["x"]) == ("Price-notice deadline", ["2025-03-16", "2026-03-16"])
    assert (deadline["name"], deadline["x"]) == ("Termination deadline", ["2025-04-01", "2026-04-01"])
    assert (received["name"], received["x"], received["y"]) == ("Notice received", ["2026-02-01"], [0])
    assert (held["x"], held["y"], held["customdata"]) == (["2025-06-02"], [1], ["Status meeting 2 Jun 2025"])
    assert (planned["name"], planned["x"]) == ("Meeting planned", ["2026-04-01"])
    assert chart.figure.layout.yaxis.ticktext == ("A-1<br>CloudCare CRM", "Meetings")
    assert chart.figure.layout.barmode == "overlay"
    assert chart.alt == (
        "1 agreement; A-1: period 1 May 2025 to 30 Apr 2026, price notice by 16 Mar 2026, "
        "termination by 1 Apr 2026; A-1 ends on 30 Apr 2026."
    )


def test_without_meetings_there_is_no_lane_for_them() -> None:
    chart = charts.agreement_line(_agreements(), _periods("2025-05-01"), _meetings(), AS_OF, LIGHT)
    assert chart.figure.layout.yaxis.ticktext == ("A-1<br>CloudCare CRM",)
