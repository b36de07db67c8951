"""Garbage collection of a server that many read from.

Streamlit collects all garbage after each run: 0.1 to 0.2 s in which no other session gets on, two thirds of a busy
server's time. ``serve`` turns that off. Reference counts free nearly all that a run leaves; what refers to itself is
collected here, when nobody waits for a page, or after a while in any case.
"""

from __future__ import annotations

import gc
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

_QUIET_SECONDS, _LONGEST_SECONDS = 2.0, 60.0
# Python's own third generation walks every object of every library: it is left to the collector below.
_THRESHOLDS = 5_000, 20, 10_000


def collect() -> None:
    """Collects what is garbage by now: Python does nothing while another thread's collection is under way."""
    while not _collected():
        time.sleep(0.01)


def _collected() -> int:
    """How many objects: at least the list that is made here, unless nothing was done."""
    itself: list[object] = []
    itself.append(itself)
    del itself
    return gc.collect()


class Collector:
    """Collects after runs: once none was under way for ``quiet`` seconds, at the latest ``longest`` seconds after."""

    def __init__(self, quiet: float = _QUIET_SECONDS, longest: float = _LONGEST_SECONDS) -> None:
        self.collections = 0
        self._quiet, self._longest = quiet, longest
        self._running = 0
        self._first_end: float | None = None
        self._last_end = 0.0
        self._ended = threading.Condition()
        threading.Thread(target=self._work, name="garbage", daemon=True).start()

    @contextmanager
    def run(self) -> Iterator[None]:
        """The run of a page."""
        with self._ended:
            self._running += 1
        try:
            yield
        finally:
            with self._ended:
                self._running -= 1
                self._last_end = time.monotonic()
                if self._first_end is None:
                    self._first_end = self._last_end
                    self._ended.notify()

    def _work(self) -> None:
        while True:
            with self._ended:
                while (left := self._seconds_left()) > 0:
                    self._ended.wait(None if self._first_end is None else left)
                self._first_end = None
            collect()
            self.collections += 1

    def _seconds_left(self) -> float:
        """Until the next collection; above 0 while no run has ended since the last."""
        if self._first_end is None:
            return self._longest
        now = time.monotonic()
        latest = self._first_end + self._longest - now
        quiet = self._quiet if self._running else self._last_end + self._quiet - now
        return min(latest, quiet)


@st.cache_resource(show_spinner=False)
def collector() -> Collector:
    """The process's collector; what was imported by now is left alone by it."""
    gc.set_threshold(*_THRESHOLDS)
    gc.collect()
    gc.freeze()
    return Collector()
