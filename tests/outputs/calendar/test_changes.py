"""Calendars that take in one file after the other hold the dates of the newest, whatever changed between them."""

from __future__ import annotations

import shutil
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from ccinsight.database.build import build_beside
from ccinsight.database.scope import Filters
from ccinsight.files import previous_file
from ccinsight.ingest import apply_settings
from ccinsight.ingest.history.undoing import undo
from ccinsight.maintenance.backup import back_up, restore
from ccinsight.maintenance.forget import forget
from ccinsight.maintenance.rows_to_forget import Customer
from ccinsight.registry import label_of
from tests.outputs.calendar.companies import FIRST, YEAR, Client, Company, agreement, events

DAY = FIRST.date()
WEEK = timedelta(days=7)
KARI, OLA = Filters(account_managers=("Kari",)), Filters(account_managers=("Ola",))


@pytest.fixture
def company(tmp_path: Path) -> Company:
    return Company(tmp_path)


def _coming(company: Company, day: date, filters: Filters | None = None) -> set[tuple[str, date]]:
    """Title and day of each row of the report ``deadlines``, as a calendar shows it."""
    return {(_title(row), row["act_by"] or row["due_on"]) for row in company.rows(day, filters)}


def _title(row: dict[str, Any]) -> str:
    is_information = row["kind"] == "price_notice" and row["price_notice_state"] != "planned"
    what = "Price notice (for information)" if is_information else label_of("deadline_kind", row["kind"])
    return f"{what}: {row['customer_name']}"


def _assert_holds_all(client: Client, company: Company, day: date, filters: Filters | None = None) -> None:
    client.take(company.file(day, filters))
    # a deadline at the edge of the span may lie on a working day before it, and a date that moved lie beyond
    last = day + timedelta(days=YEAR - 10)
    coming = _coming(company, day, filters)
    assert {each for each in client.shown(day) if each[1] <= last} == {
        (title, on) for title, on in coming if day <= on <= last
    }


def _by_name(file: bytes) -> dict[tuple[str, str], Any]:
    """(customer, kind of date) → event, of a file with one event of each."""
    named = {}
    for event in events(file).values():
        what, _mark, customer = str(event["summary"]).removeprefix("No longer holds: ").partition(": ")
        assert (customer, what) not in named
        named[customer, what] = event
    return named


KINDS = ("Price notice (for information)", "Termination deadline", "Renewal")


def test_a_corrected_date_moves_the_three_events_of_its_period(company: Company) -> None:
    company.take_in(agreement("A-1"), agreement("A-2", "2025-07-01"))
    before = _by_name(company.file(DAY))
    company.take_in(agreement("A-1", "2025-08-15"), agreement("A-2", "2025-07-01"), at=FIRST + WEEK)
    after = _by_name(company.file(DAY + WEEK))

    assert set(before) == set(after)
    for kind in KINDS:
        was, now = before["Fjell A-1 AS", kind], after["Fjell A-1 AS", kind]
        assert was["uid"] == now["uid"]
        assert now["sequence"] > was["sequence"]
        assert now["status"] == "CONFIRMED"
    assert [after["Fjell A-1 AS", kind]["dtstart"].dt for kind in KINDS] == [
        date(2026, 6, 30),
        date(2026, 7, 14),
        date(2026, 8, 15),
    ]


def test_an_event_that_did_not_change_is_the_same_to_the_byte(company: Company) -> None:
    company.take_in(agreement("A-1"), agreement("A-2", "2025-07-01"))
    before = _by_name(company.file(DAY))
    company.take_in(
        agreement("A-1", "2025-08-15"),
        agreement("A-2", "2025-07-01"),
        at=FIRST + WEEK,
        tickets="ticket_id;customer_id;opened_at\nT1;92;2026-01-15 10:00",
    )
    after = _by_name(company.file(DAY + 2 * WEEK))
    for kind in KINDS:
        assert before["Fjell A-2 AS", kind].to_ical() == after["Fjell A-2 AS", kind].to_ical()


