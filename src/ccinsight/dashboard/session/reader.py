"""The reader of this run."""

from __future__ import annotations

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from ccinsight.access import SEES_ALL, Reader
from ccinsight.access.config import OpenId
from ccinsight.access.people import Identity
from ccinsight.dashboard.guard import gate
from ccinsight.errors import CcinsightError
from ccinsight.i18n import _


def current() -> Reader:
    """Who reads this page; without access.toml the reader who sees all.

    Asked again at every call, so that a removed person is out at once. Raises CcinsightError for somebody who isn't
    signed in or isn't among the people, and outside of a page's run, as in a download's callback: bind the reader
    when the page is drawn.
    """
    if gate().access() is None:
        return SEES_ALL
    found = gate().reader(*_request()) if _is_signed_in() else None
    if found is None:
        raise CcinsightError(_("You are no longer signed in, or no longer have access. Open the page again."))
    return found


def identity() -> Identity | None:
    """Who has signed in, whether they have access or not; None without sign-in."""
    return gate().identity(*_request()) if _is_signed_in() else None


def _request() -> tuple[dict[str, str], dict[str, str]]:
    """Headers and cookies of the request that opened the page's websocket."""
    if get_script_run_ctx() is None:
        return {}, {}
    return st.context.headers.to_dict(), st.context.cookies.to_dict()


def _is_signed_in() -> bool:
    """False where Streamlit itself doesn't take the cookie, as from a foreign page; a proxy's headers need none."""
    access = gate().access()
    if access is None or not isinstance(access.provider, OpenId):
        return access is not None
    return get_script_run_ctx() is not None and bool(st.user.get("is_logged_in"))
