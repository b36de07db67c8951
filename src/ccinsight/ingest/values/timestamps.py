"""Parses the common timestamp formats (`24.11.2026 08:30:00`, `2026-11-24 08:30:00`) with NumPy.

That is about four times faster than SQL. Anything else becomes null and is left to parsing.sql.
"""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa

_FORMS = ("dd.mm.ccyy HH:MM:SS", "ccyy-mm-dd HH:MM:SS", "ccyy-mm-ddTHH:MM:SS")
_LENGTH = 19
_GROUPS = ("cc", "yy", "mm", "dd", "HH", "MM", "SS")
_LETTERS = frozenset("".join(_GROUPS))
_FIRST_CENTURY, _CENTURIES = 19, 3  # as in parsing.sql
_MICROSECONDS = 1_000_000

_Array: TypeAlias = np.ndarray[Any, np.dtype[Any]]


def _numbers() -> _Array:
    """Two digits, as the number that their two bytes are, → what they say; all else → 255."""
    numbers = np.full(1 << 16, 255, np.uint8)
    for number in range(100):
        numbers[int.from_bytes(f"{number:02}".encode(), "little")] = number
    return numbers


def _months() -> tuple[_Array, _Array]:
    """The months of the centuries: days from 1970 to the first of each, and the days of each."""
    first = np.datetime64(f"{_FIRST_CENTURY}00-01", "M")
    months = first + np.arange(1200 * _CENTURIES + 1)
    days = months.astype("datetime64[D]").astype(np.int64)
    return days[:-1], np.diff(days).astype(np.uint8)


_NUMBERS = _numbers()
_MONTH_BEGINS, _MONTH_DAYS = _months()


def read_moments(texts: pa.ChunkedArray) -> pa.ChunkedArray:
    """The moments, in microseconds; null where a text is none of the plain forms."""
    chunks = [_read(chunk) for chunk in texts.chunks]
    return pa.chunked_array(chunks, pa.timestamp("us"))


def _read(texts: pa.StringArray) -> pa.Array:
    """The text in most of these arrays is moments and nothing else, one after the other."""
    count = len(texts)
    moments = np.zeros(count, np.int64)
    is_known = np.zeros(count, np.bool_)
    valid, offsets, data = texts.buffers()
    if data is not None:
        ends = np.frombuffer(offsets, np.int32)[texts.offset : texts.offset + count + 1]
        bytes_ = np.frombuffer(data, np.uint8)
        lengths = np.diff(ends)
        is_long_enough = lengths == _LENGTH
        if texts.null_count:
            bits = np.unpackbits(np.frombuffer(valid, np.uint8), bitorder="little")
            is_long_enough &= bits[texts.offset : texts.offset + count].view(np.bool_)
        rows = np.flatnonzero(is_long_enough)
        if len(rows):
            if lengths.sum() == len(rows) * _LENGTH:
                letters = bytes_[ends[0] : ends[-1]].reshape(-1, _LENGTH)
            else:
                letters = bytes_[ends[rows, np.newaxis] + np.arange(_LENGTH)]
            moments[rows], is_known[rows] = moments_of(letters)
    known = pa.py_buffer(np.packbits(is_known, bitorder="little"))
    return pa.Array.from_buffers(pa.timestamp("us"), count, [known, pa.py_buffer(moments)])


def moments_of(letters: _Array) -> tuple[_Array, _Array]:
    """The moments of texts of 19 bytes, a row each, all of one form; and which of them are some."""
    form = next((form for form in _FORMS if _is_separated(letters[:1], form).all()), None)
    if form is None:
        return np.zeros(len(letters), np.int64), np.zeros(len(letters), np.bool_)
    century, year, month, day, hour, minute, second = (
        _NUMBERS[_pairs(letters, form.index(group))] for group in _GROUPS
    )
    is_one = _is_separated(letters, form)
    is_one &= (hour < 24) & (minute < 60) & (second < 60) & (year < 100)
    is_one &= (month - np.uint8(1) < 12) & (century - np.uint8(_FIRST_CENTURY) < _CENTURIES)
    at = ((century.astype(np.int32) - _FIRST_CENTURY) * 100 + year) * 12 + month - 1
    if not is_one.all():
        at[~is_one] = 0
    is_one &= (day > 0) & (day <= _MONTH_DAYS.take(at))
    seconds = (hour.astype(np.int32) * 60 + minute) * 60 + second
    return ((_MONTH_BEGINS.take(at) + day - 1) * 86_400 + seconds) * _MICROSECONDS, is_one


def _is_separated(letters: _Array, form: str) -> _Array:
    """Whether there is between the digits what the form has there."""
    separators = [(at, ord(letter)) for at, letter in enumerate(form) if letter not in _LETTERS]
    is_so = np.ones(len(letters), np.bool_)
    for at, letter in separators:
        is_so &= letters[:, at] == letter
    return is_so


def _pairs(letters: _Array, at: int) -> _Array:
    """The two bytes from a position on in each row, as one number."""
    return np.ndarray((len(letters),), "<u2", letters, at, (_LENGTH,))
