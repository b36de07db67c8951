"""The alerts that readers subscribe to, and for which subjects each holds, in the notes file.

An event is open from the day an alert began to hold for a subject to the day it ended. It is written in the same
transaction that marks its message as being sent (messages.py), so that nothing is said twice, whatever is killed.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from ccinsight.errors import CcinsightError
from ccinsight.i18n import _
from ccinsight.notes import Notes, stored

MAIL = "mail"
_WEBHOOK = "webhook:"
_COLUMNS = "alert_id, reader_key, rule, customer_id, threshold, channel, made_at"
_OWN = "alert_id = ? and (? is null or reader_key = ?)"
_MOST = 200


def webhook_channel(name: str) -> str:
    """The channel that a webhook of delivery.toml is."""
    return _WEBHOOK + name


def webhook_of(channel: str) -> str | None:
    """The webhook's name; None for mail."""
    return channel.removeprefix(_WEBHOOK) if channel.startswith(_WEBHOOK) else None


@dataclass(frozen=True)
class Subscription:
    """A rule that a reader is alerted by: for one customer or (None) all of theirs, at a threshold, by a channel."""

    alert_id: int
    reader_key: str
    rule: str
    customer_id: str | None
    threshold: Decimal | None
    channel: str
    made_at: datetime


@dataclass(frozen=True)
class Event:
    """A subject for which an alert holds. ``subject`` is the key of a report's row as JSON."""

    event_id: int
    alert_id: int
    subject: str
    customer_id: str | None
    began_on: date


@dataclass(frozen=True)
class Changes:
    """What a run found: subjects (with their customer) for which alerts begin to hold, and events that end."""

    began: Sequence[tuple[int, str, str | None]] = ()
    ended: Sequence[Event] = ()

    def __bool__(self) -> bool:
        return bool(self.began or self.ended)


class Subscriptions:
    """The alerts of a database's readers. Raises CcinsightError where the notes file can't be used."""

    def __init__(self, database: Path) -> None:
        self._notes = Notes.beside(database)

    def all(self) -> list[Subscription]:
        """Everybody's, in order of making, without removed ones."""
        return self._selected("ended_at is null order by alert_id", [])

    def of(self, reader_key: str) -> list[Subscription]:
        """A reader's own."""
        return [each for each in self.all() if each.reader_key == reader_key]

    def add(
        self,
        reader_key: str,
        rule: str,
        customer_id: str | None,
        threshold: Decimal | None,
        channel: str,
        at: datetime,
    ) -> Subscription:
        """Subscribes a reader. Raises CcinsightError where they have the alert already, at whatever threshold."""
        new = Subscription(0, reader_key, rule, customer_id, threshold, channel, at)
        with self._notes.writing() as connection:
            _refuse_twice(connection, new)
            if len(_rows(connection, "ended_at is null and reader_key = ?", [reader_key])) >= _MOST:
                raise CcinsightError(
                    _("There are {count} alerts already. Remove one first.").format(count=_MOST)
                )
            alert_id = connection.execute(
                "insert into alerts (reader_key, rule, customer_id, channel, threshold, made_at)"
                " values (?, ?, ?, ?, ?, ?)",
                stored([*_same(new), None if threshold is None else str(threshold), at]),
            ).lastrowid
            return _rows(connection, "alert_id = ?", [alert_id])[0]

    def remove(self, alert_id: int, at: datetime, *, reader_key: str | None = None) -> Subscription:
        """Ends a subscription, a reader's own or (None) anybody's: nothing more is sent for it.

        Raises CcinsightError where it isn't there.
        """
        with self._notes.writing() as connection:
            found = _rows(connection, f"ended_at is null and {_OWN}", [alert_id, reader_key, reader_key])
            if not found:
                raise _no_alert(alert_id)
            connection.execute("update alerts set ended_at = ? where alert_id = ?", stored([at, alert_id]))
            return found[0]

    def undo_removal(self, alert_id: int, *, reader_key: str | None = None) -> Subscription:
        """Takes a subscription up again where it was: what has begun and ended since is sent by the next run.

        Raises CcinsightError where it wasn't removed, or was added once more since.
        """
        with self._notes.writing() as connection:
            found = _rows(connection, f"ended_at is not null and {_OWN}", [alert_id, reader_key, reader_key])
            if not found:
                raise _no_alert(alert_id)
            _refuse_twice(connection, found[0])
            connection.execute("update alerts set ended_at = null where alert_id = ?", [alert_id])
            return found[0]

    def open_events(self, alert_ids: Iterable[int]) -> list[Event]:
        """The subjects for which these alerts hold, as the last run found them, oldest first."""
        if not self._notes.path.exists():
            return []
        wanted = set(alert_ids)
        with self._notes.opened() as connection:
            rows = connection.execute(
                "select event_id, alert_id, subject, customer_id, began_on from alert_events"
                " where ended_on is null order by event_id"
            ).fetchall()
        return [
            Event(event_id, alert_id, subject, customer_id, date.fromisoformat(began_on))
            for event_id, alert_id, subject, customer_id, began_on in rows
            if alert_id in wanted
        ]

    def end_silently(self, events: Iterable[Event], on: date) -> None:
        """Ends events of which nothing may be sent: their customers are no longer the reader's."""
        with self._notes.writing() as connection:
            _end(connection, events, None, on)

    def take_back(self, message_id: int) -> None:
        """Undoes the events of a message that didn't arrive: the next run finds what holds by then."""
        with self._notes.writing() as connection:
            connection.execute("delete from alert_events where began_message = ?", [message_id])
            # one that has begun once more since stays ended
            connection.execute(
                "update or ignore alert_events set ended_on = null, ended_message = null"
                " where ended_message = ?",
                [message_id],
            )

    def prune(self, before: date) -> None:
        """Drops subscriptions removed so long ago, events that ended so long ago, and those of no subscription."""
        with self._notes.writing() as connection:
            connection.execute("delete from alerts where ended_at < ?", stored([before]))
            connection.execute(
                "delete from alert_events where ended_on < ? or alert_id not in (select alert_id from alerts)",
                stored([before]),
            )

    def _selected(self, where: str, values: list[object]) -> list[Subscription]:
        if not self._notes.path.exists():
            return []
        with self._notes.opened() as connection:
            return _rows(connection, where, values)


