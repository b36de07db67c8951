"""Values that pages give to their widgets, set only where the browser may have other ones.

Streamlit sends a widget whose value was set as a changed one, also where it has that value already, and the browser
draws it again with all its options: the list of 3 300 customers takes as long as a small page. What is sent as it was
in the run before, at the same place of the page, the browser keeps.

The day boxes of *Revenue review*, the spans of a table's filters and a choice that takes time to work out
(``layout.pick_if_wanted``, until one is chosen) are short, and are still set in every run.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any

import streamlit as st

from ccinsight.dashboard.session import keys

# What a run sent just before the next one began may be lost: the next one sends it once more.
_TIMES = 2


@dataclass(frozen=True)
class _Given:
    """A widget's value, how it is written in the browser, and in how many runs in a row it was set."""

    value: Any
    text: str
    times: int

    def is_of(self, value: Any, text: str) -> bool:
        return bool((self.value, self.text) == (value, text))


def begin(shown: Hashable) -> None:
    """For the router, when the page is known. ``shown``: where it changes, all values are set."""
    state = st.session_state
    # taken away until the run is through: one that was broken off may not have sent everything
    of, before = state.pop(keys.GIVEN, (None, {}))
    state[keys.GIVEN_BEFORE] = before if of == shown else {}
    state[keys.GIVING] = shown, {}


def end() -> None:
    """For the router, when the page is through, and for a page that stops before its end."""
    st.session_state[keys.GIVEN] = st.session_state.pop(keys.GIVING)


def give(key: str, value: Any, text: str = "") -> None:
    """Gives a widget its value before it is drawn. ``text``: how the value is written, where that may change."""
    state = st.session_state
    before: _Given | None = state.get(keys.GIVEN_BEFORE, {}).get(key)
    is_there = key in state and state[key] == value
    times = before.times if before and is_there and before.is_of(value, text) else 0
    if times < _TIMES:
        state[key] = value
        times += 1
    if keys.GIVING in state:
        state[keys.GIVING][1][key] = _Given(value, text, times)
