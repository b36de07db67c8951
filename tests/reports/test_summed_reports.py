"""The reports that sum others' rows: prices announced too late by version, invoicing by period. Unknown is never 0."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from ccinsight.access import SEES_ALL
from ccinsight.database.scope import Scope
from ccinsight.database.warehouse import Warehouse
from tests.reports.companies import Row, agreement, company, count, invoice, price

CONTRACT: Row = {"price_basis": "contract", "price_per_user": Decimal("1000"), "registered_users": 10}


def _rows(house: Warehouse, name: str, as_of: date, **options: Any) -> list[tuple[Any, ...]]:
    return [tuple(row.values()) for row in house.report(name, Scope(as_of, SEES_ALL), **options).to_pylist()]


def test_each_version_that_was_announced_too_late_has_its_cost() -> None:
    late: Row = {"announced_on": date(2026, 1, 20)}
    house = company(
        agreements=[
            agreement("A-1", subscribed_on=date(2024, 3, 1)),
            agreement("A-2", "2", subscribed_on=date(2024, 3, 1)),
            agreement("A-3", "3", subscribed_on=date(2024, 3, 1)),  # its users are unknown
            agreement("A-4", "4", subscribed_on=date(2024, 3, 1), price_basis="contract"),
            agreement("A-5", "5", subscribed_on=date(2024, 6, 1)),  # renews in June: the version reaches it
        ],
        user_counts=[
            count(date(2025, 1, 1), 10),
            count(date(2025, 1, 1), 25, "2"),
            count(date(2025, 1, 1), 4, "4"),
            count(date(2025, 1, 1), 50, "5"),
        ],
        prices=[
            price(date(2023, 1, 1), "1000"),
            price(date(2026, 1, 1), "1100", **late),
            price(date(2023, 1, 1), "800", agreement_id="A-4"),
            price(date(2026, 2, 1), "900", agreement_id="A-4", **late),
        ],
    )
    as_of = date(2026, 1, 25)
    assert _rows(house, "missed_prices", as_of) == [
        (date(2026, 1, 1), 3, Decimal("3500.00"), 1),  # (10 + 25) × 100
        (date(2026, 2, 1), 1, Decimal("400.00"), 0),  # 4 × 100
    ]
    assert _rows(house, "missed_prices", as_of, months=1) == []
    assert _rows(house, "missed_prices", date(2026, 1, 19)) == [], "nobody knows of the versions yet"


def test_the_cost_of_a_version_is_unknown_where_no_agreement_is_known() -> None:
    house = company(
        agreements=[agreement(subscribed_on=date(2024, 3, 1))],
        prices=[
            price(date(2023, 1, 1), "1000"),
            price(date(2026, 1, 1), "1100", announced_on=date(2026, 1, 20)),
        ],
    )
    assert _rows(house, "missed_prices", date(2026, 1, 25)) == [(date(2026, 1, 1), 1, None, 1)]


def test_a_period_has_its_yearly_invoice_and_its_expansions_together() -> None:
    house = company(
        agreements=[
            agreement("A-1"),
            agreement("A-2", "2"),  # its users are unknown
            agreement("A-3", "3", subscribed_on=date(2024, 5, 1), terminated_on=date(2025, 3, 1), **CONTRACT),
        ],
        user_counts=[count(date(2025, 3, 1), 10), count(date(2025, 10, 1), 16)],
        prices=[price(date(2024, 1, 1), "1000")],
        invoices=[
            invoice("1", date(2025, 4, 1), "10000", agreement_id="A-1"),
            invoice("2", date(2025, 4, 1), "500", "2", agreement_id="A-2"),
            invoice("3", date(2024, 5, 1), "10000", "3", agreement_id="A-3"),
            invoice("4", date(2025, 5, 1), "12000", "3", agreement_id="A-3"),
        ],
    )
    found = {
        row[:3]: row[3:6] + row[8:]
        for row in _rows(house, "billed_periods", date(2025, 11, 15), since=date(2024, 1, 1))
    }
    assert found == {
        # 10 × 1 000, and 6 more users in the last 6 months: 6 × 6 × 1 000 / 12
        ("A-1", "1", date(2025, 4, 1)): (Decimal(13000), Decimal(10000), Decimal(3000), False),
        ("A-2", "2", date(2025, 4, 1)): (None, Decimal(500), None, False),
        ("A-3", "3", date(2024, 5, 1)): (Decimal(10000), Decimal(10000), Decimal(0), False),
        ("A-3", "3", date(2025, 5, 1)): (Decimal(0), Decimal(12000), Decimal(-12000), True),
    }
    assert [row[0] for row in _rows(house, "billed_periods", date(2025, 11, 15))] == ["A-1", "A-2", "A-3"]


def test_what_was_invoiced_is_unknown_without_invoices() -> None:
    house = company(agreements=[agreement(**CONTRACT)])
    ((*_period, expected, invoiced, difference, _name, _manager, _is_after),) = _rows(
        house, "billed_periods", date(2025, 11, 15)
    )
    assert (expected, invoiced, difference) == (Decimal(10000), None, None)
