"""What a page shows: the day, the filters, who reads, and how to read reports with them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from runpy import run_path
from typing import Any

import pandas as pd
import streamlit as st
from streamlit.runtime.pages_manager import PagesManager
from streamlit.runtime.scriptrunner import get_script_run_ctx

from ccinsight.access import Reader
from ccinsight.dashboard.session import keys, reads
from ccinsight.database.scope import Filters


@dataclass(frozen=True)
class View:
    """The day, the filters and the reader of this run. ``today`` is the real day, to mark another one."""

    as_of: date
    today: date
    reader: Reader
    filters: Filters = field(default_factory=Filters)

    @property
    def is_today(self) -> bool:
        """True where the figures are today's."""
        return self.as_of == self.today

    def only(self, customer_id: str) -> View:
        """The same day for one customer and no other filter."""
        return replace(self, filters=Filters(customers=(customer_id,)))

    def on(self, day: date) -> View:
        """The same filters on another day."""
        return replace(self, as_of=day)

    def unfiltered(self) -> View:
        """The same day without filters."""
        return replace(self, filters=Filters())

    def report(self, name: str, **options: Any) -> pd.DataFrame:
        """The named report for this day and these filters."""
        return reads.read(name, self.as_of, self.filters, self.reader, **options)


def show(view: View) -> None:
    """Makes this the view of the run, before the page starts."""
    st.session_state[keys.VIEW] = view


def current() -> View:
    """The view of this run."""
    if PagesManager.uses_pages_directory or keys.VIEW not in st.session_state:
        _run_router()
    view: View = st.session_state[keys.VIEW]
    return view


def _run_router() -> None:
    """Runs app.py in place of the page, which then runs under it.

    Until st.navigation was called once in a process, Streamlit takes a folder named pages for its older kind of site
    and runs a page whose own address is opened without the router; another session's run may make the call while this
    one waits. AppTest forgets the call before every run.
    """
    PagesManager.uses_pages_directory = False
    ctx = get_script_run_ctx()
    assert ctx is not None  # a page runs in a session
    with ctx.run_with_active_hash(ctx.pages_manager.main_script_hash):
        run_path(ctx.main_script_path, run_name="__main__")
    st.stop()
