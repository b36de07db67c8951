"""Whether a session draws its page for paper: whole and light, without controls (widgets/paper.py)."""

from __future__ import annotations

import streamlit as st

from ccinsight.dashboard.navigation import PRINT
from ccinsight.dashboard.session import keys

ON = "1"


def begin() -> None:
    """For the router, first of all. What is drawn for paper stays so: nothing there leads to another page."""
    if st.query_params.get(PRINT) == ON:
        st.session_state[keys.PRINTING] = True


def is_on() -> bool:
    """True where the page is drawn for paper."""
    return bool(st.session_state.get(keys.PRINTING))
