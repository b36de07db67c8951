"""Garbage is collected when nobody waits for a page, and after a while in any case."""

from __future__ import annotations

import gc
import threading
import time
import weakref
from collections.abc import Iterator

import pytest

from ccinsight.dashboard.server.garbage import Collector, collect


class _Ring:
    def __init__(self) -> None:
        self.itself = self


def _waited_for(collector: Collector, collections: int) -> bool:
    deadline = time.monotonic() + 10
    while collector.collections < collections and time.monotonic() < deadline:
        time.sleep(0.01)
    return collector.collections >= collections


@pytest.fixture
def by_hand() -> Iterator[None]:
    gc.disable()
    yield
    gc.enable()


@pytest.mark.usefixtures("by_hand")
def test_what_a_run_leaves_is_collected_once_it_is_quiet() -> None:
    collector = Collector(quiet=0.02, longest=60)
    with collector.run():
        left = weakref.ref(_Ring())
        assert left() is not None
    assert _waited_for(collector, 1)
    assert left() is None


@pytest.mark.usefixtures("by_hand")
def test_what_another_thread_collects_meanwhile_is_no_reason_to_leave_it_out() -> None:
    began, go_on = threading.Event(), threading.Event()

    class Slow(_Ring):
        def __del__(self) -> None:
            began.set()
            go_on.wait(10)

    Slow()
    other = threading.Thread(target=collect)
    other.start()
    assert began.wait(10)
    left = weakref.ref(_Ring())
    assert gc.collect() == 0, "Python would have collected"
    threading.Timer(0.1, go_on.set).start()
    collect()
    assert left() is None
    other.join()


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
