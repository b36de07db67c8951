"""One's own slides: five differently built templates come out filled, and what can't be filled is named."""

from __future__ import annotations

import io
import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from pptx import Presentation
from pptx.chart.data import XyChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.oxml import parse_xml
from pptx.oxml.ns import qn
from pptx.util import Inches

from ccinsight.access import SEES_ALL
from ccinsight.cli import run
from ccinsight.database.scope import Scope
from ccinsight.database.warehouse import Warehouse
from ccinsight.documents import deck
from ccinsight.documents.brief import Brief, Sources, make_brief
from ccinsight.documents.brief.model import Point
from ccinsight.documents.deck import own
from ccinsight.documents.deck.own.facts import Facts
from ccinsight.documents.deck.own.reading import KNOWN
from ccinsight.documents.deck.own.starter import starter
from ccinsight.documents.deck.own.tables import TABLES
from ccinsight.documents.deck.own.tokens import TEXTS
from ccinsight.documents.deck.template_file import TemplateFile
from ccinsight.documents.template_tokens import names
from ccinsight.i18n import in_language, number, percent
from ccinsight.settings.model import Deck
from tests.documents.deck import companies, office, own_templates
from tests.documents.deck.briefs import SAMPLE_DAY, brief_of
from tests.documents.deck.reading import all_text, cells, charts, opened, series, titles, whole_text
from tests.documents.deck.validating import faults
from tests.reports.companies import agreement, company, meeting, price

_SPACES = (
    'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
_SECRET = "HEMMELIG"
_BAD = "Fjord\x0b {{arr}} <b>\x07&\ud800 AS"
_POSSIBILITIES = tuple(
    Point(f"Kurs {n}", "Dere hadde fire saker om opplæring siste år.", f"k{n}") for n in range(3)
)


@pytest.fixture(scope="module")
def brief() -> Brief:
    made = brief_of(companies.plain(), "nb")
    return replace(
        made,
        possibilities=_POSSIBILITIES,
        internal_possibilities=(Point(f"{_SECRET} mulighet", "Intern", "i"),),
        notes=f"{_SECRET} notat",
        agreed="- Kurs i mars\n- Ny konsulent",
    )


@pytest.fixture(scope="module")
def made(brief: Brief) -> dict[str, bytes]:
    """The five, and our own to start from, filled for one customer."""
    with in_language("nb"):
        ours = TemplateFile(starter(), "starter.pptx")
    templates = {**own_templates.all_five(), "starter.pptx": ours}
    look = Deck(partner="Fjell CRM AS")
    return {name: deck.deck(brief, look, template) for name, template in templates.items()}


def test_all_are_valid_and_hold_neither_tokens_nor_secrets(made: dict[str, bytes], tmp_path: Path) -> None:
    for name, content in made.items():
        file = tmp_path / f"{name}.pptx"
        file.write_bytes(content)
        assert faults(file) == [], name
        text = whole_text(content)
        assert [
            found for found in ("{{", _SECRET, "SKJULT", "EKSEMPEL", "thumbnail") if found in text
        ] == [], name


def test_libreoffice_draws_every_slide(
    made: dict[str, bytes], tmp_path: Path, missing: Callable[[str], None]
) -> None:
    program = office.find()
    if program is None:
        missing("LibreOffice with fonts isn't installed")
    files = []
    for name, content in made.items():
        files.append(tmp_path / f"{name.partition('.')[0]}.pptx")
        files[-1].write_bytes(content)
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [str(program), profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path)]

    subprocess.run([*command, *map(str, files)], check=True, capture_output=True, timeout=300)

    for file, content in zip(files, made.values(), strict=True):
        pdf = file.with_suffix(".pdf")
        said = subprocess.run(["pdftotext", str(pdf), "-"], check=True, capture_output=True, text=True).stdout
        assert said.count("\f") == len(opened(content).slides)
        assert "{{" not in said


