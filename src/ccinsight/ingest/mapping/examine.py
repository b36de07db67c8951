"""Finds headers, values and categories of a file that match nothing. Imports nothing.

Used for a proposed settings file, so it also examines files of a likely export and files without required columns.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from ccinsight.ingest.catalogue import Export
from ccinsight.ingest.load.lookups import Lookups
from ccinsight.ingest.load.malformed import MalformedRows
from ccinsight.ingest.load.staging import StagedChunk, staged_chunks
from ccinsight.ingest.readers.csv_records import Malformed
from ccinsight.ingest.source import Source, open_likeliest
from ccinsight.ingest.statements import run, statement
from ccinsight.ingest.values.parsing import prepare
from ccinsight.settings.model import Settings

_EXAMPLES, _EXAMPLE_LETTERS = 3, 30
# What people and programs write where there is nothing.
_PLACEHOLDERS = ("?", "-", "--", "N/A", "n/a", "#N/A", "NULL", "null", "None", "NaN", "(blank)", "(tom)")


@dataclass(frozen=True)
class Examined:
    """A table of a file. ``missing``: required columns without a header; ``free``: all columns without one.

    ``headers``: each that names no column → a few of its values. ``values``: column → unknown value → rows.
    ``categories`` and ``severities``: each → rows. ``placeholders``: texts that may mean empty → values.
    """

    name: str
    export: Export
    missing: tuple[str, ...]
    free: tuple[str, ...]
    headers: Mapping[str, tuple[str, ...]]
    values: Mapping[str, Mapping[str, int]]
    categories: Mapping[str, int]
    severities: Mapping[str, int]
    placeholders: Mapping[str, int]


def examine(path: Path, settings: Settings, export: str | None = None) -> list[Examined]:
    """What is in the tables of a file, as ``export`` or as the best-matching export of each.

    Raises CcinsightError where the file can't be read, holds no table, or nothing tells what it is.
    """
    with TemporaryDirectory() as folder, duckdb.connect() as connection:
        prepare(connection, settings.imports)
        sources = open_likeliest(path, export, settings, Path(folder), connection)
        return [_examine(source, settings, connection) for source in sources]


def _examine(source: Source, settings: Settings, connection: duckdb.DuckDBPyConnection) -> Examined:
    match = source.match
    seen = _Seen(connection, _unmatched(source), Lookups(connection, settings, match.export))
    for chunk in staged_chunks(source, _Uncounted(connection, source, 0), settings.imports):
        chunk.enter(connection)
        seen.take(chunk)
    return Examined(
        name=source.name,
        export=match.export,
        missing=tuple(match.export.missing(set(match.columns))),
        free=tuple(column for column in match.export.columns if column not in match.columns),
        headers={header: tuple(seen.examples[at]) for header, at in seen.headers.items()},
        values=seen.unknown_values(),
        categories=_most_first(seen.categories),
        severities=seen.severities(),
        placeholders=_most_first(seen.placeholders),
    )


def _unmatched(source: Source) -> dict[str, int]:
    """Each header that names no column → its position, the leftmost of two that are the same."""
    return {header: source.headers.index(header) for header in source.match.unmatched}


def _most_first(counts: Mapping[str, int]) -> dict[str, int]:
    return dict(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))


class _Uncounted(MalformedRows):
    """Rows that are no records have nothing to name."""

    def take(self, row: Malformed) -> None:
        """Lets go of a row."""

    def flush(self) -> None:
        """Nothing was kept."""


@dataclass
class _Seen:
    """What the staged rows of one table hold, gathered chunk by chunk."""

    connection: duckdb.DuckDBPyConnection
    headers: Mapping[str, int]
    lookups: Lookups
    examples: dict[int, list[str]] = field(default_factory=dict)
    categories: dict[str, int] = field(default_factory=dict)
    placeholders: dict[str, int] = field(default_factory=dict)

    def take(self, chunk: StagedChunk) -> None:
        """Looks at the rows that are staged now."""
        file = chunk.file
        for at in self.headers.values():
            self._take_examples(at)
        cells = ", ".join(f"c{at}" for at in range(file.width))
        placeholders = statement("staged.placeholders", cells=cells)
        for text, rows in run(self.connection, placeholders, {"texts": list(_PLACEHOLDERS)}):
            _add(self.placeholders, text, rows)
        for column in file.choices():
            self.lookups.look_up(chunk, column)
        if file.has("category"):
            texts = statement("staged.texts", text=file.text("category"))
            for category, rows in run(self.connection, texts):
                _add(self.categories, category, rows)

    def unknown_values(self) -> dict[str, dict[str, int]]:
        """Each column with values that no name matches → these → rows."""
        unknown = {
            column: {text: rows for text, value, rows in self.lookups.counted(column) if value is None}
            for column in self.lookups.choices()
        }
        return {column: found for column, found in unknown.items() if found}

    def severities(self) -> dict[str, int]:
        """Each severity that is known → rows."""
        found: dict[str, int] = {}
        for _text, value, rows in self.lookups.counted("severity"):
            if value is not None:
                _add(found, value, rows)
        return _most_first(found)

    def _take_examples(self, at: int) -> None:
        found = self.examples.setdefault(at, [])
        if len(found) < _EXAMPLES:
            limit = {"limit": _EXAMPLES}
            first = statement("staged.first_texts", cell=f"c{at}")
            texts = [_short(row[0]) for row in run(self.connection, first, limit)]
            found += [text for text in dict.fromkeys(texts) if text not in found][: _EXAMPLES - len(found)]


def _add(counts: dict[str, int], text: str, rows: int) -> None:
    counts[text] = counts.get(text, 0) + rows


def _short(text: str) -> str:
    return text if len(text) <= _EXAMPLE_LETTERS else text[: _EXAMPLE_LETTERS - 1] + "…"
