"""One table of an import: staged as text, checked and stored in one statement, its bad rows kept."""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from ccinsight.errors import CcinsightError
from ccinsight.exports import statements
from ccinsight.exports.catalogue import (
    NUMERIC_TYPES,
    Export,
    fold,
    unknown_value,
    value_names,
)
from ccinsight.exports.contacts import ContactKey
from ccinsight.exports.framing import Framed, Malformed, Tell
from ccinsight.exports.sources import Source, parquet_columns
from ccinsight.exports.statements import Layer
from ccinsight.exports.summary import FileSummary, FileWarning
from ccinsight.i18n import _
from ccinsight.settings import Settings

ROW_LIMIT = 10_000
_UNKNOWN_SHOWN = 20
_BATCH = 10_000
_TOTAL = re.compile(r"(grand)?total(t|er|s|sum)?:?|sum(mer|mary)?:?|totaltsum:?|ialt:?")
_NUMBER_LIKE = re.compile(r"[-−\d.,\s\u00a0\u202f]*\d[-\d.,\s\u00a0\u202f]*(kr|,-)?", re.IGNORECASE)


@dataclass
class Loader:
    """Loads tables into a database being built. ``key`` gives the contacts' key when it is first needed."""

    connection: duckdb.DuckDBPyConnection
    settings: Settings
    scratch: Path
    import_id: int
    key: Callable[[], ContactKey]

    def __post_init__(self) -> None:
        for statement in macros():
            self.connection.execute(statement).fetchall()

    def load(self, source: Source, file_id: int, tell: Tell) -> FileSummary:
        """Stores the good rows, keeps the bad ones, logs file and warnings. ``tell`` takes the part done (0 to 1)."""
        return _Load(self, source, file_id, tell).run()


