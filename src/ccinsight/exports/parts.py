"""Parts of a table: some of its rows as a clean text file that DuckDB reads, with the lines they came from."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass
from pathlib import Path
from typing import Self, TypeVar

from ccinsight.exports.records import Malformed

PART_BYTES = 48 << 20

Item = TypeVar("Item")


@dataclass(frozen=True)
class Part:
    """Rows of a table, in their order, in a text file: UTF-8, one line feed after each.

    ``runs``: (row, line), for rows counted from 0: from there on each row lies a line below the one before.
    ``padded``: the columns whose values may need trimming. ``rejected``: what lies between and is no record.
    ``done``: the part of the whole table (0 to 1) that is read with this one.
    """

    path: Path
    delimiter: str
    rows: int
    runs: tuple[tuple[int, int], ...]
    padded: frozenset[int]
    rejected: tuple[Malformed, ...]
    encoding: str
    done: float


class PartWriter:
    """Writes rows into parts, each to a new file in a folder of its own."""

    def __init__(self, folder: Path, delimiter: str, encoding: str) -> None:
        self.encoding = encoding
        self._folder, self._delimiter = folder, delimiter
        self._number = 0
        self._begin()

    @property
    def is_full(self) -> bool:
        """Whether the part is large enough to be ended."""
        return self._bytes >= PART_BYTES

    def lines(self, line: int, rows: int, text: bytes, padded: frozenset[int]) -> None:
        """Takes lines that are one record each, the first of which is ``line``."""
        self._run(line)
        self._out.write(text.translate(None, b"\r"))
        self._rows += rows
        self._bytes += len(text)
        self._padded |= padded

    def record(self, line: int, fields: Sequence[str]) -> None:
        """Takes one record, of any fields."""
        self._run(line)
        self._bytes += self._records.writerow(fields)
        self._rows += 1
        self._padded.update(at for at, field in enumerate(fields) if field != field.strip())

    def reject(self, row: Malformed) -> None:
        """Takes a row that is no record."""
        self._rejected.append(row)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._out.close()
        self._path.unlink(missing_ok=True)

    def end(self, done: float) -> Part:
        """Ends the part, whose file is then the caller's; what follows goes to the next."""
        self._out.close()
        part = Part(
            self._path,
            self._delimiter,
            self._rows,
            tuple(self._runs),
            frozenset(self._padded),
            tuple(self._rejected),
            self.encoding,
            done,
        )
        self._begin()
        return part

    def _begin(self) -> None:
        self._path = self._folder / f"part-{self._number}.csv"
        self._number += 1
        # Records go through the text layer, which keeps nothing back, lines beside it.
        self._out = self._path.open("wb")
        text = io.TextIOWrapper(self._out, "utf-8", "replace", newline="", write_through=True)
        self._records = csv.writer(
            text, delimiter=self._delimiter, lineterminator="\n", quoting=csv.QUOTE_ALL
        )
        self._rows = self._bytes = 0
        self._runs: list[tuple[int, int]] = []
        self._padded: set[int] = set()
        self._rejected: list[Malformed] = []

    def _run(self, line: int) -> None:
        if not self._runs or line - self._rows != self._runs[-1][1] - self._runs[-1][0]:
            self._runs.append((self._rows, line))


def prefetched(items: Iterator[Item]) -> Iterator[Item]:
    """The items, the next of which is being made while one is at work, in the caller's language."""

    def following() -> Item | None:
        return next(items, None)

    with ThreadPoolExecutor(1) as pool:
        coming = pool.submit(copy_context().run, following)
        while (item := coming.result()) is not None:
            coming = pool.submit(copy_context().run, following)
            yield item
