"""Calendar subscriptions: one token each, of which only the hash is stored, and what was last said of each event.

Whoever has the token reads what its reader may see at that moment; a reader who was removed has no feed.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from ccinsight.access import Reader
from ccinsight.delivery.recipients import public_address, reader_by_key
from ccinsight.errors import CcinsightError, UsageError
from ccinsight.i18n import N_, _
from ccinsight.notes import Notes, stored
from ccinsight.outputs.calendar_file import sequence_at

# What a feed holds: what we have to do, or what the customer may do.
DUTIES, CUSTOMER = "duties", "customer"
CONTENTS = {
    DUTIES: N_("Our duties and planned status meetings"),
    CUSTOMER: N_("What the customer may do: termination deadlines, renewals and ends"),
}
DEFAULT_ALARM_DAYS, MOST_ALARM_DAYS = 7, 60
_MOST_FEEDS = 20
_TOKEN_BYTES = 32
# A calendar that asks often is noted this seldom, so that asking is cheap.
_NOTED_EVERY = timedelta(minutes=10)
_COLUMNS = "feed_id, reader_key, address, contents, alarm_days, language, made_at, fetched_at, revoked_at"


@dataclass(frozen=True)
class Feed:
    """A subscription. ``reader_key`` and ``address`` are its reader's, "" for all without sign-in."""

    feed_id: int
    reader_key: str
    address: str
    contents: str
    alarm_days: int
    language: str
    made_at: datetime
    fetched_at: datetime | None = None
    revoked_at: datetime | None = None


@dataclass(frozen=True)
class Content:
    """What an event says, without words, so that a change is noticed. ``customer_id`` None: of no customer."""

    uid: str
    customer_id: str | None
    values: tuple[object, ...]

    @property
    def hash(self) -> str:
        """SHA-256 of it."""
        text = "\n".join("" if value is None else str(value) for value in self.values)
        return hashlib.sha256(text.encode()).hexdigest()


class Feeds:
    """The subscriptions of a database. Raises CcinsightError where the notes file can't be used."""

    def __init__(self, database: Path) -> None:
        self._database, self._notes = database, Notes.beside(database)

    def check(self, reader: Reader, today: date) -> None:
        """Raises CcinsightError for a reader whose rights aren't known without a sign-in."""
        if reader_by_key(self._database, reader.key, reader.address, today) is None:
            raise CcinsightError(
                _(
                    "A calendar is read without a sign-in, and your access comes from a role, which only a sign-in "
                    "names. Ask the dashboard's administrator for an entry of your own in access.toml."
                )
            )

    def add(
        self, reader: Reader, contents: str, alarm_days: int, language: str, made_at: datetime
    ) -> tuple[Feed, str]:
        """A new subscription and its token, which can't be found again.

        Raises CcinsightError for a reader whose rights aren't known without a sign-in, and for one feed too many.
        """
        if contents not in CONTENTS or not 0 <= alarm_days <= MOST_ALARM_DAYS:
            raise UsageError(
                _("A reminder comes 0 to {days} days before.").format(days=MOST_ALARM_DAYS)
                if contents in CONTENTS
                else _("A calendar holds one of: {names}.").format(names=", ".join(CONTENTS))
            )
        self.check(reader, made_at.date())
        token = secrets.token_urlsafe(_TOKEN_BYTES)
        values = [reader.key, reader.address, _hash(token), contents, alarm_days, language, made_at]
        with self._notes.writing() as connection:
            if len(_selected(connection, _ACTIVE_OF, [reader.key, reader.address])) >= _MOST_FEEDS:
                raise CcinsightError(
                    _("There are {count} calendars already. Revoke one that is no longer used.").format(
                        count=_MOST_FEEDS
                    )
                )
            made = connection.execute(
                "insert into calendar_feeds (reader_key, address, token_hash, contents, alarm_days, language, made_at)"
                " values (?, ?, ?, ?, ?, ?, ?)",
                stored(values),
            )
            (feed,) = _selected(connection, "feed_id = ?", [made.lastrowid])
        return feed, token

    def of(self, reader: Reader) -> list[Feed]:
        """A reader's subscriptions that weren't revoked, the newest first."""
        return self._found(_ACTIVE_OF, [reader.key, reader.address])

    def active(self) -> list[Feed]:
        """Everybody's that weren't revoked, the newest first."""
        return self._found("revoked_at is null", [])

    def by_token(self, token: str) -> Feed | None:
        """The subscription with this token; None for one that was revoked or never was."""
        found = self._found("revoked_at is null and token_hash = ?", [_hash(token)])
        return found[0] if found else None

    def reader_of(self, feed: Feed, today: date) -> Reader | None:
        """Its reader with the rights of today; None where they were removed."""
        return reader_by_key(self._database, feed.reader_key, feed.address, today)

    def note_fetched(self, feed: Feed, at: datetime) -> None:
        """Notes that a calendar has read it."""
        if feed.fetched_at is None or at - feed.fetched_at >= _NOTED_EVERY:
            with self._notes.writing() as connection:
                connection.execute(
                    "update calendar_feeds set fetched_at = ? where feed_id = ?", stored([at, feed.feed_id])
                )

    def revoke(self, feed_id: int, at: datetime, reader: Reader | None = None) -> bool:
        """Ends a subscription; False where there is none, or it is of somebody other than ``reader``."""
        if not self._notes.path.exists():
            return False
        whose = "" if reader is None else f"and {_OWN}"
        with self._notes.writing() as connection:
            changed = connection.execute(
                f"update calendar_feeds set revoked_at = ? where feed_id = ? and revoked_at is null {whose}",  # noqa: S608
                stored([at, feed_id, *([] if reader is None else [reader.key, reader.address])]),
            )
        return changed.rowcount > 0

    def said(self, contents: Iterable[Content], known_at: datetime, as_of: date) -> dict[str, _Said]:
        """UID → SEQUENCE and the moment of the last change, of events of which the database keeps no history.

        An event that says what it said before keeps both. One that changed has the moment of the newest import,
        ``known_at``, or the day's first where no import came since it last changed.
        """
        contents = list(contents)
        if not contents:
            return {}
        with self._notes.opened() as connection:
            changed = _changed(contents, _said_before(connection, contents), known_at, as_of)
        if changed:
            with self._notes.writing() as connection:
                # another process may have noted them meanwhile
                changed = _changed(contents, _said_before(connection, contents), known_at, as_of)
                connection.executemany(
                    "insert or replace into feed_events (uid, customer_id, content, sequence, changed_at)"
                    " values (?, ?, ?, ?, ?)",
                    [stored(row) for row in changed],
                )
        with self._notes.opened() as connection:
            before = _said_before(connection, contents)
        return {each.uid: before[each.uid] for each in contents}

    def _found(self, where: str, values: Sequence[object]) -> list[Feed]:
        if not self._notes.path.exists():
            return []
        with self._notes.opened() as connection:
            return _selected(connection, where, values)


