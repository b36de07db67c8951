"""The management's review: spans of movements, committed revenue, lost agreements, renewals against the forecast."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from ccinsight.access import SEES_ALL
from ccinsight.database.scope import Scope
from ccinsight.database.warehouse import Warehouse
from tests.reports.companies import agreement, company, count, price

MOVES = ("new", "reactivation", "expansion", "contraction", "price_change", "churn", "unknown")


def _rows(house: Warehouse, report: str, as_of: date, **options: Any) -> list[dict[str, Any]]:
    return list(house.report(report, Scope(as_of, SEES_ALL), **options).to_pylist())


def _sums(rows: list[dict[str, Any]]) -> dict[str, Decimal]:
    return {name: sum((row[name] for row in rows), Decimal(0)) for name in MOVES}


@pytest.fixture(scope="module")
def house() -> Warehouse:
    """Five customers of 1 200 kr a user; the price rises to 1 300 kr for periods that start from 1 January 2026.

    1 grows from 10 to 12 users on 10 February 2026. 2 has given notice to the end of April 2026. 3 left with the end
    of January 2026. 4 begins in March 2026. 5's agreement ends with February 2026 and another one follows it.
    """
    notice = {"terminated_by": "customer"}
    return company(
        agreements=[
            agreement("A-1", "1", subscribed_on=date(2024, 1, 1)),
            agreement("A-2", "2", subscribed_on=date(2024, 5, 1), terminated_on=date(2026, 1, 20), **notice),
            agreement("A-3", "3", subscribed_on=date(2024, 2, 1), terminated_on=date(2025, 12, 1), **notice),
            agreement("A-4", "4", subscribed_on=date(2026, 3, 5)),
            agreement("A-5", "5", subscribed_on=date(2024, 3, 1), terminated_on=date(2025, 12, 1), **notice),
            agreement("A-6", "5", subscribed_on=date(2026, 3, 1)),
        ],
        user_counts=[
            *(count(date(2023, 12, 1), 10, customer) for customer in "12345"),
            count(date(2026, 2, 10), 12, "1"),
        ],
        prices=[
            price(date(2020, 1, 1), "1200"),
            price(date(2026, 1, 1), "1300", announced_on=date(2025, 11, 1)),
        ],
    )


def test_the_movements_of_a_span_of_whole_months_are_those_of_its_months(house: Warehouse) -> None:
    end = date(2026, 3, 31)
    months = _rows(house, "revenue_movements", end, months=3)
    assert _rows(house, "revenue_movements", end, since=date(2026, 1, 1)) == months
    assert [row["month"] for row in months] == [date(2026, month, 1) for month in (1, 2, 3)]
    sums = _sums(months)
    assert (sums["new"], sums["churn"]) == (Decimal("13000.00"), Decimal("-12000.00"))
    assert (sums["price_change"], sums["unknown"]) == (Decimal("1000.00"), Decimal(0))
    customers = _rows(house, "movement_customers", end, since=date(2026, 1, 1))
    assert customers == _rows(house, "movement_customers", end, months=3)


def test_a_span_may_begin_and_end_within_months(house: Warehouse) -> None:
    end = date(2026, 3, 10)
    rows = _rows(house, "revenue_movements", end, since=date(2026, 1, 20))
    assert [row["month"] for row in rows] == [date(2026, month, 1) for month in (1, 2, 3)]
    before = _rows(house, "revenue_movements", date(2026, 1, 19), months=1)[-1]
    assert rows[0]["start"] == before["end"]
    for row in rows:
        assert row["start"] + sum(row[name] for name in MOVES) == row["end"]
    customers = _rows(house, "movement_customers", end, since=date(2026, 1, 20))
    assert sum(row["amount"] for row in customers) == rows[-1]["end"] - rows[0]["start"]


def test_a_span_of_a_day(house: Warehouse) -> None:
    (row,) = _rows(house, "revenue_movements", date(2026, 3, 5), since=date(2026, 3, 5))
    assert (row["new"], row["end"] - row["start"]) == (Decimal("13000.00"), Decimal("13000.00"))


def test_the_lost_agreements_add_up_to_the_churn(house: Warehouse) -> None:
    end, since = date(2026, 3, 31), date(2026, 1, 1)
    (lost,) = _rows(house, "lost_agreements", end, since=since)
    assert (lost["agreement_id"], lost["customer_id"], lost["month"]) == ("A-3", "3", date(2026, 2, 1))
    assert (lost["ends_on"], lost["notice_on"], lost["terminated_by"]) == (
        date(2026, 1, 31),
        date(2025, 12, 1),
        "customer",
    )
    churn = _sums(_rows(house, "revenue_movements", end, since=since))["churn"]
    assert lost["amount"] == churn == Decimal("-12000.00")


def test_committed_revenue_is_without_what_known_terminations_take_away(house: Warehouse) -> None:
    (before,) = _rows(house, "committed_revenue", date(2026, 1, 19))
    (after,) = _rows(house, "committed_revenue", date(2026, 1, 20))
    # 1 at the new price; 2, 3 and 5 at the old one; another agreement follows that of 5
    assert before["arr"] == after["arr"] == Decimal("49000.00")
    assert before["mrr"] == Decimal("4083.33")
    assert (before["ending_value"], before["committed_arr"]) == (Decimal("12000.00"), Decimal("37000.00"))
    assert (after["agreements_ending"], after["committed_arr"]) == (2, Decimal("25000.00"))


def test_committed_revenue_where_all_or_nothing_is_known() -> None:
    unknown = company(agreements=[agreement()])
    (row,) = _rows(unknown, "committed_revenue", date(2025, 5, 1))
    assert (row["agreements"], row["arr"], row["committed_arr"], row["value_unknown"]) == (1, None, None, 1)
    assert row["mrr"] is None
    (row,) = _rows(unknown, "committed_revenue", date(2025, 3, 1))
    assert (row["agreements"], row["arr"], row["mrr"], row["committed_arr"]) == (0, 0, 0, 0)


def test_renewals_against_the_forecast(house: Warehouse) -> None:
    rows = _rows(house, "renewals_compared", date(2026, 3, 31), since=date(2026, 1, 1))
    assert [(row["agreement_id"], row["renewal_status"], row["went_on"]) for row in rows] == [
        ("A-1", "will_renew", True),
        ("A-3", "ending", False),
        ("A-5", "ending", True),
    ]
    assert [row["forecast_value"] for row in rows] == [Decimal("13000.00"), 0, 0]
    assert [row["renewed_value"] for row in rows] == [Decimal("13000.00"), 0, Decimal("12000.00")]


def test_an_open_renewal_is_forecast_with_its_weight(house: Warehouse) -> None:
    # of the seven periods that ended by 1 April 2026 all but the last one of customer 3 went on
    rows = _rows(house, "renewals_compared", date(2027, 3, 31), since=date(2026, 4, 2))
    forecast = {row["agreement_id"]: (row["renewal_status"], row["forecast_value"]) for row in rows}
    assert forecast == {
        "A-1": ("open", Decimal("13371.43")),  # 12 × 1 300 × 6 / 7
        "A-2": ("ending", 0),
        "A-4": ("open", Decimal("11142.86")),  # 10 × 1 300 × 6 / 7
        "A-6": ("open", Decimal("11142.86")),
    }
    months = _rows(house, "renewal_forecast", date(2026, 4, 1), months=12)
    assert sum(row["open_weighted"] or 0 for row in months) == Decimal("35657.14")


def test_customers_of_unknown_revenue_come_and_leave() -> None:
    """The price of Basic is unknown: 1 leaves and 2 comes with it alone, 3 leaves with one of each, 4 comes back."""
    left = {
        "terminated_on": date(2025, 12, 1),
        "terminated_by": "customer",
        "subscribed_on": date(2024, 2, 1),
    }
    basic = {"product": "Basic"}
    house = company(
        agreements=[
            agreement("A-1", "1", **left, **basic),
            agreement("A-2", "2", subscribed_on=date(2026, 2, 5), **basic),
            agreement("A-3", "3", **left),
            agreement("B-3", "3", **left, **basic),
            agreement("A-4", "4", **(left | {"terminated_on": date(2024, 12, 1)}), **basic),
            agreement("B-4", "4", subscribed_on=date(2026, 2, 5), **basic),
        ],
        user_counts=[count(date(2023, 12, 1), 10, customer) for customer in "1234"],
        prices=[price(date(2020, 1, 1), "1200")],
    )
    end, since = date(2026, 3, 31), date(2026, 1, 1)
    moved = {
        (row["movement"], row["customer_id"]): row["amount"]
        for row in _rows(house, "movement_customers", end, since=since)
    }
    assert moved == {
        ("churn", "3"): Decimal("-12000.00"),
        ("churn", "1"): None,
        ("new", "2"): None,
        ("reactivation", "4"): None,
    }
    lost = _rows(house, "lost_agreements", end, since=since)
    assert [(row["agreement_id"], row["amount"]) for row in lost] == [
        ("A-3", Decimal("-12000.00")),
        ("A-1", None),
        ("B-3", None),
    ]
    churn = _sums(_rows(house, "revenue_movements", end, since=since))["churn"]
    assert sum(row["amount"] or 0 for row in lost) == churn == moved["churn", "3"]
