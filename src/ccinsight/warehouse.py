"""The DuckDB file read: opened read-only, a cursor a read, reports by name.

``from renewals(date '2026-03-01')`` in the file itself gives the same rows as the page.
"""

from __future__ import annotations

import os
import threading
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from ccinsight.building import (
    OPTION_PARAMETERS,
    OPTION_TYPES,
    build_beside,
    discard,
    models_version,
    only_writer,
)
from ccinsight.errors import CcinsightError, NoDatabaseError, UsageError, first_line
from ccinsight.i18n import _
from ccinsight.registry import report as registered
from ccinsight.restoring import is_unfinished
from ccinsight.scope import Filters, Scope, chosen_customers

# A relation binds a report once more only to know its columns, which takes longer than the copy that DuckDB warns of.
warnings.filterwarnings("ignore", message="Arrow output on a DB-API result", category=UserWarning)


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
        at_once: int = 1,
    ):
        self.path = path
        self._connection = connection
        self._stamp = stamp
        self._link = link
        self._lock = threading.Lock()
        self._turns = threading.BoundedSemaphore(at_once)
        row = connection.execute("select build_id from model.build").fetchone()
        self.build_id = str(row[0]) if row else ""

    @classmethod
    def open(
        cls,
        path: Path,
        *,
        memory_limit: str = "256MiB",
        threads: int = 2,
        at_once: int = 2,
        under_own_name: bool = False,
    ) -> Warehouse:
        """Opens the database; one made by another version of the models is rebuilt first, from its own
        tables.

        ``at_once``: how many reports may run, each of which may need nearly all the memory; others wait.
        ``under_own_name``: for a server that goes on while imports replace the file. DuckDB hands out the
        instance that a process has open under a path, so each build is opened under a hard link of its own.
        Raises NoDatabaseError where there is no file, CcinsightError where it is no database of ccinsight.
        """
        path = path.absolute()
        config = {"memory_limit": memory_limit, "threads": str(threads)}
        if is_unfinished(path):
            with only_writer(path):  # ends a restore that was killed
                pass
        _rebuild_if_outdated(path, config)
        stamp = _stamp(path)
        link = _own_name(path, stamp) if under_own_name else None
        if under_own_name:
            # what a large report leaves free goes back to the system while the server has nothing to do
            config["allocator_background_threads"] = "true"
        connection = _connect(link or path, config)
        return cls(path, connection, stamp, link, at_once)

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

    def resolve(self, as_of: date, filters: Filters) -> Scope:
        """The customers that fit the filters on the day. UsageError names a value that doesn't exist."""
        with _readable(), self.cursor() as cursor:
            return chosen_customers(cursor, as_of, filters)

    def report(self, name: str, scope: Scope, **options: Any) -> pa.Table:
        """A report (reports.md) as an Arrow table with exact decimals and dates.

        Options are ``days``, ``months``, ``since``, ``check``; left out or None, the report's default holds.
        Raises UsageError for an unknown report or option.
        """
        report = registered(name)
        given = {option: value for option, value in options.items() if value is not None}
        for option in given:
            if option not in report.options:
                raise UsageError(
                    _("The report {name} has no option {option}.").format(name=name, option=option)
                )
        call = "".join(f", {OPTION_PARAMETERS.get(o, o)} := cast(${o}_ as {OPTION_TYPES[o]})" for o in given)
        parameters: dict[str, Any] = {f"{option}_": value for option, value in given.items()}
        parameters["as_of"] = scope.as_of
        parameters["ids"] = None if scope.customer_ids is None else list(scope.customer_ids)
        statement = f"from main.{report.name}($as_of, customer_ids := cast($ids as varchar[]){call})"
        with _readable(), self.cursor() as cursor:
            return cursor.execute(statement, parameters).to_arrow_table()


@contextmanager
def _readable() -> Iterator[None]:
    """Turns DuckDB's errors into one of ours."""
    try:
        yield
    except duckdb.Error as e:
        raise CcinsightError(_("The database could not answer: {error}").format(error=first_line(e))) from e


def _stamp(path: Path) -> tuple[int, int]:
    try:
        status = path.stat()
    except FileNotFoundError as e:
        raise NoDatabaseError(
            _("There is no database {file} yet. Make one with: ccinsight import FOLDER").format(file=path)
        ) from e
    return status.st_ino, status.st_mtime_ns


def _connect(path: Path, config: Mapping[str, str]) -> duckdb.DuckDBPyConnection:
    try:
        return duckdb.connect(str(path), read_only=True, config=dict(config))
    except duckdb.Error as e:
        raise CcinsightError(
            _("{file} can't be opened as a database of ccinsight: {error}").format(
                file=path, error=first_line(e)
            )
        ) from e


def _rebuild_if_outdated(path: Path, config: Mapping[str, str]) -> None:
    _stamp(path)
    with _connect(path, config) as connection:
        try:
            row = connection.execute("select models_version from model.build").fetchone()
        except duckdb.CatalogException as e:
            raise CcinsightError(
                _("{file} is a database, but not one of ccinsight.").format(file=path)
            ) from e
    if row is None or row[0] != models_version():
        with build_beside(path):
            pass


def _own_name(path: Path, stamp: tuple[int, int]) -> Path | None:
    """A hard link for this build and process; None where the folder doesn't take one."""
    _remove_dead_links(path)
    link = path.with_name(f".{path.name}.{stamp[0]:x}-{stamp[1]:x}.{os.getpid()}.reading")
    try:
        link.unlink(missing_ok=True)
        link.hardlink_to(path)
    except OSError:
        return None
    return link


def remove_old_names(path: Path) -> None:
    """Takes the names from earlier builds that servers have open: a build goes when its server lets go of it."""
    for link in path.parent.glob(f".{path.name}.*.reading"):
        with suppress(OSError):  # not every system lets go of the name of an open file
            if not link.samefile(path):
                link.unlink()


def _remove_dead_links(path: Path) -> None:
    """Links of servers that were killed."""
    for link in path.parent.glob(f".{path.name}.*.reading"):
        process = int(link.name.split(".")[-2])
        try:
            os.kill(process, 0)
        except ProcessLookupError:
            discard(link)
        except PermissionError:
            continue
