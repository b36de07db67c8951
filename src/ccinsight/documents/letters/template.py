"""The template of a letter: a Word document with tokens anywhere in its text, tables, headers and text boxes.

A template is read once and filled for each letter. Values stay text: they are written into the runs that held the
token, never read as markup, and tokens within them are not filled.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from docx import Document
from docx.document import Document as Docx
from docx.opc.oxml import serialize_part_xml
from docx.oxml import parse_xml
from docx.oxml.ns import qn

from ccinsight.documents import template_tokens
from ccinsight.documents.letters import default_letter
from ccinsight.documents.letters.tokens import TOKENS
from ccinsight.errors import CcinsightError, detailed
from ccinsight.i18n import _, in_language, language, os_reason
from ccinsight.settings.model import Settings

# A letter has a few pages; what unpacks to much more is no letter.
_MOST_UNPACKED = 100_000_000
_TEXT, _PARAGRAPH, _CELL, _ROW = qn("w:t"), qn("w:p"), qn("w:tc"), qn("w:tr")
# What a paragraph without text can hold: pictures and text boxes, the end of a section, breaks.
_MARKUP_COMPATIBILITY = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_LASTING = (
    *(qn(f"w:{name}") for name in ("drawing", "pict", "object", "sectPr", "br")),
    f"{_MARKUP_COMPATIBILITY}AlternateContent",
)
_FILLED = re.compile(r"/word/(header|footer|footnotes|endnotes)\d*\.xml")


@dataclass(frozen=True)
class LetterTemplate:
    """A template's bytes and what messages call it. ``subject``: that of an e-mail, with tokens."""

    content: bytes
    name: str
    subject: str

    def filled(self, texts: Mapping[str, str]) -> bytes:
        """The letter as a .docx file, ``texts`` in the places of the tokens."""
        document = self._opened()
        for part, root in _parts(document):
            for paragraph in list(root.iter(_PARAGRAPH)):
                _fill(paragraph, texts)
            if not hasattr(part, "element"):
                part._blob = serialize_part_xml(root)
        document.core_properties.title = self.filled_subject(texts)
        saved = io.BytesIO()
        document.save(saved)
        return saved.getvalue()

    def filled_subject(self, texts: Mapping[str, str]) -> str:
        """The subject of an e-mail."""
        return template_tokens.replaced(self.subject, texts)

    def plain(self, texts: Mapping[str, str]) -> str:
        """The letter's text for an e-mail, a paragraph or a table's row a line; without headers and footers."""
        body = self._opened().element.body
        lines = (template_tokens.replaced(line, texts).strip() for line in _lines(body))
        return "\n\n".join(filter(None, lines)) + "\n"

    def _opened(self) -> Docx:
        return Document(io.BytesIO(self.content))


def own_template(content: bytes, name: str) -> LetterTemplate:
    """A template of the supplier's own. Raises CcinsightError that says what is wrong with it, naming "
    "unknown tokens."""
    template = LetterTemplate(content, name, default_letter.subject())
    found = _tokens(_open(content, name), name)
    unknown = sorted(found - TOKENS.keys())
    if unknown:
        raise CcinsightError(
            _(
                "The letter's template {file} has tokens that aren't known: {tokens}. Known are: {known}."
            ).format(
                file=name,
                tokens=", ".join(map(template_tokens.written, unknown)),
                known=", ".join(TOKENS),
            )
        )
    if not found:
        raise CcinsightError(
            _(
                "The letter's template {file} has no tokens, such as {example}: every customer would get "
                "the same letter."
            ).format(file=name, example="{{customer}}")
        )
    return template


def template_of(settings: Settings, database: Path) -> LetterTemplate:
    """The template of the settings, else the one that ccinsight brings in the language in use.

    Raises CcinsightError where it can't be read or used.
    """
    if settings.letters.template is None:
        return default_template()
    path = settings.own_file(settings.letters.template, database)
    try:
        content = path.read_bytes()
    except OSError as e:
        raise CcinsightError(
            _("The letter's template {file} can't be read: {error}.").format(file=path, error=os_reason(e))
        ) from e
    return own_template(content, str(path))


def default_template(in_: str | None = None) -> LetterTemplate:
    """The template that ccinsight brings, in a language; None is the one in use."""
    return _default(in_ or language())


