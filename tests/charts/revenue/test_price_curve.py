"""Price per user against number of users."""

import random
from typing import Any

import pandas as pd

from ccinsight import charts
from ccinsight.charts import Mark, Palette

LIGHT = Palette.light()
KR = "\N{NO-BREAK SPACE}kr"


def _agreement(
    users: int | None = 10,
    rate: float | None = 1200.0,
    account_manager: str | None = "Kari Nordmann",
    state: str = "active",
    price_basis: str = "price_list",
    agreement_id: str = "A1",
) -> dict[str, Any]:
    return {
        "agreement_id": agreement_id,
        "customer_name": f"Nord {agreement_id} AS",
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


def _ids(mark: Mark) -> list[str]:
    wanted = dict(mark.rows)["agreement_id"]
    return [str(key) for key in wanted] if isinstance(wanted, tuple) else []


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


def test_agreements_at_one_place_share_a_point_that_names_them(checked: Any) -> None:
    rows = _agreements(
        _agreement(agreement_id="A1"),
        _agreement(agreement_id="A2"),
        _agreement(agreement_id="A3", price_basis="contract"),
        _agreement(agreement_id="A4", users=40, rate=900),
    )

    chart = charts.price_curve(rows, pd.DataFrame(), LIGHT)
    listed, both = checked(chart)

    assert (listed["x"], listed["y"]) == ([40], [900])
    assert (both["x"], both["y"], both["name"]) == ([10], [1200], "Price list and contract")
    assert both["marker"]["size"][0] > listed["marker"]["size"][0]
    assert both["customdata"] == [
        "<b>3 agreements</b><br>" + "<br>".join(f"Nord A{n} AS: 10 users × 1,200.00{KR}" for n in (1, 2, 3))
    ]
    assert [mark.rows for mark in chart.marks[1] if mark] == [(("agreement_id", ("A1", "A2", "A3")),)]
    assert [mark.name for mark in chart.marks[1] if mark] == ["Nord A1 AS and 2 more"]


def test_every_agreement_is_in_one_point_and_no_two_points_are_at_one_place() -> None:
    chosen = random.Random(7)
    rows = [
        _agreement(
            users=chosen.choice((1, 2, 5, 6, 24, 25, 400)),
            rate=chosen.choice((900.0, 901.0, 1200.0, 1450.5)),
            price_basis=chosen.choice(("price_list", "contract")),
            agreement_id=f"A{number}",
        )
        for number in range(200)
    ]

    chart = charts.price_curve(_agreements(*rows), pd.DataFrame(), LIGHT)
    again = charts.price_curve(_agreements(*reversed(rows)), pd.DataFrame(), LIGHT)

    places = [place for trace in chart.figure.data for place in zip(trace.x, trace.y, strict=True)]
    marks = [mark for of_trace in chart.marks.values() for mark in of_trace if mark]
    ids = [key for mark in marks for key in _ids(mark)]
    assert len(set(places)) == len(places) < 200
    assert sorted(ids) == sorted(row["agreement_id"] for row in rows)
    assert chart.figure.to_json() == again.figure.to_json(), "the order of the rows doesn't matter"
