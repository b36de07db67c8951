"""Long tickets and large quantities: products that need more digits than each of their factors has."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest

from ccinsight.access import SEES_ALL
from ccinsight.database.scope import Scope
from ccinsight.database.warehouse import Warehouse
from tests.reports.companies import Row, agreement, company, invoice, ticket

SETTINGS = """
[products."CloudCare CRM"]
standard_hourly_rate = 1500

[categories]
"Konsulent" = { scope = "consulting" }
"""
DAY = date(2026, 3, 15)


@pytest.fixture(scope="module")
def house() -> Warehouse:
    """A ticket of a million minutes at 1 333.33 kr an hour, and 100 000 hours invoiced at a million kr."""
    worked: Row = {"category": "Konsulent", "status": "closed", "minutes_spent": 1_000_000}
    line: Row = {"kind": "consulting", "quantity": 100_000, "unit_price": 1_000_000}
    return company(
        SETTINGS,
        agreements=[agreement(consultant_rate=Decimal("1333.33"))],
        tickets=[ticket("T-1", datetime(2026, 2, 2, 9), **worked)],
        invoices=[invoice("I-1", date(2026, 2, 28), "100000000000", **line)],
    )


def test_consulting_of_a_million_minutes(house: Warehouse) -> None:
    lines = house.report("consulting_lines", Scope(DAY, SEES_ALL)).to_pylist()
    (customer,) = house.report("consulting", Scope(DAY, SEES_ALL)).to_pylist()

    assert [row["expected"] for row in lines] == [Decimal("22222166.67"), 0]
    assert customer["expected"] == Decimal("22222166.67")
    assert customer["discount_value"] == (1_500 - 1_000_000) * 100_000
