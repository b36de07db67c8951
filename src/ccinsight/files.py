"""The files beside a database: each name is written here once, as a function of the database's path.

Names that begin with a dot are of work in progress. Whoever next writes to the database removes them, or ends what
they began.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

SUGGESTIONS, RISK, ALERTS = "suggestions.toml", "risk.toml", "alerts.toml"


def _named(path: Path, name: str) -> Path:
    return path.with_name(name.format(name=path.name))


# ---------------------------------------------------------------- what stays


def previous_file(database: Path) -> Path:
    """The database as it was before the last import."""
    return _named(database, "{name}.previous")


def key_file(database: Path) -> Path:
    """The key that contacts are hashed with."""
    return _named(database, "{name}.key")


def notes_file(database: Path) -> Path:
    """What people wrote of meetings and duties, in SQLite."""
    return _named(database, "{name}.notes.sqlite")


def access_file(database: Path) -> Path:
    """Who may read the dashboard, and how they sign in; in no backup, for it holds secrets."""
    return database.with_name("access.toml")


def cookie_key_file(database: Path) -> Path:
    """The key that signs the cookies of the sign-in; in no backup."""
    return _named(database, "{name}.cookie_key")


def delivery_file(database: Path) -> Path:
    """How messages are sent, and to whom; in no backup, for it holds secrets."""
    return database.with_name("delivery.toml")


def delivery_key_file(database: Path) -> Path:
    """The key that signs the links in messages; in no backup."""
    return _named(database, "{name}.delivery_key")


def delivery_lock_file(database: Path) -> Path:
    """The lock that whoever sends messages holds; it stays, unlocked."""
    return _named(database, ".{name}.delivery.lock")


def lock_file(database: Path) -> Path:
    """The lock that a writer holds; it stays, unlocked, when the writer is done."""
    return _named(database, ".{name}.lock")


def before_restore_folder(database: Path) -> Path:
    """A backup of what the last restore replaced."""
    return _named(database, "{name}.before-restore")


def own_rules_file(database: Path, name: str) -> Path:
    """A partner's own rules: ``name`` is SUGGESTIONS, RISK or ALERTS."""
    return database.with_name(name)


# ---------------------------------------------------------------- while a writer works


def building_file(file: Path) -> Path:
    """The next state of a database, or of its previous file, until it takes that file's place."""
    return _named(file, ".{name}.building")


def watch_lock(folder: Path) -> Path:
    """The lock of who watches a folder; it stays, unlocked, when the watch ends."""
    return folder / ".ccinsight-watch.lock"


def log_file(file: Path) -> Path:
    """DuckDB's write-ahead log of a database that is open, or whose writer was killed."""
    return _named(file, "{name}.wal")


def temporary_folder(file: Path) -> Path:
    """What DuckDB spills while it writes a database."""
    return _named(file, "{name}.tmp")


def exchanging_file(database: Path) -> Path:
    """A second name of the database while it and its previous file change places."""
    return _named(database, ".{name}.exchanging")


def keeping_file(database: Path) -> Path:
    """A second name of the database that becomes the previous file."""
    return _named(database, ".{name}.keeping")


def importing_folder(database: Path) -> Path:
    """Copies that an import makes of the files it reads."""
    return _named(database, ".{name}.importing")


def restoring_folder(database: Path) -> Path:
    """The files of a restore that is decided, until all of them are in place."""
    return _named(database, ".{name}.restoring")


def new_path(path: Path) -> Path:
    """A folder of a restore that is written whole before it gets the name ``path``."""
    return _named(path, "{name}.new")


def new_key_file(database: Path) -> Path:
    """A new key, until it is whole."""
    return _named(key_file(database), ".{name}.new")


def writing_path(path: Path) -> Path:
    """A file or folder that a command writes for a user, until it is whole."""
    return _named(path, ".{name}.writing")


def journal_file(notes: Path) -> Path:
    """SQLite's journal of a notes file whose writer was killed."""
    return _named(notes, "{name}-journal")


# ---------------------------------------------------------------- while a server reads


def spill_folder(database: Path, process: int) -> Path:
    """What a process's reports spill."""
    return _named(database, f".{{name}}.{process}.spilling")


def spill_folders(database: Path) -> Iterator[tuple[Path, int]]:
    """The folders of all processes, each with its process id."""
    return _of_processes(database, "spilling")


def reading_link(database: Path, stamp: tuple[int, int], process: int) -> Path:
    """A process's own name of the build with this stamp, which stays readable when an import replaces it."""
    return _named(database, f".{{name}}.{stamp[0]:x}-{stamp[1]:x}.{process}.reading")


def reading_links(database: Path) -> Iterator[tuple[Path, int]]:
    """The names of all processes and builds, each with its process id."""
    return _of_processes(database, "reading")


def _of_processes(database: Path, kind: str) -> Iterator[tuple[Path, int]]:
    for path in database.parent.glob(f".{database.name}.*.{kind}"):
        yield path, int(path.name.split(".")[-2])


# ---------------------------------------------------------------- who may read them


def owner_only(path: Path, *, make: bool = False) -> None:
    """Lets nobody but its owner read or write a file, as far as the system knows such modes.

    ``make``: a file that isn't there is made, empty. What the system refuses is left to whoever opens the file next.
    """
    with suppress(OSError):
        if make:
            os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        if path.stat().st_mode & 0o077:
            path.chmod(0o600)
