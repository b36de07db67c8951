"""Chunks of a table: some of its rows as clean text in memory, with the lines they came from."""

from __future__ import annotations

import csv
import io
import re
from collections import deque
from collections.abc import Collection, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import pyarrow as pa
from pyarrow.csv import ConvertOptions, ParseOptions, ReadOptions, read_csv

from ccinsight.ingest.readers.csv_records import FIELD_LIMIT, Malformed

CHUNK_BYTES = 48 << 20
_FIRST = 8  # the first chunk is so many times smaller: nothing can be stored before it is read
_BLOCK_BYTES = 4 << 20

_LINE_END = re.compile(r"(?:_x000[Dd]_|\r)?\r?\n|_x000[Dd]_\r?|\r")

Item = TypeVar("Item")


@dataclass(frozen=True)
class TextChunk:
    """Rows of a table, in their order, as text: UTF-8, each ended by a line feed or by return and line feed.

    ``text``: in pieces, one after the other. ``runs``: (row, line), for rows counted from 0: from there on each
    row lies a line below the one before. ``padded``: the columns whose values may need trimming. ``rejected``:
    the malformed rows between. ``longest``: no row has more bytes. ``done``: the share of the whole table (0 to 1)
    that is read with this chunk.
    """

    text: tuple[bytes | memoryview, ...]
    delimiter: str
    rows: int
    runs: tuple[tuple[int, int], ...]
    padded: frozenset[int]
    rejected: tuple[Malformed, ...]
    encoding: str
    longest: int
    has_breaks: bool  # whether a value holds the end of a line
    done: float

    def table(self, width: int, coded: Collection[int]) -> pa.Table:
        """The rows as columns of text c0, c1, …, null where empty, and each row's `line`.

        ``coded``: the columns that are given as a dictionary of values.
        """
        names = [f"c{at}" for at in range(width)]
        code = pa.dictionary(pa.int32(), pa.string())
        types = {name: code if at in coded else pa.string() for at, name in enumerate(names)}
        if not self.rows:
            return pa.schema([*types.items(), ("line", pa.int64())]).empty_table()
        table = read_csv(
            _Reader(self.text),
            ReadOptions(
                column_names=names, use_threads=False, block_size=max(_BLOCK_BYTES, 2 * self.longest)
            ),
            ParseOptions(
                delimiter=self.delimiter, newlines_in_values=self.has_breaks, ignore_empty_lines=False
            ),
            ConvertOptions(
                column_types=types,
                strings_can_be_null=True,
                quoted_strings_can_be_null=True,
                null_values=[""],
                check_utf8=False,
            ),
        )
        return table.append_column("line", whole_numbers(self._lines())).unify_dictionaries()

    def _lines(self) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        """Each row's line."""
        rows, lines = np.array(self.runs, np.int64).T
        below = np.repeat(lines - rows, np.diff(np.append(rows, self.rows)))
        below += np.arange(self.rows)
        return below


def whole_numbers(numbers: np.ndarray[tuple[int], np.dtype[np.int64]]) -> pa.Array:
    """The same numbers for Arrow. `pa.array` would load pandas first, which takes as long as a small file."""
    return pa.Array.from_buffers(pa.int64(), len(numbers), [None, pa.py_buffer(numbers)])


def one_line_end(text: str) -> str:
    """The text with line feeds for every line end: CR LF, CR, and Excel's escape `_x000D_`."""
    return _LINE_END.sub("\n", text) if "\r" in text or "_x000" in text else text


class _Reader(io.RawIOBase):
    """Reads pieces of text as a file: joined, they would take memory that is not in the processor's cache."""

    def __init__(self, pieces: Iterable[bytes | memoryview]) -> None:
        self._pieces = deque([memoryview(piece) for piece in pieces])

    def readable(self) -> bool:
        """Whether it can be read: yes."""
        return True

    def read(self, size: int = -1) -> bytes:
        """Reads ``size`` bytes, fewer only at the end; all of them if ``size`` is negative."""
        found, missing = [], size if size >= 0 else sum(map(len, self._pieces))
        while missing and self._pieces:
            piece = self._pieces.popleft()
            if len(piece) > missing:
                self._pieces.appendleft(piece[missing:])
                piece = piece[:missing]
            found.append(piece)
            missing -= len(piece)
        return b"".join(found)


class _Text:
    """Text in pieces, as it is written."""

    def __init__(self) -> None:
        self.size = 0
        self.pieces: list[bytes | memoryview] = []

    def add(self, piece: bytes | memoryview) -> None:
        self.pieces.append(piece)
        self.size += len(piece)

    def write(self, text: str) -> int:
        piece = text.encode("utf-8", "replace")
        self.add(piece)
        return len(piece)


class ChunkWriter:
    """Writes rows into chunks."""

    def __init__(self, delimiter: str, encoding: str) -> None:
        self.encoding = encoding
        self._delimiter = delimiter
        self._longest: int
        self._has_breaks: bool
        self._begin()
        self._full = CHUNK_BYTES // _FIRST

    @property
    def is_full(self) -> bool:
        """Whether the chunk is large enough to be ended."""
        return self._text.size >= self._full

    def lines(self, line: int, rows: int, text: memoryview, padded: frozenset[int]) -> None:
        """Takes lines that are one record each, the first of which is ``line``."""
        self._run(line)
        self._text.add(text)
        self._rows += rows
        self._padded |= padded

    def record(self, line: int, fields: Sequence[str]) -> None:
        """Takes one record, of any fields; line ends within them become line feeds."""
        self._run(line)
        fields = [one_line_end(field) for field in fields]
        self._longest = max(self._longest, self._records.writerow(fields))
        self._rows += 1
        self._padded.update(
            at for at, field in enumerate(fields) if field != field.strip() or field[:1] == "'"
        )
        self._has_breaks = self._has_breaks or any("\n" in field for field in fields)

    def reject(self, row: Malformed) -> None:
        """Takes a malformed row."""
        self._rejected.append(row)

    def end(self, done: float) -> TextChunk:
        """Ends the chunk; later rows go to the next one."""
        chunk = TextChunk(
            tuple(self._text.pieces),
            self._delimiter,
            self._rows,
            tuple(self._runs),
            frozenset(self._padded),
            tuple(self._rejected),
            self.encoding,
            self._longest,
            self._has_breaks,
            done,
        )
        self._begin()
        self._full = CHUNK_BYTES
        return chunk

    def _begin(self) -> None:
        self._text = _Text()
        self._records = csv.writer(
            self._text, delimiter=self._delimiter, lineterminator="\n", quoting=csv.QUOTE_ALL
        )
        self._rows = 0
        self._longest, self._has_breaks = FIELD_LIMIT, False
        self._runs: list[tuple[int, int]] = []
        self._padded: set[int] = set()
        self._rejected: list[Malformed] = []

    def _run(self, line: int) -> None:
        if not self._runs or line - self._rows != self._runs[-1][1] - self._runs[-1][0]:
            self._runs.append((self._rows, line))


def prefetched(items: Iterator[Item]) -> Iterator[Item]:
    """The items; the next one is made in another thread while one is at work, in the caller's language."""

    def following() -> Item | None:
        return next(items, None)

    with ThreadPoolExecutor(1) as pool:
        coming = pool.submit(copy_context().run, following)
        while (item := coming.result()) is not None:
            coming = pool.submit(copy_context().run, following)
            yield item
