"""Builds the DuckDB file beside the old one and swaps them in one rename, one writer at a time; the old file is kept.

Tables that an import fills lie in the schema ``stored``, models in ``model``, the exports' canonical tables
and the reports (table macros) in ``main``.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

import duckdb
from filelock import FileLock, Timeout

from ccinsight.database import calendar_events, definitions, models
from ccinsight.database.collected import refuse_collected
from ccinsight.database.compatibility import is_damage, refuse_newer, unopenable
from ccinsight.database.restoring import finish
from ccinsight.errors import CcinsightError, NotNowError, detailed
from ccinsight.files import (
    building_file,
    exchanging_file,
    importing_folder,
    keeping_file,
    lock_file,
    log_file,
    owner_only,
    previous_file,
    temporary_folder,
)
from ccinsight.i18n import _

_LOCK_SECONDS = 60
# DuckDB spills the rest beside the build. With the lesser limit a process that rebuilds ten million tickets takes
# 649 MiB, not 1 234, and 40 processor seconds, not 38: it is for a server that opens an older database.
_IMPORT_MEMORY, REBUILD_MEMORY = "1200MiB", "512MiB"
_OF_THE_MACHINE = (OSError, duckdb.OperationalError, duckdb.FatalException, duckdb.InterruptException)
# Bytes: DuckDB's own. A file without tickets is a third smaller with the small ones, and reports are as fast.
_BLOCK, _SMALL_BLOCK = 262_144, 65_536
# Takes a connection in which ``previous.stored.…`` are the tables that there were; gives, for each table of which
# not all is taken over as it is, the query of its rows.
Selection = Callable[[duckdb.DuckDBPyConnection], Mapping[str, str]]


@contextmanager
def build_beside(
    database: Path,
    *,
    keep_previous: bool = False,
    selection: Selection | None = None,
    memory_limit: str = _IMPORT_MEMORY,
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to a new file that takes the place of ``database`` in one step when the block ends
    without an error.

    The new file holds the stored tables of the old one, or what ``selection`` takes of them. A crash at any
    moment leaves the old file whole; what a killed build leaves behind is removed by the next.
    ``keep_previous``: the old file stays as ``previous_file``, in place of the one that is there.
    ``memory_limit``: DuckDB's. Raises CcinsightError where another build is under way or the disk refuses.
    """
    database = database.absolute()
    with only_writer(database), rebuilding(database, keep_previous, selection, memory_limit) as connection:
        yield connection


@contextmanager
def rebuilding(
    file: Path,
    keep_previous: bool = False,
    selection: Selection | None = None,
    memory_limit: str = _IMPORT_MEMORY,
) -> Iterator[duckdb.DuckDBPyConnection]:
    """As ``build_beside``, for a caller that holds the writers' lock; also builds the previous file."""
    with _new_file(file, memory_limit, keep_previous, like=file) as connection:
        _copy_stored(connection, file, selection)
        yield connection
        _advance_calendar(connection, file)
        models.build_models(connection)


