"""Text files made plain: encoding, delimiter, records with as many fields as the header, each with its line.

DuckDB reads CSV far faster than Python does, but only a clean one. A file that is clean (UTF-8, each line one record
of the right number of fields) is read as it is. Any other is copied to a clean one first, where each record begins with
the number of its line, and what can't be a record goes to the rejects. Blocks are checked with numpy, so that a clean
file costs about a scan of its bytes.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np

from ccinsight.exports.reasons import N_

BLOCK_BYTES = 1 << 23
HEAD_BYTES = 1 << 20
FIELD_LIMIT = 100_000
DELIMITERS = ";,\t"
TOO_FEW = N_("too few fields")
TOO_MANY = N_("too many fields")
HAS_NUL = N_("has a NUL byte")
TOO_LONG = N_("a field is longer than 100 000 characters")
NEVER_CLOSED = N_("a quoted field is never closed")

_NEWLINE, _RETURN, _QUOTE = 10, 13, 34
_C1_BYTES = bytes(range(0x80, 0xA0))
# Windows-1252 with its five holes filled as browsers do, so that no byte is ever lost.
_WINDOWS_1252 = "".join(bytes([b]).decode("cp1252", "ignore") or chr(b) for b in range(256))
_SEPARATOR_LINE = re.compile(r"sep=(.)\r?\n?", re.IGNORECASE)


@dataclass(frozen=True)
class Malformed:
    """A row that can't be read as one record: line, reason, what was wrong with it, its fields as far as they go."""

    line: int
    reason: str
    value: str
    fields: list[str]


@dataclass(frozen=True)
class Layout:
    """How a text file is laid out. ``start``: offset in bytes of the first row after the header, at ``first_line``."""

    encoding: str
    delimiter: str
    headers: tuple[str, ...]
    start: int
    first_line: int


@dataclass(frozen=True)
class Framed:
    """A file that DuckDB can read: ``skip`` lines come before the rows.

    ``first_line`` is the line of the first row where lines follow each other, None where each row begins with its own.
    """

    path: Path
    delimiter: str
    skip: int
    first_line: int | None
    rows: int
    encoding: str


class _NotClean(Exception):
    """The file can't be read in the way that was tried."""


Tell = Callable[[float], None]
Reject = Callable[[Malformed], None]


# ---------------------------------------------------------------- encoding


def utf_16(head: bytes) -> str | None:
    """The codec of a UTF-16 file, by its mark or by the zeros between Latin letters; else None."""
    if head.startswith(codecs.BOM_UTF16_LE):
        return "utf-16-le"
    if head.startswith(codecs.BOM_UTF16_BE):
        return "utf-16-be"
    sample = head[:4096]
    odd, even = sample[1::2], sample[0::2]
    if len(sample) >= 4 and odd.count(0) > 0.4 * len(odd) and even.count(0) < 0.1 * len(even):
        return "utf-16-le"
    if len(sample) >= 4 and even.count(0) > 0.4 * len(even) and odd.count(0) < 0.1 * len(odd):
        return "utf-16-be"
    return None


def plain_copy(path: Path, target: Path) -> Path:
    """The file itself, or where it is UTF-16 or ends its lines in returns alone, a plain copy of it at ``target``."""
    with path.open("rb") as source:
        head = source.read(HEAD_BYTES)
    if codec := utf_16(head):
        _copy_utf_16(path, codec, target)
        return target
    if b"\r" in head and b"\n" not in head:
        _copy_returns(path, target)
        return target
    return path


def _copy_utf_16(path: Path, codec: str, target: Path) -> None:
    """What is no character becomes U+FFFD."""
    decoder = codecs.getincrementaldecoder(codec)("replace")
    with path.open("rb") as source, target.open("wb") as out:
        while block := source.read(BLOCK_BYTES):
            out.write(decoder.decode(block).encode("utf-8", "replace"))
        out.write(decoder.decode(b"", final=True).encode("utf-8", "replace"))


def _copy_returns(path: Path, target: Path) -> None:
    with path.open("rb") as source, target.open("wb") as out:
        while block := source.read(BLOCK_BYTES):
            out.write(block.replace(b"\r", b"\n"))


def decode(block: bytes) -> tuple[str, bool]:
    """The text of whole lines, and whether it was UTF-8; else Windows-1252.

    Where a file of UTF-8 has a line that isn't, only that line is taken for Windows-1252.
    """
    try:
        return block.decode("utf-8"), True
    except UnicodeDecodeError as e:
        if block[: e.start].isascii():
            return _windows_1252(block), False
    return "\n".join(_decode_line(line) for line in block.split(b"\n")), False


def _decode_line(line: bytes) -> str:
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        return _windows_1252(line)


