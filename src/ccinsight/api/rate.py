"""How often a token may read: a bucket of requests for each, which fills again as time passes."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

_MOST_BUCKETS = 10_000


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
            if len(self._left) >= _MOST_BUCKETS:
                self._left.clear()
            self._left[key] = left - 1, now
            return 0.0
