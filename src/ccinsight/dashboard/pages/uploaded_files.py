"""Files that a reader chose in the browser: on the server's disk for as long as they are read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from ccinsight.dashboard.session import reads
from ccinsight.errors import CcinsightError
from ccinsight.i18n import _, number, os_reason

TYPES = ("csv", "txt", "xlsx", "parquet", "xls")  # what an .xls is, the import says


def name_button() -> None:
    """Streamlit's own words on an upload's button are English only."""
    words = _("Choose files")
    st.html(
        "<style>[data-testid=stFileUploaderDropzone] button p{font-size:0}"
        "[data-testid=stFileUploaderDropzone] button p::after"
        f"{{content:'{words}';font-size:.875rem}}"
        "[data-testid=stFileUploaderDropzoneInstructions]{display:none}</style>"
    )


@contextmanager
def on_disk(files: Sequence[UploadedFile]) -> Iterator[list[Path]]:
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
                ).format(error=os_reason(error))
            ) from error
        yield paths


def plain_name(name: str) -> str:
    """A name that stays in its folder, whatever system it came from, and that every file system takes."""
    last = name.replace("\\", "/").rpartition("/")[2]
    kept = "".join(letter for letter in last if letter.isprintable()).strip(" .")
    stem, suffix = Path(kept).stem, Path(kept).suffix
    return (stem[:60] + suffix[:10]) or "file"


def refuse_too_much(files: Sequence[UploadedFile]) -> None:
    """Raises CcinsightError where the files together are more than the settings allow."""
    most = reads.settings().imports.max_upload_mb
    if sum(file.size for file in files) > most * 1_000_000:
        raise CcinsightError(
            _(
                "The files are larger than {most} MB together: upload fewer at a time, import them on the "
                "command line, or raise max_upload_mb in the settings."
            ).format(most=number(most))
        )