def test_texts_are_filled_in_their_look(made: dict[str, bytes]) -> None:
    assert titles(made["plain.pptx"])[0] == "Statusmøte med Kunde 1 AS"
    first, bullets, *_rest = opened(made["plain.pptx"]).slides
    assert first.placeholders[1].text_frame.text == "Per 15.03.2026\nFjell CRM AS, Kari Nordmann"
    lines = bullets.placeholders[1].text_frame.text.split("\n")
    assert lines[0] == "Avtalen koster 9\u00a0000\u00a0kr i året for 9 brukere"
    assert lines[1:3] == [
        "Hva som har skjedd siden forrige møte",
        "Bruk og support: 3 saker siste 12 md., 1 året før",
    ]
    assert lines[-1] == "Fornyes 01.04.2026"
    assert bullets.placeholders[1]._element.txBody.bodyPr.find(qn("a:normAutofit")).get("fontScale")

    runs = opened(made["grouped.pptx"]).slides[0].shapes.title.text_frame.paragraphs[0].runs
    assert [(run.text, run.font.bold) for run in runs if run.text] == [
        ("Kjære ", False),
        ("Kunde 1 AS", True),
        (", hei", False),
    ]


def test_masters_layouts_names_and_sections_are_filled_and_remarks_go(made: dict[str, bytes]) -> None:
    show = opened(made["odd.pptx"])

    assert len(show.slides) == 2
    assert "Kunde 1 AS · 15.03.2026 · 😀 <&> «{x}»" in [
        s.text_frame.text for s in show.slide_master.shapes if s.has_text_frame
    ]
    assert "Fjell CRM AS" in [s.text_frame.text for s in show.slide_layouts[5].shapes if s.has_text_frame]
    slide = show.slides[0]
    assert slide.shapes.title.text_frame.text == "Æ „ø“ 漢字 Kunde 1 AS\v1"
    assert cells(slide) == [
        ["Kunde", "Kunde 1 AS"],
        ["Brukere", "9"],
        ["Punkter", "Kurs i mars\nNy konsulent"],
    ]
    assert [s.name for s in slide.shapes if s.name.startswith("Boks om")] == ["Boks om Kunde 1 AS"]
    assert not slide.has_notes_slide
    # the chart took the number of the shape that an animation names
    chart = next(shape for shape in slide.shapes if shape.has_chart)
    targets = {each.get("spid") for each in slide._element.iter(qn("p:spTgt"))}
    assert targets == {str(chart.shape_id)}
    assert 'name="Kunde 1 AS"' in whole_text(made["odd.pptx"])
    assert show.core_properties.author == "Fjell CRM AS"


def test_charts_keep_the_templates_style_and_get_new_numbers(made: dict[str, bytes]) -> None:
    saker, brukere, _tables = opened(made["styled.pptx"]).slides
    columns, pie = charts(saker)

    assert {name: sum(values) for name, values in series(columns).items()} == {
        "apr 2025 – mar 2026": 3,
        "apr 2024 – mar 2025": 1,
    }
    colours = [each.format.fill.fore_color.rgb for each in columns.plots[0].series]
    assert [str(colour) for colour in colours] == ["AA0000", "00AA00"]
    assert columns.chart_title.text_frame.text == "Saker åpnet hver måned"
    assert sum(pie.plots[0].series[0].values) == 3
    assert len(pie.plots[0].series) == 1
    users, peers = charts(brukere)
    assert list(series(users)) == ["Registrerte"]
    assert list(series(peers)) == ["Dere"]
    drawn = charts(opened(made["plain.pptx"]).slides[2])[0]
    assert list(series(drawn)) == ["apr 2024 – mar 2025", "apr 2025 – mar 2026"]


def test_tables_are_filled_from_their_cell_on_or_made_in_the_templates_style(made: dict[str, bytes]) -> None:
    slide = opened(made["styled.pptx"]).slides[2]

    assert cells(slide, 0) == [
        ["Kategori", "Saker", "I fjor"],
        ["Konsulent/Tilpasning", "1", "0"],
        ["Nede", "1", "0"],
        ["Opplæring/Utvalg", "1", "0"],
        ["Annet", "0", "1"],
        ["Kilde: Fjell CRM AS", "", ""],
    ]
    own_table = next(shape.table for shape in slide.shapes if shape.has_table)
    looks = [own_table.cell(row, 0).text_frame.paragraphs[0].runs[0].font for row in (1, 3)]
    assert [(font.italic, font.size.pt) for font in looks] == [(True, 13), (True, 13)]
    headed = cells(slide, 1)
    assert headed[0] == ["Siste 12 md.", "Antall"]
    assert headed[-1] == ["og 2 til, i arbeidsboken", ""]
    placed = [shape for shape in slide.shapes if shape.has_table][2]
    assert placed.table._tbl.tblPr.find(qn("a:tableStyleId")).text == own_templates.STYLE
    assert cells(opened(made["localised.potx"]).slides[1]) == [
        ["Mulighet", "Hvorfor"],
        *([point.title, point.text] for point in _POSSIBILITIES),
    ]


