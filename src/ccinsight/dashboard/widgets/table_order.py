"""Which rows of a table are in sight, and in which order: search, column filters, sorting with "unknown" last."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from ccinsight.dashboard.widgets import cells
from ccinsight.i18n import is_unknown
from ccinsight.registry import Column

_DIGITS = re.compile(r"(\d+)")
_NORWEGIAN_LAST = str.maketrans({"æ": "\uf000", "ø": "\uf001", "å": "\uf002"})


@dataclass(frozen=True)
class Values:
    """A filter of a column that keeps the rows with one of these texts; None stands for unknown."""

    texts: tuple[str | None, ...]


@dataclass(frozen=True)
class Span:
    """A filter of a column that keeps the rows from ``low`` to ``high``, both included; None: no limit."""

    low: float | date | None = None
    high: float | date | None = None


def found(frame: pd.DataFrame, columns: Sequence[Column], query: str) -> np.ndarray:
    """True for the rows that have every word of the query in these columns as they are written.

    ``frame``: with labels, as cells.with_labels gives it.
    """
    words = _folded(query).split()
    if not words:
        return np.ones(len(frame), dtype=bool)
    texts = [cells.texts(frame[column.name], column) for column in columns]
    lines = (_folded(" ".join(filter(None, row))) for row in zip(*texts, strict=True))
    return np.fromiter((all(word in line for word in words) for line in lines), dtype=bool, count=len(frame))


def kept(values: pd.Series, column: Column, wanted: Values | Span) -> np.ndarray:
    """True for the rows that a filter of the column keeps; a span keeps no unknown."""
    if isinstance(wanted, Values):
        return np.fromiter(
            (text in wanted.texts for text in known_texts(values, column)), dtype=bool, count=len(values)
        )
    low, high = wanted.low, wanted.high
    if not column.is_numeric:
        days = pd.to_datetime(values, errors="coerce").dt.normalize()
        first, last = (pd.Timestamp(limit) if limit is not None else None for limit in (low, high))
        return _between(days, first, last)
    shown = values.astype("float64") * (100 if column.format == "percent" else 1)
    return _between(shown, low, high)


def _between(values: pd.Series, low: Any, high: Any) -> np.ndarray:
    is_kept = values.notna()
    if low is not None:
        is_kept &= values >= low
    if high is not None:
        is_kept &= values <= high
    return is_kept.to_numpy(dtype=bool)


def known_texts(values: pd.Series, column: Column) -> list[str | None]:
    """A column's cells as they are written; None for what is unknown or isn't there."""
    return [text or None for text in cells.texts(values, column)]


def sorted_places(values: pd.Series, column: Column, is_falling: bool) -> list[int]:
    """The rows' places by a column's values; those without one come last in either direction, in their order.

    Texts go by the Norwegian alphabet, and numbers in them by their size: "5-9" is before "10-24".
    """
    known = {place: value for place, value in enumerate(values.tolist()) if not _is_missing(value, column)}
    if column.is_numeric or column.format in cells.PATTERNS or column.format == "boolean":
        order = sorted(known, key=known.__getitem__, reverse=is_falling)
    else:
        keys = {value: _text_key(str(value)) for value in set(known.values())}
        order = sorted(known, key=lambda place: keys[known[place]], reverse=is_falling)
    return [*order, *(place for place in range(len(values)) if place not in known)]


def _is_missing(value: object, column: Column) -> bool:
    return is_unknown(value) or value == "" or (column.name == "user_band" and value == "unknown")


def _text_key(text: str) -> list[tuple[int, int, str]]:
    parts = _DIGITS.split(text.casefold().translate(_NORWEGIAN_LAST))
    return [(0, int(part), "") if part.isdecimal() else (1, 0, part) for part in parts if part]


def _folded(text: str) -> str:
    return " ".join(text.casefold().replace("\N{MINUS SIGN}", "-").split())
