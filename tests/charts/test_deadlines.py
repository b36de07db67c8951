"""The dates to come: whole traces for small reports."""

from datetime import date
from typing import Any

import pandas as pd

from ccinsight import charts
from ccinsight.charts import Palette

LIGHT = Palette.light()
AS_OF = date(2026, 3, 15)


def _deadlines(*rows: tuple[str, str | None, str, str], state: str = "planned") -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["due_on", "act_by", "kind", "customer_name"])
    frame["price_notice_state"] = [state if kind == "price_notice" else None for kind in frame["kind"]]
    frame["due_on"], frame["act_by"] = pd.to_datetime(frame["due_on"]), pd.to_datetime(frame["act_by"])
    return frame


def test_deadlines_lie_in_lanes_with_their_act_by_dates(checked: Any) -> None:
    rows = _deadlines(
        ("2026-04-05", "2026-03-31", "termination", "Nord AS"),
        ("2026-04-05", "2026-03-31", "termination", "Sør AS"),
        ("2026-03-20", "2026-03-20", "price_notice", "Vest AS"),
        ("2026-05-01", None, "renewal", "Øst AS"),
    )
    chart = charts.deadline_line(rows, AS_OF, LIGHT, days=60)
    renewal, line, termination, notice = checked(chart)
    # From the bottom up.
    assert chart.figure.layout.yaxis.ticktext == (
        "Renewal",
        "Termination<br>deadline",
        "Price-notice<br>deadline",
    )
    assert (renewal["x"], renewal["y"]) == (["2026-05-01"], [0])
    assert (termination["x"], termination["y"], termination["marker"]["size"]) == (
        ["2026-04-05"],
        [1],
        [13.0],
    )
    assert (notice["x"], notice["y"]) == (["2026-03-20"], [2])
    assert line["x"] == ["2026-03-31", "2026-03-31", "2026-03-31", "2026-04-05", None]
    assert termination["customdata"] == [
        "<b>Termination deadline 5 Apr 2026</b><br>2 agreements<br>last working day 31 Mar 2026<br>Nord AS<br>Sør AS"
    ]
    assert chart.alt == (
        "4 dates within 60 days: price-notice deadline 1, termination deadline 2, renewal 1. "
        "The first is price-notice deadline for Vest AS on 20 Mar 2026."
    )


def test_a_price_notice_that_nobody_has_to_send_lies_apart_and_hollow(checked: Any) -> None:
    planned = _deadlines(("2026-03-20", "2026-03-20", "price_notice", "Vest AS"))
    known = _deadlines(("2026-03-22", "2026-03-20", "price_notice", "Nord AS"), state="announced")
    none = _deadlines(("2026-03-24", "2026-03-24", "price_notice", "Sør AS"), state="none")
    chart = charts.deadline_line(pd.concat([planned, known, none]), AS_OF, LIGHT, days=60)
    apart, to_send = checked(chart)
    assert (to_send["x"], apart["x"]) == (["2026-03-20"], ["2026-03-22", "2026-03-24"])
    assert apart["name"] == "Price notice, nothing to send"
    assert apart["marker"]["color"] == LIGHT.surface != to_send["marker"]["color"]
    assert chart.alt.startswith(
        "3 dates within 60 days: price-notice deadline 1, price notice, nothing to send 2."
    )


def test_the_as_of_date_is_marked() -> None:
    layout = charts.deadline_line(_deadlines(("2026-05-01", None, "end", "A")), AS_OF, LIGHT).figure.layout
    assert layout.shapes[0].x0 == "2026-03-15"
    assert layout.annotations[0].text == "15 Mar 2026"


def test_many_deadlines_are_drawn_a_dot_a_week(checked: Any) -> None:
    days = pd.date_range("2026-03-16", periods=70, freq="D")
    rows = _deadlines(*((f"{day:%Y-%m-%d}", None, "renewal", f"Kunde {day:%j}") for day in days))
    [dots] = checked(charts.deadline_line(rows, AS_OF, LIGHT))
    assert dots["x"][:2] == ["2026-03-16", "2026-03-23"]
    assert len(dots["x"]) == 10
    assert dots["customdata"][0].startswith(
        "<b>Renewal 16 Mar 2026 – 22 Mar 2026</b><br>7 agreements<br>Kunde 075"
    )
    assert dots["customdata"][0].endswith("<br>and 1 more")


def test_what_is_for_information_is_counted_apart_in_the_title(checked: Any) -> None:
    rows = _deadlines(
        ("2026-03-20", "2026-03-20", "price_notice", "Vest AS"),
        ("2026-03-25", "2026-03-25", "price_notice", "Nord AS"),
        ("2026-04-05", "2026-03-31", "termination", "Nord AS"),
        ("2026-05-01", None, "renewal", "Øst AS"),
        ("2026-05-02", None, "end", "Sør AS"),
    )
    rows.loc[1, "price_notice_state"] = "none"

    chart = charts.deadline_line(rows, AS_OF, LIGHT, days=60)
    checked(chart)

    assert chart.title == (
        "Dates to come: 2 deadlines, 1 renewal, 1 agreement that ends, 1 price notice with nothing to send"
    )
