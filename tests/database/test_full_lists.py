"""Rows that a newer file covers and lacks, full lists, and lists that shrink by more than half."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from ccinsight.database.warehouse import Warehouse
from ccinsight.errors import CcinsightError
from ccinsight.ingest import import_paths
from ccinsight.ingest.full_lists import Gone, ShrunkError
from ccinsight.ingest.history.undoing import undo
from ccinsight.maintenance.forget import forget
from ccinsight.maintenance.rows_to_forget import Customer
from tests.ingest.trying import Trial, tickets, try_import, write

FULL_TICKETS = '[import]\nfull = ["tickets"]\n'
GONE = """
    select "check", export, key, customer_id, detail
    from data_problems(date '2026-12-31', only_check := 'gone_from_list')
"""
OPEN = "select ticket_id from open_tickets(date '{day}')"

STATES = "select agreement_id, state, cast(ends_on as varchar) from agreements(date '{day}') order by 1"
SEEN = (
    "select sum(tickets) from tickets_by_month(date '{day}')",
    "select sum(tickets) from response(date '{day}')",
    "select sum(overtaken) from response(date '{day}')",
    "select sum(tickets) from tickets_by_channel(date '{day}')",
    "select sum(tickets) from tickets_by_category(date '{day}')",
    "select tickets from tickets_compared(date '{day}') where dimension = 'total'",
    "select tickets from utilization(date '{day}')",
    "select tickets from agreement_use(date '{day}')",
    "select count(*) from open_tickets(date '{day}')",
    "select count(*) from ticket_list(date '{day}')",
    "select count(*) from contacts(date '{day}')",
    "select contacts from contact_shares(date '{day}')",
    "select tickets from customer_facts(date '{day}')",
    "select waiting_tickets from customer_facts(date '{day}')",
)


def _take(folder: Path, files: dict[str, str], on: str, config: str | None = None, **options: Any) -> Trial:
    """Imports the files as of noon of a day."""
    settings = write(folder, {"settings.toml": config})[0] if config is not None else None
    database = folder / "try.duckdb"
    at = datetime.fromisoformat(f"{on}T12:00")
    return Trial(import_paths(write(folder, files), database, settings, imported_at=at, **options), database)


def _agreements(*rows: str) -> str:
    head = "agreement_id;customer_id;customer_name;subscribed_on;terminated_on;price_basis;price_per_user"
    return "\n".join([f"{head};registered_users", *rows]) + "\n"


def _agreement(name: str, subscribed: str = "2025-02-01", noticed: str = "") -> str:
    return f"{name};{name[-1]};Kunde {name[-1]};{subscribed};{noticed};contract;1000;10"


def test_ticket_that_a_newer_file_covers_and_lacks_is_a_problem_and_counts(tmp_path: Path) -> None:
    _take(tmp_path, {"t.csv": tickets("1;7;2026-01-05", "2;7;2026-01-06", "3;7;2026-01-09")}, "2026-02-01")

    found = _take(tmp_path, {"u.csv": tickets("1;7;2026-01-05", "3;7;2026-01-09")}, "2026-03-01")

    assert found.rows(GONE) == [("gone_from_list", "tickets", "2", "7", "2026-01-06, u.csv")]
    assert found.values(OPEN.format(day="2026-12-31")) == ["1", "2", "3"]
    assert found.summary.gone == (Gone("tickets", 1, counts=True),)
    assert "It still counts" in "\n".join(found.summary.lines())
    assert found.rows(
        "select rows, example from data_quality(date '2026-12-31') where \"check\" = 'gone_from_list'"
    ) == [(1, "2")]


@pytest.mark.parametrize("day", ["2026-01-05", "2026-01-09"])
def test_the_first_and_last_day_of_a_file_are_covered(day: str, tmp_path: Path) -> None:
    _take(tmp_path, {"t.csv": tickets(f"2;7;{day} 23:59")}, "2026-02-01")
    found = _take(tmp_path, {"u.csv": tickets("1;7;2026-01-05 10:00", "3;7;2026-01-09")}, "2026-03-01")
    assert [row[2] for row in found.rows(GONE)] == ["2"]


@pytest.mark.parametrize("day", ["2026-01-04", "2026-01-10"])
def test_a_file_says_nothing_of_other_days(day: str, tmp_path: Path) -> None:
    _take(tmp_path, {"t.csv": tickets(f"2;7;{day}")}, "2026-02-01")
    found = _take(tmp_path, {"u.csv": tickets("1;7;2026-01-05", "3;7;2026-01-09")}, "2026-03-01")
    assert found.rows(GONE) == [] and found.summary.gone == ()


def test_files_of_one_import_count_together_and_each_covers_its_own_days(tmp_path: Path) -> None:
    year = {"a.csv": tickets("1;7;2025-01-05", "2;7;2025-12-31"), "b.csv": tickets("3;7;2025-12-31 12:00")}
    _take(tmp_path, year, "2026-02-01")

    found = _take(
        tmp_path, {"b.csv": tickets("3;7;2025-12-31 12:00", "4;7;2026-05-01")}, "2026-06-01"
    )  # a file a year: that of 2025 isn't imported again

    assert found.rows(GONE) == [("gone_from_list", "tickets", "2", "7", "2025-12-31, b.csv")]


def test_days_that_a_later_file_brought_again_are_remembered(tmp_path: Path) -> None:
    _take(tmp_path, {"t.csv": tickets("1;7;2026-01-01", "2;7;2026-01-05", "3;7;2026-01-09")}, "2026-02-01")
    _take(tmp_path, {"u.csv": tickets("1;7;2026-01-01", "3;7;2026-01-09")}, "2026-03-01")
    # takes over the last row of u.csv, which then holds rows of one day alone
    found = _take(tmp_path, {"v.csv": tickets("3;7;2026-01-09", "4;7;2026-01-12")}, "2026-04-01")
    assert [row[2] for row in found.rows(GONE)] == ["2"]
    assert found.summary.gone == ()


def test_an_older_database_is_rebuilt_and_says_what_is_gone_from_its_newest_file(tmp_path: Path) -> None:
    _take(tmp_path, {"t.csv": tickets("1;7;2026-01-05", "2;7;2026-01-06", "3;7;2026-01-09")}, "2026-02-01")
    found = _take(tmp_path, {"u.csv": tickets("1;7;2026-01-05", "3;7;2026-01-09")}, "2026-03-01")
    with duckdb.connect(str(found.database)) as connection:
        connection.execute("alter table stored.files drop column first_on")
        connection.execute("alter table stored.files drop column last_on")
        connection.execute("drop table stored.full_lists")
        connection.execute("update model.build set models_version = 'older'")

    Warehouse.open(found.database).close()

    assert [row[2] for row in found.rows(GONE)] == ["2"]


def test_whoever_is_forgotten_is_not_gone_from_a_list(tmp_path: Path) -> None:
    _take(tmp_path, {"t.csv": tickets("1;7;2026-01-05", "2;8;2026-01-06", "3;7;2026-01-09")}, "2026-02-01")
    found = _take(tmp_path, {"u.csv": tickets("1;7;2026-01-05", "3;7;2026-01-09")}, "2026-03-01")

    forget(found.database, Customer("8"), forgotten_at=datetime(2026, 3, 2), forgotten_by=None)

    assert found.rows(GONE) == []


def test_a_row_comes_back_and_undo_takes_it_away_again(tmp_path: Path) -> None:
    _take(tmp_path, {"t.csv": tickets("1;7;2026-01-05", "2;7;2026-01-06")}, "2026-02-01")
    _take(tmp_path, {"u.csv": tickets("1;7;2026-01-06")}, "2026-03-01")
    back = _take(tmp_path, {"v.csv": tickets("2;7;2026-01-06")}, "2026-04-01")
    assert [row[2] for row in back.rows(GONE)] == ["1"]

    undo(back.database)

    assert [row[2] for row in back.rows(GONE)] == ["2"]


def test_a_row_that_was_rejected_is_not_gone_until_a_file_lacks_it(tmp_path: Path) -> None:
    _take(tmp_path, {"t.csv": tickets("1;7;2026-01-05", "2;7;2026-01-06")}, "2026-02-01")
    bad = _take(tmp_path, {"u.csv": tickets("1;7;2026-01-06", "2;7;32.1.2026")}, "2026-03-01", FULL_TICKETS)
    assert bad.rows(GONE) == []

    found = _take(tmp_path, {"v.csv": tickets("1;7;2026-01-06")}, "2026-04-01", FULL_TICKETS)

    assert [row[2:] for row in found.rows(GONE)] == [("2", "7", "2026-01-06, v.csv")]
    assert found.values(OPEN.format(day="2026-03-31")) == ["1", "2"]
    assert found.values(OPEN.format(day="2026-04-01")) == ["1"]


def test_ticket_gone_from_a_whole_list_counts_on_earlier_days_only(tmp_path: Path) -> None:
    config = f"{FULL_TICKETS}\n[severities]\ncritical = {{ access_down = true }}\n"
    headers = "ticket_id;customer_id;opened_at;first_reply_at;closed_at;severity;minutes_spent;contact"
    rows = [
        "1;1;2026-01-05 08:00;2026-01-05 12:00;;critical;30;Ola",
        "2;1;2026-01-05 09:00;2026-01-05 10:00;;low;15;Kari",
    ]
    agreements = _agreements(_agreement("A-1"))
    _take(
        tmp_path,
        {"agreements.csv": agreements, "t.csv": tickets(*rows, headers=headers)},
        "2026-02-01",
        config,
        confirmed=True,
    )
    found = _take(tmp_path, {"u.csv": tickets(rows[0], headers=headers)}, "2026-03-01")

    def seen(day: str) -> list[object]:
        return [found.values(query.format(day=day))[0] for query in SEEN]

    before, after = seen("2026-02-28"), seen("2026-03-01")
    assert before == [2, 2, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 0]
    assert after == [1, 1, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0]
    assert found.summary.gone == (Gone("tickets", 1, counts=False),)
    assert "no longer counts" in "\n".join(found.summary.lines())


def test_agreement_gone_from_a_whole_list_ended_the_day_before(tmp_path: Path) -> None:
    config = '[import]\nfull = ["agreements"]\n'
    rows = [_agreement("A-1"), _agreement("A-2"), _agreement("A-3", "2026-08-01")]
    _take(tmp_path, {"agreements.csv": _agreements(*rows)}, "2026-02-15", config)
    noticed = [_agreement("A-1"), _agreement("A-2", noticed="2026-03-01"), _agreement("A-3", "2026-08-01")]
    _take(tmp_path, {"agreements.csv": _agreements(*noticed)}, "2026-03-15", config)
    # a noticed agreement and one that hasn't begun are taken off the list
    found = _take(
        tmp_path,
        {"agreements.csv": _agreements(rows[0])},
        "2026-05-10",
        config,
        confirmed=True,
    )

    def states(day: str) -> list[tuple[Any, ...]]:
        return found.rows(STATES.format(day=day))

    assert states("2026-02-28") == [
        ("A-1", "active", None),
        ("A-2", "active", None),
        ("A-3", "upcoming", None),
    ]
    assert states("2026-05-09") == [
        ("A-1", "active", None),
        ("A-2", "terminating", "2027-01-31"),
        ("A-3", "upcoming", None),
    ]
    assert states("2026-05-10") == [
        ("A-1", "active", None),
        ("A-2", "ended", "2026-05-09"),
        ("A-3", "ended", "2026-05-09"),
    ]
    assert found.values(
        "select distinct agreement_id from deadlines(date '2026-05-10', days := 400) order by 1"
    ) == ["A-1"]
    assert found.values("select sum(revenue) from revenue_by_user_band(date '2026-05-10')") == [10000]
    assert found.values("select sum(revenue) from revenue_by_user_band(date '2026-05-09')") == [20000]
    assert found.rows("select due, renewed from renewal_rates(date '2026-05-10') where due > 0") == [(3, 2)]
    assert [row[2] for row in found.rows(GONE)] == ["A-2", "A-3"]


def test_agreement_that_had_ended_before_it_left_the_list_stays_as_it_was(tmp_path: Path) -> None:
    config = '[import]\nfull = ["agreements"]\n'
    rows = [_agreement("A-1"), _agreement("A-2", noticed="2025-06-01")]
    _take(tmp_path, {"agreements.csv": _agreements(*rows)}, "2026-02-15", config)
    found = _take(tmp_path, {"agreements.csv": _agreements(rows[0])}, "2026-05-10", config)
    assert found.rows(
        "select state, cast(ends_on as varchar) from agreements(date '2026-06-01') where agreement_id = 'A-2'"
    ) == [("ended", "2026-01-31")]


def test_invoice_of_an_agreement_gone_from_its_list_has_no_agreement_after_it(tmp_path: Path) -> None:
    config = '[import]\nfull = ["agreements"]\n'
    invoices = (
        "invoice_line_id;customer_id;kind;issued_on;period_start;amount\n"
        "L1;2;yearly;2026-02-01;2026-02-01;10000\nL2;2;yearly;2026-03-01;2026-07-01;500\n"
    )
    both = _agreements(_agreement("A-1"), _agreement("A-2"))
    _take(tmp_path, {"agreements.csv": both, "invoices.csv": invoices}, "2026-04-01", config)
    found = _take(tmp_path, {"agreements.csv": _agreements(_agreement("A-1"))}, "2026-05-10", config)

    query = """
        select invoice_line_id
        from model.invoice_states
        where agreement_id is not null and date '{day}' >= known_from and date '{day}' < known_until
        order by 1
    """
    assert found.values(query.format(day="2026-05-09")) == ["L1", "L2"]
    # in force on the day it was issued, so it is still the agreement's, for a period after its end
    assert found.values(query.format(day="2026-05-10")) == ["L1", "L2"]


def test_other_lists_that_come_whole_lose_what_the_newest_lacks(tmp_path: Path) -> None:
    config = '[import]\nfull = ["prices", "tickets"]\n'
    head = "valid_from;min_users;price_per_user\n"
    _take(
        tmp_path,
        {"prices.csv": f"{head}2025-01-01;1;900\n2025-01-01;10;800\n2026-01-01;1;950\n"},
        "2026-02-01",
    )

    found = _take(
        tmp_path, {"prices.csv": f"{head}2025-01-01;1;900\n2026-01-01;1;950\n"}, "2026-03-01", config
    )

    assert found.values("select price_per_user from stored.prices order by 1") == [900, 950]
    assert found.summary.dropped == {"prices": 1}
    assert "was deleted" in "\n".join(found.summary.lines())


@pytest.mark.parametrize("options", [{"replace": {"tickets"}}, {"config": FULL_TICKETS}])
def test_list_of_less_than_half_stops_the_import(options: dict[str, Any], tmp_path: Path) -> None:
    rows = [f"T{at};7;2026-01-05" for at in range(5)]
    first = _take(tmp_path, {"t.csv": tickets(*rows)}, "2026-02-01")
    before = first.database.read_bytes()

    with pytest.raises(ShrunkError, match="the new files hold 2 rows, and replace 5"):
        _take(tmp_path, {"u.csv": tickets(*rows[:2], "T3;7;rubbish")}, "2026-03-01", **options)
    assert first.database.read_bytes() == before

    found = _take(tmp_path, {"u.csv": tickets(*rows[:2])}, "2026-03-01", confirmed=True, **options)
    assert found.values(OPEN.format(day="2026-03-01")) == ["T0", "T1"]


def test_half_is_enough_and_files_of_one_import_are_counted_together(tmp_path: Path) -> None:
    rows = [f"T{at};7;2026-01-05" for at in range(6)]
    _take(tmp_path, {"t.csv": tickets(*rows)}, "2026-02-01", FULL_TICKETS)
    files = {"u.csv": tickets(*rows[:2]), "v.csv": tickets(rows[2])}
    assert _take(tmp_path, files, "2026-03-01").summary.gone == (Gone("tickets", 3, counts=False),)
    # what is gone already isn't replaced: three of the six are
    assert _take(tmp_path, {"w.csv": tickets(*rows[:2])}, "2026-04-01").summary.gone == (
        Gone("tickets", 1, counts=False),
    )


def test_other_lists_may_be_parts(tmp_path: Path) -> None:
    _take(tmp_path, {"t.csv": tickets(*(f"T{at};7;2026-01-05" for at in range(5)))}, "2026-02-01")
    assert _take(tmp_path, {"u.csv": tickets("T9;7;2026-01-05")}, "2026-03-01").summary.gone == (
        Gone("tickets", 5, counts=True),
    )


@pytest.mark.parametrize("full", ['["saker"]', "[1]", '"agreements"', "[[]]"])
def test_only_exports_come_whole(full: str, tmp_path: Path) -> None:
    with pytest.raises(CcinsightError, match=r"settings.toml: import.full: .*agreements"):
        try_import(tmp_path, {"t.csv": tickets("1;7;2026-01-05")}, f"[import]\nfull = {full}\n")
