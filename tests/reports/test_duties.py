"""The duties of R14: each kind with rows worked out by hand, the days at its edges, and what persons said of them."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from ccinsight.access import SEES_ALL
from ccinsight.database.scope import Scope
from ccinsight.database.warehouse import Warehouse
from tests.reports.companies import Row, agreement, company, count, invoice, meeting, price, ticket

# The agreement of the tests runs from 1 April 2025: the price notice is due on Saturday 14 February 2026, the
# termination on 28 February.
AS_OF = date(2026, 1, 10)
NOTICE_DAY, TERMINATION_DAY, LAST_DAY = date(2026, 2, 14), date(2026, 2, 28), date(2026, 3, 31)
START, NEXT_START = date(2025, 4, 1), date(2026, 4, 1)
LIST = price(date(2025, 1, 1), "1200", announced_on=date(2024, 11, 1))
PLANNED = price(NEXT_START, "1300", announced_on=date(2026, 2, 20))
TEN = count(date(2025, 3, 1), 10)
ONE_DAY = timedelta(days=1)
SETTINGS = '[products."CloudCare CRM"]\nmember_hourly_rate = 1000\n'


def _rows(
    house: Warehouse, as_of: date = AS_OF, ids: tuple[str, ...] | None = None, **options: Any
) -> list[Row]:
    rows: list[Row] = house.report("duties", Scope(as_of, SEES_ALL, ids), **options).to_pylist()
    return rows


def _of(house: Warehouse, kind: str, as_of: date = AS_OF, **options: Any) -> list[Row]:
    return [row for row in _rows(house, as_of, **options) if row["kind"].startswith(kind)]


def _part(rows: list[Row], *names: str) -> list[tuple[Any, ...]]:
    return [tuple(row[name] for name in names) for row in rows]


def _house(**exports: Any) -> Warehouse:
    """One agreement for ten users at 1 200 kr, invoiced, its meeting held and the partner confirmed."""
    whole = {
        "agreements": [agreement(partner_confirmed_on=START)],
        "user_counts": [TEN],
        "prices": [LIST],
        "invoices": [invoice("I-1", START, "12000", period_start=START)],
        "meetings": [meeting("M-1", held_on=date(2025, 6, 1))],
    }
    return company(**{**whole, **exports})


def _without_stale(rows: list[Row]) -> list[Row]:
    return [row for row in rows if not row["kind"].endswith("_stale")]


def test_a_customer_for_whom_all_is_done_has_no_duty() -> None:
    assert _without_stale(_rows(_house())) == []


# ---------------------------------------------------------------- price notice


def test_a_planned_price_is_to_be_announced() -> None:
    (row,) = _of(_house(prices=[LIST, PLANNED]), "price_notice")

    assert {name: value for name, value in row.items() if name != "duty_id"} == {
        "kind": "price_notice",
        "state": "open",
        "last_day": NOTICE_DAY,
        "last_working_day": date(2026, 2, 13),
        "days_left": 35,
        "agreement_id": "A-1",
        "customer_id": "1",
        "customer_name": "Kunde 1 AS",
        "account_manager": None,
        "period_start": START,
        "value": Decimal("12000.00"),
        "detail": "2026-04-01",
        "closed_on": None,
        "closed_by": None,
        "note": None,
        "relates_on": NEXT_START,
        "period_number": 0,
    }


@pytest.mark.parametrize(
    ("as_of", "left"),
    [(NOTICE_DAY, [0]), (NOTICE_DAY + ONE_DAY, []), (date(2025, 3, 31), [])],
    ids=["on the deadline", "the day after", "before the agreement"],
)
def test_a_price_notice_is_a_duty_up_to_its_deadline(as_of: date, left: list[int]) -> None:
    assert [row["days_left"] for row in _of(_house(prices=[LIST, PLANNED]), "price_notice", as_of)] == left


@pytest.mark.parametrize(
    "prices",
    [
        [LIST],
        [LIST, price(NEXT_START, "1300", announced_on=AS_OF)],
        [LIST, price(NEXT_START, "1300", announced_on=date(2025, 12, 1))],
        [LIST, price(NEXT_START, "1300")],
        [LIST, price(NEXT_START + ONE_DAY, "1300", announced_on=date(2026, 2, 1))],
    ],
    ids=["none known", "announced today", "announced earlier", "no day given", "valid a day too late"],
)
def test_what_is_announced_or_not_known_is_no_price_notice(prices: list[Row]) -> None:
    assert _of(_house(prices=prices), "price_notice") == []


@pytest.mark.parametrize(
    ("notice", "count_of"),
    [(date(2026, 1, 5), 0), (date(2026, 1, 11), 1)],
    ids=["ends with the period", "not known yet"],
)
def test_an_agreement_that_ends_with_the_period_needs_no_notice(notice: date, count_of: int) -> None:
    house = _house(agreements=[agreement(terminated_on=notice)], prices=[LIST, PLANNED])

    assert len(_of(house, "price_notice")) == count_of


def test_a_late_termination_leaves_one_more_period_and_its_price_notice() -> None:
    late = price(date(2027, 4, 1), "1400", announced_on=date(2027, 1, 20))
    house = _house(
        agreements=[agreement(terminated_on=TERMINATION_DAY + ONE_DAY)], prices=[LIST, PLANNED, late]
    )

    # it ends on 31 March 2027: the notice for the period that it ends with is none
    assert _part(_of(house, "price_notice", date(2026, 2, 10)), "last_day") == [(NOTICE_DAY,)]
    assert _of(house, "price_notice", date(2027, 1, 10)) == []


# ---------------------------------------------------------------- status meeting


@pytest.mark.parametrize(
    ("as_of", "detail", "left"),
    [
        (NOTICE_DAY, "due", 0),
        (TERMINATION_DAY, "due", -14),
        (TERMINATION_DAY + ONE_DAY, "overdue", -15),
        (LAST_DAY, "overdue", -45),
    ],
)
def test_a_meeting_that_is_not_held_is_due_by_the_price_notice_deadline(
    as_of: date, detail: str, left: int
) -> None:
    rows = _of(_house(meetings=[]), "status_meeting", as_of)

    assert _part(rows, "detail", "last_day", "days_left", "period_start", "value") == [
        (detail, NOTICE_DAY, left, START, Decimal("12000.00"))
    ]


@pytest.mark.parametrize(
    "held",
    [
        meeting("M-1", held_on=START),
        meeting("M-1", held_on=AS_OF),
        meeting("M-1", planned_on=AS_OF),
        meeting("M-1", planned_on=LAST_DAY),
    ],
    ids=["on the first day", "today", "planned today", "planned on the last day"],
)
def test_a_meeting_held_or_planned_closes_the_duty(held: Row) -> None:
    assert _of(_house(meetings=[held]), "status_meeting") == []


@pytest.mark.parametrize(
    "held",
    [
        meeting("M-1", held_on=START - ONE_DAY),
        meeting("M-1", held_on=AS_OF + ONE_DAY),
        meeting("M-1", planned_on=AS_OF - ONE_DAY),
        meeting("M-1", planned_on=NEXT_START),
        meeting("M-1", held_on=AS_OF, kind="course"),
    ],
    ids=["the period before", "not known yet", "planned and passed", "planned in the next", "a course"],
)
def test_another_meeting_does_not(held: Row) -> None:
    assert len(_of(_house(meetings=[held]), "status_meeting")) == 1


# ---------------------------------------------------------------- termination


@pytest.mark.parametrize(
    ("as_of", "left"),
    [
        (date(2026, 1, 4), []),
        (date(2026, 1, 5), [7]),
        (date(2026, 1, 12), [0]),
        (date(2026, 1, 13), [-1]),
        (LAST_DAY, [-78]),
        (NEXT_START, []),
    ],
    ids=[
        "the day before",
        "received",
        "seven days after",
        "eight days after",
        "the last day",
        "after the end",
    ],
)
def test_a_termination_is_to_be_confirmed_until_the_end(as_of: date, left: list[int]) -> None:
    house = _house(agreements=[agreement(terminated_on=date(2026, 1, 5))])
    rows = _of(house, "termination_received", as_of)

    assert [row["days_left"] for row in rows] == left
    assert _part(rows, "last_day", "period_start", "detail", "value") == [
        (date(2026, 1, 12), START, "2026-03-31", Decimal("12000.00"))
    ] * len(left)


def test_a_termination_belongs_to_the_period_that_holds_the_notice() -> None:
    house = _house(agreements=[agreement(terminated_on=TERMINATION_DAY + ONE_DAY)])

    assert _part(_of(house, "termination_received", date(2026, 6, 1)), "period_start", "detail") == [
        (START, "2027-03-31")
    ]


# ---------------------------------------------------------------- invoices


@pytest.mark.parametrize(
    ("as_of", "kinds"),
    [(START + timedelta(days=30), []), (START + timedelta(days=31), ["yearly_unbilled"])],
    ids=["30 days", "31 days"],
)
def test_a_year_not_billed_is_a_duty_after_30_days(as_of: date, kinds: list[str]) -> None:
    rows = _of(_house(invoices=[invoice("I-1", START, "7000", period_start=START)]), "yearly", as_of)

    assert [row["kind"] for row in rows] == kinds
    assert _part(rows, "last_day", "period_start", "value", "detail", "days_left") == [
        (date(2025, 5, 1), START, Decimal("5000.00"), "12000.00 / 7000.00", -1)
    ] * len(kinds)


@pytest.mark.parametrize(
    ("as_of", "kinds"),
    [(date(2025, 10, 15), []), (date(2025, 10, 16), ["expansion_unbilled"])],
    ids=["30 days", "31 days"],
)
def test_an_expansion_waits_from_the_first_count_that_raised_it(as_of: date, kinds: list[str]) -> None:
    # 3 users × 1 200 × 7 / 12, and the second is counted after the day
    house = _house(
        user_counts=[TEN, count(date(2025, 9, 15), 13), count(date(2025, 11, 1), 14)],
    )
    rows = _of(house, "expansion", as_of)

    assert [row["kind"] for row in rows] == kinds
    assert _part(rows, "last_day", "value", "relates_on") == [
        (date(2025, 10, 15), Decimal("2100.00"), date(2025, 9, 15))
    ] * len(kinds)


def test_what_is_billed_too_much_does_not_wait() -> None:
    lines = [
        invoice("I-1", START, "12500", period_start=START),
        invoice("I-2", date(2025, 4, 2), "600", kind="expansion", period_start=START),
    ]
    rows = _of(_house(invoices=lines), "", date(2025, 4, 2))

    assert _part(_without_stale(rows)[:2], "kind", "value", "last_day", "days_left") == [
        ("expansion_overbilled", Decimal("600.00"), date(2025, 5, 1), 29),
        ("yearly_overbilled", Decimal("500.00"), date(2025, 5, 1), 29),
    ]


def test_a_year_billed_after_the_end_is_to_be_credited() -> None:
    house = _house(
        agreements=[agreement(terminated_on=date(2026, 1, 5), partner_confirmed_on=START)],
        invoices=[
            invoice("I-1", START, "12000", period_start=START),
            invoice("I-2", NEXT_START, "13000", agreement_id="A-1", period_start=NEXT_START),
        ],
    )

    assert _part(_of(house, "yearly", NEXT_START), "kind", "period_start", "value", "days_left") == [
        ("yearly_overbilled", NEXT_START, Decimal("13000.00"), 30)
    ]


@pytest.mark.parametrize(
    ("as_of", "count_of"),
    [(date(2027, 4, 1), 1), (date(2027, 4, 2), 0)],
    ids=["two years", "a day more"],
)
def test_invoices_of_the_last_two_years_count(as_of: date, count_of: int) -> None:
    rows = _of(_house(invoices=[invoice("I-1", START, "12001", period_start=START)]), "yearly_over", as_of)

    assert len(rows) == count_of


def test_without_an_invoices_export_nothing_is_unbilled() -> None:
    house = company(agreements=[agreement()], user_counts=[TEN], prices=[LIST])

    assert [row["kind"] for row in _without_stale(_rows(house))] == ["status_meeting"]


# ---------------------------------------------------------------- consulting


def _consulting(*invoices: Row, opened: datetime = datetime(2025, 12, 1, 9)) -> Warehouse:
    done = ticket("T-1", opened, status="closed", minutes_to_invoice=Decimal(90))
    return company(
        SETTINGS,
        agreements=[agreement(), agreement("A-2", product="Annet", subscribed_on=date(2024, 4, 1))],
        tickets=[done],
        invoices=[invoice("I-0", date(2025, 12, 31), "1", customer_id="2"), *invoices],
    )


def test_consulting_not_billed_is_one_duty_a_customer() -> None:
    # 1,5 hours × 1 000 − 400
    house = _consulting(invoice("I-1", date(2025, 12, 20), "400", kind="consulting"))

    assert _part(
        _of(house, "consulting"), "agreement_id", "customer_id", "value", "last_day", "days_left", "detail"
    ) == [(None, "1", Decimal("1100.00"), None, None, "1500.00 / 400.00")]


@pytest.mark.parametrize("amount", ["1500", "1600"])
def test_consulting_billed_is_none(amount: str) -> None:
    assert _of(_consulting(invoice("I-1", AS_OF, amount, kind="consulting")), "consulting") == []


# ---------------------------------------------------------------- partner, users, rate


@pytest.mark.parametrize(
    ("as_of", "left"),
    [(date(2025, 4, 30), []), (date(2025, 5, 1), [0]), (date(2025, 5, 2), [-1])],
    ids=["29 days", "30 days", "31 days"],
)
def test_a_partner_not_confirmed_is_a_duty_from_30_days_on(as_of: date, left: list[int]) -> None:
    house = _house(
        agreements=[
            agreement(),
            agreement("A-2", "2", subscribed_on=date(2020, 1, 1), partner_confirmed_on=START),
        ]
    )
    rows = _of(house, "partner", as_of)

    assert [row["days_left"] for row in rows] == left
    assert _part(rows, "agreement_id", "last_day", "period_start", "value") == [
        ("A-1", date(2025, 5, 1), None, None)
    ] * len(left)


@pytest.mark.parametrize(
    ("confirmed_on", "count_of"), [(AS_OF, 0), (AS_OF + ONE_DAY, 1)], ids=["today", "tomorrow"]
)
def test_a_confirmation_counts_from_its_day(confirmed_on: date, count_of: int) -> None:
    house = _house(agreements=[agreement(partner_confirmed_on=confirmed_on)])

    assert len(_of(house, "partner")) == count_of


def test_an_export_without_confirmations_asks_for_none() -> None:
    assert _of(_house(agreements=[agreement()]), "partner") == []


def test_unknown_users_and_rates_are_duties_of_agreements_in_force() -> None:
    house = _house(
        agreements=[
            agreement(),
            agreement("A-2", "2", terminated_on=date(2025, 12, 1), subscribed_on=date(2025, 1, 9)),
            agreement("A-3", "3", subscribed_on=AS_OF + ONE_DAY),
        ],
        user_counts=[],
        invoices=[],
        meetings=[meeting("M-1", held_on=AS_OF), meeting("M-2", "2", held_on=AS_OF)],
    )

    assert _part(_without_stale(_rows(house)), "kind", "agreement_id", "last_day", "value") == [
        ("rate_unknown", "A-1", None, None),
        ("users_unknown", "A-1", None, None),
    ]


def test_a_count_by_the_day_makes_users_known_and_the_rate_of_the_period_stays_unknown() -> None:
    house = _house(user_counts=[count(AS_OF, 5)])

    assert [row["kind"] for row in _without_stale(_rows(house))] == ["rate_unknown"]
    assert {row["kind"] for row in _rows(house, AS_OF - ONE_DAY)} >= {"rate_unknown", "users_unknown"}


# ---------------------------------------------------------------- stale exports


@pytest.mark.parametrize(
    ("kind", "newest", "days"),
    [
        ("tickets_stale", date(2025, 12, 1), 30),
        ("user_counts_stale", date(2025, 11, 1), 45),
        ("invoices_stale", date(2025, 11, 2), 45),
    ],
)
def test_an_export_is_stale_the_day_after_its_last_day(kind: str, newest: date, days: int) -> None:
    house = company(
        agreements=[agreement()],
        tickets=[ticket("T-1", datetime(2025, 12, 1, 23, 59)), ticket("T-2", datetime(2026, 6, 1, 8))],
        user_counts=[count(date(2025, 11, 1), 5)],
        invoices=[invoice("I-1", date(2025, 11, 2), "1")],
    )
    last_day = newest + timedelta(days=days)

    assert _of(house, kind, last_day) == []
    assert _part(
        _of(house, kind, last_day + ONE_DAY),
        "last_day",
        "days_left",
        "agreement_id",
        "customer_id",
        "detail",
    ) == [(last_day, -1, None, None, newest.isoformat())]
    # no row by then, and a filter
    assert _of(house, kind, newest - ONE_DAY) == []
    assert _of(house, kind, last_day + ONE_DAY, ids=("1",)) == []


def test_an_export_that_is_not_there_is_not_stale() -> None:
    rows = _rows(company(agreements=[agreement()]), date(2026, 3, 1))

    assert [row for row in rows if row["kind"].endswith("_stale")] == []


# ---------------------------------------------------------------- filters, order, numbers


def test_a_filter_leaves_the_duties_of_its_customers() -> None:
    house = _house(
        agreements=[agreement(account_manager="Kari"), agreement("A-2", "2", account_manager="Ola")],
        meetings=[],
        tickets=[ticket("T-1", datetime(2025, 5, 1, 8))],
    )

    assert {row["customer_id"] for row in _rows(house)} == {"1", "2", None}
    assert {row["customer_id"] for row in _rows(house, ids=("2",))} == {"2"}
    assert {row["account_manager"] for row in _rows(house, ids=("2",))} == {"Ola"}
    assert _rows(house, ids=()) == []


def test_open_ones_come_first_by_last_day_and_those_without_one_last() -> None:
    house = _house(agreements=[agreement(terminated_on=date(2026, 1, 5))], meetings=[], user_counts=[])
    rows = _rows(house, ids=("1",), marks=[_mark("termination_received", period_start=START)])

    assert _part(rows, "kind", "state") == [
        ("status_meeting", "open"),
        ("rate_unknown", "open"),
        ("users_unknown", "open"),
        ("termination_received", "done"),
    ]


def test_a_duty_keeps_its_number_whoever_the_manager_is() -> None:
    first = _house(agreements=[agreement(account_manager="Kari")], meetings=[])
    later = _house(agreements=[agreement(account_manager="Ola", customer_name="Nytt navn AS")], meetings=[])

    (before,), (after,) = _of(first, "status_meeting"), _of(later, "status_meeting", NOTICE_DAY)

    assert before["duty_id"] == after["duty_id"]
    assert after["account_manager"] == "Ola"
    assert _of(later, "status_meeting", date(2026, 5, 1))[0]["duty_id"] != after["duty_id"]


# ---------------------------------------------------------------- what persons said


def _mark(kind: str, agreement_id: str | None = "A-1", **columns: Any) -> Row:
    return {
        "mark_id": 1,
        "kind": kind,
        "agreement_id": agreement_id,
        "customer_id": "1",
        "period_start": None,
        "state": "done",
        "closed_on": AS_OF,
        "closed_by": "Kari",
        "note": "Ringte",
        "value": None,
        "last_day": None,
        "ceased_on": None,
        **columns,
    }


MET = _mark("status_meeting", period_start=START, value=Decimal("12000.00"), last_day=NOTICE_DAY)


def test_a_mark_is_seen_from_its_own_day_on() -> None:
    house = _house(meetings=[])

    assert _part(_of(house, "status", AS_OF - ONE_DAY, marks=[MET]), "state", "closed_on") == [("open", None)]
    assert _part(
        _of(house, "status", marks=[MET]),
        "state",
        "closed_on",
        "closed_by",
        "note",
        "days_left",
        "customer_name",
    ) == [("done", AS_OF, "Kari", "Ringte", None, "Kunde 1 AS")]


@pytest.mark.parametrize(("days", "states"), [(89, ["done"]), (90, [])])
def test_what_was_closed_is_shown_for_90_days(days: int, states: list[str]) -> None:
    marks = [MET | {"closed_on": AS_OF - timedelta(days=days)}]

    assert [row["state"] for row in _of(_house(meetings=[]), "status", marks=marks)] == states


def test_what_was_closed_is_shown_when_the_export_proves_it_too() -> None:
    held = meeting("M-1", held_on=AS_OF)

    assert _part(_of(_house(meetings=[held]), "status", marks=[MET]), "state", "value", "last_day") == [
        ("done", Decimal("12000.00"), NOTICE_DAY)
    ]


def test_a_mark_belongs_to_its_period_agreement_and_kind() -> None:
    house = _house(
        agreements=[agreement(), agreement("A-2", product="Annet")], meetings=[], prices=[LIST, PLANNED]
    )

    rows = _rows(house, ids=("1",), marks=[MET])
    assert {
        (row["kind"], row["agreement_id"]): row["state"]
        for row in rows
        if row["kind"] != "yearly_unbilled" and row["period_start"]
    } == {
        ("status_meeting", "A-1"): "done",
        ("status_meeting", "A-2"): "open",
        ("price_notice", "A-1"): "open",
    }
    next_year = _of(house, "status", NEXT_START, marks=[MET])
    assert [row["state"] for row in next_year if row["period_start"] == NEXT_START] == ["open", "open"]


def test_a_mark_moves_with_the_agreement_to_another_customer() -> None:
    house = _house(agreements=[agreement(customer_id="2")], meetings=[])

    assert _part(_of(house, "status", marks=[MET]), "state", "customer_id") == [("done", "2")]
    assert _of(house, "status", marks=[MET], ids=("1",)) == []


def test_the_newest_mark_counts() -> None:
    marks = [MET, MET | {"mark_id": 2, "state": "not_needed", "note": "Slutter"}]

    assert _part(_of(_house(meetings=[]), "status", marks=marks), "state", "note") == [
        ("not_needed", "Slutter")
    ]


@pytest.mark.parametrize(("value", "state"), [("1499.99", "open"), ("1500.00", "done"), ("1600.00", "done")])
def test_consulting_is_open_again_when_its_value_has_risen(value: str, state: str) -> None:
    mark = _mark("consulting_unbilled", None, value=Decimal(value), closed_on=date(2026, 1, 2))

    assert [row["state"] for row in _of(_consulting(), "consulting", marks=[mark])] == [state]


def test_consulting_is_open_again_when_it_was_billed_in_between() -> None:
    mark = _mark("consulting_unbilled", None, value=Decimal("1500.00"), closed_on=date(2026, 1, 2))
    house = company(
        SETTINGS,
        agreements=[agreement()],
        tickets=[
            ticket("T-1", datetime(2025, 12, 1, 9), minutes_to_invoice=Decimal(90)),
            ticket("T-2", datetime(2026, 1, 8, 9), minutes_to_invoice=Decimal(30)),
        ],
        invoices=[invoice("I-1", date(2026, 1, 5), "1500", kind="consulting")],
    )

    assert _part(_of(house, "consulting", date(2026, 1, 4), marks=[mark]), "state") == [("done",)]
    assert _part(_of(house, "consulting", marks=[mark]), "state", "value") == [("open", Decimal("500.00"))]


def test_unknown_users_are_a_new_duty_after_they_were_known() -> None:
    """Rates are known for a period of ten users and unknown for the one of none that the steps have."""
    steps = [price(date(2025, 1, 1), "1200", 5, announced_on=date(2024, 11, 1))]
    house = company(
        agreements=[agreement(subscribed_on=date(2023, 4, 1))],
        user_counts=[count(date(2024, 3, 1), 3), count(date(2025, 3, 1), 10), count(date(2026, 3, 1), 3)],
        prices=steps,
    )
    mark = _mark("rate_unknown", closed_on=date(2024, 6, 1))

    states = {
        day: [row["state"] for row in _of(house, "rate_unknown", day, marks=[mark])]
        for day in (
            date(2024, 5, 31),
            date(2024, 6, 1),
            date(2025, 3, 31),
            date(2025, 4, 1),
            date(2026, 4, 1),
        )
    }
    assert states == {
        date(2024, 5, 31): ["open"],
        date(2024, 6, 1): ["done"],
        # closed more than 90 days ago
        date(2025, 3, 31): [],
        date(2025, 4, 1): [],
        date(2026, 4, 1): ["open"],
    }


def test_a_stale_export_is_open_again_when_a_newer_row_is_stale_too() -> None:
    mark = _mark(
        "tickets_stale", None, customer_id=None, last_day=date(2025, 12, 31), closed_on=date(2026, 1, 2)
    )
    first = [ticket("T-1", datetime(2025, 12, 1, 9))]
    newer = [*first, ticket("T-2", datetime(2026, 1, 3, 9))]

    assert _part(_of(company(tickets=first), "tickets", marks=[mark]), "state") == [("done",)]
    assert _part(_of(company(tickets=newer), "tickets", date(2026, 2, 3), marks=[mark]), "state") == [
        ("open",)
    ]


@pytest.mark.parametrize(("ceased_on", "state"), [(AS_OF + ONE_DAY, "done"), (AS_OF, "open")])
def test_a_mark_that_an_import_ended_holds_until_then(ceased_on: date, state: str) -> None:
    house = _house(agreements=[agreement(), agreement("A-2", "2", partner_confirmed_on=START)])
    mark = _mark("partner_confirmation", last_day=date(2025, 5, 1), closed_on=date(2026, 1, 2))

    rows = _of(house, "partner", marks=[mark | {"ceased_on": ceased_on}], ids=("1",))
    assert [row["state"] for row in rows] == [state]


def test_marks_that_close_nothing_leave_the_rows_as_without_marks() -> None:
    house = _house(
        invoices=[], meetings=[], agreements=[agreement()], tickets=[ticket("T", datetime(2025, 6, 1))]
    )
    of_nobody = {"mark_id": 1, "kind": "users_unknown", "agreement_id": "none", "closed_on": date(2020, 1, 1)}
    mark = dict.fromkeys(
        ("customer_id", "period_start", "state", "closed_by", "note", "value", "last_day", "ceased_on")
    )
    # years after the last row of the exports each period is billed and met like the one before
    for as_of, periods in ((AS_OF, 1), (date(2026, 6, 1), 2), (date(2040, 4, 1), 2), (date(2040, 5, 2), 2)):
        plain = _rows(house, as_of)
        assert plain == _rows(house, as_of, marks=[]) == _rows(house, as_of, marks=[mark | of_nobody])
        assert [row["kind"] for row in plain].count("yearly_unbilled") == periods
        assert "status_meeting" in {row["kind"] for row in plain}
