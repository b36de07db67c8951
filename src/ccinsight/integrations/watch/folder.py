"""A watched folder: the files that arrive in it, and the folders in it that they are moved to."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from itertools import count
from pathlib import Path

from filelock import FileLock, Timeout

from ccinsight.errors import CcinsightError, NotNowError
from ccinsight.files import watch_lock
from ccinsight.i18n import _, os_reason
from ccinsight.ingest.readers.formats import SUFFIXES
from ccinsight.ingest.source import Stamp, stamp_of
from ccinsight.integrations.watch.receipts import Receipt, State
from ccinsight.printable import printable

# A person who found that a file held back is complete moves it here.
CONFIRMED = "confirmed"
RECEIPT = ".receipt.txt"
_FOLDERS = (State.DONE.value, State.FAILED.value, State.HELD.value, CONFIRMED)
_UNFINISHED = {".tmp", ".temp", ".part", ".partial", ".crdownload", ".download", ".filepart", ".swp"}
_OF_THE_SYSTEM = {"thumbs.db", "desktop.ini"}
# Tables in formats that aren't read: they are taken, and fail with a sentence that says how to save them.
_EXPLAINED = {
    *(".xls", ".xlsm", ".xlsb", ".ods", ".tsv", ".pdf", ".html", ".htm", ".mht", ".xml"),
    *(".zip", ".gz", ".7z", ".rar", ".bz2"),
}
_LONGEST_NAME = 180  # bytes; a file system takes 255, and a number and the receipt's suffix come on top


def shown_name(path: Path) -> str:
    """The file's name as a text can hold it, on one line."""
    name = os.fsencode(path.name).decode("utf-8", "replace")
    return " ".join(printable(name).split())


def _knows_no_locks(error: OSError) -> bool:
    return error.errno in (errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP)


def _storable(path: Path) -> Path:
    """The path itself, or where its name is no text, a free one that is like it."""
    try:
        path.name.encode()
    except UnicodeEncodeError:
        shown = Path(shown_name(path))
        stem, suffix = shown.stem, shown.suffix
        names = (f"{stem}{number or ''}{suffix}" for number in count())
        return next(free for free in map(path.with_name, names) if not os.path.lexists(free))
    return path


@dataclass(frozen=True)
class WatchedFolder:
    """A folder that exports arrive in. ``apart``: files that are left alone, as the settings in use."""

    path: Path
    apart: frozenset[Path] = frozenset()

    def prepare(self) -> None:
        """Makes the folders that files are moved to. Raises NotNowError where the folder is gone, or can't be used;
        CcinsightError where it is a file.
        """
        with self._reachable():
            if self.path.is_file():
                raise CcinsightError(_("{folder} is a file, not a folder.").format(folder=self.path))
            if not self.path.is_dir():
                raise NotNowError(_("The folder {folder} doesn't exist.").format(folder=self.path))
            for name in _FOLDERS:
                (self.path / name).mkdir(exist_ok=True)

    def arrived(self) -> dict[Path, Stamp]:
        """The files in the folder that may be exports, whole or not. Raises NotNowError as ``prepare`` does."""
        return self._in(self.path)

    def confirmed(self) -> dict[Path, Stamp]:
        """The files that were held back, and that a person says are complete."""
        return self._in(self.path / CONFIRMED)

    def left_alone(self) -> list[str]:
        """The names of files that are of no kind that is imported, and stay where they are."""
        with self._reachable():
            files = [each for each in self.path.iterdir() if each.is_file()]
        return sorted(
            shown_name(each) for each in files if not _is_unfinished(each) and not self._is_taken(each)
        )

    def place_for(self, name: str, state: State, on: date, is_used: Callable[[str], bool]) -> str:
        """A free path within the folder for a file, as ``done/2026-03-15/tickets.csv``, also for its receipt.

        ``is_used``: whether another file is to be moved to a path.
        """
        suffix = Path(name).suffix[:12]
        stem = Path(name).stem.encode()[: _LONGEST_NAME - len(suffix.encode())].decode("utf-8", "ignore")
        number = 1
        while True:
            numbered = f"{stem} ({number})" if number > 1 else stem
            place = f"{state.value}/{on.isoformat()}/{numbered}{suffix}"
            if not any(
                is_used(path) or os.path.lexists(self.path / path) for path in (place, f"{place}{RECEIPT}")
            ):
                return place
            number += 1

    @contextmanager
    def only_watch(self) -> Iterator[None]:
        """Holds off a second watch of the folder. Raises CcinsightError where there is one.

        A network drive that knows no locks is watched without.
        """
        lock = FileLock(watch_lock(self.path), timeout=0)
        try:
            lock.acquire()
        except Timeout as e:
            raise CcinsightError(
                _("{folder} is being watched already: stop the other watch first.").format(folder=self.path)
            ) from e
        except NotImplementedError:
            pass  # of a drive without locks
        except OSError as e:
            if not _knows_no_locks(e):
                raise NotNowError(
                    _("The folder {folder} can't be written to: {error}.").format(
                        folder=self.path, error=os_reason(e)
                    )
                ) from e
        try:
            yield
        finally:
            with suppress(OSError):  # the drive may be gone
                lock.release()

    def _in(self, folder: Path) -> dict[Path, Stamp]:
        found = {}
        with self._reachable():
            for path in sorted(folder.iterdir()):
                if _is_unfinished(path) or not self._is_taken(path):
                    continue
                with suppress(OSError):  # it went meanwhile, or somebody has it open (on Windows)
                    named = _storable(path)
                    path.rename(named)
                    found[named] = stamp_of(named)
        return found

    def _is_taken(self, path: Path) -> bool:
        return (
            path.suffix.lower() in {*SUFFIXES, *_EXPLAINED}
            and path.is_file()
            and not path.is_symlink()
            and path not in self.apart
        )

    @contextmanager
    def _reachable(self) -> Iterator[None]:
        try:
            yield
        except OSError as e:
            raise NotNowError(
                _("The folder {folder} can't be read: {error}.").format(folder=self.path, error=os_reason(e))
            ) from e


def move(receipt: Receipt, source: Path, warnings: Iterable[str]) -> None:
    """Moves a file to the place of its receipt, on the same drive, and writes the receipt and warnings beside it."""
    receipt.path.parent.mkdir(parents=True, exist_ok=True)
    if source != receipt.path:
        source.rename(receipt.path)
    receipt_file(receipt).write_text("\n".join([receipt.detail, *warnings, ""]), encoding="utf-8")


def receipt_file(receipt: Receipt) -> Path:
    """The text beside a moved file that says what became of it."""
    return receipt.path.with_name(f"{receipt.path.name}{RECEIPT}")


def _is_unfinished(path: Path) -> bool:
    name = path.name.lower()
    return (
        name.startswith((".", "~"))
        or name.endswith(("~", RECEIPT))
        or path.suffix.lower() in _UNFINISHED
        or name in _OF_THE_SYSTEM
    )
