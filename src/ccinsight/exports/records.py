"""Records of a text file, read line by line: quoted fields over several lines, and rows that are none."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import BinaryIO

from ccinsight.exports.reasons import N_

FIELD_LIMIT = 100_000
TOO_FEW = N_("too few fields")
TOO_MANY = N_("too many fields")
HAS_NUL = N_("has a NUL byte")
TOO_LONG = N_("a field is longer than 100 000 characters")
ERROR_CELL = N_("an error of Excel's own")
NEVER_CLOSED = N_("a quoted field is never closed")


@dataclass(frozen=True)
class Malformed:
    """A row that can't be read as one record: line, reason, what was seen, its fields as far as they go."""

    line: int
    reason: str
    value: str
    fields: list[str]
    column: str | None = None  # where one column is to blame


Reject = Callable[[Malformed], None]


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
        """Takes the next line, without its line feed. The record is then complete, or open for another."""
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
        """Ends the open field in this line: where the next begins, -1 at the line's end, None: still open."""
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


class Numbering:
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
        """The file's end: a row whose quoted field is still open is rejected; reading goes on after it."""
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
        if len(fields) != self._fields and not any(field.strip() for field in fields):
            return  # a blank row of another width
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
