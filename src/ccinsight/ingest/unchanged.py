"""Finds the files of an import that would change nothing: same bytes and same rules as last time."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

import duckdb

from ccinsight.ingest.load.loader import sha256_of
from ccinsight.ingest.source import Source
from ccinsight.settings.model import Settings

_FOLDER = Path(__file__).parent
# The files that decide which rows a file gives: what its columns are, how it is read, parsed and loaded.
_DECIDING = ("columns.toml", "source.py", "catalogue.py", "readers", "values", "load")
# False in a file of the first versions, which didn't log by what they read.
_LOGS_READING = """
select count(*) > 0 from duckdb_columns()
where database_name = 'previous' and schema_name = 'stored' and table_name = 'files' and column_name = 'reading'
"""
_LOG = """
select file_id, sha256, size_bytes, reading from previous.stored.files where export = $export order by file_id
"""


def reading_of(settings: Settings) -> str:
    """A short fingerprint of what rows are read by: the settings that count for it, and ccinsight's own code.

    A newer ccinsight that reads files in another way therefore reads every file again.
    """
    own = {"headers": settings.headers, "values": settings.values, "imports": asdict(settings.imports)}
    return hashlib.sha256(f"{_fingerprint()}{own!r}".encode()).hexdigest()[:16]


def deciding_files() -> list[Path]:
    """The files of ccinsight that decide which rows a file gives, in a fixed order."""
    found = [_FOLDER / name for name in _DECIDING]
    files = [file for each in found for file in ([each] if each.is_file() else each.rglob("*"))]
    return sorted(file for file in files if file.suffix in {".py", ".sql", ".toml"})


@cache
def _fingerprint() -> str:
    return hashlib.sha256(b"".join(file.read_bytes() for file in deciding_files())).hexdigest()


@dataclass(frozen=True)
class _Logged:
    file_id: int
    sha256: str
    size: int
    reading: str | None


def find_unchanged(
    before: duckdb.DuckDBPyConnection, sources: list[Source], settings: Settings, replace: Iterable[str]
) -> list[Source]:
    """The sources of exports whose files of this call are, in this order, the last that were imported.

    Only then is every row as they would leave it; an older file would put its rows over later ones. An
    export that starts afresh is unchanged where it has no rows of other files.
    """
    if before.execute(_LOGS_READING).fetchall() != [(True,)]:
        return []
    reading = reading_of(settings)
    found: list[Source] = []
    for export in dict.fromkeys(source.match.export.name for source in sources):
        mine = [source for source in sources if source.match.export.name == export]
        rows = before.execute(_LOG, {"export": export}).fetchall()
        last = [_Logged(*row) for row in rows][-len(mine) :]
        if _are_same(mine, last, reading) and (export not in replace or _is_all(before, export, last)):
            found += mine
    return found


def _are_same(sources: list[Source], logged: list[_Logged], reading: str) -> bool:
    if len(sources) != len(logged):
        return False
    pairs = list(zip(sources, logged, strict=True))
    if any(source.stamp.size != log.size or log.reading != reading for source, log in pairs):
        return False
    return all(_hashed(source, sources) == log.sha256 for source, log in pairs)


def _hashed(source: Source, sources: list[Source]) -> str:
    """The source's hash; a workbook's sheets share one."""
    known = (each.sha256 for each in sources if each.path == source.path and each.sha256)
    source.sha256 = next(known, None) or sha256_of(source.path)
    return source.sha256


def _is_all(before: duckdb.DuckDBPyConnection, export: str, logged: list[_Logged]) -> bool:
    ids = [log.file_id for log in logged]
    statement = f"""
        select 1 from previous.stored.{export} where not list_contains($ids, file_id)
        union all
        select 1 from previous.stored.rejects where export = $export and not list_contains($ids, file_id)
        limit 1
    """  # noqa: S608 (one of our own exports)
    return not before.execute(statement, {"ids": ids, "export": export}).fetchall()