def test_a_file_without_a_change_is_the_same_on_another_day(company: Company) -> None:
    company.take_in(agreement("A-1"), agreement("A-2", "2025-07-01"))
    assert company.file(DAY, days=200) == company.file(DAY + timedelta(days=3), days=197)


def test_a_notice_cancels_the_three_and_the_end_is_an_event_of_its_own(company: Company) -> None:
    company.take_in(agreement("A-1"))
    before = _by_name(company.file(DAY))
    company.take_in(agreement("A-1", terminated_on="2026-01-15"), at=FIRST + WEEK)
    after = _by_name(company.file(DAY + WEEK))

    for kind in KINDS:
        was, now = before["Fjell A-1 AS", kind], after["Fjell A-1 AS", kind]
        assert (now["uid"], now["status"]) == (was["uid"], "CANCELLED")
        assert now["sequence"] > was["sequence"]
        assert now["dtstart"].dt == was["dtstart"].dt
    end = after["Fjell A-1 AS", "Ends"]
    assert end["dtstart"].dt == date(2026, 5, 31)
    assert end["uid"] not in {event["uid"] for event in before.values()}


def test_a_cancelled_event_stays_until_its_day_has_passed(company: Company) -> None:
    company.take_in(agreement("A-1"))
    company.take_in(agreement("A-1", terminated_on="2026-01-15"), at=FIRST + WEEK)

    def kinds(day: date) -> list[str]:
        found = events(company.file(day)).values()
        return sorted(str(event["summary"]) for event in found if event["status"] == "CANCELLED")

    # price notice by 16 April, termination by 30 April, renewal on 1 June
    assert len(kinds(date(2026, 4, 16))) == 3
    assert len(kinds(date(2026, 4, 17))) == 2
    assert len(kinds(date(2026, 5, 1))) == 1
    assert kinds(date(2026, 6, 1)) == ["No longer holds: Renewal: Fjell A-1 AS"]
    assert kinds(date(2026, 6, 2)) == []


CORRECTED = agreement("A-1", "2025-08-15")
TERMINATED = agreement("A-1", terminated_on="2026-01-13")


@pytest.mark.parametrize(
    "steps",
    [
        pytest.param([TERMINATED, CORRECTED, TERMINATED, agreement("A-1")], id="notice, correction and back"),
        pytest.param([agreement("A-9"), agreement("A-1")], id="another in its place"),
        pytest.param([agreement("A-1", "2024-01-20"), agreement("A-1", "2026-03-01")], id="days in the past"),
        pytest.param([agreement("A-1", customer_name="Ny AS", account_manager="")], id="another name"),
        pytest.param([agreement("A-1", first_renewal_on="2026-02-20"), agreement("A-1")], id="short period"),
    ],
)
def test_a_calendar_holds_what_is_current_after_each_import(
    steps: list[dict[str, str]], company: Company
) -> None:
    client = Client()
    other = agreement("A-2", "2025-07-01")
    for number, step in enumerate([agreement("A-1"), *steps]):
        at = FIRST + timedelta(days=17) * number
        company.take_in(step, other, at=at)
        _assert_holds_all(client, company, at.date())


def test_two_imports_within_a_minute(company: Company) -> None:
    client = Client()
    for number, step in enumerate([agreement("A-1"), CORRECTED, TERMINATED, CORRECTED, agreement("A-1")]):
        company.take_in(step, at=FIRST + timedelta(seconds=number))
        _assert_holds_all(client, company, DAY)


def test_a_calendar_that_missed_files_catches_up(company: Company) -> None:
    client = Client()
    company.take_in(agreement("A-1"), agreement("A-2", "2025-07-01"))
    client.take(company.file(DAY))
    company.take_in(CORRECTED, agreement("A-3", "2025-09-01"), at=FIRST + WEEK)
    company.take_in(TERMINATED, agreement("A-3", "2025-09-02"), at=FIRST + 2 * WEEK)
    _assert_holds_all(client, company, DAY + 2 * WEEK)


