"""Deadlines as an iCalendar file that Outlook, Google and Apple Calendar open."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pandas as pd
from icalendar import Alarm, Calendar, Event

from ccinsight import i18n
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
# Nobody has to do anything on a renewal or on a last day: those come without an alarm.
_TO_ACT_ON = frozenset({"price_notice", "termination"})
_ALARM_HOUR = 9


def calendar(deadlines: pd.DataFrame, as_of: date, alarm_days: int = 7) -> bytes:
    """The rows of the report ``deadlines`` as all-day events, one each.

    A deadline to act on lies on its act-by date, ``alarm_days`` before which it rings at 9 in the morning;
    a renewal and a last day lie on themselves. The same date of the same agreement always has the same UID,
    so that a calendar that reads a later file moves its events and doesn't double them. Times of writing are
    the as-of date (no clock).
    """
    book = Calendar()
    book.add("prodid", "-//ccinsight//deadlines//EN")
    book.add("version", "2.0")
    book.add("method", "PUBLISH")
    book.add("x-wr-calname", _("Agreement deadlines"))
    names = [str(name) for name in deadlines.columns]
    for values in deadlines.itertuples(index=False, name=None):
        texts = (printable(value) if isinstance(value, str) else value for value in values)
        book.add_component(_event(dict(zip(names, texts, strict=True)), as_of, alarm_days))
    return bytes(book.to_ical())


def _event(row: dict[str, object], as_of: date, alarm_days: int) -> Event:
    kind, due_on = str(row["kind"]), _day(row["due_on"])
    assert due_on is not None  # the report's key
    on = _day(row.get("act_by")) or due_on
    written = datetime(as_of.year, as_of.month, as_of.day, tzinfo=UTC)
    summary = f"{label_of('deadline_kind', kind)}: {row['customer_name']}"
    event = Event()
    event.add("uid", _uid(str(row["agreement_id"]), kind, due_on))
    event.add("dtstamp", written)
    event.add("last-modified", written)
    event.add("dtstart", on)
    event.add("dtend", on + timedelta(days=1))
    event.add("summary", summary)
    event.add("description", "\n".join(_description(row, kind, as_of)))
    event.add("categories", [label_of("deadline_kind", kind)])
    # A deadline doesn't make its day busy.
    event.add("transp", "TRANSPARENT")
    event.add("x-microsoft-cdo-busystatus", "FREE")
    if kind in _TO_ACT_ON and alarm_days > 0:
        event.add_component(_alarm(summary, alarm_days))
    return event


def _alarm(summary: str, days: int) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", summary)
    alarm.add("trigger", timedelta(hours=_ALARM_HOUR) - timedelta(days=days))
    return alarm


def _description(row: dict[str, object], kind: str, as_of: date) -> Iterator[str]:
    """Customer, agreement, the dates and the value, what the date means and its clause, and as of when."""
    column = REPORTS["deadlines"].column
    for name in (
        "customer_name",
        "customer_id",
        "agreement_id",
        "account_manager",
        "due_on",
        "act_by",
        "annual_value",
    ):
        value = row.get(name)
        if name in {"account_manager", "act_by"} and i18n.is_unknown(value):
            continue
        yield f"{_(column(name).label)}: {column(name).shown(value)}"
    yield ""
    yield REPORTS["agreements"].column(_DEFINED_BY[kind]).help_text()
    yield _("As known on {day}.").format(day=i18n.day(as_of))


def _uid(agreement_id: str, kind: str, due_on: date) -> str:
    """The same for the same date of the same agreement, whatever characters the agreement's number holds."""
    named = "\n".join((agreement_id, kind, due_on.isoformat()))
    return f"{hashlib.sha256(named.encode()).hexdigest()[:32]}@ccinsight"


def _day(value: object) -> date | None:
    if i18n.is_unknown(value):
        return None
    if isinstance(value, datetime):
        return value.date()
    assert isinstance(value, date)
    return value
