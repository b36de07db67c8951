"""Calendar subscriptions: one token each, of which only the hash is stored, and what was last said of each event.

Whoever has the token reads what its reader may see at that moment; a reader who was removed has no feed.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from ccinsight.access import Reader
from ccinsight.errors import UsageError
from ccinsight.i18n import N_, _
from ccinsight.integrations.delivery.recipients import public_address
from ccinsight.integrations.delivery.token_store import MOST_TOKENS, TokenStore, TokenTable
from ccinsight.notes import stored
from ccinsight.outputs.calendar_file import sequence_at

# What a feed holds: what we have to do, or what the customer may do.
DUTIES, CUSTOMER = "duties", "customer"
CONTENTS = {
    DUTIES: N_("Our duties and planned status meetings"),
    CUSTOMER: N_("What the customer may do: termination deadlines, renewals and ends"),
}
DEFAULT_ALARM_DAYS, MOST_ALARM_DAYS = 7, 60


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


class Feeds(TokenStore[Feed]):
    """The subscriptions of a database. Raises CcinsightError where the notes file can't be used."""

    table = TokenTable(
        "calendar_feeds",
        "feed_id",
        "fetched_at",
        ("contents", "alarm_days", "language"),
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
        values = {"contents": contents, "alarm_days": alarm_days, "language": language}
        return self._add(reader, values, made_at)

    def note_fetched(self, feed: Feed, at: datetime) -> None:
        """Notes that a calendar has read it."""
        self._note_used(feed.feed_id, feed.fetched_at, at)

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

    def _entry(self, row: Mapping[str, Any]) -> Feed:
        return Feed(**row)

    def _full(self) -> str:
        return _("There are {count} calendars already. Revoke one that is no longer used.").format(
            count=MOST_TOKENS
        )


@dataclass(frozen=True)
class _Said:
    content: str
    sequence: int
    changed_at: datetime


def feed_address(database: Path, token: str, root: str = "") -> str:
    """Where calendars find the feed: under the public address, else under ``root``."""
    return f"{public_address(database) or root}/calendar/{token}.ics"


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
