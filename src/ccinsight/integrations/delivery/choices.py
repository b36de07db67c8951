"""How often a reader wants messages: chosen in the dashboard, or by the link in each message."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from pathlib import Path

from ccinsight.i18n import N_, _
from ccinsight.integrations.delivery.key import reader_of_token
from ccinsight.integrations.delivery.recipients import recipients
from ccinsight.notes import Notes, stored


class Frequency(StrEnum):
    """How often the digest comes."""

    WEEKLY = "weekly"
    DAILY = "daily"
    NEVER = "never"

    @property
    def label(self) -> str:
        """The choice in the language in use."""
        return _(_LABELS[self])


_LABELS = {
    Frequency.WEEKLY: N_("Once a week"),
    Frequency.DAILY: N_("Every day"),
    Frequency.NEVER: N_("Never"),
}


class Choices:
    """The choices of a database's readers. Raises CcinsightError where the notes file can't be used."""

    def __init__(self, database: Path) -> None:
        self._database, self._notes = database, Notes.beside(database)

    def of(self, reader_key: str) -> Frequency:
        """What a reader chose; once a week where they chose nothing."""
        return self._all().get(reader_key, Frequency.WEEKLY)

    def choose(self, reader_key: str, frequency: Frequency, at: datetime) -> None:
        """Stores what a reader chose."""
        with self._notes.writing() as connection:
            connection.execute(
                "insert or replace into delivery_choices (reader_key, frequency, changed_at) values (?, ?, ?)",
                stored([reader_key, frequency, at]),
            )

    def reader_of(self, token: str, today: date) -> str | None:
        """Whose choices a link changes: a recipient's, or those of one who was; None for a token of nobody."""
        keys = dict.fromkeys([*(each.key for each in recipients(self._database, today)), *self._all()])
        return reader_of_token(self._database, token, keys)

    def _all(self) -> dict[str, Frequency]:
        if not self._notes.path.exists():
            return {}
        with self._notes.opened() as connection:
            rows = connection.execute("select reader_key, frequency from delivery_choices").fetchall()
        return {key: Frequency(frequency) for key, frequency in rows}
