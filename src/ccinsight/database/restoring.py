"""Completes a restore of several files atomically: all or none of them, even if the process is killed.

The checked files are in a folder beside the database. Once that folder has its final name, the restore is committed:
the next process that opens or writes the database completes it.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

from ccinsight.files import (
    ALERTS,
    RISK,
    SUGGESTIONS,
    journal_file,
    key_file,
    notes_file,
    own_rules_file,
    previous_file,
    restoring_folder,
)

MANIFEST = "manifest.json"
DATABASE, PREVIOUS, KEY, NOTES = "database.duckdb", "previous.duckdb", "contacts.key", "notes.sqlite"
RULES = (SUGGESTIONS, RISK, ALERTS)
# Files that go where the backup has none: it was without them.
_STATE = (KEY, NOTES, PREVIOUS)
_LOOK = (".pptx", ".potx", ".docx", ".svg", ".png", ".jpg", ".jpeg")


def target(database: Path, name: str) -> Path | None:
    """Where a file of a backup belongs; None for a name that no backup has."""
    beside = {
        DATABASE: database,
        PREVIOUS: previous_file(database),
        KEY: key_file(database),
        NOTES: notes_file(database),
        **{rules: own_rules_file(database, rules) for rules in RULES},
    }
    if name in beside:
        return beside[name]
    is_of_the_look = Path(name).suffix.lower() in _LOOK and Path(name).name == name
    return database.with_name(name) if is_of_the_look else None


def is_unfinished(database: Path) -> bool:
    """Whether a restore was killed in its midst."""
    return restoring_folder(database).exists()


def finish(database: Path) -> None:
    """Puts the files of a restore that holds in their places, the database last. For the only writer.

    May be killed and called again.
    """
    folder = restoring_folder(database)
    if not folder.exists():
        return
    manifest = folder / MANIFEST
    if manifest.exists():  # it goes when all others have gone
        names = list(json.loads(manifest.read_text("utf-8"))["files"])
        for name in sorted({*names, *_STATE}, key=lambda name: (name == DATABASE, name)):
            _put(folder / name, target(database, name), name in names)
        manifest.unlink()
    shutil.rmtree(folder)


def _put(staged: Path, place: Path | None, is_in_backup: bool) -> None:
    if place is None or (is_in_backup and not staged.exists()):  # it is in its place already
        return
    if staged.name == NOTES and place.exists():
        _settle(place)
    if is_in_backup:
        staged.replace(place)
    else:
        place.unlink(missing_ok=True)


def _settle(notes: Path) -> None:
    """Ends what a killed writer of the notes began: its journal must not be taken for the next file's."""
    with suppress(sqlite3.Error), closing(sqlite3.connect(notes, isolation_level=None)) as connection:
        connection.execute("begin exclusive")
        connection.execute("rollback")
    journal_file(notes).unlink(missing_ok=True)
