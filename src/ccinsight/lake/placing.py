"""Puts what was written into a lake in its place, one writer at a time, or leaves the lake as it was.

What is replaced is removed, so that nothing of people who were forgotten since stays. Only the owner may read what is
written: the lake holds what the database holds.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from ccinsight.errors import NotNowError
from ccinsight.files import owner_only
from ccinsight.i18n import _
from ccinsight.lake.layout import MODELS, TABLES, Part

_WRITING, _REPLACED, _LOCK = ".writing", "replaced", ".writing.lock"
_PRIVATE, _PRIVATE_FILE = 0o700, 0o600


@contextmanager
def only_lake_writer(folder: Path, part: Part) -> Iterator[Path]:
    """Holds off others that write this part of a lake; gives a new folder in it to write into, which goes at the end.

    What a killed write took away is put back first. Folders that are made here go again where nothing was put in
    place. Raises NotNowError where another writes, OSError where the disk refuses.
    """
    made = [each for each in dict.fromkeys((folder, part.folder)) if not each.exists()]
    for each in made:
        each.mkdir(mode=_PRIVATE)
    beside, lock = part.folder / _WRITING, part.folder / _LOCK
    with _locked(folder, lock):
        try:
            _put_back(part, beside)
            shutil.rmtree(beside, ignore_errors=True)
            beside.mkdir(mode=_PRIVATE)
            yield beside
        finally:
            if (part.folder / TABLES).exists() or not (beside / _REPLACED / TABLES).exists():
                shutil.rmtree(beside, ignore_errors=True)
            if not (part.folder / TABLES).exists():
                with suppress(OSError):  # others put something there
                    lock.unlink(missing_ok=True)
                    for each in reversed(made):
                        each.rmdir()


def put_in_place(part: Part, beside: Path) -> None:
    """The new folders in place of the old, which go; between the two a reader finds no tables, and says so.

    Where a step fails the old folders are put back. Raises OSError.
    """
    _make_private(beside)
    replaced = beside / _REPLACED
    replaced.mkdir()
    placed: list[str] = []
    try:
        for kind in (MODELS, TABLES):
            if (part.folder / kind).exists():
                (part.folder / kind).rename(replaced / kind)
        for kind in (TABLES, MODELS):
            if (beside / kind).exists():
                (beside / kind).rename(part.folder / kind)
                placed.append(kind)
    except BaseException:
        for kind in placed:
            (part.folder / kind).rename(beside / kind)
        _put_back(part, beside)
        raise


def _put_back(part: Part, beside: Path) -> None:
    """What was taken away goes back where nothing took its place."""
    for kind in (TABLES, MODELS):
        if (beside / _REPLACED / kind).exists() and not (part.folder / kind).exists():
            (beside / _REPLACED / kind).rename(part.folder / kind)


def _make_private(folder: Path) -> None:
    for path in folder.rglob("*"):
        if path.is_dir():
            with suppress(OSError):  # a file system without modes
                path.chmod(_PRIVATE)
        else:
            owner_only(path)


@contextmanager
def _locked(folder: Path, file: Path) -> Iterator[None]:
    lock = FileLock(file, timeout=0, mode=_PRIVATE_FILE)
    try:
        lock.acquire()
    except Timeout as e:
        raise NotNowError(
            _("Another write into the lake {folder} is under way. Try again when it is done.").format(
                folder=folder
            )
        ) from e
    except NotImplementedError:  # a file system without locks, as volumes in a cloud have
        yield
        return
    try:
        yield
    finally:
        lock.release()