def test_a_moved_event_is_in_a_file_of_a_span_that_it_left(company: Company) -> None:
    client = Client()
    company.take_in(agreement("A-1", "2025-03-01"))
    client.take(company.file(DAY, days=60))
    assert {on for _title, on in client.shown(DAY)} == {
        date(2026, 1, 16),
        date(2026, 1, 30),
        date(2026, 3, 1),
    }
    company.take_in(agreement("A-1", "2025-08-15"), at=FIRST + timedelta(days=1))
    client.take(company.file(DAY + timedelta(days=1), days=60))
    assert {on for _title, on in client.shown(DAY)} == {
        date(2026, 6, 30),
        date(2026, 7, 14),
        date(2026, 8, 15),
    }


def test_an_event_further_ahead_than_any_file_is_not_cancelled_in_one(company: Company) -> None:
    company.take_in(agreement("A-1"))
    company.take_in(TERMINATED, at=FIRST + WEEK)
    cancelled = [
        event for event in events(company.file(DAY + WEEK)).values() if event["status"] == "CANCELLED"
    ]
    assert len(cancelled) == 3


def test_new_terms_move_deadlines(company: Company) -> None:
    client = Client()
    company.take_in(agreement("A-1"), agreement("A-2", "2025-07-01"))
    before = events(company.file(DAY))
    client.take(company.file(DAY))
    config = company.folder / "terms.toml"
    config.write_text('[products."CloudCare CRM"]\nnotice_months = 3\nprice_notice_days = 30\n', "utf-8")
    assert apply_settings(company.database, config, applied_at=FIRST + WEEK)

    after = events(company.file(DAY + WEEK))
    assert set(before) == set(after)
    moved = {uid for uid, event in after.items() if event["sequence"] != before[uid]["sequence"]}
    assert {str(after[uid]["categories"].to_ical(), "utf-8") for uid in moved} == {
        "Price notice (for information)",
        "Termination deadline",
    }
    _assert_holds_all(client, company, DAY + WEEK)


def test_undo_and_undo_of_it(company: Company) -> None:
    client = Client()
    company.take_in(agreement("A-1"), agreement("A-2", "2025-07-01"))
    _assert_holds_all(client, company, DAY)
    company.take_in(CORRECTED, agreement("A-3", "2025-09-01"), at=FIRST + WEEK)
    _assert_holds_all(client, company, DAY + WEEK)
    for _number in range(3):
        numbers = {uid: event["sequence"] for uid, event in client.held.items()}
        undo(company.database)
        _assert_holds_all(client, company, DAY + WEEK)
        assert all(event["sequence"] >= numbers[uid] for uid, event in client.held.items() if uid in numbers)
    company.take_in(TERMINATED, agreement("A-3", "2025-09-02"), at=FIRST + 2 * WEEK)
    _assert_holds_all(client, company, DAY + 2 * WEEK)


def test_undo_where_the_earlier_database_knew_no_calendar(company: Company) -> None:
    client = Client()
    company.take_in(agreement("A-1"), agreement("A-2", "2025-07-01"))
    company.take_in(CORRECTED, at=FIRST + WEEK)
    client.take(company.file(DAY + WEEK))
    _make_older(previous_file(company.database))
    undo(company.database)
    _assert_holds_all(client, company, DAY + WEEK)


def _make_older(database: Path) -> None:
    """A database as an earlier version left it."""
    with duckdb.connect(str(database)) as connection:
        connection.execute("drop view model.calendar_moment")
        connection.execute("drop table stored.calendar_events")
        connection.execute("update model.build set models_version = 'older'")


def test_an_older_database_gets_its_events_when_it_is_opened(company: Company) -> None:
    company.take_in(agreement("A-1"))
    file = company.file(DAY)
    _make_older(company.database)
    assert company.file(DAY) == file


def test_a_restored_backup_goes_on_from_the_numbers_of_what_it_replaces(company: Company) -> None:
    client = Client()
    company.take_in(agreement("A-1"), agreement("A-2", "2025-07-01"))
    back_up(company.database, company.folder / "backup", made_at=FIRST)
    company.take_in(CORRECTED, agreement("A-3", "2025-09-01"), at=FIRST + WEEK)
    _assert_holds_all(client, company, DAY + WEEK)
    restore(company.database, company.folder / "backup", restored_at=FIRST + WEEK)
    _assert_holds_all(client, company, DAY + WEEK)


