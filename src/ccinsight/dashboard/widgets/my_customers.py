"""My customers: the account manager that a reader is, remembered by the browser.

The one place that knows who a reader's customers are: a cookie, until readers sign in.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from urllib.parse import quote, unquote

import streamlit as st

from ccinsight.dashboard.session import address, given, keys, paths
from ccinsight.dashboard.session.link_values import MANAGER
from ccinsight.dashboard.session.view import View
from ccinsight.i18n import _

_COOKIE = "ccinsight-account-manager"
_YEAR_SECONDS = 365 * 24 * 3600


def begin(managers: Sequence[str]) -> None:
    """In the first run of a session: a reader whose link says nothing else sees their own customers."""
    state = st.session_state
    if keys.MINE in state:
        return
    named = unquote(st.context.cookies.get(_COOKIE, ""))
    state[keys.MINE] = named if named in managers else None
    if state[keys.MINE] and address.says_nothing():
        state[MANAGER] = [named]


def manager() -> str | None:
    """The account manager that the reader is; None where that isn't known."""
    found: str | None = st.session_state.get(keys.MINE)
    return found


def label(name: str) -> str:
    """How the bar names a filter on an account manager."""
    return _("My customers: {name}").format(name=name) if name == manager() else name


def offer(view: View) -> None:
    """A button to one's own customers, where the page shows others; keeps the browser's memory up to date."""
    own = manager()
    if own and view.filters.account_managers != (own,):
        st.button(
            _("My customers"),
            type="tertiary",
            icon=":material/person:",
            key="my-customers",
            on_click=address.set_filter,
            args=(MANAGER, [own]),
        )
    if st.session_state.pop(keys.MINE_CHANGED, False):
        _remember(own)


def choose(managers: Sequence[str]) -> None:
    """The choice of who one is."""
    given.give(keys.MINE_PICK, manager())
    st.selectbox(
        _("I am the account manager"),
        managers,
        index=None,
        key=keys.MINE_PICK,
        placeholder=_("Not chosen"),
        help=_(
            "This browser remembers it: ccinsight then opens with your customers. One click in the bar shows all."
        ),
        on_change=_chosen,
    )


def _chosen() -> None:
    state = st.session_state
    state[keys.MINE], state[keys.MINE_CHANGED] = state[keys.MINE_PICK], True
    address.set_filter(MANAGER, [state[keys.MINE_PICK]] if state[keys.MINE_PICK] else [])


def _remember(name: str | None) -> None:
    """Has the browser keep the name, or forget it."""
    age = _YEAR_SECONDS if name else 0
    cookie = f"{_COOKIE}={quote(name or '', safe='')}; path={paths.root_path()}; max-age={age}; samesite=lax"
    st.html(f"<script>document.cookie = {json.dumps(cookie)}</script>", unsafe_allow_javascript=True)
