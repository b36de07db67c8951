"""What a calendar subscription holds: the events that are current, and none besides.

A calendar that subscribes drops an event that is no longer there, so nothing has to be cancelled as in a file.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa

from ccinsight.access import Reader
from ccinsight.database.scope import Scope
from ccinsight.database.warehouse import Warehouse
from ccinsight.i18n import _, set_language
from ccinsight.integrations.delivery.feeds import DUTIES, Content, Feed, Feeds
from ccinsight.notes.duties import DutyMarks
from ccinsight.outputs.calendar_file import Entry, entries, without_closed, written
from ccinsight.registry import CODES, REPORTS, label_of

# Calendars are asked to come back this often; some come when they like.
REFRESH = timedelta(hours=4)
_DAYS_AHEAD = 366
# Until it is known when an event last changed.
_NOT_YET = datetime(1, 1, 1)
_LINES = (
    "customer_name",
    "customer_id",
    "agreement_id",
    "account_manager",
    "last_day",
    "last_working_day",
    "value",
)


def feed_file(house: Warehouse, database: Path, feed: Feed, reader: Reader, as_of: date) -> bytes:
    """The calendar of a subscription as of a day, in its language, with the rows that ``reader`` may see."""
    set_language(feed.language)
    marks = DutyMarks.beside(database)
    events = house.report("calendar_events", Scope(as_of, reader), days=_DAYS_AHEAD)
    held = _confirmed(without_closed(events, marks.closed_notices(as_of)))
    if feed.contents != DUTIES:
        name = _("What the customer may do")
        return written(
            name, "", entries(_of(held, "termination", "renewal", "end")), feed.alarm_days, REFRESH
        )
    duties = [
        row
        for row in house.report("duties", Scope(as_of, reader), marks=marks.rows()).to_pylist()
        if row["state"] == "open" and row["last_day"]
    ]
    meetings = [
        row
        for row in house.report("meetings_list", Scope(as_of, reader)).to_pylist()
        if row["kind"] == "status_meeting" and row["held_on"] is None
        if row["planned_on"] and row["planned_on"] >= as_of
    ]
    notices = {entry.uid: entry for entry in entries(_of(held, "price_notice"))}
    found = [*_duties(duties, notices), *_meetings(meetings)]
    said = Feeds(database).said((content for content, _entry in found if content), _known_at(house), as_of)
    dated = [
        replace(entry, sequence=said[entry.uid].sequence, changed_at=said[entry.uid].changed_at)
        if content
        else entry
        for content, entry in found
    ]
    dated.sort(key=lambda entry: (entry.on, entry.uid))
    return written(_("To do for support agreements"), "", dated, feed.alarm_days, REFRESH)


def uid_of(owner: str, kind: str, number: object) -> str:
    """An event's UID: of an agreement (else of what the event is about), a kind and a number, as in calendar_events."""
    parts = [owner, kind, *([] if number is None else [str(number)])]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32] + "@ccinsight"


def _confirmed(events: pa.Table) -> pa.Table:
    return events.filter(pa.compute.equal(events["status"], "confirmed"))


def _of(events: pa.Table, *kinds: str) -> pa.Table:
    return events.filter(pa.compute.is_in(events["kind"], pa.array(kinds)))


def _known_at(house: Warehouse) -> datetime:
    with house.reading() as cursor:
        [(known_at,)] = cursor.execute("select known_at from model.calendar_moment").fetchall()
    moment: datetime = known_at  # null only before the first import, and then there is no event
    return moment


def _duties(
    rows: list[dict[str, Any]], notices: Mapping[str, Entry]
) -> Iterator[tuple[Content | None, Entry]]:
    """A price notice is the event of the calendar file, with its number; the others are made here."""
    for row in rows:
        kind = row["kind"]
        uid = uid_of(
            row["agreement_id"] or (f"customer {row['customer_id']}" if row["customer_id"] else "export"),
            kind,
            row["period_number"],
        )
        if uid in notices:
            yield None, notices[uid]
            continue
        code = CODES["duty_kind"][kind]
        title = _(code.label)
        entry = _entry(
            uid,
            row["last_working_day"] or row["last_day"],
            f"{title}: {row['customer_name']}" if row["customer_name"] else title,
            "\n".join([*_lines("duties", row, _LINES), "", _(code.description)]),
            title,
        )
        yield Content(uid, row["customer_id"], tuple(row[name] for name in ("kind", *_LINES))), entry


def _meetings(rows: list[dict[str, Any]]) -> Iterator[tuple[Content, Entry]]:
    """Without the note: it is internal, and calendars are often kept by others."""
    names = ("customer_name", "customer_id", "planned_on")
    for row in rows:
        uid = uid_of(f"meeting {row['meeting_id']}", "planned_meeting", None)
        title = label_of("meeting_kind", row["kind"])
        entry = _entry(
            uid,
            row["planned_on"],
            f"{title}: {row['customer_name'] or row['customer_id']}",
            "\n".join(_lines("meetings_list", row, names)),
            title,
        )
        yield Content(uid, row["customer_id"], tuple(row[name] for name in names)), entry


def _entry(uid: str, on: date, title: str, description: str, category: str) -> Entry:
    """Not yet numbered."""
    return Entry(uid, 0, _NOT_YET, on, title, description, category, rings=True)


def _lines(report: str, row: Mapping[str, Any], names: tuple[str, ...]) -> Iterator[str]:
    column = REPORTS[report].column
    for name in names:
        if row[name] is not None:
            yield f"{_(column(name).label)}: {column(name).shown(row[name])}"
