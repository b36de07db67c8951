"""Saved views: a page with what was chosen on it under a name, in the notes file beside the database.

A view holds a page's name and the parameters of its address, with the day only where it is to stay, and what was chosen
of the page's tables. It is its reader's own, or shared. What a view names is stored with it: customers and account
managers. A shared view is listed only to those who may see all of them, since its name may say who they are. Readers
see no more of their own views than that there is one, where they no longer see what they saw when they saved it.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from ccinsight.access import Reader
from ccinsight.errors import CcinsightError, UsageError
from ccinsight.i18n import _
from ccinsight.notes.store import Notes, drop_orphans, stored
from ccinsight.printable import printable

# A customer (by id) or an account manager (by name): the kind and which.
Subject = tuple[str, str]

LONGEST_NAME = 80
MOST_VIEWS = 100
# More are no overview.
MOST_ON_OVERVIEW = 4
CUSTOMER, MANAGER = "customer", "manager"
_LONGEST_TEXT = 20_000
_UNDONE_FOR = timedelta(days=30)
# A sign-in may name a person by an id where an older one named them by an address.
_OWN = "(reader_key = ? or (address <> '' and lower(address) = lower(?)))"
# Of signed-out readers nobody is the owner: their views are everybody's.
_SEEN = f"({_OWN} or is_shared or (reader_key = '' and address = ''))"
_COLUMNS = "view_id, reader_key, address, name, page, parameters, choices, is_shared, saved_at, saved_by"


@dataclass(frozen=True)
class Sight:
    """The customers, by id, and the account managers, by name, that a limited reader may see."""

    customers: frozenset[str]
    managers: frozenset[str]

    def holds(self, subjects: Iterable[Subject]) -> bool:
        """True where all of these may be seen."""
        return all(
            subject in (self.customers if kind == CUSTOMER else self.managers) for kind, subject in subjects
        )


@dataclass(frozen=True)
class Contents:
    """What a view shows. ``parameters``: of the page's address, with ``as-of`` where the day stays. ``choices``: of its
    tables, as JSON can hold them. ``subjects``: whom it names, its name included.
    """

    page: str
    parameters: Mapping[str, list[str]]
    choices: Mapping[str, Any] = field(default_factory=dict)
    subjects: frozenset[Subject] = frozenset()


@dataclass(frozen=True)
class SavedView:
    """A saved view as its reader may see it. ``name`` is "" and ``contents`` empty where the reader may no longer see
    what it names; ``reader_key`` is "" where nobody signed in.
    """

    view_id: int
    reader_key: str
    address: str
    name: str
    contents: Contents
    is_shared: bool
    saved_at: datetime
    saved_by: str | None
    is_own: bool
    is_on_overview: bool = False

    @property
    def is_hidden(self) -> bool:
        """True for a reader's own view that names what they may no longer see."""
        return not self.name


