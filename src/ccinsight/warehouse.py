"""The DuckDB file: built beside and swapped in, opened read-only, a cursor a read, reports by name.

Tables that an import fills lie in the schema ``stored``, models in ``model``, the exports' canonical tables
and the reports (table macros) in ``main``: ``from renewals(date '2026-03-01')`` gives the same rows as the
page.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
import threading
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import holidays
import pyarrow as pa
from filelock import FileLock, Timeout

from ccinsight.errors import CcinsightError, NoDatabaseError, UsageError
from ccinsight.i18n import _
from ccinsight.registry import REPORTS
from ccinsight.registry import report as registered
from ccinsight.scope import Filters, Scope, chosen_customers

_FOLDER = Path(__file__).parent
# Working days are kept for these years: agreements began after the first and nobody plans beyond the last.
_CALENDAR_YEARS = range(1990, 2101)
_OPTION_TYPES = {
    "days": "integer",
    "months": "integer",
    "since": "date",
    "check": "varchar",
    "product_name": "varchar",
    "valid_on": "date",
    "sent_on": "date",
    "percent": "decimal(9, 4)",
    "steps": "struct(complexity varchar, min_users integer, price_per_user decimal(18, 4))[]",
}
# `check` is a word of SQL's own.
_OPTION_PARAMETERS = {"check": "only_check"}
_LOCK_SECONDS = 60


# ---------------------------------------------------------------- building


@contextmanager
def build_beside(database: Path, *, keep_previous: bool = False) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to a new file that takes the place of ``database`` in one step when the block ends
    without an error.

    The new file holds the stored tables of the old one. A crash at any moment leaves the old file whole;
    what a killed build leaves behind is removed by the next. ``keep_previous``: the old file stays as
    ``previous_path``, in place of the one that is there. Raises CcinsightError where another build is under
    way or the disk refuses.
    """
    database = database.absolute()
    beside = database.with_name(f".{database.name}.building")
    with only_writer(database), whole_or_not(database):
        _discard(beside)
        try:
            connection = duckdb.connect(str(beside), config={"memory_limit": "1200MiB"})
            try:
                connection.execute("set preserve_insertion_order = true")
                connection.execute(stored_tables())
                _copy_stored(connection, database)
                yield connection
                build_models(connection)
                connection.execute("checkpoint")
            finally:
                connection.close()
            _flush(beside)
            if keep_previous:
                _keep_previous(database)
            beside.replace(database)
            _flush(database.parent)
        finally:
            _discard(beside)


def stored_tables() -> str:
    """The statements that make the tables which an import fills."""
    return _sql("stored.sql")


@contextmanager
def only_writer(database: Path) -> Iterator[None]:
    """Holds off other writers of the database; may be nested. Raises CcinsightError where another stays."""
    database = database.absolute()
    if not database.parent.is_dir():
        raise CcinsightError(_("The folder {folder} doesn't exist.").format(folder=database.parent))
    lock = FileLock(database.with_name(f".{database.name}.lock"), timeout=_LOCK_SECONDS, is_singleton=True)
    try:
        lock.acquire()
    except Timeout as e:
        raise CcinsightError(
            _("Another import into {file} is under way. Try again when it is done.").format(file=database)
        ) from e
    except OSError as e:  # a folder of someone else's, a disk that is read-only
        raise CcinsightError(
            _("The folder {folder} can't be written to.").format(folder=database.parent)
        ) from e
    try:
        _end_exchange(database)
        yield
    finally:
        lock.release()


def _copy_stored(connection: duckdb.DuckDBPyConnection, database: Path) -> None:
    """Takes over the rows of an existing database, column by column name, so that an older file can be read
    too.
    """
    if not database.exists():
        return
    with _attached(connection, database):
        tables = "select table_name from duckdb_tables() where database_name = ? and schema_name = 'stored'"
        here = connection.execute("select current_database()").fetchall()[0][0]
        there, mine = (set(connection.execute(tables, [name]).fetchall()) for name in ("previous", here))
        for (table,) in sorted(there & mine):
            connection.execute(f"insert into stored.{table} by name from previous.stored.{table}")


def _attach(connection: duckdb.DuckDBPyConnection, database: Path) -> None:
    path = str(database).replace("'", "''")  # attach takes no parameters
    connection.execute(f"attach '{path}' as previous (read_only)")


@contextmanager
def _attached(connection: duckdb.DuckDBPyConnection, database: Path) -> Iterator[None]:
    _attach(connection, database)
    try:
        yield
    finally:
        connection.execute("detach previous")


