"""Runs of pages share a process: two at a time, the others wait in the order they came.

Python lets one thread at a time get on, and DuckDB's part fills a second core. Each of many runs at once only ends
later: fifty readers who opened a page every eight seconds on two cores waited 1.8 s at the 95th percentile without
turns, 1.1 s with two and 1.2 s with three, for the same pages in the same minute.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress

from ccinsight.dashboard import garbage
from ccinsight.turns import NoTurnError, Turns

_AT_ONCE = 2
# A run that makes many decks or takes over an export holds its turn for long; nobody waits for it longer than this.
_PATIENCE_SECONDS = 2.0
_turns = Turns(_AT_ONCE)


@contextmanager
def run() -> Iterator[None]:
    """The run of a page: waits for its turn, and is counted for the collection of garbage."""
    with garbage.collector().run(), ExitStack() as held:
        with suppress(NoTurnError):
            held.enter_context(_turns.turn(_PATIENCE_SECONDS))
        yield
