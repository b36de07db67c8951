"""The highest and the lowest: whole traces for small reports."""

from typing import Any

import pandas as pd

from ccinsight import charts
from ccinsight.charts import Palette
from ccinsight.registry import REPORTS

LIGHT = Palette.light()


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


def test_a_single_bar_is_not_as_wide_as_the_page() -> None:
    tickets = REPORTS["utilization"].column("tickets")
    one, two = (
        charts.ranking(
            _customers(*(_customer(str(each), 0.1) for each in range(count))), LIGHT, tickets, "Most"
        )
        for count in (1, 2)
    )
    assert one.widest is not None and one.widest < 800
    assert two.widest is None


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