@contextmanager
def whole_or_not(database: Path) -> Iterator[None]:
    """Turns errors of DuckDB and of the disk into one sentence: the database is as it was."""
    try:
        yield
    except (duckdb.Error, OSError) as e:
        raise CcinsightError(
            _("The database {file} could not be written, and is as it was: {error}").format(
                file=database, error=_first_line(e)
            )
        ) from e


def _flush(path: Path) -> None:
    """What was written to a file or a folder reaches the disk."""
    with suppress(OSError):  # not every file system lets a folder be flushed
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


@contextmanager
def stored_before(database: Path) -> Iterator[duckdb.DuckDBPyConnection | None]:
    """A connection in which ``stored.…`` are the tables of a database that is there, to be read; else None.

    For a writer that must know what there is before it builds. Raises CcinsightError where the file is no
    database of ccinsight.
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
        except duckdb.Error as e:
            raise CcinsightError(
                _("{file} can't be opened as a database of ccinsight: {error}").format(
                    file=database, error=_first_line(e)
                )
            ) from e
        yield connection


# ---------------------------------------------------------------- the file before


def previous_path(database: Path) -> Path:
    """Where the file lies that the last import took the place of."""
    return database.with_name(f"{database.name}.previous")


def _aside(database: Path) -> Path:
    return database.with_name(f".{database.name}.exchanging")


def _keep_previous(database: Path) -> None:
    """The file that is about to be replaced stays under a second name, the one kept before goes."""
    if database.exists():
        keeping = database.with_name(f".{database.name}.keeping")
        _second_name(database, keeping)
        keeping.replace(previous_path(database))
        keeping.unlink(missing_ok=True)  # a rename between two names of one file does nothing


def _second_name(path: Path, name: Path) -> None:
    """A hard link, or a copy where the file system has none."""
    name.unlink(missing_ok=True)
    try:
        name.hardlink_to(path)
    except OSError:
        shutil.copy2(path, name)
        _flush(name)


def exchange_previous(database: Path) -> None:
    """The previous file takes the database's place in one step, and the database its.

    Raises CcinsightError where there is no previous file.
    """
    database = database.absolute()
    previous, aside = previous_path(database), _aside(database)
    with only_writer(database), whole_or_not(database):
        if not has_previous(database):
            raise CcinsightError(
                _("There is no earlier state of {file} to go back to.").format(file=database)
            )
        _second_name(database, aside)
        previous.replace(database)
        aside.replace(previous)
        _flush(database.parent)


def has_previous(database: Path) -> bool:
    """Whether there is a file to go back to; one that a killed import named and did not leave is none."""
    previous = previous_path(database)
    return previous.exists() and database.exists() and not previous.samefile(database)


def _end_exchange(database: Path) -> None:
    """Ends an exchange that was killed: before its first rename nothing happened, after it half did."""
    aside = _aside(database)
    if not aside.exists():
        return
    if previous_path(database).exists():
        aside.unlink()
    else:
        aside.replace(previous_path(database))


def _discard(path: Path) -> None:
    """Removes a build with its log and the folder that DuckDB spilled to."""
    for each in (path, path.with_name(path.name + ".wal")):
        each.unlink(missing_ok=True)
    shutil.rmtree(path.with_name(path.name + ".tmp"), ignore_errors=True)


@dataclass(frozen=True)
class _Model:
    name: str
    kind: str
    parameters: str = ""


@cache
def _models() -> tuple[_Model, ...]:
    return tuple(_Model(**entry) for entry in tomllib.loads(_sql("models.toml"))["model"])


@cache
def _sql(name: str) -> str:
    return (_FOLDER / name).read_text(encoding="utf-8")


@cache
def models_version() -> str:
    """What the models and reports of this ccinsight are: a database that carries another version is
    rebuilt.
    """
    parts = [*(_statement(model) for model in _models()), *(_report_statement(name) for name in REPORTS)]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def build_models(connection: duckdb.DuckDBPyConnection) -> None:
    """Makes all that follows from the stored tables: canonical tables, models, report macros, calendar,
    build id.
    """
    connection.execute("drop schema if exists model cascade")
    connection.execute("create schema model")
    _store_calendar(connection)
    for model in _models():
        connection.execute(_statement(model))
    for name in REPORTS:
        connection.execute(_report_statement(name))
    connection.execute("create table model.build (build_id varchar, models_version varchar)")
    connection.execute("insert into model.build values (?, ?)", [secrets.token_hex(8), models_version()])


def _statement(model: _Model) -> str:
    text = _sql(f"models/{model.name}.sql")
    schema, _mark, rest = model.name.partition("_")
    name = f"main.{rest}" if schema == "main" else f"model.{model.name}"
    match model.kind:
        case "script":
            return text
        case "macro":
            return f"create or replace macro {name}({model.parameters}) as table\n{text}"
        case kind:
            return f"create or replace {kind} {name} as\n{text}"


def _report_statement(name: str) -> str:
    report = registered(name)
    parameters = ["as_of date", "customer_ids varchar[] := null"]
    for option in report.options:
        parameter = _OPTION_PARAMETERS.get(option, option)
        parameters.append(f"{parameter} {_OPTION_TYPES[option]} := {report.defaults.get(option, 'null')}")
    body = _sql(f"reports/{name}.sql")
    return f"create or replace macro main.{name}({', '.join(parameters)}) as table\n{body}"


def _store_calendar(connection: duckdb.DuckDBPyConnection) -> None:
    """One row per day with the last Norwegian working day on or before it (R3, act-by date)."""
    closed = [day for day in holidays.country_holidays("NO", years=_CALENDAR_YEARS) if day.isoweekday() < 6]
    connection.execute(
        """
        create table model.calendar as
        with days as (
            select cast(unnest(range($first, $last, interval 1 day)) as date) as day
        ),

        open_days as (
            select
                d.day,
                case when isodow(d.day) < 6 and not list_contains($closed, d.day) then d.day end as open_day
            from days as d
        )

        select o.day, max(o.open_day) over (order by o.day) as working_day
        from open_days as o
        """,
        {
            "closed": closed,
            "first": date(_CALENDAR_YEARS.start, 1, 1),
            "last": date(_CALENDAR_YEARS.stop, 1, 1),
        },
    )


# ---------------------------------------------------------------- reading


class Warehouse:
    """A database opened for reading. One a process; each read takes a cursor of its own, so threads may
    share it.
    """

    def __init__(
        self, path: Path, connection: duckdb.DuckDBPyConnection, stamp: tuple[int, int], link: Path | None
    ):
        self.path = path
        self._connection = connection
        self._stamp = stamp
        self._link = link
        self._lock = threading.Lock()
        row = connection.execute("select build_id from model.build").fetchone()
        self.build_id = str(row[0]) if row else ""

    @classmethod
    def open(
        cls, path: Path, *, memory_limit: str = "256MiB", threads: int = 2, under_own_name: bool = False
    ) -> Warehouse:
        """Opens the database; one made by another version of the models is rebuilt first, from its own
        tables.

        ``under_own_name``: for a server that goes on while imports replace the file. DuckDB hands out the
        instance that a process has open under a path, so each build is opened under a hard link of its own.
        Raises NoDatabaseError where there is no file, CcinsightError where it is no database of ccinsight.
        """
        path = path.absolute()
        config = {"memory_limit": memory_limit, "threads": str(threads)}
        _rebuild_if_outdated(path, config)
        stamp = _stamp(path)
        link = _own_name(path, stamp) if under_own_name else None
        connection = _connect(link or path, config)
        return cls(path, connection, stamp, link)

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
        call = "".join(
            f", {_OPTION_PARAMETERS.get(o, o)} := cast(${o}_ as {_OPTION_TYPES[o]})" for o in given
        )
        parameters: dict[str, Any] = {f"{option}_": value for option, value in given.items()}
        parameters["as_of"] = scope.as_of
        parameters["ids"] = None if scope.customer_ids is None else list(scope.customer_ids)
        statement = f"from main.{report.name}($as_of, customer_ids := cast($ids as varchar[]){call})"
        with _readable(), self.cursor() as cursor:
            return cursor.sql(statement, params=parameters).to_arrow_table()


@contextmanager
def _readable() -> Iterator[None]:
    """Turns DuckDB's errors into one of ours."""
    try:
        yield
    except duckdb.Error as e:
        raise CcinsightError(_("The database could not answer: {error}").format(error=_first_line(e))) from e


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0] if str(error) else type(error).__name__


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
                file=path, error=_first_line(e)
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


def _remove_dead_links(path: Path) -> None:
    """Links of servers that were killed."""
    for link in path.parent.glob(f".{path.name}.*.reading"):
        process = int(link.name.split(".")[-2])
        try:
            os.kill(process, 0)
        except ProcessLookupError:
            _discard(link)
        except PermissionError:
            continue
