"""Calendars that subscribe, and one that takes in downloaded files by UID: do they hold exactly what is current?"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import icalendar
from benchmarks.simulation.truth import Truth

from ccinsight.access import SEES_ALL
from ccinsight.database.scope import Scope
from ccinsight.database.warehouse import Warehouse
from ccinsight.i18n import set_language
from ccinsight.integrations.delivery.feed_file import feed_file
from ccinsight.integrations.delivery.feeds import DUTIES, Feed, Feeds
from ccinsight.integrations.delivery.recipients import Recipient
from ccinsight.notes.duties import DutyMarks
from ccinsight.outputs.calendar_file import calendar, without_closed

_DAYS, _COMPARED_DAYS = 366, 300


def uid_of(owner: str, kind: str, number: object) -> str:
    """An event's UID by what the documentation says: agreement, kind and period."""
    parts = [owner, kind, *([] if number is None else [str(number)])]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32] + "@ccinsight"


def _read(file: bytes) -> dict[str, Any]:
    return {str(event["uid"]): event for event in icalendar.Calendar.from_ical(file).walk("VEVENT")}


@dataclass
class Calendars:
    """The calendars of account managers, by name, and one of somebody who opens each week's downloaded file."""

    database: Path
    faults: list[str]
    counts: Counter[str] = field(default_factory=Counter)
    _feeds: dict[str, Feed] = field(default_factory=dict)
    _held: dict[str, dict[str, Any]] = field(default_factory=dict)
    _files: dict[str, Any] = field(default_factory=dict)

    def subscribe(self, people: Iterable[Recipient], day: date) -> None:
        """Makes a calendar of duties for each account manager."""
        for person in people:
            if person.reader.managers:
                feeds = Feeds(self.database)
                feed, _token = feeds.add(person.reader, DUTIES, 7, "en", datetime.combine(day, time()))
                self._feeds[person.reader.name] = feed

    def morning(self, truth: Truth, *, is_weekly: bool) -> None:
        """Fetches all calendars, and compares each with what holds on the day."""
        with Warehouse.open(self.database) as house:
            for name, feed in self._feeds.items():
                reader = Feeds(self.database).reader_of(feed, truth.day)
                assert reader is not None
                self._compare(name, feed_file(house, self.database, feed, reader, truth.day), truth)
            if is_weekly:
                self._download(house, truth.day)
        set_language("en")

    def figures(self) -> list[str]:
        return [f"calendars: {dict(self.counts)}"]

    def _compare(self, name: str, file: bytes, truth: Truth) -> None:
        found = _read(file)
        if len(found) != file.count(b"BEGIN:VEVENT"):
            self.faults.append(f"{truth.day} {name}: a UID stands twice in the calendar")
        shown = {uid: event["dtstart"].dt for uid, event in found.items()}
        expected = {
            uid_of(
                row["agreement_id"] or f"customer {row['customer_id']}", row["kind"], row["period_number"]
            ): (row["last_working_day"] or row["last_day"])
            for row in truth.of_manager(name)
            if row["last_day"] is not None and row.get("milestone") is None  # verdicts have no event
        }
        for meeting, planned in truth.meetings_of(name).items():
            expected[uid_of(f"meeting {meeting}", "planned_meeting", None)] = planned
        if shown != expected:
            wrong = sorted({*shown.items()} ^ {*expected.items()})
            titles = [str(found[uid]["summary"]) for uid, _on in wrong if uid in found]
            self.faults.append(f"{truth.day} {name}: the calendar differs: {wrong[:4]} {titles[:4]}")
        self.counts["calendars compared"] += 1
        self.counts["events"] += len(found)
        self._follow(name, found, truth.day)

    def _follow(self, name: str, found: dict[str, Any], day: date) -> None:
        """An event is the same to the byte until it changes, and then has a higher number."""
        before = self._held.get(name, {})
        for uid in before.keys() & found.keys():
            old, new = before[uid], found[uid]
            if old.to_ical() == new.to_ical():
                self.counts["events equal to the byte"] += 1
                continue
            self.counts["events that changed"] += 1
            self.counts["events that moved"] += old["dtstart"].dt != new["dtstart"].dt
            if int(new["sequence"]) <= int(old["sequence"]):
                self.faults.append(f"{day} {name}: {new['summary']} changed without a higher number")
        self.counts["events that ended"] += len(before.keys() - found.keys())
        self.counts["events that began"] += len(found.keys() - before.keys())
        self._held[name] = found

    def _download(self, house: Warehouse, day: date) -> None:
        """Somebody downloads the dates of all customers and opens the file in a calendar (RFC 5546)."""
        events = house.report("calendar_events", Scope(day, SEES_ALL), days=_DAYS)
        closed = DutyMarks.beside(self.database).closed_notices(day)
        for uid, event in _read(calendar(without_closed(events, closed))).items():
            held = self._files.get(uid)
            if held is None or _rank(event) >= _rank(held):
                self._files[uid] = event
        # a date that was moved beyond the days stays in the file, so that the calendar moves it
        until = day + timedelta(days=_COMPARED_DAYS)
        shown = {
            (uid, event["dtstart"].dt)
            for uid, event in self._files.items()
            if event["status"] != "CANCELLED" and day <= event["dtstart"].dt <= until
        }
        dates = house.report("deadlines", Scope(day, SEES_ALL), days=_DAYS).to_pylist()
        expected = {
            (uid_of(row["agreement_id"], row["kind"], row["period_number"]), row["act_by"] or row["due_on"])
            for row in dates
        }
        expected = {(uid, on) for uid, on in expected if day <= on <= until}
        self.counts["downloaded files compared"] += 1
        if shown != expected:
            wrong = sorted(shown ^ expected)
            titles = [str(self._files[uid]["summary"]) for uid, _on in wrong if uid in self._files]
            self.faults.append(f"{day}: the downloaded calendar differs: {wrong[:4]} {titles[:4]}")


def _rank(event: Any) -> tuple[int, datetime]:
    return int(event["sequence"]), event["dtstamp"].dt
