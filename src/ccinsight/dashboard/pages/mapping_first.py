"""Fields and values before there is a database: what names mean in the first import."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import streamlit as st

from ccinsight.access import Right
from ccinsight.dashboard.pages import first_run, mapping_examine
from ccinsight.dashboard.session import activity, address, keys, reads
from ccinsight.dashboard.session.view import View
from ccinsight.dashboard.widgets import layout
from ccinsight.i18n import _
from ccinsight.settings.editing import Path as Key
from ccinsight.settings.editing import Value, with_entries


def show(view: View) -> None:
    """Examines a file; what is chosen holds for the files of the first import of this session."""
    if keys.EXAMINED not in st.session_state:
        first_run.show(view.reader)
        return
    st.title(_("What do the names in the file mean?"), anchor=False)
    entries = mapping_examine.show(view)
    if entries:
        st.code(with_entries("", entries).strip(), language="toml")
    else:
        layout.note(_("Choose above what each name means."))
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if entries and view.reader.may(Right.APPLY_SETTINGS):
            st.button(
                _("Use these names, and go back to the files"),
                type="primary",
                icon=":material/check:",
                key="use-names",
                on_click=partial(_use, dict(entries)),
            )
        layout.page_link("data", _("Back to the files"), ":material/arrow_back:")


def _use(entries: Mapping[Key, Value]) -> None:
    """Keeps the names for the first import, which stores them with the data."""
    activity.require(Right.APPLY_SETTINGS)
    st.session_state[keys.FIRST_SETTINGS] = with_entries(reads.settings().toml, entries)
    st.session_state.pop(keys.EXAMINED, None)
    address.go("data")
