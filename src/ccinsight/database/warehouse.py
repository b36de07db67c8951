"""Reads the DuckDB file: read-only connection, one cursor per read, reports by name.

``from renewals(date '2026-03-01')`` in the file itself gives the same rows as the page.
"""

from __future__ import annotations

import os
import re
import shutil
import threading
import time
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from ccinsight.access import Reader
from ccinsight.database import explore_sql
from ccinsight.database.build import REBUILD_MEMORY, build_beside, discard, only_writer
from ccinsight.database.collected import refuse_uncollected
from ccinsight.database.compatibility import foreign, is_damage, unopenable
from ccinsight.database.exploring import Question
from ccinsight.database.models import OPTION_TYPES, models_version
from ccinsight.database.naming import check_name, no_database
from ccinsight.database.restoring import is_unfinished
from ccinsight.database.scope import Filters, Scope, chosen_customers, limited, visible_in
from ccinsight.database.turns import NoTurnError, Turns
from ccinsight.errors import CcinsightError, NoDatabaseError, UsageError, detailed
from ccinsight.files import reading_link, reading_links, spill_folder, spill_folders
from ccinsight.i18n import _, number
from ccinsight.registry import OPTION_PARAMETERS
from ccinsight.registry import report as registered
from ccinsight.registry.explore import EXPLORE

# A relation binds a report once more only to know its columns, which takes longer than the copy that DuckDB warns of.
warnings.filterwarnings("ignore", message="Arrow output on a DB-API result", category=UserWarning)
# The part of the machine's or the container's memory that DuckDB takes by default, and its words for sizes, in MiB.
_DUCKDB_SHARE = 0.8
_SIZES = {"KiB": 1 / 1024, "MiB": 1, "GiB": 1024, "TiB": 1024**2}
_SPILL_GIB = 16
# Medians and percentiles of fewer customers than these aren't given to a reader who doesn't see all.
FEWEST_BEHIND = 5
_MOST_SIGHTS = 1000
# The environment variable by which a process knows how many like it share the machine.
PROCESSES = "CCINSIGHT_PROCESSES"


@dataclass(frozen=True)
class Limits:
    """What the reports of one process may take of the machine.

    ``memory``: DuckDB's limit, such as ``2GiB``; None is a share of the machine's. ``processes``: how many like it
    divide that. ``at_once``: how many reports run at a time, the rest wait in order. ``seconds``: how long a report
    may wait and run; None is without end.
    """

    memory: str | None = None
    threads: int = 2
    at_once: int = 2
    seconds: float | None = None
    processes: int = 1


