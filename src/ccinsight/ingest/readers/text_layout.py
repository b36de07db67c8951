"""The layout of a text file: its delimiter, its header, and where its rows begin."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ccinsight.ingest.readers.csv_records import Record
from ccinsight.ingest.readers.encodings import HEAD_BYTES, decode
from ccinsight.ingest.readers.header_row import MOST_ROWS, Fitness, HeaderChoice, choose_header

DELIMITERS = ";,\t"
_SEPARATOR_LINE = re.compile(r"sep=([;,\t|])\r?\n?", re.IGNORECASE)


@dataclass(frozen=True)
class Layout:
    """How a text file is laid out. ``start``: offset in bytes of the first row, at ``first_line``.

    ``above``: the texts of the rows above the header.
    """

    encoding: str
    delimiter: str
    headers: tuple[str, ...]
    start: int
    first_line: int
    above: tuple[str, ...] = ()


def read_layout(path: Path, fit: Fitness) -> Layout | None:
    """The layout of a text file (UTF-8 or Windows-1252); None where it holds no header.

    The header and the delimiter are those that fit an export best, then those that give the most fields.
    """
    with path.open("rb") as source:
        head = source.read(HEAD_BYTES)
    mark = len(codecs.BOM_UTF8) if head.startswith(codecs.BOM_UTF8) else 0
    head = head[mark : _last_line_end(head)]
    text, is_utf_8 = decode(head)
    lines, skipped, separator = text.split("\n"), 0, None
    while skipped < len(lines) and _is_skipped(lines[skipped]):
        if found := _SEPARATOR_LINE.fullmatch(lines[skipped]):
            separator = found[1]
        skipped += 1
    delimiters = separator or DELIMITERS
    quick = [_candidate(lines, skipped, delimiter, fit, 1) for delimiter in delimiters]
    candidates = [each for each in quick if each and each.choice.fit.is_complete]
    if not candidates:
        scanned = [_candidate(lines, skipped, delimiter, fit, MOST_ROWS) for delimiter in delimiters]
        candidates = [each for each in scanned if each]
    if not candidates:
        return None
    best = max(candidates, key=lambda each: (each.choice.rank, len(each.choice.fields)))
    start = mark + sum(len(line) + 1 for line in head.split(b"\n")[: best.end])
    return Layout(
        "utf-8" if is_utf_8 else "windows-1252",
        best.delimiter,
        best.choice.fields,
        start,
        best.end + 1,
        best.above,
    )


def _last_line_end(head: bytes) -> int:
    end = head.rfind(b"\n") + 1
    return end if end and len(head) == HEAD_BYTES else len(head)


def _is_skipped(line: str) -> bool:
    return not line.strip() or bool(_SEPARATOR_LINE.fullmatch(line))


@dataclass(frozen=True)
class _Candidate:
    """A header by one delimiter; ``end``: the lines up to its end."""

    delimiter: str
    choice: HeaderChoice
    end: int
    above: tuple[str, ...]


def _candidate(
    lines: list[str], start: int, delimiter: str, fit: Fitness, most_rows: int
) -> _Candidate | None:
    """The best header by a delimiter among the first rows from a line on; None where all are empty."""
    rows = []
    for row in _first_rows(lines, start, delimiter):
        rows.append(row)
        if len(rows) == most_rows:
            break
    if not rows:
        return None
    choice = choose_header([row.fields for row in rows], fit)
    above = tuple(" ".join(filter(None, map(str.strip, row.fields))) for row in rows[: choice.above])
    return _Candidate(delimiter, choice, rows[choice.above + choice.rows - 1].end, above)


@dataclass(frozen=True)
class _Row:
    fields: list[str]
    end: int  # the lines up to its end


def _first_rows(lines: list[str], start: int, delimiter: str) -> Iterator[_Row]:
    """The rows that aren't empty, from a line on."""
    while start < len(lines):
        row = _row(lines, start, delimiter)
        start = row.end
        if any(field.strip() for field in row.fields):
            yield row


def _row(lines: list[str], start: int, delimiter: str) -> _Row:
    record = Record(1, delimiter)
    for at in range(start, len(lines)):
        record.feed(at, lines[at])
        if not record.is_open:
            return _Row(record.fields, at + 1)
    return _Row(lines[start].split(delimiter), start + 1)
