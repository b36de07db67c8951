"""The deck says what the reports say, nothing internal, in native charts and tables that fit."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pptx import Presentation
from pptx.util import Inches

from ccinsight import deck, i18n
from ccinsight.access import SEES_ALL
from ccinsight.brief import Brief, Sources, make_brief
from ccinsight.database.scope import Scope
from ccinsight.database.warehouse import Warehouse
from ccinsight.errors import CcinsightError
from ccinsight.settings.model import Deck
from tests.deck import companies
from tests.deck.companies import AS_OF, LONG_NAME
from tests.deck.reading import (
    all_text,
    cells,
    charts,
    faults,
    opened,
    series,
    slide_with,
    title_of,
    titles,
)

SAMPLE_DAY = date(2026, 11, 1)
# Much and little, two agreements, ending, ended, upcoming, without an agreement, missed price, 239 users.
DOZEN = ("1004", "1091", "1059", "1010", "1142", "1026", "8001", "1020", "1144", "1132", "1129", "1001")
LOOK = Deck(partner="Fjell CRM AS")
NBSP = "\N{NO-BREAK SPACE}"


@pytest.fixture(scope="module")
def house(sample_database: Path) -> Iterator[Warehouse]:
    with Warehouse.open(sample_database) as opened_house:
        yield opened_house


@pytest.fixture(scope="module")
def briefs(house: Warehouse) -> dict[tuple[str, str], Brief]:
    sources = Sources(house, SAMPLE_DAY, SEES_ALL, DOZEN)
    return {
        (customer, language): make_brief(sources, customer, language, with_score=True)
        for customer in DOZEN
        for language in ("nb", "en")
    }


@pytest.fixture(scope="module")
def decks(briefs: dict[tuple[str, str], Brief]) -> dict[tuple[str, str], bytes]:
    return {key: deck.deck(brief, LOOK) for key, brief in briefs.items()}


def _brief(house: Warehouse, language: str = "en") -> Brief:
    return make_brief(Sources(house, AS_OF, SEES_ALL, ("1",)), "1", language, with_score=True)


# --- Figures


def test_charts_hold_what_the_reports_say(house: Warehouse, decks: dict[tuple[str, str], bytes]) -> None:
    scope = Scope(SAMPLE_DAY, SEES_ALL, ("1004",))
    file = decks["1004", "en"]

    users = house.report("users_by_month", scope).to_pylist()
    drawn = series(charts(slide_with(file, "registered users on"))[0])
    assert drawn == {
        "Registered": [row["registered_users"] for row in users],
        "Active": [row["active_users"] for row in users],
        "Invoiced": [row["invoiced_users"] for row in users],
    }

    months = house.report("tickets_by_month", scope).to_pylist()
    tickets, hours = (
        list(series(chart).values()) for chart in charts(slide_with(file, "than the year before"))
    )
    assert tickets == [[r["tickets"] for r in months[:12]], [r["tickets"] for r in months[12:]]]
    assert hours == [
        [pytest.approx(r["minutes"] / 60) for r in months[:12]],
        [pytest.approx(r["minutes"] / 60) for r in months[12:]],
    ]

    groups = [r for r in house.report("tickets_compared", scope).to_pylist() if r["dimension"] == "category"][
        :8
    ]
    chart = charts(slide_with(file, "Most tickets"))[0]
    assert list(chart.plots[0].categories) == [r["member"] for r in groups]
    assert series(chart) == {
        "Last 12 months": [r["tickets"] for r in groups],
        "Year before": [r["tickets_before"] for r in groups],
    }

    contacts = house.report("contacts", scope).to_pylist()
    counts = series(charts(slide_with(file, "contacts opened"))[0])["Tickets"]
    assert counts == [r["tickets"] for r in contacts[:8]] + [sum(r["tickets"] for r in contacts[8:])]


def test_tables_hold_what_the_reports_say(house: Warehouse, decks: dict[tuple[str, str], bytes]) -> None:
    scope = Scope(SAMPLE_DAY, SEES_ALL, ("1004",))
    file = decks["1004", "en"]

    down = house.report("access_down_tickets", scope).to_pylist()
    opened_cases = house.report("open_tickets", scope).to_pylist()
    slide = slide_with(file, "access-down cases")
    assert [row[0] for row in cells(slide)[1:]] == [i18n.day(r["opened_at"]) for r in down]
    assert [row[2] for row in cells(slide, 1)[1:]] == [i18n.number(r["days_open"]) for r in opened_cases]

    peers = house.report("peers", scope).to_pylist()
    shown = cells(slide_with(file, "tickets per user"))[1:]
    assert [row[1] for row in shown[:2]] == [i18n.number(r["own_value"], 2) for r in peers[:2]]
    assert [row[2] for row in shown[2:]] == [i18n.percent(r["median_value"]) for r in peers[2:]]

    coming = house.report("renewals", scope).to_pylist()[0]
    assert cells(slide_with(file, "The agreement renews"))[1] == [
        coming["agreement_id"],
        i18n.day(coming["renewal_on"]),
        "Open",
        i18n.number(coming["users_now"]),
        i18n.amount(coming["rate_now"]),
        i18n.number(coming["users_next"]),
        i18n.amount(coming["rate_next"]),
        i18n.amount(coming["value_next"]),
    ]

    use = house.report("agreement_use", scope).to_pylist()[0]
    assert [row[1] for row in cells(slide_with(file, "The agreement covered"))[1:4]] == [
        i18n.hours(use["hours_spent"]),
        i18n.hours(use["included_hours"]),
        i18n.hours(use["consulting_hours"]),
    ]


def test_every_message_of_the_brief_is_on_a_slide(
    briefs: dict[tuple[str, str], Brief], decks: dict[tuple[str, str], bytes]
) -> None:
    for key, brief in briefs.items():
        said = all_text(decks[key])
        for name in ("users", "months", "response", "open_cases", "value", "renewal"):
            assert brief.sections[name].title.shown in said


def test_meetings_held_are_counted_or_unknown() -> None:
    held, unknown = (
        cells(slide_with(deck.deck(_brief(make()), LOOK), words))[-1]
        for make, words in (
            (companies.plain, "The agreement covered"),
            (companies.bare, "the discount is unknown"),
        )
    )

    assert held == ["Status meetings held", "1"]
    assert unknown == ["Status meetings held", "unknown"]


# --- What a customer may see


def test_nothing_internal_is_on_a_customer_s_slides_or_sheets(
    briefs: dict[tuple[str, str], Brief], decks: dict[tuple[str, str], bytes]
) -> None:
    internal = (
        "unbilled",
        "ufakturert",
        "renewal risk",
        "fornyelsesrisiko",
        "missed",
        "går tapt",
        "overtaken",
        "internt vedlegg",
    )
    found = 0
    for key, brief in briefs.items():
        said = all_text(decks[key]) + "\n" + _sheet_text(deck.workbook(brief))
        assert [word for word in internal if word in said.lower()] == []
        for section in brief.sections.values():
            if section.is_internal and not section.is_empty:
                for statement in section.statements:
                    found += 1
                    assert statement.text not in said
        for point in brief.internal_possibilities:
            assert point.text not in said
        for row in brief.rows("meetings_list"):
            assert not row["note"] or row["note"] not in said
        for row in brief.rows("invoicing"):
            if row["difference"]:
                assert i18n.amount(row["difference"]) not in said
    assert found > 20


def test_contacts_are_numbered_and_not_named() -> None:
    brief = _brief(companies.crowded())

    said = all_text(deck.deck(brief, LOOK)) + _sheet_text(deck.workbook(brief))

    assert not re.search(r"person\d", said)
    assert "Contact 1" in said


def test_the_annex_has_what_is_internal() -> None:
    file = deck.annex(_brief(companies.plain()), LOOK)

    assert [title for title in titles(file) if title.startswith(("Unbilled", "A price change"))] == [
        f"Unbilled in the last 12 months: 1,167{NBSP}kr of yearly invoices and expansions, "
        f"1,250{NBSP}kr of consulting work",
        f"A price change was notified too late: 900{NBSP}kr a year is missed at the coming renewal",
    ]
    assert cells(slide_with(file, "Unbilled"))[1:] == [
        ["A-1", "1 Apr 2025", "Yearly", f"8,000.00{NBSP}kr", f"7,000.00{NBSP}kr", f"1,000.00{NBSP}kr"],
        ["A-1", "1 Apr 2025", "Expansion", f"166.67{NBSP}kr", f"0.00{NBSP}kr", f"166.67{NBSP}kr"],
    ]
    assert "Hemmelig notat" in all_text(file)
    assert all("Internal" in all_text_of(slide) for slide in opened(file).slides)


def all_text_of(slide: Any) -> str:
    return "\n".join(shape.text_frame.text for shape in slide.shapes if shape.has_text_frame)


# --- Form


def test_eight_to_twelve_slides_in_both_languages(decks: dict[tuple[str, str], bytes]) -> None:
    counts = {key: len(opened(file).slides) for key, file in decks.items()}

    assert {key: count for key, count in counts.items() if not 8 <= count <= 12} == {}


def test_every_slide_has_a_message_the_customer_the_day_and_a_page_number(
    briefs: dict[tuple[str, str], Brief], decks: dict[tuple[str, str], bytes]
) -> None:
    for key, file in decks.items():
        slides = list(opened(file).slides)
        assert len({title_of(slide) for slide in slides}) == len(slides)
        for slide in slides:
            said = all_text_of(slide)
            assert briefs[key].customer_name in said
            assert ("01.11.2026" if key[1] == "nb" else "1 Nov 2026") in said
            assert 'type="slidenum"' in slide.shapes._spTree.xml


def test_the_day_stays_where_a_name_is_too_long() -> None:
    file = deck.deck(_brief(companies.crowded()), LOOK)

    assert all("As of 15 Mar 2026" in all_text_of(slide) for slide in opened(file).slides)


def test_charts_are_native_and_described(decks: dict[tuple[str, str], bytes]) -> None:
    for slide in opened(decks["1004", "nb"]).slides:
        for shape in slide.shapes:
            assert shape.shape_type is None or "PICTURE" not in str(shape.shape_type)
            if shape.has_chart or shape.has_table:
                assert shape._element.nvGraphicFramePr.cNvPr.get("descr")
            if shape.has_chart:
                assert shape.chart.part.chart_workbook.xlsx_part is not None


@pytest.mark.parametrize("make", [companies.crowded, companies.bare, companies.one_month, companies.plain])
@pytest.mark.parametrize("language", ["nb", "en"])
def test_nothing_lies_on_another_or_leaves_the_slide(make: Any, language: str) -> None:
    brief = _brief(make(), language)

    for file in (deck.deck(brief, LOOK), deck.annex(brief, LOOK)):
        assert faults(file) == []
    assert 8 <= len(opened(deck.deck(brief, LOOK)).slides) <= 12


def test_nothing_lies_on_another_in_the_sample(decks: dict[tuple[str, str], bytes]) -> None:
    assert [fault for file in decks.values() for fault in faults(file)] == []


def test_the_same_brief_gives_the_same_slides(briefs: dict[tuple[str, str], Brief]) -> None:
    one, other = (deck.deck(briefs["1004", "nb"], LOOK) for _time in range(2))

    assert all_text(one) == all_text(other)


def _written_brief() -> Brief:
    return replace(
        _brief(companies.plain()),
        agenda=("One", "Two"),
        is_agenda_proposed=False,
        notes="Bring the licence list",
        agreed="Course for new users in May",
        agreed_last_time="Fewer users from 2026\nA course",
        agreed_last_time_on=date(2025, 5, 6),
    )


def test_agenda_and_what_was_agreed_are_on_the_slides_and_notes_in_the_annex_alone() -> None:
    brief = _written_brief()

    said, inside = all_text(deck.deck(brief, LOOK)), all_text(deck.annex(brief, LOOK))

    for expected in ("Agenda", "One", "Course for new users in May", "Fewer users from 2026"):
        assert expected in said
    assert "Agreed last time, 6 May 2025" in said
    assert "Bring the licence list" not in said + _sheet_text(deck.workbook(brief))
    assert "Bring the licence list" in inside
    assert "Bring the licence list" in _sheet_text(deck.workbook(brief, is_internal=True))


# --- The supplier's template


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

    file = deck.deck(_brief(companies.plain()), look, _template(tmp_path / "own.pptx"))

    assert "An old slide" not in titles(file)
    assert {slide.slide_layout.name for slide in opened(file).slides} == {"Title Slide", "Title and Content"}
    assert faults(file) == []
    content = [shape for shape in slide_with(file, "registered users").shapes if shape.has_chart]
    assert content
    assert all(Inches(0.5) <= shape.left and shape.top >= Inches(2.0) for shape in content)
    assert not [p for s in opened(file).slides for p in s.placeholders if p.name == "Innhold"]


def test_a_template_without_names_is_used_by_kind(tmp_path: Path) -> None:
    file = deck.deck(_brief(companies.plain()), Deck(), _template(tmp_path / "own.pptx", rename=False))

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
        deck.deck(_brief(companies.plain()), look, _template(tmp_path / "own.pptx"))

    assert [part for part in [*said, "own.pptx"] if part not in str(caught.value)] == []


def test_a_template_that_is_none_is_named(tmp_path: Path) -> None:
    (tmp_path / "own.pptx").write_text("no presentation")

    with pytest.raises(CcinsightError, match=r"own\.pptx isn't a PowerPoint"):
        deck.deck(_brief(companies.plain()), Deck(), tmp_path / "own.pptx")
    with pytest.raises(CcinsightError, match=r"other\.pptx can't be read"):
        deck.deck(_brief(companies.plain()), Deck(), tmp_path / "other.pptx")


# --- The workbook


def _sheet_text(book: bytes) -> str:
    from openpyxl import load_workbook

    sheets = load_workbook(io.BytesIO(book))
    return "\n".join(
        str(value)
        for sheet in sheets
        for row in sheet.iter_rows(values_only=True)
        for value in row
        if value is not None
    )


def test_the_workbook_has_a_sheet_for_each_table(
    house: Warehouse, briefs: dict[tuple[str, str], Brief]
) -> None:
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(deck.workbook(briefs["1004", "en"])))

    assert book.sheetnames[:4] == ["Statements", "Meetings", "Users by month", "User counts"]
    sheet = book["Tickets against the year before"]
    rows = list(sheet.iter_rows(values_only=True))
    assert [row[0] for row in rows[:3]] == [
        "Tickets against the year before",
        "Orreøy Bygg AS",
        "As of 1 Nov 2026",
    ]
    head = next(number for number, row in enumerate(rows) if row[0] == "Group")
    expected = house.report("tickets_compared", Scope(SAMPLE_DAY, SEES_ALL, ("1004",))).to_pylist()
    found = [row[2:5] for row in rows[head + 1 : head + 1 + len(expected)]]
    assert found == [(r["tickets"], r["tickets_before"], r["tickets_change"]) for r in expected]
    assert any(row[0] == "Definitions" for row in rows)


def test_the_workbook_of_the_annex_has_the_rest() -> None:
    brief = _brief(companies.plain())
    outside, inside = _sheet_text(deck.workbook(brief)), _sheet_text(deck.workbook(brief, is_internal=True))

    for hidden in ("Missed price change", "Hemmelig notat", "Invoicing", "Newer ticket answered first"):
        assert hidden in inside
        assert hidden not in outside


def test_peers_that_are_too_few_are_not_in_the_customer_s_workbook() -> None:
    from openpyxl import load_workbook

    brief = _brief(companies.plain())
    few = [row["measure"] for row in brief.rows("peers") if row["known"] < 5]

    sheet = load_workbook(io.BytesIO(deck.workbook(brief)))["Among peers"]

    shown = [row[1] for row in sheet.iter_rows(values_only=True)]
    assert few
    assert "Tickets per user" in shown
    assert "Active users" not in shown


# --- Many at once


def test_files_are_named_apart_and_long_names_are_cut() -> None:
    brief = _brief(companies.crowded())

    made = deck.files(brief, LOOK, with_annex=True)

    assert len(made.by_name) == 4
    assert all(len(name) < 130 and "/" not in name for name in made.by_name)
    assert all(name.startswith("status-meeting_2026-03-15_1_Nordnorsk") for name in made.by_name)
    assert made.customer_name == LONG_NAME


def test_those_whose_deadline_is_near_and_whose_meeting_is_not_held(house: Warehouse) -> None:
    rows = house.report("status_meetings", Scope(SAMPLE_DAY, SEES_ALL)).to_pylist()
    last = date(2026, 12, 31)

    due = deck.due_within(house, SAMPLE_DAY, SEES_ALL, 60)

    assert due
    assert set(due) == {
        r["customer_id"] for r in rows if r["status"] != "held" and SAMPLE_DAY <= r["best_before"] <= last
    }


def test_many_are_prepared_in_turn(house: Warehouse) -> None:
    made = list(deck.prepare(house, SAMPLE_DAY, SEES_ALL, ("1004", "1059", "1004"), "nb"))

    assert [each.customer_id for each in made] == ["1004", "1059"]
    assert [len(each.by_name) for each in made] == [2, 2]
    assert all(name.startswith("statusmøte_2026-11-01_") for each in made for name in each.by_name)
