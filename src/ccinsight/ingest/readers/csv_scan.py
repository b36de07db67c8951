"""Scans blocks of a text file with NumPy for lines that are one record of the right width."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TypeAlias

import numpy as np

from ccinsight.ingest.readers.csv_records import FIELD_LIMIT

_Bytes: TypeAlias = np.ndarray[tuple[int], np.dtype[np.uint8]]
_Places: TypeAlias = np.ndarray[tuple[int], np.dtype[np.intp]]
_Flags: TypeAlias = np.ndarray[tuple[int], np.dtype[np.bool_]]


@cache
def _any_of(*letters: int) -> _Flags:
    """Whether a byte is one of these, for each byte."""
    flags: _Flags = np.zeros(256, np.bool_)
    flags[list(letters)] = True
    return flags


_NEWLINE, _RETURN, _QUOTE = 10, 13, 34
# Space, tab, and the last or first bytes of the two no-break spaces in UTF-8.
# Apostrophes too: the first of a value may guard it.
_PADDING = _any_of(0x20, 0x09, 0x27, 0xA0, 0xAF, 0xC2, 0xE2)


@dataclass(frozen=True)
class Lines:
    """The lines of a block. ``starts``: where each begins, and the block's end; ``odd``: the lines to look at.

    All others are one record each. ``padded``: the columns in which one of these has a value that may need
    trimming.
    """

    starts: _Places
    odd: _Places
    padded: frozenset[int]

    def __len__(self) -> int:
        return len(self.starts) - 1


def read_lines(block: bytes, delimiter: str, width: int) -> Lines:
    """Tells the lines of a block apart; it is UTF-8 and ends with a line feed. ``width``: fields of a record."""
    marks: _Bytes = np.frombuffer(block, np.uint8)
    ends: _Places = np.flatnonzero(marks == _NEWLINE)
    starts: _Places = np.append(0, ends + 1)
    if width < 2:
        return Lines(starts, np.arange(len(ends)), frozenset())
    delimiters: _Places = np.flatnonzero(marks == ord(delimiter))
    quotes: _Places = np.flatnonzero(marks == _QUOTE) if b'"' in block else np.empty(0, np.intp)
    is_odd = _hold_odd_bytes(marks, block, starts)
    is_odd |= np.diff(starts) > FIELD_LIMIT
    if len(quotes):
        inside, oddly_quoted = _quoting(marks, starts, delimiters, quotes, ord(delimiter))
        delimiters = delimiters[~inside]
        is_odd |= oddly_quoted
    # The quick way: so many delimiters, and each in its line.
    if len(delimiters) != len(ends) * (width - 1) or not _lie_in_their_lines(delimiters, ends, width):
        counts = np.diff(np.searchsorted(delimiters, starts))
        is_odd |= counts != width - 1
        delimiters = delimiters[~np.repeat(is_odd, counts)]
    elif is_odd.any():
        delimiters = delimiters[~np.repeat(is_odd, width - 1)]
    padded = _padded(marks, starts, delimiters, quotes, ~is_odd, ord(delimiter))
    return Lines(starts, np.flatnonzero(is_odd), padded)


def _lie_in_their_lines(delimiters: _Places, ends: _Places, width: int) -> bool:
    grid = delimiters.reshape(len(ends), width - 1)
    return bool((grid[:, -1] < ends).all() and (grid[1:, 0] > ends[:-1]).all())


def _hold_odd_bytes(marks: _Bytes, block: bytes, starts: _Places) -> _Flags:
    """The lines that hold a NUL byte, a return that isn't at their end, or Excel's escape of one."""
    found: _Flags = np.zeros(len(starts) - 1, np.bool_)
    places = []
    if b"\0" in block:
        places.append(np.flatnonzero(marks == 0))
    for escape in (b"_x000D_", b"_x000d_"):
        if escape in block:
            places.append(np.array([found.start() for found in re.finditer(escape, block)]))
    ends = starts[1:] - 1
    if np.count_nonzero(marks == _RETURN) != np.count_nonzero(marks[ends - 1] == _RETURN):
        returns = np.flatnonzero(marks == _RETURN)
        places.append(returns[marks[returns + 1] != _NEWLINE])
    for each in places:
        found[np.searchsorted(starts, each, side="right") - 1] = True
    return found


def _quoting(
    marks: _Bytes, starts: _Places, delimiters: _Places, quotes: _Places, delimiter: int
) -> tuple[_Flags, _Flags]:
    """The delimiters inside quotes, and the lines whose quotes aren't around whole fields: each line alone."""
    first = np.searchsorted(quotes, starts)
    per_line = np.diff(first)
    line_of = np.repeat(np.arange(len(per_line)), per_line)
    closes = ((np.arange(len(quotes)) - first[line_of]) & 1).astype(np.bool_)
    before = np.where(quotes > 0, marks[quotes - 1], _NEWLINE)
    # A doubled quote is a closing one followed by an opening one.
    is_well = np.where(
        closes,
        _any_of(delimiter, _NEWLINE, _RETURN, _QUOTE).take(marks[quotes + 1]),
        _any_of(delimiter, _NEWLINE, _QUOTE).take(before),
    )
    oddly_quoted: _Flags = (per_line & 1).astype(np.bool_)
    oddly_quoted[line_of[~is_well]] = True
    is_inside: _Flags = np.zeros(len(delimiters), np.bool_)
    quoted = np.flatnonzero(per_line)
    from_ = np.searchsorted(delimiters, starts[quoted])
    there, nth = _between(from_, np.searchsorted(delimiters, starts[quoted + 1]))
    is_inside[there] = (np.searchsorted(quotes, delimiters[there]) - first[quoted[nth]]) & 1
    return is_inside, oddly_quoted