def _windows_1252(block: bytes) -> str:
    # Latin-1 differs only in 0x80-0x9F and is decoded many times faster.
    if len(block.translate(None, _C1_BYTES)) == len(block):
        return block.decode("latin-1")
    return codecs.charmap_decode(block, "strict", _WINDOWS_1252)[0]


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
    try:
        return _as_it_is(path, layout, tell)
    except _NotClean:
        pass
    try:
        return _in_utf_8(path, layout, copy, tell)
    except _NotClean:
        return _numbered(path, layout, copy, reject, tell)


def _blocks(path: Path, start: int, tell: Tell) -> Iterator[bytes]:
    """The file from ``start`` in blocks of whole lines; the last may lack its line end."""
    size = max(path.stat().st_size, 1)
    with path.open("rb") as source:
        source.seek(start)
        while block := source.read(BLOCK_BYTES):
            yield block + source.readline()
            tell(min(source.tell() / size, 1.0))


def _as_it_is(path: Path, layout: Layout, tell: Tell) -> Framed:
    if layout.encoding != "utf-8":
        raise _NotClean
    with path.open("rb") as source:
        ends_in_return = source.read(layout.start).endswith(b"\r\n")
    rows = 0
    for block in _blocks(path, layout.start, tell):
        rows += clean_rows(block, layout.delimiter, len(layout.headers))
        if ends_in_return != (b"\r" in block):
            raise _NotClean
        try:
            block.decode("utf-8")
        except UnicodeDecodeError as e:
            raise _NotClean from e
    return Framed(path, layout.delimiter, layout.first_line - 1, layout.first_line, rows, "utf-8")


def _in_utf_8(path: Path, layout: Layout, copy: Path, tell: Tell) -> Framed:
    rows = 0
    encoding = layout.encoding
    with copy.open("wb") as out:
        ends_in_return = None
        for block in _blocks(path, layout.start, tell):
            rows += clean_rows(block, layout.delimiter, len(layout.headers))
            if ends_in_return not in (None, b"\r" in block):
                raise _NotClean
            ends_in_return = b"\r" in block
            text, is_utf_8 = decode(block)
            encoding = encoding if is_utf_8 else "windows-1252"
            out.write(text.encode("utf-8"))
    return Framed(copy, layout.delimiter, 0, layout.first_line, rows, encoding)


def clean_rows(block: bytes, delimiter: str, fields: int) -> int:
    """The number of rows in a block where each line is one record of ``fields`` fields. Raises _NotClean else."""
    if fields < 2 or b"\0" in block:
        raise _NotClean
    if not block.endswith(b"\n"):
        block += b"\n"
    marks = np.frombuffer(block, np.uint8)
    ends = np.flatnonzero(marks == _NEWLINE)
    returns = block.count(b"\r")
    if returns and not returns == len(ends) == block.count(b"\r\n"):
        raise _NotClean
    delimiters = np.flatnonzero(marks == ord(delimiter))
    if b'"' in block:
        delimiters = _outside_quotes(marks, ends, delimiters, ord(delimiter))
    if len(delimiters) != len(ends) * (fields - 1):
        raise _NotClean
    grid = delimiters.reshape(len(ends), fields - 1)
    in_their_lines = (grid[:, -1] < ends).all() and (grid[1:, 0] > ends[:-1]).all()
    if not in_their_lines or np.diff(ends, prepend=-1).max() > FIELD_LIMIT:
        raise _NotClean
    return len(ends)


def _outside_quotes(
    marks: np.ndarray[tuple[int], np.dtype[np.uint8]],
    ends: np.ndarray[tuple[int], np.dtype[np.intp]],
    delimiters: np.ndarray[tuple[int], np.dtype[np.intp]],
    delimiter: int,
) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
    """The delimiters that part fields. Raises _NotClean where quotes aren't plainly around whole fields of a line."""
    quotes = marks == _QUOTE
    inside = np.cumsum(quotes, dtype=np.uint8) & 1
    if inside[ends].any():
        raise _NotClean
    at = np.flatnonzero(quotes)
    before = marks[at[0::2] - 1]
    if at[0] == 0:
        before[0] = _NEWLINE
    after = marks[at[1::2] + 1]
    # A doubled quote is a closing one followed by an opening one.
    opens_well = np.isin(before, (delimiter, _NEWLINE, _QUOTE)).all()
    closes_well = np.isin(after, (delimiter, _NEWLINE, _RETURN, _QUOTE)).all()
    if not opens_well or not closes_well:
        raise _NotClean
    return delimiters[inside[delimiters] == 0]


def _numbered(path: Path, layout: Layout, copy: Path, reject: Reject, tell: Tell) -> Framed:
    with copy.open("wb") as out:
        writer = _Numbering(layout.delimiter, len(layout.headers), out, reject)
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
        clean_rows(block, layout.delimiter, len(layout.headers))
    except _NotClean:
        return False
    return True


