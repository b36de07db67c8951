"""R7: credits go to the line they credit, and what was invoiced for a period after the end is overbilled."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from ccinsight.access import SEES_ALL
from ccinsight.database.scope import Scope
from ccinsight.database.warehouse import Warehouse
from tests.reports.companies import Row, agreement, company, invoice

LONG_AGO = date(1990, 1, 1)
CONTRACT: Row = {"price_basis": "contract", "price_per_user": Decimal("1000"), "registered_users": 10}


def _invoiced(house: Warehouse, as_of: date) -> dict[tuple[str, date, str], Decimal]:
    rows = house.report("invoicing", Scope(as_of, SEES_ALL), since=LONG_AGO).to_pylist()
    return {(row["agreement_id"], row["period_start"], row["kind"]): row["invoiced"] for row in rows}


def _listed(house: Warehouse, as_of: date, check: str) -> list[str]:
    return [
        row["key"] for row in house.report("data_problems", Scope(as_of, SEES_ALL), check=check).to_pylist()
    ]


def _of(number: str, issued: date, amount: str, **columns: Any) -> Row:
    return invoice(number, issued, amount, agreement_id="A-1", **columns)


# Two periods, one line of 9 000 and one of 11 000 in each, all without a period.
_FIRST, _SECOND = date(2024, 5, 1), date(2025, 5, 1)
_LINES = [
    _of("1", _FIRST, "9000"),
    _of("2", date(2024, 6, 1), "11000"),
    _of("3", _SECOND, "9000"),
    _of("4", date(2025, 6, 1), "11000"),
]


@pytest.mark.parametrize(
    ("credit", "period"),
    [
        (_of("C", date(2025, 7, 1), "-10000"), _SECOND),  # the newest of at least its amount
        (_of("C", date(2025, 5, 20), "-10000"), _FIRST),  # the second period's is too small
        (_of("C", date(2025, 5, 20), "-9000"), _SECOND),  # exactly its amount
        (_of("C", _SECOND, "-9000"), _SECOND),  # issued the same day
        (_of("C", date(2025, 4, 30), "-500"), _FIRST),  # nearer to a start whose line isn't issued yet
        (_of("C", date(2025, 4, 30), "-12000"), _SECOND),  # no line is as large: by its own dates
        (_of("C", date(2025, 7, 1), "-10000", period_start=_FIRST), _FIRST),  # it names its period
        (_of("C", date(2024, 4, 20), "-100"), _FIRST),  # before any line
    ],
)
def test_a_credit_goes_to_the_line_it_credits(credit: Row, period: date) -> None:
    house = company(agreements=[agreement(subscribed_on=_FIRST, **CONTRACT)], invoices=[*_LINES, credit])
    sums = {_FIRST: Decimal(20000), _SECOND: Decimal(20000)}
    sums[period] += credit["amount"]

    assert _invoiced(house, date(2026, 1, 1)) == {("A-1", start, "yearly"): sums[start] for start in sums}


def test_a_credit_follows_lines_of_its_own_agreement_and_kind_alone() -> None:
    house = company(
        agreements=[
            agreement("A-1", subscribed_on=_FIRST, **CONTRACT),
            agreement("A-2", subscribed_on=_FIRST, product="Annet", **CONTRACT),
        ],
        invoices=[
            _of("1", _FIRST, "9000"),
            _of("2", date(2025, 5, 2), "900", kind="expansion"),
            invoice("3", date(2025, 5, 2), "9000", agreement_id="A-2"),
            _of("C", date(2025, 5, 30), "-500"),
        ],
    )
    invoiced = _invoiced(house, date(2026, 1, 1))
    assert invoiced["A-1", _FIRST, "yearly"] == Decimal(8500)
    assert invoiced["A-1", _SECOND, "expansion"] == Decimal(900)
    assert invoiced["A-2", _SECOND, "yearly"] == Decimal(9000)


def test_of_several_lines_of_one_day_the_latest_period_is_credited() -> None:
    day = date(2025, 4, 28)
    house = company(
        agreements=[agreement(subscribed_on=_FIRST, **CONTRACT)],
        invoices=[
            _of("1", day, "9000", period_start=_SECOND),
            _of("2", day, "9000", period_start=_FIRST),
            _of("C", date(2025, 4, 30), "-9000"),
        ],
    )
    assert _invoiced(house, date(2026, 1, 1)) == {
        ("A-1", _FIRST, "yearly"): Decimal(9000),
        ("A-1", _SECOND, "yearly"): Decimal(0),
    }


def test_a_credit_is_known_from_its_day_and_follows_its_line_once_a_notice_is_known() -> None:
    # The line names no agreement: until A-1's notice is known, both are in force on its period's start.
    house = company(
        agreements=[
            agreement("A-1", subscribed_on=date(2022, 3, 1), terminated_on=date(2024, 1, 10), **CONTRACT),
            agreement("A-2", subscribed_on=date(2023, 6, 15), product="Annet", **CONTRACT),
        ],
        invoices=[
            invoice("1", date(2023, 6, 15), "8000", agreement_id="A-2"),
            invoice("2", date(2023, 12, 1), "10000", period_start=date(2024, 6, 15)),
            invoice("C", date(2023, 12, 20), "-3000", agreement_id="A-2"),
        ],
    )
    early, late = ("A-2", date(2023, 6, 15), "yearly"), ("A-2", date(2024, 6, 15), "yearly")
    assert _invoiced(house, date(2023, 12, 19))[early] == Decimal(8000)
    assert _invoiced(house, date(2024, 1, 9))[early] == Decimal(5000)
    assert _invoiced(house, date(2024, 1, 10))[early] == Decimal(8000)
    assert _invoiced(house, date(2024, 6, 15))[late] == Decimal(7000)


def test_a_span_of_a_credit_begins_where_the_one_before_ends() -> None:
    house = company(
        agreements=[
            agreement("A-1", subscribed_on=date(2022, 3, 1), terminated_on=date(2024, 1, 10), **CONTRACT),
            agreement("A-2", subscribed_on=date(2023, 6, 15), product="Annet", **CONTRACT),
        ],
        invoices=[
            invoice("1", date(2023, 6, 15), "8000", agreement_id="A-2"),
            invoice("2", date(2023, 12, 1), "10000", period_start=date(2024, 6, 15)),
            invoice("C", date(2023, 12, 20), "-3000", agreement_id="A-2"),
        ],
    )
    spans = (
        house.cursor()
        .execute(
            "from model.invoice_states select known_from, known_until where invoice_line_id = 'C' order by 1"
        )
        .fetchall()
    )
    assert spans == [
        (date(2023, 12, 20), date(2024, 1, 10)),
        (date(2024, 1, 10), date(9999, 12, 31)),
    ]


# ---- after the end


@pytest.mark.parametrize(
    "line",
    [
        _of("9", date(2025, 4, 20), "10000", period_start=_SECOND),
        _of("9", date(2025, 4, 20), "10000"),
        invoice("9", date(2025, 4, 20), "10000", period_start=_SECOND),
        invoice("9", date(2025, 4, 20), "10000"),
    ],
)
def test_what_was_invoiced_for_a_period_after_the_end_is_overbilled(line: Row) -> None:
    ending = agreement(subscribed_on=_FIRST, terminated_on=date(2025, 3, 1), **CONTRACT)
    house = company(agreements=[ending], invoices=[_of("1", _FIRST, "10000"), line])
    rows = house.report("invoicing", Scope(date(2025, 5, 1), SEES_ALL), since=LONG_AGO).to_pylist()
    after = [row for row in rows if row["is_after_end"]]

    assert len(rows) == 2
    assert [(row["period_start"], row["kind"], row["expected"], row["difference"]) for row in after] == [
        (_SECOND, "yearly", Decimal("0.00"), Decimal("-10000.00"))
    ]
    assert len(house.report("invoicing", Scope(date(2025, 4, 30), SEES_ALL), since=LONG_AGO).to_pylist()) == 1
    later = house.report(
        "invoicing", Scope(date(2026, 5, 2), SEES_ALL)
    ).to_pylist()  # begun more than a year ago
    assert later == []


def test_a_notice_that_is_not_known_yet_ends_nothing() -> None:
    # Notice in the second period's last month: it ends the agreement a year later.
    ending = agreement(subscribed_on=_FIRST, terminated_on=date(2026, 3, 20), **CONTRACT)
    lines = [_of("1", _SECOND, "10000"), _of("2", date(2026, 3, 10), "10000", period_start=date(2026, 5, 1))]
    house = company(agreements=[ending], invoices=lines)
    row = house.report("invoicing", Scope(date(2026, 5, 1), SEES_ALL)).to_pylist()[-1]
    assert (row["is_after_end"], row["expected"]) == (True, Decimal(0))

    unknown = company(agreements=[{**ending, "terminated_on": date(2026, 5, 2)}], invoices=lines)
    rows = unknown.report("invoicing", Scope(date(2026, 5, 1), SEES_ALL)).to_pylist()
    assert {row["expected"] for row in rows} == {Decimal(10000)}
    assert not any(row["is_after_end"] for row in rows)


def test_an_expansion_and_a_credit_after_the_end_share_no_row_with_the_yearly_line() -> None:
    ending = agreement(subscribed_on=_FIRST, terminated_on=date(2025, 3, 1), **CONTRACT)
    house = company(
        agreements=[ending],
        invoices=[
            _of("1", _SECOND, "10000"),
            _of("2", date(2025, 8, 1), "300", kind="expansion"),
            _of("3", date(2025, 9, 1), "-10000"),
        ],
    )
    invoiced = _invoiced(house, date(2025, 10, 1))
    assert invoiced["A-1", _SECOND, "yearly"] == Decimal(0)
    assert invoiced["A-1", _SECOND, "expansion"] == Decimal(300)


def test_a_line_for_a_period_before_the_start_is_listed() -> None:
    house = company(
        agreements=[agreement(subscribed_on=_FIRST, **CONTRACT)],
        invoices=[
            _of("1", date(2024, 1, 1), "10000", period_start=_FIRST - timedelta(days=1)),
            _of("2", date(2024, 1, 1), "10000"),  # issued ahead, for the first period
            _of("3", date(2024, 1, 1), "300", kind="expansion"),
            invoice("4", date(2024, 1, 1), "10000", agreement_id="A-7"),
        ],
    )
    assert _listed(house, date(2024, 5, 1), "invoice_outside") == ["1", "3"]
    assert _listed(house, date(2024, 5, 1), "invoice_unassigned") == ["4"]
    assert _invoiced(house, date(2024, 5, 1)) == {("A-1", _FIRST, "yearly"): Decimal(10000)}
