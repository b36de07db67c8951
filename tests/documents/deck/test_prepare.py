"""The files of one customer and of many, by their names."""

from __future__ import annotations

import io
from datetime import date
from zipfile import ZipFile

from ccinsight.access import SEES_ALL
from ccinsight.database.scope import Scope
from ccinsight.database.warehouse import Warehouse
from ccinsight.documents import deck
from tests.documents.deck import companies
from tests.documents.deck.briefs import LOOK, SAMPLE_DAY, brief_of
from tests.documents.deck.companies import LONG_NAME


def test_files_are_named_apart_and_long_names_are_cut() -> None:
    brief = brief_of(companies.crowded())

    made = deck.files(brief, LOOK, with_annex=True)

    assert len(made.by_name) == 4
    assert [name for name in made.by_name if len(name) >= 130 or "/" in name] == []
    begin = "status-meeting_2026-03-15_1_Nordnorsk"
    assert [name for name in made.by_name if not name.startswith(begin)] == []
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
    names = [name for each in made for name in each.by_name]
    assert [name for name in names if not name.startswith("statusmøte_2026-11-01_")] == []


def test_an_archive_holds_the_files_and_says_whose_were_not_made(house: Warehouse) -> None:
    [whole] = deck.prepare(house, SAMPLE_DAY, SEES_ALL, ("1004",), "en")
    failed = deck.Files("77", "Sør AS", {}, ValueError("internal"))

    with ZipFile(io.BytesIO(deck.archive([whole, failed]))) as packed:
        assert packed.namelist() == [*whole.by_name, "not-made.txt"]
        assert [packed.read(name) for name in whole.by_name] == list(whole.by_name.values())
        said = packed.read("not-made.txt").decode()

    assert said.startswith("No files were written for customer 77 Sør AS: ")
    assert "internal" not in said.lower()


def test_an_archive_of_whole_files_has_nothing_else(house: Warehouse) -> None:
    [whole] = deck.prepare(house, SAMPLE_DAY, SEES_ALL, ("1004",), "en")

    with ZipFile(io.BytesIO(deck.archive([whole]))) as packed:
        assert packed.namelist() == list(whole.by_name)
