"""A planned price (R6, R14): which agreements it concerns, what it adds, and from which day it can be planned."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from ccinsight.access import SEES_ALL
from ccinsight.database.scope import Scope
from ccinsight.database.warehouse import Warehouse
from tests.reports.companies import agreement, company, price

# Periods from 1 April; the notice of the one from 1 April 2026 is due on 14 February 2026.
AS_OF = date(2026, 1, 10)
FIRST = price(date(2025, 1, 1), "1000", announced_on=date(2024, 11, 1))
ANNOUNCED = price(date(2026, 1, 1), "1100", announced_on=date(2025, 11, 1))
PLANNED = price(date(2027, 1, 1), "1300", announced_on=date(2026, 11, 1))
PRODUCT = "CloudCare CRM"


def _rows(house: Warehouse, report: str, **options: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = house.report(report, Scope(AS_OF, SEES_ALL), **options).to_pylist()
    return found


def _letters(house: Warehouse, valid_on: date, rate: str) -> list[dict[str, Any]]:
    steps = [{"complexity": "standard", "min_users": 1, "price_per_user": Decimal(rate)}]
    return _rows(house, "price_letters", product_name=PRODUCT, valid_on=valid_on, steps=steps)


def test_an_agreement_that_has_yet_to_begin_has_no_renewal_and_no_letter() -> None:
    house = company(
        agreements=[
            agreement(registered_users=5),
            # one begins the day after, one on the day
            agreement("A-2", "2", registered_users=5, subscribed_on=date(2026, 1, 11)),
            agreement("A-3", "3", registered_users=5, subscribed_on=AS_OF),
        ],
        prices=[FIRST],
    )
    valid_on = date(2026, 3, 1)
    plan = _rows(house, "price_plan", product_name=PRODUCT, valid_on=valid_on, percent=Decimal(5))

    assert [(row["agreement_id"], row["first_renewal_on"]) for row in plan] == [
        ("A-1", date(2026, 4, 1)),
        ("A-3", date(2027, 1, 10)),
    ]
    assert {row["agreement_id"] for row in _letters(house, valid_on, "1050")} == {"A-1", "A-3"}
    assert {row["agreement_id"] for row in _rows(house, "renewals", months=24)} == {"A-1", "A-3"}


def test_a_letter_tells_the_price_before_from_the_one_announced_for_the_same_day() -> None:
    house = company(agreements=[agreement(registered_users=10)], prices=[FIRST, ANNOUNCED])
    (first,) = _letters(house, date(2026, 3, 1), "1155")
    names = (
        "period_start",
        "period_end",
        "renewal_on",
        "rate",
        "known_rate",
        "new_rate",
        "change",
        "effect",
        "is_announced",
    )

    # 1 000 is paid, 1 100 is announced, 1 155 is 5 % more: 10 × 155 from before, 10 × 55 of the letter
    assert [first[name] for name in names] == [
        date(2025, 4, 1),
        date(2026, 3, 31),
        date(2026, 4, 1),
        1000,
        1100,
        1155,
        1550,
        550,
        True,
    ]
    (plan,) = _rows(house, "price_plan", product_name=PRODUCT, valid_on=date(2026, 3, 1), percent=Decimal(5))
    assert (plan["new_rate"], plan["change"]) == (first["new_rate"], first["effect"])

    # a year later the price before is that of a period to come, and nothing else is announced
    (later,) = _letters(house, date(2026, 5, 1), "1155")
    assert [later[name] for name in names] == [
        date(2026, 4, 1),
        date(2027, 3, 31),
        date(2027, 4, 1),
        1100,
        1100,
        1155,
        550,
        550,
        False,
    ]


@pytest.mark.parametrize(
    ("prices", "expected"),
    [
        # 10 January + 14 days + a month, and the day after: 25 February
        ([], (None, None, None, None, date(2026, 2, 25))),
        ([FIRST], (FIRST["valid_from"], FIRST["announced_on"], None, None, date(2026, 2, 25))),
        (
            [FIRST, price(date(2026, 4, 1), "1100", announced_on=AS_OF), PLANNED],
            (date(2026, 4, 1), AS_OF, date(2027, 1, 1), date(2026, 11, 1), date(2026, 4, 2)),
        ),
        # a direct agreement is no list
        (
            [FIRST, ANNOUNCED | {"agreement_id": "A-1", "valid_from": date(2026, 6, 1)}],
            (FIRST["valid_from"], FIRST["announced_on"], None, None, date(2026, 2, 25)),
        ),
    ],
)
def test_the_next_price_of_a_product(prices: list[dict[str, Any]], expected: tuple[Any, ...]) -> None:
    house = company(agreements=[agreement()], prices=prices)

    (row,) = _rows(house, "next_prices")

    assert tuple(row.values()) == (PRODUCT, *expected)


def test_a_product_with_longer_notice_is_free_later() -> None:
    house = company(
        '[products."Marketing"]\nnotice_months = 2\nprice_notice_days = 45',
        agreements=[agreement(), agreement("M-1", product="Marketing")],
    )

    assert [(row["product"], row["free_from"]) for row in _rows(house, "next_prices")] == [
        (PRODUCT, date(2026, 2, 25)),
        # 24 February and two months, and the day after
        ("Marketing", date(2026, 4, 25)),
    ]