class SavedViews:
    """The saved views of a database, as a reader sees them. ``sight`` None: the reader sees all customers.

    ``is_administrator``: the reader may change shared views of others. Raises CcinsightError where the notes file can't
    be used.
    """

    def __init__(
        self, database: Path, reader: Reader, sight: Sight | None, *, is_administrator: bool = False
    ) -> None:
        self._notes = Notes.beside(database)
        self._reader, self._sight, self._is_administrator = reader, sight, is_administrator
        self._owner = [reader.key, reader.address]

    def all(self) -> list[SavedView]:
        """The reader's own views and the shared ones that they may see, by name."""
        return self._found("true", [])

    def find(self, view_id: int) -> SavedView | None:
        """The view with this number; None where there is none, or the reader may not see it."""
        found = [view for view in self._found("view_id = ?", [view_id]) if not view.is_hidden]
        return found[0] if found else None

    def may_change(self, view: SavedView) -> bool:
        """True for the reader's own views, and for an administrator's those that are shared."""
        return view.is_own or (view.is_shared and self._is_administrator)

    def save(
        self,
        name: str,
        contents: Contents,
        saved_at: datetime,
        *,
        is_shared: bool = False,
        is_on_overview: bool = False,
    ) -> SavedView:
        """A new view of the reader. Raises UsageError for a name that is missing, too long or taken."""
        name = _checked(name, contents)
        with self._notes.writing() as connection:
            _remove_deleted(connection, saved_at - _UNDONE_FOR)
            self._refuse_taken(connection, name)
            if self._count(connection) >= MOST_VIEWS:
                raise UsageError(
                    _("You have {count} views already. Delete one first.").format(count=MOST_VIEWS)
                )
            made = connection.execute(
                "insert into saved_views"
                " (reader_key, address, name, page, parameters, choices, is_shared, saved_at, saved_by)"
                " values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                stored(
                    [*self._owner, name, *_texts(contents), is_shared, saved_at, self._reader.name or None]
                ),
            )
            view_id = int(made.lastrowid or 0)
            self._set_subjects(connection, view_id, contents)
        if is_on_overview:
            self.show_on_overview(view_id, is_shown=True)
        return self._one(view_id)

    def change(
        self,
        view: SavedView,
        saved_at: datetime,
        *,
        name: str | None = None,
        contents: Contents | None = None,
        is_shared: bool | None = None,
    ) -> None:
        """Gives a view another name or other contents, or shares it; None leaves what is.

        Raises CcinsightError where the reader may not change it, UsageError as ``save`` does.
        """
        changed = replace(
            view,
            name=view.name if name is None else name,
            contents=contents or view.contents,
            is_shared=view.is_shared if is_shared is None else is_shared,
        )
        self._write(changed, saved_at)

    def put_back(self, view: SavedView, at: datetime) -> None:
        """Undoes a change: the view is again what it was before, also where it was deleted within a month.

        Raises as ``change`` does.
        """
        self._write(view, at, also_deleted=True)

    def _write(self, view: SavedView, saved_at: datetime, *, also_deleted: bool = False) -> None:
        self._require(view)
        name = _checked(view.name, view.contents)
        with self._notes.writing() as connection:
            self._refuse_taken(connection, name, view)
            changed = connection.execute(
                "update saved_views set name = ?, page = ?, parameters = ?, choices = ?, is_shared = ?,"  # noqa: S608 (our own)
                f" saved_at = ?, deleted_at = null where view_id = ? and (deleted_at is null or ?) and {_SEEN}",
                stored(
                    [
                        *(name, *_texts(view.contents), view.is_shared, saved_at),
                        *(view.view_id, also_deleted, *self._owner),
                    ]
                ),
            )
            if not changed.rowcount:
                raise _gone()
            self._set_subjects(connection, view.view_id, view.contents)

    def delete(self, view: SavedView, at: datetime) -> None:
        """Deletes a view, until ``put_back``. Raises CcinsightError where the reader may not."""
        self._require(view)
        with self._notes.writing() as connection:
            changed = connection.execute(
                "update saved_views set deleted_at = ?"  # noqa: S608 (our own)
                f" where view_id = ? and deleted_at is null and {_SEEN}",
                stored([at, view.view_id, *self._owner]),
            )
            if not changed.rowcount:
                raise _gone()

    def show_on_overview(self, view_id: int, *, is_shown: bool) -> None:
        """Shows a view on the reader's own overview, or no longer. Raises UsageError for one too many."""
        view = self._one(view_id)
        if is_shown and sum(each.is_on_overview for each in self.all()) >= MOST_ON_OVERVIEW:
            raise UsageError(
                _("The overview shows at most {count} views. Take one off it first.").format(
                    count=MOST_ON_OVERVIEW
                )
            )
        with self._notes.writing() as connection:
            connection.execute(
                "delete from overview_views where view_id = ? and reader_key = ?",
                [view.view_id, self._reader.key],
            )
            if is_shown:
                connection.execute(
                    "insert into overview_views (view_id, reader_key) values (?, ?)",
                    [view.view_id, self._reader.key],
                )

    def _one(self, view_id: int) -> SavedView:
        found = self.find(view_id)
        if found is None:
            raise _gone()
        return found

    def _require(self, view: SavedView) -> None:
        if not self.may_change(view):
            raise CcinsightError(_("Only who saved this view, or an administrator, can change it."))

    def _refuse_taken(
        self, connection: sqlite3.Connection, name: str, besides: SavedView | None = None
    ) -> None:
        owner = [besides.reader_key, besides.address] if besides else self._owner
        rows = connection.execute(
            f"select view_id, name from saved_views where deleted_at is null and {_OWN}",  # noqa: S608 (our own)
            owner,
        ).fetchall()
        number = besides.view_id if besides else None
        if any(view_id != number and name.casefold() == each.casefold() for view_id, each in rows):
            raise UsageError(
                _("There is a view named {name} already. Choose another name, or replace that view.").format(
                    name=name
                )
            )

    def _count(self, connection: sqlite3.Connection) -> int:
        rows = connection.execute(
            f"select count(*) from saved_views where deleted_at is null and {_OWN}",  # noqa: S608 (our own)
            self._owner,
        )
        return int(rows.fetchone()[0])

    def _found(self, where: str, values: Sequence[object]) -> list[SavedView]:
        """The reader's own and the shared ones that fit one of our own conditions, without deleted ones."""
        if not self._notes.path.exists():
            return []
        with self._notes.opened() as connection:
            rows = connection.execute(
                f"select {_COLUMNS}, {_OWN} from saved_views where deleted_at is null"  # noqa: S608 (our own)
                f" and {_SEEN} and {where}",
                [*self._owner, *self._owner, *values],
            ).fetchall()
            subjects = _subjects(connection) if rows else {}
            shown = {
                view_id
                for (view_id,) in connection.execute(
                    "select view_id from overview_views where reader_key = ?", [self._reader.key]
                )
            }
        views = [self._view(row, subjects.get(row[0], []), is_shown=row[0] in shown) for row in rows]
        return sorted(
            (view for view in views if view.is_own or not view.is_hidden),
            key=lambda view: (view.name.casefold(), view.view_id),
        )

    def _view(
        self, row: tuple[Any, ...], subjects: Sequence[tuple[Subject, bool]], *, is_shown: bool
    ) -> SavedView:
        view_id, key, address, name, page, parameters, choices, is_shared, saved_at, saved_by, is_own = row
        named = frozenset(subject for subject, _was_seen in subjects)
        view = SavedView(
            view_id=view_id,
            reader_key=key,
            address=address,
            name=name,
            contents=Contents(page, json.loads(parameters), json.loads(choices), named),
            is_shared=bool(is_shared) or not (key or address),
            saved_at=datetime.fromisoformat(saved_at),
            saved_by=saved_by,
            is_own=bool(is_own),
            is_on_overview=is_shown,
        )
        # what readers typed without seeing such a customer tells them nothing, and hiding it would
        must_see = [subject for subject, was_seen in subjects if was_seen or not is_own]
        if self._sight is None or self._sight.holds(must_see):
            return view
        return replace(view, name="", contents=Contents("", {}), is_on_overview=False)

    def _set_subjects(self, connection: sqlite3.Connection, view_id: int, contents: Contents) -> None:
        connection.execute("delete from saved_view_subjects where view_id = ?", [view_id])
        connection.executemany(
            "insert into saved_view_subjects (view_id, kind, subject, was_seen) values (?, ?, ?, ?)",
            [
                (view_id, *subject, self._sight is None or self._sight.holds([subject]))
                for subject in sorted(contents.subjects)
            ],
        )


