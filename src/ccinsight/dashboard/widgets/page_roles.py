"""Roles and keys of Streamlit's navigation, whose markup has none: groups of links that open and close by keyboard."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

_SCRIPT = Path(__file__).with_suffix(".js").read_text(encoding="utf-8")
_component = st.components.v2.component(
    "ccinsight_page_roles",
    html='<span class="page-roles" hidden></span>',
    js=_SCRIPT,
    isolate_styles=False,
)


def show() -> None:
    """Mends the navigation of the page, and keeps it so."""
    _component(key="page-roles", height="content")