def test_a_table_of_one_row_doesnt_repeat_what_stands_beside_its_token(brief: Brief) -> None:
    show = Presentation()
    slide = show.slides.add_slide(show.slide_layouts[6])
    row = ["Våre tall", "{{table:tickets_by_category}}", "", "", "", "", "Til slutt"]
    own_templates._table(slide, (0.5, 1, 9, 0.5), [row])
    template = TemplateFile(own_templates.saved(show), "own.pptx")

    shown = cells(opened(own.filled(template, brief, "")).slides[0])

    assert [shown[0][0], shown[0][1], shown[0][6]] == ["Våre tall", "Kategori", "Til slutt"]
    assert [row[1] for row in shown[1:3]] == ["Konsulent/Tilpasning", "Nede"]
    assert {text for row in shown[1:] for text in (row[0], row[6])} == {""}


def test_a_starter_holds_every_token(made: dict[str, bytes]) -> None:
    with in_language("en"):
        text = whole_text(starter())

    assert [name for name in KNOWN if name not in names(text)] == []


def test_what_is_unknown_says_so_and_what_has_no_data_is_named() -> None:
    bare = brief_of(companies.bare(), "nb")
    with in_language("nb"):
        ours = TemplateFile(starter(), "starter.pptx")

    said = all_text(own.filled(ours, bare, "Fjell CRM AS"))
    shown = opened(own.filled(own_templates.all_five()["styled.pptx"], bare, ""))

    assert "Ingen saker på 24 måneder." not in said and "0,0 t" not in said and "0,00" not in said
    assert "Det er ingen nye muligheter nå." in said
    figures = list(opened(own.filled(ours, bare, "")).slides)[1:3]
    values = {row[0]: row[1] for slide in figures for n in (0, 1) for row in cells(slide, n)}
    assert values["Antall brukere kjent i dag"] == "ukjent"
    assert values["Det avtalene som løper koster per år"] == "ukjent"
    facts = Facts(bare, "")
    with in_language("nb"):
        of_tickets = ("tickets", "hours", "open_tickets", "access_down", "included_hours", "contacting_users")
        assert {token.text(facts) for token in TEXTS if token.name in of_tickets} == {"ukjent"}
    assert not [title for title in titles(deck.deck(bare, Deck(), None)) if title.startswith("Kort fortalt")]
    without_tickets = company(
        agreements=[agreement(registered_users=5)], prices=[price(date(2025, 1, 1), "1500")]
    )
    assert "Kort fortalt" in titles(deck.deck(brief_of(without_tickets, "nb"), Deck(), None))
    assert [shape.has_chart for shape in shown.slides[0].shapes] == [False] * 3


def test_figures_are_those_of_the_reports_also_where_there_were_no_tickets(house: Warehouse) -> None:
    forms: dict[str, tuple[str, str, Callable[[Any], str]]] = {
        "tickets": ("tickets_compared", "tickets", number),
        "tickets_before": ("tickets_compared", "tickets_before", number),
        "active_users": ("utilization", "active_users", number),
        "contacting_users": ("utilization", "contacting_users", number),
        "contact_share": ("utilization", "contact_rate", percent),
    }
    tokens = {token.name: token for token in TEXTS}
    [by_category] = [table for table in TABLES if table.name == "table:tickets_by_category"]
    everyone = house.report("agreements", Scope(SAMPLE_DAY, SEES_ALL)).to_pylist()
    in_force = {row["customer_id"] for row in everyone if row["state"] in ("active", "terminating")}
    sources = Sources(house, SAMPLE_DAY, SEES_ALL, tuple(sorted(in_force)))
    totals = {each: sources.table("tickets_compared", each).to_pylist()[0] for each in sources.customer_ids}
    quiet = [each for each, total in totals.items() if not total["tickets"]]
    assert quiet

    for customer_id in dict.fromkeys([*quiet[:6], *sources.customer_ids[::6]]):
        facts = Facts(make_brief(sources, customer_id, "nb"), "")
        rows = {name: sources.table(name, customer_id).to_pylist()[0] for name, *_rest in forms.values()}
        with in_language("nb"):
            for name, (report, column, form) in forms.items():
                assert tokens[name].text(facts) == form(rows[report][column]), (customer_id, name)
        total = totals[customer_id]
        assert bool(by_category.rows(facts)) == bool(total["tickets"] or total["tickets_before"])


