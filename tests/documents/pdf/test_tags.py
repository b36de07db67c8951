"""Tags, properties and pictures: what PDF/UA-1 and PDF/A-2a ask of the file."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from ccinsight.access import SEES_ALL
from ccinsight.documents.brief import Brief, Sources, make_brief
from ccinsight.documents.pdf import write_pdf
from ccinsight.settings.model import Deck
from tests.documents.deck import companies
from tests.documents.pdf.reading import elements, opened, root, tags

LOGO = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 60">
<polygon points="10,50 40,10 70,50" fill="#14532d"/></svg>"""
COLOUR = "#9b1b5e"


@pytest.fixture(scope="module")
def brief() -> Brief:
    return make_brief(Sources(companies.plain(), companies.AS_OF, SEES_ALL, ("1",)), "1", "nb")


@pytest.fixture(scope="module")
def file(brief: Brief, tmp_path_factory: pytest.TempPathFactory) -> PdfReader:
    logo = tmp_path_factory.mktemp("logo") / "fjell.svg"
    logo.write_text(LOGO)
    return opened(write_pdf(brief, Deck(partner="Fjell CRM AS", colour=COLOUR), logo))


def test_the_file_says_that_it_is_tagged_and_in_which_language(file: PdfReader) -> None:
    catalog = root(file)
    assert catalog["/MarkInfo"]["/Marked"]
    assert catalog["/Lang"] == "nb-NO"
    assert catalog["/ViewerPreferences"]["/DisplayDocTitle"]
    assert "/StructTreeRoot" in catalog
    xmp = catalog["/Metadata"].get_data().decode()
    for said in ("<pdfuaid:part>1<", "<pdfaid:part>2<", "<pdfaid:conformance>A<"):
        assert said in xmp


def test_title_author_and_day_are_the_briefs(file: PdfReader) -> None:
    about = file.metadata
    assert about is not None
    assert about.title == "Statusmøte: Kunde 1 AS"
    assert about.author == "Fjell CRM AS"
    assert f"{about.creation_date:%Y-%m-%d}" == "2026-03-15"


def test_headings_do_not_skip_a_level(file: PdfReader) -> None:
    levels = [int(tag[2:]) for tag in tags(file) if tag[:2] == "/H" and tag[2:].isdigit()]
    assert levels[0] == 1
    assert set(levels) == {1, 2, 3, 4}
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_tables_have_header_rows_and_pictures_a_text(file: PdfReader) -> None:
    kinds = tags(file)
    assert kinds.count("/Table") >= 8
    assert kinds.count("/THead") == kinds.count("/Table")
    assert kinds.count("/TH") > 20
    pictures = [each for each in elements(file) if each["/S"] == "/Figure"]
    alts = [str(each["/Alt"]) for each in pictures]
    assert "Logoen til Fjell CRM AS" in alts
    # two charts of months, the users, the categories, the dates of the period
    assert len(alts) == 6
    assert any("jun 2025 1" in alt for alt in alts)
    assert any("Frist for oppsigelse 28.02.2026" in alt for alt in alts)


def test_fonts_are_embedded_and_no_picture_is_raster(file: PdfReader) -> None:
    names = set()
    pages: list[Any] = list(file.pages)
    for page in pages:
        assert page["/Tabs"] == "/S"
        for font in page["/Resources"]["/Font"].values():
            described = font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"]
            assert {"/FontFile2", "/FontFile3"} & set(described.get_object())
            names.add(str(font.get_object()["/BaseFont"]).split("+")[1])
        objects = page["/Resources"].get("/XObject", {})
        assert [each for each in objects.values() if each.get_object().get("/Subtype") == "/Image"] == []
    assert {name.split("-")[0] for name in names} <= {"SourceSans3", "DejaVuSans"}


def test_all_that_is_drawn_is_tagged_or_marked_as_an_artifact(file: PdfReader) -> None:
    shown = {b"Tj", b"TJ", b"'", b"f", b"f*", b"S", b"s", b"B", b"b", b"Do", b"sh"}
    for page in file.pages:
        contents = page.get_contents()
        assert contents is not None
        depth = drawn = 0
        for _operands, operator in contents.operations:
            depth += {b"BDC": 1, b"BMC": 1, b"EMC": -1}.get(operator, 0)
            if operator in shown:
                drawn += 1
                assert depth > 0
        assert drawn > 20 and depth == 0


def test_the_colour_of_the_settings_is_used(file: PdfReader) -> None:
    drawn = file.pages[0].get_contents()
    assert drawn is not None
    red, green, blue = (int(COLOUR[at : at + 2], 16) / 255 for at in (1, 3, 5))
    said = [f"{part:.4f}"[:5] for part in (red, green, blue)]
    lines = drawn.get_data().decode("latin-1")
    assert all(part in lines for part in said)


def test_a_logo_that_is_none_is_named(brief: Brief, tmp_path: Path) -> None:
    from ccinsight.errors import CcinsightError

    (tmp_path / "logo.svg").write_text("this is no picture")
    (tmp_path / "logo.docx").write_text("")
    for name, said in (("logo.svg", "PDF"), ("logo.docx", "logo.docx"), ("gone.png", "gone.png")):
        with pytest.raises(CcinsightError, match=said):
            write_pdf(brief, Deck(), tmp_path / name)
