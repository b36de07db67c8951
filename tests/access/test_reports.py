"""Every report, asked for as each reader: no row and no mark of a customer that isn't theirs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from ccinsight.access import SEES_ALL, Reader
from ccinsight.database.scope import Filters, Scope
from ccinsight.database.warehouse import FEWEST_BEHIND, Warehouse
from ccinsight.errors import UsageError
from ccinsight.registry import REPORTS
from tests.access.readers import EVERYONE, LIMITED, LISTED, SILJE, TODAY, all_marks, marks_of_others
from tests.reports.companies import agreement, company, count, ticket

DAYS = (TODAY, date(2024, 3, 1))
LONGEST: dict[str, dict[str, Any]] = {
    "deadlines": {"days": 1000},
    "calendar_events": {"days": 1000},
    "renewals": {"months": 36},
    "renewal_outcomes": {"months": 60},
    "invoicing": {"since": date(2015, 1, 1)},
    "expected_lines": {"since": date(2015, 1, 1)},
    "assigned_invoices": {"since": date(2015, 1, 1)},
    "movement_customers": {"months": 60},
    "lost_agreements": {"since": date(2015, 1, 1)},
    "renewals_compared": {"since": date(2015, 1, 1)},
    "ticket_list": {"months": 60},
}


@pytest.fixture(scope="module")
def house(sample_database: Path) -> Iterator[Warehouse]:
    with Warehouse.open(sample_database) as opened:
        yield opened


def _asked(house: Warehouse, name: str, reader: Reader) -> list[dict[str, Any]]:
    return [
        row
        for day in DAYS
        for row in house.report(name, Scope(day, reader), **LONGEST.get(name, {})).to_pylist()
    ]


def _texts(rows: list[dict[str, Any]]) -> str:
    return "\n".join(str(value) for row in rows for value in row.values() if isinstance(value, str))


@pytest.mark.parametrize("who", LIMITED)
@pytest.mark.parametrize("name", [name for name, each in REPORTS.items() if each.covers != "whole_database"])
def test_a_report_holds_nothing_of_anothers_customer(house: Warehouse, name: str, who: str) -> None:
    hidden = marks_of_others(house.path, LIMITED[who])
    rows = _asked(house, name, LIMITED[who])
    assert not {row["customer_id"] for row in rows if "customer_id" in row} & hidden.customer_ids
    text = _texts(rows)
    assert not [mark for mark in hidden.texts if mark in text]


def test_the_control_finds_the_marks_of_all_customers(house: Warehouse) -> None:
    names = [name for name, each in REPORTS.items() if each.covers == "per_customer"]
    rows = [row for name in names for row in _asked(house, name, SEES_ALL)]
    cells = {value for row in rows for value in row.values() if isinstance(value, str)}
    every = all_marks(house.path)
    assert every.customer_ids <= cells
    # lists of contacts, tickets and lines end after a number of rows or months
    assert len(every.texts & cells) > 0.5 * len(every.texts)


@pytest.mark.parametrize("name", [name for name, each in REPORTS.items() if each.covers == "whole_database"])
def test_what_is_about_the_whole_database_is_for_those_who_see_all(house: Warehouse, name: str) -> None:
    assert house.report(name, Scope(TODAY, SEES_ALL)).num_rows
    for reader in LIMITED.values():
        with pytest.raises(UsageError, match="may see all"):
            house.report(name, Scope(TODAY, reader))


def test_choosing_anothers_customer_gives_no_row(house: Warehouse) -> None:
    assert house.report("customers", Scope(TODAY, LISTED, ("1001", "1002"))).column(
        "customer_id"
    ).to_pylist() == ["1002"]
    assert not house.report("customers", Scope(TODAY, LISTED, ("1001",))).num_rows
    assert not house.report("customers", Scope(TODAY, Reader())).num_rows


def test_anothers_customer_or_manager_reads_like_one_that_doesnt_exist(house: Warehouse) -> None:
    for filters, message in (
        (Filters(customers=("1001",)), "There is no customer 1001."),
        (Filters(customers=("nobody",)), "There is no customer nobody."),
        (Filters(account_managers=("Torbjørn Færøy",)), "There is no account manager Torbjørn Færøy."),
    ):
        with pytest.raises(UsageError) as caught:
            house.resolve(TODAY, filters, SILJE)
        assert str(caught.value) == message
    assert house.resolve(TODAY, Filters(customers=("1001",)), SEES_ALL).customer_ids == ("1001",)


@pytest.mark.parametrize("who", EVERYONE)
def test_figures_over_customers_are_over_the_readers_own(house: Warehouse, who: str) -> None:
    reader = EVERYONE[who]
    own = house.report("tickets_by_category", Scope(TODAY, reader)).to_pylist()
    listed = house.report("utilization", Scope(TODAY, reader)).to_pylist()
    others = house.report("customers", Scope(TODAY, reader)).to_pylist()
    in_force = {row["customer_id"] for row in listed}
    assert in_force <= {row["customer_id"] for row in others}
    counted = sum(row["tickets"] for row in own)
    assert counted >= sum(row["tickets"] for row in listed) > 0
    if who != "all":
        assert counted < sum(
            row["tickets"] for row in house.report("tickets_by_category", Scope(TODAY, SEES_ALL)).to_pylist()
        )


@pytest.mark.parametrize("who", EVERYONE)
def test_tickets_per_user_among_peers_are_those_of_utilization(house: Warehouse, who: str) -> None:
    for day in (TODAY, date(2025, 2, 28), date(2023, 7, 1)):
        scope = Scope(day, EVERYONE[who])
        peers = house.report("peer_tickets", scope)
        assert peers.num_rows > 0
        assert peers.equals(house.report("utilization", scope).select(peers.column_names))


@pytest.mark.parametrize("customers", [FEWEST_BEHIND - 1, FEWEST_BEHIND])
def test_a_median_of_fewer_than_five_customers_is_hidden_from_limited_readers(customers: int) -> None:
    keys = [str(number) for number in range(1, customers + 1)]
    day = date(2026, 3, 1)
    small = company(
        agreements=[
            agreement(f"A-{key}", key, account_manager="Kari" if key == "1" else "Ola") for key in keys
        ],
        user_counts=[count(date(2026, 1, 1), 10, key) for key in keys],
        tickets=[ticket(f"T-{key}", datetime(2026, 1, int(key), 9), key) for key in keys],
    )
    kari = Reader(managers=frozenset({"Kari"}), today=day)
    is_shown = customers >= FEWEST_BEHIND
    (row,) = small.report("utilization", Scope(day, kari)).to_pylist()
    assert row["tickets_per_user"] == 0.1
    assert (row["band_tickets_per_user"] is not None) == (row["percentile"] is not None) == is_shown
    (own,) = small.report("peer_tickets", Scope(day, kari)).to_pylist()
    assert own == {name: row[name] for name in own}
    peers = {row["measure"]: row for row in small.report("peers", Scope(day, kari)).to_pylist()}
    assert (peers["tickets_per_user"]["median_value"] is not None) == is_shown
    (row, *_rest) = small.report("utilization", Scope(day, SEES_ALL)).to_pylist()
    assert row["band_tickets_per_user"] is not None
