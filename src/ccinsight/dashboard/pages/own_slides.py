"""The slides of one's own that status meetings are made on: chosen for a visit, with their tokens and a start."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from ccinsight.dashboard.session import keys, reads
from ccinsight.dashboard.widgets import layout
from ccinsight.dashboard.widgets.html_table import Head, table
from ccinsight.errors import CcinsightError
from ccinsight.i18n import _
from ccinsight.outputs import tables

if TYPE_CHECKING:
    from ccinsight.documents.deck import TemplateFile

_TEMPLATE_MB = 50
_TYPES = ["pptx", "potx", "ppsx"]


def chosen() -> TemplateFile | None:
    """The slides that were chosen in this visit; None where the settings' or our own are used."""
    found: TemplateFile | None = st.session_state.get(keys.OWN_SLIDES)
    return found


def choose() -> TemplateFile | None:
    """Lets slides be chosen, and says what is wrong with them or left out; lists the tokens that they can hold."""
    opened = st.expander(_("Your own slides"), key="own-slides", on_change="rerun")
    if not opened.open:
        _show_chosen()
        return chosen()
    with opened:
        file = st.file_uploader(
            _("PowerPoint slides with tokens"),
            type=_TYPES,
            max_upload_size=_TEMPLATE_MB,
            key="own-slides-file",
            help=_(
                "For this visit. To keep some, lay the file beside the settings and name it there: [deck] template."
            ),
        )
        st.session_state[keys.OWN_SLIDES] = _usable(file.getvalue(), file.name) if file else chosen()
        _show_chosen()
        if chosen() and not file and st.button(_("Remove"), key="remove-own-slides", type="tertiary"):
            st.session_state[keys.OWN_SLIDES] = None
            st.rerun()
        _show_tokens()
    return chosen()


def _usable(content: bytes, name: str) -> TemplateFile | None:
    """The slides, with what is left out of them said; None where no deck can be made on them, which is said too."""
    from ccinsight.documents import deck

    file = deck.TemplateFile(content, name)
    try:
        if lines := deck.left_out(deck.settings_look(reads.warehouse(), file)):
            st.info("  \n".join(map(layout.plain, lines)), icon=":material/info:")
    except CcinsightError as error:
        layout.failed(error)
        return None
    return file


def _show_chosen() -> None:
    if file := chosen():
        st.caption(_("Decks are made on {file}.").format(file=layout.plain(file.name)))


def _show_tokens() -> None:
    """A deck to start from, and all tokens with an example."""
    from ccinsight.documents.deck.own.listing import listing
    from ccinsight.documents.deck.own.starter import starter

    st.download_button(
        _("Download slides with every token"),
        starter(),
        file_name=tables.file_name(_("Slides for status meetings").lower(), "pptx"),
        key="starter-slides",
        icon=":material/download:",
        type="tertiary",
        on_click="ignore",
    )
    layout.note(
        _(
            "A token can stand anywhere in the slides' text. A chart or a table of the slides' own keeps its look "
            "and gets the customer's numbers."
        )
    )
    heads = [Head(_("Token")), Head(_("Meaning")), Head(_("Example"))]
    for heading, listed in listing().items():
        st.markdown(f"**{layout.plain(heading)}**")
        st.html(table(heads, [[each.token, each.description, each.example] for each in listed], heading))
