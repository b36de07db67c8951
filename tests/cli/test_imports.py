"""``ccinsight import``, ``settings``, ``rejects``, ``sample`` and ``demo``: from files to a database."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
import pytest

from ccinsight.cli import commands as module
from ccinsight.cli import run
from ccinsight.cli.words import speak

AGREEMENTS = "agreement_id;customer_id;customer_name;subscribed_on\nA1;7;Fjord Drift AS;2024-03-01\n"
TICKETS = "ticket_id;customer_id;opened_at\nT1;7;2026-01-05 09:00\n"
BAD_TICKET = "T2;7;yesterday\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with two exports in ``exports/``."""
    monkeypatch.setenv("LANGUAGE", "en")
    speak("en")
    monkeypatch.chdir(tmp_path)
    Path("exports").mkdir()
    Path("exports/agreements.csv").write_text(AGREEMENTS)
    Path("exports/tickets.csv").write_text(TICKETS)
    return tmp_path


def _column(statement: str, database: str = "ccinsight.duckdb") -> list[object]:
    with duckdb.connect(database, read_only=True) as connection:
        return [row[0] for row in connection.execute(statement).fetchall()]


def test_a_folder_becomes_a_database(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["import", "exports"]) == 0
    assert _column("select ticket_id from tickets") == ["T1"]
    captured = capsys.readouterr()
    assert "agreements.csv" in captured.out and "tickets.csv" in captured.out
    assert captured.err == ""


def test_files_can_be_named_one_by_one() -> None:
    assert run(["import", "exports/agreements.csv", "exports/tickets.csv", "--database", "other.duckdb"]) == 0
    assert _column("select agreement_id from agreements", "other.duckdb") == ["A1"]


def test_rejected_rows_cost_nothing_unless_strict() -> None:
    Path("exports/tickets.csv").write_text(TICKETS + BAD_TICKET)
    assert run(["import", "exports"]) == 0
    assert run(["import", "exports", "--strict", "--database", "strict.duckdb"]) == 2
    for database in ("ccinsight.duckdb", "strict.duckdb"):
        assert _column("select ticket_id from tickets", database) == ["T1"]


def test_rejected_rows_can_be_written_out(capsys: pytest.CaptureFixture[str]) -> None:
    Path("exports/tickets.csv").write_text(TICKETS + BAD_TICKET)
    assert run(["import", "exports"]) == 0
    assert "ccinsight rejects --output FILE" in capsys.readouterr().out
    assert run(["rejects", "--output", "rejects.csv"]) == 0
    assert "yesterday" in Path("rejects.csv").read_text(encoding="utf-8-sig")


def test_replace_starts_an_export_afresh() -> None:
    assert run(["import", "exports"]) == 0
    Path("exports/tickets.csv").write_text(TICKETS.replace("T1", "T9"))
    assert run(["import", "exports/tickets.csv"]) == 0
    assert _column("select ticket_id from tickets order by 1") == ["T1", "T9"]
    assert run(["import", "exports/tickets.csv", "--replace", "tickets"]) == 0
    assert _column("select ticket_id from tickets") == ["T9"]


@pytest.mark.parametrize(
    ("name", "content", "named"),
    [
        ("tickets.csv", "ticket_id;customer_id\nT1;7\n", ("tickets.csv", "opened_at")),
        ("weather.csv", "day;rain\n2026-01-01;3\n", ("weather.csv",)),
        ("tickets.xlsx", "not a workbook", ("tickets.xlsx",)),
    ],
)
def test_a_bad_file_stops_the_import_and_the_data_stay(
    name: str, content: str, named: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["import", "exports"]) == 0
    before = Path("ccinsight.duckdb").read_bytes()
    capsys.readouterr()
    Path(name).write_text(content)
    assert run(["import", name]) == 1
    error = capsys.readouterr().err
    assert all(part in error for part in named)
    assert len(error.splitlines()) == 1
    assert Path("ccinsight.duckdb").read_bytes() == before


def test_a_missing_path_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["import", "nowhere"]) == 1
    assert "nowhere" in capsys.readouterr().err
    assert not Path("ccinsight.duckdb").exists()


def test_changed_settings_apply_to_the_data_that_are_there(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["import", "exports"]) == 0
    Path("own.toml").write_text("[user_bands]\nfrom = [1, 20]\n")
    assert run(["settings", "--config", "own.toml"]) == 0
    assert _column("select user_band from stored.user_bands order by from_users") == ["1–19", "20+"]
    assert run(["import", "exports"]) == 0
    assert _column("select count(*) from stored.user_bands") == [2]


def test_settings_in_the_working_folder_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("ccinsight.toml").write_text("[user_bands]\nfrom = [1, 20]\n")
    assert run(["import", "exports"]) == 0
    assert _column("select count(*) from stored.user_bands") == [2]


def test_broken_settings_are_named(capsys: pytest.CaptureFixture[str]) -> None:
    Path("own.toml").write_text("[user_bands]\nfrom = many\n")
    assert run(["import", "exports", "--config", "own.toml"]) == 1
    assert "own.toml" in capsys.readouterr().err
    assert not Path("ccinsight.duckdb").exists()


def test_same_seed_and_day_give_the_same_sample() -> None:
    size = ["--customers", "5", "--tickets", "50", "--seed", "3", "--as-of", "2026-03-01"]
    assert run(["sample", "one", *size]) == 0
    assert run(["sample", "two", *size]) == 0
    names = sorted(file.name for file in Path("one").iterdir())
    assert names and names == sorted(file.name for file in Path("two").iterdir())
    assert all(Path("one", name).read_bytes() == Path("two", name).read_bytes() for name in names)


def test_the_demo_goes_the_whole_way(monkeypatch: pytest.MonkeyPatch) -> None:
    for day in (date(2026, 3, 1), date(2026, 3, 2)):  # another day's demo takes the place of the first
        monkeypatch.setattr(module, "today", lambda day=day: day)
        assert run(["demo", "--no-serve"]) == 0
    tickets = _column("select count(*) from tickets", "ccinsight-demo/ccinsight.duckdb")
    assert tickets[0] > 1_000  # type: ignore[operator]
