"""The pages on status meetings and renewal risk: notes are written, kept and undone; risk says how sure it is."""

import io
from pathlib import Path
from zipfile import ZipFile

import pyarrow as pa
import pytest
from streamlit.testing.v1 import AppTest

from ccinsight import risk
from ccinsight.dashboard.view import View
from ccinsight.notes import Notes
from ccinsight.scope import Scope
from ccinsight.warehouse import Warehouse
from tests.dashboard.opening import AS_OF, Open

QUERY = f"as-of={AS_OF}&language=en&customer=1002"


def _area(site: AppTest, name: str) -> str:
    return next(area.key for area in site.text_area if area.key and area.key.endswith(f"-{name}"))


def _save(site: AppTest) -> AppTest:
    return next(button for button in site.button if button.label == "Save").click().run()


def test_a_proposed_agenda_can_be_changed_saved_and_undone(open_page: Open, own_database: Path) -> None:
    site = open_page("status_meetings", QUERY, own_database)
    proposed = site.text_area(key=_area(site, "agenda")).value
    assert proposed

    site.text_area(key=_area(site, "agenda")).set_value("Our own point")
    site.text_area(key=_area(site, "agreed")).set_value("A course in May")
    _save(site)

    assert not site.exception
    assert "Saved." in [each.value for each in site.success]
    again = open_page("status_meetings", QUERY, own_database)
    assert again.text_area(key=_area(again, "agenda")).value == "Our own point"
    undo = next(button for button in again.button if button.label == "Undo the last save")
    undo.click().run()
    assert not again.exception
    assert again.text_area(key=_area(again, "agenda")).value == proposed


def test_next_year_it_stands_as_agreed_last_time(open_page: Open, own_database: Path) -> None:
    site = open_page("status_meetings", QUERY, own_database)
    site.text_area(key=_area(site, "agreed")).set_value("A course in *May*")
    _save(site)

    later = open_page("status_meetings", QUERY.replace("2026", "2027"), own_database)

    assert any(r"A course in \*May\*" in text.value for text in later.markdown)


def test_a_colleagues_save_is_not_written_over(open_page: Open, own_database: Path) -> None:
    mine = open_page("status_meetings", QUERY, own_database)
    theirs = open_page("status_meetings", QUERY, own_database)
    theirs.text_area(key=_area(theirs, "agenda")).set_value("Theirs")
    _save(theirs)

    mine.text_area(key=_area(mine, "agenda")).set_value("Mine")
    _save(mine)

    assert any("saved this meeting after you opened it" in error.value for error in mine.error)
    assert mine.text_area(key=_area(mine, "agenda")).value == "Mine", "nothing that was written is lost"


def test_notes_lie_beside_the_database(open_page: Open, own_database: Path) -> None:
    _save(open_page("status_meetings", QUERY, own_database))
    assert Notes.beside(own_database).path.exists()


def test_a_meeting_asks_for_what_it_shows_and_saving_asks_for_none_of_it_anew(
    open_page: Open, own_database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    report = Warehouse.report

    def noted(house: Warehouse, name: str, scope: Scope, **options: object) -> pa.Table:
        asked.append(name)
        return report(house, name, scope, **options)

    monkeypatch.setattr(Warehouse, "report", noted)
    site = open_page("status_meetings", QUERY, own_database)
    assert "customer_facts" in asked
    assert "peers" not in asked, "only the deck shows it"
    asked.clear()

    _save(site)

    assert not site.exception
    assert "customer_facts" not in asked


def test_several_meetings_are_prepared_as_a_zip(database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from datetime import date

    from ccinsight.dashboard import meetings

    monkeypatch.setenv("CCINSIGHT_DATABASE", str(database))
    day = date.fromisoformat(AS_OF)
    content = meetings._archive(("1002", "1004"), View(day, day), True, "en")

    with ZipFile(io.BytesIO(content)) as archive:
        names = archive.namelist()
    assert len(names) == 8
    assert len([name for name in names if name.endswith(".pptx")]) == 4


def test_risk_is_told_apart_rule_by_rule(open_page: Open) -> None:
    site = open_page("risk", f"as-of={AS_OF}&language=en")

    assert not site.exception
    assert any("Score" in caption.value and "of 100" in caption.value for caption in site.caption)
    assert any(button.label == "Test the score on history" for button in site.button)


def test_the_test_on_the_past_says_when_the_score_is_no_better_than_chance(
    open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = risk.backtest
    monkeypatch.setattr(
        risk, "backtest", lambda house, as_of, lead, **more: whole(house, as_of, lead, months=4, **more)
    )
    site = open_page("risk", f"as-of={AS_OF}&language=en")

    site.button(key="start-backtest").click().run()

    assert not site.exception
    said = " ".join(each.value for each in [*site.warning, *site.success])
    assert "chance" in said or "Too few" in said
    assert any("Judged:" in caption.value for caption in site.caption)


@pytest.mark.parametrize(
    ("language", "seen", "internal"),
    [
        ("en", "The customer sees this", "Internal – the customer doesn't see it"),
        ("nb", "Kunden ser dette", "Internt – kunden ser det ikke"),
    ],
)
def test_each_field_says_whether_the_customer_sees_it(
    open_page: Open, own_database: Path, language: str, seen: str, internal: str
) -> None:
    site = open_page("status_meetings", QUERY.replace("language=en", f"language={language}"), own_database)

    labels = {area.key.rpartition("-")[2]: area.label for area in site.text_area if area.key}

    assert seen in labels["agenda"]
    assert seen in labels["agreed"]
    assert internal in labels["notes"]


def test_a_zip_says_whose_files_were_not_made(database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from datetime import date

    from ccinsight.dashboard import meetings

    def failing(_sources: object, customer_id: str, *_options: object, **_named: object) -> None:
        raise ValueError(customer_id)

    monkeypatch.setenv("CCINSIGHT_DATABASE", str(database))
    monkeypatch.setattr("ccinsight.deck.making.make_brief", failing)
    day = date.fromisoformat(AS_OF)

    content = meetings._archive(("1002",), View(day, day), False, "en")

    with ZipFile(io.BytesIO(content)) as archive:
        assert archive.namelist() == ["not-made.txt"]
        assert "No files were made for customer 1002" in archive.read("not-made.txt").decode()