class _Load:
    def __init__(self, loader: Loader, source: Source, file_id: int, tell: Tell) -> None:
        self.loader, self.source, self.file_id, self.tell = loader, source, file_id, tell
        self.connection = loader.connection
        self.export: Export = source.match.export
        self.malformed: list[Malformed] = []
        self.malformed_count = 0
        self.last_malformed: Malformed | None = None

    def run(self) -> FileSummary:
        started = time.perf_counter()
        before = _stamp(self.source.path)
        self._begin_file()
        encoding, layer = self._stage()
        self._prepare(layer)
        good = self._run(statements.store_good(layer), {"file_id": self.file_id})[0][0]
        self.tell(0.9)
        staged = self._one("select count(*) from staged")
        bad = self._store_bad(layer) if good < staged else 0
        if _stamp(self.source.path) != before:
            raise CcinsightError(
                _("{file} was changed while it was read: import it again when it is complete.").format(
                    file=self.source.path
                )
            )
        rejected = bad + self.malformed_count
        warnings = [*self.source.warnings, *self._warnings(layer, good, good + rejected)]
        self._supersede()
        summary = FileSummary(
            name=self.source.name,
            export=self.export.name,
            format=self.source.format,
            encoding=encoding,
            rows_read=good + rejected,
            rows_good=good,
            rows_rejected=rejected,
            warnings=tuple(warnings),
            seconds=time.perf_counter() - started,
        )
        self._finish_file(summary)
        self.tell(1.0)
        return summary

    # ------------------------------------------------------------ staging

    def _stage(self) -> tuple[str | None, Layer]:
        """Puts the rows as text into `staged`: columns c0, c1, … and, where lines don't follow each other, line."""
        width = len(self.source.headers)
        if self.source.format == "parquet":
            self._stage_parquet()
            return None, self._layer(width, "s.rowid + 1")
        copy = self.loader.scratch / "rows.csv"
        try:
            framed = self.source.frame(copy, self._reject, lambda done: self.tell(done * 0.5))
            self._stage_text(framed, width)
        finally:
            copy.unlink(missing_ok=True)
        self._flush_malformed()
        self.tell(0.6)
        encoding = framed.encoding if self.source.format == "csv" else None
        return encoding, self._layer(
            width, "s.line" if framed.first_line is None else f"s.rowid + {framed.first_line}"
        )

    def _layer(self, width: int, line: str) -> Layer:
        return Layer(self.export, self.source.match.columns, width, self.loader.settings.imports, line)

    def _stage_text(self, framed: Framed, width: int) -> None:
        columns = {f"c{at}": "VARCHAR" for at in range(width)}
        if framed.first_line is None:
            columns = {"line": "BIGINT", **columns}
        listed = ", ".join(f"'{name}': '{type_}'" for name, type_ in columns.items())
        self._run(
            f"""
            create or replace temp table staged as
            select * from read_csv(
                $path, columns = {{{listed}}}, delim = $delimiter, quote = '"', escape = '"', skip = {framed.skip},
                header = false, auto_detect = false, strict_mode = true, max_line_size = 16777216
            )
            """,
            {"path": str(framed.path), "delimiter": framed.delimiter},
        )
        if self._one("select count(*) from staged") != framed.rows:
            raise CcinsightError(
                _("{file} was changed while it was read: import it again when it is complete.").format(
                    file=self.source.path
                )
            )

    def _stage_parquet(self) -> None:
        columns = parquet_columns(self.source.path, self.connection)
        types = {at: self.export.columns[name] for name, at in self.source.match.columns.items()}
        names = ", ".join(f"c{at}" for at in range(len(columns)))
        texts = ", ".join(_parquet_text(at, kind, types.get(at)) for at, (_name, kind) in enumerate(columns))
        self._run(
            f"create or replace temp table staged as select {texts} from read_parquet($path) as p({names})",
            {"path": str(self.source.path)},
        )
        self.tell(0.6)

    # ------------------------------------------------------------ bad rows

    def _reject(self, row: Malformed) -> None:
        self.malformed.append(row)
        self.malformed_count += 1
        self.last_malformed = row
        if len(self.malformed) >= _BATCH:
            self._flush_malformed()

    def _flush_malformed(self) -> None:
        rows, self.malformed = self.malformed, []
        if not rows:
            return
        batch = pa.table(
            {
                "line": [row.line for row in rows],
                "row_key": [self._malformed_key(row) for row in rows],
                "value": [row.value or None for row in rows],
                "reason": [row.reason for row in rows],
                "fields": [[_encodable(field) for field in row.fields] for row in rows],
            },
            schema=_MALFORMED,
        )
        self.connection.register("malformed", batch)
        self._run(
            """
            insert into stored.rejects (file_id, export, line, row_key, value, reason, fields)
            select $file_id, $export, line, row_key, value, reason, fields from malformed
            """,
            {"file_id": self.file_id, "export": self.export.name},
        )
        self.connection.unregister("malformed")

    def _malformed_key(self, row: Malformed) -> str | None:
        """The key of a row of the wrong width, where the fields up to it are there and one column is the key."""
        if len(self.export.key) > 1:
            return None
        at = self.source.match.columns[self.export.key[0]]
        return (row.fields[at].strip() or None) if at < len(row.fields) - 1 else None

    def _store_bad(self, layer: Layer) -> int:
        stored = self._run(statements.store_bad(layer), {"file_id": self.file_id, "export": self.export.name})
        return int(stored[0][0])

    # ------------------------------------------------------------ lookups

    def _prepare(self, layer: Layer) -> None:
        options = self.loader.settings.imports
        self._run(
            "create or replace temp table import_options as "
            "select cast($day_first as boolean) as day_first, cast($decimal_sign as varchar) as decimal_sign",
            {"day_first": options.day_first, "decimal_sign": options.decimal_sign},
        )
        self._run(
            "create or replace temp table value_names (column_name varchar, folded varchar, value varchar)"
        )
        names = value_names(self.export, self.loader.settings)
        if names:
            self.connection.executemany("insert into value_names values (?, ?, ?)", names)
        if statement := statements.count_values(layer):
            self._run(statement)
        if statement := statements.find_contacts(layer):
            key = self.loader.key()
            self._run(statement, {"inner": key.inner, "outer": key.outer})
        self.tell(0.65)

    # ------------------------------------------------------------ warnings

    def _warnings(self, layer: Layer, good: int, read: int) -> list[FileWarning]:
        warnings = self._unknown_values(layer) + self._duplicates()
        if read == ROW_LIMIT:
            warnings.append(FileWarning("row_limit", rows=read))
        if self.export.name == "tickets":
            warnings += self._ticket_warnings(layer, good)
        if total := self._total_row(layer):
            warnings.append(FileWarning("total_row", value=total))
        return warnings

    def _unknown_values(self, layer: Layer) -> list[FileWarning]:
        if statements.count_values(layer) is None:
            return []
        warnings = []
        for column, type_ in self.export.columns.items():
            if type_ != "choice" or unknown_value(column) == "reject":
                continue
            found = self._run(
                "select raw, rows from found_values where column_name = $column and value is null "
                "order by rows desc, raw limit $shown",
                {"column": column, "shown": _UNKNOWN_SHOWN},
            )
            warnings += [FileWarning("value_unknown", column, raw, rows) for raw, rows in found]
            if len(found) == _UNKNOWN_SHOWN:
                warnings += self._more_unknown(column, sum(rows for _raw, rows in found))
        return warnings

    def _more_unknown(self, column: str, shown: int) -> list[FileWarning]:
        values, rows = self._run(
            "select count(*), sum(rows) from found_values where column_name = $column and value is null",
            {"column": column},
        )[0]
        more = values - _UNKNOWN_SHOWN
        return [FileWarning("values_unknown", column, str(more), int(rows) - shown)] if more else []

    def _ticket_warnings(self, layer: Layer, good: int) -> list[FileWarning]:
        warnings = []
        closed = self._one(
            "select count(*) from stored.tickets where file_id = $file_id and (closed_at is not null or status = 'closed')",
            {"file_id": self.file_id},
        )
        if good and not closed:
            warnings.append(FileWarning("no_closed_ticket"))
        statement = statements.count_day_times(layer)
        if statement and (rows := self._one(statement)):
            warnings.append(FileWarning("day_times", rows=rows))
        return warnings

    def _duplicates(self) -> list[FileWarning]:
        """Where a key comes more than once in the file, only its last row stays."""
        key = statements.key_text(self.export, "r")
        table = f"stored.{self.export.name}"
        self._run(
            f"""
            create or replace temp table repeated as
            select {key} as row_key, max(line) as last_line, count(*) - 1 as rows
            from {table} as r
            where file_id = $file_id
            group by 1
            having count(*) > 1
            """,
            {"file_id": self.file_id},
        )
        found = self._run("select sum(rows), min(row_key) from repeated")
        if not found[0][0]:
            return []
        self._run(
            f"delete from {table} as r using repeated as d "
            f"where r.file_id = $file_id and {key} = d.row_key and r.line < d.last_line",
            {"file_id": self.file_id},
        )
        return [
            FileWarning("duplicate_key", "+".join(self.export.key), found[0][1].strip("|"), int(found[0][0]))
        ]

    def _total_row(self, layer: Layer) -> str | None:
        """The last row's first text where it looks like a total: it says so, or it has numbers and no key."""
        cells = ", ".join(f"coalesce(c{at}, '')" for at in range(layer.width))
        last = self._run(f"select {layer.line}, [{cells}] from staged as s order by 1 desc limit 1")
        line, fields = last[0] if last else (0, [])
        if self.last_malformed is not None and self.last_malformed.line > line:
            fields = self.last_malformed.fields
        filled = [field.strip() for field in fields if field.strip()]
        if not filled:
            return None
        says_so = bool(_TOTAL.fullmatch(fold(filled[0])))
        key = layer.columns.get(self.export.key[-1 if self.export.name == "user_counts" else 0])
        has_no_key = key is not None and (key >= len(fields) or not fields[key].strip())
        only_numbers = all(_NUMBER_LIKE.fullmatch(field) for field in filled)
        return filled[0] if says_so or (has_no_key and only_numbers) else None

    # ------------------------------------------------------------ what was there before

    def _supersede(self) -> None:
        """Earlier rows of the same keys go, and earlier rejects that this file mends or brings again."""
        table = f"stored.{self.export.name}"
        mine = {"file_id": self.file_id}
        new_keys = (
            f"select {statements.key_text(self.export, 'n')} from {table} as n where n.file_id = $file_id"
        )
        if self._one(f"select count(*) from {table} where file_id <> $file_id", mine):
            self._run(
                f"delete from {table} as r where r.file_id <> $file_id "
                f"and {statements.key_text(self.export, 'r')} in ({new_keys})",
                mine,
            )
        mine_and_export = {**mine, "export": self.export.name}
        if self._one(
            "select count(*) from stored.rejects where export = $export and file_id <> $file_id",
            mine_and_export,
        ):
            self._run(
                f"delete from stored.rejects as r where r.export = $export and r.file_id <> $file_id "
                f"and (r.row_key in ({new_keys}) or exists ("
                "select 1 from stored.rejects as again where again.file_id = $file_id and again.fields = r.fields))",
                mine_and_export,
            )

    # ------------------------------------------------------------ log

    def _begin_file(self) -> None:
        self._run("drop table if exists found_values")

    def _finish_file(self, summary: FileSummary) -> None:
        path = self.source.path
        self._run(
            "insert into stored.files values "
            "($file_id, $import_id, $export, $name, $sha256, $size, $format, $encoding, $read, $good, $rejected, $seconds, "
            "$headers)",
            {
                "file_id": self.file_id,
                "import_id": self.loader.import_id,
                "export": summary.export,
                "name": summary.name,
                "sha256": _sha256(path),
                "size": path.stat().st_size,
                "format": summary.format,
                "encoding": summary.encoding,
                "read": summary.rows_read,
                "good": summary.rows_good,
                "rejected": summary.rows_rejected,
                "seconds": summary.seconds,
                "headers": list(self.source.headers),
            },
        )
        rows = [(self.file_id, w.kind, w.column, w.value, w.rows, w.text) for w in summary.warnings]
        if rows:
            self.connection.executemany("insert into stored.warnings values (?, ?, ?, ?, ?, ?)", rows)

    def _run(self, statement: str, parameters: dict[str, Any] | None = None) -> list[tuple[Any, ...]]:
        return self.connection.execute(statement, parameters or {}).fetchall()

    def _one(self, statement: str, parameters: dict[str, Any] | None = None) -> Any:
        return self._run(statement, parameters)[0][0]


