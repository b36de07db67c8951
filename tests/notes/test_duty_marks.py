"""What persons said of duties: closed, undone, kept over imports, and gone with who is forgotten."""

from __future__ import annotations

import re
import sqlite3
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from ccinsight.database.build import build_beside
from ccinsight.errors import CcinsightError
from ccinsight.notes import Notes
from ccinsight.notes.duties import DONE, NOT_NEEDED, Duty, DutyMarks, note_ceased
from ccinsight.settings.parsing import default_settings
from ccinsight.settings.storing import store_settings

NOW = datetime(2026, 1, 10, 9, 30)
TODAY = NOW.date()
MEETING = Duty("status_meeting", "A-1", "1", date(2025, 4, 1), Decimal("12000.00"), date(2026, 2, 14))
CONSULTING = Duty("consulting_unbilled", None, "1", None, Decimal("1500.00"))
STALE = Duty("tickets_stale", last_day=date(2025, 12, 31))
# The file of the first version: no marks yet.
FIRST_VERSION = """
    create table versions (
        version_id integer primary key autoincrement,
        customer_id text not null,
        period_start text not null,
        period_end text not null,
        written_for text not null,
        agenda text not null,
        notes text not null,
        agreed text not null,
        saved_at text not null,
        saved_by text,
        undone_at text,
        undone_by text
    );
    create index versions_of_customer on versions (customer_id, period_start, version_id);
    insert into versions (customer_id, period_start, period_end, written_for, agenda, notes, agreed, saved_at)
    values ('1', '2025-04-01', '2026-03-31', '2025-06-01', 'Bruk', '', 'Kurs', '2025-06-01T10:00:00');
    pragma user_version = 1;
"""


@pytest.fixture
def notes(tmp_path: Path) -> Notes:
    return Notes.beside(tmp_path / "ccinsight.duckdb")


@pytest.fixture
def marks(notes: Notes) -> DutyMarks:
    return DutyMarks(notes)


def _close(marks: DutyMarks, *duties: Duty, state: str = DONE, **given: Any) -> None:
    marks.close(duties, state, **{"closed_on": TODAY, "saved_at": NOW, "saved_by": "Kari", **given})


def _states(marks: DutyMarks) -> list[tuple[str, str]]:
    return [(row["kind"], row["state"]) for row in marks.rows()]


def test_reading_makes_no_file(notes: Notes, marks: DutyMarks) -> None:
    assert (marks.rows(), marks.version()) == ([], "")
    assert marks.undo([MEETING], undone_at=NOW) == 0
    assert not notes.path.exists()


def test_a_mark_holds_what_the_duty_was(marks: DutyMarks) -> None:
    _close(marks, MEETING, note="Ringte ")

    assert marks.rows() == [
        {
            "mark_id": 1,
            "kind": "status_meeting",
            "agreement_id": "A-1",
            "customer_id": "1",
            "period_start": date(2025, 4, 1),
            "state": "done",
            "closed_on": TODAY,
            "closed_by": "Kari",
            "note": "Ringte",
            "value": Decimal("12000.00"),
            "last_day": date(2026, 2, 14),
            "ceased_on": None,
        }
    ]


def test_an_undo_takes_back_the_newest_mark_of_each(marks: DutyMarks) -> None:
    _close(marks, MEETING, CONSULTING, STALE)
    _close(marks, MEETING, state=NOT_NEEDED, note="Slutter")

    # the agreement has another customer by now, and the amount has changed
    moved = Duty("status_meeting", "A-1", "2", date(2025, 4, 1), Decimal("9000.00"))
    assert marks.undo([moved, STALE], undone_at=NOW, undone_by="Ola") == 2
    assert _states(marks) == [("status_meeting", "done"), ("consulting_unbilled", "done")]
    assert marks.undo([moved], undone_at=NOW) == 1
    assert marks.undo([moved], undone_at=NOW) == 0


def test_an_undo_leaves_other_customers_and_periods(marks: DutyMarks) -> None:
    _close(marks, MEETING, CONSULTING)

    others = [
        Duty("status_meeting", "A-1", "1", date(2026, 4, 1)),
        Duty("status_meeting", "A-2", "1", date(2025, 4, 1)),
        Duty("price_notice", "A-1", "1", date(2025, 4, 1)),
        Duty("consulting_unbilled", None, "2"),
    ]
    assert marks.undo(others, undone_at=NOW) == 0
    assert len(marks.rows()) == 2


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"state": NOT_NEEDED, "note": "  "}, "why"),
        ({"closed_on": date(2026, 1, 11)}, "ahead"),
        ({"note": "x" * 2_001}, "longer than"),
    ],
)
def test_what_says_too_little_or_too_much_is_refused(
    marks: DutyMarks, given: dict[str, Any], words: str
) -> None:
    with pytest.raises(CcinsightError, match=words):
        _close(marks, MEETING, **given)
    assert marks.rows() == []


def test_the_version_is_another_after_each_change(marks: DutyMarks, notes: Notes) -> None:
    versions = [marks.version()]
    _close(marks, MEETING)
    versions.append(marks.version())
    marks.undo([MEETING], undone_at=NOW)
    versions.append(marks.version())
    _close(marks, CONSULTING)
    versions.append(marks.version())
    notes.forget_customer("1")
    versions.append(marks.version())

    assert len(set(versions)) == 5


def test_a_file_of_the_first_version_is_taken_on(notes: Notes, marks: DutyMarks) -> None:
    connection = sqlite3.connect(notes.path)
    connection.executescript(FIRST_VERSION)
    connection.close()

    assert marks.rows() == []
    _close(marks, MEETING)

    entry = notes.agenda("1", date(2025, 7, 1))
    assert entry is not None
    assert entry.agreed == "Kurs"
    assert _states(marks) == [("status_meeting", "done")]
    notes.check()


def test_a_customer_is_forgotten_with_its_marks(notes: Notes, marks: DutyMarks) -> None:
    _close(marks, MEETING, CONSULTING, Duty("status_meeting", "A-9", "9", date(2025, 4, 1)), note="Hemmelig")

    assert notes.count_of("1") == 2
    assert notes.forget_customer("1") == 2
    assert [row["customer_id"] for row in marks.rows()] == ["9"]


def test_a_name_is_taken_out_of_notes(notes: Notes, marks: DutyMarks) -> None:
    _close(marks, MEETING, note="Snakket med Per Berg om møtet")
    name = re.compile("Per Berg")

    assert notes.count_quoting(name) == 1
    assert notes.redact(name) == 1
    assert marks.rows()[0]["note"] == "Snakket med … om møtet"
    assert b"Per Berg" not in notes.path.read_bytes()


def test_a_mark_without_a_period_ends_when_an_import_shows_the_duty_no_longer(
    notes: Notes, marks: DutyMarks, tmp_path: Path
) -> None:
    database = tmp_path / "ccinsight.duckdb"
    with build_beside(database) as connection:
        store_settings(connection, default_settings())
        connection.execute(
            "insert into stored.tickets (ticket_id, customer_id, opened_at, file_id, line)"
            " values ('T-1', '1', timestamp '2025-12-01 09:00:00', 1, 2)"
        )
    _close(marks, MEETING, STALE, CONSULTING, closed_on=date(2026, 1, 5))

    note_ceased(database, TODAY)

    # the tickets are stale still, there is nothing to bill, and a duty of a period stays closed
    assert {row["kind"]: row["ceased_on"] for row in marks.rows()} == {
        "status_meeting": None,
        "tickets_stale": None,
        "consulting_unbilled": TODAY,
    }
