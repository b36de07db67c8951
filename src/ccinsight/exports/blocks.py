"""Blocks of a text file, checked with numpy: is each line plainly one record of the right width?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from ccinsight.exports.records import FIELD_LIMIT

_NEWLINE, _RETURN, _QUOTE = 10, 13, 34
# Space, tab, and the last or first bytes of the two no-break spaces in UTF-8 and Windows-1252.
_PADDING = np.zeros(256, np.bool_)
_PADDING[[0x20, 0x09, 0xA0, 0xAF, 0xC2, 0xE2]] = True

_Bytes: TypeAlias = np.ndarray[tuple[int], np.dtype[np.uint8]]
_Places: TypeAlias = np.ndarray[tuple[int], np.dtype[np.intp]]
_Grid: TypeAlias = np.ndarray[tuple[int, int], np.dtype[np.intp]]


class NotCleanError(Exception):
    """A block that has to be read record by record."""


@dataclass(frozen=True)
class Clean:
    """A clean block: its rows, whether lines end in `\\r\\n`, the columns where a value may need trimming."""

    rows: int
    ends_in_return: bool
    padded: frozenset[int]


def check_block(block: bytes, delimiter: str, fields: int) -> Clean:
    """Checks that each line is one record of ``fields`` fields. Raises NotCleanError where one isn't."""
    if fields < 2 or b"\0" in block:
        raise NotCleanError
    if not block.endswith(b"\n"):
        block += b"\r\n" if b"\r\n" in block else b"\n"
    marks: _Bytes = np.frombuffer(block, np.uint8)
    ends: _Places = np.flatnonzero(marks == _NEWLINE)
    returns = block.count(b"\r")
    if returns and not returns == len(ends) == block.count(b"\r\n"):
        raise NotCleanError
    delimiters: _Places = np.flatnonzero(marks == ord(delimiter))
    quotes: _Places = np.flatnonzero(marks == _QUOTE) if b'"' in block else np.empty(0, np.intp)
    if len(quotes):
        delimiters = _outside_quotes(marks, ends, delimiters, quotes, ord(delimiter))
    if len(delimiters) != len(ends) * (fields - 1):
        raise NotCleanError
    grid = delimiters.reshape(len(ends), fields - 1)
    in_their_lines = (grid[:, -1] < ends).all() and (grid[1:, 0] > ends[:-1]).all()
    if not in_their_lines or np.diff(ends, prepend=-1).max() > FIELD_LIMIT:
        raise NotCleanError
    padded = _padded(marks, grid, ends - bool(returns)) | _padded_in_quotes(marks, grid, ends, quotes)
    return Clean(len(ends), bool(returns), padded)


def _padded(marks: _Bytes, grid: _Grid, ends: _Places) -> frozenset[int]:
    """The columns in which some value begins or ends with what may be a space. Saves trimming all others."""
    after = _PADDING[marks[grid + 1]].any(axis=0)
    before = _PADDING[marks[grid - 1]].any(axis=0)
    starts = np.append(0, ends[:-1] + 1 + (marks[ends[:-1]] == _RETURN))
    found = np.append(_PADDING[marks[starts]].any(), after) | np.append(
        before, _PADDING[marks[ends - 1]].any()
    )
    return frozenset(int(column) for column in np.flatnonzero(found))


def _padded_in_quotes(marks: _Bytes, grid: _Grid, ends: _Places, quotes: _Places) -> frozenset[int]:
    opening, closing = quotes[0::2], quotes[1::2]
    found = np.append(opening[_PADDING[marks[opening + 1]]], closing[_PADDING[marks[closing - 1]]])
    columns = np.searchsorted(grid.reshape(-1), found) - grid.shape[1] * np.searchsorted(ends, found)
    return frozenset(int(column) for column in np.unique(columns))


def _outside_quotes(
    marks: _Bytes, ends: _Places, delimiters: _Places, quotes: _Places, delimiter: int
) -> _Places:
    """The delimiters that part fields. Raises NotCleanError where quotes aren't around whole fields."""
    inside = np.cumsum(marks == _QUOTE, dtype=np.uint8) & 1
    if inside[ends].any():
        raise NotCleanError
    before = marks[quotes[0::2] - 1]
    if quotes[0] == 0:
        before[0] = _NEWLINE
    after = marks[quotes[1::2] + 1]
    # A doubled quote is a closing one followed by an opening one.
    opens_well = np.isin(before, (delimiter, _NEWLINE, _QUOTE)).all()
    closes_well = np.isin(after, (delimiter, _NEWLINE, _RETURN, _QUOTE)).all()
    if not opens_well or not closes_well:
        raise NotCleanError
    found: _Places = delimiters[inside[delimiters] == 0]
    return found
