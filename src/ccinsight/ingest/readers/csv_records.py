"""Reads records of a text file line by line: quoted fields over several lines, and malformed rows."""

from __future__ import annotations

from dataclasses import dataclass

from ccinsight.i18n import N_

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


class Record:
    """A record being read, line by line: a quoted field may go over several."""

    def __init__(self, line: int, delimiter: str) -> None:
        self.line = line
        self.fields: list[str] = []
        self.is_open = False
        self.open_line = line  # the line in which the open field began
        self.held = 0  # characters of the open field so far
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
                self.held += len(line)
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
                    self.held = len(self._raw[0])
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


def problem_of(fields: list[str], expected: int) -> tuple[str, str] | None:
    """Why these fields can't be a row, with what was seen; None where they can."""
    if any("\0" in field for field in fields):
        return HAS_NUL, ""
    if len(fields) != expected:
        return TOO_FEW if len(fields) < expected else TOO_MANY, str(len(fields))
    if any(len(field) > FIELD_LIMIT for field in fields):
        return TOO_LONG, ""
    return None
