"""The facts that possibilities and renewal risk are made of, each from one customer worked out by hand."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from ccinsight.access import SEES_ALL
from ccinsight.database.scope import Scope
from ccinsight.database.warehouse import Warehouse
from tests.reports.companies import agreement, company, count, meeting, price, ticket

AS_OF = date(2025, 5, 14)
SINCE = date(2022, 3, 1)


def _facts(house: Warehouse, as_of: date, *names: str) -> tuple[Any, ...]:
    [row] = house.report("customer_facts", Scope(as_of, SEES_ALL)).to_pylist()
    return tuple(row[name] for name in names)


@pytest.mark.parametrize(
    ("terminated_on", "expected"),
    [
        (None, (date(2026, 3, 1), 291, date(2026, 1, 17), 248)),
        (date(2025, 5, 1), (None, None, None, None)),  # no renewal, and no price to notify
    ],
)
def test_days_to_come_stand_beside_their_date(terminated_on: date | None, expected: tuple[Any, ...]) -> None:
    house = company(agreements=[agreement(subscribed_on=SINCE, terminated_on=terminated_on)])
    names = "renewal_on", "days_to_renewal", "price_notice_deadline", "days_to_price_notice"
    assert _facts(house, AS_OF, *names) == expected


@pytest.mark.parametrize(
    ("as_of", "courses", "last_meeting"),
    [
        (date(2024, 6, 9), 0, None),
        (date(2024, 6, 10), 1, None),
        (date(2025, 2, 2), 3, date(2025, 1, 20)),
        (date(2025, 6, 9), 3, date(2025, 1, 20)),
        (date(2025, 6, 10), 2, date(2025, 1, 20)),  # the first is a year ago
        (date(2026, 2, 2), 0, date(2025, 1, 20)),
    ],
)
def test_courses_are_those_of_a_year_and_the_last_meeting_any_held(
    as_of: date, courses: int, last_meeting: date | None
) -> None:
    house = company(
        agreements=[agreement(subscribed_on=SINCE)],
        meetings=[
            meeting("1", kind="course", held_on=date(2024, 6, 10)),
            meeting("2", kind="workshop", held_on=date(2025, 2, 1)),
            meeting("3", kind="course", held_on=date(2025, 2, 1)),
            meeting("4", kind="course", planned_on=date(2025, 3, 1)),
            meeting("5", held_on=date(2025, 1, 20)),
            meeting("6", customer_id="2", held_on=date(2025, 2, 2)),
        ],
    )
    assert _facts(house, as_of, "courses_held", "last_meeting_on") == (courses, last_meeting)


@pytest.mark.parametrize(
    ("planned_on", "held_on", "expected"),
    [
        (date(2025, 6, 1), None, True),
        (date(2026, 2, 28), None, True),  # the period's last day
        (date(2026, 3, 1), None, False),
        (date(2025, 5, 13), None, False),  # its day has passed
        (date(2025, 6, 1), date(2025, 6, 2), True),  # not held yet on the day
        (None, date(2025, 3, 1), True),
        (None, date(2025, 2, 28), False),  # in the period before
    ],
)
def test_a_meeting_counts_for_the_period_it_falls_in(
    planned_on: date | None, held_on: date | None, expected: bool
) -> None:
    house = company(
        agreements=[agreement(subscribed_on=SINCE)],
        meetings=[meeting("1", planned_on=planned_on, held_on=held_on)],
    )
    assert _facts(house, AS_OF, "has_meeting") == (expected,)


def test_the_next_step_is_that_of_the_list_that_prices_the_period() -> None:
    house = company(
        agreements=[agreement(subscribed_on=SINCE)],
        user_counts=[count(date(2025, 1, 1), 8), count(date(2025, 4, 1), 12)],
        prices=[
            *(
                price(date(2020, 1, 1), rate, users)
                for users, rate in ((1, "1200"), (10, "1100"), (25, "1000"))
            ),
            price(date(2025, 4, 1), "900", announced_on=date(2025, 4, 1)),
        ],
    )
    names = ("rate", "users_to_next_step", "next_step_users", "next_step_rate")
    # priced by the 8 users on the period's start; 12 by now, so that the step above them starts at 25
    assert [str(each) for each in _facts(house, AS_OF, *names)] == ["1200.00", "13", "25", "1000.00"]


def test_above_the_last_step_there_is_none() -> None:
    house = company(
        agreements=[agreement(subscribed_on=SINCE, registered_users=30)],
        prices=[price(date(2020, 1, 1), "1200"), price(date(2020, 1, 1), "1000", 25)],
    )
    assert _facts(house, AS_OF, "users_to_next_step", "next_step_users", "next_step_rate") == (
        None,
        None,
        None,
    )


def test_tickets_are_counted_by_year_and_half_year() -> None:
    days = [
        date(2023, 5, 14),  # two years ago: before them
        date(2023, 5, 15),
        date(2023, 11, 14),
        date(2023, 11, 15),  # the first day of the half year before
        date(2024, 5, 14),
        date(2024, 5, 15),
        date(2024, 11, 15),
        AS_OF,
        date(2025, 5, 15),  # not known yet
    ]
    house = company(
        agreements=[agreement(subscribed_on=SINCE)],
        tickets=[
            ticket(str(n), datetime.combine(day, datetime.min.time()).replace(hour=9))
            for n, day in enumerate([date(2022, 1, 1), *days])
        ],
    )
    names = ("tickets", "tickets_before", "tickets_half", "tickets_half_before", "silent_days")
    assert _facts(house, AS_OF, *names) == (3, 4, 2, 2, 0)


def test_an_older_ticket_is_the_last_and_tells_of_an_it_operator() -> None:
    house = company(
        agreements=[agreement(subscribed_on=SINCE)],
        tickets=[
            ticket("1", datetime(2022, 6, 30, 9), contact="it", contact_role="it_operations"),
            ticket("2", datetime(2023, 2, 3, 9), contact="a", contact_role="user"),
        ],
    )
    names = ("silent_days", "has_it_operations", "it_operations_tickets", "tickets")
    assert _facts(house, AS_OF, *names) == ((AS_OF - date(2023, 2, 3)).days, True, 0, 0)
    # without a tickets export nobody knows since when a customer is silent
    house = company(agreements=[agreement(subscribed_on=SINCE)])
    assert _facts(house, AS_OF, "silent_days", "tickets") == (None, None)


def test_users_and_active_users_are_held_against_those_of_a_year_ago() -> None:
    house = company(
        agreements=[agreement(subscribed_on=SINCE)],
        user_counts=[
            count(date(2024, 1, 1), 20, active_users=15),
            count(date(2025, 1, 1), 24, active_users=12, available_licences=30),
            count(date(2025, 5, 1), 25),
        ],
    )
    names = (
        "registered_users",
        "users_before",
        "users_change",
        "available_licences",
        "active_users",
        "active_users_before",
        "licence_use",
    )
    assert _facts(house, AS_OF, *names) == (25, 20, 5, 30, 12, 15, 0.5)