class Warehouse:
    """A database opened for reading. One a process; each read takes a cursor of its own, so threads may
    share it.
    """

    def __init__(
        self,
        path: Path,
        connection: duckdb.DuckDBPyConnection,
        stamp: tuple[int, int],
        link: Path | None,
        limits: Limits | None = None,
    ):
        self.path = path
        self._connection = connection
        self._stamp = stamp
        self._link = link
        self._lock = threading.Lock()
        self._limits = limits or Limits()
        self._turns = Turns(self._limits.at_once)
        row = connection.execute("select build_id from model.build").fetchone()
        self.build_id = str(row[0]) if row else ""
        self._visible: dict[tuple[str, str | None], frozenset[str] | None] = {}

    @classmethod
    def open(cls, path: Path, *, limits: Limits | None = None, under_own_name: bool = False) -> Warehouse:
        """Opens the database; one made by another version of the models is rebuilt first, from its own
        tables.

        ``under_own_name``: for a server that goes on while imports replace the file. DuckDB hands out the
        instance that a process has open under a path, so each build is opened under a hard link of its own.
        Raises NoDatabaseError where there is no file, UsageError where a database can't have its name, CcinsightError
        where it is no database of ccinsight.
        """
        path, limits = path.absolute(), limits or Limits()
        check_name(path)
        if is_unfinished(path):
            with only_writer(path):  # ends a restore that was killed
                pass
        _rebuild_if_outdated(path)
        stamp = _stamp(path)
        link = _own_name(path, stamp) if under_own_name else None
        config = _config(path, limits)
        if under_own_name:
            # what a large report leaves free goes back to the system while the server has nothing to do
            config["allocator_background_threads"] = "true"
        connection = _connect(link or path, config)
        return cls(path, connection, stamp, link, limits)

    def close(self) -> None:
        """Closes the connection and removes the link it was opened under."""
        self._connection.close()
        if self._link is not None:
            self._link.unlink(missing_ok=True)

    def __enter__(self) -> Warehouse:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def is_current(self) -> bool:
        """False once an import has put another file in this one's place."""
        try:
            return _stamp(self.path) == self._stamp
        except NoDatabaseError:
            return False

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """A cursor for one read."""
        with self._lock:
            return self._connection.cursor()

    @contextmanager
    def reading(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A cursor for one read; what fails is raised as CcinsightError."""
        with self._readable(), self.cursor() as cursor:
            yield cursor

    def resolve(self, as_of: date, filters: Filters, reader: Reader, report: str | None = None) -> Scope:
        """The customers of a report that fit the reader's filters on the day. UsageError names a value that doesn't
        exist or that the reader doesn't see.
        """
        with self.reading() as cursor:
            return chosen_customers(cursor, as_of, filters, reader, report)

    def visible(self, reader: Reader, report: str | None = None) -> frozenset[str] | None:
        """The ids of the customers that the reader may see, in a report; None: all. Looked up once for a build."""
        if reader.sees_all:
            return None
        key = reader.sight, report
        if key not in self._visible:
            with self.reading() as cursor:
                found = visible_in(cursor, reader, report)
            if len(self._visible) >= _MOST_SIGHTS:
                self._visible.clear()
            self._visible[key] = found
            return found
        return self._visible[key]

    def report(self, name: str, scope: Scope, **options: Any) -> pa.Table:
        """A report (reports.md) as an Arrow table with exact decimals and dates.

        The rows are those of the scope's customers that its reader may see. Options are ``days``, ``months``,
        ``since``, ``check``; left out or None, the report's default holds. Raises UsageError for an unknown report
        or option, and for a report about the whole database where the reader doesn't see all.
        """
        report = registered(name)
        given = {option: value for option, value in options.items() if value is not None}
        if not scope.reader.sees_all:
            if report.covers == "whole_database":
                raise UsageError(
                    _("The report {name} is for those who may see all customers.").format(name=name)
                )
            if "fewest" in report.options:
                given["fewest"] = FEWEST_BEHIND
        for option in given:
            if option not in report.options:
                raise UsageError(
                    _("The report {name} has no option {option}.").format(name=name, option=option)
                )
        is_plain = report.plain is not None and not any(given.values())
        given = {} if is_plain else given
        call = "".join(f", {OPTION_PARAMETERS.get(o, o)} := cast(${o}_ as {OPTION_TYPES[o]})" for o in given)
        parameters: dict[str, Any] = {f"{option}_": value for option, value in given.items()}
        parameters["as_of"] = scope.as_of
        parameters["ids"] = limited(scope, self.visible(scope.reader, report.name))
        relation = f"model.{report.plain}" if is_plain else f"main.{report.name}"
        statement = f"from {relation}($as_of, customer_ids := cast($ids as varchar[]){call})"
        return self._run(statement, parameters)

    def explore(self, asked: Question, scope: Scope) -> pa.Table:
        """The answer to a question of the reader's own, with the columns of ``exploring.report_of``."""
        return self._explored(explore_sql.answer(asked, scope.as_of), scope)

    def explored_rows(
        self, asked: Question, measure: str, cell: Mapping[str, str | None], scope: Scope, most: int
    ) -> pa.Table:
        """The rows behind a figure of the answer (explore_sql.rows), at most so many."""
        made = explore_sql.rows(asked, scope.as_of, EXPLORE.measures[measure], cell, most)
        return self._explored(made, scope)

    def _explored(self, made: explore_sql.Statement, scope: Scope) -> pa.Table:
        statement, parameters = made
        ids = limited(scope, self.visible(scope.reader))
        return self._run(statement, {**parameters, "as_of": scope.as_of, "ids": ids})

    def _run(self, statement: str, parameters: dict[str, Any]) -> pa.Table:
        with self._turn() as seconds_left, self.cursor() as cursor, _interrupted_after(cursor, seconds_left):
            return cursor.execute(statement, parameters).to_arrow_table()

    @contextmanager
    def _turn(self) -> Iterator[float | None]:
        """A turn for one report; gives the seconds that are left for it. Raises CcinsightError past the limit."""
        allowed, asked = self._limits.seconds, time.monotonic()
        try:
            with self._turns.turn(allowed), self._readable():
                yield None if allowed is None else max(allowed - (time.monotonic() - asked), 0.1)
        except (NoTurnError, duckdb.InterruptException) as e:
            raise CcinsightError(
                _(
                    "The report took longer than {seconds} seconds and was stopped. Others may be using the server:"
                    " try again, or choose fewer customers."
                ).format(seconds=number(allowed or 0))
            ) from e

    @contextmanager
    def _readable(self) -> Iterator[None]:
        """Turns DuckDB's errors into one of ours; the files of a lake may be gone since the database was opened."""
        try:
            yield
        except duckdb.InterruptException:
            raise
        except duckdb.Error as e:
            if isinstance(e, duckdb.IOException):
                with self.cursor() as cursor:
                    refuse_uncollected(cursor, self.path, is_outdated=False)
            raise self._error(e) from e

    def _error(self, error: duckdb.Error) -> CcinsightError:
        if is_damage(error):
            return unopenable(self.path, error)
        if isinstance(error, duckdb.OutOfMemoryException):
            text = _(
                "There is too little memory for this report: choose fewer customers, or close other programs."
            )
        else:
            text = _("The database query failed. Try again; if it fails again, import the exports again.")
        return CcinsightError(detailed(text, error))


@contextmanager
def _interrupted_after(cursor: duckdb.DuckDBPyConnection, seconds: float | None) -> Iterator[None]:
    """Stops what the cursor runs once the time is up."""
    if seconds is None:
        yield
        return
    alarm = threading.Timer(seconds, cursor.interrupt)
    alarm.daemon = True
    alarm.start()
    try:
        yield
    finally:
        alarm.cancel()


def _stamp(path: Path) -> tuple[int, int]:
    try:
        status = path.stat()
    except FileNotFoundError as e:
        raise no_database(path) from e
    return status.st_ino, status.st_mtime_ns


def _config(path: Path, limits: Limits) -> dict[str, str]:
    return {
        "memory_limit": _memory_limit(limits),
        "threads": str(limits.threads),
        "temp_directory": str(_spill_folder(path)),
        "max_temp_directory_size": f"{_SPILL_GIB / limits.processes:.2f}GiB",
    }


def _memory_limit(limits: Limits) -> str:
    if limits.memory is None:
        return f"{share_of_memory(limits.processes)}MiB"
    amount, unit = re.findall(r"[\d.]+|[A-Za-z]+", limits.memory)
    return f"{float(amount) / limits.processes:.3f}{unit}"


def _connect(path: Path, config: Mapping[str, str]) -> duckdb.DuckDBPyConnection:
    try:
        return duckdb.connect(str(path), read_only=True, config=dict(config))
    except duckdb.Error as e:
        raise unopenable(path, e) from e


def _rebuild_if_outdated(path: Path) -> None:
    _stamp(path)
    # a process has a path open with one configuration: the one that is used without limits of one's own
    with _connect(path, _config(path, Limits())) as connection:
        try:
            row = connection.execute("select models_version from model.build").fetchone()
        except duckdb.CatalogException as e:
            raise foreign(path) from e
        is_outdated = row is None or row[0] != models_version()
        refuse_uncollected(connection, path, is_outdated=is_outdated)
    if is_outdated:
        with build_beside(path, memory_limit=REBUILD_MEMORY):
            pass


@cache
def share_of_memory(processes: int = 1) -> int:
    """MiB that the reports of one of several processes may use: a quarter of the machine's memory, or of the
    container's, at least 512 MiB and at most 4 GiB, divided by the number of processes.
    """
    with duckdb.connect() as connection:
        size, unit = connection.execute("select current_setting('memory_limit')").fetchall()[0][0].split()
    machine = float(size) * _SIZES[unit] / _DUCKDB_SHARE
    return int(min(max(machine / 4, 512), 4096) / processes)


def _spill_folder(path: Path) -> Path:
    """Where this process puts what doesn't fit in memory; those of processes that were killed are removed."""
    for folder, process in spill_folders(path):
        if not _is_running(process):
            shutil.rmtree(folder, ignore_errors=True)
    return spill_folder(path, os.getpid())


def _is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _own_name(path: Path, stamp: tuple[int, int]) -> Path | None:
    """A hard link for this build and process; None where the folder doesn't take one."""
    _remove_dead_links(path)
    link = reading_link(path, stamp, os.getpid())
    try:
        link.unlink(missing_ok=True)
        link.hardlink_to(path)
    except OSError:
        return None
    return link


def remove_old_names(path: Path) -> None:
    """Takes the names from earlier builds that servers have open: a build goes when its server lets go of it."""
    for link, _process in reading_links(path):
        with suppress(OSError):  # not every system lets go of the name of an open file
            if not link.samefile(path):
                link.unlink()


def _remove_dead_links(path: Path) -> None:
    """Links of servers that were killed."""
    for link, process in reading_links(path):
        if not _is_running(process):
            discard(link)