def test_no_status_meeting_held_is_not_unknown() -> None:
    planned = company(agreements=[agreement()], meetings=[meeting("M-1", planned_on=date(2026, 4, 2))])
    [last_meeting] = [token for token in TEXTS if token.name == "last_meeting"]

    said = [last_meeting.text(Facts(brief_of(house, "en"), "")) for house in (planned, companies.bare())]

    assert said == ["–", "unknown"]


def test_values_with_control_characters_markup_and_braces_stay_text(brief: Brief, tmp_path: Path) -> None:
    hostile = replace(brief, customer_name=_BAD, agreed=f"{_BAD}\n{_BAD}")

    content = own.filled(own_templates.all_five()["odd.pptx"], hostile, _BAD)

    (tmp_path / "made.pptx").write_bytes(content)
    assert faults(tmp_path / "made.pptx") == []
    assert "Fjord {{arr}} <b>& AS" in opened(content).slides[0].shapes.title.text_frame.text


def test_long_values_are_set_smaller_where_they_would_leave_their_place(brief: Brief) -> None:
    long = replace(brief, customer_name=companies.LONG_NAME)

    slide = opened(own.filled(own_templates.all_five()["odd.pptx"], long, "")).slides[0]

    title = slide.shapes.title._element.txBody.bodyPr.find(qn("a:normAutofit"))
    assert int(title.get("fontScale")) < 100_000
    table = next(shape for shape in slide.shapes if shape.has_table)
    name, users = (table.table.cell(row, 1).text_frame.paragraphs[0].runs[0].font.size for row in (0, 1))
    assert name.pt < 18 and users.pt < 18


