"""Text files made plain: encoding, delimiter, records with as many fields as the header, each with its line.

Arrow reads CSV far faster than Python does, but only a clean one. A file is copied, part by part, to clean text:
UTF-8, each record of as many fields as the header. Lines that plainly are records, nearly all, are copied as they
are; the others are read in Python, and what can't be a record is rejected.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ccinsight.exports.blocks import read_lines
from ccinsight.exports.encodings import HEAD_BYTES, decode
from ccinsight.exports.parts import Part, PartWriter
from ccinsight.exports.records import NEVER_CLOSED, Malformed, Record, problem_of

BLOCK_BYTES = 1 << 19  # stays in the processor's cache
DELIMITERS = ";,\t"
# Characters after which nobody waits for the end of a quoted field any longer: far more than a field may have, and
# few enough to be held in memory.
MOST_OPEN = 32_000_000
_SEPARATOR_LINE = re.compile(r"sep=([;,\t|])\r?\n?", re.IGNORECASE)


@dataclass(frozen=True)
class Layout:
    """How a text file is laid out. ``start``: offset in bytes of the first row, at ``first_line``."""

    encoding: str
    delimiter: str
    headers: tuple[str, ...]
    start: int
    first_line: int


# ---------------------------------------------------------------- header


def read_layout(path: Path, likeness: Callable[[list[str]], int]) -> Layout | None:
    """The layout of a text file (UTF-8 or Windows-1252); None where it holds no header.

    The delimiter is the one that gives the most headers that ``likeness`` knows, else the most fields.
    """
    with path.open("rb") as source:
        head = source.read(HEAD_BYTES)
    mark = len(codecs.BOM_UTF8) if head.startswith(codecs.BOM_UTF8) else 0
    text, is_utf_8 = decode(head[mark : _last_line_end(head)])
    lines = text.split("\n")
    offset, number, separator = mark, 1, None
    while lines and _is_skipped(lines[0]):
        if found := _SEPARATOR_LINE.fullmatch(lines[0]):
            separator = found[1]
        offset += _length(lines.pop(0), is_utf_8)
        number += 1
    if not lines:
        return None
    candidates = [_header(lines, delimiter) for delimiter in separator or DELIMITERS]
    best = max(candidates, key=lambda header: (likeness(header.fields), len(header.fields)))
    offset += sum(_length(line, is_utf_8) for line in lines[: best.lines])
    headers = tuple(field.strip() for field in best.fields)
    return Layout(
        "utf-8" if is_utf_8 else "windows-1252", best.delimiter, headers, offset, number + best.lines
    )


def _last_line_end(head: bytes) -> int:
    end = head.rfind(b"\n") + 1
    return end if end and len(head) == HEAD_BYTES else len(head)


def _is_skipped(line: str) -> bool:
    return not line.strip() or bool(_SEPARATOR_LINE.fullmatch(line))


def _length(line: str, is_utf_8: bool) -> int:
    return (len(line.encode("utf-8")) if is_utf_8 else len(line)) + 1


@dataclass(frozen=True)
class _Header:
    delimiter: str
    fields: list[str]
    lines: int


def _header(lines: list[str], delimiter: str) -> _Header:
    record = Record(1, delimiter)
    for number, line in enumerate(lines, 1):
        record.feed(number, line)
        if not record.is_open:
            return _Header(delimiter, record.fields, number)
    return _Header(delimiter, lines[0].split(delimiter), 1)


# ---------------------------------------------------------------- rows


def frame(path: Path, layout: Layout) -> Iterator[Part]:
    """The rows of a file, part by part; what is no record is rejected there."""
    size = max(path.stat().st_size, 1)
    writer = PartWriter(layout.delimiter, layout.encoding)
    records = _Records(layout, writer)
    with path.open("rb") as source:
        source.seek(layout.start)
        while block := source.read(BLOCK_BYTES):
            records.take(_as_utf_8(block + source.readline(), writer))
            if writer.is_full:
                yield writer.end(source.tell() / size)
    records.finish()
    yield writer.end(1.0)


def _as_utf_8(block: bytes, writer: PartWriter) -> bytes:
    """Whole lines as UTF-8, the last ended too."""
    text, is_utf_8 = decode(block)
    if not is_utf_8:
        writer.encoding = "windows-1252"
        block = text.encode("utf-8")
    return block if block.endswith(b"\n") else block + b"\n"


class _Records:
    """Tells the records in lines of text: most lines are one each, and the others are read in Python."""

    def __init__(self, layout: Layout, writer: PartWriter) -> None:
        self._delimiter, self._width = layout.delimiter, len(layout.headers)
        self._number = layout.first_line  # of the next line
        self._writer = writer
        self._record: Record | None = None

    def take(self, block: bytes) -> None:
        """Takes whole lines."""
        lines, view = read_lines(block, self._delimiter, self._width), memoryview(block)
        starts, count, at = lines.starts, len(lines), 0
        first = self._number
        for odd in [*lines.odd.tolist(), count]:
            while self._record is not None and at < count:
                self._line(first + at, block[starts[at] : starts[at + 1]])
                at += 1
            if at < odd:
                self._writer.lines(first + at, odd - at, view[starts[at] : starts[odd]], lines.padded)
            if at <= odd < count:
                self._line(first + odd, block[starts[odd] : starts[odd + 1]])
            at = max(at, odd + 1)
        self._number = first + count

    def finish(self) -> None:
        """The file's end: what is still open is never closed."""
        while self._record is not None:
            self._give_up(self._record)

    def _give_up(self, record: Record) -> None:
        """Rejects a row whose quoted field isn't closed; reading goes on at the line after the one where it began."""
        self._record = None
        self._writer.reject(Malformed(record.line, NEVER_CLOSED, "", record.up_to_the_quote()))
        after = record.lines_after_the_quote()
        if after:
            self._number = record.open_line + 1
            self.take(("\n".join(after) + "\n").encode("utf-8"))

    def _line(self, number: int, line: bytes) -> None:
        """Takes a line that is no record for sure, or that goes on with an open one."""
        text = line[:-1].decode("utf-8")
        if self._record is None and '"' not in text:
            self._judge(number, text.removesuffix("\r").split(self._delimiter))
            return
        self._record = self._record or Record(number, self._delimiter)
        self._record.feed(number, text)
        if not self._record.is_open:
            record, self._record = self._record, None
            self._judge(record.line, record.fields)
        elif self._record.held > MOST_OPEN:
            self._give_up(self._record)

    def _judge(self, number: int, fields: list[str]) -> None:
        if len(fields) != self._width and not any(field.strip() for field in fields):
            return  # a blank row of another width
        problem = problem_of(fields, self._width)
        if problem:
            self._writer.reject(Malformed(number, *problem, fields))
        else:
            self._writer.record(number, fields)
