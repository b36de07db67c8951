"""What a calendar that subscribes finds: exactly the current events, and each the same until it changes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from ccinsight.access import SEES_ALL, Reader
from ccinsight.access.reader import Right
from ccinsight.database.scope import Scope
from ccinsight.database.warehouse import Warehouse
from ccinsight.ingest.history.undoing import undo
from ccinsight.integrations.delivery.feed_file import feed_file
from ccinsight.integrations.delivery.feeds import Feeds
from ccinsight.notes import Notes
from ccinsight.notes.duties import DONE, Duty, DutyMarks
from tests.outputs.calendar.companies import FIRST, YEAR, Company, agreement, events
from tests.outputs.calendar.test_changes import PRICES

DAY = FIRST.date()
ONE, WEEK = timedelta(days=1), timedelta(days=7)


@dataclass(frozen=True)
class Subscribed:
    """A company, and a calendar that subscribes to it."""

    company: Company

    def file(
        self, day: date, contents: str = "duties", alarm_days: int = 7, reader: Reader = SEES_ALL
    ) -> bytes:
        database = self.company.database
        feed, _token = Feeds(database).add(SEES_ALL, contents, alarm_days, "en", FIRST)
        Feeds(database).revoke(feed.feed_id, FIRST)
        with Warehouse.open(database) as house:
            return feed_file(house, database, feed, reader, day)

    def events(self, day: date, contents: str = "duties") -> dict[str, Any]:
        """Title → event; each title stands once."""
        found = list(events(self.file(day, contents)).values())
        named = {str(event["summary"]): event for event in found}
        assert len(named) == len(found)
        return named

    def duties(self, day: date) -> list[dict[str, Any]]:
        database = self.company.database
        with Warehouse.open(database) as house:
            rows = house.report("duties", Scope(day, SEES_ALL), marks=DutyMarks.beside(database).rows())
        return [row for row in rows.to_pylist() if row["state"] == "open" and row["last_day"]]


@pytest.fixture
def subscribed(tmp_path: Path) -> Subscribed:
    return Subscribed(Company(tmp_path))


def _meetings(*rows: str) -> str:
    return "\n".join(["meeting_id;customer_id;kind;planned_on;held_on;note", *rows])


def _lists(*dates: str) -> list[dict[str, str]]:
    return [
        agreement(f"A-{place}", day, price_basis="price_list", price_per_user="")
        for place, day in enumerate(dates, 1)
    ]


MEETING = "Hold the status meeting: Fjell A-1 AS"


def test_it_holds_the_open_duties_on_their_last_working_day_and_planned_meetings(
    subscribed: Subscribed,
) -> None:
    subscribed.company.take_in(
        agreement("A-1", "2025-06-01"),
        agreement("A-2", "2025-07-01"),
        meetings=_meetings("M-1;92;status_meeting;2026-02-03;;Bring cake", "M-2;91;course;2026-02-04;;"),
    )
    found = subscribed.events(DAY)
    assert {(title, event["dtstart"].dt) for title, event in found.items()} == {
        *(
            (f"Hold the status meeting: {row['customer_name']}", row["last_working_day"])
            for row in subscribed.duties(DAY)
        ),
        ("Status meeting: Fjell A-2 AS", date(2026, 2, 3)),
    }
    assert MEETING in found
    assert all(row["last_working_day"].weekday() < 5 for row in subscribed.duties(DAY))
    assert "cake" not in str(found)


def test_an_unchanged_calendar_is_the_same_to_the_byte(subscribed: Subscribed) -> None:
    rows = [*_lists("2025-06-01"), agreement("A-2", "2025-07-20")]
    subscribed.company.take_in(*rows, prices=PRICES)
    before = {name: subscribed.file(DAY, name) for name in ("duties", "customer")}
    assert {name: subscribed.file(DAY + ONE, name) for name in before} == before
    # an import that changes nothing of them changes nothing here
    subscribed.company.take_in(*rows, at=FIRST + WEEK)
    assert {name: subscribed.file(DAY + WEEK, name) for name in before} == before
    assert all(file.count(b"BEGIN:VEVENT") > 1 for file in before.values())


def test_a_corrected_date_moves_the_events_of_the_same_uids(subscribed: Subscribed) -> None:
    subscribed.company.take_in(agreement("A-1", "2025-06-01"))
    before = {name: subscribed.events(DAY, name) for name in ("duties", "customer")}
    subscribed.company.take_in(agreement("A-1", "2025-06-20"), at=FIRST + WEEK)
    after = {name: subscribed.events(DAY + WEEK, name) for name in before}

    for name, was in before.items():
        assert set(was) == set(after[name])
        for title, event in was.items():
            now = after[name][title]
            assert now["uid"] == event["uid"]
            assert now["dtstart"].dt > event["dtstart"].dt
            assert now["sequence"] > event["sequence"]
            assert now["dtstamp"].dt > event["dtstamp"].dt
    undo(subscribed.company.database)
    back = subscribed.events(DAY + 2 * WEEK)
    assert back[MEETING]["dtstart"].dt == before["duties"][MEETING]["dtstart"].dt
    assert back[MEETING]["sequence"] > after["duties"][MEETING]["sequence"]


def test_a_price_notice_has_the_uid_of_the_calendar_file(subscribed: Subscribed) -> None:
    subscribed.company.take_in(*_lists("2025-06-01"), prices=PRICES)
    notice = subscribed.events(DAY)["Price-notice deadline: Fjell A-1 AS"]
    in_file = events(subscribed.company.file(DAY, days=YEAR))
    assert in_file[str(notice["uid"])].to_ical() == notice.to_ical()
    # and so have the others one that is made alike: agreement, kind and the period's number
    assert {row["period_number"] for row in subscribed.duties(DAY)} == {0}


def test_a_closed_duty_disappears_and_comes_back_when_it_is_opened_again(subscribed: Subscribed) -> None:
    subscribed.company.take_in(*_lists("2025-06-01", "2025-07-01"), prices=PRICES)
    marks, before = DutyMarks.beside(subscribed.company.database), subscribed.file(DAY)
    closed = [Duty.of(row) for row in subscribed.duties(DAY) if row["agreement_id"] == "A-1"]
    assert {duty.kind for duty in closed} == {"price_notice", "status_meeting"}
    marks.close(closed, DONE, closed_on=DAY, saved_at=FIRST)
    after = subscribed.events(DAY)
    assert after
    assert all("A-1" not in title for title in after)
    marks.undo(closed, undone_at=FIRST)
    assert subscribed.file(DAY) == before


def test_a_notice_of_termination_removes_what_no_longer_holds(subscribed: Subscribed) -> None:
    subscribed.company.take_in(agreement("A-1", "2025-06-01"), agreement("A-2", "2025-06-01"))
    assert {"Termination deadline: Fjell A-1 AS", "Renewal: Fjell A-1 AS"} <= set(
        subscribed.events(DAY, "customer")
    )
    subscribed.company.take_in(
        agreement("A-1", "2025-06-01", terminated_on="2026-01-15"),
        agreement("A-2", "2025-06-01"),
        at=FIRST + WEEK,
    )
    after = subscribed.events(DAY + WEEK, "customer")
    assert {title for title in after if "A-1" in title} == {"Ends: Fjell A-1 AS"}
    assert {"Termination deadline: Fjell A-2 AS", "Renewal: Fjell A-2 AS"} <= set(after)


def test_a_meeting_that_is_planned_takes_the_place_of_its_duty_and_goes_when_it_is_held(
    subscribed: Subscribed,
) -> None:
    planned = "Status meeting: Fjell A-1 AS"
    subscribed.company.take_in(agreement("A-1", "2025-06-01"))
    assert set(subscribed.events(DAY)) == {MEETING}
    plan = "M-1;91;status_meeting;2026-02-{day};{held};"
    uids = set()
    for week, day in ((1, "03"), (2, "10")):
        subscribed.company.take_in(meetings=_meetings(plan.format(day=day, held="")), at=FIRST + week * WEEK)
        found = subscribed.events(DAY + week * WEEK)
        assert {title: event["dtstart"].dt for title, event in found.items()} == {
            planned: date(2026, 2, int(day))
        }
        uids.add(str(found[planned]["uid"]))
    assert len(uids) == 1
    subscribed.company.take_in(
        meetings=_meetings(plan.format(day="10", held="2026-02-10")), at=FIRST + 5 * WEEK
    )
    assert not subscribed.events(DAY + 5 * WEEK)


def test_a_reader_finds_their_own_customers(subscribed: Subscribed) -> None:
    subscribed.company.take_in(
        agreement("A-1", "2025-06-01"), agreement("A-2", "2025-06-01", account_manager="Ola")
    )
    kari = Reader(key="kari", managers=frozenset({"Kari"}), today=DAY)
    for contents in ("duties", "customer"):
        mine = subscribed.file(DAY, contents, reader=kari)
        assert b"A-1" in mine
        assert b"A-2" not in mine
        assert b"A-2" in subscribed.file(DAY, contents)
    nobody = Reader(key="nobody", customer_ids=frozenset({"5"}), rights=frozenset[Right]())
    assert b"VEVENT" not in subscribed.file(DAY, reader=nobody)


def test_it_rings_as_asked_and_not_for_what_nobody_has_to_do(subscribed: Subscribed) -> None:
    subscribed.company.take_in(agreement("A-1", "2025-06-01"))
    assert b"TRIGGER:-P6DT15H" in subscribed.file(DAY)
    assert b"TRIGGER:-P13DT15H" in subscribed.file(DAY, alarm_days=14)
    assert b"VALARM" not in subscribed.file(DAY, alarm_days=0)
    customer = subscribed.events(DAY, "customer")
    assert not customer["Renewal: Fjell A-1 AS"].walk("VALARM")
    assert customer["Termination deadline: Fjell A-1 AS"].walk("VALARM")
    assert b"REFRESH-INTERVAL;VALUE=DURATION:PT4H" in subscribed.file(DAY)


def test_nothing_is_left_of_a_customer_who_is_forgotten(subscribed: Subscribed) -> None:
    subscribed.company.take_in(agreement("A-1", "2025-06-01"), agreement("A-2", "2025-06-01"))
    subscribed.file(DAY)
    notes = Notes.beside(subscribed.company.database)
    assert notes.count_of("91") == 1
    notes.forget_customer("91")
    with notes.opened() as connection:
        left = connection.execute("select customer_id from feed_events").fetchall()
    assert left == [("92",)]


def test_an_event_that_changes_twice_in_a_day_has_a_higher_number_each_time(subscribed: Subscribed) -> None:
    numbers = []
    for minutes, day in enumerate(("2025-06-01", "2025-06-20", "2025-07-11")):
        subscribed.company.take_in(agreement("A-1", day), at=FIRST + timedelta(seconds=minutes))
        numbers.append(int(subscribed.events(DAY)[MEETING]["sequence"]))
    assert numbers == sorted(set(numbers))
    assert datetime(2026, 1, 12, 8, 0) == subscribed.events(DAY)[MEETING]["dtstamp"].dt.replace(
        tzinfo=None, second=0
    )
