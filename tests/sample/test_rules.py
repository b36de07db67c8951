"""The sample's own reading of the agreement, against the tables and the worked example of the rules."""

from __future__ import annotations

from datetime import date

import pytest

from ccinsight.sample.dates import add_months, started_months
from ccinsight.sample.prices import versions_of
from ccinsight.sample.rules import CRM, MARKETING, Agreement, Count, PriceRow, expected_invoices


def _agreement(subscribed_on: date, product: str = CRM, first_renewal_on: date | None = None) -> Agreement:
    return Agreement("A-1", product, subscribed_on, first_renewal_on=first_renewal_on, registered_users=20)


def _price(valid_from: date, announced_on: date | None, kroner: int, min_users: int = 1) -> PriceRow:
    return PriceRow(CRM, "", valid_from, announced_on, "standard", min_users, kroner * 100)


@pytest.mark.parametrize(
    ("start", "deadline", "price_deadline"),
    [
        (date(2018, 1, 5), date(2018, 12, 4), date(2018, 11, 20)),
        (date(2025, 3, 1), date(2026, 1, 31), date(2026, 1, 17)),
        (date(2025, 5, 1), date(2026, 3, 31), date(2026, 3, 17)),
        (date(2025, 3, 31), date(2026, 2, 28), date(2026, 2, 14)),
        (date(2025, 4, 1), date(2026, 2, 28), date(2026, 2, 14)),
        (date(2025, 1, 1), date(2025, 11, 30), date(2025, 11, 16)),
    ],
)
def test_deadlines(start: date, deadline: date, price_deadline: date) -> None:
    agreement = _agreement(start)
    assert (agreement.deadline(0), agreement.price_deadline(0)) == (deadline, price_deadline)


def test_a_product_with_longer_notice() -> None:
    agreement = _agreement(date(2025, 1, 1), MARKETING)
    assert agreement.deadline(0) == date(2025, 9, 30)
    assert agreement.price_deadline(0) == date(2025, 8, 31)


def test_a_start_on_29_february_comes_back_in_leap_years() -> None:
    agreement = _agreement(date(2024, 2, 29))
    assert [agreement.start(period) for period in (1, 4)] == [date(2025, 2, 28), date(2028, 2, 29)]
    assert agreement.period_of(date(2025, 2, 28)) == 1
    assert agreement.period_of(date(2025, 2, 27)) == 0


def test_a_short_first_period() -> None:
    agreement = _agreement(date(2024, 8, 15), first_renewal_on=date(2025, 1, 1))
    assert [agreement.start(period) for period in (0, 1, 2)] == [
        date(2024, 8, 15),
        date(2025, 1, 1),
        date(2026, 1, 1),
    ]


def test_a_first_renewal_out_of_range_is_ignored() -> None:
    assert _agreement(date(2024, 8, 15), first_renewal_on=date(2025, 9, 1)).start(1) == date(2025, 8, 15)


@pytest.mark.parametrize(
    ("notice", "ends_on"),
    [
        (date(2025, 11, 30), date(2025, 12, 31)),
        (date(2025, 12, 1), date(2026, 12, 31)),
        (date(2024, 12, 31), None),
    ],
)
def test_the_end_after_a_notice(notice: date, ends_on: date | None) -> None:
    agreement = _agreement(date(2025, 1, 1))
    agreement.terminated_on = notice
    assert agreement.ends_on == ends_on


def test_a_price_announced_too_late_counts_a_year_later() -> None:
    old, new = _price(date(2020, 1, 1), None, 1000), _price(date(2026, 1, 1), date(2025, 11, 17), 1100)
    general = versions_of([old, new])
    agreement = _agreement(date(2025, 1, 1))
    assert agreement.rate(1, 20, general) == 100_000
    assert agreement.rate(1, 20, general, in_time=False) == 110_000
    assert agreement.rate(2, 20, general) == 110_000


def test_the_worked_example_of_invoices() -> None:
    counts = [
        Count(date(2025, 9, 15), 23, None, None),
        Count(date(2025, 12, 1), 21, None, None),
        Count(date(2026, 2, 1), 25, None, None),
    ]
    general = versions_of([_price(date(2020, 1, 1), None, 1200)])
    lines = expected_invoices(_agreement(date(2025, 4, 1)), 0, counts, general)
    assert [(line.kind, line.due_on, line.quantity, line.amount) for line in lines] == [
        ("yearly", date(2025, 4, 1), 20, 2_400_000),
        ("expansion", date(2025, 9, 15), 3, 210_000),
        ("expansion", date(2026, 2, 1), 2, 40_000),
    ]


def test_months() -> None:
    assert add_months(date(2024, 1, 31), 1) == date(2024, 2, 29)
    assert started_months(date(2025, 1, 31), date(2025, 2, 28)) == 1
    assert started_months(date(2025, 1, 31), date(2025, 3, 1)) == 2
    assert started_months(date(2025, 9, 15), date(2026, 4, 1)) == 7
