"""What the texts of a file's coded columns mean: an enumerated value, a contact's hash, minutes.

Each text is looked up once a file, however many rows and parts have it.
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
from ccinsight.ingest.contact_key import ContactKey
from ccinsight.ingest.load import import_sql
from ccinsight.ingest.load.import_sql import Layer
from ccinsight.ingest.load.staging import Parameters, Staged, column, run
from ccinsight.ingest.readers.chunks import whole_numbers
from ccinsight.settings.model import Settings

_MOST = 200_000  # texts of a column whose rows nobody counts that are kept for the parts to come


@dataclass
class _Known:
    """The texts of a column that were looked up: what each means, and the rows that had it."""

    texts: pa.StringArray
    meanings: pa.Array
    rows: np.ndarray[Any, np.dtype[np.int64]]

    def with_more(self, texts: pa.StringArray, meanings: pa.Array) -> _Known:
        return _Known(
            pa.concat_arrays([self.texts, texts]),
            pa.concat_arrays([self.meanings, meanings]),
            np.append(self.rows, np.zeros(len(texts), np.int64)),
        )


class Meanings:
    """What the texts of one file mean. ``key`` gives the contacts' key when it is first needed."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        settings: Settings,
        export: Export,
        key: Callable[[], ContactKey] | None = None,
    ) -> None:
        self._connection, self._export, self._key = connection, export, key
        self._known: dict[str, _Known] = {}
        run(connection, import_sql.VALUE_NAMES)
        names = value_names(export, settings)
        columns = ("columns", "names", "exact", "values")
        named = {each: [name[at] for name in names] for at, each in enumerate(columns)}
        run(connection, import_sql.NAME_VALUES, named)

    def add_to(self, part: Staged) -> Staged:
        """The part with the meanings of its coded columns beside, as m_… ."""
        table = part.table
        for name in part.layer.coded():
            table = table.append_column(f"m_{name}", self.of(part, name))
        return replace(part, table=table)

    def of(self, part: Staged, name: str) -> pa.ChunkedArray:
        """What the texts of a coded column mean, a row each."""
        chunks = part.table.column(f"c{part.layer.columns[name]}").chunks
        # The chunks have their dictionary in common.
        texts = chunks[0].dictionary if chunks else pa.array([], pa.string())
        known, places = self._look_up(part.layer, name, texts)
        if self._export.columns[name] == "choice":
            for chunk in chunks:
                of_chunk = np.from_dlpack(places.take(chunk.indices.drop_null()))
                known.rows += np.bincount(of_chunk, minlength=len(known.rows))
        meanings = known.meanings.take(places)
        rows = [pa.DictionaryArray.from_arrays(chunk.indices, meanings) for chunk in chunks]
        return pa.chunked_array(rows, pa.dictionary(pa.int32(), meanings.type))

    def leave_out(self, part: Staged, lines: pa.Array | pa.ChunkedArray) -> None:
        """Takes back what the part's rows of these lines counted: they were rejected."""
        rows = part.table.filter(pc.is_in(part.table.column("line"), lines))
        for name in part.layer.choices():
            known = self._known[name]
            for chunk in rows.column(f"c{part.layer.columns[name]}").chunks:
                places = pc.index_in(chunk.dictionary, known.texts).take(chunk.indices.drop_null())
                known.rows -= np.bincount(np.from_dlpack(places), minlength=len(known.rows))

    def choices(self) -> list[str]:
        """The enumerated columns whose texts were looked up."""
        return [name for name in self._known if self._export.columns[name] == "choice"]

    def counted(self, name: str) -> list[tuple[str, str | None, int]]:
        """The texts of an enumerated column so far, the most frequent first: text, value, rows."""
        if name not in self._known:
            return []
        known = self._known[name]
        table = pa.table({"raw": known.texts, "value": known.meanings, "rows": whole_numbers(known.rows)})
        with self._named("counted_texts", table):
            return run(self._connection, import_sql.COUNTED_VALUES)

    def _look_up(self, layer: Layer, name: str, texts: pa.StringArray) -> tuple[_Known, pa.IntegerArray]:
        """What is known of a column's texts, and the place of each there."""
        known = self._known.get(name)
        if known is None or (self._export.columns[name] != "choice" and len(known.texts) > _MOST):
            known = _Known(texts, self._find(layer, name, texts), np.zeros(len(texts), np.int64))
        places = pc.index_in(texts, known.texts)
        if places.null_count:
            new = texts.filter(places.is_null())
            known = known.with_more(new, self._find(layer, name, new))
            places = pc.index_in(texts, known.texts)
        self._known[name] = known
        return known, places

    def _find(self, layer: Layer, name: str, texts: pa.StringArray) -> pa.Array:
        query, parameters = self._query(layer, name)
        table = pa.table([whole_numbers(np.arange(len(texts))), texts], ["place", "raw"])
        with self._named("new_texts", table):
            return column(self._connection, query, parameters).combine_chunks()

    def _query(self, layer: Layer, name: str) -> tuple[str, Parameters]:
        type_ = self._export.columns[name]
        if type_ == "choice":
            return import_sql.FIND_VALUES, {"column": name}
        if type_ == "minutes":
            return import_sql.find_minutes(layer, name), {}
        assert self._key is not None  # who asks for contacts gives it
        key = self._key()
        return import_sql.FIND_HASHES, {"inner": key.inner, "outer": key.outer}

    @contextmanager
    def _named(self, name: str, table: pa.Table) -> Iterator[None]:
        """Statements know a table by a name within the block."""
        self._connection.register(name, table)
        try:
            yield
        finally:
            self._connection.unregister(name)
