"""One table of an import: staged as text, checked and stored in one statement, its bad rows kept."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa

from ccinsight.database.build import deletes_many
from ccinsight.ingest.catalogue import Export
from ccinsight.ingest.contact_key import ContactKey
from ccinsight.ingest.history.summary import FileSummary, FileWarning
from ccinsight.ingest.load import checks, import_sql, invoice_lines
from ccinsight.ingest.load.forgotten import Forgotten
from ccinsight.ingest.load.import_sql import Layer
from ccinsight.ingest.load.lookups import Meanings
from ccinsight.ingest.load.staging import (
    MalformedRows,
    Parameters,
    Staged,
    changed_meanwhile,
    column,
    prepare,
    run,
    staged,
)
from ccinsight.ingest.source import Source, is_as_it_was
from ccinsight.settings.model import Settings

# Takes the part of a table that is done (0 to 1), and the rows.
Tell = Callable[[float, int], None]


@dataclass
class Loader:
    """Loads tables into a database being built. ``key`` gives the contacts' key when it is first needed."""

    connection: duckdb.DuckDBPyConnection
    settings: Settings
    import_id: int
    reading: str
    key: Callable[[], ContactKey]

    def __post_init__(self) -> None:
        prepare(self.connection, self.settings.imports)
        self.forgotten = Forgotten(self.connection, self.key)

    def load(self, source: Source, file_id: int, tell: Tell) -> FileSummary:
        """Stores the good rows, keeps the bad ones, logs file and warnings. ``tell`` takes part and rows done."""
        # Hashing lets go of the interpreter: it runs beside the reading.
        with ThreadPoolExecutor(1) as pool:
            hashed = pool.submit(lambda: source.sha256 or sha256_of(source.path))
            try:
                return self._load(source, file_id, tell, hashed)
            except FileNotFoundError as e:
                if source.path.exists():  # another file is missing
                    raise
                raise changed_meanwhile(source) from e

    @contextmanager
    def _one_thread(self) -> Iterator[None]:
        """One thread stores parts: another makes the next ready meanwhile, and two that store hold each other up."""
        run(self.connection, "set threads = 1")
        try:
            yield
        finally:
            run(self.connection, "reset threads")

    def _load(self, source: Source, file_id: int, tell: Tell, sha256: Future[str]) -> FileSummary:
        started, export = time.perf_counter(), source.match.export
        kept = self.forgotten.keeps_malformed(source.match)
        malformed = MalformedRows(self.connection, source, file_id, kept)
        meanings = Meanings(self.connection, self.settings, source.match.export, self.key)
        signs = checks.Signs(self.connection, export, file_id)
        repeatable = checks.Repeatable(export)
        good = bad = 0
        encoding = None
        with self._one_thread():
            for part in staged(source, malformed, self.settings.imports):
                known = meanings.add_to(self.forgotten.take_out(part))
                more_good, more_bad = self._store(known, file_id)
                good, bad = good + more_good, bad + more_bad
                if more_bad:
                    meanings.leave_out(known, self._rejected(file_id))
                signs.take(known)
                repeatable.take(known)
                encoding = part.encoding
                tell(part.done, good + bad + malformed.count)
        self.forgotten.rows += malformed.dropped
        rejected = bad + malformed.count
        repeated, conflicts = self._settle_keys(export, file_id, repeatable, sha256)
        warnings = [
            *source.warnings,
            *checks.unknown_values(meanings),
            *repeated,
            *signs.of_a_bad_export(source.match, good + rejected, malformed.last),
            *self._supersede(export, file_id, sha256),
        ]
        summary = FileSummary(
            name=source.name,
            export=export.name,
            format=source.format,
            encoding=encoding,
            rows_read=good + rejected,
            rows_good=good,
            rows_rejected=rejected,
            rows_conflicting=conflicts,
            warnings=tuple(warnings),
            seconds=time.perf_counter() - started,
        )
        self._log(summary, source, file_id, sha256.result())
        if not is_as_it_was(source):
            raise changed_meanwhile(source)
        return summary

    def _store(self, part: Staged, file_id: int) -> tuple[int, int]:
        """Stores good and bad rows; gives how many of each. Blank rows are neither.

        All forms of values together make a plan that costs more than reading a small file: it is made only
        for the rows that need it.
        """
        layer = part.layer
        good = self._store_good(import_sql.quick(layer), file_id)
        if good == part.table.num_rows:
            return good, 0
        run(self.connection, import_sql.find_unstored(layer), {"file_id": file_id})
        rest = import_sql.of_unstored(layer)
        more = self._store_good(rest, file_id)
        if more == run(self.connection, "select count(*) from unstored")[0][0]:
            return good + more, 0
        parameters = {"file_id": file_id, "export": layer.export.name}
        return good + more, run(self.connection, import_sql.store_bad(rest), parameters)[0][0]

    def _store_good(self, layer: Layer, file_id: int) -> int:
        # A pushed-down filter would have every value parsed twice.
        run(self.connection, "set disabled_optimizers = 'filter_pushdown'")
        stored: int = run(self.connection, import_sql.store_good(layer), {"file_id": file_id})[0][0]
        run(self.connection, "reset disabled_optimizers")
        return stored

    def _rejected(self, file_id: int) -> pa.ChunkedArray:
        """The lines of the rejected rows of the part that is staged."""
        return column(self.connection, import_sql.REJECTED_LINES, {"file_id": file_id})

    def _settle_keys(
        self, export: Export, file_id: int, repeatable: checks.Repeatable, sha256: Future[str]
    ) -> tuple[list[FileWarning], int]:
        """Each key is there once: the warnings, and the rows that share a key and say something else."""
        if export.name == "invoices":
            may_share = repeatable.keys is None or bool(repeatable.keys)
            return invoice_lines.name_lines(
                self.connection, file_id, self.import_id, sha256.result(), may_share=may_share
            )
        return checks.drop_repeated(self.connection, export, file_id, repeatable.keys)

    def _supersede(self, export: Export, file_id: int, sha256: Future[str]) -> list[FileWarning]:
        """Earlier rows of the same keys go, and earlier rejects that this file mends or brings again."""
        mine: Parameters = {"file_id": file_id}
        warnings: list[FileWarning] = []
        if run(self.connection, import_sql.has_older(export), mine):
            if export.name == "invoices":
                warnings = invoice_lines.replace_earlier(
                    self.connection, file_id, self.import_id, sha256.result()
                )
            else:
                run(self.connection, import_sql.drop_older(export), mine)
            deletes_many(self.connection)
        mine["export"] = export.name
        if run(self.connection, import_sql.HAS_OLDER_REJECTS, mine):
            run(self.connection, import_sql.drop_mended(export), mine)
        return warnings

    def _log(self, summary: FileSummary, source: Source, file_id: int, sha256: str) -> None:
        covered = import_sql.covered_days(source.match.export)
        days = run(self.connection, covered, {"file_id": file_id}) if covered else [(None, None)]
        first_on, last_on = days[0]
        run(
            self.connection,
            import_sql.LOG_FILE,
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


def _warning_row(file_id: int, warning: FileWarning) -> tuple[object, ...]:
    return file_id, warning.kind, warning.column, warning.value, warning.rows, warning.text


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file's bytes, in hexadecimal."""
    with path.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()
