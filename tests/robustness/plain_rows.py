"""Rows of a text file, read a second time: one sign after the other, by the words of exports.md ("Rows")."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

FIELD_LIMIT = 100_000


@dataclass
class Rows:
    """Good rows and rejected ones, each with the line it begins in; blank rows are neither."""

    good: list[tuple[int, tuple[str, ...]]] = field(default_factory=list)
    bad: list[tuple[int, tuple[str, ...]]] = field(default_factory=list)


@dataclass(frozen=True)
class _Record:
    fields: list[str]
    after: int  # where the next record begins
    open_end: int | None = None  # where the line ends in which a quoted field began that is never closed


def read(text: str, delimiter: str, width: int, line: int) -> Rows:
    """The rows of a text that begins after the header, at ``line``. Lines end in `\\n` or `\\r\\n`."""
    rows, at = Rows(), 0
    while at < len(text):
        record = _record(text, at, delimiter)
        if record.open_end is not None:  # the row is rejected; reading goes on at the line after the quote
            rows.bad.append((line, tuple(record.fields)))
        else:
            _judge(rows, line, record.fields, width)
        after = record.after if record.open_end is None else record.open_end
        line += text.count("\n", at, after)
        at = after
    return rows


def records(text: str, delimiter: str) -> list[list[str]]:
    """All records of a text that has no open quotes, blank ones too."""
    found, at = [], 0
    while at < len(text):
        record = _record(text, at, delimiter)
        found.append(record.fields)
        at = record.after
    return found


def _judge(rows: Rows, line: int, fields: list[str], width: int) -> None:
    if len(fields) != width and not any(each.strip() for each in fields):
        return  # a blank row
    is_bad = len(fields) != width or any(len(each) > FIELD_LIMIT or "\0" in each for each in fields)
    if is_bad:
        rows.bad.append((line, tuple(fields)))
    else:
        rows.good.append((line, tuple(map(_with_line_feeds, fields))))


def _with_line_feeds(text: str) -> str:
    """Line ends within a value are one kind (exports.md, Line ends within a value)."""
    return re.sub(r"(_x000[Dd]_|\r)?\r?\n|_x000[Dd]_\r?|\r", "\n", text)


def _record(text: str, at: int, delimiter: str) -> _Record:
    fields: list[str] = []
    while True:
        value = ""
        if text.startswith('"', at):
            begun = at
            at += 1
            while True:
                quote = text.find('"', at)
                if quote < 0:
                    end = text.find("\n", begun)
                    end = len(text) if end < 0 else end + 1
                    fields.append(text[begun:end].removesuffix("\n").removesuffix("\r"))
                    return _Record(fields, len(text), end)
                value += text[at:quote]
                at = quote + 1
                if not text.startswith('"', at):
                    break
                value += '"'
                at += 1
        # The rest of the field, which is all of it where it has no quotes.
        start = at
        while at < len(text) and text[at] not in (delimiter, "\n"):
            at += 1
        rest = text[start:at]
        is_end = at >= len(text) or text[at] == "\n"
        fields.append(value + (rest.removesuffix("\r") if is_end else rest))
        if is_end:
            return _Record(fields, at + 1)
        at += 1
