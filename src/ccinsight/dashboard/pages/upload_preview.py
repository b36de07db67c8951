"""What chosen files are, before anything of them is imported: export, rows, columns, rows that would be rejected."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from ccinsight.access import Right
from ccinsight.dashboard import navigation
from ccinsight.dashboard.pages import uploaded_files
from ccinsight.dashboard.session import activity, address, keys, reader, reads
from ccinsight.dashboard.widgets import layout
from ccinsight.i18n import _, language, ngettext, number
from ccinsight.ingest.preview import FilePreview, TablePreview, preview_files
from ccinsight.registry import label_of


def of(files: Sequence[UploadedFile]) -> list[FilePreview]:
    """What each file is. A file that was looked at before in this session isn't read again.

    Raises CcinsightError where the files are too large together, or the disk refuses.
    """
    state = st.session_state
    if not files:
        state.pop(keys.IMPORT_PREVIEW, None)
        return []
    activity.require(Right.IMPORT)
    uploaded_files.refuse_too_much(files)
    settings = reads.settings()
    known = state.get(keys.IMPORT_PREVIEW, {})
    marks = [(file.file_id, file.name, language(), settings.toml) for file in files]
    new = [(mark, file) for mark, file in zip(marks, files, strict=True) if mark not in known]
    if new:
        with (
            st.spinner(_("Checking the files…")),
            uploaded_files.on_disk([file for _mark, file in new]) as paths,
        ):
            names = [file.name for _mark, file in new]
            found = preview_files(zip(paths, names, strict=True), settings)
        known = known | {mark: preview for (mark, _file), preview in zip(new, found, strict=True)}
    state[keys.IMPORT_PREVIEW] = {mark: known[mark] for mark in marks}
    return [known[mark] for mark in marks]


def show(files: Sequence[UploadedFile], previews: Sequence[FilePreview]) -> None:
    """All files: first those that can't be imported, each with the reason; then what the others are."""
    if not previews:
        return
    layout.section(_("What is in the files?"))
    layout.note(_("Nothing is imported yet."))
    for at, preview in enumerate(previews):
        if preview.refused is not None:
            _show_refused(at, files, preview)
    for preview in previews:
        for table in preview.tables:
            _show_table(table)
    if any(table.ignored or table.unknown_values for preview in previews for table in preview.tables):
        layout.note(
            _(
                "Unknown headings are ignored, and so is what they hold. After the import the page "
                "Fields and values lets you say what unknown headings and values mean."
            )
        )


def _show_refused(at: int, files: Sequence[UploadedFile], preview: FilePreview) -> None:
    looks = (
        _("It looks like {export}.").format(export=label_of("export", preview.export))
        if preview.export
        else ""
    )
    lines = layout.plain(" ".join(filter(None, (looks, preview.refused))))
    st.error(
        _("**{file}** can't be imported. {why}").format(file=layout.plain(preview.name), why=lines),
        icon=":material/error:",
    )
    if not preview.can_be_mapped:
        return
    if navigation.is_open_to(reader.current(), "mapping"):
        st.button(
            _("Say what the headings of {file} mean").format(file=layout.plain(preview.name)),
            key=f"map-{at}",
            icon=":material/conversion_path:",
            on_click=partial(_examine, list(files), files[at]),
        )


def _examine(files: list[UploadedFile], file: UploadedFile) -> None:
    """Opens the page Fields and values with the file; all files stay chosen meanwhile."""
    st.session_state[keys.IMPORT_KEPT] = files
    st.session_state[keys.EXAMINED] = file
    address.go("mapping")


def _show_table(table: TablePreview) -> None:
    with st.container(border=True, gap="xsmall"):
        icon = ":material/warning:" if table.rows_rejected else ":material/check_circle:"
        st.markdown(
            f"{icon} **{layout.plain(table.name)}** · {label_of('export', table.export)} · {_rows(table)}"
        )
        recognised = ngettext(
            "{count} column recognised: {names}", "{count} columns recognised: {names}", len(table.recognised)
        )
        st.caption(_named(recognised, table.recognised))
        if table.ignored:
            ignored = ngettext(
                "{count} column ignored: {names}", "{count} columns ignored: {names}", len(table.ignored)
            )
            st.caption(_named(ignored, table.ignored))
        if table.rows_rejected:
            st.markdown(_rejected(table))
        for warning in table.warnings:
            st.caption(f"- {layout.plain(warning)}")


def _named(text: str, names: Sequence[str]) -> str:
    return layout.plain(text.format(count=number(len(names)), names=", ".join(names)))


def _rows(table: TablePreview) -> str:
    """How many rows there are; of a large file an estimate, and how many were checked."""
    read = ngettext("{count} row", "{count} rows", table.rows_read).format(count=number(table.rows_read))
    if table.is_whole:
        return read
    if table.rows_about is None:
        return _("more than {rows}, of which these are checked").format(rows=read)
    about = ngettext(
        "about {count} row, of which the first {checked} are checked",
        "about {count} rows, of which the first {checked} are checked",
        table.rows_about,
    )
    return about.format(count=number(table.rows_about), checked=number(table.rows_read))


def _rejected(table: TablePreview) -> str:
    head = ngettext(
        "{count} row would be rejected; the others are imported:",
        "{count} rows would be rejected; the others are imported:",
        table.rows_rejected,
    ).format(count=number(table.rows_rejected))
    lines = [
        _("line {line}: {why}").format(line=number(reason.line), why=layout.plain(reason.text))
        + (
            " " + ngettext("({count} row)", "({count} rows)", reason.rows).format(count=number(reason.rows))
            if reason.rows > 1
            else ""
        )
        for reason in table.reasons
    ]
    return "\n".join([head, "", *(f"- {line}" for line in lines)])
