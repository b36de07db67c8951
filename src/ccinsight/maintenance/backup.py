"""Backup and restore: the database, the file before it, the contacts' key, the notes and the rules beside them.

A backup is a folder, written under another name and named when it is whole; its manifest has each file's size and
SHA-256. What a restore replaces is kept as a backup beside the database.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from ccinsight import __version__
from ccinsight.database.build import flush, has_previous, only_writer, stored_before
from ccinsight.database.calendar_carrying import carry_calendar
from ccinsight.database.collected import lake_of, tickets_in
from ccinsight.database.compatibility import unopenable
from ccinsight.database.restoring import (
    DATABASE,
    KEY,
    MANIFEST,
    NOTES,
    PREVIOUS,
    RULES,
    finish,
    target,
)
from ccinsight.errors import CcinsightError, detailed
from ccinsight.files import before_restore_folder, new_path, restoring_folder, writing_path
from ccinsight.i18n import _
from ccinsight.ingest.load.loader import sha256_of
from ccinsight.maintenance.forget import forget_again
from ccinsight.notes import Notes
from ccinsight.settings.storing import stored_settings

_FORMAT = 1
_PRIVATE = 0o700


@dataclass(frozen=True)
class Backup:
    """A backup: where, when it was made and by which version, its files with their bytes.

    ``forgotten``: how many persons and customers a restore removed from it, as the database that it replaced had
    forgotten them; None where that is unknown. ``has_unreadable_previous``: the database before the last import
    can't be read, and a restore left it out. ``lake``: the folder in which the tickets are, and which isn't in the
    backup; None where the database has them itself. ``collected_from``: the folder of the lake that a restored
    database was collected from; None where it wasn't.
    """

    folder: Path
    made_at: datetime
    version: str
    files: Mapping[str, int]
    forgotten: int | None = None
    has_unreadable_previous: bool = False
    lake: str | None = None
    collected_from: str | None = None


def back_up(database: str | Path, folder: str | Path, *, made_at: datetime) -> Backup:
    """Writes a backup into a folder that is new or empty. Imports wait meanwhile, readers don't.

    Raises CcinsightError where there is no database, the folder holds something, or the disk refuses; then there
    is no backup.
    """
    database, folder = Path(database).absolute(), Path(folder).absolute()
    if not database.exists():
        raise CcinsightError(_("There is no database {file} yet: import first.").format(file=database))
    if folder.exists() and not (folder.is_dir() and not any(folder.iterdir())):
        raise CcinsightError(
            _("{folder} isn't empty: give a new folder for each backup, e.g. {example}.").format(
                folder=folder, example=folder / made_at.strftime("%Y-%m-%d")
            )
        )
    with only_writer(database), _whole_or_none(folder):
        with stored_before(database) as connection:  # it must be one of ccinsight
            lake = tickets_in(connection) if connection else None
        return replace(_write(database, folder, made_at), lake=lake)


def restore(
    database: str | Path, folder: str | Path, *, restored_at: datetime, restored_by: str | None = None
) -> Backup:
    """Puts a backup in the place of the database and what belongs to it; gives the backup.

    Whom the database has forgotten since is removed from it on the way, where both have one key.

    What was there is kept at ``before_restore_folder``, also a backup. Everything is checked before anything changes:
    the files are those that were written, and this ccinsight can read them. Raises CcinsightError for a backup
    that is damaged, of a newer ccinsight, or none.
    """
    database, folder = Path(database).absolute(), Path(folder).absolute()
    new = new_path(restoring_folder(database))
    with only_writer(database), _restored_or_not(database):
        _remove(new)
        try:
            found = _checked(_stage(folder, new, database), new)
            lake = lake_of(new / DATABASE)
            forgotten = (
                forget_again(database, new, forgotten_at=restored_at, forgotten_by=restored_by)
                if lake is None
                else None  # only another collect changes it
            )
            carry_calendar(database, new / DATABASE)
            if database.exists():
                safety = before_restore_folder(database)
                beside = new_path(safety)
                _remove(beside)
                _write(database, beside, restored_at)
                _remove(safety)
                beside.rename(safety)
            new.rename(restoring_folder(database))
            flush(database.parent)
        finally:
            _remove(new)
        finish(database)
        flush(database.parent)
    return replace(found, forgotten=forgotten, collected_from=lake)


# ---------------------------------------------------------------- writing


def _write(database: Path, folder: Path, made_at: datetime) -> Backup:
    """The files copied, and their manifest, under another name until all are on the disk."""
    beside = writing_path(folder)
    _remove(beside)
    beside.parent.mkdir(parents=True, exist_ok=True)
    beside.mkdir(mode=_PRIVATE)
    try:
        files: dict[str, dict[str, Any]] = {}
        for name, path in _files(database).items():
            copied = beside / name
            _copy_notes(path, copied) if name == NOTES else _copy(path, copied)
            files[name] = {"bytes": copied.stat().st_size, "sha256": sha256_of(copied)}
        manifest = {
            "format": _FORMAT,
            "ccinsight": __version__,
            "made_at": made_at.isoformat(),
            "files": files,
        }
        (beside / MANIFEST).write_text(json.dumps(manifest, indent=2) + "\n", "utf-8")
        flush(beside / MANIFEST)
        flush(beside)
        beside.rename(folder)  # also over an empty folder
        flush(folder.parent)
    finally:
        _remove(beside)
    return Backup(folder, made_at, __version__, {name: file["bytes"] for name, file in files.items()})


def _files(database: Path) -> dict[str, Path]:
    """What belongs together, by the names it has in a backup: that which is there."""
    names = [
        DATABASE,
        KEY,
        NOTES,
        *RULES,
        *_look(database),
        *([PREVIOUS] if has_previous(database) else []),
    ]
    found = {name: target(database, name) for name in names}
    return {name: path for name, path in found.items() if path is not None and path.is_file()}


def _look(database: Path) -> list[str]:
    """The names of the settings' own templates, of deck and letters, and logo, where they lie beside the database."""
    try:
        with duckdb.connect(str(database), read_only=True) as connection:
            settings = stored_settings(connection)
    except (duckdb.Error, CcinsightError):  # what a backup keeps may be of any state
        return []
    names = (settings.deck.template, settings.deck.logo, settings.letters.template)
    return [name for name in names if name and Path(name).name == name]


