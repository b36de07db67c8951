"""Charts of use: whole traces for small reports."""

from typing import Any

import pandas as pd

from ccinsight import charts
from ccinsight.charts import Palette
from ccinsight.registry import REPORTS

LIGHT = Palette.light()


def _months(*rows: tuple[str, int, int, int, float | None]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["month", "tickets", "training", "consulting", "minutes"])
    frame["month"] = pd.to_datetime(frame["month"])
    return frame.astype(
        {"tickets": "Int64", "training": "Int64", "consulting": "Int64", "minutes": "float64"}
    )


def _customer(
    customer_id: str,
    tickets_per_user: float | None,
    user_band: str = "10–24",
    tickets: int = 3,
    licence_use: float | None = 0.5,
) -> dict[str, Any]:
    return {
        "customer_id": customer_id,
        "customer_name": f"Kunde {customer_id} AS",
        "user_band": user_band,
        "tickets_per_user": tickets_per_user,
        "tickets": tickets,
        "licence_use": licence_use,
    }


def _customers(*rows: dict[str, Any]) -> pd.DataFrame:
    return pd.DataFrame(rows).astype(
        {"tickets_per_user": "float64", "tickets": "Int64", "licence_use": "float64"}
    )


def test_tickets_are_stacked_by_scope(checked: Any) -> None:
    chart = charts.tickets_by_month(
        _months(("2026-02-01", 5, 1, 2, 90), ("2026-03-01", 1, 0, 0, None)), LIGHT
    )
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
    }
    assert chart.figure.layout.barmode == "stack"
    assert chart.figure.layout.yaxis.range[0] == 0
    assert chart.alt == "6 tickets in 2 months, most in Feb 2026 with 5; 1 training and 2 consulting."


def test_hours_are_columns_and_unknown_is_a_gap(checked: Any) -> None:
    chart = charts.hours_by_month(_months(("2026-02-01", 5, 1, 2, 90), ("2026-03-01", 1, 0, 0, None)), LIGHT)
    [bars] = checked(chart)
    assert bars["y"] == [1.5, None]
    assert bars["customdata"] == ["Feb 2026: 1.5\N{NO-BREAK SPACE}h", "Mar 2026: unknown"]


def test_hours_without_any_time_say_so() -> None:
    chart = charts.hours_by_month(_months(("2026-02-01", 5, 1, 2, None)), LIGHT)
    assert (
        chart.alt == "Hours spent on tickets each month: No time is recorded on the tickets of these months."
    )


def test_channels_are_sorted_with_their_totals(checked: Any) -> None:
    rows = [("phone", 3, 2, 1, 0), ("email", 9, 6, 1, 2), ("chat", 0, 0, 0, 0)]
    frame = pd.DataFrame(rows, columns=["channel", "tickets", "support", "training", "consulting"])
    chart = charts.channel_mix(frame, LIGHT)
    *bars, totals = checked(chart)
    assert [bar["y"] for bar in bars] == [["Phone", "E-mail"]] * 3
    assert [bar["x"] for bar in bars] == [[2, 6], [1, 1], [None, 2]]
    assert totals["text"] == [" 3", " 9 tickets"]
    assert chart.alt == "12 tickets in all; E-mail leads with 75%."


def test_ranking_puts_the_highest_on_top(checked: Any) -> None:
    frame = _customers(
        _customer("1", 0.1, tickets=2), _customer("2", 0.1, tickets=7), _customer("3", 0.1, tickets=4)
    )
    chart = charts.ranking(frame, LIGHT, REPORTS["utilization"].column("tickets"), "Most tickets", count=2)
    bars, texts = checked(chart)
    # From the bottom up, as Plotly draws.
    assert bars["x"] == [4, 7]
    assert chart.figure.layout.yaxis.ticktext == ("Kunde 3 AS", "Kunde 2 AS")
    assert texts["text"] == [" 4", " 7 tickets"]
    assert chart.alt == "Highest is Kunde 2 AS with 7, number 2 Kunde 3 AS with 4."


def test_ranking_of_the_lowest_leaves_out_and_counts_the_unknown(checked: Any) -> None:
    frame = _customers(
        _customer("1", 1, licence_use=0.9),
        _customer("2", 1, licence_use=None),
        _customer("3", 1, licence_use=0),
    )
    chart = charts.ranking(frame, LIGHT, REPORTS["utilization"].column("licence_use"), "Lowest", lowest=True)
    assert checked(chart)[0]["x"] == [0.9, 0]
    assert chart.alt == "Lowest is Kunde 3 AS with 0%, number 2 Kunde 1 AS with 90%; 1 is unknown."


def test_ranking_shows_the_marked_row_wherever_it_stands(checked: Any) -> None:
    frame = _customers(
        _customer("1", 1, tickets=1), _customer("2", 1, tickets=7), _customer("3", 1, tickets=4)
    )
    column = REPORTS["utilization"].column("tickets")
    bars = checked(charts.ranking(frame, LIGHT, column, "Most", count=1, marked="Kunde 1 AS"))[0]
    assert bars["x"] == [1, 7]
    assert bars["marker"]["color"] == [LIGHT.accent, LIGHT.grey_soft]


def test_peers_are_the_customers_of_the_same_band(checked: Any) -> None:
    frame = _customers(
        _customer("1", 0.5),
        _customer("2", 0.2),
        _customer("3", 0.2),
        _customer("4", None),
        _customer("5", 9.0, user_band="100+"),
    )
    chart = charts.peers(frame, "1", LIGHT)
    others, own = checked(chart)
    assert others["x"] == [0.2, 0.2]
    assert others["y"][0] != others["y"][1]
    assert others["customdata"] == [["Kunde 2 AS", 0.2], ["Kunde 3 AS", 0.2]]
    assert own["x"] == [0.5]
    assert (
        chart.alt == "Tickets per user: 0.50 here against a median of 0.20 over 3 customers with 10–24 users."
    )


def test_peers_of_an_unknown_value_say_so() -> None:
    chart = charts.peers(_customers(_customer("1", None)), "1", LIGHT)
    assert chart.alt.endswith("Tickets per user is unknown for this customer.")
