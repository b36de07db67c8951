"""Loads one table of an import: chunks of text are staged, checked and stored; bad rows become rejects."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa

from ccinsight.database.build import deletes_many
from ccinsight.ingest.catalogue import Export
from ccinsight.ingest.contact_key import ContactKey
from ccinsight.ingest.history.summary import FileSummary, FileWarning
from ccinsight.ingest.load import checks, invoice_lines, keys, rows
from ccinsight.ingest.load.file_columns import FileColumns
from ccinsight.ingest.load.forgotten import Forgotten
from ccinsight.ingest.load.lookups import Lookups
from ccinsight.ingest.load.malformed import MalformedRows
from ccinsight.ingest.load.staging import StagedChunk, changed_meanwhile, staged_chunks
from ccinsight.ingest.source import Source, is_as_it_was
from ccinsight.ingest.statements import Parameters, one_column, run, statement
from ccinsight.ingest.values.parsing import prepare
from ccinsight.settings.model import Settings

# Takes the share of a table that is loaded (0 to 1), and the rows.
TableProgress = Callable[[float, int], None]
# The column that says on which day a row of an export is, for the days that its file covers.
_COVERED_BY = {"agreements": "subscribed_on", "tickets": "opened_at"}


@dataclass
class _Loaded:
    """What came of a table's chunks so far."""

    malformed: MalformedRows
    signs: checks.Signs
    repeatable: checks.Repeatable
    good: int = 0
    bad: int = 0
    encoding: str | None = None

    def add(self, chunk: StagedChunk, good: int, bad: int) -> None:
        """Counts a chunk whose rows are stored."""
        self.good, self.bad, self.encoding = self.good + good, self.bad + bad, chunk.encoding
        self.signs.take(chunk)
        self.repeatable.take(chunk)

    @property
    def rejected(self) -> int:
        return self.bad + self.malformed.count

    @property
    def read(self) -> int:
        return self.good + self.rejected