def write_changes(connection: sqlite3.Connection, message_id: int, changes: Changes, on: date) -> None:
    """Writes what a message says, in the transaction that marks it as being sent."""
    for alert_id, subject, customer_id in changes.began:
        connection.execute(
            "insert into alert_events (alert_id, subject, customer_id, began_on, began_message)"
            " values (?, ?, ?, ?, ?)",
            stored([alert_id, subject, customer_id, on, message_id]),
        )
    _end(connection, changes.ended, message_id, on)


def _same(subscription: Subscription) -> list[str | None]:
    """What two subscriptions mustn't share: they differ in more than the threshold."""
    return [subscription.reader_key, subscription.rule, subscription.customer_id, subscription.channel]


def _refuse_twice(connection: sqlite3.Connection, new: Subscription) -> None:
    where = "ended_at is null and reader_key = ? and rule = ? and customer_id is ? and channel = ?"
    if _rows(connection, where, _same(new)):
        raise CcinsightError(_("This alert is there already. Remove it first to set another threshold."))


def _no_alert(alert_id: int) -> CcinsightError:
    return CcinsightError(_("There is no alert {number}.").format(number=alert_id))


def _end(connection: sqlite3.Connection, events: Iterable[Event], message_id: int | None, on: date) -> None:
    for event in events:
        connection.execute(
            "update alert_events set ended_on = ?, ended_message = ? where event_id = ?",
            stored([on, message_id, event.event_id]),
        )


def _rows(connection: sqlite3.Connection, where: str, values: Sequence[object]) -> list[Subscription]:
    rows = connection.execute(f"select {_COLUMNS} from alerts where {where}", values).fetchall()  # noqa: S608
    return [
        Subscription(
            alert_id,
            reader_key,
            rule,
            customer_id,
            None if threshold is None else Decimal(threshold),
            channel,
            datetime.fromisoformat(made_at),
        )
        for alert_id, reader_key, rule, customer_id, threshold, channel, made_at in rows
    ]
