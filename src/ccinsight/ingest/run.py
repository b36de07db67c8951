"""The import: plan what the files change, apply it to a database built beside, and swap that in."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

import duckdb

from ccinsight.database.build import Selection, build_beside, only_writer, stored_before, whole_or_not
from ccinsight.database.collected import refuse_collected
from ccinsight.errors import CcinsightError
from ccinsight.files import importing_folder
from ccinsight.i18n import _, ngettext, number
from ccinsight.ingest.catalogue import exports
from ccinsight.ingest.contact_key import ContactKey, contact_key
from ccinsight.ingest.file_list import list_files
from ccinsight.ingest.full_lists import LASTING, count_replaced, drop_missing, find_gone, refuse_shrunk
from ccinsight.ingest.history.log import RETIRED, last_import, log_change, log_import
from ccinsight.ingest.history.summary import FileSummary, ImportSummary
from ccinsight.ingest.load import price_changes
from ccinsight.ingest.load.loader import Loader, TableProgress
from ccinsight.ingest.new_settings import log_settings
from ccinsight.ingest.plan import Plan, missing_exports, plan_import
from ccinsight.ingest.price_letters import KEPT_WITH_LETTERS, supersede
from ccinsight.ingest.source import Source
from ccinsight.ingest.ticket_age import kept_tickets, retire
from ccinsight.ingest.unchanged import reading_of
from ccinsight.settings.model import Settings
from ccinsight.settings.parsing import read_settings
from ccinsight.settings.storing import store_settings, stored_settings

# Takes the share done (0 to 1) and what is being done.
Progress = Callable[[float, str], None]
# The share of an import's time that goes into loading; the rest builds the models.
_LOADING = 0.75


@dataclass(frozen=True)
class Job:
    """Which database an import changes, when and by whom."""

    database: Path
    imported_at: datetime
    imported_by: str | None
    progress: Progress


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
    given = config if config is None or isinstance(config, Settings) else read_settings(config)
    job = Job(Path(database).absolute(), imported_at, imported_by, progress or _no_progress)
    with only_writer(job.database), whole_or_not(job.database), _scratch(job.database) as scratch:
        with stored_before(job.database) as before:
            if before is not None:
                refuse_collected(before, None, job.database)
            plan = plan_import(listing, given, before, scratch, replace=replace, imported_at=imported_at)
        if plan.changes_nothing:
            return plan.summary_of_nothing()
        summary = apply(plan, job, confirmed=confirmed)
    job.progress(1.0, _("Done"))
    return summary


def apply(plan: Plan, job: Job, *, confirmed: bool) -> ImportSummary:
    """Builds a new database beside, loads the plan's tables into it, logs the import, and swaps it in.

    Raises CcinsightError, with the database as it was: a ShrunkError unless ``confirmed``.
    """
    replaced = {} if confirmed else _count_replaced(job.database, plan.whole)
    selection = _taken_over(plan.replaced, plan.settings.imports.keep_months, job.imported_at)
    with build_beside(job.database, keep_previous=True, selection=selection) as connection:
        has_new_settings = _has_new_settings(connection, plan.settings)
        store_settings(connection, plan.settings)
        price_changes.remember(connection, is_replaced="prices" in plan.replaced)
        first, files, forgotten = _load(connection, plan, job)
        supersede(connection, first)
        price_changes.log(connection, last_import(connection))
        refuse_shrunk(connection, replaced, first)
        dropped = drop_missing(connection, plan.shortened, first)
        if has_new_settings:
            log_settings(
                connection, plan.settings, job.imported_at, job.imported_by, with_files=bool(plan.sources)
            )
        gone = find_gone(connection) if plan.exports & LASTING else ()
        retired = _retire(connection, plan, job, is_logged=has_new_settings or bool(plan.sources))
        missing = missing_exports(connection)
        job.progress(_LOADING, _("Computing periods, prices and use"))
    return ImportSummary(
        tuple(files),
        tuple(plan.listing.passed_over),
        missing,
        reasons=plan.listing.reasons,
        links=tuple(plan.listing.links),
        unchanged=tuple(source.name for source in plan.unchanged),
        gone=gone,
        dropped=dropped,
        retired=retired,
        forgotten=forgotten,
        rejected_before=plan.rejected_before,
        conflicting_before=plan.conflicting_before,
    )


def _no_progress(_share: float, _text: str) -> None:
    """Shows nothing."""


def _refuse_unknown(replace: Iterable[str]) -> None:
    for name in replace:
        if name not in exports():
            raise CcinsightError(
                _("There is no export {name}. Choose one of {names}.").format(
                    name=name, names=", ".join(exports())
                )
            )


def _count_replaced(database: Path, names: frozenset[str]) -> dict[str, int]:
    """Export → the rows of the present database that whole lists replace."""
    if not names:
        return {}
    with stored_before(database) as before:
        return count_replaced(before, sorted(names)) if before else {}


def _taken_over(replace: Iterable[str], keep_months: int | None, imported_at: datetime) -> Selection:
    """What the new database copies: nothing of the exports that start afresh, and no ticket that is too old."""
    names = [exports()[name].name for name in replace]

    def selection(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
        rows = {name: f"from previous.stored.{name} where false" for name in names}
        if names:
            listed = ", ".join(f"'{name}'" for name in names)
            rows["rejects"] = f"from previous.stored.rejects where export not in ({listed})"
            if "prices" in names:
                connection.execute(price_changes.KEEP_REPLACED)
                rows["prices"] = f"from previous.stored.prices where file_id in ({KEPT_WITH_LETTERS})"
            rows["key_conflicts"] = f"from previous.stored.key_conflicts where export not in ({listed})"
        if keep_months is not None and "tickets" not in names:
            rows["tickets"] = kept_tickets(connection, keep_months, imported_at)
        return rows

    return selection


def _has_new_settings(connection: duckdb.DuckDBPyConnection, settings: Settings) -> bool:
    """Whether the settings differ from those of a database that was imported into before."""
    is_first = not connection.execute("select 1 from stored.imports limit 1").fetchall()
    return not is_first and settings.toml != stored_settings(connection).toml


def _load(connection: duckdb.DuckDBPyConnection, plan: Plan, job: Job) -> tuple[int, list[FileSummary], int]:
    """Loads all tables and logs the import.

    Returns the first file's number, a summary of each file, and how many rows were left out as forgotten.
    """
    import_id = last_import(connection) + 1
    first = connection.execute("select coalesce(max(file_id), 0) + 1 from stored.files").fetchall()[0][0]
    if not plan.sources:
        return first, [], 0

    @cache
    def key() -> ContactKey:
        return contact_key(job.database)

    loader = Loader(connection, plan.settings, import_id, reading_of(plan.settings), key)
    callbacks = _progress_of_tables(plan.sources, job.progress)
    files = [loader.load(source, first + at, callbacks[at]) for at, source in enumerate(plan.sources)]
    log_import(connection, import_id, job.imported_at, job.imported_by, sum(file.seconds for file in files))
    return first, files, loader.forgotten.rows


def _retire(connection: duckdb.DuckDBPyConnection, plan: Plan, job: Job, *, is_logged: bool) -> int:
    """Deletes tickets that are too old and logs how many, with those that were not copied.

    ``is_logged``: whether the import has an entry in the log already; otherwise it gets one of its own.
    """
    months = plan.settings.imports.keep_months
    rows = 0 if "tickets" in plan.replaced else plan.too_old
    rows += retire(connection, months, job.imported_at)
    if not rows:
        return 0
    import_id = last_import(connection)
    if not is_logged:
        import_id += 1
        log_import(connection, import_id, job.imported_at, job.imported_by)
    log_change(connection, import_id, RETIRED, f"keep_months = {months}", rows=rows)
    return rows


def _progress_of_tables(sources: Sequence[Source], progress: Progress) -> list[TableProgress]:
    """For each source a callback for its share done and its rows; gives the import's share, weighted by bytes."""
    sizes = [max(source.stamp.size, 1) for source in sources]
    total = sum(sizes) / _LOADING

    def report(at: int, done: float, rows: int) -> None:
        text = ngettext("{file}: {rows} row", "{file}: {rows} rows", rows).format(
            file=sources[at].name, rows=number(rows)
        )
        progress((sum(sizes[:at]) + sizes[at] * done) / total, text)

    return [lambda done, rows, at=at: report(at, done, rows) for at in range(len(sources))]  # type: ignore[misc]


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
