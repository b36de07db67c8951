"""What the browser does for every page beside Streamlit: language, title, navigation by keyboard, charts on paper."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from ccinsight.dashboard.navigation import PAGES
from ccinsight.dashboard.widgets import layout
from ccinsight.i18n import N_, _, language

_SCRIPT = Path(__file__).with_suffix(".js").read_text(encoding="utf-8")
_component = st.components.v2.component(
    "ccinsight_browser",
    html='<span class="browser" hidden></span>',
    js=_SCRIPT,
    isolate_styles=False,
)
# What Streamlit writes in English, whatever the reader's language.
_WHOLE = (
    N_("App pages"),
    N_("Autosize"),
    N_("Choose an option"),
    N_("Choose date"),
    N_("Choose options"),
    N_("Clear all"),
    N_("Clear selection"),
    N_("Clear value"),
    N_("Close"),
    N_("Close fullscreen"),
    N_("Collapse sidebar"),
    N_("Copy to clipboard"),
    N_("Drag and drop a file here"),
    N_("Drag and drop files here"),
    N_("Expand sidebar"),
    N_("Fullscreen"),
    N_("Hide column"),
    N_("Link to heading"),
    N_("Loading..."),
    N_("Next month"),
    N_("No results"),
    N_("Pin column"),
    N_("Previous month"),
    N_("Press Ctrl+Enter to apply"),
    N_("Press Enter to apply"),
    N_("Select all"),
    N_("Show/hide columns"),
    N_("Sidebar"),
    N_("Skip to main content"),
    N_("Statistics"),
    N_("Unpin column"),
    N_("Upload"),
    N_("Use arrow keys to navigate dates. Enter to select. Escape to close."),
    N_("file upload"),
)
_BEGINNINGS = (
    N_("Choose date, "),
    N_("Fullscreen: "),
    N_("Help for "),
    N_("Remove "),
    N_("Show/hide columns: "),
    N_("day, "),
    N_("month, "),
    N_("year, "),
)


def show(page: str) -> None:
    """Sets the title of a page, "" the sign-in, and its language; mends what Streamlit writes, and keeps it so."""
    title = f"{_(PAGES[page].title)} · ccinsight" if page else "ccinsight"
    st.set_page_config(page_title=title, page_icon=layout.ICON)
    texts, beginnings = ({text: _(text) for text in kind} for kind in (_WHOLE, _BEGINNINGS))
    texts["Open"] = _("Open the list")  # an arrow's name; the word alone is a status of agreements
    _component(
        key="browser",
        data={"language": language(), "texts": texts, "beginnings": beginnings},
        height="content",
    )
