"""One build of the database for each run of a page, so that an import meanwhile never mixes old and new figures."""

from __future__ import annotations

import threading
from collections.abc import Callable
from weakref import WeakKeyDictionary

from ccinsight.database.warehouse import Warehouse


class Runs:
    """The runs under way, each a thread of its own, and the database that each reads from: it closes after the last."""

    def __init__(self) -> None:
        self._held: WeakKeyDictionary[threading.Thread, Warehouse | None] = WeakKeyDictionary()
        self._lock = threading.Lock()

    def start(self) -> None:
        """Begins a run in this thread: it stays with the first build that it reads from."""
        with self._lock:
            self._held[threading.current_thread()] = None

    def warehouse(self, current: Callable[[], Warehouse]) -> Warehouse:
        """The build of this thread's run; outside a run the current one."""
        thread = threading.current_thread()
        with self._lock:
            is_run, held = thread in self._held, self._held.get(thread)
        if held is None:
            held = current()
            if is_run:
                with self._lock:
                    self._held[thread] = held
        return held
