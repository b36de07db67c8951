"""The paths that a database can't have, and whether there is one."""

from __future__ import annotations

import os
from pathlib import Path

from ccinsight.errors import NoDatabaseError, UsageError
from ccinsight.files import notes_file
from ccinsight.i18n import _

# The schemas of a database, and the names under which one database is attached to another. DuckDB names a database by
# its file, up to the first dot, and takes no two things of one name.
_RESERVED = frozenset({"model", "stored", "previous", "alike", "calendar_source", "definitions_alone"})
# Bytes: the names beside a database (ccinsight.files) are up to 51 longer than its own, and file systems take 255.
_LONGEST_NAME = 200


def check_name(database: Path) -> None:
    """Raises UsageError where a database can't have this path: its name is reserved or too long, or it is a folder."""
    parts = [part for part in database.name.partition("?")[0].split(".") if part]
    if parts and parts[0].casefold() in _RESERVED:
        raise UsageError(
            _(
                "The database {file} can't have this name: “{name}” is reserved for ccinsight's own use. Give it "
                "another name, e.g. ccinsight.duckdb."
            ).format(file=database, name=parts[0])
        )
    if len(os.fsencode(database.name)) > _LONGEST_NAME:
        raise UsageError(
            _("The name of the database is too long: {file}. Give it a name of at most {most} bytes.").format(
                file=database, most=_LONGEST_NAME
            )
        )
    if database.is_dir():
        raise UsageError(
            _("{file} is a folder, not a database. Give the path of the file, e.g. {example}.").format(
                file=database, example=database / "ccinsight.duckdb"
            )
        )


def check_exists(database: Path) -> None:
    """Raises NoDatabaseError where there is neither a database nor what people wrote beside one."""
    if not database.exists() and not notes_file(database).exists():
        raise no_database(database)


def no_database(file: Path) -> NoDatabaseError:
    """The error for a path without a database."""
    return NoDatabaseError(
        _("There is no database {file} yet. Create one with: ccinsight import FOLDER").format(file=file)
    )
