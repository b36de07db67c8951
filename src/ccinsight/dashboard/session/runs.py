"""Runs of pages share a process: two at a time, the others wait in the order they came.

Python lets one thread at a time get on, and DuckDB's part fills a second core. Each of many runs at once only ends
later: fifty readers who opened a page every eight seconds on two cores waited 1.8 s at the 95th percentile without
turns, 1.1 s with two and 1.2 s with three, for the same pages in the same minute.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress

from streamlit import runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx

from ccinsight.dashboard.server import garbage
from ccinsight.database.turns import NoTurnError, Turns

_AT_ONCE = 2
# A run that makes many decks or takes over an export holds its turn for long; nobody waits for it longer than this.
_PATIENCE_SECONDS = 2.0
# A browser sends a click on a file up to 20 ms before the text that was typed just before it, a slow phone later.
_BEGIN_SECONDS = 0.5
# The run that saves the text may wait for others.
_SAVE_SECONDS = 20.0
_turns = Turns(_AT_ONCE)


@contextmanager
def run() -> Iterator[None]:
    """The run of a page: waits for its turn, and is counted for the collection of garbage."""
    with garbage.collector().run(), ExitStack() as held:
        with suppress(NoTurnError):
            held.enter_context(_turns.turn(_PATIENCE_SECONDS))
        yield


def session_id() -> str:
    """The session that draws the page; empty outside a server, as in a test of a page."""
    context = get_script_run_ctx()
    return context.session_id if context and runtime.exists() else ""


def wait_for(session: str) -> None:
    """Waits until a session's runs have ended, at least half a second, at most 20 s. Not for use in a run.

    Streamlit makes a file beside the run that saves what was typed just before the click. A file that shall hold the
    text waits here: also where a run goes on already, for that may be of an earlier text and end before the last one's
    begins.
    """
    found = runtime.get_instance().get_app_session(session) if session else None
    if found is None:
        return
    begun = time.monotonic()
    while (waited := time.monotonic() - begun) < _SAVE_SECONDS:
        if found._scriptrunner is None and waited >= _BEGIN_SECONDS:
            break
        time.sleep(0.02)
