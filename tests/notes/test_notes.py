"""Notes of status meetings: by period, kept for next year, undone, and whole whatever happens around them."""

import sqlite3
import threading
from concurrent.futures import ProcessPoolExecutor
from datetime import date, datetime
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest

from ccinsight.database.build import build_beside
from ccinsight.errors import CcinsightError
from ccinsight.notes import Entry, Notes
from ccinsight.notes.schema import FIRST_SCHEMA

LAST_YEAR = (date(2025, 4, 1), date(2026, 3, 31))
THIS_YEAR = (date(2026, 4, 1), date(2027, 3, 31))
SAVED_AT = datetime(2026, 5, 2, 10, 30)


@pytest.fixture
def notes(tmp_path: Path) -> Notes:
    return Notes.beside(tmp_path / "ccinsight.duckdb")


def _save(
    notes: Notes, period: tuple[date, date] = THIS_YEAR, as_of: date = date(2026, 5, 2), **given: Any
) -> Entry:
    texts = {"agenda": "Use\nPrice", "notes": "", "agreed": ""}
    return notes.save_agenda("1", *period, as_of, **{**texts, "saved_at": SAVED_AT, **given})


def test_reading_makes_no_file(notes: Notes) -> None:
    assert notes.agenda("1", date(2026, 5, 2)) is None
    assert notes.agreed_last_time("1", date(2026, 5, 2)) is None
    assert notes.undo("1", date(2026, 5, 2), undone_at=SAVED_AT) is None
    assert not notes.path.exists()


def test_what_was_saved_is_there_after_a_restart(notes: Notes) -> None:
    saved = _save(notes, agreed="A course in May", saved_by="Kari")

    found = Notes(notes.path).agenda("1", date(2026, 9, 1))

    assert found == saved
    assert found is not None
    assert (found.agenda, found.agreed, found.saved_at, found.saved_by) == (
        "Use\nPrice",
        "A course in May",
        SAVED_AT,
        "Kari",
    )


def test_notes_survive_an_import(notes: Notes, tmp_path: Path) -> None:
    _save(notes, agreed="A course in May")
    with build_beside(tmp_path / "ccinsight.duckdb"):
        pass
    with build_beside(tmp_path / "ccinsight.duckdb"):
        pass

    found = notes.agenda("1", date(2026, 9, 1))

    assert found is not None
    assert found.agreed == "A course in May"


def test_next_year_it_is_what_was_agreed_last_time(notes: Notes) -> None:
    _save(notes, LAST_YEAR, date(2025, 9, 1), agreed="Clean up the contacts")

    assert notes.agenda("1", date(2026, 5, 2)) is None
    found = notes.agreed_last_time("1", date(2026, 5, 2))
    assert found is not None
    assert found.agreed == "Clean up the contacts"
    assert notes.agreed_last_time("2", date(2026, 5, 2)) is None


def test_a_period_without_agreement_is_passed_over(notes: Notes) -> None:
    _save(notes, (date(2024, 4, 1), date(2025, 3, 31)), date(2024, 9, 1), agreed="Oldest")
    _save(notes, LAST_YEAR, date(2025, 9, 1), agreed="  ")

    found = notes.agreed_last_time("1", date(2026, 5, 2))

    assert found is not None
    assert found.agreed == "Oldest"


def test_an_earlier_day_does_not_see_later_notes(notes: Notes) -> None:
    _save(notes, as_of=date(2026, 9, 1))

    assert notes.agenda("1", date(2026, 8, 31)) is None
    assert notes.agenda("1", date(2026, 9, 1)) is not None
    assert notes.agenda("1", date(2027, 4, 1)) is None


def test_undo_brings_the_save_before_back_and_keeps_the_other(notes: Notes) -> None:
    first = _save(notes, agenda="First")
    _save(notes, agenda="Second")

    assert notes.undo("1", date(2026, 5, 2), undone_at=SAVED_AT, undone_by="Ola") == first
    assert notes.agenda("1", date(2026, 5, 2)) == first
    assert notes.undo("1", date(2026, 5, 2), undone_at=SAVED_AT) is None
    assert notes.history("1", date(2026, 5, 2)) == []
    with sqlite3.connect(notes.path) as connection:
        rows = connection.execute("select agenda, undone_by from versions order by version_id").fetchall()
    assert rows == [("First", None), ("Second", "Ola")]


