"""The workbook that accounting works from: all differences and every line behind them."""

from __future__ import annotations

from datetime import date
from functools import partial

import streamlit as st

from ccinsight.dashboard.session import reads
from ccinsight.dashboard.session.view import View
from ccinsight.dashboard.widgets.table_files import file_head
from ccinsight.i18n import _, day, language, set_language
from ccinsight.outputs import tables
from ccinsight.outputs.cells import Head
from ccinsight.outputs.excel import write_book
from ccinsight.registry import REPORTS

# Sheet by sheet; those with a span of their own say so in their definitions.
_SHEETS = (
    "invoicing",
    "expected_lines",
    "assigned_invoices",
    "users_billed",
    "consulting",
    "consulting_lines",
)


def download(view: View, since: date) -> None:
    """A button that builds the workbook on a click."""
    head = file_head(view)
    st.download_button(
        _("Download for accounting"),
        partial(_workbook, view, since, head, language()),
        file_name=tables.file_name(_("Leakage").lower(), "xlsx", head),
        mime=tables.MIME_TYPES["xlsx"],
        key="accounting",
        icon=":material/download:",
        on_click="ignore",
        help=_(
            "An Excel workbook: differences, the lines expected, the lines invoiced, users, and consulting "
            "by ticket, "
            "a sheet each."
        ),
    )


def _workbook(view: View, since: date, head: Head, in_language: str) -> bytes:
    """Runs on a thread of its own, where no language is set yet."""
    set_language(in_language)
    parts = []
    for name in _SHEETS:
        options = {"since": since} if "since" in REPORTS[name].options else {}
        parts.append(
            (reads.read_exact(name, view.as_of, view.filters, view.reader, **options), REPORTS[name])
        )
    span = (_("Periods begun from"), day(since))
    return write_book(parts, Head(head.as_of, (*head.filters, span)))
