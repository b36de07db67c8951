"""Reports take turns: so many at a time, the rest in order, and none for ever."""

from __future__ import annotations

import threading
import time
from datetime import date
from pathlib import Path

import duckdb
import pytest

from ccinsight.access import SEES_ALL
from ccinsight.database.scope import Scope
from ccinsight.database.turns import NoTurnError, Turns
from ccinsight.database.warehouse import Limits, Warehouse, _interrupted_after, share_of_memory
from ccinsight.errors import CcinsightError

DAY = date(2026, 3, 1)


def _until(condition: object) -> None:
    for _attempt in range(500):
        if condition():  # type: ignore[operator]
            return
        time.sleep(0.01)
    pytest.fail("waited in vain")


def test_no_more_than_so_many_are_through_at_once() -> None:
    turns, inside, most = Turns(2), [], []

    def work() -> None:
        with turns.turn():
            inside.append(1)
            most.append(len(inside))
            time.sleep(0.02)
            inside.pop()

    workers = [threading.Thread(target=work) for _number in range(8)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert len(most) == 8
    assert max(most) == 2


def test_those_who_wait_come_in_order() -> None:
    turns, order = Turns(1), []

    def work(number: int) -> None:
        with turns.turn():
            order.append(number)

    with turns.turn():
        workers = []
        for number in range(5):
            workers.append(threading.Thread(target=work, args=(number,)))
            workers[-1].start()
            _until(lambda: len(turns._waiting) == len(workers))
    for worker in workers:
        worker.join()

    assert order == [0, 1, 2, 3, 4]


def test_who_waited_too_long_leaves_the_queue_to_the_others() -> None:
    turns = Turns(1)
    with turns.turn(), pytest.raises(NoTurnError), turns.turn(patience=0.01):
        pytest.fail("no turn was free")
    with turns.turn(patience=0.01):
        pass


def test_a_failure_gives_the_turn_back() -> None:
    turns = Turns(1)
    with pytest.raises(RuntimeError), turns.turn():
        raise RuntimeError
    with turns.turn(patience=0.01):
        pass


def test_a_report_that_waits_too_long_ends_with_a_sentence(sample_database: Path) -> None:
    with Warehouse.open(sample_database, limits=Limits(at_once=1, seconds=1)) as house:
        with house._turns.turn(), pytest.raises(CcinsightError, match="longer than 1 seconds"):
            house.report("agreements", Scope(DAY, SEES_ALL))
        assert house.report("agreements", Scope(DAY, SEES_ALL)).num_rows > 0


def test_a_query_that_runs_too_long_is_stopped() -> None:
    endless = "select count(*) from range(1000000000) as a, range(1000000) as b"
    with (
        duckdb.connect() as connection,
        pytest.raises(duckdb.InterruptException),
        _interrupted_after(connection, 0.05),
    ):
        connection.execute(endless).fetchall()


def test_the_share_of_memory_is_divided_by_processes() -> None:
    whole = share_of_memory()
    assert 512 <= whole <= 4096
    assert share_of_memory(4) == whole // 4


def test_what_killed_processes_spilled_is_removed(sample_database: Path) -> None:
    left = sample_database.with_name(f".{sample_database.name}.{2**22 + 1}.spilling")
    left.mkdir()
    (left / "duckdb_temp_storage-0.tmp").write_bytes(b"rows")
    Warehouse.open(sample_database).close()
    assert not left.exists()
