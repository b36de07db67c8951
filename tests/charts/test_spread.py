"""Marks that would lie over each other: counted in one, or moved apart."""

from __future__ import annotations

import math
import random
from itertools import combinations

import pytest

from ccinsight.charts.spread import apart, together


@pytest.mark.parametrize("seed", range(5))
def test_every_point_is_in_one_group_and_firsts_are_not_near(seed: int) -> None:
    chosen = random.Random(seed)
    points = [(chosen.uniform(0, 80), chosen.uniform(-40, 40)) for _number in range(300)]

    groups = together(points, 5)

    assert sorted(place for group in groups for place in group) == list(range(300))
    assert all(math.dist(points[place], points[group[0]]) < 5 for group in groups for place in group)
    assert all(math.dist(points[one[0]], points[other[0]]) >= 5 for one, other in combinations(groups, 2))


def test_points_at_one_place_are_one_group() -> None:
    assert together([(1.0, 1.0), (50.0, 1.0), (1.0, 1.0)], 5) == [[0, 2], [1]]
    assert together([], 5) == []


def test_marks_beside_each_other_go_up_and_down_by_turns() -> None:
    assert apart([0, 100, 1, 2, 103, 300], 9) == [0, 0, 1, -1, 1, 0]
    assert apart([5.0, 5.0], 9) == [0, 1]
    assert apart([], 9) == []
