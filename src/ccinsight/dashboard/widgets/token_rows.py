"""Tokens that open something without a sign-in: shown once, then as rows with a button that ends each."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

import streamlit as st

from ccinsight.i18n import _, day, language, moment


def rows(
    lines: Iterable[tuple[int, str]],
    kind: str,
    place: str,
    revoke: Callable[[int, str], None],
    help_text: str,
) -> None:
    """A row for each number and its text. ``kind`` and ``place`` make the keys; ``revoke`` gets number and language."""
    for number, line in lines:
        key = f"{place}-{number}"
        with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"{kind}-{key}"):
            st.markdown(line, width="stretch")
            st.button(
                _("Revoke"),
                key=f"{kind}-revoke-{key}",
                help=help_text,
                on_click=revoke,
                args=(number, language()),
            )


def said_of(made_at: datetime, used_at: datetime | None) -> str:
    """When it was made and last read."""
    read = _("last read {moment}").format(moment=moment(used_at)) if used_at else _("never read")
    return _("Made {day}, {read}").format(day=day(made_at), read=read)


def show_once(warning: str, secret: str, uses: str, kind: str, forget: Callable[[], None]) -> None:
    """What can't be shown again, what to do with it, and a button that takes it off the page."""
    with st.container(border=True, key=f"{kind}-new"):
        st.markdown(warning)
        st.code(secret, language=None, wrap_lines=True)
        st.markdown(uses)
        st.button(_("I have copied it"), key=f"{kind}-copied", on_click=forget)
