"""Which messages went to whom, in the notes file: one row for each reader, kind and period.

A row is ``sending`` before its message is handed to the mail server, and says afterwards what the server answered. A
row that is still ``sending`` when the next run begins belongs to a run that was killed: whether the message arrived is
unknown, and it becomes ``uncertain``. Only a person sends it again, or says that it arrived.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from pathlib import Path

from filelock import FileLock, Timeout

from ccinsight.errors import CcinsightError
from ccinsight.files import delivery_lock_file
from ccinsight.i18n import N_, _
from ccinsight.notes import Notes, stored
from ccinsight.printable import printable

DIGEST, ALERT = "digest", "alert"
_KEPT_DAYS = 365

Also = Callable[[sqlite3.Connection, int], None]
_COLUMNS = "message_id, reader_key, address, kind, period, covers, state, subject, changed_at, detail"


class State(StrEnum):
    """What became of a message. ``silent``: there was nothing to say on the day that it covers."""

    SENDING = "sending"
    SENT = "sent"
    SILENT = "silent"
    REFUSED = "refused"
    FAILED = "failed"
    UNCERTAIN = "uncertain"

    @property
    def label(self) -> str:
        """The state in the language in use."""
        return _(_LABELS[self])


_LABELS = {
    State.SENDING: N_("Being sent"),
    State.SENT: N_("Sent"),
    State.SILENT: N_("Nothing to report"),
    State.REFUSED: N_("Refused"),
    State.FAILED: N_("Not sent"),
    State.UNCERTAIN: N_("Uncertain whether it arrived"),
}
# What a run may still send in its period.
_OPEN = (State.FAILED, State.SILENT)


@dataclass(frozen=True)
class Message:
    """A row. ``period``: what there is one message for, as ``2026-W10``; ``covers``: its as-of day."""

    message_id: int
    reader_key: str
    address: str
    kind: str
    period: str
    covers: date
    state: State
    subject: str
    changed_at: datetime
    detail: str


@dataclass(frozen=True)
class Slot:
    """Whom and what a message is for: there is one message for each reader, kind and period."""

    reader_key: str
    address: str
    kind: str
    period: str
    covers: date


class Messages:
    """The messages of a database. Raises CcinsightError where the notes file can't be used."""

    def __init__(self, database: Path) -> None:
        self._database, self._notes = database, Notes.beside(database)

    @contextmanager
    def sending(self, at: datetime) -> Iterator[None]:
        """Holds off other runs that send, and settles what a killed one left. Raises CcinsightError where one runs."""
        lock = self._lock()
        try:
            lock.acquire()
        except Timeout as error:
            raise CcinsightError(
                _("Another run sends messages of {file}. Try again when it is done.").format(
                    file=self._database
                )
            ) from error
        except OSError as error:  # a folder of someone else's, a disk that is read-only
            raise CcinsightError(
                _("The folder {folder} can't be written to.").format(folder=self._database.parent)
            ) from error
        try:
            with self._notes.writing() as connection:
                connection.execute(
                    "delete from messages where changed_at < ?", stored([at - timedelta(days=_KEPT_DAYS)])
                )
                _leave_open(connection, at)
            yield
        finally:
            lock.release()

    def note_killed(self, at: datetime) -> None:
        """Calls uncertain what a killed run left, before it is shown; nothing where a run sends now."""
        if not self._selected("where state = ?", [State.SENDING]):
            return
        with suppress(Timeout, OSError), self._lock(), self._notes.writing() as connection:
            _leave_open(connection, at)

    def _lock(self) -> FileLock:
        return FileLock(delivery_lock_file(self._database), timeout=0)

    def begin(self, slot: Slot, subject: str, at: datetime, also: Also | None = None) -> int | None:
        """Marks a message as being sent, and gives its number; None where one was sent, refused or left uncertain.

        ``also`` writes what the message says, in the same transaction, given the connection and the number.
        """
        return self._put(slot, State.SENDING, subject, "", at, also)

    def end(self, message_id: int, state: State, detail: str, at: datetime) -> None:
        """Says what became of a message that was being sent."""
        with self._notes.writing() as connection:
            connection.execute(
                "update messages set state = ?, detail = ?, changed_at = ? where message_id = ?",
                stored([state, printable(detail), at, message_id]),
            )

    def skip(self, slot: Slot, state: State, at: datetime, detail: str = "") -> None:
        """Notes a message that wasn't handed to the server: nothing to report, or the server can't be reached."""
        self._put(slot, state, "", detail, at)

    def of(self, reader_key: str, kind: str) -> list[Message]:
        """A reader's messages of a kind, newest first."""
        return self._selected(
            "where reader_key = ? and kind = ? order by covers desc, message_id desc", [reader_key, kind]
        )

    def newest(self, count: int) -> list[Message]:
        """The messages of everybody that changed last, newest first, without those with nothing to report."""
        return self._selected(
            "where state <> ? order by changed_at desc, message_id desc limit ?", [State.SILENT, count]
        )

    def retry(self, address: str, at: datetime) -> int:
        """Lets the next run send what is uncertain or refused at an address; gives how many messages.

        The address of a post is its channel, as ``webhook:sales``.
        """
        return self._change(address, (State.UNCERTAIN, State.REFUSED), State.FAILED, at)

    def settle(self, address: str, at: datetime) -> int:
        """Takes it that what is uncertain at an address arrived; gives how many messages."""
        return self._change(address, (State.UNCERTAIN,), State.SENT, at)

    def _change(self, address: str, states: tuple[State, ...], state: State, at: datetime) -> int:
        where = f"(reader_key = ? or address = ?) and state in ({', '.join('?' for _state in states)})"
        with self._notes.writing() as connection:
            return connection.execute(
                f"update messages set state = ?, changed_at = ? where {where}",  # noqa: S608 (our own condition)
                stored([state, at, address.casefold(), address, *states]),
            ).rowcount

    def _put(
        self, slot: Slot, state: State, subject: str, detail: str, at: datetime, also: Also | None = None
    ) -> int | None:
        """Adds a row, or changes one that is still open; gives its number, None where it isn't open."""
        texts = [printable(subject), printable(detail)]
        with self._notes.writing() as connection:
            message_id = _written(connection, slot, state, texts, at)
            if also and message_id is not None:
                also(connection, message_id)
            return message_id

    def _selected(self, rest: str, values: list[object]) -> list[Message]:
        if not self._notes.path.exists():
            return []
        with self._notes.opened() as connection:
            rows = connection.execute(f"select {_COLUMNS} from messages {rest}", stored(values)).fetchall()  # noqa: S608
        return [_message(*row) for row in rows]


