"""Garbage is collected when nobody waits for a page, and after a while in any case."""

from __future__ import annotations

import gc
import time
import weakref

from ccinsight.dashboard.server.garbage import Collector


class _Ring:
    def __init__(self) -> None:
        self.itself = self


def _waited_for(collector: Collector, collections: int) -> bool:
    deadline = time.monotonic() + 10
    while collector.collections < collections and time.monotonic() < deadline:
        time.sleep(0.01)
    return collector.collections >= collections


def test_what_a_run_leaves_is_collected_once_it_is_quiet() -> None:
    gc.disable()
    try:
        collector = Collector(quiet=0.02, longest=60)
        with collector.run():
            left = weakref.ref(_Ring())
            assert left() is not None
        assert _waited_for(collector, 1)
        assert left() is None
    finally:
        gc.enable()


def test_nothing_is_collected_while_runs_go_on_until_it_has_waited_long_enough() -> None:
    collector = Collector(quiet=0.01, longest=0.5)
    with collector.run():
        with collector.run():
            pass
        time.sleep(0.2)
        assert collector.collections == 0
        assert _waited_for(collector, 1)


def test_without_runs_nothing_is_collected() -> None:
    collector = Collector(quiet=0.01, longest=0.02)
    time.sleep(0.2)
    assert collector.collections == 0
