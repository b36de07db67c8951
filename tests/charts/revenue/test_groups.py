"""From whom the revenue comes: whole traces for small reports."""

from typing import Any

import pandas as pd

from ccinsight import charts
from ccinsight.charts import Chart, Mark, Palette
from ccinsight.charts.sums import known_sums

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


def test_bands_keep_their_order_with_their_counts(checked: Any) -> None:
    rows = [("1–4", 2, 2, 5, 900.0, 180.0), ("5–9", 0, 0, 0, 0.0, None), ("unknown", 1, 1, None, None, None)]
    names = ["user_band", "agreements", "customers", "users", "revenue", "revenue_per_user"]
    chart = charts.revenue_by_band(pd.DataFrame(rows, columns=names), LIGHT)
    bars, texts = checked(chart)
    assert bars["x"] == [900, 0, None]
    assert texts["text"] == [f" 900{KR}", f" 0{KR}", " unknown"]
    assert chart.figure.layout.yaxis.ticktext == (
        "1–4 users<br>2 agreements",
        "5–9 users<br>0 agreements",
        "Users unknown<br>1 agreement",
    )
    assert bars["customdata"][0] == f"<b>1–4 users</b><br>900{KR}, 2 agreements<br>180.00{KR} per user"
    assert chart.alt == f"900{KR} in all; most from 1–4 users: 900{KR} over 2 agreements."


def _by_manager(*rows: dict[str, Any]) -> Chart:
    known = _agreements(*rows)
    in_force = known[known["state"] != "ended"].assign(
        arr=lambda rows: rows["annual_value"], agreements_in_force=1
    )
    sums = known_sums(in_force, "account_manager", ["arr", "agreements_in_force"]).reset_index()
    largest_first = sums.sort_values("arr", ascending=False, na_position="last", kind="stable")
    return charts.revenue_by(largest_first, "account_manager", LIGHT)


def test_revenue_by_manager_counts_agreements_in_force_and_names_the_unknown(checked: Any) -> None:
    chart = _by_manager(
        _agreement(),
        _agreement(users=30, account_manager=None, state="terminating"),
        _agreement(users=99, state="ended"),
        _agreement(rate=None),
    )
    bars, texts = checked(chart)
    assert bars["x"] == [12000, 36000]
    assert chart.figure.layout.yaxis.ticktext == ("Kari Nordmann", "unknown")
    assert texts["text"] == [f" 12,000{KR}", f" 36,000{KR}"]
    assert bars["customdata"][0] == f"Kari Nordmann: 12,000{KR}, 25%<br>2 agreements"
    assert chart.title == "Annual recurring revenue by account manager"
    assert chart.alt == f"unknown has most: 36,000{KR}, 75% of 48,000{KR}."


def test_a_group_without_a_known_value_has_no_bar_of_nothing(checked: Any) -> None:
    chart = _by_manager(_agreement(), _agreement(rate=None, account_manager="Ola"), _agreement(users=0))
    bars, texts = checked(chart)
    assert (bars["x"], texts["text"]) == ([None, 12000], [" unknown", f" 12,000{KR}"])
    assert bars["customdata"][0] == "Ola: unknown<br>1 agreement"
    assert checked(_by_manager(_agreement(rate=None))) == []


def test_the_smallest_groups_are_put_together(checked: Any) -> None:
    rows = [_agreement(users=number, account_manager=f"Manager {number}") for number in range(1, 16)]
    chart = _by_manager(*rows, _agreement(rate=None, account_manager="Manager 0"))
    bars = checked(chart)[0]
    assert len(bars["x"]) == 12
    assert bars["customdata"][0].startswith("5 others: 12,000")
    rest = tuple(f"Manager {number}" for number in (4, 3, 2, 1, 0))
    assert chart.marks[0][0] == Mark("5 others", (("account_manager", rest),))


def test_others_without_a_known_value_are_unknown_together(checked: Any) -> None:
    rows = [_agreement(account_manager=f"Manager {number}") for number in range(11)]
    unknown = [_agreement(rate=None, account_manager=f"Unknown {number}") for number in range(2)]
    assert checked(_by_manager(*rows, *unknown))[0]["customdata"][0] == "2 others: unknown<br>2 agreements"
