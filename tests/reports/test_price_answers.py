"""The one answer to which price holds (R6): every question finds one row, and all that read it agree."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from ccinsight.access import SEES_ALL
from ccinsight.database.scope import Scope
from ccinsight.database.warehouse import Warehouse
from tests.reports.companies import agreement, company, count, price

DAYS = [
    date(2020, 5, 1),
    date(2024, 2, 1),
    date(2024, 12, 20),
    date(2025, 6, 1),
    date(2026, 1, 25),
    date(2040, 1, 1),
]


@pytest.fixture(scope="module")
def house() -> Warehouse:
    """A list whose version of 2026 was announced too late for A-1; a contract, an own price, a short first period."""
    return company(
        agreements=[
            agreement("A-1", subscribed_on=date(2024, 3, 1)),
            agreement("A-2", "2", price_basis="contract", price_per_user="990"),
            agreement("A-3", "3", price_basis="contract"),
            agreement("A-4", "4", subscribed_on=date(2024, 9, 10), first_renewal_on=date(2025, 1, 1)),
            agreement("A-5", "5", complexity="erp"),
            agreement("A-6", "6", subscribed_on=date(2022, 3, 1), terminated_on=date(2024, 1, 10)),
        ],
        user_counts=[
            count(date(2024, 2, 20), 12),
            count(date(2025, 8, 1), 30),
            count(date(2024, 9, 1), 3, "4"),
            count(date(2022, 1, 1), 40, "6"),
        ],
        prices=[
            price(date(2023, 1, 1), "1200", 5),
            price(date(2023, 1, 1), "1000", 20),
            price(date(2026, 1, 1), "1300", 5, announced_on=date(2026, 1, 20)),
            price(date(2026, 1, 1), "1100", 20, announced_on=date(2026, 1, 20)),
            price(date(2027, 1, 1), "1400", 5, announced_on=date(2026, 10, 1)),
            price(date(2025, 1, 1), "800", agreement_id="A-3", announced_on=date(2025, 2, 1)),
        ],
    )


def _rows(house: Warehouse, query: str, *values: Any) -> list[Any]:
    return house.cursor().execute(query, values).fetchall()


def test_each_question_finds_one_row(house: Warehouse) -> None:
    found = _rows(
        house,
        """
        select t.agreement_id, q.question, s.day, k.day, u.users, count(r.agreement_id)
        from model.agreement_terms as t
        cross join (values ('in_time'), ('whenever')) as q (question)
        cross join (select unnest($1) as day) as s
        cross join (select unnest($1) as day) as k
        cross join (values (-1), (0), (4), (5), (19), (20), (100000)) as u (users)
        left join model.price_rates as r
            on t.agreement_id = r.agreement_id
            and q.question = r.question
            and model.is_within(greatest(s.day, t.subscribed_on), r.period_from, r.period_until)
            and model.is_within(k.day, r.known_from, r.known_until)
            and model.is_within(u.users, r.users_from, r.users_until)
        group by all
        """,
        DAYS,
    )
    assert len(found) == 6 * 2 * len(DAYS) ** 2 * 7
    assert [row for row in found if row[-1] != 1] == []


def test_a_late_version_answers_one_question_only(house: Warehouse) -> None:
    answers = _rows(
        house,
        """
        select question, known_from, price_version
        from model.price_answers
        where agreement_id = 'A-1' and period_from = date '2026-03-01' order by all
        """,
    )
    assert answers == [
        ("in_time", date(1, 1, 1), None),
        ("in_time", date(2023, 1, 1), date(2023, 1, 1)),
        ("whenever", date(1, 1, 1), None),
        ("whenever", date(2023, 1, 1), date(2023, 1, 1)),
        ("whenever", date(2026, 1, 20), date(2026, 1, 1)),
    ]


def test_the_missed_change_is_the_difference_between_the_answers(house: Warehouse) -> None:
    periods = house.report("agreement_periods", Scope(date(2026, 1, 25), SEES_ALL)).to_pylist()
    [coming] = [row for row in periods if row["period_start"] == date(2026, 3, 1)]
    assert (str(coming["rate"]), str(coming["missed_rate"])) == ("1000.00", "1100.00")
    assert (coming["missed_version"], coming["missed_announced_on"]) == (date(2026, 1, 1), date(2026, 1, 20))
    assert str(coming["missed_price_change"]) == "3000.00"  # 30 users

    renewals = house.report("renewals", Scope(date(2026, 1, 25), SEES_ALL)).to_pylist()
    [renewal] = [row for row in renewals if row["agreement_id"] == "A-1"]
    assert str(renewal["missed_price_change"]) == "3000.00"


def test_a_period_of_the_rule_misses_nothing(house: Warehouse) -> None:
    periods = house.report("agreement_periods", Scope(date(2026, 1, 25), SEES_ALL)).to_pylist()
    assert {row["missed_price_change"] for row in periods if row["missed_version"] is None} == {None}


@pytest.mark.parametrize("as_of", DAYS)
def test_the_notice_of_the_current_period_is_the_same_by_both_ways(house: Warehouse, as_of: date) -> None:
    assert _rows(
        house,
        """
        select p.agreement_id, p.price_notice_state
        from model.price_notice_states($1, null, $1, $1) as p
        order by all
        """,
        as_of,
    ) == _rows(
        house,
        """
        select s.agreement_id, s.price_notice_state
        from model.agreement_states as s
        where model.is_within($1, s.known_from, s.known_until)
        order by all
        """,
        as_of,
    )


@pytest.mark.parametrize("as_of", DAYS)
def test_the_rate_of_the_current_period_is_the_same_by_both_ways(house: Warehouse, as_of: date) -> None:
    by_period = _rows(
        house,
        """
        select p.agreement_id, p.price_source, p.price_version, p.users_on_start, p.rate
        from model.rated_periods($1, null, $1, $1) as p
        order by all
        """,
        as_of,
    )
    by_span = _rows(
        house,
        """
        select v.agreement_id, v.price_source, v.price_version, v.users_on_start, v.rate
        from model.agreement_values($1, null) as v
        order by all
        """,
        as_of,
    )
    assert by_period == by_span
    assert len(by_span) == 6
