"""The order in which files are made for programs, so that nobody's many or slow reports hold up the rest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import TypeVar

import anyio
import anyio.to_thread

Made = TypeVar("Made")


class FullError(Exception):
    """As many files are being made or waited for as may be."""


class FileQueue:
    """Makes files in threads: ``at_once`` at a time, one for each token; the others wait in order, without a thread.

    ``most``: so many are made or waited for at a time, ``most_of_token`` of one token. One an event loop.
    """

    def __init__(self, at_once: int, most: int, most_of_token: int) -> None:
        self._threads = anyio.CapacityLimiter(at_once)
        self._most, self._most_of_token = most, most_of_token
        # by the number of the token
        self._asked: Counter[int] = Counter()
        self._turns: dict[int, anyio.Lock] = {}

    async def run(self, token: int, make: Callable[[], Made]) -> Made:
        """What ``make`` gives, once it is the token's turn. Raises FullError where too many wait already."""
        if self._asked.total() >= self._most or self._asked[token] >= self._most_of_token:
            raise FullError
        self._asked[token] += 1
        turn = self._turns.setdefault(token, anyio.Lock())
        try:
            async with turn:
                return await anyio.to_thread.run_sync(make, limiter=self._threads)
        finally:
            self._asked[token] -= 1
            if not self._asked[token]:
                del self._asked[token], self._turns[token]