def test_faults_are_named_with_their_slides_and_no_deck_is_made(
    sample_database: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    show = Presentation()
    slide = show.slides.add_slide(show.slide_layouts[5])
    slide.shapes.title.text = "{{arrr}} og {{ikke noe slikt}}"
    _box(slide, "Saker: {{chart:tickets_by_month}}")
    _box(slide, "{{arr og mer")
    box = _box(show.slides.add_slide(show.slide_layouts[6]), "lenke")
    box.text_frame.paragraphs[0].runs[0].hyperlink.address = "https://example.com/{{customer}}"
    data: Any = XyChartData()  # type: ignore[no-untyped-call]
    data.add_series("x").add_data_point(1, 2)
    scatter = show.slides[1].shapes.add_chart(XL_CHART_TYPE.XY_SCATTER, 0, 0, Inches(3), Inches(3), data)
    scatter.name = "{{chart:peers}}"
    table = show.slides[1].shapes.add_table(2, 2, 0, 0, Inches(3), Inches(1)).table
    table.cell(0, 0).text, table.cell(1, 0).text = "{{table:peers}}", "{{table:value}}"
    template = tmp_path / "feil.pptx"
    template.write_bytes(own_templates.saved(show))
    command = ["brief", "--customer", "1004", "--as-of", "2026-11-01", "--database", str(sample_database)]

    assert run([*command, "--output", str(tmp_path / "ut"), "--template", str(template)]) == 1

    said = capsys.readouterr().err
    for part in (
        "feil.pptx can't be filled: ",
        "slide 1: {{arrr}} isn't known (is it {{arr}}?)",
        "slide 1: {{ikkenoeslikt}} isn't known",
        "slide 1: {{chart:tickets_by_month}} must stand alone",
        "slide 1: a token is begun or ended alone, in “{{arr og mer”",
        "slide 2: a token stands in a link's address",
        "slide 2: the chart of {{chart:peers}} is of a kind",
        "slide 2: {{table:peers}} must stand alone in its cell, and once in its table",
        "ccinsight brief --tokens",
    ):
        assert part in said, said
    assert not (tmp_path / "ut").exists()


def _box(slide: Any, text: str) -> Any:
    box = slide.shapes.add_textbox(Inches(1), Inches(1), Inches(4), Inches(1))
    box.text_frame.text = text
    return box


def test_the_command_lists_tokens_writes_a_start_and_names_what_is_left_out(
    sample_database: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["brief", "--tokens"]) == 0
    listed = capsys.readouterr().out
    assert [name for name in KNOWN if f"{{{{{name}}}}}" not in listed] == []
    assert "(117,600\u00a0kr)" in listed
    assert run(["brief", "--write-template", str(tmp_path / "start.pptx")]) == 0
    assert len(Presentation(str(tmp_path / "start.pptx")).slides) > 10
    template = tmp_path / "odd.pptx"
    template.write_bytes(own_templates.odd())
    command = ["brief", "--customer", "1004", "--as-of", "2026-11-01", "--database", str(sample_database)]

    assert run([*command, "--annex", "--output", str(tmp_path / "ut"), "--template", str(template)]) == 0

    said = capsys.readouterr().err
    assert "Hidden slides are left out: 2." in said
    assert "Speaker notes are left out, of slides 1." in said
    assert "Comments are left out, of slides 1." in said
    decks = sorted((tmp_path / "ut").glob("*.pptx"))
    assert [len(Presentation(io.BytesIO(each.read_bytes())).slides) > 2 for each in decks] == [False, True]


def test_a_template_without_tokens_gives_its_layouts_and_says_what_it_lacks(tmp_path: Path) -> None:
    show = own_templates.opened_without_numbers()
    show.slides.add_slide(show.slide_layouts[0]).shapes.title.text = "Gammelt"
    look = deck.Look(Deck(), TemplateFile(own_templates.saved(show), "uten.pptx"))

    with in_language("en"):
        said = deck.left_out(look)

    assert [line for line in said if "no tokens" in line and "left out" in line]
    assert "The layout “Tittel og innhold” has no slide number: slides have none." in said


@pytest.mark.parametrize("has_tokens", [False, True])
def test_a_slide_that_layouts_and_custom_shows_name_is_gone(
    brief: Brief, tmp_path: Path, has_tokens: bool
) -> None:
    long = replace(brief, customer_name="Fjord " * 60)
    template = TemplateFile(_reached_all_ways(has_tokens), "own.pptx")

    made = deck.deck(long, Deck(partner="Fjell " * 60), template)

    (tmp_path / "made.pptx").write_bytes(made)
    assert faults(tmp_path / "made.pptx") == []
    assert [found for found in ("SKJULT", "thumbnail", "custShow") if found in whole_text(made)] == []
    names = ZipFile(io.BytesIO(made)).namelist()
    assert len(set(names)) == len(names)
    assert [name for name in names if "notesSlide" in name or name == "docProps/app.xml"] == []
    assert len([name for name in names if name.startswith("ppt/slides/slide")]) == len(opened(made).slides)
    properties = opened(made).core_properties
    assert (len(properties.title), len(properties.author)) == (255, 255)


def _reached_all_ways(has_tokens: bool) -> bytes:
    """A template whose slide has notes, and is named by a layout, the master, a custom show and a section."""
    show = Presentation()
    old = show.slides.add_slide(show.slide_layouts[5])
    old.shapes.title.text = "SKJULT"
    old.notes_slide.notes_text_frame.text = "SKJULT notat"
    if has_tokens:
        show.slides.add_slide(show.slide_layouts[5]).shapes.title.text = "{{customer}}"
        old._element.set("show", "0")
    for sheet in (show.slide_master, show.slide_layouts[0], show.slide_layouts[5]):
        rid = sheet.part.relate_to(old.part, RELATIONSHIP_TYPE.SLIDE)
        link = f'<a:hlinkClick {_SPACES} r:id="{rid}" action="ppaction://hlinksldjump"/>'
        sheet.placeholders[0]._element.nvSpPr.cNvPr.append(parse_xml(link))
    rid = show.slides._sldIdLst[0].rId
    shows = (
        f'<p:custShowLst {_SPACES}><p:custShow name="SKJULT" id="0"><p:sldLst><p:sld r:id="{rid}"/></p:sldLst>'
        "</p:custShow></p:custShowLst>"
    )
    show.element.find(qn("p:notesSz")).addnext(parse_xml(shows))
    if has_tokens:
        own_templates._sections(show)
    properties = show.core_properties
    properties.comments = properties.keywords = properties.category = properties.content_status = "SKJULT"
    return own_templates._with_comment(own_templates.saved(show))