def _leave_open(connection: sqlite3.Connection, at: datetime) -> None:
    connection.execute(
        "update messages set state = ?, changed_at = ? where state = ?",
        stored([State.UNCERTAIN, at, State.SENDING]),
    )


def _message(*row: str) -> Message:
    message_id, reader_key, address, kind, period, covers, state, subject, changed_at, detail = row
    return Message(
        message_id=int(message_id),
        reader_key=reader_key,
        address=address,
        kind=kind,
        period=period,
        covers=date.fromisoformat(covers),
        state=State(state),
        subject=subject,
        changed_at=datetime.fromisoformat(changed_at),
        detail=detail,
    )


def _written(
    connection: sqlite3.Connection, slot: Slot, state: State, texts: list[str], at: datetime
) -> int | None:
    keys = [slot.reader_key, slot.kind, slot.period]
    found = connection.execute(
        "select message_id, state from messages where reader_key = ? and kind = ? and period = ?", keys
    ).fetchone()
    if found is None:
        return connection.execute(
            "insert into messages (reader_key, kind, period, address, covers, state, subject, detail, "
            "made_at, changed_at) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            stored([*keys, slot.address, slot.covers, state, *texts, at, at]),
        ).lastrowid
    message_id, before = found
    if before not in _OPEN:
        return None
    connection.execute(
        "update messages set covers = ?, state = ?, subject = ?, detail = ?, changed_at = ? where message_id = ?",
        stored([slot.covers, state, *texts, at, message_id]),
    )
    return int(message_id)
