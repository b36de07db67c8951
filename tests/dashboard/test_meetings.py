"""The pages on status meetings and renewal risk: notes are written, kept and undone; risk says how sure it is."""

import io
import re
import sys
from datetime import date
from functools import partial
from importlib import import_module
from pathlib import Path
from zipfile import ZipFile

import pandas as pd
import pyarrow as pa
import pytest
from streamlit.testing.v1 import AppTest

from ccinsight.access import SEES_ALL
from ccinsight.dashboard.pages.meeting_files import Made
from ccinsight.dashboard.session import keys
from ccinsight.database.scope import Scope
from ccinsight.database.warehouse import Warehouse
from ccinsight.i18n import day, set_language
from ccinsight.notes import Notes
from ccinsight.notes.duties import DutyMarks
from ccinsight.rules import backtest
from tests.dashboard.opening import AS_OF, Open

QUERY = f"as-of={AS_OF}&language=en&id=1002"


def _area(site: AppTest, name: str) -> str:
    return next(area.key for area in site.text_area if area.key and area.key.endswith(f"-{name}"))


def _write(site: AppTest, **texts: str) -> AppTest:
    """Writes into the meeting's fields, which are saved by themselves."""
    for name, text in texts.items():
        site.text_area(key=_area(site, name)).set_value(text)
    return site.run()


def _click(site: AppTest, label: str) -> AppTest:
    return next(button for button in site.button if button.label == label).click().run()


def test_a_proposed_agenda_can_be_changed_and_undone(open_page: Open, own_database: Path) -> None:
    site = open_page("meeting", QUERY, own_database)
    proposed = site.text_area(key=_area(site, "agenda")).value
    assert proposed

    _write(site, agenda="Our own point", agreed="A course in May")

    assert not site.exception
    again = open_page("meeting", QUERY, own_database)
    assert again.text_area(key=_area(again, "agenda")).value == "Our own point"
    _click(again, "Undo the last save")
    assert not again.exception
    assert again.text_area(key=_area(again, "agenda")).value == proposed


