"""Imports files that arrived together, as ``ccinsight import`` does, and says of each what became of it.

A file that can't be imported doesn't stop the others: it is found by reading each by itself, and the rest is imported
without it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from ccinsight.database.build import stored_before
from ccinsight.errors import CcinsightError, NotNowError, detailed
from ccinsight.i18n import _
from ccinsight.ingest import ImportSummary, import_paths
from ccinsight.ingest.file_list import Found
from ccinsight.ingest.full_lists import ShrunkError
from ccinsight.ingest.history.summary import count_line, warning_lines
from ccinsight.ingest.source import open_sources
from ccinsight.integrations.watch.receipts import State
from ccinsight.notes.activity import Action, Activity
from ccinsight.notes.duties import note_ceased
from ccinsight.printable import printable
from ccinsight.settings.model import Settings
from ccinsight.settings.parsing import default_settings, read_settings
from ccinsight.settings.storing import stored_settings


@dataclass(frozen=True)
class Job:
    """Which database the files go into, when and by whom. ``config`` None keeps the database's settings."""

    database: Path
    config: Path | None
    imported_at: datetime
    imported_by: str | None


@dataclass(frozen=True)
class Outcome:
    """What became of a file: ``text`` in the language in use. Rows are None where none were read.

    ``warnings``: lines that quote values of the file, which are stored nowhere but beside it.
    """

    state: State
    text: str
    warnings: tuple[str, ...] = ()
    exports: tuple[str, ...] = ()
    rows_read: int | None = None
    rows_rejected: int | None = None


@dataclass(frozen=True)
class _Examined:
    """What a file is by itself: its exports, or why it can't be imported."""

    exports: frozenset[str] = frozenset()
    fault: str | None = None


def import_files(paths: Sequence[Path], job: Job, *, confirmed: bool) -> dict[Path, Outcome]:
    """Imports files together, without those that can't be. Gives each file's outcome.

    ``confirmed``: a person says that lists with fewer than half of the rows are complete. Raises NotNowError, with
    the database as it was or with some of the files imported, where the fault is none of the files'.
    """
    outcomes: dict[Path, Outcome] = {}
    left = list(paths)
    settings = settings_in_use(job)
    while left:
        try:
            outcomes |= _import_together(left, job, confirmed)
            break
        except ShrunkError as error:
            refused = _held(left, error, settings)
        except NotNowError:
            raise
        except CcinsightError as error:
            refused = _failed(left, error, settings)
        if not refused:  # each can be read by itself
            for path in left:
                outcomes |= import_files([path], job, confirmed=confirmed)
            break
        outcomes |= refused
        left = [path for path in left if path not in refused]
    return outcomes


def after_import(job: Job) -> None:
    """What follows an import: marks of duties that are gone end, and the log of what people did gets a row.

    Raises CcinsightError where the notes can't be used; the import is done all the same.
    """
    note_ceased(job.database, job.imported_at.date())
    Activity(job.database).record_here(Action.IMPORT, job.imported_by or "", job.imported_at)


def settings_in_use(job: Job) -> Settings:
    """The settings in use. Raises NotNowError where they, or the database, can't be read: no file is to blame."""
    try:
        with stored_before(job.database) as before:
            stored = stored_settings(before) if before else default_settings()
        return read_settings(job.config) if job.config else stored
    except CcinsightError as error:
        raise NotNowError(str(error)) from error


def _import_together(paths: list[Path], job: Job, confirmed: bool) -> dict[Path, Outcome]:
    summary = import_paths(
        paths,
        job.database,
        job.config,
        confirmed=confirmed,
        imported_at=job.imported_at,
        imported_by=job.imported_by,
    )
    settings = settings_in_use(job)
    return {path: _imported(path, summary, settings) for path in paths}


def _imported(path: Path, summary: ImportSummary, settings: Settings) -> Outcome:
    name = printable(path.name)

    def is_of(table: str) -> bool:
        return table == name or table.startswith(f"{name} [")

    files = [file for file in summary.files if is_of(file.name)]
    if not files:
        text = _("The same file as the last time: nothing was changed.")
        return Outcome(State.DONE, text, exports=tuple(sorted(_examine(path, settings).exports)))
    return Outcome(
        State.DONE,
        "\n".join(count_line(file) for file in files),
        tuple(line for file in files for line in warning_lines(file)),
        tuple(dict.fromkeys(file.export for file in files)),
        sum(file.rows_read for file in files),
        sum(file.rows_rejected for file in files),
    )


def _held(paths: list[Path], error: ShrunkError, settings: Settings) -> dict[Path, Outcome]:
    """The files of exports that shrank, each with the question to a person."""
    shrunk = {each.export: each for each in error.shrunk}
    held = {}
    for path in paths:
        exports = sorted(_examine(path, settings).exports)
        texts = " ".join(shrunk[export].text() for export in exports if export in shrunk)
        if texts:
            held[path] = Outcome(State.HELD, texts, exports=tuple(exports))
    return held


def _failed(paths: list[Path], error: CcinsightError, settings: Settings) -> dict[Path, Outcome]:
    """The files that can't be imported. A single one has the error; none where each is readable by itself."""
    if len(paths) == 1:
        return {paths[0]: Outcome(State.FAILED, str(error))}
    examined = {path: _examine(path, settings) for path in paths}
    return {path: Outcome(State.FAILED, each.fault) for path, each in examined.items() if each.fault}


def _examine(path: Path, settings: Settings) -> _Examined:
    """Reads a file's headers by itself, without a database."""
    try:
        with TemporaryDirectory() as scratch, duckdb.connect() as connection:
            sources = open_sources(Found(path, is_named=True), settings, Path(scratch), connection)
    except CcinsightError as error:
        return _Examined(fault=str(error))
    except (OSError, duckdb.Error) as error:
        text = _("{file} can't be read. Check that it is whole and may be read.")
        return _Examined(fault=detailed(text.format(file=path), error))
    return _Examined(exports=frozenset(source.match.export.name for source in sources))
