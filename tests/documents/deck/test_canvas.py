"""A deck on the supplier's own template, and what is said of one that can't be used."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from pptx import Presentation
from pptx.util import Inches
from pypdf import PdfReader

from ccinsight.documents import deck
from ccinsight.documents.content.look import readable
from ccinsight.documents.deck import own
from ccinsight.documents.deck.canvas import Canvas, accent_of
from ccinsight.documents.deck.prepare import Look, content_of
from ccinsight.documents.deck.template_file import TemplateFile
from ccinsight.errors import CcinsightError
from ccinsight.settings.model import Deck
from tests.documents.deck import companies, own_templates
from tests.documents.deck.briefs import brief_of
from tests.documents.deck.reading import (
    faults,
    opened,
    slide_with,
    titles,
)


def _template(path: Path, *, rename: bool = True) -> Path:
    """A template with a slide of its own and a content placeholder in another place."""
    show = Presentation()
    show.slides.add_slide(show.slide_layouts[0]).shapes.title.text = "An old slide"
    layout = show.slide_layouts[1]
    for placeholder in list(layout.placeholders):
        if rename and placeholder.placeholder_format.idx == 1:
            placeholder.name = "Innhold"
            placeholder.left, placeholder.top, placeholder.width, placeholder.height = (
                Inches(each) for each in (0.5, 2.0, 9.0, 4.4)
            )
    show.save(str(path))
    return path


def test_a_template_of_the_supplier_is_used(tmp_path: Path) -> None:
    look = Deck(
        title_layout="Title Slide", content_layout="Title and Content", placeholders={"content": "Innhold"}
    )

    file = deck.deck(brief_of(companies.plain()), look, _template(tmp_path / "own.pptx"))

    assert "An old slide" not in titles(file)
    assert {slide.slide_layout.name for slide in opened(file).slides} == {"Title Slide", "Title and Content"}
    assert faults(file) == []
    content = [shape for shape in slide_with(file, "registered users").shapes if shape.has_chart]
    assert len(content) == 1
    assert content[0].left >= Inches(0.5)
    assert content[0].top >= Inches(2.0)
    assert not [p for s in opened(file).slides for p in s.placeholders if p.name == "Innhold"]


def test_the_pdf_has_the_colour_of_the_template_unless_the_settings_name_one(tmp_path: Path) -> None:
    template = _template(tmp_path / "fjell.pptx")  # its first accent is 4F81BD, too light for text on white
    brief = brief_of(companies.bare())

    colours = [
        _text_colours(content_of("pdf", brief, Look(Deck(colour=colour), template)))
        for colour in (None, "#9b1b5e")
    ]

    assert accent_of(template) == "#4f81bd"
    assert readable("#4f81bd") in colours[0] and readable("#4f81bd") not in colours[1]
    assert "#9b1b5e" in colours[1]


def _text_colours(pdf: bytes) -> set[str]:
    """The colours that the first page is drawn in."""
    contents = PdfReader(io.BytesIO(pdf)).pages[0].get_contents()
    assert contents is not None
    return {
        "#" + "".join(f"{round(float(part) * 255):02x}" for part in parts)
        for parts, operator in contents.operations
        if operator == b"scn" and len(parts) == 3
    }


def test_a_template_without_names_is_used_by_kind(tmp_path: Path) -> None:
    file = deck.deck(brief_of(companies.plain()), Deck(), _template(tmp_path / "own.pptx", rename=False))

    assert len(opened(file).slides) == 12
    assert faults(file) == []


@pytest.mark.parametrize(
    ("look", "said"),
    [
        (
            Deck(content_layout="Innhold"),
            ["no layout “Innhold”", "deck.content_layout", "“Title and Content”"],
        ),
        (
            Deck(placeholders={"content": "Diagram"}),
            ["no placeholder “Diagram”", "deck.placeholders.content", "“Innhold”"],
        ),
        (Deck(content_layout="Title Only"), ["“Title Only”", "deck.placeholders.content"]),
        (Deck(title_layout="Blank"), ["“Blank”", "deck.placeholders.subtitle"]),
    ],
)
def test_what_a_template_lacks_is_said(tmp_path: Path, look: Deck, said: list[str]) -> None:
    with pytest.raises(CcinsightError) as caught:
        deck.deck(brief_of(companies.plain()), look, _template(tmp_path / "own.pptx"))

    assert [part for part in [*said, "own.pptx"] if part not in str(caught.value)] == []


def test_a_template_that_is_none_is_named(tmp_path: Path) -> None:
    (tmp_path / "own.pptx").write_text("no presentation")

    with pytest.raises(CcinsightError, match=r"own\.pptx isn't a PowerPoint"):
        deck.deck(brief_of(companies.plain()), Deck(), tmp_path / "own.pptx")
    with pytest.raises(CcinsightError, match=r"other\.pptx can't be read"):
        deck.deck(brief_of(companies.plain()), Deck(), tmp_path / "other.pptx")


def _in_the_list(offset: int, value: int) -> Callable[[bytes], bytes]:
    """Sets a byte of each entry in the list of a zip's files: 8 says whether it is encrypted, 10 how it is packed."""

    def change(content: bytes) -> bytes:
        changed = bytearray(content)
        for entry in re.finditer(rb"PK\x01\x02", content):
            changed[entry.start() + offset] = value
        return bytes(changed)

    return change