def test_a_backup_is_restored_in_place_of_a_damaged_database(company: Company) -> None:
    company.take_in(agreement("A-1"))
    back_up(company.database, company.folder / "backup", made_at=FIRST)
    file = company.file(DAY)
    company.database.write_bytes(b"damaged")
    restore(company.database, company.folder / "backup", restored_at=FIRST + WEEK)
    assert company.file(DAY) == file


def test_a_database_made_again_has_the_same_uids_and_higher_numbers(company: Company, tmp_path: Path) -> None:
    client = Client()
    company.take_in(agreement("A-1"), agreement("A-2", "2025-07-01"))
    company.take_in(CORRECTED, agreement("A-2", "2025-07-01"), at=FIRST + WEEK)
    client.take(company.file(DAY + WEEK))
    held = set(client.held)
    company.database.unlink()
    company.take_in(agreement("A-1"), agreement("A-2", "2025-07-01"), at=FIRST + 2 * WEEK)
    _assert_holds_all(client, company, DAY + 2 * WEEK)
    assert set(client.held) == held


def test_a_rebuild_changes_nothing(company: Company) -> None:
    company.take_in(agreement("A-1"), agreement("A-2", "2025-07-01"))
    company.take_in(CORRECTED, at=FIRST + WEEK)
    file = company.file(DAY + WEEK)
    with build_beside(company.database):
        pass
    assert company.file(DAY + WEEK) == file


def test_a_day_that_passed_is_no_change(company: Company) -> None:
    company.take_in(agreement("A-1", "2025-03-01"))
    held = events(company.file(DAY))
    company.take_in(agreement("A-1", "2025-03-01"), agreement("A-2"), at=FIRST + 10 * WEEK)
    with duckdb.connect(str(company.database), read_only=True) as connection:
        statement = (
            "select count(*), count(*) filter (is_cancelled) from stored.calendar_events "
            "where sequence_number = $number"
        )
        number = max(int(event["sequence"]) for event in held.values())
        rows = connection.execute(statement, {"number": number}).fetchall()
    assert rows[0][0] > len(held)
    assert rows[0][1] == 0


PRICES = """product;valid_from;announced_on;min_users;price_per_user
CloudCare CRM;2025-01-01;2024-11-01;1;900
CloudCare CRM;2026-05-01;2026-02-20;1;990
"""


def test_a_price_notice_becomes_information_on_the_day_that_it_is_announced(company: Company) -> None:
    client = Client()
    company.take_in(agreement("A-1", price_basis="price_list", price_per_user=""), prices=PRICES)
    _assert_holds_all(client, company, DAY)
    assert ("Price-notice deadline: Fjell A-1 AS", date(2026, 4, 16)) in client.shown(DAY)
    later = date(2026, 2, 20)  # without an import in between
    _assert_holds_all(client, company, later)
    assert ("Price notice (for information): Fjell A-1 AS", date(2026, 4, 16)) in client.shown(later)
    company.take_in(agreement("A-2"), at=datetime(2026, 2, 20, 10, 0))
    _assert_holds_all(client, company, later)


def test_a_notice_with_a_day_to_come_counts_from_that_day(company: Company) -> None:
    client = Client()
    company.take_in(agreement("A-1", terminated_on="2026-02-02"))
    for day in (DAY, date(2026, 2, 1), date(2026, 2, 2), date(2026, 2, 3)):
        _assert_holds_all(client, company, day)
    company.take_in(agreement("A-1"), at=datetime(2026, 2, 3, 10, 0))
    _assert_holds_all(client, company, date(2026, 2, 3))


