"""The import itself: files in, a database beside, and swapped in one step."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

import duckdb

from ccinsight.database.build import Selection, build_beside, only_writer, stored_before, whole_or_not
from ccinsight.errors import CcinsightError
from ccinsight.files import importing_folder
from ccinsight.i18n import _, ngettext, number
from ccinsight.ingest.catalogue import exports
from ccinsight.ingest.contact_key import ContactKey, contact_key
from ccinsight.ingest.file_list import Listing, list_files
from ccinsight.ingest.full_lists import LASTING, count_replaced, drop_missing, find_gone, refuse_shrunk
from ccinsight.ingest.history.log import RETIRED, SETTINGS, log_change, log_import
from ccinsight.ingest.history.summary import FileSummary, ImportSummary
from ccinsight.ingest.load import price_changes
from ccinsight.ingest.load.loader import Loader, Tell
from ccinsight.ingest.readers.formats import NotReadError
from ccinsight.ingest.source import Source, open_sources
from ccinsight.ingest.ticket_age import count_too_old, kept_tickets, retire
from ccinsight.ingest.unchanged import find_unchanged, reading_of
from ccinsight.settings.editing import Value, with_entries
from ccinsight.settings.model import Settings
from ccinsight.settings.parsing import default_settings, parse_settings, read_settings
from ccinsight.settings.storing import store_settings, stored_settings

# Takes the part done (0 to 1) and what is being done.
Progress = Callable[[float, str], None]
# The part of an import's time that goes into loading; the rest puts the figures together.
_LOADING = 0.75


def import_paths(
    paths: Iterable[str | Path],
    database: str | Path,
    config: str | Path | Settings | None = None,
    *,
    replace: frozenset[str] | set[str] = frozenset(),
    confirmed: bool = False,
    imported_at: datetime,
    imported_by: str | None = None,
    progress: Progress | None = None,
) -> ImportSummary:
    """Imports files, and the exports of folders, into a database; one that is not there is made.

    Files that were imported before and would change nothing are left out; without any other the database
    isn't touched. ``config`` None keeps the database's settings. ``replace`` names exports that start
    afresh. Raises CcinsightError, with the database as it was: a ShrunkError where whole lists shrink by more
    than half and that isn't ``confirmed``.
    """
    _refuse_unknown(replace)
    in_use = Path(config) if isinstance(config, str | Path) else None
    listing = list_files([Path(path) for path in paths], in_use)
    given = _read(config)
    database = Path(database).absolute()
    with only_writer(database), whole_or_not(database), _scratch(database) as scratch:
        with stored_before(database) as before:
            settings = given or (stored_settings(before) if before else default_settings())
            sources = _open(listing, settings, scratch)
            same = find_unchanged(before, sources, settings, replace) if before else []
            rejected = _rejected_before(before, same) if before else 0
            conflicting = _conflicting_before(before, same) if before else 0
            old = count_too_old(before, settings.imports.keep_months, imported_at) if before else 0
            if before and len(same) == len(sources) and not old and not _is_new(before, given):
                names = tuple(source.name for source in same)
                return ImportSummary(
                    (),
                    tuple(listing.passed_over),
                    _missing(before),
                    reasons=listing.reasons,
                    links=tuple(listing.links),
                    unchanged=names,
                    database_changed=False,
                    rejected_before=rejected,
                    conflicting_before=conflicting,
                )
        job = _Job(settings, database, imported_at, imported_by, progress)
        todo = [source for source in sources if source not in same]
        named = {source.match.export.name for source in todo}
        fresh = set(replace) - {source.match.export.name for source in same}
        whole = named & (fresh | set(settings.imports.full))
        replaced = _count_replaced(database, whole) if not confirmed else {}
        taken_over = _taken_over(fresh, settings.imports.keep_months, imported_at)
        with build_beside(database, keep_previous=True, selection=taken_over) as connection:
            is_changed = _is_changed(connection, settings)
            store_settings(connection, settings)
            price_changes.remember(connection, is_replaced="prices" in fresh)
            first, summaries, forgotten = _load(connection, todo, job)
            price_changes.log(connection, _last_import(connection))
            refuse_shrunk(connection, replaced, first)
            dropped = drop_missing(connection, sorted(whole - fresh - LASTING), first)
            if is_changed:
                _log_settings(connection, settings, imported_at, imported_by, with_files=bool(todo))
            gone = find_gone(connection) if named & LASTING else ()
            retired = 0 if "tickets" in fresh else old
            retired += retire(connection, settings.imports.keep_months, imported_at)
            if retired:
                _log_retired(connection, retired, job, is_logged=is_changed or bool(todo))
            missing = _missing(connection)
            if progress is not None:
                progress(_LOADING, _("Computing periods, prices and use"))
    if progress is not None:
        progress(1.0, _("Done"))
    return ImportSummary(
        tuple(summaries),
        tuple(listing.passed_over),
        missing,
        reasons=listing.reasons,
        links=tuple(listing.links),
        unchanged=tuple(source.name for source in same),
        gone=gone,
        dropped=dropped,
        retired=retired,
        forgotten=forgotten,
        rejected_before=rejected,
        conflicting_before=conflicting,
    )


@dataclass(frozen=True)
class _Job:
    """What all files of an import share."""

    settings: Settings
    database: Path
    imported_at: datetime
    imported_by: str | None
    progress: Progress | None


def _open(listing: Listing, settings: Settings, scratch: Path) -> list[Source]:
    """The tables in all files; names those that hold none. Raises CcinsightError where there is no table."""
    sources: list[Source] = []
    with duckdb.connect() as connection:
        for found in listing.files:
            try:
                opened = open_sources(found, settings, scratch, connection)
            except NotReadError as e:
                if found.is_named:
                    raise
                listing.pass_over(found.path.name, e.why)
                continue
            sources += opened
            if not opened:
                listing.pass_over(found.path.name)
    if not sources:
        none = _("None of the files is an export: {names}.").format(names=", ".join(listing.passed_over))
        raise CcinsightError("\n".join([none, *listing.passed_over_lines()]))
    return sources


def _rejected_before(before: duckdb.DuckDBPyConnection, same: list[Source]) -> int:
    """The rejected rows of files that were imported before and aren't read again."""
    hashes = [source.sha256 for source in same]
    rows = before.execute(
        "select count(*) from stored.rejects as r inner join stored.files as f on r.file_id = f.file_id "
        "where list_contains(cast($hashes as varchar[]), f.sha256)",
        {"hashes": hashes},
    ).fetchall()
    return int(rows[0][0])


