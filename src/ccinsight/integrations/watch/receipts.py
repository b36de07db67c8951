"""What became of the files of a watched folder: a row each in the notes file.

A row is written before its file is moved, with the place it is moved to, so that whoever comes after a crash ends the
move and doesn't import the file twice. Rows older than a year are dropped.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

from ccinsight.i18n import N_, _
from ccinsight.notes import Notes, stored

_KEPT_DAYS = 365
_COLUMNS = (
    "receipt_id, folder, file, sha256, size, state, exports, rows_read, rows_rejected, detail, place, is_moved,"
    " at"
)


class State(StrEnum):
    """What became of a file. CHANGED: it was written to after it was taken, and was taken again."""

    DONE = "done"
    FAILED = "failed"
    HELD = "held"
    CHANGED = "changed"

    @property
    def label(self) -> str:
        """The state in the language in use."""
        return _(_LABELS[self])


_LABELS = {
    State.DONE: N_("Imported"),
    State.FAILED: N_("Failed"),
    State.HELD: N_("Held back"),
    State.CHANGED: N_("Changed later"),
}


@dataclass(frozen=True)
class Receipt:
    """A file that was taken. ``place``: where it is moved to, within the folder. Rows are None where none were read.

    ``exports``: the names of those it held. ``detail``: what was recognised, or why it failed, as a sentence.
    """

    folder: Path
    file: str
    sha256: str
    size: int
    state: State
    detail: str
    place: str
    at: datetime
    exports: tuple[str, ...] = ()
    rows_read: int | None = None
    rows_rejected: int | None = None
    is_moved: bool = False
    number: int = 0

    @property
    def name(self) -> str:
        """The file's name, wherever it lay in the folder."""
        return self.file.rpartition("/")[2]

    @property
    def path(self) -> Path:
        """Where the file lies, once it is moved."""
        return self.folder / self.place


def newest(database: Path, count: int) -> list[Receipt]:
    """The newest receipts of all folders, newest first. Raises CcinsightError where the notes can't be used."""
    return _selected(database, "is_moved = 1", [], count)


def failed_since(database: Path, since: date) -> list[Receipt]:
    """The files that failed or were held back on or after a day, newest first; none that was imported later.

    Their names may be of customers whom a reader doesn't see: only for those who import and see the whole database.
    """
    done, failed = set(), []
    for receipt in _selected(database, "is_moved = 1 and at >= ?", [since.isoformat()]):
        if receipt.state in (State.FAILED, State.HELD):
            failed += [receipt] if receipt.name not in done else []
        else:
            done.add(receipt.name)
    return failed


def last_received(database: Path) -> dict[str, date]:
    """Export → the day on which a watched folder last brought it, changed or not."""
    received: dict[str, date] = {}
    for receipt in _selected(database, "state = ?", [State.DONE.value]):
        for export in receipt.exports:
            received.setdefault(export, receipt.at.date())
    return received


def unmoved(database: Path, folder: Path) -> list[Receipt]:
    """The files of a folder that were to be moved, oldest first."""
    return _selected(database, "is_moved = 0 and folder = ?", [str(folder)])[::-1]


def moved_since(database: Path, folder: Path, since: datetime) -> list[Receipt]:
    """The files of a folder that were moved since, newest first."""
    return _selected(database, "is_moved = 1 and folder = ? and at >= ?", [str(folder), since.isoformat()])


def write(database: Path, receipts: Iterable[Receipt], at: datetime) -> None:
    """Adds rows, all or none, and drops those that are too old."""
    with Notes.beside(database).writing() as connection:
        connection.execute("delete from receipts where at < ?", stored([at - timedelta(days=_KEPT_DAYS)]))
        connection.executemany(
            f"insert into receipts ({_COLUMNS}) values (null, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608 (our own columns)
            [_row(receipt) for receipt in receipts],
        )


def set_moved(database: Path, receipt: Receipt) -> None:
    """Notes that the file lies in its place."""
    with Notes.beside(database).writing() as connection:
        connection.execute("update receipts set is_moved = 1 where receipt_id = ?", [receipt.number])


def set_changed(database: Path, receipt: Receipt) -> None:
    """Notes that the file was written to after it was moved."""
    with Notes.beside(database).writing() as connection:
        connection.execute(
            "update receipts set state = ? where receipt_id = ?", [State.CHANGED.value, receipt.number]
        )


def drop(database: Path, receipt: Receipt) -> None:
    """Removes the row of a file that was never moved and is gone."""
    with Notes.beside(database).writing() as connection:
        connection.execute("delete from receipts where receipt_id = ?", [receipt.number])


def _selected(database: Path, where: str, values: Sequence[object], count: int = -1) -> list[Receipt]:
    notes = Notes.beside(database)
    if not notes.path.exists():
        return []
    with notes.opened() as connection:
        rows = connection.execute(
            f"select {_COLUMNS} from receipts where {where} order by receipt_id desc limit ?",  # noqa: S608 (our own conditions)
            [*values, count],
        ).fetchall()
    return [_receipt(row) for row in rows]


def _row(receipt: Receipt) -> list[object]:
    return stored(
        [
            *(str(receipt.folder), receipt.file, receipt.sha256, receipt.size, receipt.state.value),
            *(" ".join(receipt.exports), receipt.rows_read, receipt.rows_rejected),
            *(receipt.detail, receipt.place, int(receipt.is_moved), receipt.at),
        ]
    )


def _receipt(row: tuple[Any, ...]) -> Receipt:
    (
        number,
        folder,
        file,
        sha256,
        size,
        state,
        exports,
        rows_read,
        rows_rejected,
        detail,
        place,
        is_moved,
        at,
    ) = row
    return Receipt(
        folder=Path(folder),
        file=file,
        sha256=sha256,
        size=size,
        state=State(state),
        detail=detail,
        place=place,
        at=datetime.fromisoformat(at),
        exports=tuple(exports.split()),
        rows_read=rows_read,
        rows_rejected=rows_rejected,
        is_moved=bool(is_moved),
        number=number,
    )
