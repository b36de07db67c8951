"""How often: a token may read, by a bucket of requests that fills again, and something is written down."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

_MOST_KEYS = 10_000


class Rate:
    """So many requests a minute for each key, all of which may come at once. One a process."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._lock = clock, threading.Lock()
        # key → requests left, and when that was so
        self._left: dict[object, tuple[float, float]] = {}

    def wait(self, key: object, per_minute: float) -> float:
        """Takes a request of the key: 0, or the seconds until there is one."""
        with self._lock:
            now = self._clock()
            left, at = self._left.get(key, (per_minute, now))
            left = min(left + (now - at) * per_minute / 60, per_minute)
            if left < 1:
                return (1 - left) * 60 / per_minute
            if len(self._left) >= _MOST_KEYS:
                self._left.clear()
            self._left[key] = left - 1, now
            return 0.0


class Seldom:
    """Which keys were noted within the last ``seconds``. One a process."""

    def __init__(self, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._seconds, self._clock, self._lock = seconds, clock, threading.Lock()
        # key → when it was noted
        self._noted: dict[object, float] = {}

    def is_due(self, key: object) -> bool:
        """Whether the key wasn't noted for that long."""
        with self._lock:
            return key not in self._noted or self._clock() - self._noted[key] >= self._seconds

    def note(self, key: object) -> None:
        """Notes the key now."""
        with self._lock:
            if len(self._noted) >= _MOST_KEYS:
                self._noted.clear()
            self._noted[key] = self._clock()
