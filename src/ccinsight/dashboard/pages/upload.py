"""An upload that runs the same import as the command line, beside the live database."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from ccinsight.access import Right
from ccinsight.activity import Action
from ccinsight.clock import now, today
from ccinsight.dashboard.session import activity, keys, reads
from ccinsight.duties import note_ceased
from ccinsight.errors import CcinsightError
from ccinsight.i18n import _, ngettext, number
from ccinsight.ingest import ImportSummary, import_paths
from ccinsight.ingest.full_lists import Shrunk, ShrunkError
from ccinsight.ingest.history.undoing import possible_undo, undo
from ccinsight.registry import label_of

_TOO_LITTLE = 0.05  # the share done from which the time left can be estimated


def show() -> None:
    """The upload, and what the last one of this session gave."""
    _show_last()
    name_button()
    state = st.session_state
    with st.form(f"upload-{state.get(keys.IMPORT_ROUND, 0)}", border=True):
        files = st.file_uploader(
            _("Exported files: CSV, text, Excel or Parquet"),
            type=["csv", "txt", "xlsx", "parquet", "xls"],  # what an .xls is, the import says
            accept_multiple_files=True,
            help=_(
                "The headers identify the export. Existing rows with the same key are replaced and "
                "the others kept, unless the settings say that an export is complete. Rows that "
                "can't be parsed are rejected and can be downloaded."
            ),
        )
        replaced = st.multiselect(
            _("Start afresh"),
            reads.EXPORTS,
            format_func=lambda name: label_of("export", name),
            placeholder=_("nothing"),
            help=_(
                "Rows of these exports that are missing from the files are deleted. The import can be undone."
            ),
        )
        started = st.form_submit_button(_("Import"), type="primary", icon=":material/upload_file:")
    asked = state.get(keys.IMPORT_ASKED)
    if started:
        state.pop(keys.IMPORT_ASKED, None)
    if started and files:
        _run(files, frozenset(replaced))
    elif started:
        st.warning(_("Choose at least one file first."))
    elif asked:
        _ask(*asked)


def name_button() -> None:
    """Streamlit's own words on an upload's button are English only."""
    words = _("Choose files")
    st.html(
        "<style>[data-testid=stFileUploaderDropzone] button p{font-size:0}"
        "[data-testid=stFileUploaderDropzone] button p::after"
        f"{{content:'{words}';font-size:.875rem}}"
        "[data-testid=stFileUploaderDropzoneInstructions]{display:none}</style>"
    )


def _ask(files: list[UploadedFile], replaced: frozenset[str], shrunk: tuple[Shrunk, ...]) -> None:
    """Asks whether lists that shrink by more than half are complete; nothing is imported until then."""
    with st.container(border=True):
        texts = " ".join(each.text() for each in shrunk)
        st.warning(
            _("{texts} That is fewer than half. Nothing is imported yet. Are the files complete?").format(
                texts=texts
            ),
            icon=":material/warning:",
        )
        if st.button(_("They are complete: import"), key="import-shrunk", type="primary"):
            st.session_state.pop(keys.IMPORT_ASKED, None)
            _run(files, replaced, confirmed=True)
        if st.button(_("Don't import"), key="leave-shrunk"):
            st.session_state.pop(keys.IMPORT_ASKED, None)
            st.rerun()


def _run(files: list[UploadedFile], replaced: frozenset[str], *, confirmed: bool = False) -> None:
    with st.status(_("Importing…"), expanded=True) as status:
        try:
            summary = _import(files, replaced, confirmed)
        except ShrunkError as error:
            st.session_state[keys.IMPORT_ASKED] = (files, replaced, error.shrunk)
            st.rerun()
        except CcinsightError as error:
            label = _("Nothing was imported; the data are unchanged.")
            status.update(label=label, state="error", expanded=True)
            st.error(str(error))
            _show_way_out()
            return
        status.update(label=_("Imported"), state="complete")
    done = (
        _("Imported. Every page shows the new data.")
        if summary.database_changed
        else _("Nothing was changed: the files were imported before.")
    )
    st.session_state[keys.IMPORT_DONE] = (done, [*summary.lines(), *_ended_marks()])
    st.session_state[keys.IMPORT_ROUND] = st.session_state.get(keys.IMPORT_ROUND, 0) + 1
    st.rerun()


def _import(files: list[UploadedFile], replaced: frozenset[str], confirmed: bool) -> ImportSummary:
    """Imports the files under the names they came with. Raises CcinsightError."""
    activity.require(Right.IMPORT)
    refuse_too_much(files)
    with _on_disk(files) as paths:
        bar = st.progress(0.0)
        started = time.monotonic()

        def progress(done: float, text: str) -> None:
            left = _time_left(time.monotonic() - started, done)
            bar.progress(done, text=" · ".join(filter(None, (text, left))))

        summary = import_paths(
            paths,
            reads.database_path(),
            replace=replaced,
            confirmed=confirmed,
            imported_at=now(),
            imported_by=activity.name(),
            progress=progress,
        )
    activity.record(Action.IMPORT)
    return summary


@contextmanager
def _on_disk(files: list[UploadedFile]) -> Iterator[list[Path]]:
    """The files in a folder that is removed after the block. Raises CcinsightError where the disk refuses."""
    with ExitStack() as stack:
        try:
            folder = Path(stack.enter_context(TemporaryDirectory()))
            paths = []
            for at, file in enumerate(files):
                # Two files of one name are two files; a name never leaves the folder.
                place = folder / str(at)
                place.mkdir()
                path = place / plain_name(file.name)
                path.write_bytes(file.getbuffer())
                paths.append(path)
        except OSError as error:
            raise CcinsightError(
                _(
                    "The server could not store the files while importing them: {error}. Click Import "
                    "again when that is fixed."
                ).format(error=error.strerror or type(error).__name__)
            ) from error
        yield paths


def _ended_marks() -> list[str]:
    """Ends the marks of duties that are gone; what went wrong with that, for the import itself is done."""
    try:
        note_ceased(reads.database_path(), today())
    except CcinsightError as error:
        return [str(error)]
    return []


def _show_way_out() -> None:
    """What to do with a file whose headers aren't known: there is a page for it once there is a database."""
    if reads.exists():
        st.page_link("pages/mapping.py", label=_("Examine a file with unrecognised headers"))
        return
    st.caption(_("If the file has headers of your own, this writes settings to fill in for the next import:"))
    st.code(
        "ccinsight mapping FILE --output ccinsight.toml\n"
        f"ccinsight import FILE --config ccinsight.toml --database {reads.database_path()}",
        language="shell",
    )


