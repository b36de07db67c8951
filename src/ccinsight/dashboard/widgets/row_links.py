"""What a row of a grid leads to: its customer's page, or a part of the same page, by a click or by Enter."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from ccinsight.dashboard.session import address
from ccinsight.dashboard.widgets import cells
from ccinsight.i18n import _, is_unknown
from ccinsight.registry import Report

# A column whose cells set one of the page's parameters: column, parameter, a value for each row.
Opens = tuple[str, str, Sequence[str]]
# What a row's cell does, by the row's place.
Open = Callable[[int], None]
_SCRIPT = Path(__file__).with_suffix(".js").read_text(encoding="utf-8")
_component = st.components.v2.component(
    "ccinsight_row_links", html='<p class="row-links" role="status"></p>', js=_SCRIPT, isolate_styles=False
)


def of(frame: pd.DataFrame, opens: Sequence[Opens] = ()) -> dict[str, Open]:
    """The columns of a frame whose cells lead somewhere, and what each does."""
    links: dict[str, Open] = {}
    if {"customer_name", "customer_id"} <= set(frame.columns):
        links["customer_name"] = partial(_open_customer, tuple(frame["customer_id"]))
    links |= {each[0]: partial(_open_here, each) for each in opens if each[0] in frame}
    return links


def clicked(key: str, open_one: Open) -> None:
    """A click on one of the cells that Streamlit draws as buttons under this key."""
    click = st.session_state.get(key)
    if click is not None:
        open_one(click["row"])


def listen(
    report: Report, links: Mapping[str, Open], order: Sequence[str], key: str, *, is_edited: bool = False
) -> None:
    """Lets Enter do in the grid drawn just before what a click does; says so while the grid has the focus.

    Enter in a cell that leads nowhere is Enter on the row's first link; where cells are edited, it begins that.
    """
    named = {cells.heading(report.column(name)): links[name] for name in links if name in order}
    if not named:
        return
    _component(
        key=f"enter-{key}",
        data={
            "links": list(named),
            "wholeRow": None if is_edited else next(iter(named)),
            "hint": _hint("customer_name" in links, is_edited=is_edited),
        },
        on_opened_change=partial(_entered, f"enter-{key}", named),
        height="content",
    )


def _hint(leads_to_customer: bool, *, is_edited: bool) -> str:
    if is_edited:
        return _("Enter on the name opens the customer.")
    if leads_to_customer:
        return _("Enter opens the customer, Ctrl+Space sorts by the column.")
    return _("Enter shows the row below, Ctrl+Space sorts by the column.")


def _entered(key: str, named: Mapping[str, Open]) -> None:
    opened: Any = st.session_state[key].get("opened")
    if opened and opened["link"] in named:
        named[opened["link"]](int(opened["row"]))


def _open_customer(customers: Sequence[str], row: int) -> None:
    if not is_unknown(customers[row]):
        address.go_to_customer(customers[row])


def _open_here(opens: Opens, row: int) -> None:
    _column, parameter, values = opens
    st.session_state[parameter] = values[row]
