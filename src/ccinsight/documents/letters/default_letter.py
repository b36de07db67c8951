"""The letter that ccinsight brings, as a Word document with tokens: the start of a template of one's own."""

from __future__ import annotations

import io
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from ccinsight.i18n import _, language

_FONT = "Arial"
_COLOUR = RGBColor(0x1B, 0x5E, 0x9B)
_LINE = "C3CCD5"
_LANGUAGES = {"nb": "nb-NO", "en": "en-GB"}


def subject() -> str:
    """The heading, and the subject of an e-mail, in the language in use."""
    return _gaps(_("New price of {product} from {valid_from}"))


def content() -> bytes:
    """The document as a .docx file, in the language in use."""
    document = Document()
    _style(document)
    address = [
        "{{customer}}",
        _gaps(_("Customer number {customer_number}, agreement {agreement}")),
        "{{date}}",
    ]
    document.add_paragraph("\n".join(address))
    heading = document.add_heading(subject(), level=1)
    heading.paragraph_format.space_before, heading.paragraph_format.space_after = Pt(24), Pt(9)
    _lines(
        document,
        [
            _(
                "Your agreement on {product} renews on {valid_from}. From that day the price is "
                "{new_rate} per user and "
                "year. For the period from {period_start} to {period_end} it is {old_rate}."
            ),
            "{{earlier_notice}}",
        ],
    )
    _table(document)
    _lines(
        document,
        [
            _(
                "Prices are without VAT. The invoice follows the number of users registered with "
                "SuperOffice Norge on the "
                "day of renewal."
            ),
            "{{clause}}",
            _(
                "If you don't want to renew the agreement, terminate it in writing by {terminate_by}. You needn't do "
                "anything to keep it."
            ),
            _("Please contact us if you have questions."),
            _("Yours sincerely"),
        ],
    )
    _lines(document, ["{{account_manager}}", "{{partner}}"], gap=0)
    saved = io.BytesIO()
    document.save(saved)
    return saved.getvalue()


_GAPS = {
    name: f"{{{{{name}}}}}"
    for name in (
        "customer_number",
        "agreement",
        "product",
        "users",
        "valid_from",
        "new_rate",
        "old_rate",
        "period_start",
        "period_end",
        "terminate_by",
    )
}


def _lines(document: Any, texts: list[str], *, gap: int = 9) -> None:
    """A paragraph for each text; ``gap``: points below it."""
    for text in texts:
        document.add_paragraph(_gaps(text)).paragraph_format.space_after = Pt(gap)


def _gaps(text: str) -> str:
    """A text of ours with tokens in its gaps; one that is a token itself stays."""
    return text if text.startswith("{{") else text.format(**_GAPS)


def _table(document: Any) -> None:
    rows = [
        ("", _("Per user and year"), _gaps(_("A year, number of users: {users}"))),
        (_gaps(_("From {period_start} to {period_end}")), "{{old_rate}}", "{{old_value}}"),
        (_gaps(_("From {valid_from}")), "{{new_rate}}", "{{new_value}}"),
    ]
    table = document.add_table(rows=0, cols=3)
    _border(table)
    for place, texts in enumerate(rows):
        for cell, text in zip(table.add_row().cells, texts, strict=True):
            paragraph = cell.paragraphs[0]
            paragraph.add_run(text).bold = place == 0
            paragraph.paragraph_format.space_after = paragraph.paragraph_format.space_before = Pt(3)
            if text != texts[0]:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    _repeat_heading(table.rows[0])
    document.add_paragraph().paragraph_format.space_after = Pt(0)


def _border(table: Any) -> None:
    """Thin lines between the rows."""
    borders = OxmlElement("w:tblBorders")
    for side in ("top", "bottom", "insideH"):
        line = OxmlElement(f"w:{side}")
        for name, value in (("val", "single"), ("sz", "4"), ("space", "0"), ("color", _LINE)):
            line.set(qn(f"w:{name}"), value)
        borders.append(line)
    table._tbl.tblPr.append(borders)


def _repeat_heading(row: Any) -> None:
    """Marks the row as the table's heading, for screen readers too."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def _style(document: Any) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.5)
    section.top_margin = section.bottom_margin = Cm(2.5)
    for name, size in (("Normal", 11), ("Heading 1", 16)):
        style = document.styles[name]
        style.font.name, style.font.size = _FONT, Pt(size)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for attribute in list(fonts.attrib):
            if "heme" in attribute:
                del fonts.attrib[attribute]
        for kind in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
            fonts.set(qn(kind), _FONT)
    document.styles["Heading 1"].font.color.rgb = _COLOUR
    document.styles["Normal"].paragraph_format.space_after = Pt(9)
    spoken = document.styles["Normal"].element.get_or_add_rPr()
    mark = OxmlElement("w:lang")
    mark.set(qn("w:val"), _LANGUAGES[language()])
    spoken.append(mark)
    properties = document.core_properties
    properties.author, properties.comments = "", ""
