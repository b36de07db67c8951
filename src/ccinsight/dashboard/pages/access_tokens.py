"""Access tokens for Excel, Power BI and other programs: a reader makes one, sees their own, and revokes them."""

from __future__ import annotations

import streamlit as st

from ccinsight.access import Reader
from ccinsight.clock import now
from ccinsight.dashboard import navigation
from ccinsight.dashboard.session import activity, keys, reads
from ccinsight.dashboard.session import reader as session_reader
from ccinsight.dashboard.widgets import layout, token_rows
from ccinsight.errors import CcinsightError
from ccinsight.i18n import _, language, set_language
from ccinsight.integrations.api.tokens import LONGEST_NAME, AccessToken, AccessTokens
from ccinsight.notes.activity import Action

_NAME = "token-name"


def show(reader: Reader) -> None:
    """Everybody's tokens for those who see the whole database, else the reader's own; and how to make one."""
    layout.section(_("Which programs read the reports?"))
    layout.note(
        _(
            "With an access token Excel, Power BI or a program of your own reads the reports that you may see, without "
            "a sign-in. Below each table, Connect Excel shows the address and how to use it."
        )
    )
    everybody, tokens = navigation.shows_whole_database(reader), AccessTokens(reads.database_path())
    found = tokens.active() if everybody else tokens.of(reader)
    if not found:
        layout.nothing(_("No program reads the reports yet."))
    lines = ((each.token_id, _line(each, with_names=everybody)) for each in found)
    token_rows.rows(lines, "token", "all", _revoke, _("The token opens nothing from now on."))
    said = st.session_state.get(keys.TOKEN_MADE)
    if isinstance(said, CcinsightError):
        layout.failed(said)
    elif said:
        _show_new(said)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="token-new-row"):
        st.text_input(
            _("What is it for?"), key=_NAME, max_chars=LONGEST_NAME, placeholder=_("such as Power BI")
        )
        st.button(
            _("Make an access token"),
            key="token-make",
            icon=":material/key:",
            on_click=_make,
            args=(language(),),
        )


def _line(token: AccessToken, *, with_names: bool) -> str:
    said = token_rows.said_of(token.made_at, token.used_at)
    who = (token.address or token.reader_key or _("all customers")) if with_names else ""
    return f"**{layout.plain(token.name)}**  \n" + layout.plain(f"{who} · {said}" if who else said)


def _show_new(token: str) -> None:
    token_rows.show_once(
        _("**Copy the token now.** It isn't shown again, and whoever has it reads what you may see."),
        token,
        _(
            "- **Excel and Power BI** ask for it when they first fetch: choose *Basic*, any user name, and the token "
            "as the password\n"
            "- **Programs** send it in the header `Authorization: Bearer`"
        ),
        "token",
        _forget_token,
    )


def _make(in_language: str) -> None:
    set_language(in_language)  # a callback runs before the page has set one
    session = st.session_state
    try:
        tokens = AccessTokens(reads.database_path())
        _entry, token = tokens.add(session_reader.current(), session.get(_NAME) or "", now())
        session[keys.TOKEN_MADE], session[_NAME] = token, ""
        activity.record(Action.TOKEN)
    except CcinsightError as error:
        session[keys.TOKEN_MADE] = error


def _revoke(token_id: int, in_language: str) -> None:
    set_language(in_language)
    _forget_token()
    try:
        reader = session_reader.current()
        everybody = navigation.shows_whole_database(reader)
        if AccessTokens(reads.database_path()).revoke(token_id, now(), None if everybody else reader):
            activity.record(Action.REVOKE_TOKEN)
    except CcinsightError as error:
        st.session_state[keys.TOKEN_MADE] = error


def _forget_token() -> None:
    st.session_state.pop(keys.TOKEN_MADE, None)