@contextmanager
def replaced_beside(database: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to a new file with empty stored tables and models, which takes the place of ``database`` in one
    step when the block ends without an error; nothing of the old file is taken over.

    Raises CcinsightError where another build is under way or the disk refuses.
    """
    database = database.absolute()
    with only_writer(database), _new_file(database, _IMPORT_MEMORY, block_size=_SMALL_BLOCK) as connection:
        models.build_models(connection)
        yield connection


@contextmanager
def _new_file(
    file: Path,
    memory_limit: str,
    keep_previous: bool = False,
    block_size: int = _BLOCK,
    like: Path | None = None,
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to a file with empty stored tables, which takes the place of ``file`` at the end of the block.

    ``like``: a database whose definitions are copied if this version made them.
    """
    beside = building_file(file)
    with whole_or_not(file):
        discard(beside)
        try:
            connection = duckdb.connect(
                str(beside),
                config={"memory_limit": memory_limit, "default_block_size": str(block_size)},
            )
            owner_only(beside)
            try:
                connection.execute("set preserve_insertion_order = true")
                # Nobody reads the file before the last checkpoint, and one in between writes tables twice.
                connection.execute("set checkpoint_threshold = '1TB'")
                # A row group goes to the disk when it is full: five at a time take memory, and no less time.
                connection.execute("set write_buffer_row_group_count = 1")
                # Each part that an import inserts ends in a row group that isn't full: left so, all is written once.
                connection.execute("set max_vacuum_tasks = 0")
                definitions.make(connection, like)
                owner_only(log_file(beside))
                yield connection
                connection.execute("checkpoint")
            finally:
                connection.close()
            flush(beside)
            if keep_previous:
                _keep_previous(file)
            beside.replace(file)
            flush(file.parent)
        finally:
            discard(beside)


def deletes_many(connection: duckdb.DuckDBPyConnection) -> None:
    """Rewrites tables after rows were deleted from them, so that no block still holds the deleted rows."""
    connection.execute("reset max_vacuum_tasks")


@contextmanager
def only_writer(database: Path) -> Iterator[None]:
    """Holds off other writers of the database; may be nested. Raises NotNowError where another stays."""
    database = database.absolute()
    if not database.parent.is_dir():
        raise NotNowError(_("The folder {folder} doesn't exist.").format(folder=database.parent))
    lock = FileLock(lock_file(database), timeout=_LOCK_SECONDS, is_singleton=True)
    try:
        lock.acquire()
    except Timeout as e:
        raise NotNowError(
            _("Another import into {file} is under way. Try again when it is done.").format(file=database)
        ) from e
    except OSError as e:  # a folder of someone else's, a disk that is read-only
        raise NotNowError(_("The folder {folder} can't be written to.").format(folder=database.parent)) from e
    try:
        if lock.lock_counter == 1:  # not nested in a build
            discard(building_file(previous_file(database)))  # of an undo that was killed
        _end_exchange(database)
        finish(database)
        yield
    finally:
        lock.release()


def _copy_stored(connection: duckdb.DuckDBPyConnection, database: Path, selection: Selection | None) -> None:
    """Takes over the rows of an existing database, column by column name, so that an older file can be read
    too.
    """
    if not database.exists():
        return
    with attached(connection, database):
        refuse_newer(connection, "previous", database)
        refuse_collected(connection, "previous", database)
        tables = "select table_name from duckdb_tables() where database_name = ? and schema_name = 'stored'"
        here = connection.execute("select current_database()").fetchall()[0][0]
        there, mine = (set(connection.execute(tables, [name]).fetchall()) for name in ("previous", here))
        selected = selection(connection) if selection else {}
        for (table,) in sorted(there & mine):
            rows = selected.get(table, f"from previous.stored.{table}")
            connection.execute(f"insert into stored.{table} by name {rows}")


def _advance_calendar(connection: duckdb.DuckDBPyConnection, database: Path) -> None:
    if database.exists():
        with attached(connection, database):
            calendar_events.advance(connection)


def _attach(connection: duckdb.DuckDBPyConnection, database: Path) -> None:
    connection.execute(f"attach '{calendar_events.quoted(database)}' as previous (read_only)")


@contextmanager
def attached(connection: duckdb.DuckDBPyConnection, database: Path) -> Iterator[None]:
    """The database's tables are ``previous.stored.…`` within the block, to be read."""
    _attach(connection, database)
    try:
        yield
    finally:
        connection.execute("detach previous")


@contextmanager
def whole_or_not(database: Path) -> Iterator[None]:
    """Turns errors of DuckDB and of the disk into one sentence: the database is as it was.

    Raises NotNowError for one of the disk or of memory, CcinsightError for others.
    """
    try:
        yield
    except (duckdb.Error, OSError) as e:
        if isinstance(e, duckdb.Error) and is_damage(e):  # of the database that rows are taken over from
            raise unopenable(database, e) from e
        kind = NotNowError if isinstance(e, _OF_THE_MACHINE) else CcinsightError
        text = _(
            "The database {file} could not be written and is unchanged. Check that the disk has room and that the "
            "folder may be written to, and try again."
        )
        raise kind(detailed(text.format(file=database), e)) from e


def flush(path: Path) -> None:
    """What was written to a file or a folder reaches the disk."""
    with suppress(OSError):  # not every file system lets a folder be flushed
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


@contextmanager
def stored_before(database: Path, *, named: Path | None = None) -> Iterator[duckdb.DuckDBPyConnection | None]:
    """A connection in which ``stored.…`` are the tables of a database that is there, to be read; else None.

    For a writer that must know what there is before it builds. ``named`` stands in messages for a copy's own
    path. Raises CcinsightError where the file is no database of ccinsight, or one of a newer version.
    """
    database = database.absolute()
    if not database.exists():
        yield None
        return
    with duckdb.connect() as connection:
        try:
            _attach(connection, database)
            connection.execute("use previous")
            connection.execute("select 1 from stored.files limit 1")
            refuse_newer(connection, "previous", named or database)
        except duckdb.Error as e:
            raise unopenable(named or database, e, is_backup=named is not None) from e
        yield connection


# ---------------------------------------------------------------- the file before


def _keep_previous(database: Path) -> None:
    """The file that is about to be replaced stays under a second name, the one kept before goes."""
    if database.exists():
        keeping = keeping_file(database)
        _second_name(database, keeping)
        keeping.replace(previous_file(database))
        owner_only(previous_file(database))
        keeping.unlink(missing_ok=True)  # a rename between two names of one file does nothing


def _second_name(path: Path, name: Path) -> None:
    """A hard link, or a copy where the file system has none."""
    name.unlink(missing_ok=True)
    try:
        name.hardlink_to(path)
    except OSError:
        shutil.copy2(path, name)
        flush(name)


def exchange_previous(database: Path) -> None:
    """The previous file takes the database's place in one step, and the database its.

    Raises CcinsightError where there is no previous file.
    """
    database = database.absolute()
    previous, aside = previous_file(database), exchanging_file(database)
    with only_writer(database), whole_or_not(database):
        if not has_previous(database):
            raise CcinsightError(
                _("There is no earlier version of {file} to go back to.").format(file=database)
            )
        _second_name(database, aside)
        previous.replace(database)
        aside.replace(previous)
        flush(database.parent)


def discard_leftovers(database: Path) -> None:
    """Removes what killed imports left beside a database. The caller holds the writers' lock."""
    for file in (database, previous_file(database)):
        discard(building_file(file))
    keeping_file(database).unlink(missing_ok=True)
    shutil.rmtree(importing_folder(database), ignore_errors=True)
    if previous_file(database).exists() and not has_previous(database):
        previous_file(database).unlink()  # a second name of the database itself


def has_previous(database: Path) -> bool:
    """Whether there is a file to go back to; one that a killed import named and did not leave is none."""
    previous = previous_file(database)
    return previous.exists() and database.exists() and not previous.samefile(database)


def _end_exchange(database: Path) -> None:
    """Ends an exchange that was killed: before its first rename nothing happened, after it half did."""
    aside = exchanging_file(database)
    if not aside.exists():
        return
    if previous_file(database).exists():
        aside.unlink()
    else:
        aside.replace(previous_file(database))


def discard(path: Path) -> None:
    """Removes a build with its log and the folder that DuckDB spilled to."""
    for each in (path, log_file(path)):
        each.unlink(missing_ok=True)
    shutil.rmtree(temporary_folder(path), ignore_errors=True)
