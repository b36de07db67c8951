"""Whether a session draws its page for paper: whole and light, without controls (widgets/paper.py)."""

from __future__ import annotations

import streamlit as st

from ccinsight.dashboard.navigation import PRINT
from ccinsight.dashboard.session import keys

ON = "1"


def begin() -> None:
    """For the router, first of all: a session that was opened for paper stays so. Nothing in it leads to a page."""
    st.session_state.setdefault(keys.PRINTING, st.query_params.get(PRINT) == ON)


def is_on() -> bool:
    """True where the page is drawn for paper."""
    return bool(st.session_state.get(keys.PRINTING))
