"""Pages say what hasn't come for too long, and *Data* what failed, to those who import."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from ccinsight.access import SEES_ALL, Reader, Right
from ccinsight.clock import now, today
from ccinsight.dashboard.pages.watched import may_see
from ccinsight.database.warehouse import Warehouse
from ccinsight.i18n import set_language
from ccinsight.ingest import import_paths
from ccinsight.integrations.watch import receipts
from ccinsight.integrations.watch.freshness import late_exports, late_text
from ccinsight.integrations.watch.receipts import Receipt, State
from tests.dashboard.opening import Open, written


def _import(folder: Path, days_ago: int, settings: str = "") -> Path:
    """A database whose agreements and tickets were imported so many days ago."""
    day = today() - timedelta(days=days_ago)
    folder.joinpath("avtaler.csv").write_text(
        "agreement_id;customer_id;customer_name;subscribed_on\nA1;7;Fjord Drift AS;2024-03-01\n"
    )
    folder.joinpath("saker.csv").write_text(f"ticket_id;customer_id;opened_at\nT1;7;{day} 09:00\n")
    folder.joinpath("ccinsight.toml").write_text(settings)
    database = folder / "x.duckdb"
    import_paths(
        [folder / "avtaler.csv", folder / "saker.csv"],
        database,
        folder / "ccinsight.toml",
        imported_at=datetime(day.year, day.month, day.day, 8, 0),
    )
    return database


def _receive(database: Path, file: str, state: State, days_ago: int, *exports: str) -> None:
    at = now() - timedelta(days=days_ago)
    receipt = Receipt(
        folder=database.parent / "inn",
        file=file,
        sha256="00",
        size=1,
        state=state,
        detail=f"{file}: first line\nSecond line of {file}.",
        place=f"{state.value}/{file}",
        at=at,
        exports=exports,
        is_moved=True,
    )
    receipts.write(database, [receipt], at)


def _late(database: Path, on: date) -> dict[str, int]:
    with Warehouse.open(database) as house:
        return {each.export: each.days_old for each in late_exports(house, on)}


def test_what_a_watched_folder_brought_is_expected_again(tmp_path: Path) -> None:
    database = _import(tmp_path, 9)
    assert _late(database, today()) == {}, "nobody said that it comes again"
    _receive(database, "saker.csv", State.DONE, 9, "tickets")
    assert _late(database, today()) == {"tickets": 9}
    assert _late(database, today() - timedelta(days=1)) == {}
    _receive(database, "saker.csv", State.FAILED, 1)
    assert _late(database, today()) == {"tickets": 9}
    _receive(database, "saker.csv", State.DONE, 1, "tickets")  # the same bytes as before
    assert _late(database, today()) == {}


def test_the_settings_say_what_is_expected_how_often(tmp_path: Path) -> None:
    database = _import(tmp_path, 3, "[expected_days]\nagreements = 2\ntickets = 30\ninvoices = 2\n")
    _receive(database, "saker.csv", State.DONE, 20, "tickets")
    assert _late(database, today()) == {"agreements": 3}
    set_language("nb")
    with Warehouse.open(database) as house:
        text = late_text(late_exports(house, today()))
    assert text.startswith("Avtaler: sist importert for 3 dager siden")


@pytest.mark.parametrize("page", ["overview", "deadlines"])
def test_pages_say_what_is_late_today_only(open_page: Open, tmp_path: Path, page: str) -> None:
    database = _import(tmp_path, 3, "[expected_days]\ntickets = 2\n")
    said = [each.value for each in open_page(page, "language=en", database).warning]
    assert any(text.startswith("Tickets: last imported 3 days ago") for text in said)
    earlier = today() - timedelta(days=1)
    said = [each.value for each in open_page(page, f"language=en&as-of={earlier}", database).warning]
    assert not any("last imported" in text for text in said)


def test_data_names_what_failed_until_it_is_imported(open_page: Open, tmp_path: Path) -> None:
    database = _import(tmp_path, 3)
    site = open_page("data", "language=en", database)
    assert not any("watched" in each.value for each in site.warning)
    _receive(database, "mended.csv", State.FAILED, 2)
    _receive(database, "confirmed/mended.csv", State.DONE, 1, "tickets")
    _receive(database, "old.csv", State.FAILED, 9)
    _receive(database, "b*d.csv", State.HELD, 1, "agreements")
    site = open_page("data", "language=en", database)
    (said,) = [each.value for each in site.warning if "watched" in each.value]
    assert said == r"1 file in a watched folder was not imported: b\*d.csv"
    (table,) = [each for each in written(site) if each[0][0] == "Time" and "Receipt" in each[0]]
    assert [row[1:4] for row in table[1:]] == [
        ["b*d.csv", "Held back", "Agreements"],
        ["old.csv", "Failed", ""],
        ["mended.csv", "Imported", "Tickets"],
        ["mended.csv", "Failed", ""],
    ]
    assert table[1][-1] == "Second line of b*d.csv."


def test_names_of_files_are_for_who_imports_and_sees_everything() -> None:
    some = Reader(key="k", managers=frozenset({"Kari"}), today=today(), rights=SEES_ALL.rights)
    assert may_see(SEES_ALL)
    assert not may_see(some)
    assert not may_see(replace(SEES_ALL, rights=SEES_ALL.rights - {Right.IMPORT}))
