"""``ccinsight undo``: the last import, back and forth."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from ccinsight.cli import run
from ccinsight.cli.words import speak


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A working folder."""
    monkeypatch.setenv("LANGUAGE", "en")
    speak("en")
    monkeypatch.chdir(tmp_path)


def _import(ticket: str) -> None:
    Path("tickets.csv").write_text(f"ticket_id;customer_id;opened_at\n{ticket};7;2026-01-05 09:00\n")
    assert run(["import", "tickets.csv"]) == 0


def _tickets(database: str = "ccinsight.duckdb") -> list[str]:
    with duckdb.connect(database, read_only=True) as connection:
        return [row[0] for row in connection.execute("select ticket_id from tickets order by 1").fetchall()]


def test_undo_takes_the_last_import_back_and_brings_it_again(capsys: pytest.CaptureFixture[str]) -> None:
    _import("T1")
    _import("T2")
    for tickets, text in ((["T1"], "was undone: tickets.csv"), (["T1", "T2"], "was restored: tickets.csv")):
        capsys.readouterr()
        assert run(["undo"]) == 0
        assert _tickets() == tickets
        assert text in capsys.readouterr().out


def test_undo_goes_one_import_back_and_no_further() -> None:
    for ticket in ("T1", "T2", "T3"):
        _import(ticket)
    assert run(["undo"]) == 0
    assert _tickets() == ["T1", "T2"]
    _import("T4")
    assert run(["undo"]) == 0
    assert _tickets() == ["T1", "T2"]


@pytest.mark.parametrize("count", [0, 1])
def test_without_an_earlier_state_there_is_nothing_to_undo(
    count: int, capsys: pytest.CaptureFixture[str]
) -> None:
    for _time in range(count):
        _import("T1")
    capsys.readouterr()
    assert run(["undo"]) == 1
    captured = capsys.readouterr()
    assert "nothing to undo" in captured.err and "ccinsight.duckdb" in captured.err
    assert captured.out == ""
    assert not count or _tickets() == ["T1"]


def test_undo_takes_the_database_that_is_named() -> None:
    _import("T1")
    _import("T2")
    Path("ccinsight.duckdb").rename("other.duckdb")
    Path("ccinsight.duckdb.previous").rename("other.duckdb.previous")
    assert run(["undo", "--database", "other.duckdb"]) == 0
    assert _tickets("other.duckdb") == ["T1"]
