"""Problems that are kept as spans of as-of dates: on each day they are what the rules give for that day."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta
from decimal import Decimal

from ccinsight.access import SEES_ALL
from ccinsight.database.scope import Scope
from ccinsight.database.warehouse import Warehouse
from tests.reports.companies import Row, agreement, company, count, price, ticket

ONE_DAY = timedelta(days=1)


def _problems(
    house: Warehouse, check: str, as_of: date, customers: tuple[str, ...] | None = None
) -> list[Row]:
    rows: list[Row] = house.report(
        "data_problems", Scope(as_of, SEES_ALL, customers), check=check
    ).to_pylist()
    return rows


def _details(house: Warehouse, check: str, as_of: date) -> list[str]:
    return [row["detail"] for row in _problems(house, check, as_of)]


def _year_before(day: date) -> date:
    return date(day.year - 1, 2, 28) if (day.month, day.day) == (2, 29) else day.replace(year=day.year - 1)


def test_more_contacts_than_users_on_every_day_around_leap_days() -> None:
    dice = random.Random(5)
    days = [date(2023, 2, 26) + ONE_DAY * dice.randrange(760) for _ in range(60)]
    days += [date(2023, 2, 28), date(2023, 3, 1), date(2024, 2, 28), date(2024, 2, 29), date(2024, 3, 1)] * 3
    calls = [(day, f"user {dice.randrange(14)}") for day in days]
    counts = {date(2023, 1, 1): 3, date(2023, 9, 1): 6, date(2024, 2, 29): 4, date(2024, 11, 1): 7}
    house = company(
        agreements=[agreement(subscribed_on=date(2023, 3, 10), terminated_on=date(2024, 12, 1))],
        user_counts=[count(day, users) for day, users in counts.items()],
        tickets=[
            ticket(f"T{number}", datetime(day.year, day.month, day.day, 12), contact=contact)
            for number, (day, contact) in enumerate(calls)
        ],
    )
    ends_on = date(2025, 3, 9)
    found = []
    leaps = [date(year, 2, 27) + ONE_DAY * after for year in (2024, 2025) for after in range(4)]
    for as_of in [
        *leaps,
        ends_on,
        ends_on + ONE_DAY,
        *(date(2023, 2, 20) + ONE_DAY * 19 * n for n in range(40)),
    ]:
        contacts = len({contact for day, contact in calls if _year_before(as_of) < day <= as_of})
        users = counts[max(day for day in counts if day <= as_of)]
        is_doubted = contacts > users and date(2023, 3, 10) <= as_of <= ends_on
        expected = [f"{contacts} / {users}"] if is_doubted else []
        assert _details(house, "contacts_above_users", as_of) == expected, as_of
        found += expected
    assert len(set(found)) > 5


def test_the_lists_version_that_a_period_begins_with_tells_how_far_a_price_is() -> None:
    contract: Row = {
        "price_basis": "contract",
        "price_per_user": Decimal(600),
        "registered_users": 5,
        "subscribed_on": date(2024, 2, 29),
    }
    versions = {
        "100": date(2020, 1, 1),
        "500": date(2025, 3, 1),
        "119": date(2030, 1, 1),
        "3001": date(2034, 2, 28),
    }
    house = company(
        agreements=[agreement(**contract)], prices=[price(day, each) for each, day in versions.items()]
    )
    expected = {
        date(2019, 12, 31): [],  # the list isn't known yet
        date(2020, 1, 1): ["600.00 / 100.00"],
        date(2025, 3, 1): ["600.00 / 100.00"],  # the second period began the day before
        date(2026, 2, 27): ["600.00 / 100.00"],
        date(2026, 2, 28): [],
        date(2030, 2, 27): [],
        date(2030, 2, 28): ["600.00 / 119.00"],
        date(2034, 2, 27): ["600.00 / 119.00"],
        date(2034, 2, 28): ["600.00 / 3001.00"],
        date(2060, 1, 1): ["600.00 / 3001.00"],
    }
    assert {day: _details(house, "price_far_from_list", day) for day in expected} == expected


def test_unknown_users_name_the_period_of_the_day_until_the_agreement_ends() -> None:
    house = company(
        agreements=[
            agreement("A-1", subscribed_on=date(2024, 2, 29)),
            agreement("A-2", "2", terminated_on=date(2026, 5, 1), registered_users=None),
        ],
        prices=[price(date(2020, 1, 1), "100")],
    )
    expected = {
        date(2024, 1, 1): ["2024-02-29", "2025-04-01"],
        date(2025, 4, 1): ["2025-02-28", "2025-04-01"],
        date(2027, 3, 31): ["2027-02-28", "2026-04-01"],
        date(2027, 4, 1): ["2027-02-28"],
        date(2052, 2, 28): ["2051-02-28"],
        date(2052, 2, 29): ["2052-02-29"],
    }
    assert {day: _details(house, "users_unknown", day) for day in expected} == expected


def test_two_of_one_product_are_doubled_while_both_are_in_force() -> None:
    house = company(
        agreements=[
            agreement("A-2", terminated_on=date(2025, 6, 1)),
            agreement("A-1", subscribed_on=date(2025, 9, 1)),
            agreement("A-3", product="Other"),
        ]
    )
    expected = {date(2025, 8, 31): [], date(2025, 9, 1): ["A-1, A-2"], date(2026, 3, 31): ["A-1, A-2"]}
    assert {day: _details(house, "two_of_one_product", day) for day in expected} == expected
    assert not _details(house, "two_of_one_product", date(2026, 4, 1))


def test_contradictions_of_no_customers_tickets_are_for_those_who_ask_for_everybody() -> None:
    tickets = [
        ticket("T1", datetime(2026, 1, 5, 10), closed_at=datetime(2026, 1, 9, 10)),
        ticket("T2", datetime(2026, 1, 5, 10), None, status="closed"),
    ]
    house = company(agreements=[agreement()], tickets=tickets)

    def keys(as_of: date, customers: tuple[str, ...] | None = None) -> list[str]:
        return [row["key"] for row in _problems(house, "status_contradicts", as_of, customers)]

    assert keys(date(2026, 1, 4)) == []
    assert keys(date(2026, 1, 8)) == ["T2"]
    assert keys(date(2026, 1, 9)) == ["T1", "T2"]
    assert keys(date(2026, 1, 9), ("1",)) == ["T1"]


def test_rows_of_a_stranger_count_from_their_day() -> None:
    house = company(
        agreements=[agreement()],
        user_counts=[count(date(2026, 1, day), 5, "9") for day in (1, 2, 3)],
        tickets=[ticket(f"T{day}", datetime(2026, 1, day, 23, 59), "9") for day in (2, 2, 4)],
    )
    rows = [
        {row["export"]: row["rows"] for row in _problems(house, "customer_unknown", date(2026, 1, day))}
        for day in (1, 2, 3, 4)
    ]
    assert rows == [
        {"user_counts": 1},
        {"user_counts": 2, "tickets": 2},
        {"user_counts": 3, "tickets": 2},
        {"user_counts": 3, "tickets": 3},
    ]


def test_rows_that_wait_for_agreements_are_counted_by_the_day() -> None:
    house = company(
        user_counts=[count(date(2026, 1, 5), 5)],
        tickets=[ticket(f"T{day}", datetime(2026, 1, day, 9), None) for day in (1, 3)],
    )
    assert not _details(house, "agreements_missing", date(2025, 12, 31))
    assert _details(house, "agreements_missing", date(2026, 1, 1)) == ["tickets: 1"]
    assert _details(house, "agreements_missing", date(2026, 1, 5)) == ["tickets: 2, user_counts: 1"]
