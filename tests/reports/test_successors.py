"""R13: an agreement that another one follows counts as renewed, and its customer isn't lost."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from ccinsight.access import SEES_ALL
from ccinsight.database.scope import Scope
from ccinsight.database.warehouse import Warehouse
from tests.reports.companies import Row, agreement, company

CONTRACT: Row = {"price_basis": "contract", "price_per_user": Decimal("1000"), "registered_users": 3}
LAST_DAY = date(2026, 3, 31)
NOTICE = date(2026, 2, 1)
AS_OF = date(2026, 5, 15)


def _followed(begins: date, **columns: Any) -> Warehouse:
    return company(
        agreements=[
            agreement("A-1", subscribed_on=date(2025, 4, 1), terminated_on=NOTICE, **CONTRACT),
            agreement("A-2", **{**CONTRACT, "subscribed_on": begins, **columns}),
        ]
    )


def _outcome(house: Warehouse, as_of: date) -> tuple[Any, ...]:
    (rate,) = (
        r for r in house.report("renewal_rates", Scope(as_of, SEES_ALL), months=2).to_pylist() if r["due"]
    )
    outcomes = house.report("renewal_outcomes", Scope(as_of, SEES_ALL)).to_pylist()
    (left,) = (r["has_left"] for r in outcomes if r["agreement_id"] == "A-1" and r["period_end"] == LAST_DAY)
    return rate["renewed"], rate["value_due"], rate["value_renewed"], left


@pytest.mark.parametrize("days", [-31, -1, 0, 1, 31])
def test_a_successor_within_31_days_renews_with_the_whole_value_due(days: int) -> None:
    house = _followed(LAST_DAY + timedelta(days=1 + days), registered_users=1)
    assert _outcome(house, AS_OF) == (1, Decimal("3000.00"), Decimal("3000.00"), False)


@pytest.mark.parametrize(
    "columns",
    [
        {"subscribed_on": LAST_DAY + timedelta(days=1 + 32)},
        {"subscribed_on": LAST_DAY + timedelta(days=1 - 32)},
        {"product": "Annet"},
        {"customer_id": "2"},
    ],
)
def test_another_agreement_is_no_successor(columns: dict[str, Any]) -> None:
    house = _followed(**{"begins": LAST_DAY + timedelta(days=1), **columns})
    assert _outcome(house, AS_OF) == (0, Decimal("3000.00"), Decimal("0.00"), True)


def test_an_agreement_that_began_earlier_is_no_successor() -> None:
    # Short first periods: both begin within 31 days of the other's end, and only the later one follows.
    first = agreement(
        "A-1",
        subscribed_on=date(2026, 3, 10),
        first_renewal_on=date(2026, 4, 1),
        terminated_on=date(2026, 3, 10),
        **CONTRACT,
    )
    house = company(
        settings='[products."CloudCare CRM"]\nnotice_months = 0\n',
        agreements=[
            first,
            {
                **first,
                "agreement_id": "A-2",
                "subscribed_on": date(2026, 3, 20),
                "terminated_on": date(2026, 3, 20),
            },
        ],
    )
    outcomes = house.report("renewal_outcomes", Scope(AS_OF, SEES_ALL)).to_pylist()
    assert {row["agreement_id"]: row["has_left"] for row in outcomes} == {"A-1": False, "A-2": True}


def test_a_customer_with_a_successor_to_come_is_not_lost() -> None:
    house = _followed(LAST_DAY + timedelta(days=15))
    for day in (NOTICE, LAST_DAY):
        (row,) = house.report("renewal_risk", Scope(day, SEES_ALL)).to_pylist()
        assert (row["notices_known"], row["renewal_on"]) == (0, LAST_DAY + timedelta(days=1))
    (row,) = house.report("renewal_risk", Scope(AS_OF, SEES_ALL)).to_pylist()
    assert row["notices_known"] == 0
    without = _followed(LAST_DAY + timedelta(days=50))
    assert without.report("renewal_risk", Scope(NOTICE, SEES_ALL)).to_pylist() == []
    (row,) = without.report("renewal_risk", Scope(date(2026, 6, 1), SEES_ALL)).to_pylist()
    assert row["notices_known"] == 1


def test_a_notice_that_is_not_known_yet_has_no_successor() -> None:
    house = _followed(LAST_DAY + timedelta(days=1))
    (row,) = house.report("renewal_risk", Scope(NOTICE - timedelta(days=1), SEES_ALL)).to_pylist()
    assert row["days_to_termination"] is not None


def test_movements_stay_as_they_are() -> None:
    house = _followed(LAST_DAY + timedelta(days=15))
    months = house.report("revenue_movements", Scope(AS_OF, SEES_ALL), months=3).to_pylist()
    assert [(row["churn"], row["reactivation"]) for row in months] == [
        (Decimal("0.00"), Decimal("0.00")),
        (Decimal("0.00"), Decimal("0.00")),
        (Decimal("0.00"), Decimal("0.00")),
    ]
    assert [(row["expansion"], row["contraction"]) for row in months][1] == (
        Decimal("3000.00"),
        Decimal("-3000.00"),
    )
