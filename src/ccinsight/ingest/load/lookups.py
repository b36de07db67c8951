"""Lookups of texts: the enumerated value, the number of minutes or the contact's hash that a text stands for.

Each different text is looked up once a file, however many rows and chunks have it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ccinsight.ingest.catalogue import Export, value_names
from ccinsight.ingest.contact_key import ContactKey, keyed_hash
from ccinsight.ingest.load.file_columns import FileColumns
from ccinsight.ingest.load.staging import StagedChunk
from ccinsight.ingest.readers.chunks import whole_numbers
from ccinsight.ingest.statements import Parameters, one_column, run, statement
from ccinsight.settings.model import Settings

_MOST = 200_000  # texts of a column other than an enumerated one that are kept for the next chunks


@dataclass
class _Known:
    """The texts of a column that were looked up: the value of each, and the rows that had it."""

    texts: pa.StringArray
    values: pa.Array
    rows: np.ndarray[Any, np.dtype[np.int64]]

    def with_more(self, texts: pa.StringArray, values: pa.Array) -> _Known:
        return _Known(
            pa.concat_arrays([self.texts, texts]),
            pa.concat_arrays([self.values, values]),
            np.append(self.rows, np.zeros(len(texts), np.int64)),
        )


class Lookups:
    """The lookups of one file. ``key`` returns the contacts' key, made at first use."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        settings: Settings,
        export: Export,
        key: Callable[[], ContactKey] | None = None,
    ) -> None:
        self._connection, self._export, self._key = connection, export, key
        self._known: dict[str, _Known] = {}
        run(connection, statement("lookups.value_names"))
        names = value_names(export, settings)
        columns = ("columns", "names", "exact", "values")
        named = {each: [name[at] for name in names] for at, each in enumerate(columns)}
        run(connection, statement("lookups.name_values"), named)

    def add_to(self, chunk: StagedChunk) -> StagedChunk:
        """The chunk with what its columns were looked up to beside, as `lookup_…`."""
        table = chunk.table
        for name in chunk.file.looked_up():
            table = table.append_column(f"lookup_{name}", self.look_up(chunk, name))
        return replace(chunk, table=table)

    def look_up(self, chunk: StagedChunk, name: str) -> pa.ChunkedArray:
        """What a column's texts are looked up to, one value a row."""
        chunks = chunk.table.column(f"c{chunk.file.positions[name]}").chunks
        # Arrow's chunks have their dictionary in common.
        texts = chunks[0].dictionary if chunks else pa.array([], pa.string())
        known, places = self._known_texts(chunk.file, name, texts)
        if self._export.columns[name] == "choice":
            for each in chunks:
                found = np.from_dlpack(places.take(each.indices.drop_null()))
                known.rows += np.bincount(found, minlength=len(known.rows))
        values = known.values.take(places)
        rows = [pa.DictionaryArray.from_arrays(each.indices, values) for each in chunks]
        return pa.chunked_array(rows, pa.dictionary(pa.int32(), values.type))

    def leave_out(self, chunk: StagedChunk, lines: pa.Array | pa.ChunkedArray) -> None:
        """Subtracts the chunk's rows of these lines from the counts: they were rejected."""
        rows = chunk.table.filter(pc.is_in(chunk.table.column("line"), lines))
        for name in chunk.file.choices():
            known = self._known[name]
            for each in rows.column(f"c{chunk.file.positions[name]}").chunks:
                places = pc.index_in(each.dictionary, known.texts).take(each.indices.drop_null())
                known.rows -= np.bincount(np.from_dlpack(places), minlength=len(known.rows))

    def choices(self) -> list[str]:
        """The enumerated columns whose texts were looked up."""
        return [name for name in self._known if self._export.columns[name] == "choice"]

    def counted(self, name: str) -> list[tuple[str, str | None, int]]:
        """The texts of an enumerated column so far, the most frequent first: text, value, rows."""
        if name not in self._known:
            return []
        known = self._known[name]
        table = pa.table({"raw": known.texts, "value": known.values, "rows": whole_numbers(known.rows)})
        with self._named("counted_texts", table):
            return run(self._connection, statement("lookups.counted_values"))

    def _known_texts(
        self, file: FileColumns, name: str, texts: pa.StringArray
    ) -> tuple[_Known, pa.IntegerArray]:
        """The known texts of a column, these included, and the place of each of these among them."""
        known = self._known.get(name)
        if known is None or (self._export.columns[name] != "choice" and len(known.texts) > _MOST):
            known = _Known(texts, self._find(file, name, texts), np.zeros(len(texts), np.int64))
        places = pc.index_in(texts, known.texts)
        if places.null_count:
            new = texts.filter(places.is_null())
            known = known.with_more(new, self._find(file, name, new))
            places = pc.index_in(texts, known.texts)
        self._known[name] = known
        return known, places

    def _find(self, file: FileColumns, name: str, texts: pa.StringArray) -> pa.Array:
        query, parameters = self._query(file, name)
        table = pa.table([whole_numbers(np.arange(len(texts))), texts], ["place", "raw"])
        with self._named("new_texts", table):
            return one_column(self._connection, query, parameters).combine_chunks()

    def _query(self, file: FileColumns, name: str) -> tuple[str, Parameters]:
        type_ = self._export.columns[name]
        if type_ == "choice":
            return statement("lookups.find_values"), {"column": name}
        if type_ == "minutes":
            return _find_minutes(file, name), {}
        assert self._key is not None  # who asks for contacts gives it
        key = self._key()
        find = statement("lookups.find_hashes", hash=keyed_hash("t.raw", "$inner", "$outer"))
        return find, {"inner": key.inner, "outer": key.outer}

    @contextmanager
    def _named(self, name: str, table: pa.Table) -> Iterator[None]:
        """Makes a table known to statements by a name within the block."""
        self._connection.register(name, table)
        try:
            yield
        finally:
            self._connection.unregister(name)


def _find_minutes(file: FileColumns, name: str) -> str:
    per_minute = 60 if name == "minutes_spent" and file.options.time_spent_unit == "seconds" else 1
    return statement("lookups.find_minutes", per_minute=str(per_minute))
