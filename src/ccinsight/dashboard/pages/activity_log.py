"""What people did with the dashboard, for management."""

from __future__ import annotations

import streamlit as st

from ccinsight.access import Reader
from ccinsight.activity import Activity
from ccinsight.dashboard import navigation
from ccinsight.dashboard.session import reads
from ccinsight.dashboard.widgets import html_table, layout
from ccinsight.dashboard.widgets.html_table import Head
from ccinsight.i18n import _, moment

_SHOWN = 200


def show(reader: Reader) -> None:
    """The newest rows of the log; nothing for readers with limited access, or before the first entry."""
    if not navigation.shows_whole_database(reader):
        return
    rows = Activity(reads.database_path()).newest(_SHOWN)
    if not rows:
        return
    layout.section(_("Who did what?"))
    heads = [Head(_("Time")), Head(_("Person")), Head(_("What")), Head(_("Of what"))]
    with st.container(height=320 if len(rows) > 8 else "content", border=False):
        st.html(
            html_table.table(
                heads,
                [[moment(row.done_at), row.person, row.action.label, row.subject] for row in rows],
                _("Who did what?"),
            )
        )
