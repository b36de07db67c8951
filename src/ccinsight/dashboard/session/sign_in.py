"""The page of somebody who isn't signed in, or has no access; and the way out in the sidebar."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from ccinsight.access import SEES_ALL, Reader
from ccinsight.access.config import OpenId
from ccinsight.access.people import Identity
from ccinsight.dashboard import navigation
from ccinsight.dashboard.guard import gate
from ccinsight.dashboard.guard.configuration import PROVIDER, SIGN_IN_KEY, SIGN_OUT_KEY
from ccinsight.dashboard.session import reader
from ccinsight.errors import CcinsightError
from ccinsight.i18n import _


def require(begin: Callable[[], None]) -> Reader:
    """The reader of this run. Draws the sign-in and ends the run where there is none.

    ``begin`` draws what every page begins with.
    """
    try:
        return reader.current()
    except CcinsightError as error:
        navigation.navigation(SEES_ALL, is_hidden=True)
        begin()
        _draw_instead(error)
        st.stop()


def _draw_instead(error: CcinsightError) -> None:
    try:
        identity = reader.identity()
    except CcinsightError:  # access.toml has a fault, and its sentence may be the administrator's alone
        _message(_("The dashboard is closed"), _("Its sign-in is not set up rightly. Ask its administrator."))
        print(f"ccinsight: {error}", flush=True)
        return
    if identity is None:
        _message(_("Sign in"), _("The dashboard is for signed-in colleagues."))
        st.button(_("Sign in"), key=SIGN_IN_KEY, type="primary", on_click=st.login, args=(PROVIDER,))
        return
    _message(
        _("You have no access"),
        _(
            "You are signed in as {name}, who is not among the dashboard's people. Ask its administrator."
        ).format(name=_name(identity)),
    )
    _sign_out_button()


def _message(title: str, text: str) -> None:
    st.title(title, anchor=False)
    st.text(text)


def _name(identity: Identity) -> str:
    """As the administrator needs it to add the person."""
    return " – ".join(dict.fromkeys(each for each in (identity.name, identity.address, identity.key) if each))


def show_reader(shown: Reader) -> None:
    """Who is signed in, and the way out, at the end of the sidebar; nothing without sign-in."""
    if gate().access() is None:
        return
    with st.sidebar:
        st.caption(_("Signed in as {name}").format(name=shown.name))
        _sign_out_button()


def _sign_out_button() -> None:
    """A proxy has a sign-out of its own."""
    access = gate().access()
    if access is not None and isinstance(access.provider, OpenId):
        st.button(_("Sign out"), key=SIGN_OUT_KEY, icon=":material/logout:", on_click=st.logout)
