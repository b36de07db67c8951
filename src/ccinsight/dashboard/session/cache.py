"""Answers remembered within a bound, shared by all sessions: the one used longest ago goes first.

Streamlit's ``cache_data`` is bound in bytes too, but unpickles a new copy at every read; its ``cache_resource`` shares
one object, but counts entries only, of which one may be a thousand times another.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, Generic, TypeVar
from weakref import WeakValueDictionary

import pandas as pd

Answer = TypeVar("Answer")
# Measured with one-row frames of reports of 7 to 27 columns, in all 12 to 25 kB each.
_BYTES_A_FRAME, _BYTES_A_COLUMN = 6_000, 700


class _Making:
    """Held while one answer is worked out: whoever asks for the same waits for it."""

    def __init__(self) -> None:
        self.lock = threading.Lock()


class Remembered(Generic[Answer]):
    """Answers by key, together at most ``most``, in bytes or in whatever ``size`` counts; a larger one isn't kept."""

    def __init__(self, most: int, size: Callable[[Answer], int]) -> None:
        self._most, self._size = most, size
        self._answers: OrderedDict[Hashable, tuple[Answer, int]] = OrderedDict()
        self._making: WeakValueDictionary[Hashable, _Making] = WeakValueDictionary()
        self._lock = threading.Lock()
        self._build_id: str | None = None
        self.bytes = 0

    def __len__(self) -> int:
        return len(self._answers)

    def get(self, key: Hashable, make: Callable[[], Answer]) -> Answer:
        """The answer to a key, worked out where it isn't remembered. What ``make`` raises isn't remembered."""
        with self._lock:
            if key in self._answers:
                self._answers.move_to_end(key)
                return self._answers[key][0]
            making = self._making.setdefault(key, _Making())
        with making.lock:
            with self._lock:
                if key in self._answers:
                    return self._answers[key][0]
            answer = make()
            self._keep(key, answer)
            return answer

    def kept(self, key: Hashable) -> Answer | None:
        """The answer to a key where it is remembered, without waiting."""
        with self._lock:
            if key not in self._answers:
                return None
            self._answers.move_to_end(key)
            return self._answers[key][0]

    def clear(self) -> None:
        """Forgets all answers."""
        with self._lock:
            self._answers.clear()
            self.bytes = 0

    def keep_only(self, build_id: str) -> None:
        """Forgets the answers of other builds, which may hold what was forgotten since: keys begin with the build.

        From here on they aren't remembered either: a run that began before stays with its build.
        """
        with self._lock:
            self._build_id = build_id
            for key in [key for key in self._answers if not self._is_current(key)]:
                _answer, freed = self._answers.pop(key)
                self.bytes -= freed

    def _is_current(self, key: Hashable) -> bool:
        return self._build_id is None or (isinstance(key, tuple) and key[0] == self._build_id)

    def _keep(self, key: Hashable, answer: Answer) -> None:
        size = self._size(answer)
        if size > self._most:
            return
        with self._lock:
            if not self._is_current(key):
                return
            self._answers[key] = answer, size
            self.bytes += size
            while self.bytes > self._most:
                _key, (_answer, freed) = self._answers.popitem(last=False)
                self.bytes -= freed


def bytes_of(rows: pd.DataFrame) -> int:
    """The memory that a frame takes: its values, and what pandas holds beside them, most of a frame of few rows."""
    values = sum(column.nbytes for _name, column in rows.items())
    return values + _BYTES_A_FRAME + _BYTES_A_COLUMN * len(rows.columns)


def once(_answer: object) -> int:
    """Counts every answer as one, for a bound in answers."""
    return 1


_BY_BUILD: list[Remembered[Any]] = []


def by_build(most: int, size: Callable[[Any], int]) -> Remembered[Any]:
    """Answers by keys that begin with the build's id; forgotten when another build is opened."""
    kept: Remembered[Any] = Remembered(most, size)
    _BY_BUILD.append(kept)
    return kept


def keep_only(build_id: str) -> None:
    """Forgets what is remembered of other builds."""
    for kept in _BY_BUILD:
        kept.keep_only(build_id)
