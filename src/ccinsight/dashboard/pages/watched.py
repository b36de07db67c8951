"""What became of the files that arrived in watched folders, for those who import and see the whole database."""

from __future__ import annotations

from datetime import date, timedelta

import streamlit as st

from ccinsight.access import Reader, Right
from ccinsight.dashboard import navigation
from ccinsight.dashboard.session import reads
from ccinsight.dashboard.widgets import html_table, layout
from ccinsight.dashboard.widgets.html_table import Head
from ccinsight.i18n import _, moment, ngettext, number
from ccinsight.registry import label_of
from ccinsight.watch import receipts
from ccinsight.watch.receipts import Receipt

_SHOWN, _FAILED_DAYS = 50, 7


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


def show(reader: Reader) -> None:
    """The newest receipts; nothing where no folder is watched, or for other readers."""
    if not may_see(reader):
        return
    newest = receipts.newest(reads.database_path(), _SHOWN)
    if not newest:
        return
    layout.section(_("What arrived in watched folders?"))
    heads = [
        Head(_("Time")),
        Head(_("File")),
        Head(_("What became of it")),
        Head(_("Export")),
        Head(_("Rows"), is_numeric=True),
        Head(_("Rejected"), is_numeric=True),
        Head(_("Receipt")),
    ]
    with st.container(height=320 if len(newest) > 6 else "content", border=False):
        st.html(
            html_table.table(heads, [_row(each) for each in newest], _("What arrived in watched folders?"))
        )


def _row(receipt: Receipt) -> list[str | None]:
    rows = (receipt.rows_read, receipt.rows_rejected)
    return [
        moment(receipt.at),
        receipt.name,
        receipt.state.label,
        ", ".join(label_of("export", export) for export in receipt.exports),
        *("" if count is None else number(count) for count in rows),
        " ".join(receipt.detail.splitlines()[1:]),
    ]