def _time_left(elapsed: float, done: float) -> str | None:
    """About how many seconds are left, as text, once enough is done to say so."""
    seconds = round(elapsed * (1 - done) / done) if done > _TOO_LITTLE else 0
    return (
        ngettext("about {n} second left", "about {n} seconds left", seconds).format(n=seconds)
        if seconds
        else None
    )


def plain_name(name: str) -> str:
    """A name that stays in its folder, whatever system it came from, and that every file system takes."""
    last = name.replace("\\", "/").rpartition("/")[2]
    kept = "".join(letter for letter in last if letter.isprintable()).strip(" .")
    stem, suffix = Path(kept).stem, Path(kept).suffix
    return (stem[:60] + suffix[:10]) or "file"


def refuse_too_much(files: list[UploadedFile]) -> None:
    """Raises CcinsightError where the files together are more than the settings allow."""
    most = reads.settings().imports.max_upload_mb
    if sum(file.size for file in files) > most * 1_000_000:
        raise CcinsightError(
            _(
                "The files are larger than {most} MB together: upload fewer at a time, import them on the "
                "command line, or raise max_upload_mb in the settings."
            ).format(most=number(most))
        )


def _show_last() -> None:
    text, lines = st.session_state.pop(keys.IMPORT_DONE, (None, []))
    if text:
        st.success(text, icon=":material/check_circle:")
    if lines:
        st.code("\n".join(lines), language=None, wrap_lines=True)


def show_undo() -> None:
    """A button that undoes the last import, or brings it back, once it is confirmed."""
    possible = possible_undo(reads.database_path())
    if possible is None:
        return
    label = _("Restore the import") if possible.is_redo else _("Undo the last import")
    with st.popover(label, icon=":material/undo:"):
        st.write(possible.asked())
        if st.button(_("Yes"), key="undo", type="primary"):
            _undo()


def _undo() -> None:
    try:
        activity.require(Right.IMPORT)
        done = undo(reads.database_path())
        activity.record(Action.UNDO)
    except CcinsightError as error:
        st.error(str(error), icon=":material/error:")
        return
    st.session_state[keys.IMPORT_DONE] = (done.done(), [])
    st.rerun()
