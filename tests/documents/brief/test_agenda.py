"""The agenda: proposed, or as the account manager wrote it."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

from ccinsight.database.warehouse import Warehouse
from ccinsight.notes import Notes
from tests.documents.brief.reading import brief_of
from tests.documents.deck import companies
from tests.documents.deck.companies import AS_OF


def test_an_agenda_is_proposed_from_what_stands_out(plain: Warehouse) -> None:
    brief = brief_of(plain)

    assert brief.is_agenda_proposed
    assert brief.agenda[0] == "What has happened since the last meeting"
    assert not [point for point in brief.agenda if "open ticket" in point]  # both are older than three months
    assert brief.agenda[-2:] == (
        "The renewal of agreement A-1 on 1 Apr 2026: users and price",
        "What we agree until the next meeting",
    )


def test_the_account_manager_s_agenda_and_last_year_s_agreement(plain: Warehouse, tmp_path: Path) -> None:
    notes = Notes(tmp_path / "notes.sqlite")
    years = ((date(2024, 4, 1), date(2025, 3, 31)), (date(2025, 4, 1), date(2026, 3, 31)))
    for (start, end), agenda, agreed in zip(
        years, ("Old", "First\n\nSecond"), ("Course in May", ""), strict=True
    ):
        notes.save_agenda(
            "1",
            start,
            end,
            end.replace(day=1),
            agenda=agenda,
            notes="Bring the list",
            agreed=agreed,
            saved_at=datetime(2026, 1, 1),
        )

    brief = brief_of(plain, notes=notes)

    assert (brief.agenda, brief.is_agenda_proposed, brief.notes) == (
        ("First", "Second"),
        False,
        "Bring the list",
    )
    assert (brief.agreed_last_time, brief.agreed_last_time_on) == ("Course in May", date(2025, 3, 1))


def test_a_possibility_that_was_taken_out_is_not_shown_and_not_on_the_agenda(tmp_path: Path) -> None:
    house, notes = companies.plain(), Notes(tmp_path / "notes.sqlite")
    first = brief_of(house, notes=notes).possibilities[0]
    period = (date(2025, 4, 1), date(2026, 3, 31))
    saved_at = datetime(2026, 3, 1)
    notes.save_agenda("1", *period, AS_OF, agenda="", left_out=[first.key], held_on=AS_OF, saved_at=saved_at)

    brief = brief_of(house, language="nb", notes=notes)

    assert [point.key for point in brief.left_out] == [first.key]
    assert first.key not in [point.key for point in brief.possibilities]
    assert brief.left_out[0].title not in brief.agenda
    assert brief.is_agenda_proposed
    assert brief.held_on == AS_OF
