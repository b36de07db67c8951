"""When files of a folder count as whole."""

from __future__ import annotations

from pathlib import Path

from ccinsight.ingest.source import Stamp
from ccinsight.integrations.watch.settling import Settling

A, B = Path("a.csv"), Path("b.csv")


def stamp(size: int, written: int = 1, number: int = 1) -> Stamp:
    return Stamp(number, size, written)


def test_a_file_is_whole_once_it_stayed_the_same_for_so_long() -> None:
    settling = Settling(30)
    assert settling.whole({A: stamp(10)}, 0) == []
    assert settling.whole({A: stamp(10)}, 29) == []
    assert settling.whole({A: stamp(10)}, 30) == [A]


def test_any_change_begins_it_again() -> None:
    settling = Settling(30)
    for at, each in enumerate([stamp(10), stamp(20), stamp(20, written=2), stamp(20, written=2, number=2)]):
        assert settling.whole({A: each}, at * 20) == []
    assert settling.whole({A: stamp(20, 2, 2)}, 80) == []
    assert settling.whole({A: stamp(20, 2, 2)}, 90) == [A]


def test_the_files_time_may_lie_in_the_future_or_stand_still() -> None:
    settling = Settling(30)
    far = stamp(10, written=10**19)
    assert settling.whole({A: far}, 0) == []
    assert settling.whole({A: far}, 30) == [A]
    assert settling.whole({A: far._replace(size=11)}, 40) == []  # only the size tells


def test_files_that_arrive_together_wait_for_each_other() -> None:
    settling = Settling(30)
    assert settling.whole({A: stamp(1)}, 0) == []
    assert settling.whole({A: stamp(1), B: stamp(5)}, 20) == []
    assert settling.whole({A: stamp(1), B: stamp(6)}, 40) == []
    assert settling.whole({A: stamp(1, 2), B: stamp(6, 1)}, 75) == []  # A was written to again
    assert settling.whole({A: stamp(1, 2), B: stamp(6, 1)}, 105) == [B, A]


def test_a_file_that_never_settles_holds_up_the_others_for_a_while_only() -> None:
    settling = Settling(30)
    found = [settling.whole({A: stamp(1), B: stamp(at)}, at) for at in range(0, 400, 10)]
    first = next(at for at, whole in enumerate(found) if whole)
    assert found[first] == [A]
    assert 300 <= first * 10 <= 340


def test_a_file_that_went_and_came_again_settles_again() -> None:
    settling = Settling(30)
    settling.whole({A: stamp(1)}, 0)
    settling.whole({}, 20)
    assert settling.whole({A: stamp(1)}, 40) == []
    assert settling.whole({A: stamp(1)}, 70) == [A]
