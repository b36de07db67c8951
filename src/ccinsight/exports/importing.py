"""The import itself: files in, a database beside, and swapped in one step."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from pathlib import Path

import duckdb

from ccinsight.errors import CcinsightError
from ccinsight.exports.catalogue import exports
from ccinsight.exports.contacts import ContactKey, contact_key
from ccinsight.exports.framing import Tell
from ccinsight.exports.loading import Loader
from ccinsight.exports.sources import Source, list_files, open_sources
from ccinsight.exports.summary import FileSummary, ImportSummary
from ccinsight.i18n import _
from ccinsight.settings import Settings, default_settings, read_settings, store_settings, stored_settings
from ccinsight.warehouse import build_beside

# Takes the part done (0 to 1) and the file at work.
Progress = Callable[[float, str], None]


def import_paths(
    paths: Iterable[str | Path],
    database: str | Path,
    config: str | Path | Settings | None = None,
    *,
    replace: frozenset[str] | set[str] = frozenset(),
    strict: bool = False,
    imported_at: datetime,
    imported_by: str | None = None,
    progress: Progress | None = None,
) -> ImportSummary:
    """Imports files, and the exports of folders, into a database; one that is not there is made.

    ``config`` None keeps the database's settings. ``replace`` names exports that start afresh. ``strict``
    changes nothing here: the caller's exit status follows ``rows_rejected``. Raises CcinsightError, with the
    database as it was.
    """
    _refuse_unknown(replace)
    in_use = Path(config) if isinstance(config, str | Path) else None
    files, passed_over = list_files([Path(path) for path in paths], in_use)
    settings = _read(config)
    database = Path(database)
    with build_beside(database) as connection, _scratch(database) as scratch:
        settings = _settle(connection, settings)
        _start_afresh(connection, replace)
        sources: list[Source] = []
        for found in files:
            opened = open_sources(found, settings, scratch, connection)
            sources += opened
            passed_over += [] if opened else [found.path.name]
        if not sources:
            raise CcinsightError(
                _("There is no export among the files: {names}.").format(names=", ".join(passed_over))
            )
        summaries = _load(
            connection, sources, settings, scratch, database, imported_at, imported_by, progress
        )
        missing = _missing(connection)
    return ImportSummary(tuple(summaries), tuple(passed_over), missing)


def apply_settings(database: str | Path, config: str | Path | Settings) -> None:
    """Gives the data that are there new settings. Names of headers and values count from the next import."""
    settings = _read(config) or default_settings()
    database = Path(database)
    if not database.exists():
        raise CcinsightError(_("There is no database {file} yet: import first.").format(file=database))
    with build_beside(database) as connection:
        store_settings(connection, settings)


def _read(config: str | Path | Settings | None) -> Settings | None:
    return config if config is None or isinstance(config, Settings) else read_settings(config)


def _refuse_unknown(replace: Iterable[str]) -> None:
    for name in replace:
        if name not in exports():
            raise CcinsightError(
                _("There is no export {name}; there are {names}.").format(
                    name=name, names=", ".join(exports())
                )
            )


def _settle(connection: duckdb.DuckDBPyConnection, given: Settings | None) -> Settings:
    """The settings of this import, stored: those given, else those of the database, else the defaults."""
    settings = given or stored_settings(connection)
    store_settings(connection, settings)
    return settings


def _start_afresh(connection: duckdb.DuckDBPyConnection, replace: Iterable[str]) -> None:
    for name in replace:
        connection.execute(f"delete from stored.{exports()[name].name}").fetchall()  # noqa: S608
        connection.execute("delete from stored.rejects where export = ?", [name]).fetchall()


def _load(
    connection: duckdb.DuckDBPyConnection,
    sources: list[Source],
    settings: Settings,
    scratch: Path,
    database: Path,
    imported_at: datetime,
    imported_by: str | None,
    progress: Progress | None,
) -> list[FileSummary]:
    import_id = _next(connection, "select coalesce(max(import_id), 0) + 1 from stored.imports")
    first = _next(connection, "select coalesce(max(file_id), 0) + 1 from stored.files")

    @cache
    def key() -> ContactKey:
        return contact_key(database)

    loader = Loader(connection, settings, scratch, import_id, key)
    tells = _tells(sources, progress)
    summaries = [loader.load(source, first + at, tells[at]) for at, source in enumerate(sources)]
    connection.execute(
        "insert into stored.imports values (?, ?, ?, ?)",
        [import_id, imported_at, imported_by, sum(summary.seconds for summary in summaries)],
    ).fetchall()
    return summaries


def _next(connection: duckdb.DuckDBPyConnection, statement: str) -> int:
    return int(connection.execute(statement).fetchall()[0][0])


def _missing(connection: duckdb.DuckDBPyConnection) -> tuple[str, ...]:
    def is_empty(name: str) -> bool:
        return not connection.execute(f"select 1 from stored.{name} limit 1").fetchall()  # noqa: S608

    return tuple(name for name in exports() if is_empty(name))


def _tells(sources: list[Source], progress: Progress | None) -> list[Tell]:
    """For each source what is told its part done: the whole import's part, by bytes."""
    sizes = [max(source.path.stat().st_size, 1) for source in sources]
    total = sum(sizes)

    def tell(at: int, done: float) -> None:
        if progress is not None:
            progress((sum(sizes[:at]) + sizes[at] * done) / total, sources[at].name)

    return [lambda done, at=at: tell(at, done) for at in range(len(sources))]  # type: ignore[misc]


@contextmanager
def _scratch(database: Path) -> Iterator[Path]:
    """A folder for copies beside the database; what a killed import left in it goes first."""
    folder = database.absolute().with_name(f".{database.name}.importing")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
