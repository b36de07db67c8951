"""A customer among those of the same size."""

import re
from typing import Any

import pandas as pd
import pytest

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
    assert others["customdata"] == ["Kunde 2 AS: 0.20", "Kunde 3 AS: 0.20"]
    assert own["x"] == [0.5]
    assert (
        chart.alt == "Tickets per user: 0.50 here against a median of 0.20 over 3 customers with 10–24 users."
    )


@pytest.mark.parametrize("count", [1, 40, 300])
def test_customers_of_one_value_are_spread_or_counted(count: int, checked: Any) -> None:
    """No two dots lie at one place, and every customer is in one of them."""
    frame = _customers(_customer("0", 0.2), *(_customer(str(each), 0.2) for each in range(1, count + 1)))
    others, own = checked(charts.peers(frame, "0", LIGHT))

    places = list(zip(others["x"], others["y"], strict=True))
    assert len(set(places) | {(own["x"][0], own["y"][0])}) == len(places) + 1
    assert len(places) <= 12
    counts = [re.match(r"<b>(\d+) customers</b>", text) for text in others["customdata"]]
    assert sum(int(found[1]) if found else 1 for found in counts) == count


def test_peers_of_an_unknown_value_say_so() -> None:
    chart = charts.peers(_customers(_customer("1", None)), "1", LIGHT)
    assert chart.alt.endswith("Tickets per user is unknown for this customer.")
