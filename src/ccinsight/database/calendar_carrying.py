"""Copies calendar events to the database that replaces another one: in an undo or a restore."""

from __future__ import annotations

import secrets
import shutil
from pathlib import Path

import duckdb

from ccinsight.database import calendar_events
from ccinsight.database.build import discard, flush, rebuilding, whole_or_not
from ccinsight.database.collected import lake_of
from ccinsight.database.models import is_outdated
from ccinsight.files import building_file

_ALIAS = "calendar_source"


def carry_calendar(source: Path, file: Path) -> None:
    """Brings the calendar events of ``file``, which is to take the place of ``source``, in line with its own data.

    Their numbers go on from those of ``source``, so that a calendar that took in its files takes the next one too.
    Nothing is carried where ``source`` isn't there or can't be read, or an older ``file`` was collected from a lake:
    that is to be collected again. ``file`` changes in one step. Raises
    CcinsightError where the disk refuses.
    """
    if not source.exists():
        return
    with whole_or_not(source):
        if is_outdated(file):
            if lake_of(file) is not None:
                return
            with rebuilding(file) as connection:
                _take_over(connection, source)
        else:
            _carry(source, file)


def _carry(source: Path, file: Path) -> None:
    """The same for a file of this version: its copy is changed and takes its place."""
    beside = building_file(file)
    discard(beside)
    try:
        shutil.copy2(file, beside)
        with duckdb.connect(str(beside)) as connection:
            _take_over(connection, source)
            calendar_events.update(connection)
            connection.execute("update model.build set build_id = ?", [secrets.token_hex(8)]).fetchall()
            connection.execute("checkpoint")
        flush(beside)
        beside.replace(file)
    finally:
        discard(beside)


def _take_over(connection: duckdb.DuckDBPyConnection, source: Path) -> None:
    try:
        connection.execute(f"attach '{calendar_events.quoted(source)}' as {_ALIAS} (read_only)")
    except duckdb.Error:  # what is replaced may be damaged
        return
    try:
        calendar_events.take_over(connection, _ALIAS)
    finally:
        connection.execute(f"detach {_ALIAS}")
