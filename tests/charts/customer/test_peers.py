"""A customer among those of the same size."""

from typing import Any

import pandas as pd

from ccinsight import charts
from ccinsight.charts import Palette

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
