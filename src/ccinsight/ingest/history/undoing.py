"""Undoes the last import by exchanging the database with the previous one; a second undo redoes it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from ccinsight.database.build import exchange_previous, has_previous, only_writer, stored_before
from ccinsight.database.calendar_carrying import carry_calendar
from ccinsight.errors import CcinsightError, DamagedError
from ccinsight.files import previous_file
from ccinsight.i18n import _, moment
from ccinsight.ingest.history.log import FORGOTTEN, LETTERS, SETTINGS, TAKEN_BACK

_LAST = """
select
    i.import_id, i.imported_at, coalesce(string_agg(f.name, ', ' order by f.file_id), ''),
    coalesce(bool_and(f.export = $settings), false),
    coalesce(bool_and(f.export in ($letters, $taken_back)), false)
from stored.imports as i
left join stored.files as f on i.import_id = f.import_id
group by all
having not coalesce(bool_and(f.export = $forgotten), false)
order by i.import_id desc
limit 1
"""


@dataclass(frozen=True)
class LastImport:
    """The newest import of a database: its number, when, the names of its files, whether it was settings or price
    letters alone.
    """

    import_id: int
    imported_at: datetime
    names: str
    is_settings: bool
    is_letters: bool


@dataclass(frozen=True)
class Undo:
    """What going back would do: undo ``imported``, or bring it back where it was undone before.

    ``is_repair``: the database is damaged, and ``imported`` is the newest import of the one before it.
    """

    imported: LastImport
    is_redo: bool
    is_repair: bool = False

    def done(self) -> str:
        """What was done, in the language in use."""
        if self.is_repair:
            text = _(
                "The database was damaged. It is again as it was after the import of {moment}: {names}. Import again "
                "what came later."
            )
        elif self.imported.is_settings:
            text = (
                _("The settings of {moment} were restored: {names}.")
                if self.is_redo
                else _("The settings of {moment} were undone: {names}. Undo again to restore them.")
            )
        elif self.imported.is_letters:
            text = (
                _("What was recorded of price letters {moment} was restored: {names}.")
                if self.is_redo
                else _(
                    "What was recorded of price letters {moment} was undone: {names}. Undo again to restore it."
                )
            )
        else:
            text = (
                _("The import of {moment} was restored: {names}.")
                if self.is_redo
                else _("The import of {moment} was undone: {names}. Undo again to restore it.")
            )
        return self._filled(text)

    def asked(self) -> str:
        """The question before it is done."""
        if self.is_repair:
            text = _("Replace the damaged database by that after the import of {moment}: {names}?")
        elif self.imported.is_settings:
            text = (
                _("Restore the settings of {moment}: {names}?")
                if self.is_redo
                else _("Undo the settings of {moment}: {names}?")
            )
        elif self.imported.is_letters:
            text = (
                _("Restore what was recorded of price letters {moment}: {names}?")
                if self.is_redo
                else _("Undo what was recorded of price letters {moment}: {names}?")
            )
        else:
            text = (
                _("Restore the import of {moment}: {names}?")
                if self.is_redo
                else _("Undo the import of {moment}: {names}?")
            )
        return self._filled(text)

    def _filled(self, text: str) -> str:
        return text.format(moment=moment(self.imported.imported_at), names=self.imported.names)


def possible_undo(database: str | Path) -> Undo | None:
    """What undo would do now; None where nothing can be undone."""
    database = Path(database).absolute()
    if not has_previous(database):
        return None
    try:
        now = _last(database)
    except DamagedError:
        then = _last(previous_file(database))
        return None if then is None else Undo(then, is_redo=False, is_repair=True)
    then = _last(previous_file(database))
    if now is None or (then is not None and then.import_id > now.import_id):
        return None if then is None else Undo(then, True)
    return Undo(now, False)


def undo(database: str | Path) -> Undo:
    """Brings back the database as it was before the last import, its settings too, and tells what it did.

    A damaged database is replaced too, by the one from before its last import.

    Done twice it brings the import back. The contacts' key and the notes stay as they are, and so do the numbers of
    calendar events. Raises CcinsightError where there is nothing to undo, or the disk refuses.
    """
    database = Path(database).absolute()
    with only_writer(database):
        found = possible_undo(database)
        if found is None:
            raise CcinsightError(
                _(
                    "There is nothing to undo: the database from before the last import of {file} wasn't "
                    "kept."
                ).format(file=database)
            )
        carry_calendar(database, previous_file(database))
        exchange_previous(database)
    return found


def _last(database: Path) -> LastImport | None:
    with stored_before(database) as connection:
        words = {"settings": SETTINGS, "forgotten": FORGOTTEN, "letters": LETTERS, "taken_back": TAKEN_BACK}
        rows = connection.execute(_LAST, words).fetchall() if connection else []
    return LastImport(*rows[0]) if rows else None