# A sign-in may name a person by an id where the command line knew an address.
_OWN = "(reader_key = ? or (address <> '' and lower(address) = lower(?)))"
_ACTIVE_OF = f"revoked_at is null and {_OWN}"


@dataclass(frozen=True)
class _Said:
    content: str
    sequence: int
    changed_at: datetime


def feed_address(database: Path, token: str, root: str = "") -> str:
    """Where calendars find the feed: under the public address, else under ``root``."""
    return f"{public_address(database) or root}/calendar/{token}.ics"


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _selected(connection: sqlite3.Connection, where: str, values: Sequence[object]) -> list[Feed]:
    """Those that fit one of our own conditions, the newest first."""
    rows = connection.execute(
        f"select {_COLUMNS} from calendar_feeds where {where} order by feed_id desc",  # noqa: S608
        stored(values),
    )
    return [
        Feed(*row[:6], *(None if at is None else datetime.fromisoformat(at) for at in row[6:]))
        for row in rows
    ]


def _said_before(connection: sqlite3.Connection, contents: Iterable[Content]) -> dict[str, _Said]:
    rows = connection.execute(
        "select uid, content, sequence, changed_at from feed_events where uid in (select value from json_each(?))",
        [json.dumps([each.uid for each in contents])],
    )
    return {uid: _Said(content, number, datetime.fromisoformat(at)) for uid, content, number, at in rows}


def _changed(
    contents: Iterable[Content], before: Mapping[str, _Said], known_at: datetime, as_of: date
) -> list[list[Any]]:
    """The rows of the events that say something new."""
    rows = []
    for each in contents:
        was = before.get(each.uid)
        if was is None:
            rows.append([each.uid, each.customer_id, each.hash, sequence_at(known_at), known_at])
        elif was.content != each.hash:
            at = (
                known_at
                if known_at > was.changed_at
                else max(was.changed_at, datetime.combine(as_of, time()))
            )
            number = max(was.sequence + 1, sequence_at(at))
            rows.append([each.uid, each.customer_id, each.hash, number, at])
    return rows