def _checked(name: str, contents: Contents) -> str:
    name = " ".join(printable(name).split())
    if not name or len(name) > LONGEST_NAME:
        raise UsageError(_("Give the view a name of 1 to {most} characters.").format(most=LONGEST_NAME))
    if max(map(len, _texts(contents))) > _LONGEST_TEXT:
        raise UsageError(_("Too much is chosen here to be saved as a view. Choose fewer customers."))
    return name


def _texts(contents: Contents) -> list[str]:
    """Page, parameters and choices as they are stored; letters as they are, so that forgetting finds a name."""
    return [contents.page, *(_json(each) for each in (contents.parameters, contents.choices))]


def _json(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False)


def _subjects(connection: sqlite3.Connection) -> dict[int, list[tuple[Subject, bool]]]:
    """The subjects of each view, and whether who saved it could see them."""
    found: dict[int, list[tuple[Subject, bool]]] = {}
    rows = connection.execute("select view_id, kind, subject, was_seen from saved_view_subjects")
    for view_id, kind, subject, was_seen in rows:
        found.setdefault(view_id, []).append(((kind, subject), bool(was_seen)))
    return found


def _remove_deleted(connection: sqlite3.Connection, before: datetime) -> None:
    """Removes the views that were deleted before the moment, with what belongs to them."""
    connection.execute("delete from saved_views where deleted_at < ?", stored([before]))
    drop_orphans(connection)


def _gone() -> CcinsightError:
    return CcinsightError(
        _("There is no such view any more. Somebody deleted it, or it was never yours to see.")
    )
