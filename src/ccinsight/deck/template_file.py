"""The file of a template of the supplier's own: read, and opened however it was saved."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from pptx import Presentation
from pptx.exc import PythonPptxError

from ccinsight.errors import CcinsightError
from ccinsight.i18n import _

# A deck with pictures is a few megabytes; what unpacks to much more is no deck.
_MOST_UNPACKED = 500_000_000
_CONTENT_TYPES = "[Content_Types].xml"
_MAIN = b"application/vnd.openxmlformats-officedocument.presentationml.%s.main+xml"


@dataclass(frozen=True)
class TemplateFile:
    """A template's bytes and what messages call it."""

    content: bytes
    name: str


def read_template(path: Path) -> TemplateFile:
    """A template from a file. Raises CcinsightError where it can't be read."""
    try:
        return TemplateFile(_content(path, path.stat().st_mtime_ns), str(path))
    except OSError as e:
        raise CcinsightError(
            _("The deck's template {file} can't be read: {error}.").format(file=path, error=e.strerror)
        ) from e


@lru_cache(maxsize=4)
def _content(path: Path, _changed: int) -> bytes:
    return path.read_bytes()


def open_template(file: TemplateFile) -> Any:
    """The presentation, saved as .pptx, .potx or .ppsx. Raises CcinsightError that says what is wrong."""
    try:
        with zipfile.ZipFile(io.BytesIO(file.content)) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
            if unpacked > _MOST_UNPACKED:
                raise CcinsightError(
                    _("The deck's template {file} is too large for a deck.").format(file=file.name)
                )
            content = _as_presentation(file.content, archive)
        return Presentation(io.BytesIO(content))
    except (PythonPptxError, zipfile.BadZipFile, KeyError, ValueError, SyntaxError, AttributeError) as e:
        # python-pptx has no error of its own for most files that are none
        raise CcinsightError(
            _("The deck's template {file} isn't a PowerPoint presentation: save it as .pptx.").format(
                file=file.name
            )
        ) from e


def _as_presentation(content: bytes, archive: zipfile.ZipFile) -> bytes:
    """The file as python-pptx opens it: a template and a slide show differ from a presentation by a type alone."""
    types = archive.read(_CONTENT_TYPES)
    changed = types
    for kind in (b"template", b"slideshow"):
        changed = changed.replace(_MAIN % kind, _MAIN % b"presentation")
    if changed == types:
        return content
    saved = io.BytesIO()
    with zipfile.ZipFile(saved, "w", zipfile.ZIP_DEFLATED) as written:
        for entry in archive.infolist():
            is_types = entry.filename == _CONTENT_TYPES
            written.writestr(entry, changed if is_types else archive.read(entry))
    return saved.getvalue()