def _conflicting_before(before: duckdb.DuckDBPyConnection, same: list[Source]) -> int:
    """The rows of the same files that share a key with another row that says something else."""
    is_known = "select 1 from duckdb_tables() where schema_name = 'stored' and table_name = 'key_conflicts'"
    if not before.execute(is_known).fetchall():
        return 0
    rows = before.execute(
        "select coalesce(sum(len(k.lines) - 1), 0) from stored.key_conflicts as k "
        "inner join stored.files as f on k.file_id = f.file_id "
        "where list_contains(cast($hashes as varchar[]), f.sha256)",
        {"hashes": [source.sha256 for source in same]},
    ).fetchall()
    return int(rows[0][0])


def _is_new(before: duckdb.DuckDBPyConnection, given: Settings | None) -> bool:
    """Whether other settings are given than those that are stored."""
    return given is not None and given.toml != stored_settings(before).toml


def _count_replaced(database: Path, names: set[str]) -> dict[str, int]:
    """Export → rows of the database as it is that whole lists take the place of."""
    if not names:
        return {}
    with stored_before(database) as before:
        return count_replaced(before, sorted(names)) if before else {}


def apply_settings(
    database: str | Path,
    config: str | Path | Settings,
    *,
    applied_at: datetime,
    applied_by: str | None = None,
) -> bool:
    """Gives the data that are there new settings; False where they are those that are stored.

    Names of headers and values count from the next import. It stands in the log, and can be undone, like an
    import. Raises CcinsightError, with the database as it was.
    """
    settings = _read(config) or default_settings()
    database = _existing(database)
    with only_writer(database), whole_or_not(database):
        with stored_before(database) as before:
            if before is not None and not _is_other(settings, stored_settings(before)):
                return False
        with build_beside(database, keep_previous=True) as connection:
            store_settings(connection, settings)
            _log_settings(connection, settings, applied_at, applied_by)
    return True


def change_settings(
    database: str | Path,
    entries: Mapping[tuple[str, ...], Value],
    *,
    applied_at: datetime,
    applied_by: str | None = None,
) -> bool:
    """The same for single entries, by their paths; what else the stored settings say stays as it is."""
    database = _existing(database)
    with only_writer(database):
        with stored_before(database) as before:
            stored = stored_settings(before) if before else default_settings()
        changed = parse_settings(with_entries(stored.toml, entries), stored.file_name)
        return apply_settings(database, changed, applied_at=applied_at, applied_by=applied_by)


def _existing(database: str | Path) -> Path:
    database = Path(database).absolute()
    if not database.exists():
        raise CcinsightError(_("There is no database {file} yet: import first.").format(file=database))
    return database


def _is_other(settings: Settings, stored: Settings) -> bool:
    return (settings.toml, settings.file_name) != (stored.toml, stored.file_name)


def _is_changed(connection: duckdb.DuckDBPyConnection, settings: Settings) -> bool:
    """Whether a database that was imported into gets settings that say something else."""
    is_first = not connection.execute("select 1 from stored.imports limit 1").fetchall()
    return not is_first and settings.toml != stored_settings(connection).toml


