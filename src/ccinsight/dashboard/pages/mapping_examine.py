"""Examines a file without importing it: the best-matching export, missing columns, and names to map."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd
import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from ccinsight.dashboard.pages import mapping, uploaded_files
from ccinsight.dashboard.pages.mapping import CHOSEN, Entries, Table
from ccinsight.dashboard.session import keys, reads
from ccinsight.dashboard.session.view import View
from ccinsight.dashboard.widgets import layout, report_table
from ccinsight.errors import CcinsightError, NoHeaderKnownError
from ccinsight.i18n import N_, _
from ccinsight.ingest.catalogue import exports
from ccinsight.ingest.mapping.examine import Examined, examine
from ccinsight.ingest.mapping.proposal import starter
from ccinsight.registry import REPORTS, Column, label_of

_EXAMPLES = Column("examples", N_("For example"), "text", N_("The first values of the column."))
_HEADERS = report_table.of_columns(
    "headers_of_file", N_("Headers not known"), REPORTS["unmatched_headers"].column("header"), _EXAMPLES
)
_VALUES = report_table.of_columns(
    "values_of_file",
    N_("Values not known"),
    REPORTS["unknown_values"].column("value"),
    REPORTS["unknown_values"].column("rows"),
)


def show(view: View) -> Entries:
    """Takes a file and shows what isn't known in it; what was chosen, as entries of the settings."""
    uploaded_files.name_button()
    file = st.file_uploader(
        _("File to examine; nothing is imported"),
        type=uploaded_files.TYPES,
        key="looked-at",
        help=_(
            "Shows the best-matching export, missing columns, and the headers and values that "
            "aren't recognised."
        ),
    )
    if file is None:
        file = st.session_state.get(keys.EXAMINED)
        if file is None:
            return {}
        layout.note(_("Examined: {file}, from the files to import.").format(file=layout.plain(file.name)))
    export = st.selectbox(
        _("What it is"),
        list(exports()),
        index=None,
        format_func=partial(label_of, "export"),
        placeholder=_("Detect from the headers"),
        key="looked-at-export",
    )
    try:
        name, tables = _examined(file, export)
    except NoHeaderKnownError:
        layout.note(_ask_what_it_is(file.name))
        return {}
    except CcinsightError as error:
        layout.failed(error)
        return {}
    entries: Entries = {}
    for at, table in enumerate(tables):
        layout.note(layout.plain(_what_it_is(table)))
        entries |= _names_of(table, f"{at}", f"{file.file_id}-{export}-{_version()}", view)
    st.download_button(
        _("Download settings to fill in"),
        starter(name, tables, reads.settings()),
        file_name="ccinsight.toml",
        mime="application/toml",
        key="starter-file",
        icon=":material/download:",
        on_click="ignore",
        help=_("The same as `ccinsight mapping`, with each category too."),
    )
    return entries


def _ask_what_it_is(name: str) -> str:
    return _(
        "No header of {file} is recognised. Choose above which export it is; then you can say what each header means."
    ).format(file=layout.plain(name))


def _what_it_is(table: Examined) -> str:
    """Which export a table is, and the required columns that it lacks, by the names that the page shows."""
    named = label_of("export", table.export.name).lower()
    if not table.missing:
        return _("{file} is an export of {export}.").format(file=table.name, export=named)
    lacks = ", ".join(mapping.column_label(table.export.name, column) for column in table.missing)
    return _(
        "{file} as {export} lacks required columns: {columns}. Choose below which headers they are."
    ).format(file=table.name, export=named, columns=lacks)


def _examined(file: UploadedFile, export: str | None) -> tuple[str, list[Examined]]:
    uploaded_files.refuse_too_much([file])
    with TemporaryDirectory() as folder:
        path = Path(folder, uploaded_files.plain_name(file.name))
        path.write_bytes(file.getbuffer())
        return path.name, examine(path, reads.settings(), export)


def _version() -> str:
    """What is chosen holds until the data or the settings change."""
    return reads.warehouse().build_id if reads.exists() else reads.settings().toml


def _names_of(table: Examined, key: str, version: str, view: View) -> Entries:
    export = table.export.name
    entries: Entries = {}
    if table.headers:
        examples = [" · ".join(each) for each in table.headers.values()]
        headers = {"header": list(table.headers), "examples": examples}
        shown = Table(_HEADERS, ("header", CHOSEN, "examples"), f"looked-headers-{key}", version)
        entries |= mapping.choose_columns(export, _open(headers), table.free, shown, view)
    for column, rows in table.values.items():
        shown = Table(_VALUES, ("value", CHOSEN, "rows"), f"looked-{column}-{key}", version)
        values: dict[str, Sequence[object]] = {"value": list(rows), "rows": list(rows.values())}
        entries |= mapping.choose_values(export, column, _open(values), shown, view)
    return entries


def _open(columns: Mapping[str, Sequence[object]]) -> pd.DataFrame:
    frame = pd.DataFrame(columns)
    return frame.assign(**{CHOSEN: pd.Series([None] * len(frame), dtype=object)})