@dataclass
class Loader:
    """Loads tables into a database that is being built. ``key`` returns the contacts' key, made at first use."""

    connection: duckdb.DuckDBPyConnection
    settings: Settings
    import_id: int
    reading: str
    key: Callable[[], ContactKey]

    def __post_init__(self) -> None:
        prepare(self.connection, self.settings.imports)
        self.forgotten = Forgotten(self.connection, self.key)

    def load(self, source: Source, file_id: int, progress: TableProgress) -> FileSummary:
        """Stores the good rows and the rejects; logs the file and its warnings."""
        # Hashing releases the interpreter's lock: it runs beside the reading.
        with ThreadPoolExecutor(1) as pool:
            hashed = pool.submit(lambda: source.sha256 or sha256_of(source.path))
            try:
                return self._load(source, file_id, progress, hashed)
            except FileNotFoundError as e:
                if source.path.exists():  # another file is missing
                    raise
                raise changed_meanwhile(source) from e

    @contextmanager
    def _one_thread(self) -> Iterator[None]:
        """Stores chunks on one thread: another reads the next one meanwhile, and two that store block each other."""
        run(self.connection, "set threads = 1")
        try:
            yield
        finally:
            run(self.connection, "reset threads")

    def _load(
        self, source: Source, file_id: int, progress: TableProgress, sha256: Future[str]
    ) -> FileSummary:
        started, export = time.perf_counter(), source.match.export
        lookups = Lookups(self.connection, self.settings, export, self.key)
        loaded = self._load_chunks(source, file_id, lookups, progress)
        repeated, conflicts = self._settle_keys(export, file_id, loaded.repeatable, sha256)
        warnings = [
            *source.warnings,
            *checks.unknown_values(lookups),
            *repeated,
            *loaded.signs.of_a_bad_export(source.match, loaded.read, loaded.malformed.last),
            *self._supersede(export, file_id, sha256),
        ]
        summary = FileSummary(
            name=source.name,
            export=export.name,
            format=source.format,
            encoding=loaded.encoding,
            rows_read=loaded.read,
            rows_good=loaded.good,
            rows_rejected=loaded.rejected,
            rows_conflicting=conflicts,
            warnings=tuple(warnings),
            seconds=time.perf_counter() - started,
        )
        self._log(summary, source, file_id, sha256.result())
        if not is_as_it_was(source):
            raise changed_meanwhile(source)
        return summary

    def _load_chunks(
        self, source: Source, file_id: int, lookups: Lookups, progress: TableProgress
    ) -> _Loaded:
        """Stores the rows of all chunks. Each chunk enters `staged` once, without the forgotten, with its lookups."""
        condition = self.forgotten.condition_on_malformed(source.match)
        loaded = _Loaded(
            MalformedRows(self.connection, source, file_id, condition),
            checks.Signs(self.connection, source.match.export, file_id),
            checks.Repeatable(source.match.export),
        )
        with self._one_thread():
            for each in staged_chunks(source, loaded.malformed, self.settings.imports):
                chunk = lookups.add_to(self.forgotten.take_out(each))
                chunk.enter(self.connection)
                good, bad = self._store(chunk, file_id)
                if bad:
                    lookups.leave_out(chunk, self._rejected(file_id))
                loaded.add(chunk, good, bad)
                progress(chunk.done, loaded.read)
        self.forgotten.rows += loaded.malformed.dropped
        return loaded

    def _store(self, chunk: StagedChunk, file_id: int) -> tuple[int, int]:
        """Stores good and bad rows; returns how many of each. Blank rows are neither.

        The plan that parses every form costs more than reading a small file: it runs for the rows that need it.
        """
        file = chunk.file
        good = self._store_good(file.quick(), file_id)
        if good == chunk.table.num_rows:
            return good, 0
        run(self.connection, rows.find_unstored(file), {"file_id": file_id})
        run(self.connection, rows.check_unstored(file.unstored()))
        more: int = run(self.connection, rows.store_good(file, is_checked=True), {"file_id": file_id})[0][0]
        bad = [at for (at,) in run(self.connection, statement("rows.bad_columns"))]
        if not bad:
            return good + more, 0
        parameters = {"file_id": file_id, "export": file.export.name}
        return good + more, run(self.connection, rows.store_bad(file, bad), parameters)[0][0]

    def _store_good(self, file: FileColumns, file_id: int) -> int:
        # With a filter pushed down every value would be parsed twice.
        run(self.connection, "set disabled_optimizers = 'filter_pushdown'")
        stored: int = run(self.connection, rows.store_good(file), {"file_id": file_id})[0][0]
        run(self.connection, "reset disabled_optimizers")
        return stored

    def _rejected(self, file_id: int) -> pa.ChunkedArray:
        """The lines of the rejected rows of the staged chunk."""
        return one_column(self.connection, statement("rows.rejected_lines"), {"file_id": file_id})

    def _settle_keys(
        self, export: Export, file_id: int, repeatable: checks.Repeatable, sha256: Future[str]
    ) -> tuple[list[FileWarning], int]:
        """Keeps one row for each key; returns warnings, and how many rows share a key and have other contents."""
        if export.name == "invoices":
            may_share = repeatable.keys is None or bool(repeatable.keys)
            return invoice_lines.name_lines(
                self.connection, file_id, self.import_id, sha256.result(), may_share=may_share
            )
        return checks.drop_repeated(self.connection, export, file_id, repeatable.keys)

    def _supersede(self, export: Export, file_id: int, sha256: Future[str]) -> list[FileWarning]:
        """Deletes earlier rows of the same keys, and earlier rejects that this file mends or brings again."""
        mine: Parameters = {"file_id": file_id}
        warnings: list[FileWarning] = []
        if run(self.connection, keys.has_older(export), mine):
            if export.name == "invoices":
                warnings = invoice_lines.replace_earlier(
                    self.connection, file_id, self.import_id, sha256.result()
                )
            else:
                run(self.connection, keys.drop_older(export), mine)
            deletes_many(self.connection)
        mine["export"] = export.name
        if run(self.connection, statement("keys.has_older_rejects"), mine):
            run(self.connection, keys.drop_mended(export), mine)
        return warnings

    def _log(self, summary: FileSummary, source: Source, file_id: int, sha256: str) -> None:
        first_on, last_on = self._covered_days(summary.export, file_id)
        run(
            self.connection,
            statement("files.log_file"),
            {
                "file_id": file_id,
                "import_id": self.import_id,
                "export": summary.export,
                "name": summary.name,
                "sha256": sha256,
                "size": source.stamp.size,
                "format": summary.format,
                "encoding": summary.encoding,
                "read": summary.rows_read,
                "good": summary.rows_good,
                "rejected": summary.rows_rejected,
                "seconds": summary.seconds,
                "headers": list(source.headers),
                "reading": self.reading,
                "first_on": first_on,
                "last_on": last_on,
            },
        )
        if summary.warnings:
            self.connection.executemany(
                "insert into stored.warnings values (?, ?, ?, ?, ?, ?)",
                [_warning_row(file_id, warning) for warning in summary.warnings],
            )

    def _covered_days(self, export: str, file_id: int) -> tuple[date | None, date | None]:
        """The first and the last day of the file's good rows; None for an export whose files cover no days."""
        if export not in _COVERED_BY:
            return None, None
        query = statement("files.covered_days", export=export, column=_COVERED_BY[export])
        first_on, last_on = run(self.connection, query, {"file_id": file_id})[0]
        return first_on, last_on


def _warning_row(file_id: int, warning: FileWarning) -> tuple[object, ...]:
    return file_id, warning.kind, warning.column, warning.value, warning.rows, warning.text


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file's bytes, in hexadecimal."""
    with path.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()
