"""The file of a template of the supplier's own: read, and opened however it was saved."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from pptx import Presentation
from pptx.exc import PythonPptxError
from pptx.oxml.ns import qn
from pptx.util import Emu

from ccinsight.errors import CcinsightError
from ccinsight.i18n import _, os_reason

# A deck with pictures is a few megabytes; what unpacks to much more is no deck. Of XML, which is parsed, a slide
# has some hundred kilobytes at most.
_MOST_UNPACKED = 500_000_000
_MOST_XML, _MOST_XML_OF_A_PART = 30_000_000, 5_000_000
# Shapes and paragraphs, each of which is looked at for tokens.
_MOST_PIECES = 50_000
_PIECES = tuple(map(qn, ("p:sp", "p:pic", "p:cxnSp", "p:grpSp", "p:graphicFrame", "a:p")))
_XML = (".xml", ".rels", ".vml")
_CONTENT_TYPES = "[Content_Types].xml"
_MAIN = b"application/vnd.openxmlformats-officedocument.presentationml.%s.main+xml"
_WITH_MACROS = b"macroEnabled.main+xml"
# 4:3, which PowerPoint takes where the file doesn't say it.
_USUAL_SIZE = (Emu(9_144_000), Emu(6_858_000))
# python-pptx and zipfile have no error of their own for most files that are damaged.
_DAMAGED = (
    PythonPptxError,
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    ArithmeticError,
    AttributeError,
    EOFError,
    LookupError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
)


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
            _("The deck's template {file} can't be read: {error}.").format(file=path, error=os_reason(e))
        ) from e


@lru_cache(maxsize=4)
def _content(path: Path, _changed: int) -> bytes:
    return path.read_bytes()


def open_template(file: TemplateFile) -> Any:
    """The presentation, saved as .pptx, .potx or .ppsx. Raises CcinsightError that says what is wrong."""
    with reading(file.name):
        with zipfile.ZipFile(io.BytesIO(file.content)) as archive:
            _check_sizes(file.name, archive.infolist())
            content = _as_presentation(file, archive)
        show = Presentation(io.BytesIO(content))
        if _pieces(show) > _MOST_PIECES:
            raise _too_large(file.name)
        if show.slide_width is None or show.slide_height is None:
            show.slide_width, show.slide_height = _USUAL_SIZE
        return show


@contextmanager
def reading(name: str) -> Iterator[None]:
    """Raises CcinsightError that names the template where one that is damaged can't be read."""
    try:
        yield
    except CcinsightError:
        raise
    except _DAMAGED as e:
        text = _(
            "The deck's template {file} isn't a PowerPoint presentation that can be read: save it as .pptx, "
            "without a password."
        )
        raise CcinsightError(text.format(file=name)) from e


def _check_sizes(name: str, entries: list[zipfile.ZipInfo]) -> None:
    sizes = [entry.file_size for entry in entries]
    xml = [entry.file_size for entry in entries if entry.filename.lower().endswith(_XML)]
    if sum(sizes) > _MOST_UNPACKED or sum(xml) > _MOST_XML or max(xml, default=0) > _MOST_XML_OF_A_PART:
        raise _too_large(name)


def _pieces(show: Any) -> int:
    """How many shapes and paragraphs the file has."""
    roots = (part._element for part in show.part.package.iter_parts() if hasattr(part, "_element"))
    return sum(1 for root in roots for _each in root.iter(*_PIECES))


def _too_large(name: str) -> CcinsightError:
    return CcinsightError(_("The deck's template {file} is too large for a deck.").format(file=name))


def _as_presentation(file: TemplateFile, archive: zipfile.ZipFile) -> bytes:
    """The file as python-pptx opens it: a template and a slide show differ from a presentation by a type alone."""
    types = archive.read(_CONTENT_TYPES)
    if _WITH_MACROS in types:
        raise CcinsightError(
            _("The deck's template {file} is a file with macros (.pptm): save it as .pptx.").format(
                file=file.name
            )
        )
    changed = types
    for kind in (b"template", b"slideshow"):
        changed = changed.replace(_MAIN % kind, _MAIN % b"presentation")
    if changed == types:
        return file.content
    saved = io.BytesIO()
    with zipfile.ZipFile(saved, "w", zipfile.ZIP_DEFLATED) as written:
        for entry in archive.infolist():
            is_types = entry.filename == _CONTENT_TYPES
            written.writestr(entry, changed if is_types else archive.read(entry))
    return saved.getvalue()
