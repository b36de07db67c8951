"""What keeps a click quick in a long-lived server: less to look through when Streamlit collects garbage."""

from __future__ import annotations

import gc

import streamlit as st


@st.cache_resource(show_spinner=False, max_entries=20)
def settle(page: str) -> None:
    """Once a process for each page, when it has been drawn: what is loaded by now is left alone by the collector.

    Streamlit collects garbage after every run, and that goes through every object of every library: 0.1-0.2 s in
    which nothing else gets on, the news that the run has ended included. What is garbage by now is cleared first.
    """
    gc.collect()
    gc.freeze()
