"""Charts of renewals and deadlines: whole traces for small reports."""

from datetime import date
from typing import Any

import pandas as pd

from ccinsight import charts
from ccinsight.charts import Palette

LIGHT = Palette.light()
AS_OF = date(2026, 3, 15)
KR = "\N{NO-BREAK SPACE}kr"


def _renewals(*rows: tuple[str, str, float | None, float | None]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["renewal_on", "renewal_status", "value_now", "value_next"])
    frame["renewal_on"] = pd.to_datetime(frame["renewal_on"])
    return frame.astype({"value_now": "float64", "value_next": "float64"})


def _deadlines(*rows: tuple[str, str | None, str, str], state: str = "planned") -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["due_on", "act_by", "kind", "customer_name"])
    frame["price_notice_state"] = [state if kind == "price_notice" else None for kind in frame["kind"]]
    frame["due_on"], frame["act_by"] = pd.to_datetime(frame["due_on"]), pd.to_datetime(frame["act_by"])
    return frame


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
