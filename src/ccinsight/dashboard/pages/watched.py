"""What became of the files that arrived in watched folders, for those who import and see the whole database."""

from __future__ import annotations

from datetime import date, timedelta

import streamlit as st

from ccinsight.access import Reader, Right
from ccinsight.dashboard import navigation
from ccinsight.dashboard.session import reads
from ccinsight.dashboard.session.view import View
from ccinsight.dashboard.widgets import layout, log_table
from ccinsight.i18n import N_, _, ngettext, number
from ccinsight.integrations.watch import receipts
from ccinsight.integrations.watch.receipts import Receipt
from ccinsight.registry import Column, label_of

_SHOWN, _FAILED_DAYS = 50, 7
_COLUMNS = (
    Column("at", N_("Time"), "moment", N_("When the file was taken.")),
    Column("file", N_("File"), "text", N_("The name under which it arrived.")),
    Column("state", N_("What became of it"), "text", N_("Imported, failed or held back.")),
    Column("exports", N_("Export"), "text", N_("What the file was recognised as.")),
    Column("rows_read", N_("Rows"), "integer", N_("Rows in the file.")),
    Column("rows_rejected", N_("Rejected"), "integer", N_("Rows that could not be used.")),
    Column("receipt", N_("Receipt"), "text", N_("What was recognised, or why the file failed.")),
)


def may_see(reader: Reader) -> bool:
    """Whether the reader is shown the names of the files that arrived."""
    return reader.may(Right.IMPORT) and navigation.shows_whole_database(reader)


def warn_of_failed(reader: Reader, today: date) -> None:
    """Names the files that failed or were held back in the last days, and weren't imported since."""
    if not may_see(reader):
        return
    failed = receipts.failed_since(reads.database_path(), today - timedelta(days=_FAILED_DAYS))
    if failed:
        text = ngettext(
            "{count} file in a watched folder was not imported: {files}",
            "{count} files in watched folders were not imported: {files}",
            len(failed),
        )
        names = ", ".join(layout.plain(each.name) for each in failed)
        st.warning(text.format(count=number(len(failed)), files=names), icon=":material/error:")


def show(view: View) -> None:
    """The newest receipts; nothing where no folder is watched, or for other readers."""
    if not may_see(view.reader):
        return
    newest = receipts.newest(reads.database_path(), _SHOWN)
    if not newest:
        return
    layout.section(_("What arrived in watched folders?"))
    log_table.show("receipts", N_("Files that arrived"), _COLUMNS, [_row(each) for each in newest], view)


def _row(receipt: Receipt) -> list[object]:
    return [
        receipt.at,
        receipt.name,
        receipt.state.label,
        ", ".join(label_of("export", export) for export in receipt.exports),
        receipt.rows_read,
        receipt.rows_rejected,
        " ".join(receipt.detail.splitlines()[1:]),
    ]
