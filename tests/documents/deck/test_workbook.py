"""The workbook of the deck, and of the annex."""

from __future__ import annotations

import io

from ccinsight.access import SEES_ALL
from ccinsight.database.scope import Scope
from ccinsight.database.warehouse import Warehouse
from ccinsight.documents import deck
from ccinsight.documents.brief import Sources, make_brief
from tests.documents.deck import companies
from tests.documents.deck.briefs import SAMPLE_DAY, brief_of
from tests.documents.deck.reading import sheet_text


def test_the_workbook_has_a_sheet_for_each_table(house: Warehouse) -> None:
    from openpyxl import load_workbook

    brief = make_brief(Sources(house, SAMPLE_DAY, SEES_ALL, ("1004",)), "1004", "en")
    book = load_workbook(io.BytesIO(deck.workbook(brief)))

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
    brief = brief_of(companies.plain())
    outside, inside = sheet_text(deck.workbook(brief)), sheet_text(deck.workbook(brief, is_internal=True))

    for hidden in ("Missed price change", "Hemmelig notat", "Invoicing", "Newer ticket answered first"):
        assert hidden in inside
        assert hidden not in outside


def test_peers_that_are_too_few_are_not_in_the_customer_s_workbook() -> None:
    from openpyxl import load_workbook

    brief = brief_of(companies.plain())
    few = [row["measure"] for row in brief.rows("peers") if row["known"] < 5]

    sheet = load_workbook(io.BytesIO(deck.workbook(brief)))["Among peers"]

    shown = [row[1] for row in sheet.iter_rows(values_only=True)]
    assert few
    assert "Tickets per user" in shown
    assert "Active users" not in shown