def _between(firsts: _Places, afters: _Places) -> tuple[_Places, _Places]:
    """The numbers from each first to before the one that comes after, and with each whose they are."""
    counts = afters - firsts
    nth: _Places = np.repeat(np.arange(len(counts)), counts)
    within = np.arange(len(nth)) - np.repeat(np.cumsum(counts) - counts, counts)
    return firsts[nth] + within, nth


def _padded(
    marks: _Bytes, starts: _Places, delimiters: _Places, quotes: _Places, is_plain: _Flags, delimiter: int
) -> frozenset[int]:
    """The columns in which some value begins or ends with what may be a space. Saves trimming all others."""
    begins, ends = starts[:-1][is_plain], starts[1:][is_plain] - 1
    if not len(begins):
        return frozenset()
    width = len(delimiters) // len(begins) + 1
    lasts = marks[ends - 1]
    lasts = np.where(lasts == _RETURN, marks[ends - 2], lasts)
    grid = delimiters.reshape(len(begins), width - 1)
    columns = _padded_in_quotes(marks, grid, ends, quotes, delimiter)
    columns |= _columns_where(_PADDING.take(marks.take(delimiters + 1)), width - 1, 1)
    # Before an empty first value lies the line feed.
    columns |= _columns_where(_PADDING.take(marks.take(delimiters - 1)), width - 1, 0)
    for edge, column in ((marks.take(begins), 0), (lasts, width - 1)):
        if _PADDING.take(edge).any():
            columns.add(column)
    return frozenset(columns)


def _columns_where(flags: _Flags, delimiters: int, shift: int) -> set[int]:
    """The columns that begin (shift 1) or end (0) at a delimiter with its flag set. ``delimiters``: of a line."""
    return {at + shift for at in (np.flatnonzero(flags) % delimiters).tolist()}


def _padded_in_quotes(
    marks: _Bytes,
    grid: np.ndarray[tuple[int, int], np.dtype[np.intp]],
    ends: _Places,
    quotes: _Places,
    delimiter: int,
) -> set[int]:
    """The columns with a quote around a value beside a space: a doubled one within has another on one side."""
    before, after = marks[quotes - 1], marks[quotes + 1]  # the block's last byte is a line feed
    begins = _any_of(delimiter, _NEWLINE).take(before) & _PADDING.take(after)
    closes = _any_of(delimiter, _NEWLINE, _RETURN).take(after) & _PADDING.take(before)
    found = quotes[begins | closes]
    rows = np.searchsorted(ends, found)
    is_inside = rows < len(ends)
    found, rows = found[is_inside], rows[is_inside]
    columns = np.searchsorted(grid.reshape(-1), found) - grid.shape[1] * rows
    return {column for column in columns.tolist() if 0 <= column <= grid.shape[1]}
