"""The slides say what the reports say, nothing internal, in native charts and tables that fit."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest

from ccinsight import i18n
from ccinsight.access import SEES_ALL
from ccinsight.database.scope import Scope
from ccinsight.database.warehouse import Warehouse
from ccinsight.documents import deck
from ccinsight.documents.brief import Brief, Sources, make_brief
from tests.documents.deck import companies
from tests.documents.deck.briefs import LOOK, SAMPLE_DAY, brief_of
from tests.documents.deck.reading import (
    all_text,
    cells,
    charts,
    faults,
    opened,
    series,
    sheet_text,
    slide_with,
    text_of_slide,
    title_of,
)

# Much and little, two agreements, ending, ended, upcoming, without an agreement, missed price, 239 users.
DOZEN = ("1004", "1091", "1059", "1010", "1142", "1026", "8001", "1020", "1144", "1132", "1129", "1001")
NBSP = "\N{NO-BREAK SPACE}"


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


def test_charts_hold_what_the_reports_say(house: Warehouse, decks: dict[tuple[str, str], bytes]) -> None:
    scope = Scope(SAMPLE_DAY, SEES_ALL, ("1004",))
    file = decks["1004", "en"]

    users = house.report("users_by_month", scope).to_pylist()
    drawn = series(charts(slide_with(file, "registered users on"))[0])
    assert drawn == {
        "Registered": [row["registered_users"] for row in users],
        "Active": [row["active_users"] for row in users],
        "Billable": [row["invoiced_users"] for row in users],
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
    lately = [r for r in opened_cases if r["opened_at"] >= datetime(2026, 8, 2)]
    assert 0 < len(lately) < len(opened_cases)
    assert [row[2] for row in cells(slide, 1)[1:]] == [i18n.number(r["days_open"]) for r in lately]

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


def test_meetings_held_are_counted_and_left_out_where_unknown() -> None:
    held, unknown = (
        cells(slide_with(deck.deck(brief_of(make()), LOOK), "The agreement covered"))
        for make in (companies.plain, companies.one_month)
    )

    assert held[-1] == ["Status meetings held", "1"]
    assert [row[0] for row in unknown[1:]] == ["Time spent on tickets", "of it covered by the yearly price"]


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
        said = all_text(decks[key]) + "\n" + sheet_text(deck.workbook(brief))
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
    brief = brief_of(companies.crowded())

    said = all_text(deck.deck(brief, LOOK)) + sheet_text(deck.workbook(brief))

    assert not re.search(r"person\d", said)
    assert "Contact 1" in said


def test_three_to_twelve_slides_in_both_languages(decks: dict[tuple[str, str], bytes]) -> None:
    counts = {key: len(opened(file).slides) for key, file in decks.items()}

    assert {key: count for key, count in counts.items() if not 3 <= count <= 12} == {}
    assert max(counts.values()) >= 11


def _lines(slide: Any) -> int:
    """What a slide shows below its message: rows of tables, paragraphs, and a chart as three."""
    shapes = [shape for shape in slide.shapes if not shape.is_placeholder]
    rows = sum(len(shape.table.rows) - 1 for shape in shapes if shape.has_table)
    return (
        rows + 3 * len(charts(slide)) + sum(len(s.text_frame.paragraphs) for s in shapes if s.has_text_frame)
    )


def test_no_slide_is_nearly_empty(decks: dict[tuple[str, str], bytes]) -> None:
    hard = {
        (name, "en"): deck.deck(brief_of(getattr(companies, name)()), LOOK)
        for name in ("bare", "one_month", "plain")
    }

    counts = {
        (*key, title_of(slide)): _lines(slide)
        for key, file in (decks | hard).items()
        for slide in list(opened(file).slides)[1:]
    }
    assert {key: count for key, count in counts.items() if count < 3} == {}


def test_every_slide_has_a_message_the_customer_the_day_and_a_page_number(
    briefs: dict[tuple[str, str], Brief], decks: dict[tuple[str, str], bytes]
) -> None:
    for key, file in decks.items():
        slides = list(opened(file).slides)
        assert len({title_of(slide) for slide in slides}) == len(slides)
        for slide in slides:
            said = text_of_slide(slide)
            assert briefs[key].customer_name in said
            assert ("01.11.2026" if key[1] == "nb" else "1 Nov 2026") in said
            assert 'type="slidenum"' in slide.shapes._spTree.xml


def test_the_day_stays_where_a_name_is_too_long() -> None:
    file = deck.deck(brief_of(companies.crowded()), LOOK)

    texts = [text_of_slide(slide) for slide in opened(file).slides]
    assert len(texts) == 11
    assert [text for text in texts if "As of 15 Mar 2026" not in text] == []


def test_charts_are_native_and_described(decks: dict[tuple[str, str], bytes]) -> None:
    drawn = 0
    for slide in opened(decks["1004", "nb"]).slides:
        for shape in slide.shapes:
            assert shape.shape_type is None or "PICTURE" not in str(shape.shape_type)
            if shape.has_chart or shape.has_table:
                assert shape._element.nvGraphicFramePr.cNvPr.get("descr")
            if shape.has_chart:
                assert shape.chart.part.chart_workbook.xlsx_part is not None
                drawn += 1
    assert drawn == 6


@pytest.mark.parametrize("make", [companies.crowded, companies.bare, companies.one_month, companies.plain])
@pytest.mark.parametrize("language", ["nb", "en"])
def test_nothing_lies_on_another_or_leaves_the_slide(make: Any, language: str) -> None:
    brief = brief_of(make(), language)

    for file in (deck.deck(brief, LOOK), deck.annex(brief, LOOK)):
        assert faults(file) == []


def test_nothing_lies_on_another_in_the_sample(decks: dict[tuple[str, str], bytes]) -> None:
    assert [fault for file in decks.values() for fault in faults(file)] == []


def test_the_same_brief_gives_the_same_slides(briefs: dict[tuple[str, str], Brief]) -> None:
    one, other = (deck.deck(briefs["1004", "nb"], LOOK) for _time in range(2))

    assert all_text(one) == all_text(other)


def _written_brief() -> Brief:
    return replace(
        brief_of(companies.plain()),
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
    assert "Bring the licence list" not in said + sheet_text(deck.workbook(brief))
    assert "Bring the licence list" in inside
    assert "Bring the licence list" in sheet_text(deck.workbook(brief, is_internal=True))
