"""An upload that runs the same import as the command line, beside the live database."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from ccinsight.dashboard import store
from ccinsight.errors import CcinsightError
from ccinsight.exports import ImportSummary, import_paths
from ccinsight.i18n import _

_DONE, _ROUND = "_import_done", "_import_round"


def show() -> None:
    """The upload, and what the last one of this session gave."""
    _show_last()
    # Streamlit's own words on the button are English only.
    st.html(
        "<style>[data-testid=stFileUploaderDropzone] button p{font-size:0}"
        "[data-testid=stFileUploaderDropzone] button p::after"
        f"{{content:'{_('Choose files')}';font-size:.875rem}}"
        "[data-testid=stFileUploaderDropzoneInstructions]{display:none}</style>"
    )
    state = st.session_state
    with st.form(f"upload-{state.get(_ROUND, 0)}", border=True):
        files = st.file_uploader(
            _("Exported files: CSV, text, Excel or Parquet"),
            type=["csv", "txt", "xlsx", "parquet"],
            accept_multiple_files=True,
            help=_(
                "Headers tell what a file is. Rows that are there already are replaced by key, and nothing "
                "else goes away. What can't be read is kept as rejected rows."
            ),
        )
        started = st.form_submit_button(_("Import"), type="primary", icon=":material/upload_file:")
    if started and files:
        _run(files)
    elif started:
        st.warning(_("Choose at least one file first."))


def _run(files: list[UploadedFile]) -> None:
    with st.status(_("Importing…"), expanded=True) as status, TemporaryDirectory() as folder:
        try:
            summary = _import(files, Path(folder))
        except CcinsightError as error:
            status.update(label=_("Nothing was imported; the data are as they were."), state="error")
            st.error(str(error))
            return
        status.update(label=_("Imported"), state="complete")
    st.session_state[_DONE] = summary.lines()
    st.session_state[_ROUND] = st.session_state.get(_ROUND, 0) + 1
    st.rerun()


def _import(files: list[UploadedFile], folder: Path) -> ImportSummary:
    """Imports the files under the names they came with. Raises CcinsightError."""
    paths = []
    for number, file in enumerate(files):
        # Two files of one name are two files; a name never leaves the folder.
        place = folder / str(number)
        place.mkdir()
        path = place / (Path(file.name).name or "file")
        path.write_bytes(file.getbuffer())
        paths.append(path)
    bar = st.progress(0.0)

    def progress(done: float, text: str = "") -> None:
        bar.progress(min(max(done, 0.0), 1.0), text=text or None)

    now = datetime.now(ZoneInfo("Europe/Oslo")).replace(tzinfo=None, microsecond=0)
    return import_paths(paths, store.database_path(), imported_at=now, progress=progress)


def _show_last() -> None:
    lines = st.session_state.pop(_DONE, None)
    if lines:
        st.success(_("Imported. Every page shows the new data."), icon=":material/check_circle:")
        st.code("\n".join(lines), language=None, wrap_lines=True)
