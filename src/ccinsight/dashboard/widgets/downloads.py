"""Files that aren't tables: the calendar of deadlines, the rejected rows."""

from __future__ import annotations

from functools import partial

import pandas as pd
import pyarrow as pa
import streamlit as st

from ccinsight.dashboard.session import reads
from ccinsight.dashboard.session.view import View
from ccinsight.dashboard.widgets.table_files import file_head
from ccinsight.i18n import _, language, set_language
from ccinsight.outputs import calendar_file, tables
from ccinsight.outputs.cells import Head


def calendar(view: View, days: int, *, only_if_any: bool = False) -> None:
    """The deadlines of the span as a file for a calendar, with what an earlier file said that no longer holds.

    It isn't offered for a day to come: what is known then would keep calendars from taking later corrections.
    """
    if view.as_of > view.today:
        st.caption(_("The calendar file is made of what is known today: choose today's date to download it."))
        return
    if only_if_any and not _events(view, days).num_rows:
        return
    head = file_head(view)
    st.download_button(
        _("Download for the calendar"),
        partial(_calendar, view, days, head.filters, language()),
        file_name=tables.file_name(_("Deadlines").lower(), "ics", head),
        mime=calendar_file.MIME_TYPE,
        key="calendar",
        icon=":material/calendar_add_on:",
        on_click="ignore",
        help=_(
            "An iCalendar file (.ics) for Outlook and Google Calendar, with each deadline on its "
            "last working day. Open a new file there after an import: corrected dates move, and "
            "dates that no longer apply are removed. The file always follows the newest import."
        ),
    )


def _calendar(view: View, days: int, filters: tuple[tuple[str, str], ...], in_language: str) -> bytes:
    set_language(in_language)
    return calendar_file.calendar(_events(view, days), filters)


def _events(view: View, days: int) -> pa.Table:
    events = reads.read_exact("calendar_events", view.as_of, view.filters, view.reader, days=days)
    return calendar_file.without_closed(events, reads.marks().closed_notices(view.as_of))


def rejects(imports: pd.DataFrame, view: View) -> None:
    """The rejected rows of all imports, to be mended and imported again."""
    if not imports["rows_rejected"].sum():
        return
    st.download_button(
        _("Download the rejected rows"),
        partial(_rejects, view, language()),
        file_name=tables.file_name(_("Rejected rows").lower(), "zip", Head(view.today)),
        mime="application/zip",
        key="rejects",
        icon=":material/download:",
        on_click="ignore",
        help=_("The rows as they came, to be mended and imported again, and why each was rejected."),
    )


def _rejects(view: View, in_language: str) -> bytes:
    set_language(in_language)
    return reads.rejects_archive(view.reader)
