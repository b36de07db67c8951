"""A run reads from one build, also where an import replaces the file meanwhile; the next one sees the new file."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from weakref import ReferenceType, ref

import pytest
from benchmarks.mixture import Contents, is_mixed

from ccinsight.access import SEES_ALL
from ccinsight.dashboard.server import garbage
from ccinsight.dashboard.session import reads
from ccinsight.database.build import build_beside
from ccinsight.database.scope import Scope
from ccinsight.database.warehouse import Warehouse


@pytest.fixture
def database(sample_database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = Path(shutil.copy(sample_database, tmp_path / "own.duckdb"))
    monkeypatch.setenv("CCINSIGHT_DATABASE", str(path))
    return path


def _in_a_run(work: Callable[[], None]) -> None:
    """Does the work in a thread of its own, as a script runs; what fails there fails here."""

    def run() -> None:
        reads.start_run()
        work()

    with ThreadPoolExecutor(1) as pool:
        pool.submit(run).result()


def _replace(database: Path) -> None:
    with build_beside(database):
        pass


def test_a_run_stays_with_its_build_and_the_next_one_sees_the_new(database: Path) -> None:
    seen: list[str] = []

    def work() -> None:
        house = reads.warehouse()
        seen.append(house.build_id)
        _replace(database)
        _in_a_run(lambda: seen.append(reads.warehouse().build_id))
        assert reads.warehouse() is house
        assert house.report("customers", Scope(date(2026, 3, 1), SEES_ALL)).num_rows > 0

    _in_a_run(work)
    _in_a_run(lambda: seen.append(reads.warehouse().build_id))
    first, other, after = seen
    assert first != other == after


def test_the_old_build_is_let_go_once_no_run_reads_from_it(database: Path) -> None:
    old: list[ReferenceType[Warehouse]] = []

    def work() -> None:
        old.append(ref(reads.warehouse()))
        _replace(database)
        _in_a_run(lambda: None if reads.warehouse() is not old[0]() else pytest.fail("the old build"))
        garbage.collect()
        assert old[0]() is not None

    _in_a_run(work)
    garbage.collect()
    assert old[0]() is None


def test_outside_a_run_the_current_build_counts(database: Path) -> None:
    before = reads.warehouse().build_id
    _replace(database)
    assert threading.current_thread() is threading.main_thread()
    assert reads.warehouse().build_id != before


def test_a_mixture_is_seen() -> None:
    """What the load benchmark looks for."""
    before: Contents = {(0,): b"same", (1,): b"a", (2,): b"b"}
    after: Contents = {(0,): b"same", (1,): b"A", (2,): b"B"}
    assert not is_mixed(before, after, before)
    assert not is_mixed(before, after, after)
    assert is_mixed(before, after, {**before, (2,): b"B"})
    assert is_mixed(before, after, {(0,): b"same", (1,): b"A"})
