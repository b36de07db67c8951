"""What counts as a data problem: missing agreements once, and rows of no single customer apart."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from ccinsight.access import SEES_ALL
from ccinsight.database.scope import Filters, Scope
from ccinsight.database.warehouse import Warehouse
from tests.reports.companies import agreement, company, count, invoice, meeting, price, ticket

DAY = date(2026, 3, 1)
OPENED = datetime(2026, 2, 1, 9, 0)


def _found(house: Warehouse, *customers: str) -> dict[tuple[str, str | None], dict[str, Any]]:
    """The checks that found something, by check and export."""
    scope = house.resolve(DAY, Filters(customers), SEES_ALL)
    rows = house.report("data_quality", scope).to_pylist()
    return {(row["check"], row["export"]): row for row in rows if row["rows"]}


def test_without_agreements_it_is_they_that_are_missing_and_not_a_customer_for_each_row() -> None:
    house = company(
        tickets=[ticket(f"T{number}", OPENED, "1") for number in range(3)],
        user_counts=[count(date(2026, 2, 1), 5)],
        invoices=[invoice("F1", date(2026, 2, 1), "100")],
        meetings=[meeting("M1", held_on=date(2026, 2, 1))],
        prices=[price(date(2026, 1, 1), "100", agreement_id="A-9")],
    )

    assert {key: row["rows"] for key, row in _found(house).items()} == {
        ("agreements_missing", "agreements"): 1
    }
    [problem] = house.report("data_problems", Scope(DAY, SEES_ALL)).to_pylist()
    assert problem["detail"] == "tickets: 3, invoices: 1, meetings: 1, user_counts: 1"


def test_one_agreement_is_enough_for_each_row_to_be_looked_at() -> None:
    house = company(
        agreements=[agreement("A-2", "2", registered_users=5)],
        tickets=[ticket(f"T{number}", OPENED, "1") for number in range(3)],
        user_counts=[count(date(2026, 2, 1), 5)],
    )

    found = _found(house)

    assert ("agreements_missing", "agreements") not in found
    assert found["customer_unknown", "tickets"]["rows"] == 3
    assert found["customer_unknown", "user_counts"]["rows"] == 1


def test_an_empty_database_lacks_nothing() -> None:
    assert _found(company()) == {}


def test_rows_of_no_single_customer_are_counted_apart() -> None:
    house = company(
        agreements=[agreement("A-2", "2", registered_users=5), agreement("A-3", "3", registered_users=5)],
        tickets=[
            ticket("T1", OPENED, None, customer_name="Ingen AS"),
            ticket("T2", OPENED, "2", category="Diverse"),
            ticket("T3", OPENED, "3", category="Diverse"),
        ],
    )

    everybody, one = _found(house), _found(house, "2")

    nameless = ("customer_unknown", "tickets")
    assert (everybody[nameless]["rows"], everybody[nameless]["common_rows"]) == (1, 1)
    assert (one[nameless]["rows"], one[nameless]["common_rows"]) == (1, 1)
    # a category is counted over the tickets of the customers asked for
    category = ("category_unmapped", "tickets")
    assert (everybody[category]["rows"], everybody[category]["common_rows"]) == (2, 0)
    assert (one[category]["rows"], one[category]["common_rows"]) == (1, 0)
    # each agreement lacks a rate, and it is its customer's
    assert (everybody["rate_unknown", "agreements"]["rows"], one["rate_unknown", "agreements"]["rows"]) == (
        2,
        1,
    )
    assert one["rate_unknown", "agreements"]["common_rows"] == 0


def test_automatic_replies_are_those_of_the_customers_asked_for() -> None:
    house = company(
        agreements=[agreement("A-2", "2", registered_users=5), agreement("A-3", "3", registered_users=5)],
        tickets=[
            ticket(
                f"T{customer}{number}",
                OPENED + timedelta(hours=number),
                customer,
                channel="email",
                first_reply_at=OPENED + timedelta(hours=number, seconds=10),
            )
            for customer in "23"
            for number in range(10)
        ],
    )

    replies = ("automatic_replies", "tickets")
    everybody, one = _found(house)[replies], _found(house, "2")[replies]

    assert (everybody["rows"], everybody["common_rows"]) == (1, 0)
    assert (one["rows"], one["common_rows"]) == (1, 0)
    details = [
        house.report("data_problems", Scope(DAY, SEES_ALL, ids), check="automatic_replies").to_pylist()[0][
            "detail"
        ]
        for ids in (None, ("2",))
    ]
    assert details == ["20 / 20", "10 / 10"]


def test_retention_says_how_many_customers_it_leaves_out() -> None:
    began = date(2024, 1, 1)
    house = company(
        agreements=[
            agreement("A", "1", subscribed_on=began, registered_users=10),
            agreement("B", "2", subscribed_on=began, registered_users=10, complexity="not on the list"),
            agreement("C", "3", subscribed_on=date(2025, 12, 1), registered_users=10),
        ],
        prices=[price(date(2023, 1, 1), "100")],
    )

    [row] = house.report("retention", Scope(DAY, SEES_ALL)).to_pylist()

    assert (row["customers_then"], row["customers_unknown"]) == (1, 1)
