"""Reads PDFs back: their texts, tags and properties."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

from pypdf import PdfReader
from pypdf.generic import DictionaryObject


def opened(pdf: bytes) -> PdfReader:
    """The file, opened."""
    return PdfReader(io.BytesIO(pdf))


def root(file: PdfReader) -> Any:
    """The file's catalog."""
    return file.root_object


def page_texts(pdf: bytes) -> list[str]:
    """The text of each page, as it is copied from it."""
    return [page.extract_text() for page in opened(pdf).pages]


def squeezed(text: str) -> str:
    """Letters, digits and the signs of figures alone: spaces, line breaks and hyphens come and go as lines are set."""
    return re.sub(r"[\W_]", "", re.sub(r"(?<=\d)[.,](?=\d)", "ø", text.replace("%", "prosent")))


def whole_text(pdf: bytes) -> str:
    """All texts of the file: its pages, properties, bookmarks and what stands for its pictures."""
    file = opened(pdf)
    alts = [str(each["/Alt"]) for each in elements(file) if "/Alt" in each]
    xmp = root(file)["/Metadata"].get_data().decode()
    return "\n".join([*page_texts(pdf), str(dict(file.metadata or {})), xmp, *bookmarks(file), *alts])


def elements(file: PdfReader) -> Iterator[Any]:
    """The elements of the structure tree, in order."""
    waiting: list[Any] = [root(file)["/StructTreeRoot"]["/K"]]
    while waiting:
        each = waiting.pop(0)
        each = each.get_object() if hasattr(each, "get_object") else each
        if isinstance(each, list):
            waiting = [*each, *waiting]
        elif isinstance(each, DictionaryObject) and "/S" in each:
            yield each
            waiting = [each.get("/K", []), *waiting]


def tags(file: PdfReader) -> list[str]:
    """The kinds of the elements, in order: ``/H1``, ``/P``, …"""
    return [str(each["/S"]) for each in elements(file)]


def bookmarks(file: PdfReader) -> list[str]:
    """The titles of the outline, from the top down."""
    found: list[str] = []
    waiting: list[Any] = [file.outline]
    while waiting:
        each = waiting.pop(0)
        if isinstance(each, list):
            waiting = [*each, *waiting]
        else:
            found.append(str(each.title))
    return found
