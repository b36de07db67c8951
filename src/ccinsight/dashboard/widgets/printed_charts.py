"""Charts of a page that is printed as it stands, with Ctrl+P; the page for paper is drawn by itself (paper.py)."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

_component = st.components.v2.component(
    "ccinsight_printed_charts",
    html='<span class="printed-charts" hidden></span>',
    js=Path(__file__).with_suffix(".js").read_text(encoding="utf-8"),
    isolate_styles=False,
)


def show() -> None:
    """Lets charts fit the sheet while the page is printed."""
    _component(key="printed-charts", height="content")
