"""What the digests are made of beside older reports: revenue that changed since a day, and how old the data are."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from ccinsight.access import SEES_ALL
from ccinsight.database.scope import Scope
from ccinsight.database.warehouse import Warehouse
from tests.reports.companies import agreement, company, count, invoice, price, ticket

AS_OF = date(2026, 4, 8)


def _revenue(house: Warehouse, since: date | None) -> list[tuple[str, str, Decimal]]:
    rows = house.report("revenue_changes", Scope(AS_OF, SEES_ALL), since=since).to_pylist()
    return [(row["movement"], row["customer_id"], row["amount"]) for row in rows]


def test_revenue_changes_between_two_days() -> None:
    house = company(
        agreements=[
            agreement("A-1", "1", terminated_on=date(2026, 1, 5)),  # ends on 31 March 2026
            agreement("A-2", "2", subscribed_on=date(2026, 4, 2)),
            agreement("A-3", "3"),
        ],
        user_counts=[
            *(count(date(2025, 4, 1), 10, customer) for customer in ("1", "2", "3")),
            count(date(2025, 11, 3), 12, "3"),
        ],
        prices=[price(date(2025, 1, 1), "1200")],
    )
    ended, new = ("churn", "1", Decimal("-12000.00")), ("new", "2", Decimal("12000.00"))
    assert _revenue(house, date(2026, 3, 31)) == [ended, new]
    assert _revenue(house, None) == [new]  # a week
    assert _revenue(house, date(2026, 4, 2)) == []
    more = ("expansion", "3", Decimal("2400.00"))
    assert _revenue(house, date(2025, 11, 2)) == [ended, new, more]


def test_the_age_of_the_data_on_a_day() -> None:
    house = company(
        agreements=[agreement()],
        tickets=[ticket("T-1", datetime(2026, 3, 9, 9)), ticket("T-2", datetime(2026, 4, 20, 9))],
        user_counts=[count(date(2026, 2, 21), 10)],
        invoices=[invoice("1", date(2026, 4, 20), "12000")],
    )
    with house.cursor() as cursor:
        cursor.execute("insert into stored.imports values (1, timestamp '2026-04-01 08:00', 'kari', 1)")
    rows = house.report("data_age", Scope(AS_OF, SEES_ALL)).to_pylist()
    imported = date(2026, 4, 1)
    assert [tuple(row.values()) for row in rows] == [
        ("agreements", imported, None, None, None, False),
        ("invoices", imported, None, None, 45, False),
        ("tickets", imported, date(2026, 3, 9), 30, 30, False),
        ("user_counts", imported, date(2026, 2, 21), 46, 45, True),
    ]
    before = house.report("data_age", Scope(date(2026, 3, 9), SEES_ALL)).to_pylist()
    assert [(row["export"], row["imported_on"]) for row in before] == [
        ("tickets", None),
        ("user_counts", None),
    ]
