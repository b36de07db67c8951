"""Price per user against number of users."""

from typing import Any

import pandas as pd

from ccinsight import charts
from ccinsight.charts import Palette

LIGHT = Palette.light()
KR = "\N{NO-BREAK SPACE}kr"


def _agreement(
    users: int | None = 10,
    rate: float | None = 1200.0,
    account_manager: str | None = "Kari Nordmann",
    state: str = "active",
    price_basis: str = "price_list",
) -> dict[str, Any]:
    return {
        "customer_name": "Nord AS",
        "account_manager": account_manager,
        "product": "CloudCare CRM",
        "state": state,
        "invoiced_users": users,
        "rate": rate,
        "annual_value": None if users is None or rate is None else users * rate,
        "complexity": "standard",
        "price_basis": price_basis,
    }


def _agreements(*rows: dict[str, Any]) -> pd.DataFrame:
    types = {"invoiced_users": "Int64", "rate": "float64", "annual_value": "float64"}
    return pd.DataFrame(rows).astype(types)


def test_the_price_curve_draws_points_over_the_lists_steps(checked: Any) -> None:
    steps = pd.DataFrame(
        {
            "product": ["CloudCare CRM"] * 3,
            "complexity": ["standard", "standard", "erp"],
            "min_users": [1, 25, 1],
            "price_per_user": [1300.0, 1100.0, 1500.0],
        }
    )
    rows = _agreements(
        _agreement(), _agreement(users=40, rate=900, price_basis="contract"), _agreement(users=None)
    )
    chart = charts.price_curve(rows, steps, LIGHT)
    erp, standard, listed, contract = checked(chart)
    assert (erp["name"], erp["x"], erp["y"]) == ("List: erp", [1, 50], [1500, 1500])
    assert (standard["x"], standard["y"]) == ([1, 25, 50], [1300, 1100, 1100])
    assert standard["line"]["shape"] == "hv"
    assert (listed["x"], listed["y"], listed["marker"]["symbol"]) == ([10], [1200], "circle")
    assert (contract["x"], contract["y"], contract["marker"]["symbol"]) == ([40], [900], "diamond-open")
    assert chart.figure.layout.xaxis.type == "log"
    assert chart.alt == f"2 agreements between 900{KR} and 1,200{KR} per user; the median is 1,050{KR}."