@cache
def _default(in_: str) -> LetterTemplate:
    with in_language(in_):
        return LetterTemplate(default_letter.content(), "", default_letter.subject())


# ---------------------------------------------------------------- reading


def _open(content: bytes, name: str) -> Docx:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
        if unpacked > _MOST_UNPACKED:
            raise CcinsightError(
                _("The letter's template {file} is too large for a letter.").format(file=name)
            )
        document = Document(io.BytesIO(content))
        list(_parts(document))  # parts are parsed when they are asked for
    except CcinsightError:
        raise
    except Exception as e:  # a file of any kind; python-docx has no error of its own for most
        text = _("The letter's template {file} isn't a Word document: save it as .docx.")
        raise CcinsightError(detailed(text.format(file=name), e)) from e
    return document


def _tokens(document: Docx, name: str) -> set[str]:
    """The tokens of a template, in lower case. Raises CcinsightError where one is begun and not ended."""
    found: set[str] = set()
    for _part, root in _parts(document):
        for paragraph in root.iter(_PARAGRAPH):
            text = "".join(each.text or "" for each in _texts_of(paragraph))
            found.update(template_tokens.names(text))
            if template_tokens.has_stray_braces(text):
                raise CcinsightError(
                    _(
                        "The letter's template {file} has a token that is begun or ended alone, in “{text}”. A token "
                        "stands in one paragraph, as {example}."
                    ).format(file=name, text=text[:80], example="{{new_rate}}")
                )
    return found


def _parts(document: Docx) -> Iterator[tuple[Any, Any]]:
    """The parts that hold a letter's text, each with its XML: document, headers, footers and notes."""
    for part in document.part.package.iter_parts():
        if part is document.part or _FILLED.fullmatch(str(part.partname)):
            # python-docx parses neither footnotes nor endnotes
            yield part, part.element if hasattr(part, "element") else parse_xml(part.blob)


def _texts_of(paragraph: Any) -> list[Any]:
    """The texts of a paragraph's runs, without those of text boxes within it."""
    return [each for each in paragraph.iter(_TEXT) if next(each.iterancestors(_PARAGRAPH)) is paragraph]


# ---------------------------------------------------------------- filling


def _fill(paragraph: Any, texts: Mapping[str, str]) -> None:
    """Fills the tokens of a paragraph, however Word split them into runs: the value takes the look of the first."""
    parts = _texts_of(paragraph)
    is_filled = template_tokens.fill(parts, texts)
    for part in parts if is_filled else ():
        part.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    has_text = any((part.text or "").strip() for part in _texts_of(paragraph))
    is_empty = not has_text and next(paragraph.iter(*_LASTING), None) is None
    if is_filled and is_empty and paragraph.getparent().tag == qn("w:body"):
        paragraph.getparent().remove(paragraph)  # such as the line of a name that is unknown


def _lines(body: Any) -> Iterator[str]:
    """The paragraphs of the body, and its tables a line for each row."""
    for child in body:
        if child.tag == _PARAGRAPH:
            yield _line(child)
        elif child.tag == qn("w:tbl"):
            yield "\n".join(_rows([[_cell(each) for each in row.iter(_CELL)] for row in child.iter(_ROW)]))
        elif child.tag == qn("w:sdt"):
            yield from _lines(child.find(qn("w:sdtContent")))


def _rows(rows: list[list[str]]) -> Iterator[str]:
    """Under headings, each value with its own: ``From 1 Apr 2027: 1 300 kr (per user)``; else the cells "
    "side by side."""
    if len(rows) > 1 and not rows[0][0] and len({len(row) for row in rows}) == 1:
        for label, *values in rows[1:]:
            said = (f"{value} ({heading})" for heading, value in zip(rows[0][1:], values, strict=True))
            yield f"{label}: {', '.join(said)}"
        return
    for row in rows:
        yield " | ".join(filter(None, row))


def _cell(cell: Any) -> str:
    return " ".join(_line(each) for each in cell.iter(_PARAGRAPH)).strip()


def _line(paragraph: Any) -> str:
    """The paragraph's text, with its line breaks and tabs."""
    signs = {_TEXT: None, qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:tab"): "\t"}
    within = (each for each in paragraph.iter(*signs) if next(each.iterancestors(_PARAGRAPH)) is paragraph)
    return "".join(signs[each.tag] or each.text or "" for each in within if each.getparent().tag == qn("w:r"))
