"""The log of what people did: in the notes file, kept for a while, and forgotten with a person."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest

from ccinsight.access import SEES_ALL, Reader
from ccinsight.cli import run
from ccinsight.notes import Notes
from ccinsight.notes.activity import Action, Activity
from tests.access.signing_in import access_text, copied, write_private

AT = datetime(2026, 3, 1, 9, 0)


def test_the_newest_come_first(tmp_path: Path) -> None:
    log = Activity(tmp_path / "a.duckdb")
    assert log.newest(5) == []
    log.record(Action.SIGN_IN, "Kari", AT)
    log.record_by(Reader(key="1", name="Ola"), Action.DOWNLOAD, AT, "renewals.csv")
    log.record_by(SEES_ALL, Action.IMPORT, AT)  # nobody is known without sign-in
    assert [(each.person, each.action, each.subject) for each in log.newest(5)] == [
        ("Ola", Action.DOWNLOAD, "renewals.csv"),
        ("Kari", Action.SIGN_IN, ""),
    ]
    assert len(log.newest(1)) == 1


@pytest.mark.parametrize(("days", "kept"), [(30, ["Ola"]), (60, ["Ola", "Kari"])])
def test_rows_are_kept_as_long_as_the_file_says(days: int, kept: list[str], tmp_path: Path) -> None:
    text = access_text("http://localhost:8501", "http://127.0.0.1:9", ("A", "B"))
    write_private(tmp_path / "access.toml", f"activity_days = {days}\n{text}")
    log = Activity(tmp_path / "a.duckdb")
    log.record(Action.SIGN_IN, "Kari", AT)
    log.record(Action.SIGN_IN, "Ola", AT.replace(month=4, day=15))
    assert [each.person for each in log.newest(5)] == kept


def test_a_forgotten_person_is_out_of_the_log(tmp_path: Path) -> None:
    log, notes = Activity(tmp_path / "a.duckdb"), Notes.beside(tmp_path / "a.duckdb")
    log.record(Action.SIGN_IN, "Kari Nordmann", AT)
    log.record(Action.SIGN_IN, "Ola Hansen", AT)
    name = re.compile(r"\bKari Nordmann\b")
    assert notes.count_quoting(name) == 1
    assert notes.redact(name) == 1
    assert [each.person for each in log.newest(5)] == ["Ola Hansen", "…"]
    assert b"Kari Nordmann" not in notes.path.read_bytes()


def test_a_notes_file_of_an_older_version_gets_the_log(tmp_path: Path) -> None:
    notes = Notes.beside(tmp_path / "a.duckdb")
    with notes.opened() as connection:
        for (table,) in connection.execute(
            "select name from sqlite_schema where type = 'table' and name not in"
            " ('versions', 'duty_marks', 'duty_version') and name not like 'sqlite%'"
        ).fetchall():
            connection.execute(f"drop table {table}")
        connection.execute("alter table duty_marks drop column verdict_id")
        connection.execute("pragma user_version = 3")
    log = Activity(tmp_path / "a.duckdb")
    assert log.newest(5) == []
    log.record(Action.UNDO, "Kari", AT)
    with closing(sqlite3.connect(notes.path)) as connection:
        assert connection.execute("select person, action from activity").fetchall() == [("Kari", "undo")]
    notes.check()


def test_what_a_server_with_sign_in_gets_from_the_command_line_is_in_the_log(
    sample_database: Path, sample_exports: Path, tmp_path: Path
) -> None:
    database = copied(sample_database, tmp_path)
    settings = ["settings", "--config", str(sample_exports / "ccinsight.toml"), "--database", str(database)]
    assert run(settings) == 0
    assert Activity(database).newest(5) == []
    write_private(
        tmp_path / "access.toml", access_text("http://localhost:8501", "http://127.0.0.1:9", ("A", "B"))
    )
    assert run(settings) == 0
    assert [each.action for each in Activity(database).newest(5)] == [Action.SETTINGS]
