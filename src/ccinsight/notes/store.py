"""Agendas, notes and what was agreed at status meetings (A3), in a small SQLite file beside the database.

The DuckDB file is read-only for the dashboard and replaced by every import; this file is neither. Each save adds
a version, and an undo marks the newest one as undone. Text that is saved while it is typed stays one version: a save
can take the place of the one before it. Nothing else is overwritten but by forgetting.

The same file holds what persons said of duties (R14), see duties.py, of renewals, see verdicts.py, and of terminations,
see terminations.py, saved views, see saved_views.py, the log of what people did, see activity.py, what became of the
files of watched folders, see watch/receipts.py, and which messages went to whom, see delivery/.

An entry belongs to a customer and a meeting period, and to the as-of date it was written for: on an earlier
as-of date it isn't seen, as nothing else is that came later.
"""

from __future__ import annotations

import re
import secrets
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from ccinsight.errors import CcinsightError
from ccinsight.files import notes_file, owner_only
from ccinsight.i18n import _
from ccinsight.notes.schema import prepare, transaction, unusable
from ccinsight.printable import printable

_BUSY_SECONDS = 10.0
_LONGEST_TEXT = 20_000
_INSERT = """
    insert into versions (
        customer_id, period_start, period_end, written_for, agenda, notes, agreed, saved_at, saved_by, left_out, held_on
    )
    values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
# Tables whose rows go with the customer they are about.
_OF_CUSTOMERS = (
    "versions",
    "duty_marks",
    "verdicts",
    "termination_reasons",
    "feed_events",
    "alerts",
    "alert_events",
)
# Columns in which a person's name is replaced: table → its key, and the columns.
_QUOTING = {
    "versions": ("version_id", ("agenda", "notes", "agreed")),
    "duty_marks": ("mark_id", ("note",)),
    "verdicts": ("verdict_id", ("reason", "action", "given_by")),
    "termination_reasons": ("reason_id", ("note", "saved_by", "undone_by")),
    "activity": ("activity_id", ("person",)),
    "receipts": ("receipt_id", ("file", "detail", "place")),
    "api_tokens": ("token_id", ("name",)),
    "saved_views": ("view_id", ("name", "parameters", "choices", "saved_by")),
    "saved_view_subjects": ("subject_id", ("subject",)),
}
# Rows that go with the colleague they name: table → its key, and the columns that may name them.
_OF_COLLEAGUES = {
    "messages": ("message_id", "reader_key, address, subject, detail"),
    "delivery_choices": ("reader_key", "reader_key"),
    "alerts": ("alert_id", "reader_key"),
    "calendar_feeds": ("feed_id", "reader_key, address"),
    "api_tokens": ("token_id", "reader_key, address"),
    "digest_facts": ("reader_key", "reader_key"),
    "saved_views": ("view_id", "reader_key, address"),
    "overview_views": ("reader_key", "reader_key"),
}
# What tells the saved views that name a customer.
_VIEWS_OF = "view_id in (select view_id from saved_view_subjects where kind = 'customer' and subject = ?)"
_COLUMNS = """
    version_id, customer_id, period_start, period_end, written_for, agenda, notes, agreed, saved_at, saved_by,
    left_out, held_on
