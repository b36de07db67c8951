"""Files that aren't tables: the calendar of deadlines, the rejected rows."""

from __future__ import annotations

from datetime import date
from functools import partial

import pandas as pd
import streamlit as st

from ccinsight import calendars, tables
from ccinsight.dashboard import store
from ccinsight.dashboard.listing import file_head
from ccinsight.dashboard.view import View
from ccinsight.i18n import _, language, set_language


def calendar(deadlines: pd.DataFrame, view: View) -> None:
    """The deadlines in sight, as a file for a calendar."""
    st.download_button(
        _("Download for the calendar"),
        partial(_calendar, deadlines, view.as_of, language()),
        file_name=tables.file_name("deadlines", "ics", file_head(view)),
        mime=calendars.MIME_TYPE,
        key="calendar",
        icon=":material/calendar_add_on:",
        on_click="ignore",
        help=_(
            "An iCalendar file (.ics): Outlook and Google Calendar open it, each deadline on its act-by date."
        ),
    )


def _calendar(deadlines: pd.DataFrame, as_of: date, in_language: str) -> bytes:
    set_language(in_language)
    return calendars.calendar(deadlines, as_of)


def rejects(imports: pd.DataFrame) -> None:
    """The rejected rows of all imports, to be mended and imported again."""
    if not imports["rows_rejected"].sum():
        return
    st.download_button(
        _("Download the rejected rows"),
        partial(_rejects, language()),
        file_name="rejects.zip",
        mime="application/zip",
        key="rejects",
        icon=":material/download:",
        on_click="ignore",
        help=_("The rows as they came, to be mended and imported again, and why each was rejected."),
    )


def _rejects(in_language: str) -> bytes:
    set_language(in_language)
    return store.rejects_archive()
