"""When a verdict on a renewal is due, what closes it, and what becomes of its action: days worked out by hand."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from ccinsight.access import SEES_ALL
from ccinsight.database.scope import Scope
from ccinsight.database.warehouse import Warehouse
from tests.reports.companies import Row, agreement, company, count, price

# From 1 April 2025: the termination is due on 28 February 2026, six months before is 28 August 2025, three months
# before is 28 November.
START, RENEWAL, DEADLINE = date(2025, 4, 1), date(2026, 4, 1), date(2026, 2, 28)
SIX_ON, THREE_ON = date(2025, 8, 28), date(2025, 11, 28)
ONE_DAY = timedelta(days=1)


SETTINGS = """
[products."Tolv måneder"]
notice_months = 12
[products."Tre måneder"]
notice_months = 3
"""
# One agreement a customer: all begin on 1 April 2025 unless something else is said.
AGREEMENTS: dict[str, Row] = {
    "plain": {"account_manager": "Kari"},
    "october": {"subscribed_on": date(2025, 10, 1)},
    "leap_year": {"subscribed_on": date(2027, 10, 1)},
    "january": {"subscribed_on": date(2026, 1, 1)},
    "short": {"first_renewal_on": date(2025, 9, 1)},
    "twelve_months": {"product": "Tolv måneder"},
    "three_months": {"product": "Tre måneder"},
    "terminated": {"terminated_on": date(2025, 12, 10)},
    "terminated_late": {"terminated_on": date(2026, 3, 5)},
    # their renewals were on 1 April, before the first one was corrected
    **{
        f"moved_{day.month}": {"subscribed_on": date(2024, 6, 20), "first_renewal_on": day}
        for day in (date(2025, 3, 1), date(2025, 6, 15), date(2024, 11, 1))
    },
}


@pytest.fixture(scope="module")
def house() -> Warehouse:
    return company(
        SETTINGS,
        agreements=[agreement(f"A-{name}", name, **columns) for name, columns in AGREEMENTS.items()],
        user_counts=[count(date(2025, 3, 1), 10, "plain")],
        prices=[price(date(2020, 1, 1), "1200")],
    )


def _rows(house: Warehouse, name: str, as_of: date, verdicts: Iterable[Row], report: str) -> list[Row]:
    given = [{**row, "agreement_id": f"A-{name}", "customer_id": name} for row in verdicts]
    rows: list[Row] = house.report(report, Scope(as_of, SEES_ALL, (name,)), verdicts=given).to_pylist()
    return rows


def _due(house: Warehouse, as_of: date, *verdicts: Row, of: str = "plain") -> list[tuple[Any, ...]]:
    rows = [
        row for row in _rows(house, of, as_of, verdicts, "verdicts_due") if row["kind"] == "renewal_verdict"
    ]
    return [(row["milestone"], row["last_day"], row["relates_on"]) for row in rows]


def _given(house: Warehouse, as_of: date, *verdicts: Row, of: str = "plain") -> list[tuple[Any, ...]]:
    rows = _rows(house, of, as_of, verdicts, "renewal_verdicts")
    return [(row["milestone"], row["verdict"], row["outcome"]) for row in rows]


def _verdict(verdict_id: int = 1, milestone: int = 6, **columns: Any) -> Row:
    return {
        "verdict_id": verdict_id,
        "renewal_on": RENEWAL,
        "milestone": milestone,
        "verdict": "stays",
        "reason": "",
        "action": "",
        "action_on": None,
        "given_at": datetime(2025, 9, 1, 12),
        "given_by": "Kari",
        "state": None,
        "closed_on": None,
        "closed_by": None,
        "note": None,
        **columns,
    }


def test_a_verdict_is_due_six_and_three_months_before_the_deadline(house: Warehouse) -> None:
    six, three = (6, date(2025, 9, 27), DEADLINE), (3, date(2025, 12, 28), DEADLINE)

    assert _due(house, SIX_ON - ONE_DAY) == []
    assert _due(house, SIX_ON) == _due(house, THREE_ON - ONE_DAY) == [six]
    # the one that wasn't given gives way to the next, and the last one ends with the deadline
    assert _due(house, THREE_ON) == _due(house, DEADLINE - ONE_DAY) == [three]
    assert _due(house, DEADLINE) == []


def test_a_verdict_due_is_a_duty_with_what_is_at_stake(house: Warehouse) -> None:
    (row,) = _rows(house, "plain", date(2025, 9, 30), [], "verdicts_due")

    assert {
        name: row[name] for name in ("state", "days_left", "period_start", "period_number", "detail")
    } == {
        "state": "open",
        "days_left": -3,
        "period_start": START,
        "period_number": 0,
        "detail": "6",
    }
    assert (row["last_working_day"], row["account_manager"], row["value"]) == (
        date(2025, 9, 26),
        "Kari",
        12000,
    )


@pytest.mark.parametrize(
    ("name", "six_on", "three_on"),
    [
        # the period ends on 30 September: the deadline is 31 August, and 31 February isn't there
        ("october", date(2026, 2, 28), date(2026, 5, 31)),
        ("leap_year", date(2028, 2, 29), date(2028, 5, 31)),
        # the deadline is 30 November, whose month is no longer than May and August
        ("january", date(2026, 5, 30), date(2026, 8, 30)),
    ],
)
def test_months_that_are_too_short_give_their_last_day(
    house: Warehouse, name: str, six_on: date, three_on: date
) -> None:
    for milestone, day in ((6, six_on), (3, three_on)):
        assert [row[0] for row in _due(house, day, of=name)] == [milestone]
        assert milestone not in [row[0] for row in _due(house, day - ONE_DAY, of=name)]


def test_a_short_period_asks_only_where_the_agreement_had_begun(house: Warehouse) -> None:
    # from 1 April to 31 August: the deadline is 31 July, six months before lies before the start
    assert _due(house, date(2025, 4, 29), of="short") == []
    assert _due(house, date(2025, 4, 30), of="short") == [(3, date(2025, 5, 30), date(2025, 7, 31))]


def test_a_long_notice_asks_in_the_period_before(house: Warehouse) -> None:
    # the deadline of the period to 31 March 2027 is 31 March 2026
    assert [row[2] for row in _due(house, date(2025, 9, 30), of="twelve_months")] == [date(2026, 3, 31)]


def test_a_verdict_closes_its_duty_from_its_own_day_on(house: Warehouse) -> None:
    six = _verdict()

    assert [row[0] for row in _due(house, date(2025, 8, 31), six)] == [6]
    assert _due(house, date(2025, 9, 1), six) == []
    assert [row[0] for row in _due(house, THREE_ON, six)] == [3]
    assert _due(house, THREE_ON, six, _verdict(2, 3, given_at=datetime(2025, 11, 28))) == []


def test_the_last_one_before_the_deadline_is_judged(house: Warehouse) -> None:
    given = [
        _verdict(1, 3, verdict="stays", given_at=datetime(2025, 12, 1)),
        _verdict(2, 3, verdict="leaves", given_at=datetime(2026, 2, 27, 23, 59)),
        _verdict(3, 3, verdict="in_doubt", given_at=datetime(2026, 2, 28)),
    ]

    assert _given(house, date(2026, 2, 26), *given) == [(3, "stays", None)]
    assert _given(house, DEADLINE - ONE_DAY, *given) == [(3, "leaves", None)]
    assert _given(house, DEADLINE, *given) == [(3, "leaves", "stayed")]


def test_a_termination_cancels_what_is_due_and_is_the_outcome(house: Warehouse) -> None:
    six, of = _verdict(), "terminated"

    assert [row[0] for row in _due(house, date(2025, 12, 9), six, of=of)] == [3]
    assert _due(house, date(2025, 12, 10), six, of=of) == []
    assert _given(house, DEADLINE, six, of=of) == [(6, "stays", "left")]
    # nothing is asked about renewals after the end
    assert _due(house, date(2026, 8, 28), of=of) == []


def test_a_notice_after_the_deadline_ends_the_next_period_and_cancels_there(house: Warehouse) -> None:
    of = "terminated_late"

    assert _given(house, date(2026, 3, 10), _verdict(), of=of) == [(6, "stays", "stayed")]
    assert _due(house, date(2026, 8, 28), of=of) == []


@pytest.mark.parametrize("renewal", [date(2026, 3, 1), date(2026, 6, 15), date(2025, 11, 1)])
def test_a_verdict_follows_its_renewal_to_another_date(house: Warehouse, renewal: date) -> None:
    rows = _rows(house, f"moved_{renewal.month}", date(2026, 2, 1), [_verdict()], "renewal_verdicts")

    assert [row["renewal_on"] for row in rows if row["verdict"] == "stays"] == [renewal]


def test_a_changed_notice_moves_the_days_and_keeps_the_verdict(house: Warehouse) -> None:
    # three months of notice: the deadline is 31 December, six months before is 30 June, three are 30 September
    six, of = _verdict(), "three_months"

    assert _due(house, date(2025, 6, 30), of=of) == [(6, date(2025, 7, 30), date(2025, 12, 31))]
    assert _due(house, date(2025, 9, 1), six, of=of) == []
    assert _due(house, date(2025, 9, 30), six, of=of) == [(3, date(2025, 10, 30), date(2025, 12, 31))]


def _actions(house: Warehouse, as_of: date, *verdicts: Row, of: str = "plain") -> list[tuple[Any, ...]]:
    rows = [
        row for row in _rows(house, of, as_of, verdicts, "verdicts_due") if row["kind"] == "verdict_action"
    ]
    return [
        (row["verdict_id"], row["state"], row["last_day"], row["detail"], row["closed_on"]) for row in rows
    ]


def test_an_action_is_a_duty_until_it_is_closed(house: Warehouse) -> None:
    day = date(2025, 10, 1)
    action = _verdict(action="Ring / avtal møte", action_on=day)
    closed_on = date(2025, 10, 20)
    closed = action | {"state": "done", "closed_on": closed_on, "closed_by": "Kari", "note": "Ringte"}

    assert _actions(house, date(2025, 8, 31), action) == []
    assert _actions(house, day, action) == [(1, "open", day, "Ring / avtal møte", None)]
    assert _actions(house, closed_on - ONE_DAY, closed) == [(1, "open", day, "Ring / avtal møte", None)]
    assert _actions(house, closed_on, closed) == [(1, "done", day, "Ring / avtal møte", closed_on)]
    assert _actions(house, closed_on + timedelta(days=90), closed) == []
    for on, state in ((closed_on - ONE_DAY, None), (closed_on, "done")):
        rows = _rows(house, "plain", on, (closed,), "renewal_verdicts")
        assert [row["action_state"] for row in rows if row["action"]] == [state]


def test_each_milestone_has_its_own_action_and_a_later_verdict_replaces_it(house: Warehouse) -> None:
    six = _verdict(1, 6, action="Ring", action_on=date(2025, 12, 1))
    three = _verdict(2, 3, action="Send tilbud", action_on=date(2025, 12, 5), given_at=datetime(2025, 12, 1))
    other = _verdict(
        3, 3, action="Møt lederen", action_on=date(2025, 12, 20), given_at=datetime(2025, 12, 10)
    )

    assert [row[0] for row in _actions(house, date(2025, 12, 9), six, three, other)] == [1, 2]
    assert [row[0] for row in _actions(house, date(2025, 12, 10), six, three, other)] == [1, 3]


def test_the_action_of_an_agreement_that_has_ended_is_no_duty(house: Warehouse) -> None:
    action, of = _verdict(action="Ring", action_on=date(2025, 10, 1)), "terminated"

    assert [row[0] for row in _actions(house, date(2026, 3, 31), action, of=of)] == [1]
    assert _actions(house, date(2026, 4, 1), action, of=of) == []


def test_only_the_customers_asked_for_are_shown(house: Warehouse) -> None:
    given = [{**_verdict(), "agreement_id": f"A-{name}", "customer_id": name} for name in AGREEMENTS]

    for report in ("verdicts_due", "renewal_verdicts"):
        rows = house.report(report, Scope(date(2025, 10, 1), SEES_ALL, ("plain",)), verdicts=given)
        assert set(rows["customer_id"].to_pylist()) <= {"plain"}
    assert rows.num_rows == 1