def _copy(path: Path, copied: Path) -> None:
    """The bytes, with the mode from the first of them on."""
    mode = path.stat().st_mode & 0o777
    handle = os.open(copied, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with path.open("rb") as source, os.fdopen(handle, "wb") as file:
        shutil.copyfileobj(source, file, 1 << 20)
        file.flush()
        os.fsync(file.fileno())
    copied.chmod(mode)  # whatever the umask takes away


def _copy_notes(path: Path, copied: Path) -> None:
    """As SQLite sees the file: a save that is under way is in it whole, or not."""
    try:
        with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(copied)) as file:
            source.backup(file)
    except sqlite3.DatabaseError:  # what a backup keeps may be of any state
        copied.unlink(missing_ok=True)
        _copy(path, copied)
        return
    copied.chmod(path.stat().st_mode & 0o777)
    flush(copied)


# ---------------------------------------------------------------- reading


def _stage(folder: Path, new: Path, database: Path) -> Backup:
    """The backup's files copied beside the database and checked there. Raises CcinsightError."""
    manifest = _manifest(folder)
    new.mkdir(mode=_PRIVATE)
    for name, file in manifest["files"].items():
        if target(database, name) is None:
            raise _damaged(folder, MANIFEST)
        try:
            _copy(folder / name, new / name)
        except FileNotFoundError as e:
            raise _damaged(folder, name) from e
        if (new / name).stat().st_size != file["bytes"] or sha256_of(new / name) != file["sha256"]:
            raise _damaged(folder, name)
    _copy(folder / MANIFEST, new / MANIFEST)
    flush(new)
    sizes = {name: int(file["bytes"]) for name, file in manifest["files"].items()}
    return Backup(folder, datetime.fromisoformat(manifest["made_at"]), manifest["ccinsight"], sizes)