_MALFORMED = pa.schema(
    [
        ("line", pa.int64()),
        ("row_key", pa.string()),
        ("value", pa.string()),
        ("reason", pa.string()),
        ("fields", pa.list_(pa.string())),
    ]
)


@cache
def macros() -> tuple[str, ...]:
    """The statements of parsing.sql."""
    text = (Path(__file__).parent / "parsing.sql").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("--")]
    return tuple(part for part in "\n".join(lines).split(";\n") if part.strip())


def _parquet_text(at: int, kind: str, type_: str | None) -> str:
    """A Parquet column as text: numbers exact, an instant as Norwegian time."""
    column = f"c{at}"
    if kind == "TIMESTAMP WITH TIME ZONE":
        return f"cast(timezone('Europe/Oslo', {column}) as varchar) as {column}"
    if kind in {"FLOAT", "DOUBLE"} or kind.startswith("DECIMAL"):
        exact = (
            f"case when {column} = floor({column}) then cast(try_cast({column} as hugeint) as varchar) end"
        )
        text = (
            f"'[F:' || cast({column} as varchar) || ']'"
            if type_ in NUMERIC_TYPES
            else f"cast({column} as varchar)"
        )
        return f"coalesce({exact}, {text}) as {column}"
    return f"cast({column} as varchar) as {column}"


def _encodable(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")


def _stamp(path: Path) -> tuple[int, int]:
    status = path.stat()
    return status.st_size, status.st_mtime_ns


def _sha256(path: Path) -> str:
    with path.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()
