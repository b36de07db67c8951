"""Deadlines as an iCalendar file that Outlook, Google and Apple Calendar open."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pyarrow as pa
from icalendar import Alarm, Calendar, Event

from ccinsight.clock import NORWAY
from ccinsight.i18n import _
from ccinsight.printable import printable
from ccinsight.registry import REPORTS, label_of

MIME_TYPE = "text/calendar"

# The column of the report `agreements` that defines each kind of date.
_DEFINED_BY = {
    "price_notice": "price_notice_deadline",
    "termination": "termination_deadline",
    "renewal": "renewal_on",
    "end": "ends_on",
}
_ALARM_HOUR = 9
# Events are numbered by the minutes since (model.event_sequence).
_NUMBERED_FROM = datetime(2020, 1, 1)
_LINES = (
    "customer_name",
    "customer_id",
    "agreement_id",
    "account_manager",
    "due_on",
    "act_by",
    "annual_value",
    "price_notice_state",
)
# What some agreements or dates don't have: it isn't unknown.
_OPTIONAL = frozenset({"account_manager", "act_by", "price_notice_state"})


@dataclass(frozen=True)
class Entry:
    """An all-day event, in words. ``changed_at``: Norwegian time; ``rings``: something is to be done by the day."""

    uid: str
    sequence: int
    changed_at: datetime
    on: date
    title: str
    description: str
    category: str
    rings: bool
    is_cancelled: bool = False


def calendar(events: pa.Table, filters: Sequence[tuple[str, str]] = (), alarm_days: int = 7) -> bytes:
    """The rows of the report ``calendar_events`` as all-day events, one each; ``filters`` as (label, value) in words.

    A deadline lies on its act-by date, ``alarm_days`` before which it rings at 9 in the morning where there is
    something to do; a renewal and a last day lie on themselves. An event that didn't change is the same to the byte
    in each file: its times are those of the import that last changed it, not of the download.
    """
    of = printable(", ".join(f"{label}: {value}" for label, value in filters))
    return written(_("Agreement deadlines"), of, entries(events), alarm_days)


def entries(events: pa.Table) -> Iterator[Entry]:
    """The rows of the report ``calendar_events`` in words."""
    for row in events.to_pylist():
        yield Entry(
            uid=row["uid"],
            sequence=row["sequence"],
            changed_at=row["changed_at"],
            on=row["act_by"] or row["due_on"],
            title=_summary(row),
            description="\n".join(_description(row)),
            category=_what(row),
            rings=_is_to_act_on(row),
            is_cancelled=_is_cancelled(row),
        )


def written(
    name: str, description: str, events: Iterable[Entry], alarm_days: int, refresh: timedelta | None = None
) -> bytes:
    """A calendar with this name, as bytes. ``refresh``: how often whoever subscribes to it should ask again.

    ``alarm_days`` 0: nothing rings.
    """
    book = Calendar()
    book.add("prodid", "-//ccinsight//deadlines//EN")
    book.add("version", "2.0")
    book.add("method", "PUBLISH")
    book.add("x-wr-calname", name)
    if description:
        book.add("x-wr-caldesc", description)
    if refresh:
        book.add("refresh-interval", refresh, parameters={"VALUE": "DURATION"})
        book.add("x-published-ttl", f"PT{int(refresh.total_seconds()) // 3600}H")
    for entry in events:
        book.add_component(_event(entry, alarm_days))
    return bytes(book.to_ical())


def without_closed(events: pa.Table, closed_notices: Mapping[tuple[str, date], date]) -> pa.Table:
    """The events of ``calendar_events``, in which a price notice that a person closed is for information (R14).

    ``closed_notices``: agreement and deadline → the day on which it was closed. The event's number goes up, so
    that calendars which had it before take the change in.
    """
    rows = events.to_pylist()
    for row in rows:
        closed_on = closed_notices.get((row["agreement_id"], row["due_on"]))
        if closed_on and row["kind"] == "price_notice" and row["price_notice_state"] == "planned":
            changed_at = max(row["changed_at"], datetime.combine(closed_on, time()))
            row |= {
                "price_notice_state": "closed",
                "sequence": max(row["sequence"] + 1, sequence_at(changed_at)),
                "changed_at": changed_at,
            }
    return pa.Table.from_pylist(rows, schema=events.schema)


def sequence_at(moment: datetime) -> int:
    """The SEQUENCE of an event that changes at a moment, above all that it had before (``model.event_sequence``)."""
    return max(0, int((moment - _NUMBERED_FROM).total_seconds()) // 60)


def _event(entry: Entry, alarm_days: int) -> Event:
    changed = entry.changed_at.replace(tzinfo=NORWAY).astimezone(UTC)
    title = printable(entry.title)
    event = Event()
    event.add("uid", entry.uid)
    event.add("sequence", entry.sequence)
    event.add("status", "CANCELLED" if entry.is_cancelled else "CONFIRMED")
    event.add("dtstamp", changed)
    event.add("last-modified", changed)
    event.add("dtstart", entry.on)
    event.add("dtend", entry.on + timedelta(days=1))
    event.add("summary", title)
    event.add("description", printable(entry.description))
    event.add("categories", [entry.category])
    # A deadline doesn't make its day busy.
    event.add("transp", "TRANSPARENT")
    event.add("x-microsoft-cdo-busystatus", "FREE")
    if entry.rings and alarm_days > 0:
        event.add_component(_alarm(title, alarm_days))
    return event


def _is_cancelled(row: Mapping[str, Any]) -> bool:
    return bool(row["status"] == "cancelled")


def _is_information(row: Mapping[str, Any]) -> bool:
    """A price notice that nobody has to send (R14)."""
    return bool(row["kind"] == "price_notice" and row["price_notice_state"] != "planned")


def _is_to_act_on(row: Mapping[str, Any]) -> bool:
    """Nobody has to do anything on a renewal or on a last day: those come without an alarm."""
    return row["kind"] in ("price_notice", "termination") and not (_is_cancelled(row) or _is_information(row))


def _what(row: Mapping[str, Any]) -> str:
    return (
        _("Price notice (for information)")
        if _is_information(row)
        else label_of("deadline_kind", row["kind"])
    )


def _summary(row: Mapping[str, Any]) -> str:
    title = f"{_what(row)}: {row['customer_name']}"
    return _("No longer holds: {title}").format(title=title) if _is_cancelled(row) else title


def _alarm(summary: str, days: int) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", summary)
    alarm.add("trigger", timedelta(hours=_ALARM_HOUR) - timedelta(days=days))
    return alarm


def _description(row: Mapping[str, Any]) -> Iterator[str]:
    """Customer, agreement, the dates and the value, and what the date means with its clause."""
    column = REPORTS["calendar_events"].column
    for name in _LINES:
        value = row[name]
        if value is not None or name not in _OPTIONAL:
            yield f"{_(column(name).label)}: {column(name).shown(value)}"
    yield ""
    if _is_cancelled(row):
        yield _("An earlier file had this date. It no longer holds.")
    else:
        yield REPORTS["agreements"].column(_DEFINED_BY[row["kind"]]).help_text()
