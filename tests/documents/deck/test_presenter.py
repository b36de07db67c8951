"""The presenter's copy explains each figure in its notes and opens it to its row; the customer's deck has no notes."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit
from zipfile import ZipFile

import pytest
from pptx import Presentation

from ccinsight import i18n
from ccinsight.documents import deck
from ccinsight.documents.brief import Brief, file_names
from ccinsight.documents.deck.presenter import spans
from tests.documents.deck import companies
from tests.documents.deck.briefs import LOOK, brief_of
from tests.documents.deck.reading import all_text, cells, faults, opened, title_of, titles

NBSP = "\N{NO-BREAK SPACE}"
ADDRESS = "https://crm.example.test/innsikt"


@pytest.fixture(scope="module")
def brief() -> Brief:
    return brief_of(companies.plain(), "nb")


@pytest.fixture(scope="module")
def copy(brief: Brief) -> bytes:
    return deck.presenters_copy(brief, LOOK, address=ADDRESS)


def _notes(slide: Any) -> str:
    return str(slide.notes_slide.notes_text_frame.text) if slide.has_notes_slide else ""


def _links(slide: Any) -> list[Any]:
    return [each for each in slide.part.rels.values() if each.reltype.endswith(("/hyperlink", "/slide"))]


def test_its_slides_are_the_customer_s_then_the_annex_then_the_figures(brief: Brief, copy: bytes) -> None:
    named = titles(copy)
    customers, annex = titles(deck.deck(brief, LOOK)), titles(deck.annex(brief, LOOK))

    assert named[: len(customers) + len(annex)] == [*customers, *annex]
    assert named[-1].startswith("Hvor hvert tall står, fra nummer ")
    assert "Internt · Per 15.03.2026 · Kunde 1 AS" in all_text(copy)
    assert faults(copy) == []


def test_the_customer_s_deck_has_no_notes_and_no_links(brief: Brief) -> None:
    file = deck.deck(brief, LOOK)

    with ZipFile(io.BytesIO(file)) as archive:
        assert [name for name in archive.namelist() if "notes" in name.lower()] == []
    assert [link for slide in opened(file).slides for link in _links(slide)] == []


def test_each_figure_is_explained(brief: Brief, copy: bytes) -> None:
    i18n.set_language("nb")
    slides = list(opened(copy).slides)
    explained = 0
    for section in brief.sections.values():
        if section.is_internal:
            continue
        own = [slide for slide in slides if title_of(slide) == section.title.shown]
        said = _notes(own[0]) if own else "\n".join(map(_notes, slides))
        for statement in (section.title, *section.statements) if own else (section.title,):
            for figure in statement.figures:
                explained += 1
                assert (
                    f"{figure.definition.heading()}: {figure.shown}\n{figure.definition.help_text()}" in said
                )
                assert figure.source() in said
                assert f"per {i18n.day(figure.as_of)}" in said
    assert explained > 25
    # hours covered (R8, A1, A2) are 4 h of time less 2 h that isn't covered
    assert f"Timer inkludert (siste 12 md.): 2,0{NBSP}t" in _notes(slides[9])
    assert [title_of(slide) for slide in slides[1:11] if "kunden ser det ikke" not in _notes(slide)] == []


def test_a_figure_opens_to_its_row(copy: bytes) -> None:
    slides = list(opened(copy).slides)
    listed = {
        row[0]: slide for slide in slides if "Hvor hvert tall" in title_of(slide) for row in cells(slide)[1:]
    }
    assert list(listed) == [str(number) for number in range(1, len(listed) + 1)]

    jumps = 0
    for slide in slides[1:11]:
        numbers = [line.split(".")[0] for line in _notes(slide).splitlines() if line[:1].isdigit()]
        for link in _links(slide):
            if link.reltype.endswith("/slide"):
                jumps += 1
                assert link.target_part is listed[numbers[0]].part
            else:
                assert link.target_ref.startswith(f"{ADDRESS}/customer?id=1&tab=")
    assert jumps == 10

    row = next(
        row for slide in listed.values() for row in cells(slide) if "agreements.annual_value" in row[4]
    )
    assert row[1:4] == ["Årlig verdi (kr)", f"9{NBSP}000{NBSP}kr", "Avtale: A-1"]
    table = next(shape.table for shape in listed[row[0]].shapes if shape.has_table)
    at = next(each for each in table.rows if each.cells[0].text == row[0])
    asked = urlsplit(at.cells[4].text_frame.paragraphs[0].runs[0].hyperlink.address)
    assert parse_qs(asked.query) == {"id": ["1"], "tab": ["agreements"], "as-of": ["2026-03-15"]}


def test_what_is_unknown_is_said_and_without_an_address_there_are_no_links() -> None:
    copy = deck.presenters_copy(brief_of(companies.bare(), "en"), LOOK)

    said = "\n".join(_notes(slide) for slide in opened(copy).slides)
    assert "Unknown, and not shown to the customer:" in said
    assert "The number of registered users is unknown: no user counts were imported" in said
    links = [link for slide in opened(copy).slides for link in _links(slide)]
    assert links
    assert [link for link in links if link.is_external] == []


def test_it_fits_a_template_of_4_by_3(tmp_path: Path) -> None:
    Presentation().save(str(tmp_path / "own.pptx"))

    copy = deck.presenters_copy(brief_of(companies.crowded()), LOOK, tmp_path / "own.pptx", ADDRESS)

    assert opened(copy).slide_width == 9_144_000
    assert faults(copy) == []


def test_its_name_says_what_it_is() -> None:
    names = []
    for language in i18n.LANGUAGES:
        i18n.set_language(language)
        names.append(file_names.name_of("presenter", date(2026, 3, 15), "1", "Fjord AS"))

    assert sorted(names) == [
        "status-meeting_2026-03-15_1_Fjord-AS_internal-presenter-copy.pptx",
        "statusmøte_2026-03-15_1_Fjord-AS_intern-presentatørutgave.pptx",
    ]


def test_long_names_are_cut_by_the_bytes_that_a_file_system_counts() -> None:
    i18n.set_language("nb")
    names = [
        *(file_names.name_of(part, date(2026, 3, 15), "1", "漢" * 300) for part in ("deck", "presenter")),
        file_names.review_name("Q3 2026", date(2026, 9, 30), "pptx", ["æ" * 200]),
    ]

    assert [name for name in names if len(name.encode()) > 230] == []
    assert names[0].endswith("漢.pptx") and names[1].endswith("漢_intern-presentatørutgave.pptx")
    assert names[2].endswith("æ_internt.pptx")


def test_numbers_are_listed_as_spans() -> None:
    assert spans([3, 1, 2, 7]) == "1–3, 7"
    assert spans([5]) == "5"