def test_an_announcement_that_was_put_off_after_its_day_is_to_be_sent_again(company: Company) -> None:
    client = Client()
    company.take_in(agreement("A-1", price_basis="price_list", price_per_user=""), prices=PRICES)
    day = date(2026, 2, 24)
    _assert_holds_all(client, company, day)
    assert ("Price notice (for information): Fjell A-1 AS", date(2026, 4, 16)) in client.shown(day)
    company.take_in(at=datetime(2026, 2, 25, 10, 0), prices=PRICES.replace("2026-02-20", "2026-03-20"))
    _assert_holds_all(client, company, date(2026, 2, 25))
    assert ("Price-notice deadline: Fjell A-1 AS", date(2026, 4, 16)) in client.shown(day)


def test_a_file_of_an_earlier_day_says_nothing_older(company: Company) -> None:
    client = Client()
    company.take_in(agreement("A-1"), agreement("A-2", "2025-07-01"))
    client.take(company.file(DAY))
    company.take_in(
        agreement("A-1", terminated_on="2026-01-15"), agreement("A-2", "2025-08-15"), at=FIRST + WEEK
    )
    _assert_holds_all(client, company, DAY + WEEK)
    shown = client.shown(DAY + WEEK)
    client.take(company.file(DAY))
    assert client.shown(DAY + WEEK) == shown


def test_a_manager_has_the_own_customers_and_their_cancelled_events(company: Company) -> None:
    client = Client()
    mine, theirs = agreement("A-1"), agreement("A-2", "2025-07-01", account_manager="Ola")
    tickets = "ticket_id;customer_id;opened_at\nT1;91;2026-01-05 10:00"
    company.take_in(mine, agreement("A-3"), theirs, tickets=tickets)
    _assert_holds_all(client, company, DAY, KARI)
    assert not any("A-2" in title for title, _on in client.shown(DAY))
    # one customer has tickets left, of the other nothing is left
    company.take_in(agreement("A-4"), theirs, at=FIRST + WEEK)
    _assert_holds_all(client, company, DAY + WEEK, KARI)
    assert {title.partition(": ")[2] for title, _on in client.shown(DAY)} == {"Fjell A-4 AS"}
    assert all(event["status"] == "CONFIRMED" for event in events(company.file(DAY + WEEK, OLA)).values())


def test_forgetting_a_customer_leaves_nothing_of_its_events(company: Company) -> None:
    company.take_in(agreement("A-1", customer_name="Zwartbjørn AS"), agreement("A-2", "2025-07-01"))
    company.take_in(
        agreement("A-2", "2025-07-01"), at=FIRST + WEEK
    )  # its agreement is gone, its events are cancelled
    company.take_in(agreement("A-2", "2025-07-02"), at=FIRST + 2 * WEEK)
    assert b"Zwartbj" in company.file(DAY + WEEK)

    forget(company.database, Customer("91"), forgotten_at=FIRST + 2 * WEEK, forgotten_by=None)

    assert b"Zwartbj" not in company.file(DAY + WEEK)
    for file in (company.database, previous_file(company.database)):
        assert "Zwartbjørn".encode() not in file.read_bytes()
    undo(company.database)
    assert b"Zwartbj" not in company.file(DAY + WEEK)


def test_forgetting_where_the_earlier_database_knew_no_calendar(company: Company) -> None:
    company.take_in(agreement("A-1"), agreement("A-2", "2025-07-01"))
    company.take_in(agreement("A-1"), agreement("A-2", "2025-08-15"), at=FIRST + WEEK)
    _make_older(previous_file(company.database))
    forget(company.database, Customer("91"), forgotten_at=FIRST + WEEK, forgotten_by=None)
    assert {
        str(event["summary"]).rpartition(": ")[2] for event in events(company.file(DAY + WEEK)).values()
    } == {"Fjell A-2 AS"}


def test_uids_name_nobody_and_hold_for_each_agreement_kind_and_period(company: Company) -> None:
    company.take_in(agreement("A-1"), agreement("A-2"))
    shutil.copy(company.database, company.folder / "copy.duckdb")
    found = events(company.file(DAY, days=2 * YEAR))
    assert len(found) == 12
    assert all(uid.endswith("@ccinsight") and "Fjell" not in uid and "A-1" not in uid for uid in found)
