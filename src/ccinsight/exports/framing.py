"""Text files made plain: encoding, delimiter, records with as many fields as the header, each with its line.

DuckDB reads CSV far faster than Python does, but only a clean one. A file that is clean (UTF-8, each line one
record of the right number of fields) is read as it is. Any other is copied to a clean one first, where each
record begins with the number of its line, and what can't be a record goes to the rejects.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ccinsight.exports.blocks import NotCleanError, check_block
from ccinsight.exports.encodings import HEAD_BYTES, decode
from ccinsight.exports.records import Numbering, Record, Reject

BLOCK_BYTES = 1 << 23
DELIMITERS = ";,\t"
_SEPARATOR_LINE = re.compile(r"sep=([;,\t|])\r?\n?", re.IGNORECASE)

# Takes the part done, 0 to 1.
Tell = Callable[[float], None]


@dataclass(frozen=True)
class Layout:
    """How a text file is laid out. ``start``: offset in bytes of the first row, at ``first_line``."""

    encoding: str
    delimiter: str
    headers: tuple[str, ...]
    start: int
    first_line: int


@dataclass(frozen=True)
class Framed:
    """A file that DuckDB can read: ``skip`` lines come before the rows.

    ``first_line`` is the line of the first row where each line is a row, None where each row begins with its
    own line. ``padded`` are the columns whose values may need trimming (None: any).
    """

    path: Path
    delimiter: str
    skip: int
    first_line: int | None
    rows: int
    encoding: str
    padded: frozenset[int] | None = None


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


def frame(path: Path, layout: Layout, copy: Path, reject: Reject, tell: Tell) -> Framed:
    """Makes a file readable for DuckDB: as it is where that can be, else a clean copy at ``copy``.

    ``reject`` takes each row that is no record; ``tell`` the part done (0 to 1).
    """
    for way in (_as_it_is, _copied):
        try:
            return way(path, layout, copy, tell)
        except NotCleanError:
            continue
    return _numbered(path, layout, copy, reject, tell)


def _blocks(path: Path, start: int, tell: Tell) -> Iterator[bytes]:
    """The file from ``start`` in blocks of whole lines; the last may lack its line end."""
    size = max(path.stat().st_size, 1)
    with path.open("rb") as source:
        source.seek(start)
        while block := source.read(BLOCK_BYTES):
            yield block + source.readline()
            tell(min(source.tell() / size, 1.0))


class _Totals:
    """What the blocks of a clean file come to; all of them must end their lines in the same way."""

    def __init__(self, layout: Layout) -> None:
        self.rows = 0
        self.padded: frozenset[int] = frozenset()
        self._layout = layout
        self._ends_in_return: bool | None = None

    def add(self, block: bytes) -> None:
        clean = check_block(block, self._layout.delimiter, len(self._layout.headers))
        if self._ends_in_return not in (None, clean.ends_in_return):
            raise NotCleanError
        self._ends_in_return = clean.ends_in_return
        self.rows += clean.rows
        self.padded |= clean.padded


def _as_it_is(path: Path, layout: Layout, _copy: Path, tell: Tell) -> Framed:
    if layout.encoding != "utf-8" or layout.first_line != 2:
        raise NotCleanError
    totals = _Totals(layout)
    with path.open("rb") as source:
        header = source.read(layout.start)
    if header.count(b"\r") != header.endswith(b"\r\n"):
        raise NotCleanError  # DuckDB would take a return in a header for the end of its line
    for block in _blocks(path, layout.start, tell):
        totals.add(block)
        if header.endswith(b"\r\n") != (b"\r" in block) or not decode(block)[1]:
            raise NotCleanError
    return Framed(path, layout.delimiter, 1, layout.first_line, totals.rows, "utf-8", totals.padded)


def _copied(path: Path, layout: Layout, copy: Path, tell: Tell) -> Framed:
    totals = _Totals(layout)
    encoding = layout.encoding
    with copy.open("wb") as out:
        for block in _blocks(path, layout.start, tell):
            totals.add(block)
            text, is_utf_8 = decode(block)
            encoding = encoding if is_utf_8 else "windows-1252"
            out.write(text.encode("utf-8"))
    return Framed(copy, layout.delimiter, 0, layout.first_line, totals.rows, encoding, totals.padded)


def _numbered(path: Path, layout: Layout, copy: Path, reject: Reject, tell: Tell) -> Framed:
    with copy.open("wb") as out:
        writer = Numbering(layout.delimiter, len(layout.headers), out, reject)
        number = layout.first_line
        encoding = layout.encoding
        for block in _blocks(path, layout.start, tell):
            is_clean = writer.is_between_records and _is_clean(block, layout)
            text, is_utf_8 = decode(block.removesuffix(b"\n"))
            encoding = encoding if is_utf_8 else "windows-1252"
            lines = text.split("\n")
            if is_clean:
                writer.take_clean(number, text)
            else:
                writer.take(enumerate(lines, number))
            number += len(lines)
        writer.finish()
    return Framed(copy, layout.delimiter, 0, None, writer.rows, encoding)


def _is_clean(block: bytes, layout: Layout) -> bool:
    try:
        check_block(block, layout.delimiter, len(layout.headers))
    except NotCleanError:
        return False
    return True
