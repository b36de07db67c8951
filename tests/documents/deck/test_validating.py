"""The checker of decks finds each fault that makes PowerPoint offer a repair, planted one at a time in a sound deck."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path
from zipfile import ZipFile

import pytest
from pptx.opc.constants import RELATIONSHIP_TYPE as RT

from ccinsight.documents.deck import grids, native_charts
from ccinsight.documents.deck.canvas import Box, Canvas
from ccinsight.documents.deck.grids import Column
from ccinsight.documents.deck.native_charts import Series
from ccinsight.documents.deck.xml import parse
from tests.documents.deck.briefs import LOOK
from tests.documents.deck.reading import opened
from tests.documents.deck.validating import faults

Parts = dict[str, bytes]
_SECTION = (
    '<p:extLst><p:ext uri="{521415D9-36F7-43E2-AB2F-B90AF26B5E84}"><p14:sectionLst '
    'xmlns:p14="http://schemas.microsoft.com/office/powerpoint/2010/main"><p14:section name="A" '
    'id="{11111111-1111-4111-8111-111111111111}"><p14:sldIdLst><p14:sldId id="999"/></p14:sldIdLst>'
    "</p14:section></p14:sectionLst></p:ext></p:extLst></p:presentation>"
)

_NOTES_MASTER = (
    '<p:notesMasterIdLst xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
    '<p:notesMasterId r:id="{}"/></p:notesMasterIdLst>'
)


@pytest.fixture(scope="module")
def parts() -> Parts:
    """A sound deck with a chart, a table, notes and links."""
    canvas = Canvas(LOOK, None, "Foot")
    canvas.title_slide("Title", ["Subtitle"])
    page = canvas.page("Message")
    chart, table = page.box.columns(1, 1)
    native_charts.columns(page, chart, ["Jan", "Feb"], [Series("Tickets", [1, 2])], "Tickets by month")
    grids.table(page, table, [Column("Case"), Column("Days")], [["T-1", "3"]], "Cases")
    show = opened(canvas.bytes())
    run = show.slides[1].shapes.add_textbox(*Box(1, 1, 2, 0.4).emu()).text_frame.paragraphs[0].add_run()
    run.text = "link"
    run.hyperlink.address = "https://example.test/"
    for slide in show.slides:
        slide.notes_slide.notes_text_frame.text = "Said aloud"
    master = show.part.relate_to(show.notes_master.part, RT.NOTES_MASTER)
    show.element.insert(1, parse(_NOTES_MASTER.format(master)))
    saved = io.BytesIO()
    show.save(saved)
    with ZipFile(saved) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _written(parts: Parts, file: Path, *more: tuple[str, bytes]) -> Path:
    with ZipFile(file, "w") as archive:
        for name, content in (*parts.items(), *more):
            archive.writestr(name, content)
    return file


def test_a_sound_deck_has_no_fault(parts: Parts, tmp_path: Path) -> None:
    assert faults(_written(parts, tmp_path / "deck.pptx")) == []


def _in(part: str, old: str, new: str) -> Callable[[Parts], None]:
    """Replaces the first place of a pattern in a part, which must have it."""

    def change(parts: Parts) -> None:
        changed, count = re.subn(old, new, parts[part].decode(), count=1, flags=re.S)
        assert count == 1, f"{part} has no {old}"
        parts[part] = changed.encode()

    return change


def _without(part: str) -> Callable[[Parts], None]:
    def change(parts: Parts) -> None:
        del parts[part]

    return change


def _with(part: str, content: bytes) -> Callable[[Parts], None]:
    def change(parts: Parts) -> None:
        parts[part] = content

    return change


SLIDE, RELS = "ppt/slides/slide2.xml", "ppt/slides/_rels/slide2.xml.rels"
SHOW, TYPES = "ppt/presentation.xml", "[Content_Types].xml"
CHART, CHART_RELS = "ppt/charts/chart1.xml", "ppt/charts/_rels/chart1.xml.rels"
FAULTS: dict[str, tuple[Callable[[Parts], None], str]] = {
    "no xml": (_in(SLIDE, "<p:cSld>", "<p:cSld>\x0b"), "isn't XML"),
    "doctype": (_in("docProps/core.xml", "<cp:core", "<!DOCTYPE x><cp:core"), "has a DOCTYPE"),
    "missing part": (_without("ppt/theme/theme1.xml"), "leads to a missing part: ppt/theme/theme1.xml"),
    "rels without part": (
        _with("ppt/slides/_rels/slide99.xml.rels", b"<Relationships/>"),
        "its part doesn't exist",
    ),
    "no content type": (_with("ppt/media/image9.webp", b"x"), "has no content type"),
    "generic content type": (
        _in(TYPES, r'<Override PartName="/ppt/slides/slide2.xml"[^>]*/>', ""),
        "has the content type of any XML",
    ),
    "content type of nothing": (
        _in(TYPES, r"</Types>", r'<Override PartName="/ppt/no.xml" ContentType="a/b"/></Types>'),
        "ppt/no.xml doesn't exist",
    ),
    "two content types": (
        _in(TYPES, r"(<Override [^>]*slide2.xml[^>]*/>)", r"\1\1"),
        "has two content types",
    ),
    "relationship twice": (_in(RELS, r"(<Relationship [^>]*/>)", r"\1\1"), "is there twice"),
    "empty address": (_in(RELS, r'Target="https://example.test/"', 'Target=""'), "has no full address"),
    "address without scheme": (
        _in(RELS, r'Target="https://example.test/"', 'Target="example"'),
        "has no full address",
    ),
    "link to nothing": (
        _in(SLIDE, r'hlinkClick r:id="rId\d+"', 'hlinkClick r:id="rId99"'),
        "names no relationship",
    ),
    "link without id": (_in(SLIDE, r'hlinkClick r:id="rId\d+"', 'hlinkClick r:id=""'), "names no relation"),
    "jump to a page": (
        _in(
            SLIDE,
            r'<a:hlinkClick r:id="(rId\d+)"/>',
            r'<a:hlinkClick r:id="\1" action="ppaction://hlinksldjump"/>',
        ),
        "a link to a slide leads to https",
    ),
    "no layout": (
        _in(RELS, r"<Relationship [^>]*slideLayout[^>]*/>", ""),
        "has 0 relationships slideLayout",
    ),
    "two layouts": (
        _in(
            RELS,
            r"</Relationships>",
            '<Relationship Id="rId77" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
            'slideLayout" Target="../slideLayouts/slideLayout1.xml"/></Relationships>',
        ),
        "has 2 relationships slideLayout",
    ),
    "notes without master": (
        _in(
            "ppt/notesSlides/_rels/notesSlide1.xml.rels",
            r"<Relationship [^>]*notesMaster[^>]*/>",
            "",
        ),
        "has 0 relationships notesMaster",
    ),
    "notes master not listed": (
        _in(SHOW, r"<p:notesMasterIdLst>.*</p:notesMasterIdLst>", ""),
        "the notes master isn't listed",
    ),
    "notes of another": (
        _in("ppt/notesSlides/_rels/notesSlide1.xml.rels", r"slides/slide1.xml", "slides/slide2.xml"),
        "its slide isn't",
    ),
    "slide id low": (_in(SHOW, r'<p:sldId id="256"', '<p:sldId id="255"'), "slide id 255 is outside"),
    "slide id twice": (_in(SHOW, r'<p:sldId id="257"', '<p:sldId id="256"'), "slide id 256 is there twice"),
    "slide not listed": (_in(SHOW, r'<p:sldId id="257"[^>]*/>', ""), "is a slide that isn't listed"),
    "layout id low": (
        _in("ppt/slideMasters/slideMaster1.xml", r'(<p:sldLayoutId [^>]*id=)"\d+"', r'\1"300"'),
        "id 300 of a master or layout is too low",
    ),
    "layout not listed": (
        _in("ppt/slideMasters/slideMaster1.xml", r"<p:sldLayoutId [^>]*/>", ""),
        "its list of layouts isn't",
    ),
    "section": (
        _in(SHOW, r"(<p:extLst>.*</p:extLst>)?</p:presentation>", _SECTION),
        "a section names slide 999",
    ),
    "shape id twice": (
        _in(SLIDE, r'(<p:cNvPr id=)"\d+"( name="Cases")', r'\1"2"\2'),
        "shape id 2 is there twice",
    ),
    "shape id 0": (_in(SLIDE, r'(<p:cNvPr id=)"\d+"( name="Cases")', r'\1"0"\2'), "a shape has id 0"),
    "negative size": (_in(SLIDE, r'(<a:ext cx="\d+" cy=)"\d+"', r'\1"-5"'), "a shape is"),
    "no paragraph": (_in(SLIDE, r"(<p:txBody>.*?)<a:p>.*?</a:p>(</p:txBody>)", r"\1\2"), "no paragraph"),
    "order": (
        _in(SLIDE, r"(<a:pPr[^>]*>.*?</a:pPr>)(<a:r>.*?</a:r>)", r"\2\1"),
        "in the wrong order: r, pPr",
    ),
    "run without text": (_in(SLIDE, r"<a:t>[^<]*</a:t>", ""), "a run has no text"),
    "cells": (_in(SLIDE, r"<a:gridCol [^>]*/>", ""), "2 cells for 1 columns"),
    "no workbook": (_in(CHART_RELS, r"<Relationship [^>]*/>", ""), "has 0 workbooks"),
    "workbook broken": (_with("ppt/embeddings/Microsoft_Excel_Sheet1.xlsx", b"x"), "isn't a workbook"),
    "axis": (_in(CHART, r'<c:axId val="1"/>', '<c:axId val="7"/>'), "names an axis that is missing: 7"),
    # the schema's own
    "unknown element": (_in(SLIDE, r"<a:bodyPr", "<a:nobody/><a:bodyPr"), "[schema]"),
    "bad value": (_in(SLIDE, r' sz="\d+"', ' sz="large"'), "[schema]"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_planted_fault_is_found(name: str, parts: Parts, tmp_path: Path) -> None:
    plant, words = FAULTS[name]
    broken = dict(parts)
    plant(broken)

    found = faults(_written(broken, tmp_path / "deck.pptx"))

    assert [fault for fault in found if words in fault], found


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_name_that_is_there_twice_is_found(parts: Parts, tmp_path: Path) -> None:
    file = _written(parts, tmp_path / "deck.pptx", (SLIDE, parts[SLIDE]))

    assert f"{SLIDE}: is in the file twice" in faults(file)


def test_what_is_no_zip_file_is_found(tmp_path: Path) -> None:
    (tmp_path / "deck.pptx").write_bytes(b"PK nothing")

    assert [fault for fault in faults(tmp_path / "deck.pptx") if "isn't a zip file" in fault]


def test_axes_of_our_charts_have_ids_of_the_schema(parts: Parts) -> None:
    charts = [content.decode() for name, content in parts.items() if name.startswith("ppt/charts/chart")]

    assert len(charts) == 1
    assert [chart for chart in charts if re.search(r'<c:(axId|crossAx) val="-', chart)] == []