"""


class SavedMeanwhileError(CcinsightError):
    """Somebody saved the meeting after the text was read that this one was written over."""


@dataclass(frozen=True)
class Entry:
    """What was written about one customer's meeting of one period. Texts may be empty, never None.

    ``left_out``: the keys of the possibilities that the customer isn't shown. ``held_on``: the day on which the
    meeting was held, as a person noted it.
    """

    version_id: int
    customer_id: str
    period_start: date
    period_end: date
    written_for: date
    agenda: str
    notes: str
    agreed: str
    saved_at: datetime
    saved_by: str | None
    left_out: frozenset[str] = frozenset()
    held_on: date | None = None


class Notes:
    """The notes file at a path. It is made by the first save; reading before that gives nothing.

    Each call opens the file, does one thing and closes it, so that threads and processes may share it.
    Raises CcinsightError where the file can't be used; ``named`` stands in messages for a copy's own path.
    """

    def __init__(self, path: Path, named: Path | None = None) -> None:
        self.path = path
        self._named = named or path

    @classmethod
    def beside(cls, database: Path) -> Notes:
        """The notes of a database: ``ccinsight.duckdb.notes.sqlite`` beside ``ccinsight.duckdb``."""
        return cls(notes_file(database))

    def agenda(self, customer_id: str, as_of: date) -> Entry | None:
        """The newest entry of the meeting period that holds the day, as it was on it; None without one."""
        found = self._entries(
            "customer_id = ? and period_start <= ? and period_end >= ? and written_for <= ?",
            [customer_id, as_of, as_of, as_of],
        )
        return found[0] if found else None

    def held(self, as_of: date) -> dict[str, date]:
        """Customer → the day its meeting of the period that holds the day was held, of those where it is noted."""
        newest: dict[str, Entry] = {}
        for entry in self._entries(
            "period_start <= ? and period_end >= ? and written_for <= ?", [as_of, as_of, as_of]
        ):
            newest.setdefault(entry.customer_id, entry)
        return {key: entry.held_on for key, entry in newest.items() if entry.held_on}

    def agreed_last_time(self, customer_id: str, as_of: date) -> Entry | None:
        """The newest entry of the latest earlier period in which something was agreed; None without one."""
        newest: dict[date, Entry] = {}
        for entry in self._entries(
            "customer_id = ? and period_end < ? and written_for <= ?", [customer_id, as_of, as_of]
        ):
            newest.setdefault(entry.period_start, entry)
        return next((newest[day] for day in sorted(newest, reverse=True) if newest[day].agreed.strip()), None)

    def history(self, customer_id: str, as_of: date) -> list[Entry]:
        """All versions of the meeting period that holds the day, newest first, without undone ones."""
        return self._entries(
            "customer_id = ? and period_start <= ? and period_end >= ? and written_for <= ?",
            [customer_id, as_of, as_of, as_of],
        )

    def save_agenda(
        self,
        customer_id: str,
        period_start: date,
        period_end: date,
        as_of: date,
        *,
        agenda: str,
        notes: str = "",
        agreed: str = "",
        left_out: Iterable[str] = (),
        held_on: date | None = None,
        saved_at: datetime,
        saved_by: str | None = None,
        based_on: int | None = None,
        replaces: bool = False,
    ) -> Entry:
        """Adds a version to the meeting of the period, written for the as-of date within it.

        ``saved_at`` comes from the entry point. ``based_on``: the version_id that the text was written over
        (0: there was none), so that a colleague's save in between is refused and not hidden; None doesn't
        ask. ``replaces``: that version was saved a moment ago while this text was typed, and gives way to this one.
        """
        texts = [printable(text, line_break="\n").strip() for text in (agenda, notes, agreed)]
        if any(len(text) > _LONGEST_TEXT for text in texts):
            raise CcinsightError(
                _("The text is longer than {count} characters. Shorten it and save again.").format(
                    count=_LONGEST_TEXT
                )
            )
        with self.writing() as connection:
            if based_on is not None:
                self._refuse_if_changed(connection, customer_id, period_start, based_on)
                if replaces:
                    connection.execute("delete from versions where version_id = ?", [based_on])
            values = [
                *(customer_id, period_start, period_end, as_of, *texts),
                *(saved_at, saved_by, " ".join(sorted(left_out)), held_on),
            ]
            cursor = connection.execute(_INSERT, stored(values))
            (entry,) = _selected(connection, "version_id = ?", [cursor.lastrowid])
            return entry

    def undo(
        self, customer_id: str, as_of: date, *, undone_at: datetime, undone_by: str | None = None
    ) -> Entry | None:
        """Takes back the last save of the meeting period that holds the day and gives what holds now.

        The version stays in the file, marked as undone. None where nothing is left, or nothing was there.
        """
        if not self.path.exists():
            return None
        where = "customer_id = ? and period_start <= ? and period_end >= ? and written_for <= ?"
        with self.writing() as connection:
            found = _selected(connection, where, [customer_id, as_of, as_of, as_of])
            if not found:
                return None
            connection.execute(
                "update versions set undone_at = ?, undone_by = ? where version_id = ?",
                stored([undone_at, undone_by, found[0].version_id]),
            )
            return found[1] if len(found) > 1 else None

    def check(self) -> None:
        """Raises CcinsightError where the file is damaged, or of a newer ccinsight."""
        with self.opened() as connection:
            found = connection.execute("pragma quick_check").fetchone()[0]
            connection.execute(f"select {_COLUMNS} from versions").fetchall()  # noqa: S608 (our own columns)
            connection.execute("select mark_id, kind, state, closed_on from duty_marks").fetchall()
            connection.execute("select verdict_id, verdict, given_at from verdicts").fetchall()
            connection.execute("select done_at, person, action, subject from activity").fetchall()
            connection.execute("select reader_key, kind, period, state from messages").fetchall()
            connection.execute("select agreement_id, reason, note from termination_reasons").fetchall()
            if found != "ok":
                raise sqlite3.DatabaseError(found)

    def count_of(self, customer_id: str) -> int:
        """How many rows there are about a customer: meetings, marks of duties, saved views; undone ones too."""
        if not self.path.exists():
            return 0
        with self.opened() as connection:
            counts = [
                connection.execute(f"select count(*) from {table} where customer_id = ?", [customer_id])  # noqa: S608 (our own)
                for table in _OF_CUSTOMERS
            ]
            counts.append(
                connection.execute(f"select count(*) from saved_views where {_VIEWS_OF}", [customer_id])  # noqa: S608 (our own)
            )
            return sum(int(count.fetchone()[0]) for count in counts)

    def forget_customer(self, customer_id: str) -> int:
        """Removes a customer's rows, also from the file's free pages; gives how many rows."""
        with self.removing() as connection:
            change_version(connection)
            connection.execute("delete from digest_facts where customer_id = ?", [customer_id])
            views = connection.execute(f"delete from saved_views where {_VIEWS_OF}", [customer_id]).rowcount  # noqa: S608 (our own)
            drop_orphans(connection)
            return views + sum(
                connection.execute(f"delete from {table} where customer_id = ?", [customer_id]).rowcount  # noqa: S608
                for table in _OF_CUSTOMERS
            )

    def count_quoting(self, name: re.Pattern[str]) -> int:
        """How many rows quote a name, undone ones too."""
        if not self.path.exists():
            return 0
        with self.opened() as connection:
            quoting = sum(len(_quoting(connection, table, name)) for table in _QUOTING)
            return quoting + len(_colleagues_rows(connection, name))

    def redact(self, name: re.Pattern[str]) -> int:
        """Puts ``…`` in the place of a name in all rows; gives in how many it stood."""
        with self.removing() as connection:
            redacted = sum(_redacted(connection, table, name) for table in _QUOTING)
            rows = _colleagues_rows(connection, name)
            for table, key in rows:
                column, _columns = _OF_COLLEAGUES[table]
                connection.execute(f"delete from {table} where {column} = ?", [key])  # noqa: S608 (our own)
            drop_orphans(connection)
            change_version(connection)
            return redacted + len(rows)

    @contextmanager
    def removing(self) -> Iterator[sqlite3.Connection]:
        """Overwrites what is removed, and rewrites the file without free pages."""
        with self.opened() as connection:
            connection.execute("pragma secure_delete = on")
            with transaction(connection):
                yield connection
            connection.execute("vacuum")

    def _refuse_if_changed(
        self, connection: sqlite3.Connection, customer_id: str, period_start: date, based_on: int
    ) -> None:
        found = _selected(connection, "customer_id = ? and period_start = ?", [customer_id, period_start])
        newest = found[0].version_id if found else 0
        if newest != based_on:
            raise SavedMeanwhileError(
                _("{name} saved this meeting after you opened it.").format(
                    name=(found[0].saved_by if found else None) or _("Someone")
                )
            )

    def _entries(self, where: str, values: Sequence[object]) -> list[Entry]:
        if not self.path.exists():
            return []
        with self.opened() as connection:
            return _selected(connection, where, values)

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """One writer at a time: the others wait, and after a while get an error."""
        with self.opened() as connection, transaction(connection):
            yield connection

    @contextmanager
    def opened(self) -> Iterator[sqlite3.Connection]:
        """A connection to the file, made where it isn't there. Raises CcinsightError where it can't be used."""
        owner_only(self.path, make=self.path.parent.is_dir())
        try:
            connection = sqlite3.connect(self.path, timeout=_BUSY_SECONDS, isolation_level=None)
            try:
                prepare(connection, self._named)
                yield connection
            finally:
                connection.close()
        except sqlite3.Error as e:
            raise unusable(self._named, e) from e


def _quoting(connection: sqlite3.Connection, table: str, name: re.Pattern[str]) -> list[tuple[Any, ...]]:
    """The rows of a table that quote a name: their key and their texts."""
    key, columns = _QUOTING[table]
    rows = connection.execute(f"select {key}, {', '.join(columns)} from {table}").fetchall()  # noqa: S608 (our own)
    return [row for row in rows if any(name.search(text or "") for text in row[1:])]


def _redacted(connection: sqlite3.Connection, table: str, name: re.Pattern[str]) -> int:
    """Puts ``…`` in the place of the name; gives in how many rows of the table it stood."""
    key, columns = _QUOTING[table]
    sets = ", ".join(f"{column} = ?" for column in columns)
    found = _quoting(connection, table, name)
    for row_id, *texts in found:
        replaced = [text and name.sub("…", text) for text in texts]
        connection.execute(f"update {table} set {sets} where {key} = ?", [*replaced, row_id])  # noqa: S608 (our own)
    return len(found)


def _colleagues_rows(connection: sqlite3.Connection, name: re.Pattern[str]) -> list[tuple[str, Any]]:
    """Table and key of each row that names a colleague, by address."""
    found = []
    for table, (key, columns) in _OF_COLLEAGUES.items():
        rows = connection.execute(f"select distinct {key}, {columns} from {table}").fetchall()  # noqa: S608 (our own)
        found += [(table, row[0]) for row in rows if any(name.search(text) for text in row[1:])]
    return found


def drop_orphans(connection: sqlite3.Connection) -> None:
    """Removes what belonged to saved views that are gone."""
    for table in ("saved_view_subjects", "overview_views"):
        connection.execute(
            f"delete from {table} where view_id not in (select view_id from saved_views)"  # noqa: S608 (our own)
        )


def change_version(connection: sqlite3.Connection) -> None:
    """Gives the marks of duties and the verdicts a new version, for what is remembered of them."""
    connection.execute("update duty_version set token = ?", [secrets.token_hex(8)])


def _selected(connection: sqlite3.Connection, where: str, values: Sequence[object]) -> list[Entry]:
    """Entries that fit one of our own conditions, newest first, without undone ones."""
    rows = connection.execute(
        f"select {_COLUMNS} from versions where undone_at is null and {where} order by version_id desc",  # noqa: S608
        stored(values),
    )
    return [_entry(row) for row in rows]


def _entry(row: tuple[Any, ...]) -> Entry:
    version_id, customer_id, start, end, written_for, agenda, notes, agreed, saved_at, saved_by = row[:10]
    left_out, held_on = row[10:]
    return Entry(
        version_id=version_id,
        customer_id=customer_id,
        period_start=date.fromisoformat(start),
        period_end=date.fromisoformat(end),
        written_for=date.fromisoformat(written_for),
        # an older version stored line ends and control characters as they were typed
        agenda=printable(agenda, line_break="\n"),
        notes=printable(notes, line_break="\n"),
        agreed=printable(agreed, line_break="\n"),
        saved_at=datetime.fromisoformat(saved_at),
        saved_by=saved_by,
        left_out=frozenset(left_out.split()),
        held_on=date.fromisoformat(held_on) if held_on else None,
    )


def stored(values: Sequence[object]) -> list[object]:
    """What SQLite is given: dates and moments as ISO text, which sorts by time."""
    return [value.isoformat() if isinstance(value, date) else value for value in values]