class Record:
    """A record being read, line by line: a quoted field may go over several."""

    def __init__(self, line: int, delimiter: str) -> None:
        self.line = line
        self.fields: list[str] = []
        self.is_open = False
        self.open_line = line  # the line in which the open field began
        self._number = line
        self._delimiter = delimiter
        self._raw: list[str] = []  # the lines of a quoted field that is open, the first from after its quote

    def feed(self, number: int, line: str) -> None:
        """Takes the next line, without its line feed. Afterwards the record is complete, or open for another."""
        at = 0
        self._number = number
        if self.is_open:
            closed = self._close(line, 0)
            if closed is None:
                self._raw.append(line)
                return
            at = closed
            if at < 0:
                return
        self._read_fields(line.removesuffix("\r"), line, at)

    def lines_after_the_quote(self) -> list[str]:
        """The lines after the one in which the open field began."""
        return self._raw[1:]

    def up_to_the_quote(self) -> list[str]:
        """The fields up to the end of the line in which the open field began."""
        return [*self.fields, '"' + self._raw[0].removesuffix("\r")]

    def _read_fields(self, line: str, whole: str, at: int) -> None:
        while at >= 0:
            if line.startswith('"', at):
                self.is_open = True
                closed = self._close(whole, at + 1)
                if closed is None:
                    self._raw, self.open_line = [whole[at + 1 :]], self._number
                    return
                at = closed
                continue
            stop = line.find(self._delimiter, at)
            self.fields.append(line[at:] if stop < 0 else line[at:stop])
            at = stop + 1 if stop >= 0 else -1

    def _close(self, line: str, start: int) -> int | None:
        """Ends the open field in this line: where the next field begins, -1 at the line's end, None: still open."""
        end = line.find('"', start)
        while end >= 0 and line.startswith('""', end):
            end = line.find('"', end + 2)
        if end < 0:
            return None
        quoted = "\n".join([*self._raw, line[start:end]]).replace('""', '"')
        self._raw, self.is_open = [], False
        # Text between the closing quote and the delimiter belongs to the field.
        stop = line.find(self._delimiter, end + 1)
        self.fields.append(
            quoted + (line[end + 1 :].removesuffix("\r") if stop < 0 else line[end + 1 : stop])
        )
        return stop + 1 if stop >= 0 else -1


def _problem(fields: list[str], expected: int) -> tuple[str, str] | None:
    """Why these fields can't be a row, with what was seen; None where they can."""
    if any("\0" in field for field in fields):
        return HAS_NUL, ""
    if len(fields) != expected:
        return TOO_FEW if len(fields) < expected else TOO_MANY, str(len(fields))
    if any(len(field) > FIELD_LIMIT for field in fields):
        return TOO_LONG, ""
    return None


class _Numbering:
    """Writes records with their line numbers, and rejects what is none."""

    def __init__(self, delimiter: str, fields: int, out: BinaryIO, reject: Reject) -> None:
        self.rows = 0
        self._delimiter, self._fields, self._out, self._reject = delimiter, fields, out, reject
        self._record: Record | None = None
        self._lines: list[str] = []

    @property
    def is_between_records(self) -> bool:
        return self._record is None

    def take_clean(self, number: int, text: str) -> None:
        """Lines that are known to be records."""
        lines = text.replace("\r\n", "\n").removesuffix("\r").split("\n")
        self._lines += [f"{at}{self._delimiter}{line}" for at, line in enumerate(lines, number)]
        self._flush()

    def take(self, lines: Iterable[tuple[int, str]]) -> None:
        for number, line in lines:
            if self._record is None and '"' in line:
                self._record = Record(number, self._delimiter)
            if self._record is not None:
                self._continue(self._record, number, line)
            else:
                self._plain(number, line.removesuffix("\r"))
        self._flush()

    def finish(self) -> None:
        """At the end of the file: a row whose quoted field is still open is rejected, and reading goes on after it."""
        while self._record is not None:
            record, self._record = self._record, None
            self._reject(Malformed(record.line, NEVER_CLOSED, "", record.up_to_the_quote()))
            self.take(enumerate(record.lines_after_the_quote(), record.open_line + 1))

    def _plain(self, number: int, line: str) -> None:
        """A line without a quote: most lines, so no field of it is touched."""
        if (
            line.count(self._delimiter) != self._fields - 1
            or len(line) > FIELD_LIMIT
            or "\0" in line
            or "\r" in line
        ):
            if line.strip():
                self._judge(number, line.split(self._delimiter))
        else:
            self._lines.append(f"{number}{self._delimiter}{line}")

    def _continue(self, record: Record, number: int, line: str) -> None:
        record.feed(number, line)
        if not record.is_open:
            self._record = None
            self._judge(record.line, record.fields)

    def _judge(self, number: int, fields: list[str]) -> None:
        problem = _problem(fields, self._fields)
        if problem:
            self._reject(Malformed(number, *problem, fields))
        else:
            quoted = self._delimiter.join('"' + field.replace('"', '""') + '"' for field in fields)
            self._lines.append(f"{number}{self._delimiter}{quoted}")

    def _flush(self) -> None:
        if self._lines:
            self.rows += len(self._lines)
            self._out.write(("\n".join(self._lines) + "\n").encode("utf-8", "replace"))
            self._lines = []
