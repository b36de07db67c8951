"""Doubts about tickets: automatic first replies and the setting that leaves them out, more contacts than users."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from ccinsight.access import SEES_ALL
from ccinsight.database.scope import Scope
from ccinsight.database.warehouse import Warehouse
from tests.reports.companies import Row, agreement, company, count, ticket

DAY = date(2026, 3, 1)
DOWN = '[categories]\n"Nede" = { access_down = true }\n'


def replied(number: int, seconds: float | None, **columns: Any) -> Row:
    """A ticket of the day in its order, with a first reply so many seconds after its opening."""
    opened = datetime(2026, 1, 5, 10) + timedelta(minutes=number)
    reply = None if seconds is None else opened + timedelta(seconds=seconds)
    return ticket(f"T{number}", opened, first_reply_at=reply, **columns)


def found(house: Warehouse, check: str, scope: Scope | None = None) -> dict[str, tuple[str, int]]:
    rows = house.report("data_problems", scope or Scope(DAY, SEES_ALL), check=check).to_pylist()
    assert {row["export"] for row in rows} <= {"tickets"}
    return {row["key"]: (row["detail"], row["rows"]) for row in rows}


def channel(name: str | None, seconds: Iterable[float | None], first: int, **columns: Any) -> list[Row]:
    return [replied(first + at, each, channel=name, **columns) for at, each in enumerate(seconds)]


def test_quick_replies_in_more_than_a_fifth_of_a_channel_seem_automatic() -> None:
    tickets = [
        *channel("email", [60, 0, *[61] * 7], 0),  # two of nine
        *channel("chat", [60, *[61] * 4], 20),  # a fifth
        *channel("form", [None, None, None, 3], 40),  # answered or not, it is a ticket
        *channel(None, [5], 60),
        *channel("phone", [5, 5], 80, status="spam"),
    ]
    with company(agreements=[agreement()], tickets=tickets) as house:
        assert found(house, "automatic_replies") == {
            "email": ("2 / 9", 1),
            "form": ("1 / 4", 1),
            "unknown": ("1 / 1", 1),
        }
        # Nothing is known yet of what comes later, and nothing of others' tickets.
        assert found(house, "automatic_replies", Scope(date(2026, 1, 4), SEES_ALL)) == {}
        assert found(house, "automatic_replies", Scope(DAY, SEES_ALL, ("2",))) == {}


def test_elapsed_time_makes_a_reply_automatic() -> None:
    """At both changes of clock the minute is one of an hour that passed."""
    tickets = [
        ticket("spring", datetime(2025, 3, 30, 1, 59, 30), first_reply_at=datetime(2025, 3, 30, 3, 0, 20)),
        ticket(
            "autumn",
            datetime(2025, 10, 26, 2, 59, 30),
            first_reply_at=datetime(2025, 10, 26, 2, 0, 20),
            second_passes=2,
        ),
        ticket(
            "an hour later",
            datetime(2025, 10, 26, 2, 10),
            first_reply_at=datetime(2025, 10, 26, 2, 10, 30),
            second_passes=2,
        ),
    ]
    with company(agreements=[agreement()], tickets=tickets) as house:
        assert found(house, "automatic_replies") == {"unknown": ("2 / 3", 1)}


def test_quicker_replies_than_the_setting_dont_count() -> None:
    tickets = [
        replied(0, 9, category="Nede"),
        replied(1, 10, category="Nede"),
        replied(2, 9.5, category="Annet"),
        replied(3, 7200, category="Annet"),
    ]
    settings = f"{DOWN}[import]\nminimum_reply_seconds = 10\n"
    with company(settings, agreements=[agreement()], tickets=tickets) as house:
        down, other = house.report("response", Scope(DAY, SEES_ALL)).to_pylist()
        assert (down["tickets"], down["replied"], down["overtaken"]) == (2, 1, 1)
        assert (other["tickets"], other["replied"], other["median_hours"]) == (2, 1, 2)
        (facts,) = house.report("customer_facts", Scope(DAY, SEES_ALL)).to_pylist()
        assert facts["waiting_tickets"] == 2
        stored = house.cursor().execute("select count(first_reply_at) from main.tickets").fetchall()
        assert stored == [(4,)]
        assert found(house, "automatic_replies") == {"unknown": ("1 / 4", 1)}


def test_the_setting_answers_the_doubt() -> None:
    tickets = channel("email", [3] * 5, 0)
    for least, expected in ((0, {"email": ("5 / 5", 1)}), (60, {})):
        settings = f"[import]\nminimum_reply_seconds = {least}\n"
        with company(settings, agreements=[agreement()], tickets=tickets) as house:
            assert found(house, "automatic_replies") == expected


def contacts(customer_id: str, names: Iterable[str | None], opened: datetime, **columns: Any) -> list[Row]:
    return [
        ticket(f"{customer_id}-{at}-{opened:%y%m}", opened, customer_id, contact=name, **columns)
        for at, name in enumerate(names)
    ]


@pytest.fixture(scope="module")
def callers() -> Any:
    recent, long_ago = datetime(2026, 1, 5, 10), datetime(2025, 1, 5, 10)
    tickets = [
        *contacts("1", ["a", "b", "c", "c"], recent),
        *contacts("2", ["a", "b", None], recent),
        *contacts("3", ["a", "b"], recent),
        *contacts("3", ["c"], long_ago),
        *contacts("4", ["a", "b", "c"], recent, contact_role="it_operations"),
        *contacts("5", ["a", "b", "c"], recent),
        *contacts("6", ["a", "b", "c"], recent),
    ]
    numbers = "123456"
    ended = {"terminated_on": date(2025, 1, 10)}
    agreements = [
        agreement(f"A-{each}", each, subscribed_on=date(2024, 4, 1), **(ended if each == "6" else {}))
        for each in numbers
    ]
    counts = [count(date(2026, 1, 1), 2, each) for each in numbers if each != "5"]
    with company(agreements=agreements, tickets=tickets, user_counts=counts) as house:
        yield house


def test_more_contacting_users_than_registered_ones(callers: Warehouse) -> None:
    """Counted as utilization does: users of the year, where their number is known and an agreement is in force."""
    assert found(callers, "contacts_above_users") == {"1": ("3 / 2", 1)}
    rates = {
        row["customer_id"]: row["contact_rate"]
        for row in callers.report("utilization", Scope(DAY, SEES_ALL)).to_pylist()
    }
    assert rates == {"1": 1.5, "2": 1, "3": 1, "4": 0, "5": None}


@pytest.mark.parametrize(("customers", "expected"), [(("1", "2"), {"1"}), (("2",), set()), ((), set())])
def test_contacts_are_those_of_the_customers_asked_for(
    callers: Warehouse, customers: tuple[str, ...], expected: set[str]
) -> None:
    assert set(found(callers, "contacts_above_users", Scope(DAY, SEES_ALL, customers))) == expected
    assert found(callers, "contacts_above_users", Scope(date(2025, 12, 31), SEES_ALL)) == {}
