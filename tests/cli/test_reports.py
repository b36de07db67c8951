"""``ccinsight report``: the same rows as the warehouse gives, in every format, limited by every option."""

from __future__ import annotations

import csv
import io
import json
import os
import pty
import subprocess
import sys
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import openpyxl
import pyarrow.parquet as pq
import pytest

from ccinsight.access import SEES_ALL
from ccinsight.cli import commands as module
from ccinsight.cli import run
from ccinsight.cli.words import speak
from ccinsight.database.scope import Filters
from ccinsight.database.warehouse import Warehouse
from ccinsight.registry import REPORTS

AS_OF = date(2026, 9, 1)
Rows = list[dict[str, str]]
AskFor = Callable[..., Rows]


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGUAGE", "en")
    speak("en")


@pytest.fixture
def ask_for(sample_database: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> AskFor:
    """Runs a report over the sample database and reads its CSV."""

    def ask_for(name: str, *arguments: str, as_of: date = AS_OF) -> Rows:
        status = run(
            ["report", name, "--database", str(sample_database), "--as-of", as_of.isoformat(), *arguments]
        )
        captured = capsysbinary.readouterr()
        assert (status, captured.err) == (0, b"")
        return list(csv.DictReader(io.StringIO(captured.out.decode())))

    return ask_for


@pytest.mark.parametrize("name", REPORTS)
def test_every_report_has_the_columns_of_the_registry(name: str, ask_for: AskFor) -> None:
    rows = ask_for(name)
    assert not rows or list(rows[0]) == [column.name for column in REPORTS[name].columns]


def test_list_names_every_report_with_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["report", "--list"]) == 0
    lines = dict(line.split(maxsplit=1) for line in capsys.readouterr().out.splitlines())
    assert list(lines) == list(REPORTS)


def test_all_formats_hold_the_same_rows(sample_database: Path, tmp_path: Path) -> None:
    for form in ("csv", "json", "xlsx", "parquet"):
        output = tmp_path / f"renewals.{form}"
        arguments = ["--as-of", "2026-09-01", "--database", str(sample_database), "--output", str(output)]
        assert run(["report", "renewals", *arguments]) == 0
    with (tmp_path / "renewals.csv").open(encoding="utf-8") as file:
        expected = [row["agreement_id"] for row in csv.DictReader(file)]
    assert expected
    assert [row["agreement_id"] for row in json.loads((tmp_path / "renewals.json").read_bytes())] == expected
    assert pq.read_table(tmp_path / "renewals.parquet")["agreement_id"].to_pylist() == expected
    sheet = openpyxl.load_workbook(tmp_path / "renewals.xlsx").worksheets[0]
    assert [row[0] for row in sheet.iter_rows(min_row=2, values_only=True)] == expected


def test_a_format_weighs_more_than_the_name_of_the_file(sample_database: Path, tmp_path: Path) -> None:
    output = tmp_path / "response.csv"
    arguments = ["--format", "json", "--database", str(sample_database), "--output", str(output)]
    assert run(["report", "response", *arguments]) == 0
    assert [row["class"] for row in json.loads(output.read_bytes())] == ["access_down", "other"]


def test_a_file_that_cannot_be_written_is_named(
    sample_database: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "missing" / "renewals.csv"
    assert run(["report", "renewals", "--database", str(sample_database), "--output", str(output)]) == 1
    assert str(output) in capsys.readouterr().err


def test_filters_limit_the_rows(sample_database: Path, ask_for: AskFor) -> None:
    every = ask_for("agreements")
    one = every[0]["customer_id"]
    assert {row["customer_id"] for row in ask_for("agreements", "--customer", one)} == {one}
    two = sorted({row["customer_id"] for row in every})[:2]
    both = ask_for("agreements", "--customer", two[0], "--customer", two[1])
    assert sorted({row["customer_id"] for row in both}) == two
    manager = every[0]["account_manager"]
    customers = {row["customer_id"] for row in ask_for("agreements", "--account-manager", manager)}
    with Warehouse.open(sample_database) as warehouse:
        assert customers == set(
            warehouse.resolve(AS_OF, Filters(account_managers=(manager,)), SEES_ALL).customer_ids or ()
        )


def test_a_user_band_is_written_with_a_hyphen_or_a_dash(ask_for: AskFor) -> None:
    hyphen = ask_for("utilization", "--user-band", "10-24")
    assert hyphen
    assert ask_for("utilization", "--user-band", "10–24") == hyphen


def test_options_reach_the_report(ask_for: AskFor) -> None:
    assert len(ask_for("tickets_by_month", "--months", "3")) == 3
    last = AS_OF + timedelta(days=10)
    assert all(
        AS_OF.isoformat() <= row["due_on"] <= last.isoformat() for row in ask_for("deadlines", "--days", "10")
    )
    assert all(row["period_start"] >= "2026-01-01" for row in ask_for("invoicing", "--since", "2026-01-01"))


@pytest.mark.parametrize(
    "arguments",
    [
        ("renewals", "--customer", "no such customer"),
        ("renewals", "--account-manager", "Nobody"),
        ("renewals", "--user-band", "7-9"),
        ("renewals", "--days", "30"),
        ("response", "--months", "3"),
        ("data_problems", "--check", "no_such_check"),
    ],
)
def test_a_value_that_does_not_exist_has_status_2(
    arguments: tuple[str, ...], sample_database: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["report", *arguments, "--database", str(sample_database)]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert len(captured.err.splitlines()) == 1


def test_without_a_date_it_is_today(
    sample_database: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(module, "today", lambda: date(2025, 6, 30))
    assert run(["report", "retention", "--database", str(sample_database), "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)[0]["as_of"] == "2025-06-30"


def test_the_environment_names_the_database(
    sample_database: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CCINSIGHT_DATABASE", str(sample_database))
    assert run(["report", "response"]) == 0
    assert capsys.readouterr().out.startswith("class,tickets,")


def test_on_a_terminal_a_report_is_a_table(sample_database: Path) -> None:
    shown = _on_a_terminal("report", "response", "--as-of", "2026-09-01", "--database", str(sample_database))
    assert shown[0] == "First reply · as of 1 Sept 2026"
    assert any(line.startswith("─") for line in shown)


def test_a_workbook_is_not_for_a_terminal(sample_database: Path) -> None:
    shown = _on_a_terminal("report", "response", "--format", "xlsx", "--database", str(sample_database))
    assert "--output" in shown[-1]


def _on_a_terminal(*arguments: str) -> list[str]:
    """The lines that a command shows where its output is a terminal."""
    ours, theirs = pty.openpty()
    environment = {**os.environ, "CCINSIGHT_LANGUAGE": "en", "COLUMNS": "100"}
    with subprocess.Popen(
        [sys.executable, "-m", "ccinsight", *arguments], stdout=theirs, stderr=theirs, env=environment
    ):
        os.close(theirs)
        shown = b""
        try:
            while part := os.read(ours, 65_536):
                shown += part
        except OSError:  # Linux says so when the other end has closed
            pass
    os.close(ours)
    return shown.decode().replace("\r\n", "\n").splitlines()
