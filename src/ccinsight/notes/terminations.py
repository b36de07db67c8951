"""Why agreements were terminated (R4), as a person says it: a reason of the settings' list and a note.

In the notes file beside the database, by agreement, so that it outlives imports. Nothing is overwritten: each save
adds a row, and taking one back marks it as undone, so that the one before holds again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from ccinsight.errors import CcinsightError
from ccinsight.i18n import _
from ccinsight.notes.store import Notes, stored
from ccinsight.printable import printable

LONGEST_NOTE = 2_000


@dataclass(frozen=True)
class Given:
    """What was said of one agreement's termination. ``reason`` None: only a note; ``note`` may be empty."""

    reason_id: int
    agreement_id: str
    customer_id: str
    reason: str | None
    note: str
    given_on: date
    saved_by: str | None


class TerminationReasons:
    """The reasons in the notes of a database. Raises CcinsightError where the file can't be used."""

    def __init__(self, notes: Notes) -> None:
        self._notes = notes

    @classmethod
    def beside(cls, database: Path) -> TerminationReasons:
        """The reasons that belong to a database."""
        return cls(Notes.beside(database))

    def give(
        self,
        agreement_id: str,
        customer_id: str,
        reason: str | None,
        note: str,
        *,
        given_on: date,
        saved_at: datetime,
        saved_by: str | None = None,
    ) -> None:
        """Says why, in place of what was said before; it holds from the day on. Raises where nothing is said.

        ``saved_at`` comes from the entry point; the day can't be after it.
        """
        note = printable(note, line_break="\n").strip()
        if not reason and not note:
            raise CcinsightError(_("Choose a reason or write a note."))
        if len(note) > LONGEST_NOTE:
            raise CcinsightError(
                _("The text is longer than {count} characters. Shorten it and save again.").format(
                    count=LONGEST_NOTE
                )
            )
        if given_on > saved_at.date():
            raise CcinsightError(_("The day lies ahead. Choose today or an earlier day."))
        with self._notes.writing() as connection:
            connection.execute(
                "insert into termination_reasons"
                " (agreement_id, customer_id, reason, note, given_on, saved_at, saved_by) values (?, ?, ?, ?, ?, ?, ?)",
                stored([agreement_id, customer_id, reason or None, note, given_on, saved_at, saved_by]),
            )

    def take_back(self, given: Given, *, undone_at: datetime, undone_by: str | None = None) -> None:
        """Takes back what was said; what was said before holds again. Raises where it is taken back already."""
        with self._notes.writing() as connection:
            found = connection.execute(
                "update termination_reasons set undone_at = ?, undone_by = ? where reason_id = ? and undone_at is null",
                stored([undone_at, undone_by, given.reason_id]),
            )
            if not found.rowcount:
                raise CcinsightError(_("This reason is taken back already. Open the page again."))

    def known(self, as_of: date) -> dict[str, Given]:
        """Agreement → what was said of it last, by the end of the day."""
        if not self._notes.path.exists():
            return {}
        with self._notes.opened() as connection:
            rows = connection.execute(
                "select reason_id, agreement_id, customer_id, reason, note, given_on, saved_by from termination_reasons"
                " where undone_at is null and given_on <= ? order by reason_id",
                stored([as_of]),
            ).fetchall()
        return {
            agreement: Given(number, agreement, customer, reason, note, date.fromisoformat(on), by)
            for number, agreement, customer, reason, note, on, by in rows
        }
