"""Verdicts on renewals as they are kept: all of them, with who and when, and gone with who is forgotten."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest

from ccinsight.database.restoring import NOTES
from ccinsight.errors import CcinsightError
from ccinsight.maintenance.backup import back_up
from ccinsight.notes import Notes
from ccinsight.notes.duties import DONE, VERDICT_ACTION, Duty, DutyMarks
from ccinsight.notes.verdicts import IN_DOUBT, STAYS, Verdict, Verdicts

AT = datetime(2026, 1, 10, 9, 30)
RENEWAL = date(2026, 7, 1)
DOUBT = Verdict("A-1", "1", RENEWAL, 3, IN_DOUBT, "Ny leder", "Ring Per Berg", date(2026, 2, 1))
STAYING = Verdict("A-1", "1", RENEWAL, 3, STAYS)
ACTION = Duty(VERDICT_ACTION, "A-1", "1", date(2025, 7, 1), None, date(2026, 2, 1), verdict_id=1)


@pytest.fixture
def notes(tmp_path: Path) -> Notes:
    return Notes.beside(tmp_path / "ccinsight.duckdb")


@pytest.fixture
def verdicts(notes: Notes) -> Verdicts:
    return Verdicts(notes)


def test_reading_makes_no_file(notes: Notes, verdicts: Verdicts) -> None:
    assert verdicts.rows() == []
    assert not notes.path.exists()


def test_a_later_verdict_keeps_the_earlier_one_with_who_and_when(notes: Notes, verdicts: Verdicts) -> None:
    verdicts.give(DOUBT, given_at=AT, given_by="Kari")
    verdicts.give(STAYING, given_at=AT.replace(day=20))

    first, second = verdicts.rows()
    assert first == {
        "verdict_id": 1,
        "agreement_id": "A-1",
        "customer_id": "1",
        "renewal_on": RENEWAL,
        "milestone": 3,
        "verdict": "in_doubt",
        "reason": "Ny leder",
        "action": "Ring Per Berg",
        "action_on": date(2026, 2, 1),
        "given_at": AT,
        "given_by": "Kari",
        "state": None,
        "closed_on": None,
        "closed_by": None,
        "note": None,
    }
    assert (second["verdict"], second["given_at"], second["given_by"]) == ("stays", AT.replace(day=20), None)
    notes.check()


@pytest.mark.parametrize(
    ("verdict", "words"),
    [
        (replace(DOUBT, reason=" "), "Write the reason"),
        (replace(DOUBT, verdict="leaves", reason=""), "Write the reason"),
        (replace(STAYING, action="Ring"), "Choose the day"),
        (replace(DOUBT, action_on=date(2026, 1, 9)), "has passed"),
        (replace(STAYING, reason="x" * 2_001), "longer than"),
    ],
)
def test_a_verdict_that_says_too_little_or_too_much_is_refused(
    verdicts: Verdicts, verdict: Verdict, words: str
) -> None:
    with pytest.raises(CcinsightError, match=words):
        verdicts.give(verdict, given_at=AT)
    assert verdicts.rows() == []


def test_an_action_is_closed_and_opened_again_apart_from_other_duties(
    notes: Notes, verdicts: Verdicts
) -> None:
    verdicts.give(DOUBT, given_at=AT)
    verdicts.give(replace(DOUBT, milestone=6), given_at=AT)
    marks = DutyMarks(notes)
    versions = [marks.version()]
    marks.close([ACTION], DONE, closed_on=AT.date(), note="Ringte", saved_at=AT, saved_by="Kari")
    versions.append(marks.version())

    first, second = verdicts.rows()
    assert [first[name] for name in ("state", "closed_on", "closed_by", "note")] == [
        "done",
        AT.date(),
        "Kari",
        "Ringte",
    ]
    assert second["state"] is None
    assert marks.rows() == []  # it is none of the duties of the rules

    assert marks.undo([replace(ACTION, verdict_id=2)], undone_at=AT) == 0
    assert marks.undo([replace(ACTION, period_start=date(2025, 8, 1))], undone_at=AT) == 1
    assert [row["state"] for row in verdicts.rows()] == [None, None]
    assert len({*versions, marks.version()}) == 3


def test_a_customer_is_forgotten_with_its_verdicts(notes: Notes, verdicts: Verdicts) -> None:
    verdicts.give(DOUBT, given_at=AT)
    verdicts.give(replace(DOUBT, agreement_id="A-9", customer_id="9"), given_at=AT)
    DutyMarks(notes).close([ACTION], DONE, closed_on=AT.date(), saved_at=AT)

    assert notes.count_of("1") == 2
    assert notes.forget_customer("1") == 2
    assert [row["customer_id"] for row in verdicts.rows()] == ["9"]


def test_a_name_is_taken_out_of_verdicts(notes: Notes, verdicts: Verdicts) -> None:
    verdicts.give(DOUBT, given_at=AT, given_by="Kari Nordmann")
    verdicts.give(replace(STAYING, reason="Per Berg vil ha oss"), given_at=AT)

    assert (notes.count_quoting(re.compile("Per Berg")), notes.redact(re.compile("Per Berg"))) == (2, 2)
    assert notes.redact(re.compile("Kari Nordmann")) == 1
    assert [(row["reason"], row["action"], row["given_by"]) for row in verdicts.rows()] == [
        ("Ny leder", "Ring …", "…"),
        ("… vil ha oss", "", None),
    ]
    assert b"Per Berg" not in notes.path.read_bytes()


def test_a_backup_holds_the_verdicts(sample_database: Path, tmp_path: Path) -> None:
    database = tmp_path / "ccinsight.duckdb"
    database.write_bytes(sample_database.read_bytes())
    Verdicts.beside(database).give(DOUBT, given_at=AT)

    back_up(database, tmp_path / "backup", made_at=AT)

    kept = Verdicts(Notes(tmp_path / "backup" / NOTES))
    assert kept.rows() == Verdicts.beside(database).rows()


def test_a_notes_file_of_the_version_before_takes_verdicts(notes: Notes, verdicts: Verdicts) -> None:
    with notes.opened():
        pass
    with closing(sqlite3.connect(notes.path)) as connection:
        connection.executescript(
            "drop table verdicts; drop table api_tokens; drop table termination_reasons;"
            "drop table saved_views; drop table saved_view_subjects; drop table overview_views;"
            "alter table duty_marks drop column verdict_id;"
            "pragma user_version = 5;"
        )

    assert verdicts.rows() == []
    verdicts.give(STAYING, given_at=AT)
    assert len(verdicts.rows()) == 1
