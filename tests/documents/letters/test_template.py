"""Templates of letters: tokens wherever they stand, what is refused, and values that stay text."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree

import pytest
from docx import Document
from docx.oxml import parse_xml

from ccinsight.documents.letters.template import LetterTemplate, default_template, own_template
from ccinsight.documents.letters.tokens import TOKENS
from ccinsight.errors import CcinsightError
from ccinsight.i18n import LANGUAGES, set_language

TEXTS = dict.fromkeys(TOKENS, "x") | {
    "customer": "Fjord & Drift <AS>",
    "new_rate": "1 300 kr",
    "old_rate": "1 200 kr",
}
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
BOX = f"""<w:r {W}><w:pict><v:shape xmlns:v="urn:schemas-microsoft-com:vml"><v:textbox><w:txbxContent><w:p><w:r>
<w:t>In a box: {{{{new_rate}}}}</w:t></w:r></w:p></w:txbxContent></v:textbox></v:shape></w:pict></w:r>"""


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    set_language("en")
    yield
    set_language("nb")


def _saved(document: Any) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _with(*runs: str) -> bytes:
    document = Document()
    paragraph = document.add_paragraph()
    for run in runs:
        paragraph.add_run(run)
    return _saved(document)


def _filled(content: bytes, texts: dict[str, str] | None = None) -> str:
    """All texts of the filled letter, parts and paragraphs apart."""
    filled = own_template(content, "brev.docx").filled(texts or TEXTS)
    with zipfile.ZipFile(io.BytesIO(filled)) as archive:
        names = [name for name in archive.namelist() if name.startswith("word/") and name.endswith(".xml")]
        roots = [ElementTree.fromstring(archive.read(name)) for name in names]
    return "|".join("".join(root.itertext()) for root in roots)


@pytest.mark.parametrize(
    ("runs", "expected"),
    [
        (["Price {{new_rate}}."], "Price 1 300 kr."),
        (["Price {", "{new", "_ra", "te}", "}."], "Price 1 300 kr."),
        (["{{ NEW_RATE }} and {{old", "_rate}}{{customer}}"], "1 300 kr and 1 200 krFjord & Drift <AS>"),
        (["{{\N{NO-BREAK SPACE}new_rate\N{NO-BREAK SPACE}}}"], "1 300 kr"),
    ],
)
def test_tokens_are_filled_however_they_are_split(runs: list[str], expected: str) -> None:
    assert expected in _filled(_with(*runs))


def test_tokens_are_filled_in_every_part() -> None:
    document = Document()
    document.add_paragraph("Body {{customer}}")._p.append(parse_xml(BOX))
    cell = document.add_table(1, 1).cell(0, 0)
    cell.add_table(1, 1).cell(0, 0).text = "Inner {{customer}}"
    document.sections[0].header.paragraphs[0].text = "Head {{customer}}"
    document.sections[0].footer.paragraphs[0].text = "Foot {{customer}}"

    text = _filled(_saved(document))

    for place in ("Body", "Inner", "Head", "Foot"):
        assert f"{place} Fjord & Drift <AS>" in text
    assert "In a box: 1 300 kr" in text
    assert "{{" not in text


def test_a_value_takes_the_look_of_its_token_and_is_not_filled_itself() -> None:
    document = Document()
    document.add_paragraph().add_run("{{customer}}").bold = True
    content = own_template(_saved(document), "brev.docx").filled(TEXTS | {"customer": "{{old_rate}} <w:br/>"})

    (run,) = Document(io.BytesIO(content)).paragraphs[0].runs
    assert (run.text, run.bold) == ("{{old_rate}} <w:br/>", True)


def test_a_line_of_unknown_values_goes() -> None:
    document = Document()
    document.add_paragraph("{{customer}}")
    document.add_paragraph("{{account_manager}}")
    content = own_template(_saved(document), "brev.docx").filled(TEXTS | {"account_manager": ""})

    assert [each.text for each in Document(io.BytesIO(content)).paragraphs] == ["Fjord & Drift <AS>"]


@pytest.mark.parametrize(
    "kept",
    [
        f"<w:r {W}><w:drawing/></w:r>",
        BOX,
        f'<w:r {W}><mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"/></w:r>',
        f'<w:r {W}><w:br w:type="page"/></w:r>',
        f"<w:pPr {W}><w:sectPr/></w:pPr>",
    ],
)
def test_a_line_of_unknown_values_stays_with_what_else_it_holds(kept: str) -> None:
    document = Document()
    paragraph = document.add_paragraph()._p
    element = parse_xml(kept)
    paragraph.append(element)
    run = parse_xml(f"<w:r {W}><w:t>{{{{account_manager}}}}</w:t></w:r>")
    paragraph.append(run)
    content = own_template(_saved(document), "brev.docx").filled(TEXTS | {"account_manager": ""})

    (line,) = Document(io.BytesIO(content)).paragraphs
    assert line.text.strip() == ""
    assert element[-1].tag in {each.tag for each in line._p.iter()}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (
            _with("{{customer}} {{neste_pris}} {{oops}}"),
            r"aren't known: \{\{neste_pris\}\}, \{\{oops\}\}. Known are: customer,",
        ),
        (_with("Dear customer"), "has no tokens"),
        (_with("{{customer}} {{new_rate"), "begun or ended alone, in “{{customer}} {{new_rate”"),
        (_with("{{customer}} new_rate}}"), "begun or ended alone"),
        (b"%PDF-1.7", "isn't a Word document"),
        (b"", "isn't a Word document"),
    ],
)
def test_what_is_no_template_is_refused(content: bytes, message: str) -> None:
    with pytest.raises(CcinsightError, match=message):
        own_template(content, "brev.docx")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_default_is_a_template_itself(language: str) -> None:
    content = default_template(language).content

    said = own_template(content, "default.docx")
    assert isinstance(said, LetterTemplate)
    assert "{{" not in _filled(content)
    text = said.plain(TEXTS)
    assert "{{" not in text
    assert (
        "1 300 kr (per bruker og år)".casefold() in text.casefold()
        or "1 300 kr (per user and year)" in text.casefold()
    )
