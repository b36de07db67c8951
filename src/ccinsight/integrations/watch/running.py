"""Takes in what has arrived in a watched folder: imports what is whole, moves it, and writes its receipt.

The order is such that a crash at any step costs nothing: files are imported, then rows say where each is moved to, then
they are moved. Who is stopped before the rows are written imports the same files once more, which changes nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from ccinsight.errors import CcinsightError, NotNowError
from ccinsight.i18n import _, moment, os_reason
from ccinsight.ingest.source import Stamp, stamp_of
from ccinsight.integrations.watch import receipts
from ccinsight.integrations.watch.folder import CONFIRMED, WatchedFolder, move, receipt_file, shown_name
from ccinsight.integrations.watch.importing import Job, Outcome, after_import, import_files, settings_in_use
from ccinsight.integrations.watch.receipts import Receipt, State
from ccinsight.integrations.watch.settling import Settling

# Who had a file open when it was moved goes on writing to it in its new place; so long it is looked at.
_LOOKED_AFTER = timedelta(hours=1)
_CHUNK = 1 << 20


@dataclass
class Watch:
    """One folder and the database that its files go into. ``now``: Norwegian local time, for the logs."""

    folder: WatchedFolder
    database: Path
    config: Path | None
    settle_seconds: float
    now: Callable[[], datetime]
    imported_by: str | None = None
    warn: Callable[[str], None] = lambda _text: None
    _warnings: dict[str, tuple[str, ...]] = field(default_factory=dict)  # by place, until the file is moved
    _arrived: Settling = field(init=False)
    _confirmed: Settling = field(init=False)
    _checked: tuple[Stamp | None, ...] | None = field(
        default=None, init=False
    )  # of the files that were found right

    def __post_init__(self) -> None:
        self._arrived, self._confirmed = Settling(self.settle_seconds), Settling(self.settle_seconds)

    def look(self, at: float) -> list[Receipt]:
        """Takes what is whole; gives a receipt for each file that was taken.

        ``at``: seconds of a clock that is never set back. Raises NotNowError where the folder is gone, or the database
        or the settings can't be used; what wasn't taken is taken at a later look.
        """
        self.folder.prepare()
        self._check()
        taken = self._end_moves()
        self._put_back_changed()
        for settling, seen, is_confirmed in (
            (self._confirmed, self.folder.confirmed(), True),
            (self._arrived, self.folder.arrived(), False),
        ):
            whole = settling.whole(seen, at)
            if whole:
                taken += self._take({path: seen[path] for path in whole}, is_confirmed)
        return taken

    def _check(self) -> None:
        """Raises NotNowError where the database or the settings can't be used, also while no file comes."""
        stamps = tuple(_stamp(path) for path in (self.database, self.config) if path)
        if stamps != self._checked:
            settings_in_use(Job(self.database, self.config, self.now(), self.imported_by))
            self._checked = stamps

    def _take(self, stamps: Mapping[Path, Stamp], is_confirmed: bool) -> list[Receipt]:
        """Imports files that are whole, writes their receipts and moves them."""
        at = self.now()
        hashes = {path: _sha256(path) for path in stamps}
        twins = _twins(hashes)
        job = Job(self.database, self.config, at, self.imported_by)
        outcomes = import_files([path for path in stamps if path not in twins], job, confirmed=is_confirmed)
        outcomes |= {
            path: _as_twin(outcomes[other], other) for path, other in twins.items() if other in outcomes
        }
        if any(outcome.rows_read is not None for outcome in outcomes.values()):
            try:
                after_import(job)
            except CcinsightError as error:
                self.warn(str(error))
        # one that was written to meanwhile, or went, isn't moved: the next looks see to it
        unchanged = [path for path in outcomes if _is_as_it_was(path, stamps[path])]
        used: set[str] = set()
        new = []
        for path in sorted(unchanged, key=list(stamps).index):
            new.append(self._receipt(path, hashes[path], stamps[path].size, outcomes[path], at, used))
            used.add(new[-1].place)
            self._warnings[new[-1].place] = outcomes[path].warnings
        receipts.write(self.database, new, at)
        return self._end_moves()

    def _receipt(
        self, path: Path, sha256: str, size: int, outcome: Outcome, at: datetime, used: set[str]
    ) -> Receipt:
        name = shown_name(path)
        place = self.folder.place_for(name, outcome.state, at.date(), used.__contains__)
        return Receipt(
            folder=self.folder.path,
            file=path.relative_to(self.folder.path).as_posix(),
            sha256=sha256,
            size=size,
            state=outcome.state,
            detail=self._text(name, outcome, place, at),
            place=place,
            at=at,
            exports=outcome.exports,
            rows_read=outcome.rows_read,
            rows_rejected=outcome.rows_rejected,
        )

    def _text(self, name: str, outcome: Outcome, place: str, at: datetime) -> str:
        """The receipt as a person reads it beside the file."""
        if outcome.state is State.DONE:
            first, last = _("{file}: imported {moment}."), ""
        elif outcome.state is State.HELD:
            first = _("{file}: held back {moment}; nothing of it was imported.")
            last = _(
                "That is fewer than half. Is the list complete? If so, move the file to the folder {confirmed}: it is "
                "imported from there. If not, delete it and export the list again."
            ).format(confirmed=self.folder.path / CONFIRMED)
        else:
            first = _("{file}: not imported {moment}.")
            last = _("Correct the file and put it into the folder {folder} again.").format(
                folder=self.folder.path
            )
        lines = [first.format(file=name, moment=moment(at)), outcome.text, last]
        return "\n".join(line for line in lines if line)

    def _end_moves(self) -> list[Receipt]:
        """Moves the files whose receipts are written: those of this look, and those that a crash left."""
        moved = []
        for receipt in receipts.unmoved(self.database, self.folder.path):
            source = self.folder.path / receipt.file
            if receipt.path.exists():
                source = receipt.path
            elif not source.exists() or _sha256(source) != receipt.sha256:
                receipts.drop(self.database, receipt)  # a person was quicker
                continue
            try:
                move(receipt, source, self._warnings.pop(receipt.place, ()))
            except OSError as error:
                raise NotNowError(
                    _("{file} can't be moved: {error}.").format(file=source, error=os_reason(error))
                ) from error
            receipts.set_moved(self.database, receipt)
            moved.append(receipt)
        return moved

    def _put_back_changed(self) -> None:
        """Puts files back that somebody still wrote to after they were moved, to be taken when they are whole."""
        since = self.now() - _LOOKED_AFTER
        for receipt in receipts.moved_since(self.database, self.folder.path, since):
            if receipt.state is State.CHANGED:
                continue
            with suppress(OSError):
                back = self.folder.path / receipt.file
                if receipt.path.stat().st_size != receipt.size and not back.exists():
                    receipts.set_changed(self.database, receipt)
                    receipt.path.rename(back)
                    receipt_file(receipt).unlink(missing_ok=True)


def _twins(hashes: Mapping[Path, str]) -> dict[Path, Path]:
    """The files of the same bytes as a later one, which is imported for both."""
    last = {sha256: path for path, sha256 in hashes.items() if sha256}
    return {path: last[sha256] for path, sha256 in hashes.items() if sha256 and last[sha256] != path}


def _as_twin(outcome: Outcome, other: Path) -> Outcome:
    same = _("It holds the same bytes as {file}, which was taken in its place.").format(
        file=shown_name(other)
    )
    return Outcome(outcome.state, f"{same}\n{outcome.text}", exports=outcome.exports)


def _stamp(path: Path) -> Stamp | None:
    """None where there is no file, or it can't be reached."""
    try:
        return stamp_of(path)
    except OSError:
        return None


def _is_as_it_was(path: Path, stamp: Stamp) -> bool:
    return _stamp(path) == stamp


def _sha256(path: Path) -> str:
    """The file's SHA-256; empty where it can't be read."""
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                digest.update(chunk)
    except OSError:
        return ""
    return digest.hexdigest()
