"""Reads text files in chunks of clean text: UTF-8, each record with as many fields as the header, and its line.

Arrow parses CSV far faster than Python does, but only clean CSV. Lines that are plainly one record, nearly all, are
copied as they are; the others are read in Python, and a row that can't be one record is rejected.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ccinsight.ingest.history.reject_files import in_place, reason_column
from ccinsight.ingest.readers.chunks import ChunkWriter, TextChunk
from ccinsight.ingest.readers.csv_records import NEVER_CLOSED, Malformed, Record, problem_of
from ccinsight.ingest.readers.csv_scan import read_lines
from ccinsight.ingest.readers.encodings import decode
from ccinsight.ingest.readers.text_layout import Layout

BLOCK_BYTES = 1 << 19  # stays in the processor's cache
# The characters after which a quoted field counts as never closed: far more than a field may have, and few enough to
# be held in memory.
MOST_OPEN = 32_000_000


def read_chunks(path: Path, layout: Layout) -> Iterator[TextChunk]:
    """The rows of a file, chunk by chunk; a row that can't be read as one record is among a chunk's rejects."""
    size = max(path.stat().st_size, 1)
    writer = ChunkWriter(layout.delimiter, layout.encoding)
    records = _Records(layout, writer)
    with path.open("rb") as source:
        source.seek(layout.start)
        while block := source.read(BLOCK_BYTES):
            records.take(_as_utf_8(block + source.readline(), writer))
            if writer.is_full:
                yield writer.end(source.tell() / size)
    records.finish()
    yield writer.end(1.0)


def _as_utf_8(block: bytes, writer: ChunkWriter) -> bytes:
    """Whole lines as UTF-8, the last ended too."""
    text, is_utf_8 = decode(block)
    if not is_utf_8:
        writer.encoding = "windows-1252"
        block = text.encode("utf-8")
    return block if block.endswith(b"\n") else block + b"\n"


class _Records:
    """Finds the records in lines of text: most lines are one each, and the others are read in Python."""

    def __init__(self, layout: Layout, writer: ChunkWriter) -> None:
        self._delimiter, self._width = layout.delimiter, len(layout.headers)
        self._has_reasons = reason_column(layout.headers) is not None
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
        """Ends the file: a quoted field that is still open is never closed."""
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
        """Takes a line that may not be a record, or that continues an open one."""
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
        if self._has_reasons:
            fields = in_place(fields, self._width)
        problem = problem_of(fields, self._width)
        if problem:
            self._writer.reject(Malformed(number, *problem, fields))
        else:
            self._writer.record(number, fields)