def _log_settings(
    connection: duckdb.DuckDBPyConnection,
    settings: Settings,
    at: datetime,
    by: str | None,
    *,
    with_files: bool = False,
) -> None:
    """A line in the log: of the import ``with_files`` that brought them, else of an import that was nothing else."""
    import_id = _last_import(connection)
    if not with_files:
        import_id += 1
        log_import(connection, import_id, at, by)
    content = settings.toml.encode("utf-8")
    log_change(
        connection,
        import_id,
        SETTINGS,
        Path(settings.file_name or "ccinsight.toml").name,
        sha256=hashlib.sha256(content).hexdigest(),
        size=len(content),
        format="toml",
    )


def _log_retired(connection: duckdb.DuckDBPyConnection, rows: int, job: _Job, *, is_logged: bool) -> None:
    """A line in the log for tickets that became too old; of an import of its own where none ``is_logged``."""
    import_id = _last_import(connection)
    if not is_logged:
        import_id += 1
        log_import(connection, import_id, job.imported_at, job.imported_by)
    log_change(connection, import_id, RETIRED, f"keep_months = {job.settings.imports.keep_months}", rows=rows)


def _last_import(connection: duckdb.DuckDBPyConnection) -> int:
    return _next(connection, "select coalesce(max(import_id), 0) from stored.imports")


def _read(config: str | Path | Settings | None) -> Settings | None:
    return config if config is None or isinstance(config, Settings) else read_settings(config)


def _refuse_unknown(replace: Iterable[str]) -> None:
    for name in replace:
        if name not in exports():
            raise CcinsightError(
                _("There is no export {name}. Choose one of {names}.").format(
                    name=name, names=", ".join(exports())
                )
            )


def _taken_over(replace: Iterable[str], keep_months: int | None, imported_at: datetime) -> Selection:
    """Takes over no rows of the exports that start afresh, their rejected ones neither, and no tickets too old."""
    names = [exports()[name].name for name in replace]

    def selection(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
        rows = {name: f"from previous.stored.{name} where false" for name in names}
        if names:
            listed = ", ".join(f"'{name}'" for name in names)
            rows["rejects"] = f"from previous.stored.rejects where export not in ({listed})"
            if "prices" in names:
                connection.execute(price_changes.KEEP_REPLACED)
            rows["key_conflicts"] = f"from previous.stored.key_conflicts where export not in ({listed})"
        if keep_months is not None and "tickets" not in names:
            rows["tickets"] = kept_tickets(connection, keep_months, imported_at)
        return rows

    return selection


def _load(
    connection: duckdb.DuckDBPyConnection, sources: list[Source], job: _Job
) -> tuple[int, list[FileSummary], int]:
    """Loads all tables and logs the import.

    Gives the first file's number, what came of each, and the rows that were left out as forgotten.
    """
    import_id = _last_import(connection) + 1
    first = _next(connection, "select coalesce(max(file_id), 0) + 1 from stored.files")
    if not sources:
        return first, [], 0

    @cache
    def key() -> ContactKey:
        return contact_key(job.database)

    loader = Loader(connection, job.settings, import_id, reading_of(job.settings), key)
    tells = _tells(sources, job.progress)
    summaries = [loader.load(source, first + at, tells[at]) for at, source in enumerate(sources)]
    seconds = sum(summary.seconds for summary in summaries)
    log_import(connection, import_id, job.imported_at, job.imported_by, seconds)
    return first, summaries, loader.forgotten.rows


def _next(connection: duckdb.DuckDBPyConnection, statement: str) -> int:
    return int(connection.execute(statement).fetchall()[0][0])


def _missing(connection: duckdb.DuckDBPyConnection) -> tuple[str, ...]:
    def is_empty(name: str) -> bool:
        return not connection.execute(f"select 1 from stored.{name} limit 1").fetchall()  # noqa: S608

    return tuple(name for name in exports() if is_empty(name))


def _tells(sources: list[Source], progress: Progress | None) -> list[Tell]:
    """For each source a callback for its share done and its rows; gives the import's share, weighted by bytes."""
    sizes = [max(source.stamp.size, 1) for source in sources]
    total = sum(sizes) / _LOADING

    def tell(at: int, done: float, rows: int) -> None:
        if progress is not None:
            text = ngettext("{file}: {rows} row", "{file}: {rows} rows", rows).format(
                file=sources[at].name, rows=number(rows)
            )
            progress((sum(sizes[:at]) + sizes[at] * done) / total, text)

    return [lambda done, rows, at=at: tell(at, done, rows) for at in range(len(sources))]  # type: ignore[misc]


@contextmanager
def _scratch(database: Path) -> Iterator[Path]:
    """A folder for copies beside the database; what a killed import left in it goes first."""
    folder = importing_folder(database.absolute())
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
