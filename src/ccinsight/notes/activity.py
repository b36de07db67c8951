"""The log of what people did: sign-ins, imports, undos, settings, forgetting, downloads, calendar addresses, access
tokens and price letters, in the notes file.

A row names a colleague, what they did and when; nothing of a customer. Rows are dropped once they are older than
``activity_days`` in access.toml, else than a year.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path

from ccinsight.access import Reader
from ccinsight.access.config import DEFAULT_DAYS, read_access
from ccinsight.errors import CcinsightError
from ccinsight.files import access_file
from ccinsight.i18n import N_, _
from ccinsight.notes.store import Notes, stored
from ccinsight.printable import printable


class Action(StrEnum):
    """What somebody did."""

    SIGN_IN = "sign_in"
    NO_ACCESS = "no_access"
    DOWNLOAD = "download"
    IMPORT = "import"
    UNDO = "undo"
    SETTINGS = "settings"
    FORGET = "forget"
    RESTORE = "restore"
    CALENDAR = "calendar"
    REVOKE = "revoke"
    LETTERS = "letters"
    LETTERS_BACK = "letters_taken_back"
    TOKEN = "token"
    REVOKE_TOKEN = "revoke_token"

    @property
    def label(self) -> str:
        """The action in the language in use."""
        return _(_LABELS[self])


_LABELS = {
    Action.SIGN_IN: N_("Signed in"),
    Action.NO_ACCESS: N_("Signed in without access"),
    Action.DOWNLOAD: N_("Downloaded"),
    Action.IMPORT: N_("Imported"),
    Action.UNDO: N_("Undid an import"),
    Action.SETTINGS: N_("Applied settings"),
    Action.FORGET: N_("Forgot a person or a customer"),
    Action.RESTORE: N_("Restored a backup"),
    Action.CALENDAR: N_("Made a calendar address"),
    Action.REVOKE: N_("Revoked a calendar address"),
    Action.LETTERS: N_("Recorded price letters as sent"),
    Action.LETTERS_BACK: N_("Took price letters back"),
    Action.TOKEN: N_("Made an access token"),
    Action.REVOKE_TOKEN: N_("Revoked an access token"),
}


@dataclass(frozen=True)
class Done:
    """A row of the log. ``person`` is a name, ``subject`` what it was about, as ``renewals.csv``; or ""."""

    done_at: datetime
    person: str
    action: Action
    subject: str


class Activity:
    """The log of a database. Raises CcinsightError where the notes file can't be used."""

    def __init__(self, database: Path) -> None:
        self._database, self._notes = database, Notes.beside(database)

    def record(self, action: Action, person: str, at: datetime, subject: str = "") -> None:
        """Adds a row, and drops those that are too old."""
        oldest = at - timedelta(days=self._days())
        with self._notes.writing() as connection:
            connection.execute("delete from activity where done_at < ?", stored([oldest]))
            connection.execute(
                "insert into activity (done_at, person, action, subject) values (?, ?, ?, ?)",
                stored([at, printable(person), action.value, printable(subject)]),
            )

    def record_here(self, action: Action, person: str, at: datetime) -> None:
        """The same for this machine's user; nothing is written where readers don't sign in."""
        if access_file(self._database).exists():
            self.record(action, person, at)

    def record_by(self, reader: Reader, action: Action, at: datetime, subject: str = "") -> None:
        """The same for a reader who signed in; nobody is known without sign-in, and nothing is written."""
        if reader.key:
            self.record(action, reader.name, at, subject)

    def newest(self, count: int) -> list[Done]:
        """The newest rows first."""
        if not self._notes.path.exists():
            return []
        with self._notes.opened() as connection:
            rows = connection.execute(
                "select done_at, person, action, subject from activity order by activity_id desc limit ?",
                [count],
            ).fetchall()
        return [
            Done(datetime.fromisoformat(at), person, Action(action), subject)
            for at, person, action, subject in rows
        ]

    def _days(self) -> int:
        try:
            found = read_access(access_file(self._database))
        except CcinsightError:  # the server says what is wrong with it
            found = None
        return found.activity_days if found else DEFAULT_DAYS
