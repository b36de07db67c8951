"""Limits how many reports run at a time; the others wait in order of arrival."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager


class NoTurnError(Exception):
    """The wait for a turn took longer than allowed."""


class Turns:
    """Lets ``at_once`` callers through at a time, strictly first come, first served.

    A semaphore of the standard library lets a newcomer overtake those who wait, which under load leaves some
    readers waiting for good.
    """

    def __init__(self, at_once: int) -> None:
        self._free = at_once
        self._waiting: deque[threading.Event] = deque()
        self._lock = threading.Lock()

    @contextmanager
    def turn(self, patience: float | None = None) -> Iterator[None]:
        """Waits for a turn, holds it for the block. Raises NoTurnError after ``patience`` seconds (None: never)."""
        place = self._join()
        if place is not None and not place.wait(patience) and self._leave(place):
            raise NoTurnError
        try:
            yield
        finally:
            self._pass_on()

    def _join(self) -> threading.Event | None:
        """A place in the queue; None where a turn is free."""
        with self._lock:
            if self._free > 0:
                self._free -= 1
                return None
            place = threading.Event()
            self._waiting.append(place)
            return place

    def _leave(self, place: threading.Event) -> bool:
        """Gives up a place; False where the turn came at the last moment."""
        with self._lock:
            if place.is_set():
                return False
            self._waiting.remove(place)
            return True

    def _pass_on(self) -> None:
        """Gives the turn to the first who waits."""
        with self._lock:
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._free += 1
