"""Duties on the command line: closed, undone, seen on their days, and closed by an import."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from ccinsight.cli.commands import commands
from ccinsight.clock import today
from ccinsight.errors import CcinsightError, UsageError

AGREEMENTS = """agreement_id,customer_id,customer_name,product,subscribed_on,price_basis,complexity,registered_users
A-1,1,Kunde 1 AS,CloudCare CRM,{start},price_list,standard,5
"""
MEETINGS = "meeting_id,customer_id,kind,held_on\nM-1,1,status_meeting,{held}\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CCINSIGHT_LANGUAGE", "en")
    start = today() - timedelta(days=20)
    (tmp_path / "agreements.csv").write_text(AGREEMENTS.format(start=start), encoding="utf-8")
    _run("import", "agreements.csv")
    return tmp_path


def _run(*words: str, status: int = 0) -> str:
    done = CliRunner().invoke(commands, words, catch_exceptions=False, standalone_mode=False)
    assert done.exit_code == status, done.output
    return done.output


def _duty(kind: str = "status_meeting", *words: str) -> dict[str, str]:
    rows = csv.DictReader(io.StringIO(_run("report", "duties", "--format", "csv", *words).lstrip("\ufeff")))
    return next((row for row in rows if row["kind"] == kind), {})


def test_a_duty_is_closed_and_undone(folder: Path) -> None:
    number = _duty()["duty_id"]
    yesterday = today() - timedelta(days=1)

    assert (
        _run("duties", "done", number, "--on", yesterday.isoformat(), "--note", "By phone")
        == "1 duty is closed.\n"
    )

    closed = _duty()
    assert [closed[name] for name in ("state", "closed_on", "note")] == [
        "done",
        yesterday.isoformat(),
        "By phone",
    ]
    assert _duty("status_meeting", "--as-of", (yesterday - timedelta(days=1)).isoformat())["state"] == "open"
    assert _run("duties", "undo", number) == "1 duty is open again.\n"
    assert _duty()["state"] == "open"


def test_what_is_closed_stays_closed_after_an_import_and_a_meeting_closes_by_itself(folder: Path) -> None:
    rate = _duty("rate_unknown")["duty_id"]
    _run("duties", "not-needed", rate, "--reason", "Test agreement")
    (folder / "meetings.csv").write_text(MEETINGS.format(held=today()), encoding="utf-8")

    _run("import", "agreements.csv", "meetings.csv")

    assert _duty("rate_unknown")["state"] == "not_needed"
    assert _duty() == {}


def test_a_duty_that_is_not_there_is_named(folder: Path) -> None:
    for words in (("done", "nothing"), ("undo", _duty()["duty_id"])):
        with pytest.raises(UsageError, match=words[1]):
            _run("duties", *words)


def test_a_day_to_come_is_refused(folder: Path) -> None:
    with pytest.raises(CcinsightError, match="ahead"):
        _run("duties", "done", _duty()["duty_id"], "--on", date(today().year + 1, 1, 1).isoformat())
