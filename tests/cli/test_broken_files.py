"""Every command over a database, notes or settings that can't be read: a sentence and a status that isn't 0."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from ccinsight.cli import run
from ccinsight.cli.words import speak
from ccinsight.files import access_file, key_file, notes_file, previous_file
from ccinsight.integrations.delivery.subscriptions import Subscriptions
from tests.integrations.delivery.small_company import KARI, copied, deliver, made

_RESTORE = "`ccinsight restore MAPPE`"
# What reads the database, or makes something that would.
_READING = (
    "import agreements.csv",
    "watch inn --once --settle 0",
    "mapping agreements.csv",
    "backup backup",
    "forget --contact Ola --yes",
    "settings --config settings.toml",
    "report customers",
    "explore tickets",
    "brief --due-within 60 --output briefs --format html",
    "duties done x:1",
    "digest",
    "digest --preview messages",
    f"calendar add {KARI}",
    f"tokens add {KARI} --name Excel",
    f"alerts add silent --reader {KARI}",
    "alerts run",
    "letters --to letters --percent 3 --valid-from 2027-01-01",
    "lake write lake",
    "review --output review",
    "rejects --output rejects.csv",
    "serve",
)
# Of the notes, what reads or writes them first.
_NOTING = (
    "report duties",
    "duties done x:1",
    "digest",
    "digest --list",
    "calendar list",
    f"tokens add {KARI} --name Excel",
    "tokens revoke 1",
    "alerts list",
    "alerts remove 1",
    "alerts run",
)


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made(tmp_path_factory.mktemp("company"))


@pytest.fixture
def database(company: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy in the working folder, with the files that the commands name."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CCINSIGHT_LANGUAGE", "nb")
    speak("nb")
    database = copied(company, tmp_path)
    deliver(database, 9, KARI)
    tmp_path.joinpath("inn").mkdir()
    tmp_path.joinpath("settings.toml").write_text("[import]\nday_first = true\n")
    tmp_path.joinpath("agreements.csv").write_text("agreement_id,customer_id,customer_name,subscribed_on\n")
    return database


def _random(database: Path) -> None:
    database.write_bytes(os.urandom(100_000))


def _truncated(database: Path) -> None:
    os.truncate(database, database.stat().st_size // 3)


def _empty(database: Path) -> None:
    os.truncate(database, 0)


@pytest.mark.parametrize("damage", [_random, _truncated, _empty])
@pytest.mark.parametrize("command", _READING)
def test_a_damaged_database_is_named(
    database: Path, command: str, damage: Callable[[Path], None], capsys: pytest.CaptureFixture[str]
) -> None:
    damage(database)
    assert run([*command.split(), "--database", str(database)]) == 1
    said = capsys.readouterr().err
    ours, theirs = said.split(" Detaljer: ")
    assert ours.startswith(f"ccinsight: {database} er skadet eller er ikke en database fra ccinsight.")
    assert _RESTORE in ours
    assert len(theirs.splitlines()) == 1


def test_a_damaged_database_with_one_before_it_can_be_undone(
    database: Path, company: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copied(company, database.parent).rename(previous_file(database))
    _random(database)
    assert run(["report", "customers", "--database", str(database)]) == 1
    assert "`ccinsight undo`" in capsys.readouterr().err
    assert run(["undo", "--database", str(database)]) == 0
    said = capsys.readouterr().out
    assert said.startswith("Databasen var skadet. Den er nå som den var etter importen 27.02.2026")
    assert run(["report", "customers", "--database", str(database)]) == 0


def test_a_database_that_another_program_changes(database: Path, capsys: pytest.CaptureFixture[str]) -> None:
    hold = "import duckdb, sys; c = duckdb.connect(sys.argv[1]); print(flush=True); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", hold, str(database)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout
        holder.stdout.readline()
        assert run(["report", "customers", "--database", str(database)]) == 1
        holder.communicate()
    assert "er åpen i et annet program: lukk den der" in capsys.readouterr().err


@pytest.mark.parametrize("command", _NOTING)
def test_damaged_notes_are_named(database: Path, command: str, capsys: pytest.CaptureFixture[str]) -> None:
    notes_file(database).write_bytes(os.urandom(40_000))
    assert run([*command.split(), "--database", str(database)]) == 1
    ours, _theirs = capsys.readouterr().err.split(" Detaljer: ")
    assert ours.startswith(f"ccinsight: Notatfilen {notes_file(database)} er skadet.")
    assert _RESTORE in ours


@pytest.mark.parametrize("name", ["access.toml", "delivery.toml", "alerts.toml"])
def test_alerts_run_names_a_broken_file_also_without_alerts(
    database: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    file = database.with_name(name)
    file.write_text("[[people\n")
    file.chmod(0o600)
    assert Subscriptions(database).all() == []
    assert run(["alerts", "run", "--database", str(database)]) == 1
    said = capsys.readouterr().err
    assert f"{file}, linje 1, tegn 9: dette er ikke gyldig TOML. Rett linjen. Detaljer: " in said


def test_a_token_can_be_revoked_whatever_the_database_is(
    database: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["tokens", "add", KARI, "--name", "Excel", "--database", str(database)]) == 0
    _random(database)
    assert run(["tokens", "list", "--database", str(database)]) == 0
    assert "Excel" in capsys.readouterr().out
    assert run(["tokens", "revoke", "1", "--database", str(database)]) == 0
    assert not access_file(database).exists()


def test_a_damaged_contact_key_is_no_fault_of_a_file(
    database: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    key_file(database).write_bytes(b"\xff" * 40)
    file = database.parent / "inn" / "tickets.csv"
    file.write_text("ticket_id;customer_id;opened_at;contact\nT1;1;2026-01-05 09:00;Ola\n")
    assert run(["watch", "inn", "--once", "--settle", "0", "--database", str(database)]) == 1
    said = capsys.readouterr().err
    assert f"{key_file(database)} er ikke en kontaktnøkkel: legg den riktige tilbake" in said
    assert file.exists(), "it is imported when the key is there again"


def _of_sqlite(database: Path) -> None:
    with sqlite3.connect(database) as connection:
        connection.execute("create table a (b)")


def _of_another_program(database: Path) -> None:
    with duckdb.connect(str(database)) as connection:
        connection.execute("create table a (b int)")


@pytest.mark.parametrize(
    ("made", "said"),
    [(_of_sqlite, "er skadet eller er ikke"), (_of_another_program, "men ikke fra ccinsight")],
)
@pytest.mark.parametrize("command", ["import agreements.csv", "report customers", "backup backup"])
def test_a_database_of_something_else(
    database: Path, command: str, made: Callable[[Path], None], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    database.unlink()
    made(database)
    assert run([*command.split(), "--database", str(database)]) == 1
    assert said in capsys.readouterr().err
