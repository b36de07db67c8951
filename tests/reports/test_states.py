"""What is kept at build by spans of as-of dates: spans without gaps, and what a later notice changes."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import Any

import pytest

from ccinsight.access import SEES_ALL
from ccinsight.database.scope import Scope
from ccinsight.database.warehouse import Warehouse
from tests.reports.companies import agreement, company, count, invoice, price


@pytest.fixture
def house() -> Warehouse:
    """Two agreements of one product: the first is ended by a notice that comes after the next year's invoice."""
    return company(
        agreements=[
            agreement("A-1", subscribed_on=date(2022, 3, 1), terminated_on=date(2024, 1, 10)),
            agreement("A-2", subscribed_on=date(2023, 6, 15)),
        ],
        user_counts=[count(date(2022, 1, 5), 8), count(date(2023, 9, 1), 14), count(date(2024, 7, 1), 11)],
        prices=[price(date(2020, 1, 1), "1200"), price(date(2024, 1, 1), "1300")],
        invoices=[
            invoice("I-1", date(2023, 12, 1), "15600", period_start=date(2024, 6, 15), agreement_id=None)
        ],
    )


@pytest.mark.parametrize(
    ("table", "key"),
    [
        ("agreement_states", "agreement_id"),
        ("customer_states", "customer_id"),
        ("invoice_places", "invoice_line_id"),
        ("invoice_states", "invoice_line_id"),
    ],
)
def test_each_span_begins_where_the_one_before_ends(house: Warehouse, table: str, key: str) -> None:
    rows = (
        house.cursor()
        .execute(f"from model.{table} select {key}, known_from, known_until order by 1, 2")
        .fetchall()
    )
    assert len(rows) > 1
    for (name, _from, until), (next_name, next_from, _until) in pairwise(rows):
        assert until == (next_from if name == next_name else date(9999, 12, 31))
    assert rows[-1][2] == date(9999, 12, 31)


def _unassigned(house: Warehouse, as_of: date) -> list[Any]:
    table = house.report("data_problems", Scope(as_of, SEES_ALL), check="invoice_unassigned")
    return [row["key"] for row in table.to_pylist()]


def test_an_invoice_finds_its_agreement_once_a_notice_is_known(house: Warehouse) -> None:
    assert _unassigned(house, date(2023, 11, 30)) == []
    assert _unassigned(house, date(2024, 1, 9)) == ["I-1"]
    assert _unassigned(house, date(2024, 1, 10)) == []


def test_long_after_all_that_is_known_the_last_count_and_price_hold(house: Warehouse) -> None:
    rows = {
        row["agreement_id"]: row
        for row in house.report("agreements", Scope(date(2041, 8, 1), SEES_ALL)).to_pylist()
    }
    row = rows["A-2"]
    assert (row["period_start"], row["registered_users"], row["invoiced_users"]) == (
        date(2041, 6, 15),
        11,
        11,
    )
    assert str(row["rate"]) == "1300.00"
    assert rows["A-1"]["state"] == "ended"