def test_a_save_over_a_colleagues_is_refused(notes: Notes) -> None:
    opened = _save(notes)
    _save(notes, agenda="A colleague's", saved_by="Ola", based_on=opened.version_id)

    with pytest.raises(CcinsightError, match="Ola saved this meeting after you opened it"):
        _save(notes, agenda="Mine", based_on=opened.version_id)

    found = notes.agenda("1", date(2026, 5, 2))
    assert found is not None
    assert found.agenda == "A colleague's"


def test_many_writers_wait_for_each_other(notes: Notes) -> None:
    threads = [threading.Thread(target=_save, args=(notes,), kwargs={"agenda": str(n)}) for n in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(int(entry.agenda) for entry in notes.history("1", date(2026, 5, 2))) == list(range(12))


@pytest.mark.parametrize("text", ["'; drop table versions; --", "Æøå «x» 🙂", "a\r\nb"])
def test_any_text_comes_back(notes: Notes, text: str) -> None:
    assert _save(notes, agenda=text).agenda == text.replace("\r\n", "\n")


def test_too_long_a_text_is_refused(notes: Notes) -> None:
    with pytest.raises(CcinsightError, match="longer than 20000 characters"):
        _save(notes, agreed="x" * 20_001)


def test_a_file_that_is_none_of_ours_gives_a_sentence(notes: Notes) -> None:
    notes.path.write_text("not a database, by a long way" * 100)

    with pytest.raises(
        CcinsightError, match=r"is damaged. Go back to a backup .* Details: file is not a database\.$"
    ):
        notes.agenda("1", date(2026, 5, 2))


def test_a_file_of_a_newer_ccinsight_is_left_alone(notes: Notes) -> None:
    with sqlite3.connect(notes.path) as connection:
        connection.execute("pragma user_version = 99")

    with pytest.raises(CcinsightError, match="newer ccinsight"):
        _save(notes)


def test_what_is_left_out_and_when_it_was_held_come_back(notes: Notes) -> None:
    _save(notes, left_out={"course:1a2b", "few_users"}, held_on=date(2026, 5, 1))

    found = notes.agenda("1", date(2026, 9, 1))

    assert found is not None
    assert found.left_out == frozenset({"course:1a2b", "few_users"})
    assert found.held_on == date(2026, 5, 1)


def test_a_file_of_an_older_ccinsight_is_brought_up_to_date(notes: Notes) -> None:
    with sqlite3.connect(notes.path) as connection:
        connection.executescript(FIRST_SCHEMA + "pragma user_version = 1;")
        connection.execute(
            "insert into versions (customer_id, period_start, period_end, written_for, agenda, notes, agreed, saved_at)"
            " values ('1', '2026-04-01', '2027-03-31', '2026-05-02', 'Use', 'Old note', '', '2026-05-02T10:30:00')"
        )

    found = notes.agenda("1", date(2026, 5, 2))

    assert found is not None
    assert (found.notes, found.left_out, found.held_on) == ("Old note", frozenset(), None)
    notes.check()
    _save(notes, held_on=date(2026, 5, 1))
    assert [entry.held_on for entry in notes.history("1", date(2026, 5, 2))] == [date(2026, 5, 1), None]


def test_text_saved_while_it_is_typed_stays_one_version(notes: Notes) -> None:
    before = _save(notes, agreed="Yesterday")
    first = _save(notes, agreed="Y", based_on=before.version_id)
    second = _save(notes, agreed="Yes", based_on=first.version_id, replaces=True)

    assert [entry.agreed for entry in notes.history("1", date(2026, 5, 2))] == ["Yes", "Yesterday"]
    with pytest.raises(CcinsightError, match="after you opened"):
        _save(notes, agreed="Ye", based_on=first.version_id, replaces=True)
    assert notes.undo("1", date(2026, 5, 2), undone_at=SAVED_AT) == before
    assert second.version_id > first.version_id


def test_processes_that_make_the_file_and_write_at_once_lose_nothing(notes: Notes) -> None:
    """As the workers of one server do; the readers among them see whole entries only."""
    with ProcessPoolExecutor(4, mp_context=get_context("spawn")) as pool:
        found = list(pool.map(_save_and_read, [notes.path] * 4, range(4)))

    agendas = {f"{process}-{n}" for process in range(4) for n in range(_SAVES)}
    assert {entry.agenda for entry in notes.history("1", date(2026, 5, 2))} == agendas
    assert all(seen <= agendas for seen in found)


_SAVES = 10


def _save_and_read(path: Path, process: int) -> set[str]:
    """Saves some agendas; gives all that were read between."""
    notes, seen = Notes(path), set()
    for n in range(_SAVES):
        _save(notes, agenda=f"{process}-{n}")
        seen |= {entry.agenda for entry in notes.history("1", date(2026, 5, 2))}
    return seen
