"""Tokens that open something without a sign-in: only their hashes are stored, each with whose it is.

Whoever has a token reads what its reader may see at that moment; a reader who was removed opens nothing.
"""

from __future__ import annotations

import hashlib
import secrets
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar, Generic, Protocol, TypeVar

from ccinsight.access import Reader
from ccinsight.errors import CcinsightError
from ccinsight.i18n import _
from ccinsight.integrations.delivery.recipients import reader_by_key
from ccinsight.notes import Notes, stored

MOST_TOKENS = 20
_TOKEN_BYTES = 32
# A program that asks often is noted this seldom, so that asking is cheap.
_NOTED_EVERY = timedelta(minutes=10)
# A sign-in may name a person by an id where the command line knew an address.
_OWN = "(reader_key = ? or (address <> '' and lower(address) = lower(?)))"
_ACTIVE_OF = f"revoked_at is null and {_OWN}"


class Held(Protocol):
    """What each kind of entry says of its token."""

    @property
    def reader_key(self) -> str:
        """The reader's key; "" for everybody without sign-in."""

    @property
    def address(self) -> str:
        """The reader's address, or ""."""

    @property
    def revoked_at(self) -> datetime | None:
        """When the token stopped working; None while it works."""


@dataclass(frozen=True)
class TokenTable:
    """A table of the notes file, with the columns reader_key, address, token_hash, made_at and revoked_at.

    ``key`` numbers its rows, ``used`` is the column of the last use, ``own`` are those of its kind.
    """

    name: str
    key: str
    used: str
    own: tuple[str, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """Those that an entry is made of: all but the hash."""
        return (self.key, "reader_key", "address", *self.own, *self.moments)

    @property
    def moments(self) -> tuple[str, ...]:
        """Those that hold a moment."""
        return ("made_at", self.used, "revoked_at")


Entry = TypeVar("Entry", bound=Held)


class TokenStore(Generic[Entry]):
    """The tokens of one kind of a database. Raises CcinsightError where the notes file can't be used."""

    table: ClassVar[TokenTable]
    # What every token of the kind begins with.
    prefix: ClassVar[str] = ""

    def __init__(self, database: Path) -> None:
        self._database, self._notes = database, Notes.beside(database)

    def check(self, reader: Reader, today: date) -> None:
        """Raises CcinsightError for a reader whose rights aren't known without a sign-in."""
        if reader_by_key(self._database, reader.key, reader.address, today) is None:
            raise CcinsightError(
                _(
                    "This is read without a sign-in, and your access comes from a role, which only a sign-in names. "
                    "Ask the dashboard's administrator for an entry of your own in access.toml."
                )
            )

    def of(self, reader: Reader) -> list[Entry]:
        """A reader's entries that weren't revoked, the newest first."""
        return self._found(_ACTIVE_OF, [reader.key, reader.address])

    def active(self) -> list[Entry]:
        """Everybody's that weren't revoked, the newest first."""
        return self._found("revoked_at is null", [])

    def known(self, token: str) -> Entry | None:
        """The entry with this token, also where it was revoked; None for one that never was."""
        found = self._found("token_hash = ?", [_hash(token)])
        return found[0] if found else None

    def by_token(self, token: str) -> Entry | None:
        """The entry with this token; None for one that was revoked or never was."""
        found = self.known(token)
        return found if found and found.revoked_at is None else None

    def reader_of(self, entry: Entry, today: date) -> Reader | None:
        """Its reader with the rights of today; None where they were removed."""
        return reader_by_key(self._database, entry.reader_key, entry.address, today)

    def revoke(self, number: int, at: datetime, reader: Reader | None = None) -> bool:
        """Ends a token; False where there is none, or it is of somebody other than ``reader``."""
        if not self._notes.path.exists():
            return False
        whose = "" if reader is None else f"and {_OWN}"
        table = self.table
        with self._notes.writing() as connection:
            changed = connection.execute(
                f"update {table.name} set revoked_at = ?"  # noqa: S608 (our own names)
                f" where {table.key} = ? and revoked_at is null {whose}",
                stored([at, number, *([] if reader is None else [reader.key, reader.address])]),
            )
        return changed.rowcount > 0

    def revoke_of(self, who: str, at: datetime) -> int:
        """Ends the tokens of the person with this id or address; gives how many."""
        own = (each for each in self.active() if _is_of(each, who))
        return sum(self.revoke(getattr(each, self.table.key), at) for each in own)

    def _entry(self, row: Mapping[str, Any]) -> Entry:
        """An entry of a row, by its columns' names."""
        raise NotImplementedError

    def _full(self) -> str:
        """The sentence for somebody who has as many tokens as there may be."""
        raise NotImplementedError

    def _add(self, reader: Reader, values: Mapping[str, object], made_at: datetime) -> tuple[Entry, str]:
        """A new entry and its token, which can't be found again. ``values``: the columns of its kind.

        Raises CcinsightError for a reader whose rights aren't known without a sign-in, and for one token too many.
        """
        self.check(reader, made_at.date())
        token = self.prefix + secrets.token_urlsafe(_TOKEN_BYTES)
        row = {
            "reader_key": reader.key,
            "address": reader.address,
            "token_hash": _hash(token),
            "made_at": made_at,
            **values,
        }
        with self._notes.writing() as connection:
            if len(self._selected(connection, _ACTIVE_OF, [reader.key, reader.address])) >= MOST_TOKENS:
                raise CcinsightError(self._full())
            made = connection.execute(
                f"insert into {self.table.name} ({', '.join(row)})"  # noqa: S608 (our own names)
                f" values ({', '.join('?' * len(row))})",
                stored(list(row.values())),
            )
            (entry,) = self._selected(connection, f"{self.table.key} = ?", [made.lastrowid])
        return entry, token

    def _note_used(self, number: int, before: datetime | None, at: datetime) -> None:
        """Notes a use, where the one noted ``before`` is a while ago."""
        if before is None or at - before >= _NOTED_EVERY:
            table = self.table
            with self._notes.writing() as connection:
                connection.execute(
                    f"update {table.name} set {table.used} = ? where {table.key} = ?",  # noqa: S608 (our own names)
                    stored([at, number]),
                )

    def _found(self, where: str, values: Sequence[object]) -> list[Entry]:
        if not self._notes.path.exists():
            return []
        with self._notes.opened() as connection:
            return self._selected(connection, where, values)

    def _selected(self, connection: sqlite3.Connection, where: str, values: Sequence[object]) -> list[Entry]:
        """Those that fit one of our own conditions, the newest first."""
        table = self.table
        rows = connection.execute(
            f"select {', '.join(table.columns)} from {table.name}"  # noqa: S608 (our own names)
            f" where {where} order by {table.key} desc",
            stored(values),
        )
        return [self._entry(self._read(row)) for row in rows]

    def _read(self, row: Sequence[Any]) -> dict[str, Any]:
        """A row by its columns' names, with moments in place of their texts."""
        found = dict(zip(self.table.columns, row, strict=True))
        for name in self.table.moments:
            found[name] = datetime.fromisoformat(found[name]) if found[name] else None
        return found


def _is_of(entry: Held, who: str) -> bool:
    """Whether it was made for the person with this id or address, in whatever case the address is."""
    return bool(who) and (who == entry.reader_key or who.casefold() == entry.address.casefold())


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
