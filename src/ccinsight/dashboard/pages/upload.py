"""An upload that runs the same import as the command line, beside the live database."""

from __future__ import annotations

import time

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from ccinsight.access import Right
from ccinsight.clock import now, today
from ccinsight.dashboard import navigation
from ccinsight.dashboard.pages import upload_preview, uploaded_files
from ccinsight.dashboard.session import activity, address, keys, reads
from ccinsight.dashboard.widgets import layout
from ccinsight.errors import CcinsightError
from ccinsight.i18n import _, ngettext
from ccinsight.ingest import ImportSummary, import_paths
from ccinsight.ingest.full_lists import Shrunk, ShrunkError
from ccinsight.ingest.history.undoing import possible_undo, undo
from ccinsight.ingest.preview import FilePreview, in_names
from ccinsight.notes.activity import Action
from ccinsight.notes.duties import note_ceased
from ccinsight.registry import label_of

_TOO_LITTLE = 0.05  # the share done from which the time left can be estimated


def show() -> list[FilePreview]:
    """The upload, what the last one of this session gave, and what the chosen files are; gives the latter."""
    show_last()
    files = _choose()
    try:
        previews = upload_preview.of(files)
    except CcinsightError as error:
        st.error(str(error), icon=":material/error:")
        _form(_("Import"))  # which reads the files again
        return []
    upload_preview.show(files, previews)
    taken = [file for file, preview in zip(files, previews, strict=True) if preview.refused is None]
    if files and not taken:
        st.caption(_nothing_imported())
        return previews
    _offer(taken, are_all=len(taken) == len(files))
    return previews


def _choose() -> list[UploadedFile]:
    """The files that are chosen, with those that stayed chosen while another page was open."""
    uploaded_files.name_button()
    state = st.session_state
    chosen: list[UploadedFile] = st.file_uploader(
        _("Exported files: CSV, text, Excel or Parquet"),
        type=uploaded_files.TYPES,
        accept_multiple_files=True,
        key=f"upload-{state.get(keys.IMPORT_ROUND, 0)}",
        help=_(
            "The headers identify the export. Existing rows with the same key are replaced and "
            "the others kept, unless the settings say that an export is complete. Rows that "
            "can't be parsed are rejected and can be downloaded."
        ),
    )
    kept: list[UploadedFile] = state.get(keys.IMPORT_KEPT, [])
    if kept:
        names = layout.plain(", ".join(file.name for file in kept))
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.caption(_("Still chosen: {files}").format(files=names), width="content")
            st.button(
                _("Remove them"), key="remove-kept", type="tertiary", on_click=_forget_kept, width="content"
            )
    return [*kept, *chosen]


def _forget_kept() -> None:
    st.session_state.pop(keys.IMPORT_KEPT, None)


def _offer(files: list[UploadedFile], *, are_all: bool) -> None:
    """The import of the files that are recognised; others are left out, which the button says."""
    state = st.session_state
    label = (
        _("Import")
        if are_all
        else ngettext("Import the {n} other file", "Import the {n} other files", len(files)).format(
            n=len(files)
        )
    )
    started, replaced = _form(label, is_ready=bool(files))
    asked = state.get(keys.IMPORT_ASKED)
    if started:
        state.pop(keys.IMPORT_ASKED, None)
    if started and files:
        _run(files, frozenset(replaced))
    elif asked:
        _ask(*asked)


def _form(label: str, *, is_ready: bool = True) -> tuple[bool, list[str]]:
    """The button that imports, and the exports that start afresh. No click counts before the files have arrived."""
    with st.form(f"import-{st.session_state.get(keys.IMPORT_ROUND, 0)}", border=False):
        replaced = _replaced() if reads.exists() else []
        started = st.form_submit_button(
            label, type="primary", icon=":material/upload_file:", disabled=not is_ready
        )
        return started, replaced


