"""A server that runs for weeks: nothing of a session stays after it, and what is remembered stays within its bound."""

from __future__ import annotations

import asyncio
import threading
import time
import tracemalloc
import urllib.request
import weakref
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from benchmarks.reader import Reader

from ccinsight.access import SEES_ALL
from ccinsight.dashboard.pages import risks
from ccinsight.dashboard.server import garbage
from ccinsight.dashboard.session import cache, data_span, explored, reads
from ccinsight.dashboard.session.cache import Remembered
from ccinsight.dashboard.session.view import View
from ccinsight.dashboard.widgets import find, view_subjects
from ccinsight.database.exploring import Question
from ccinsight.database.scope import Filters, Scope
from ccinsight.outputs.frames import to_frame
from tests.dashboard.opening import AS_OF, Open
from tests.serving import served

PAGES = ["overview", "customer", "renewals", "utilization", "risk", "meeting", "status_meetings", "data"]


# --- What is remembered


def test_the_answer_used_longest_ago_goes_first() -> None:
    kept: Remembered[str] = Remembered(10, len)
    for key in ("a", "b", "c"):
        kept.get(key, lambda: "123")
    assert kept.get("a", lambda: "asked again") == "123"

    kept.get("d", lambda: "123")

    assert kept.bytes == 9
    assert kept.get("a", lambda: "asked again") == "123"
    assert kept.get("b", lambda: "new") == "new"


def test_an_answer_larger_than_all_is_given_and_not_remembered() -> None:
    kept: Remembered[str] = Remembered(10, len)
    kept.get("small", lambda: "1")

    assert kept.get("large", lambda: "x" * 11) == "x" * 11
    assert (kept.bytes, len(kept)) == (1, 1)
    assert kept.get("large", lambda: "again") == "again"


def test_what_many_ask_for_at_once_is_worked_out_once() -> None:
    kept: Remembered[str] = Remembered(100, len)
    asked: list[int] = []
    everybody = threading.Barrier(4)

    def make() -> str:
        asked.append(1)
        time.sleep(0.05)
        return "answer"

    def ask() -> str:
        everybody.wait()
        return kept.get("key", make)

    with ThreadPoolExecutor(4) as pool:
        assert {future.result() for future in [pool.submit(ask) for _ in range(4)]} == {"answer"}
    assert len(asked) == 1


def test_an_error_is_not_remembered_and_holds_up_nobody() -> None:
    kept: Remembered[str] = Remembered(100, len)
    with pytest.raises(ZeroDivisionError):
        kept.get("key", lambda: str(1 // 0))
    assert kept.get("key", lambda: "answer") == "answer"
    assert len(kept._making) == 0


def test_reports_of_many_days_stay_within_the_bound(database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CCINSIGHT_DATABASE", str(database))
    frame = reads.read("customers", date.fromisoformat(AS_OF), Filters(), SEES_ALL)
    one = reads._wholes._size(frame)
    kept: Remembered[pd.DataFrame] = Remembered(5 * one, reads._wholes._size)
    monkeypatch.setattr(reads, "_wholes", kept)

    for days in range(30):
        reads.read("customers", date.fromisoformat(AS_OF) - timedelta(days=days), Filters(), SEES_ALL)
        assert kept.bytes <= 5 * one
    assert 1 <= len(kept) < 30


def test_small_frames_count_as_what_they_take(database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CCINSIGHT_DATABASE", str(database))
    scope = Scope(date.fromisoformat(AS_OF), SEES_ALL)
    row = reads.warehouse().report("customers", scope).slice(0, 1)
    kept: Remembered[pd.DataFrame] = Remembered(16_000_000, cache.bytes_of)
    to_frame(row)
    tracemalloc.start()
    try:
        for number in range(200):
            kept.get(number, lambda: to_frame(row))
        taken, _most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(kept) == 200
    assert taken <= 1.5 * kept.bytes


def test_nothing_of_another_build_is_kept(own_database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CCINSIGHT_DATABASE", str(own_database))
    day, one = date.fromisoformat(AS_OF), Filters(customers=("1002",))
    reads.read("agreements", day, Filters(), SEES_ALL)
    reads.read("tickets_by_month", day, one, SEES_ALL, months=24)
    reads.choices(SEES_ALL)
    explored.answer(Question(("tickets",), ("customer",)), day, one, SEES_ALL)
    risks.scores(View(day, day, SEES_ALL))
    name = next(label for key, label, *_rest in find.customers(SEES_ALL) if key == "1002")
    assert view_subjects.of(name, {}, {}) == {("customer", "1002")}
    assert data_span.newest()
    assert data_span.late(day) == ""
    old = reads.warehouse().build_id
    kept_before = (
        reads._wholes,
        reads._filtered,
        reads._known_choices,
        explored._answers,
        risks._known_scores,
        find._known_customers,
        view_subjects._known_marks,
        data_span._known_spans,
        data_span._known_late,
    )
    assert all(any(old in str(key) for key in kept._answers) for kept in kept_before)

    with duckdb.connect(str(own_database)) as connection:
        connection.execute("update model.build set build_id = 'another'")
    reads._opened.clear()
    assert reads.warehouse().build_id == "another"

    assert [len(kept) for kept in cache._BY_BUILD] == [0] * len(cache._BY_BUILD)
    assert [kept.bytes for kept in cache._BY_BUILD] == [0] * len(cache._BY_BUILD)


def test_a_run_that_stays_with_an_old_build_leaves_nothing_of_it() -> None:
    kept: Remembered[str] = Remembered(10, cache.once)
    kept.get(("old", "all"), lambda: "a customer who was forgotten since")
    kept.keep_only("new")

    assert kept.get(("old", "all"), lambda: "asked again") == "asked again"
    assert kept.get(("new", "all"), lambda: "of the new build") == "of the new build"
    assert list(kept._answers) == [("new", "all")]


# --- Sessions


def test_nothing_of_a_session_stays_after_it(open_page: Open) -> None:
    garbage.collector()  # as a server does before its first session
    left = []
    for page in PAGES:
        site = open_page(page, f"as-of={AS_OF}&language=en&id=1002")
        assert not site.exception
        left.append((page, weakref.ref(site.session_state._state)))
        del site
    garbage.collect()

    assert [page for page, state in left if state() is not None] == []


def test_a_server_lets_go_of_sessions_that_are_closed(database: Path, tmp_path: Path) -> None:
    with served(database, tmp_path) as address:
        reader = Reader(address)
        reader.meet()

        # the first pages of a server come at the same time: none runs without the router
        async def open_all() -> None:
            for round_ in range(3):
                query = f"as-of={date.fromisoformat(AS_OF) - timedelta(days=round_)}&id=1002"
                shown = await asyncio.gather(*(reader.errors(page, query) for page in PAGES))
                assert shown == [[]] * len(PAGES)

        asyncio.run(open_all())
        deadline = time.monotonic() + 30
        while _active_sessions(address) and time.monotonic() < deadline:
            time.sleep(0.2)
        assert _active_sessions(address) == 0


def _active_sessions(address: str) -> float:
    with urllib.request.urlopen(f"{address}/_stcore/metrics", timeout=60) as answer:
        lines = answer.read().decode().splitlines()
    return sum(float(line.rsplit(" ", 1)[1]) for line in lines if line.startswith("active_sessions"))