def test_without_typst_the_pdf_says_what_to_install(
    open_page: Open, own_database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    labels = [each.proto.label for each in open_page("meeting", QUERY, own_database).get("download_button")]
    assert "PDF" in labels

    monkeypatch.setitem(sys.modules, "typst", None)
    site = open_page("meeting", QUERY, own_database)

    (button,) = [each for each in site.button if each.label == "PDF"]
    assert button.disabled and "ccinsight[pdf]" in button.help


def test_an_agenda_that_nobody_changed_stays_the_proposed_one(open_page: Open, own_database: Path) -> None:
    site = open_page("meeting", QUERY.replace("1002", "1004"), own_database)
    first = next(box for box in site.checkbox if box.key and "-show-" in box.key)
    before = site.text_area(key=_area(site, "agenda")).value
    assert before is not None and first.label in before

    first.uncheck().run()
    _write(site, notes="Ask about the courses")

    agenda = site.text_area(key=_area(site, "agenda")).value
    assert agenda is not None and first.label not in agenda
    entry = Notes.beside(own_database).agenda("1004", date.fromisoformat(AS_OF))
    assert entry is not None
    assert (entry.agenda, entry.notes, len(entry.left_out)) == ("", "Ask about the courses", 1)


def test_what_is_typed_at_one_sitting_is_one_version(open_page: Open, own_database: Path) -> None:
    site = open_page("meeting", QUERY, own_database)

    for text in ("A", "A c", "A course"):
        _write(site, notes=text)

    history = Notes.beside(own_database).history("1002", date.fromisoformat(AS_OF))
    assert [entry.notes for entry in history] == ["A course"]


def test_a_meeting_is_noted_as_held_and_not(open_page: Open, own_database: Path) -> None:
    site = open_page("meeting", QUERY, own_database)
    _write(site, agreed="A course in May")

    _click(site, "Note as held")

    assert any("Held 1 Oct 2026 (noted here)" in caption.value for caption in site.caption)
    customer = open_page("customer", QUERY, own_database)
    assert "Status meeting: Held 1 Oct 2026 (noted here)" in [note.value for note in customer.caption]
    _click(site, "It was not held")
    assert not any("noted here" in caption.value for caption in site.caption)


def _duties(database: Path) -> list[tuple[str, date | None]]:
    """State and closing day of the customer's duties to hold a status meeting."""
    with Warehouse.open(database) as house:
        rows = house.report(
            "duties",
            Scope(date.fromisoformat(AS_OF), SEES_ALL, ("1060",)),
            marks=DutyMarks.beside(database).rows(),
        ).to_pylist()
    return [(row["state"], row["closed_on"]) for row in rows if row["kind"] == "status_meeting"]


def test_a_meeting_held_closes_the_duty_until_it_is_undone(open_page: Open, own_database: Path) -> None:
    day = date.fromisoformat(AS_OF)
    site = open_page("meeting", QUERY.replace("1002", "1060"), own_database)
    assert _duties(own_database) == [("open", None)]

    _click(site, "Note as held")
    assert _duties(own_database) == [("done", day)]
    _click(site, "It was not held")
    assert _duties(own_database) == [("open", None)]
    _click(site, "Undo the last save")
    assert _duties(own_database) == [("done", day)]
    _click(site, "Undo the last save")
    assert _duties(own_database) == [("open", None)]


def test_next_year_it_stands_as_agreed_last_time(open_page: Open, own_database: Path) -> None:
    _write(open_page("meeting", QUERY, own_database), agreed="A course in *May*")

    later = open_page("meeting", QUERY.replace("2026", "2027"), own_database)

    assert any(r"A course in \*May\*" in text.value for text in later.markdown)


def test_a_colleagues_save_is_not_written_over(open_page: Open, own_database: Path) -> None:
    mine = open_page("meeting", QUERY, own_database)
    _write(open_page("meeting", QUERY, own_database), agenda="Theirs")

    _write(mine, agenda="Mine")

    assert any("saved this meeting after you opened it" in warning.value for warning in mine.warning)
    assert mine.text_area(key=_area(mine, "agenda")).value == "Mine", "nothing that was written is lost"
    assert any(text.value == "Theirs" for text in mine.text)
    _click(mine, "Save mine")
    history = Notes.beside(own_database).history("1002", date.fromisoformat(AS_OF))
    assert [entry.agenda for entry in history] == ["Mine", "Theirs"]


def test_a_colleagues_text_can_be_taken(open_page: Open, own_database: Path) -> None:
    mine = open_page("meeting", QUERY, own_database)
    _write(open_page("meeting", QUERY, own_database), agenda="Theirs")
    _write(mine, agenda="Mine")

    _click(mine, "Use the colleague's")

    assert mine.text_area(key=_area(mine, "agenda")).value == "Theirs"
    assert not mine.warning


def test_the_slides_are_shown_as_text(open_page: Open) -> None:
    site = open_page("meeting", QUERY)

    assert not site.exception
    assert not any('class="slides"' in each.proto.body for each in site.get("html")), "made when it is opened"


def test_a_customer_without_an_agreement_has_no_meeting(open_page: Open) -> None:
    site = open_page("meeting", QUERY.replace("1002", "8001"))

    assert not site.exception
    assert any("No agreement is in force" in info.value for info in site.info)


def test_an_address_without_a_customer_leads_to_the_list(open_page: Open) -> None:
    site = open_page("meeting", f"as-of={AS_OF}&language=en")

    assert [title.value for title in site.title] == ["Which status meeting?"]


def test_the_list_leads_to_the_meetings_to_hold_next(open_page: Open) -> None:
    site = open_page("status_meetings", f"as-of={AS_OF}&language=en")

    links = [link.proto for link in site.get("page_link") if "before" in link.proto.label]
    assert 1 <= len(links) <= 6
    assert all("id=" in link.query_string for link in links)


def test_nobody_is_asked_to_meet_before_a_day_that_has_passed(open_page: Open) -> None:
    on = pd.Timestamp("2026-09-20")
    site = open_page("status_meetings", f"as-of={on:%Y-%m-%d}&language=en")
    meetings = site.dataframe[0].value
    late = (meetings["status"] == "Not arranged") & (meetings["best_before"] < on)
    assert late.sum()

    set_language("en")
    ends = tuple(
        f"should have been held before {day(last)}" if last < on else f"hold it before {day(last)}"
        for last in meetings["best_before"]
    )
    links = [link.proto.label for link in site.get("page_link") if "before" in link.proto.label]
    assert links and all(label.endswith(ends) for label in links)
    assert [card.delta for card in site.metric if "price-notice" in card.delta] == [
        f"agreements; {late.sum()} after the price-notice deadline"
    ]


def test_a_meeting_noted_as_held_is_no_longer_among_those_to_hold(
    open_page: Open, own_database: Path
) -> None:
    query = f"as-of={AS_OF}&language=en"

    def to_hold() -> list[str]:
        site = open_page("status_meetings", query, own_database)
        assert not site.exception
        return [link.proto.label for link in site.get("page_link") if "before" in link.proto.label]

    before = to_hold()
    link = next(
        link.proto
        for link in open_page("status_meetings", query, own_database).get("page_link")
        if link.proto.label == before[0]
    )
    found = re.search(r"id=(\w+)", link.query_string)
    assert found
    _click(open_page("meeting", QUERY.replace("1002", found[1]), own_database), "Note as held")

    assert before[0] not in to_hold()


def test_the_button_never_counts_nothing(open_page: Open) -> None:
    site = open_page("status_meetings", f"as-of={AS_OF}&language=en")
    chosen = next(each for each in site.multiselect if each.label == "Customers to prepare")
    assert chosen.value

    chosen.set_value([]).run()

    labels = [each.label for each in site.button]
    assert "Choose the customers to prepare" in labels
    assert not any("0 meetings" in label for label in labels)


def test_a_meeting_asks_for_what_it_shows_and_saving_asks_for_none_of_it_anew(
    open_page: Open, own_database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    report = Warehouse.report

    def noted(house: Warehouse, name: str, scope: Scope, **options: object) -> pa.Table:
        asked.append(name)
        return report(house, name, scope, **options)

    monkeypatch.setattr(Warehouse, "report", noted)
    site = open_page("meeting", QUERY, own_database)
    assert "customer_facts" in asked
    assert "peers" not in asked, "only the deck shows it"
    asked.clear()

    _write(site, notes="A note")

    assert not site.exception
    assert "customer_facts" not in asked


def _prepared(site: AppTest, customers: list[str], *formats: str, with_annex: bool = False) -> Made:
    """The files of customers, made on the page."""
    site.multiselect[0].set_value(customers).run()
    site.button_group(key="prepare-formats").set_value(list(formats))
    site.toggle(key="with-annex").set_value(with_annex).run()
    site.button(key="prepare").click().run()
    assert not site.exception
    made: Made = site.session_state[keys.MEETINGS_MADE]
    return made


def test_several_meetings_are_prepared_as_a_zip_of_the_chosen_files(open_page: Open) -> None:
    site = open_page("status_meetings", f"as-of={AS_OF}&language=en")
    made = _prepared(site, ["1002", "1004"], "pptx", "pdf", "html", with_annex=True)

    with ZipFile(io.BytesIO(made.content)) as archive:
        names = archive.namelist()
    assert sorted(Path(name).suffix for name in names) == sorted(
        2 * [".pptx", ".xlsx", ".pptx", ".xlsx", ".pdf", ".html"]
    )
    assert made.count == len(names) and not made.faults
    (button,) = [each for each in site.get("download_button") if each.proto.id.endswith("prepared")]
    assert button.proto.label == f"Download {len(names)} files"

    # what was made for another choice is not offered
    site.toggle(key="with-annex").set_value(False).run()
    assert keys.MEETINGS_MADE not in site.session_state


def test_risk_is_explained_rule_by_rule(open_page: Open) -> None:
    site = open_page("risk", f"as-of={AS_OF}&language=en")

    assert not site.exception
    assert any("Score" in caption.value and "of 100" in caption.value for caption in site.caption)
    assert any(button.label == "Test the score on history" for button in site.button)


def test_the_test_on_the_past_says_when_the_score_is_no_better_than_chance(
    open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backtest, "backtest", partial(backtest.backtest, months=4))
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
    site = open_page("meeting", QUERY.replace("language=en", f"language={language}"), own_database)

    labels = {area.key.rpartition("-")[2]: area.label for area in site.text_area if area.key}

    assert seen in labels["agenda"]
    assert seen in labels["agreed"]
    assert internal in labels["notes"]


def test_a_zip_says_whose_files_were_not_made(open_page: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(_sources: object, customer_id: str, *_options: object, **_named: object) -> None:
        raise ValueError(customer_id)

    monkeypatch.setattr(import_module("ccinsight.documents.deck.prepare"), "make_brief", failing)
    site = open_page("status_meetings", f"as-of={AS_OF}&language=en")
    made = _prepared(site, ["1002"], "html")

    with ZipFile(io.BytesIO(made.content)) as archive:
        assert archive.namelist() == ["not-made.txt"]
        assert "No files were written for customer 1002" in archive.read("not-made.txt").decode()
    assert any("No files were written for customer 1002" in each.value for each in site.warning)


def test_a_day_to_come_is_no_day_that_a_meeting_was_held_on(open_page: Open) -> None:
    site = open_page("meeting", QUERY.replace("1002", "1060").replace(AS_OF, "2090-10-01"))

    assert not site.exception
    assert site.text_area
    assert not any(button.label == "Note as held" for button in site.button)