def _checked(found: Backup, new: Path) -> Backup:
    """Raises CcinsightError where this ccinsight can't read the database or the notes of a backup staged in ``new``.

    The database before the last import is left out where it can't be read: only an undo needs it.
    """
    _read_whole(new / DATABASE, found.folder / DATABASE)
    if NOTES in found.files:
        Notes(new / NOTES, found.folder / NOTES).check()
    if PREVIOUS not in found.files:
        return found
    try:
        _read_whole(new / PREVIOUS, found.folder / PREVIOUS)
    except CcinsightError:
        (new / PREVIOUS).unlink()
        manifest = json.loads((new / MANIFEST).read_text("utf-8"))
        del manifest["files"][PREVIOUS]
        (new / MANIFEST).write_text(json.dumps(manifest, indent=2) + "\n", "utf-8")
        flush(new / MANIFEST)
        return replace(found, has_unreadable_previous=True)
    return found


def _read_whole(database: Path, named: Path) -> None:
    """Reads every value of a database's tables and its settings; ``named`` stands in messages for its path."""
    with stored_before(database, named=named) as connection:
        if connection is None:
            raise _damaged(named.parent, named.name)
        try:
            rows = connection.execute(
                "select table_name from duckdb_tables() where schema_name = 'stored' and database_name = 'previous'"
            ).fetchall()
            for (table,) in rows:
                statement = f"select max(hash(t)) from stored.{table} as t"  # noqa: S608 (one of our own tables)
                connection.execute(statement).fetchall()
        except duckdb.Error as e:
            raise unopenable(named, e, is_backup=True) from e
        try:
            stored_settings(connection)
        except CcinsightError as e:
            raise CcinsightError(
                _("The settings in {file} can't be read by this version of ccinsight: {error}").format(
                    file=named, error=e
                )
            ) from e


def _manifest(folder: Path) -> dict[str, Any]:
    try:
        manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text("utf-8"))
    except (FileNotFoundError, NotADirectoryError) as e:
        raise CcinsightError(
            _("{folder} isn't a ccinsight backup: it has no {name}.").format(folder=folder, name=MANIFEST)
        ) from e
    except ValueError as e:
        raise _damaged(folder, MANIFEST) from e
    try:
        if int(manifest["format"]) > _FORMAT:
            raise CcinsightError(
                _("The backup {folder} was made by a newer ccinsight. Update ccinsight.").format(
                    folder=folder
                )
            )
        datetime.fromisoformat(manifest["made_at"])
        is_whole = DATABASE in manifest["files"] and isinstance(manifest["ccinsight"], str)
        _kinds = [(str(file["sha256"]), int(file["bytes"])) for file in manifest["files"].values()]
    except (KeyError, TypeError, ValueError, AttributeError) as e:
        raise _damaged(folder, MANIFEST) from e
    if not is_whole:
        raise _damaged(folder, MANIFEST)
    return manifest


def _damaged(folder: Path, name: str) -> CcinsightError:
    return CcinsightError(
        _("The backup {folder} is damaged: {name} doesn't match its checksum. Nothing was changed.").format(
            folder=folder, name=name
        )
    )


def _remove(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _whole_or_none(folder: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, sqlite3.Error) as e:
        text = _(
            "The backup {folder} could not be written. Check that the disk has room and that the folder may be "
            "written to, and try again."
        )
        raise CcinsightError(detailed(text.format(folder=folder), e)) from e


@contextmanager
def _restored_or_not(database: Path) -> Iterator[None]:
    """Before the restore holds, nothing is changed; after that the next to open the database ends it."""
    try:
        yield
    except OSError as e:
        text = (
            _("The restore of {file} is incomplete and continues when the database is next opened.")
            if restoring_folder(database).exists()
            else _("Nothing was restored; {file} is unchanged.")
        )
        raise CcinsightError(detailed(text.format(file=database), e)) from e
