"""Which tickets are open (R10): a status outweighs the day of closing; what contradicts is listed as a data problem."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from ccinsight.access import SEES_ALL
from ccinsight.database.scope import Scope
from ccinsight.database.warehouse import Warehouse
from tests.reports.companies import agreement, company, ticket

OPENED, CLOSED = datetime(2026, 1, 10, 9), datetime(2026, 1, 20, 9)
# When each is open: on the day of opening, before the closing, after it.
CASES = {
    ("open", None): (True, True, True),
    ("open", CLOSED): (True, True, True),
    ("postponed", None): (True, True, True),
    ("postponed", CLOSED): (True, True, True),
    ("closed", CLOSED): (True, True, False),
    ("closed", None): (False, False, False),
    (None, None): (True, True, True),
    (None, CLOSED): (True, True, False),
    ("spam", None): (False, False, False),
    ("merged", CLOSED): (False, False, False),
}
IDS = {case: f"{case[0]}-{'dated' if case[1] else 'undated'}" for case in CASES}


@pytest.fixture(scope="module")
def house() -> Any:
    tickets = [
        ticket(IDS[status, closed_at], OPENED, status=status, closed_at=closed_at)
        for status, closed_at in CASES
    ]
    with company(agreements=[agreement()], tickets=tickets) as made:
        yield made


def ids(house: Warehouse, day: date, **options: Any) -> list[str]:
    return [
        row["ticket_id"] for row in house.report("open_tickets", Scope(day, SEES_ALL), **options).to_pylist()
    ]


@pytest.mark.parametrize(
    ("at", "day"), [*enumerate([date(2026, 1, 10), date(2026, 1, 19), date(2026, 1, 20)])]
)
def test_status_outweighs_the_day_of_closing(house: Warehouse, at: int, day: date) -> None:
    expected = sorted(IDS[case] for case, is_open in CASES.items() if is_open[at])
    assert sorted(ids(house, day)) == expected
    assert ids(house, date(2026, 1, 9)) == []


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 1, 9), {}),
        # The day of closing isn't known yet.
        (date(2026, 1, 19), {"closed-undated": "closed"}),
        (
            date(2026, 1, 20),
            {
                "closed-undated": "closed",
                "open-dated": "open, 2026-01-20",
                "postponed-dated": "postponed, 2026-01-20",
            },
        ),
    ],
)
def test_contradictions_are_data_problems(house: Warehouse, day: date, expected: dict[str, str]) -> None:
    problems = house.report("data_problems", Scope(day, SEES_ALL), check="status_contradicts").to_pylist()
    assert {row["key"]: row["detail"] for row in problems} == expected
    assert {(row["export"], row["customer_id"], row["rows"]) for row in problems} <= {("tickets", "1", 1)}
    quality = {
        row["check"]: row["rows"] for row in house.report("data_quality", Scope(day, SEES_ALL)).to_pylist()
    }
    assert quality["status_contradicts"] == len(expected)
    assert (
        house.report("data_problems", Scope(day, SEES_ALL, ("2",)), check="status_contradicts").num_rows == 0
    )


def test_a_wait_ends_with_a_closing_that_counts() -> None:
    """Open tickets of two weeks or more without a first reply, as known on the day."""
    tickets = [
        ticket("reopened", OPENED, status="open", closed_at=CLOSED),
        ticket("undated", OPENED, status="closed"),
        ticket("closed later", OPENED, status="closed", closed_at=datetime(2026, 3, 1)),
        ticket("replied", OPENED, status="postponed", closed_at=CLOSED, first_reply_at=CLOSED),
    ]
    with company(agreements=[agreement()], tickets=tickets) as made:
        for day, waiting in ((date(2026, 1, 23), 0), (date(2026, 2, 28), 2), (date(2026, 3, 1), 1)):
            (row,) = made.report("customer_facts", Scope(day, SEES_ALL)).to_pylist()
            assert row["waiting_tickets"] == waiting, day
