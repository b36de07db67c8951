"""Where the keyboard goes on after a click that took away what had the focus: a button that is gone or disabled."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import streamlit as st

from ccinsight.dashboard.session import printing

_SCRIPT = Path(__file__).with_suffix(".js").read_text(encoding="utf-8")
_component = st.components.v2.component(
    "ccinsight_focus", html='<span class="focus-mover" hidden></span>', js=_SCRIPT, isolate_styles=False
)


def move(token: str, targets: Sequence[str]) -> None:
    """Moves a focus that was lost, once for each ``token``; "" moves none.

    ``targets``: CSS selectors of where it goes, the first that is there. A focus that is somewhere stays.
    """
    if not printing.is_on():
        _component(key="focus", data={"token": token, "targets": list(targets)}, height="content")