def _replaced() -> list[str]:
    return st.multiselect(
        _("Start afresh"),
        reads.EXPORTS,
        format_func=lambda name: label_of("export", name),
        placeholder=_("nothing"),
        help=_(
            "Rows of these exports that are missing from the files are deleted. The import can be undone."
        ),
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
    is_first = not reads.exists()
    with st.status(_("Importing…"), expanded=True) as status:
        try:
            summary = _import(files, replaced, confirmed)
        except ShrunkError as error:
            st.session_state[keys.IMPORT_ASKED] = (files, replaced, error.shrunk)
            st.rerun()
        except CcinsightError as error:
            status.update(label=_nothing_imported(), state="error", expanded=True)
            st.error(str(error))
            return
        status.update(label=_("Imported"), state="complete")
    done = (
        _("Imported. Every page shows the new data.")
        if summary.database_changed
        else _("Nothing was changed: the files were imported before.")
    )
    st.session_state[keys.IMPORT_DONE] = (done, [*summary.lines(in_words=True), *_ended_marks()])
    st.session_state[keys.IMPORT_ROUND] = st.session_state.get(keys.IMPORT_ROUND, 0) + 1
    for each in (keys.IMPORT_KEPT, keys.IMPORT_PREVIEW, keys.FIRST_SETTINGS, keys.EXAMINED):
        st.session_state.pop(each, None)
    if is_first:
        overview = navigation.DEFAULT
        st.switch_page(f"pages/{overview}.py", query_params=address.parameters(overview))
    st.rerun()


def _nothing_imported() -> str:
    if reads.exists():
        return _("Nothing was imported; the data are unchanged.")
    return _("Nothing was imported.")


def _import(files: list[UploadedFile], replaced: frozenset[str], confirmed: bool) -> ImportSummary:
    """Imports the files under the names they came with. Raises CcinsightError."""
    activity.require(Right.IMPORT)
    uploaded_files.refuse_too_much(files)
    # until there is a database the settings are those of the page Fields and values
    config = None if reads.exists() or keys.FIRST_SETTINGS not in st.session_state else reads.settings()
    with uploaded_files.on_disk(files) as paths:
        bar = st.progress(0.0)
        started = time.monotonic()

        def progress(done: float, text: str) -> None:
            left = _time_left(time.monotonic() - started, done)
            bar.progress(done, text=" · ".join(filter(None, (text, left))))

        try:
            summary = import_paths(
                paths,
                reads.database_path(),
                config,
                replace=replaced,
                confirmed=confirmed,
                imported_at=now(),
                imported_by=activity.name(),
                progress=progress,
            )
        except ShrunkError:
            raise
        except CcinsightError as error:
            names = (file.name for file in files)
            raise CcinsightError(in_names(str(error), zip(paths, names, strict=True))) from error
    activity.record(Action.IMPORT)
    return summary


def _ended_marks() -> list[str]:
    """Ends the marks of duties that are gone; what went wrong with that, for the import itself is done."""
    try:
        note_ceased(reads.database_path(), today())
    except CcinsightError as error:
        return [str(error)]
    return []


def _time_left(elapsed: float, done: float) -> str | None:
    """About how many seconds are left, as text, once enough is done to say so."""
    seconds = round(elapsed * (1 - done) / done) if done > _TOO_LITTLE else 0
    return (
        ngettext("about {n} second left", "about {n} seconds left", seconds).format(n=seconds)
        if seconds
        else None
    )


def show_last() -> None:
    """What the last import of this session came to, once."""
    text, lines = st.session_state.pop(keys.IMPORT_DONE, (None, []))
    if text:
        st.success(text, icon=":material/check_circle:")
    if lines:
        st.code("\n".join(lines), language=None, wrap_lines=True)


def show_undo() -> None:
    """A button that undoes the last import, or brings it back, once it is confirmed.

    None while the page shows the figures from before another import, which is what would be undone.
    """
    possible = possible_undo(reads.database_path())
    if possible is None or not reads.warehouse().is_current():
        return
    step = "redo" if possible.is_redo else "undo"
    label = _("Restore the import") if possible.is_redo else _("Undo the last import")
    with st.popover(label, icon=":material/undo:"):
        st.write(possible.asked())
        # named after what was asked: a click that comes after another import must not undo that one
        if st.button(_("Yes"), key=f"{step}-{possible.imported.import_id}", type="primary"):
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
