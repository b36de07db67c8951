"""Answers remembered within a bound, shared by all sessions: the one used longest ago goes first.

Streamlit's ``cache_data`` is bound in bytes too, but unpickles a new copy at every read; its ``cache_resource`` shares
one object, but counts entries only, of which one may be a thousand times another.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar
from weakref import WeakValueDictionary

Answer = TypeVar("Answer")


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

    def _keep(self, key: Hashable, answer: Answer) -> None:
        size = self._size(answer)
        if size > self._most:
            return
        with self._lock:
            self._answers[key] = answer, size
            self.bytes += size
            while self.bytes > self._most:
                _key, (_answer, freed) = self._answers.popitem(last=False)
                self.bytes -= freed
