"""Marks that would lie over each other: counted in one, or moved apart."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from ccinsight import i18n
from ccinsight.charts.text import escaped
from ccinsight.i18n import ngettext

# Names that a mark of several lists on hover.
NAMED = 6
_AROUND = [(right, up) for right in (-1, 0, 1) for up in (-1, 0, 1)]


def together(points: Sequence[tuple[float, float]], near: float) -> list[list[int]]:
    """The places of points (x, y in px) in groups: each is less than ``near`` from the first of its group.

    The first of a group is the one that comes first in the order of the points, so that a mark drawn there stands at
    the place of one of them. No two groups have the same place.
    """
    groups: list[list[int]] = []
    firsts: dict[
        tuple[int, int], list[int]
    ] = {}  # the groups whose first point lies in a square of the plane
    same: dict[tuple[float, float], int] = {}  # points at the very same place, which are many
    for place, point in enumerate(points):
        group = same.get(point)
        if group is None:
            square = math.floor(point[0] / near), math.floor(point[1] / near)
            group = same[point] = _nearest(point, square, near, firsts, groups, points)
            if group == len(groups):
                firsts.setdefault(square, []).append(group)
                groups.append([])
        groups[group].append(place)
    return groups


def _nearest(
    point: tuple[float, float],
    square: tuple[int, int],
    near: float,
    firsts: Mapping[tuple[int, int], Sequence[int]],
    groups: Sequence[Sequence[int]],
    points: Sequence[tuple[float, float]],
) -> int:
    """The group whose first point is nearest and near enough; the number of a new one where there is none."""
    found, least = len(groups), near
    for right, up in _AROUND:
        for group in firsts.get((square[0] + right, square[1] + up), ()):
            distance = math.dist(point, points[groups[group][0]])
            if distance < least:
                found, least = group, distance
    return found


def apart(positions: Sequence[float], near: float) -> list[int]:
    """For marks beside each other on one line: the step up (1) or down (-1) at which each lies over no other; 0: none.

    ``positions`` in any order; marks less than ``near`` from the one before take the next step: 0, 1, -1, 2, -2.
    """
    steps = [0] * len(positions)
    before, taken = -math.inf, 0
    for place in sorted(range(len(positions)), key=lambda place: (positions[place], place)):
        taken = taken + 1 if positions[place] - before < near else 0
        before = positions[place]
        steps[place] = (taken + 1) // 2 * (1 if taken % 2 else -1)
    return steps


def named(names: Sequence[str], count: int) -> list[str]:
    """Lines of a hover text: the first names, and how many of ``count`` there are beyond them."""
    more = count - NAMED
    lines = [escaped(name) for name in names[:NAMED]]
    if more > 0:
        lines.append(ngettext("and {count} more", "and {count} more", more).format(count=i18n.number(more)))
    return lines


def first_of(names: Sequence[str]) -> str:
    """``Nord AS``, or ``Nord AS and 2 more``."""
    more = len(names) - 1
    if more == 0:
        return names[0]
    return ngettext("{name} and {count} more", "{name} and {count} more", more).format(
        name=names[0], count=i18n.number(more)
    )