def _in_part(name: str, old: bytes, new: bytes) -> Callable[[bytes], bytes]:
    def change(content: bytes) -> bytes:
        return own_templates._changed(content, {name: lambda xml: re.sub(old, new, xml, flags=re.S)})

    return change


_TOO_LONG = b" " * 5_000_001


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (_in_the_list(8, 1), "can be read"),
        (_in_the_list(10, 99), "can be read"),
        (lambda content: content[:60] + bytes(80) + content[140:], "can be read"),
        (_in_part("ppt/_rels/presentation.xml.rels", rb"slides/slide1.xml", b"slides/slide9.xml"), "can be read"),
        (_in_part("ppt/presentation.xml", rb'(id="256" r:id)="[^"]*"', rb'\1="no"'), "can be read"),
        (_in_part("ppt/slides/slide1.xml", rb"<p:cSld>.*</p:cSld>", b""), "can be read"),
        (_in_part("ppt/presentation.xml", rb"<p:sldMasterIdLst>.*</p:sldMasterIdLst>", b""), "can be read"),
        (_in_part("ppt/slides/slide1.xml", rb"$", _TOO_LONG), "is too large for a deck"),
        (_in_part("ppt/slides/slide1.xml", rb"(</p:txBody>)", b"<a:p/>" * 50_000 + rb"\1"), "is too large for a deck"),
        (
            _in_part(
                "[Content_Types].xml",
                rb"openxmlformats-officedocument.presentationml.presentation.main",
                b"ms-powerpoint.presentation.macroEnabled.main",
            ),
            r"is a file with macros \(\.pptm\): save it as \.pptx",
        ),
    ],
)  # fmt: skip
def test_a_template_that_is_damaged_or_too_large_is_named(
    tmp_path: Path, damage: Callable[[bytes], bytes], said: str
) -> None:
    sound = _template(tmp_path / "own.pptx").read_bytes()
    damaged = TemplateFile(damage(sound), "own.pptx")
    assert damaged.content != sound

    with pytest.raises(CcinsightError, match=rf"own\.pptx .*{said}"):
        own.has_tokens(damaged) or Canvas(Deck(), damaged, "")


def test_a_template_without_a_size_has_the_usual_one(tmp_path: Path) -> None:
    content = _in_part("ppt/presentation.xml", rb"<p:sldSz [^>]*>", b"")(
        _template(tmp_path / "own.pptx").read_bytes()
    )

    show = opened(Canvas(Deck(), TemplateFile(content, "own.pptx"), "").bytes())

    assert (show.slide_width, show.slide_height) == (9_144_000, 6_858_000)
