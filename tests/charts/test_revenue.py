"""Charts of revenue: whole traces for small reports."""

from typing import Any

import pandas as pd

from ccinsight import charts
from ccinsight.charts import Palette

LIGHT = Palette.light()
KR = "\N{NO-BREAK SPACE}kr"
_MOVES = ["new", "reactivation", "expansion", "contraction", "price_change", "churn", "unknown"]


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


def _movements(*rows: tuple[str, float, dict[str, float]]) -> pd.DataFrame:
    full = [
        {"month": pd.Timestamp(month), "start": start, **dict.fromkeys(_MOVES, 0.0), **moves}
        for month, start, moves in rows
    ]
    frame = pd.DataFrame(full)
    frame["end"] = frame["start"] + frame[_MOVES].sum(axis=1)
    return frame


MOVEMENTS = _movements(
    ("2026-02-01", 1000, {"new": 300, "contraction": -50}),
    ("2026-03-01", 1250, {"churn": -100, "price_change": 20, "expansion": 30}),
)


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


def test_revenue_by_manager_counts_agreements_in_force_and_names_the_unknown(checked: Any) -> None:
    chart = charts.revenue_by(
        _agreements(
            _agreement(),
            _agreement(users=30, account_manager=None, state="terminating"),
            _agreement(users=99, state="ended"),
            _agreement(rate=None),
        ),
        "account_manager",
        LIGHT,
    )
    bars, texts = checked(chart)
    assert bars["x"] == [12000, 36000]
    assert chart.figure.layout.yaxis.ticktext == ("Kari Nordmann", "unknown")
    assert texts["text"] == [f" 12,000{KR}", f" 36,000{KR}"]
    assert bars["customdata"][0] == f"Kari Nordmann: 12,000{KR}, 25%<br>2 agreements"
    assert chart.title == "Annual recurring revenue by account manager"


def test_the_smallest_groups_are_put_together(checked: Any) -> None:
    rows = [_agreement(users=number, account_manager=f"Manager {number}") for number in range(1, 16)]
    bars = checked(charts.revenue_by(_agreements(*rows), "account_manager", LIGHT))[0]
    assert len(bars["x"]) == 12
    assert bars["customdata"][0].startswith("4 others: 12,000")


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


def test_the_waterfall_leads_from_start_to_end(checked: Any) -> None:
    chart = charts.revenue_waterfall(MOVEMENTS, LIGHT)
    bars, _carried, texts = checked(chart)
    labels = chart.figure.layout.yaxis.ticktext
    assert labels == ("Start", "New", "More users", "Fewer users", "Price change", "Lost customers", "End")
    assert bars["base"] == [0, 1000, 1300, 1280, 1280, 1200, 0]
    assert bars["x"] == [1000, 300, 30, 50, 20, 100, 1200]
    assert texts["text"] == [
        f" 1,000{KR}",
        f" +300{KR}",
        f" +30{KR}",
        f" −50{KR}",
        f" +20{KR}",
        f" −100{KR}",
        f" 1,200{KR}",
    ]
    assert bars["marker"]["pattern"]["shape"] == ["", "", "", "/", "", "/", ""]
    assert chart.alt.startswith(
        f"From 1,000{KR} to 1,200{KR}, Feb 2026 to Mar 2026: new +300{KR}, more users +30{KR}"
    )


def test_seats_and_price_are_separate_drivers(checked: Any) -> None:
    chart = charts.drivers_by_month(MOVEMENTS, LIGHT)
    users, price = checked(chart)
    assert (users["name"], users["y"]) == ("Users", [-50, 30])
    assert (price["name"], price["y"]) == ("Price", [None, 20])
    assert chart.alt == f"Over 2 months: −20{KR} from users and +20{KR} from price."


def test_revenue_by_month_is_a_line_from_zero(checked: Any) -> None:
    chart = charts.revenue_by_month(MOVEMENTS, LIGHT)
    [line] = checked(chart)
    assert line["y"] == [1250, 1200]
    assert chart.figure.layout.yaxis.range[0] == 0
    assert chart.alt == f"1,200{KR} at the end, +200{KR} since the start."


def test_retention_is_two_lines_told_apart_without_colour(checked: Any) -> None:
    rows = [(pd.Timestamp("2025-03-15"), 1.02, 0.98), (pd.Timestamp("2026-03-15"), 0.961, 0.925)]
    chart = charts.retention_trend(pd.DataFrame(rows, columns=["as_of", "nrr", "grr"]), LIGHT)
    nrr, grr = checked(chart)
    assert (nrr["y"], nrr["line"]["dash"]) == ([1.02, 0.961], "solid")
    assert (grr["y"], grr["line"]["dash"]) == ([0.98, 0.925], "dash")
    assert chart.alt == "On 15 Mar 2026 net retention is 96.1% and gross retention 92.5%."
