"""Random draws that give the same numbers on every machine and with every release of numpy.

Only the raw stream of PCG64 is promised to stay the same, and only whole numbers are exact everywhere. So the
draws here are built on raw 64-bit numbers, lookup tables and integers: no logarithms, no normal
distributions, no sums of floats.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import isqrt
from typing import TypeVar

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Thing = TypeVar("Thing")

_LOOKUP_BITS = 12
_HALF = np.uint64(32)


class Dice:
    """A stream of draws, named by the seed and a path of numbers, so that one part never disturbs another."""

    def __init__(self, seed: int, *path: int) -> None:
        self._bits = np.random.PCG64(np.random.SeedSequence([seed, *path]))

    def below(self, bound: int) -> int:
        """A whole number from 0 up to, not including, the bound."""
        return (int(self._bits.random_raw()) >> 32) * bound >> 32

    def between(self, low: int, high: int) -> int:
        """A whole number from low to high, both included."""
        return low + self.below(high - low + 1)

    def chance(self, permille: int) -> bool:
        """True in so many of a thousand cases."""
        return self.below(1000) < permille

    def pick(self, things: Sequence[Thing]) -> Thing:
        """One of the things, each as likely."""
        return things[self.below(len(things))]

    def weighted(self, weights: dict[Thing, int]) -> Thing:
        """One of the keys, as likely as its weight says."""
        left = self.below(sum(weights.values()))
        for thing, weight in weights.items():
            left -= weight
            if left < 0:
                return thing
        raise AssertionError

    def along(self, knots: Sequence[int]) -> int:
        """A number whose quantiles at equal steps are the knots."""
        place = self.below((len(knots) - 1) << 16)
        step, part = place >> 16, place & 0xFFFF
        return knots[step] + ((knots[step + 1] - knots[step]) * part >> 16)

    def long_tailed(self, least: int, most: int) -> int:
        """A Pareto number (α = 2) from least to most: many small ones, few very large."""
        return min(most, least * 65536 // isqrt(1 + self.below(1 << 32)))

    def raw(self, size: int) -> npt.NDArray[np.uint64]:
        """So many raw 64-bit numbers."""
        return np.asarray(self._bits.random_raw(size), dtype=np.uint64)

    def many_below(self, size: int, bound: int | Ints) -> Ints:
        """So many whole numbers from 0 up to the bound (below 2³²), which may differ from one to the next."""
        scaled = (self.raw(size) >> _HALF) * np.asarray(bound, dtype=np.uint64)
        return (scaled >> _HALF).astype(np.int64)

    def many_chances(self, size: int, permille: int | Ints) -> Flags:
        """So many yes or no, each as likely as its permille says."""
        return self.many_below(size, 1000) < permille

    def many_from(self, size: int, lookup: Ints, row: Ints | None = None) -> Ints:
        """Draws from a table made by ``lookup_table``; with ``row``, from that row of a stack of them."""
        place = (self.raw(size) >> np.uint64(64 - _LOOKUP_BITS)).astype(np.int64)
        drawn: Ints = lookup[place] if row is None else lookup[row, place]
        return drawn

    def many_along(self, knots: Ints, row: Ints) -> Ints:
        """Numbers whose quantiles at equal steps are the knots of their row (an array of rows by knots)."""
        place = self.many_below(len(row), (knots.shape[1] - 1) << 16)
        step, part = place >> 16, place & 0xFFFF
        low = knots[row, step]
        drawn: Ints = low + ((knots[row, step + 1] - low) * part >> 16)
        return drawn


def lookup_table(weights: Sequence[int]) -> Ints:
    """4 096 places shared out among 0 … n − 1 by weight, for ``Dice.many_from``."""
    total, places = sum(weights), 1 << _LOOKUP_BITS
    table = np.zeros(places, dtype=np.int64)
    passed = 0
    for index, weight in enumerate(weights):
        table[passed * places // total : (passed + weight) * places // total] = index
        passed += weight
    return table
