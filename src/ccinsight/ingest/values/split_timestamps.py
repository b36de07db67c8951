"""Parses timestamps of varying length (`29/2/2016 01:16`, `1.2.2026 8:30:00`) with NumPy, as parsing.sql would.

A text of another form, or one whose order of day and month is unknown, becomes null and is left to SQL.
"""

from __future__ import annotations

from itertools import product
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa

from ccinsight.ingest.values.timestamps import moments_of

_Array: TypeAlias = np.ndarray[Any, np.dtype[Any]]

_SHORTEST, _LENGTH = len("1/2/2026 8:30"), len("01.02.2026 08:30:00")
# Two columns beside the letters of a text: what a shorter text lacks is taken from there.
_ZERO, _COLON = _LENGTH, _LENGTH + 1
_DAY, _MONTH = slice(0, 2), slice(3, 5)
_SEPARATORS = (ord("/"), ord("-"), ord("."))
_DATE_SEPARATORS = [2, 5]


def _template(day: int, month: int, hour: int, has_seconds: bool) -> list[int]:
    """Where each letter of `dd.mm.ccyy HH:MM:SS` lies in a text whose parts have so many digits."""
    found: list[int] = []
    at = 0
    for digits in (day, month):
        found += [_ZERO] * (2 - digits) + list(range(at, at + digits + 1))
        at += digits + 1
    found += [*range(at, at + 5), *[_ZERO] * (2 - hour), *range(at + 5, at + 5 + hour + 3)]
    at += 5 + hour + 3
    return [*found, *(range(at, at + 3) if has_seconds else (_COLON, _ZERO, _ZERO))]


_TEMPLATES = np.array([_template(*shape) for shape in product((1, 2), (1, 2), (1, 2), (False, True))])


def fill_moments(moments: pa.ChunkedArray, texts: pa.ChunkedArray, day_first: bool | None) -> pa.ChunkedArray:
    """The moments (microseconds), with those of the texts that are null there and of one of these forms.

    ``moments`` are those that ``read_moments`` gave for the same texts.
    """
    if moments.null_count == texts.null_count:
        return moments
    pairs = zip(moments.chunks, texts.chunks, strict=True)
    return pa.chunked_array([_fill(*pair, day_first) for pair in pairs], moments.type)


def _fill(moments: pa.Array, texts: pa.StringArray, day_first: bool | None) -> pa.Array:
    has_text, offsets, data = texts.buffers()
    if moments.null_count == texts.null_count or data is None:
        return moments
    ends = np.frombuffer(offsets, np.int32)[texts.offset : texts.offset + len(texts) + 1]
    lengths = np.diff(ends)
    valid, values = moments.buffers()
    is_known = _bits(valid, moments.offset, len(texts))
    is_open = ~is_known & (lengths >= _SHORTEST) & (lengths <= _LENGTH)
    if texts.null_count:
        is_open &= _bits(has_text, texts.offset, len(texts))
    rows = np.flatnonzero(is_open)
    if not len(rows):
        return moments
    letters = _letters(np.frombuffer(data, np.uint8), ends[rows], lengths[rows])
    whole, is_whole = _whole(letters, lengths[rows])
    whole, rows = whole[is_whole], rows[is_whole]
    is_ordered = _order(whole, day_first)
    whole, rows = whole[is_ordered], rows[is_ordered]
    if not len(rows):
        return moments
    filled = np.frombuffer(values, np.int64).copy()
    filled[rows], is_known[rows] = moments_of(whole)
    known = pa.py_buffer(np.packbits(is_known, bitorder="little"))
    return pa.Array.from_buffers(moments.type, len(texts), [known, pa.py_buffer(filled)])


def _bits(buffer: pa.Buffer, offset: int, count: int) -> _Array:
    bits: _Array = np.unpackbits(np.frombuffer(buffer, np.uint8), bitorder="little")
    flags: _Array = bits[offset : offset + count].view(np.bool_)
    return flags


def _letters(data: _Array, starts: _Array, lengths: _Array) -> _Array:
    """The letters of each text, a row each; what lies after its end is 0."""
    places = starts[:, np.newaxis] + np.arange(_LENGTH)
    letters = np.empty((len(starts), _LENGTH + 2), np.uint8)
    letters[:, :_LENGTH] = data.take(places, mode="clip")
    letters[:, :_LENGTH][np.arange(_LENGTH) >= lengths[:, np.newaxis]] = 0
    letters[:, _ZERO], letters[:, _COLON] = ord("0"), ord(":")
    return letters


def _whole(letters: _Array, lengths: _Array) -> tuple[_Array, _Array]:
    """Each text as `dd?mm?ccyy HH:MM:SS`, and whether its separators lie where those of a timestamp do."""
    rows = np.arange(len(letters))
    day = 1 + np.isin(letters[:, 1], _SEPARATORS, invert=True)
    month = 1 + (letters[rows, day + 2] != letters[rows, day])
    hour_at = day + month + 7
    hour = 1 + (letters[rows, np.minimum(hour_at + 1, _LENGTH)] != ord(":"))
    without_seconds = hour_at + hour + 3
    has_seconds = lengths == without_seconds + 3
    shapes = ((day - 1) * 2 + (month - 1)) * 4 + (hour - 1) * 2 + has_seconds
    whole = np.take_along_axis(letters, _TEMPLATES[shapes], axis=1)
    is_whole = has_seconds | (lengths == without_seconds)
    is_whole &= np.isin(whole[:, 2], _SEPARATORS) & (whole[:, 2] == whole[:, 5])
    for at, letter in ((10, " "), (13, ":"), (16, ":")):
        is_whole &= whole[:, at] == ord(letter)
    return whole, is_whole


def _order(whole: _Array, day_first: bool | None) -> _Array:
    """Puts the day before the month, and dots between; gives the rows in which the order is known (exports.md)."""
    first, second = ((whole[:, part] - np.uint8(ord("0"))) @ np.array([10, 1]) for part in (_DAY, _MONTH))
    is_day_first: _Array = (whole[:, 2] == ord(".")) | (first > 12) | (first == second) | (day_first is True)
    whole[:, _DATE_SEPARATORS] = ord(".")
    if day_first is None:
        return is_day_first
    swapped = np.flatnonzero(~is_day_first)
    days = whole[swapped, _MONTH].copy()
    whole[swapped, _MONTH] = whole[swapped, _DAY]
    whole[swapped, _DAY] = days
    return np.ones(len(whole), np.bool_)
