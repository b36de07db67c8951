"""The state of a price notice (R14) and how far ahead its deadline is looked for (R3)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from ccinsight.access import SEES_ALL
from ccinsight.database.scope import Scope
from ccinsight.database.warehouse import Warehouse
from tests.reports.companies import Row, agreement, company, price

# From 1 April 2025: the notice for the period from 1 April 2026 is due on 14 February 2026.
AS_OF = date(2026, 1, 10)
FIRST = price(date(2025, 1, 1), "1200", announced_on=date(2024, 11, 1))
OWN = price(date(2025, 1, 1), "1100", announced_on=date(2024, 11, 1), agreement_id="A-1")
NEXT = date(2026, 4, 1)


def _states(house: Warehouse, as_of: date = AS_OF, days: int = 365) -> list[tuple[Any, ...]]:
    rows = house.report("deadlines", Scope(as_of, SEES_ALL), days=days).to_pylist()
    return [
        (row["due_on"], row["period_number"], row["price_notice_state"])
        for row in rows
        if row["kind"] == "price_notice"
    ]


def _asked(house: Warehouse, query: str, values: list[Any]) -> list[tuple[Any, ...]]:
    with house.cursor() as cursor:
        return cursor.execute(query, values).fetchall()


def _state(*prices: Row, as_of: date = AS_OF, **columns: Any) -> str:
    house = company(agreements=[agreement(registered_users=5, **columns)], prices=[FIRST, *prices])
    return str(_states(house, as_of, days=400)[0][2])


@pytest.mark.parametrize(
    ("prices", "expected"),
    [
        ([], "none"),
        ([price(NEXT, "1300", announced_on=date(2026, 1, 11))], "planned"),
        # to be announced after the deadline: it would decide if it came in time
        ([price(NEXT, "1300", announced_on=date(2026, 3, 1))], "planned"),
        # the first day on which it is known
        ([price(NEXT, "1300", announced_on=date(2026, 1, 10))], "announced"),
        # no day is given: nobody plans it
        ([price(NEXT, "1300")], "none"),
        # valid a day after the next period begins
        ([price(date(2026, 4, 2), "1300", announced_on=date(2026, 2, 1))], "none"),
        # older than the version that holds
        ([price(date(2024, 6, 1), "1000", announced_on=date(2026, 2, 1))], "none"),
        # one row of the version is planned, so the version is
        (
            [
                price(NEXT, "1300", announced_on=date(2026, 1, 2)),
                price(NEXT, "1250", 10, announced_on=date(2026, 1, 20)),
            ],
            "planned",
        ),
        # the day by default lies ahead, the one given doesn't
        (
            [price(NEXT, "1300", announced_on=date(2026, 1, 2)), price(NEXT, "1250", 10)],
            "none",
        ),
        # announced in time, and a further one planned
        (
            [
                price(date(2026, 1, 1), "1250", announced_on=date(2025, 11, 1)),
                price(NEXT, "1300", announced_on=date(2026, 2, 1)),
            ],
            "planned",
        ),
    ],
)
def test_the_state_of_the_list_s_notice(prices: list[Row], expected: str) -> None:
    assert _state(*prices) == expected


@pytest.mark.parametrize(
    ("prices", "columns", "expected"),
    [
        # the list doesn't change a contract, nor an agreement with a version of its own
        ([price(NEXT, "1300", announced_on=date(2026, 2, 1))], {"price_basis": "contract"}, "none"),
        ([price(NEXT, "1300", announced_on=date(2026, 1, 1))], {"price_basis": "contract"}, "none"),
        ([OWN, price(NEXT, "1300", announced_on=date(2026, 2, 1))], {}, "none"),
        # a version of its own does, whichever the basis
        ([{**OWN, "valid_from": NEXT, "announced_on": date(2026, 2, 1)}], {}, "planned"),
        (
            [{**OWN, "valid_from": NEXT, "announced_on": date(2026, 2, 1)}],
            {"price_basis": "contract"},
            "planned",
        ),
        ([OWN, {**OWN, "valid_from": NEXT, "announced_on": date(2026, 1, 5)}], {}, "announced"),
    ],
)
def test_a_version_counts_within_its_own_book(
    prices: list[Row], columns: dict[str, Any], expected: str
) -> None:
    assert _state(*prices, **columns) == expected


def test_a_version_announced_too_late_is_missed_once_the_deadline_has_passed() -> None:
    house = company(
        agreements=[agreement(registered_users=5)],
        prices=[FIRST, price(NEXT, "1300", announced_on=date(2026, 2, 15))],
    )
    found = _asked(
        house,
        "select period_number, price_notice_state from model.price_notice_states($1, null, $2, $3) order by all",
        [date(2026, 2, 20), date(2026, 2, 20), date(2027, 2, 20)],
    )
    # the version is known in time for the period after
    assert found == [(0, "missed"), (1, "announced")]


def test_each_period_ahead_has_a_state_of_its_own() -> None:
    house = company(
        agreements=[agreement(registered_users=5)],
        prices=[
            FIRST,
            price(date(2026, 1, 1), "1250", announced_on=date(2025, 11, 1)),
            price(date(2027, 1, 1), "1300", announced_on=date(2026, 11, 1)),
        ],
    )
    assert _states(house, days=1200) == [
        (date(2026, 2, 14), 0, "announced"),
        (date(2027, 2, 14), 1, "planned"),
        (date(2028, 2, 15), 2, "planned"),
        (date(2029, 2, 14), 3, "planned"),
    ]


def test_the_version_of_an_upcoming_agreement_holds_in_its_second_period_too() -> None:
    known = price(date(2025, 2, 1), "1300", announced_on=date(2025, 3, 1))
    assert _state(known, as_of=date(2025, 3, 10)) == "none"
    assert _state(known, as_of=date(2025, 2, 10)) == "planned"


@pytest.mark.parametrize(("months", "days"), [(1, 14), (48, 0), (48, 45), (120, 3650), (0, 3650), (0, 0)])
def test_a_long_notice_hides_no_date(months: int, days: int) -> None:
    house = company(
        f'[products."Lang"]\nnotice_months = {months}\nprice_notice_days = {days}',
        agreements=[
            agreement("A-1", subscribed_on=date(2000, 3, 31), product="Lang"),
            agreement("A-2", subscribed_on=date(2030, 3, 31), product="Lang"),
        ],
    )
    rows = house.report("deadlines", Scope(AS_OF, SEES_ALL), days=1000).to_pylist()
    for kind in ("price_notice", "termination", "renewal"):
        for agreement_id in ("A-1", "A-2"):
            found = {
                row["due_on"] for row in rows if (row["kind"], row["agreement_id"]) == (kind, agreement_id)
            }
            assert found == _dates(house, agreement_id, kind), (kind, agreement_id)


def _dates(house: Warehouse, agreement_id: str, kind: str) -> set[date]:
    """The same from a century of periods."""
    column = {"price_notice": "price_notice_deadline", "termination": "termination_deadline"}.get(
        kind, "renewal_on"
    )
    found = _asked(
        house,
        f"select {column} from model.periods($1, null, $2, $3) where agreement_id = $4",  # noqa: S608
        [AS_OF, date(1999, 1, 1), date(2100, 1, 1), agreement_id],
    )
    return {day for (day,) in found if 0 <= (day - AS_OF).days <= 1000}


@pytest.mark.parametrize(("months", "days"), [(1, 14), (30, 0), (48, 45), (120, 400)])
def test_a_planned_price_reaches_a_renewal_however_long_the_notice(months: int, days: int) -> None:
    house = company(
        f'[products."Lang"]\nnotice_months = {months}\nprice_notice_days = {days}',
        agreements=[agreement(subscribed_on=date(2000, 3, 31), product="Lang", registered_users=5)],
        prices=[price(date(2000, 1, 1), "1000", product="Lang")],
    )
    sent_on = date(2026, 3, 1)
    (row,) = house.report(
        "price_plan", Scope(AS_OF, SEES_ALL), valid_on=date(2026, 6, 1), sent_on=sent_on
    ).to_pylist()
    starts = _asked(
        house,
        "select period_start from model.periods($1, null, $2, $3) where announce_by >= $4 and period_start >= $5",
        [AS_OF, date(1999, 1, 1), date(2100, 1, 1), sent_on, date(2026, 6, 1)],
    )
    assert row["reached_on"] == min(start for (start,) in starts)
    assert row["lost_by_waiting"] is not None
    assert row["price_notice_state"] == "none"


def test_a_notice_that_is_due_a_year_before_its_period_has_an_outcome() -> None:
    house = company(
        '[products."Lang"]\nnotice_months = 30\nprice_notice_days = 0',
        agreements=[agreement(subscribed_on=date(2020, 4, 1), product="Lang")],
    )
    rows = house.report("renewal_outcomes", Scope(AS_OF, SEES_ALL), months=12).to_pylist()
    assert [(row["period_end"], row["termination_deadline"]) for row in rows] == [
        (date(2028, 3, 31), date(2025, 9, 30))
    ]
