"""``ccinsight watch``: once, until SIGTERM, and killed on the way."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from ccinsight.cli import run
from ccinsight.cli.words import speak
from ccinsight.integrations.watch import receipts
from tests.integrations.watch.conftest import tickets

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with a folder ``inn`` in it."""
    monkeypatch.setenv("CCINSIGHT_LANGUAGE", "en")
    speak("en")
    monkeypatch.chdir(tmp_path)
    inn = tmp_path / "inn"
    inn.mkdir()
    return inn


def test_once(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder.joinpath("saker.csv").write_text(tickets(1))
    folder.joinpath("letter.docx").write_text("x")
    assert run(["watch", "inn", "--once", "--settle", "0.01"]) == 0
    captured = capsys.readouterr()
    assert "saker.csv: imported" in captured.out
    assert "letter.docx" in captured.err
    assert run(["watch", "inn", "--once", "--settle", "0"]) == 0
    folder.joinpath("weather.csv").write_text("day;rain\n")
    assert run(["watch", "inn", "--once", "--settle", "0"]) == 1
    assert "Correct the file" in capsys.readouterr().out


def test_what_cannot_be_watched(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["watch", "nowhere", "--once"]) == 1
    assert "nowhere" in capsys.readouterr().err
    assert run(["watch", "inn", "--once", "--database", "inn/ccinsight.duckdb"]) == 1
    assert "The database lies in" in capsys.readouterr().err
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("stopping", [signal.SIGTERM, signal.SIGINT])
def test_it_watches_until_it_is_stopped(folder: Path, stopping: signal.Signals) -> None:
    folder.joinpath("saker.csv").write_text(tickets(1))
    command = [sys.executable, "-m", "ccinsight", "watch", "inn", "--settle", "0.2", "--every", "0.1"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        until = time.monotonic() + 60
        while not list(folder.rglob("*.receipt.txt")) and time.monotonic() < until:
            time.sleep(0.05)
        assert run(["watch", "inn", "--once"]) == 1, "a second watch is refused"
        process.send_signal(stopping)
        out, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (0, "")
    assert "Watching" in out and "saker.csv: imported" in out


def test_a_broken_database_is_named_once_and_the_watch_goes_on(folder: Path) -> None:
    database, said = Path("ccinsight.duckdb"), Path("said")
    database.write_bytes(b"x" * 20_000)
    command = [sys.executable, "-m", "ccinsight", "watch", "inn", "--settle", "0.1", "--every", "0.1"]
    with (
        said.open("w") as err,
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=err, text=True) as process,
    ):
        _wait_for(lambda: bool(said.read_text()))
        folder.joinpath("saker.csv").write_text(tickets(1))
        time.sleep(1)
        database.unlink()
        _wait_for(lambda: bool(list(folder.rglob("*.receipt.txt"))))
        process.send_signal(signal.SIGTERM)
        out, _err = process.communicate(timeout=60)
    (line,) = said.read_text().splitlines()
    assert "ccinsight.duckdb is damaged or isn't a database of ccinsight" in line
    assert process.returncode == 0
    assert "saker.csv: imported" in out


def _wait_for(is_so: Callable[[], bool]) -> None:
    until = time.monotonic() + 60
    while not is_so() and time.monotonic() < until:
        time.sleep(0.05)


def test_once_says_what_is_wrong_with_the_database(capsys: pytest.CaptureFixture[str]) -> None:
    Path("ccinsight.duckdb").write_bytes(b"x" * 20_000)
    assert run(["watch", "inn", "--once", "--settle", "0"]) == 1
    assert "ccinsight.duckdb is damaged" in capsys.readouterr().err


@pytest.mark.parametrize("step", [13, 15], ids=["before the first move", "before its receipt"])
def test_a_killed_watch_is_ended_by_the_next(folder: Path, step: int) -> None:
    folder.joinpath("a.csv").write_text(tickets(1))
    folder.joinpath("b.csv").write_text("day;rain\n")
    arguments = ["watch", "inn", "--once", "--settle", "0"]
    killed = [sys.executable, "-m", "tests.robustness.killed", str(step), str(folder), "watch", str(folder)]
    command = [*killed, *arguments[2:], "--database", str(folder.parent / "ccinsight.duckdb")]
    assert subprocess.run(command, cwd=ROOT, check=False).returncode == -signal.SIGKILL
    assert (step == 13) == folder.joinpath("a.csv").exists()
    assert run(arguments) == 1
    assert [each.name for each in folder.iterdir() if each.suffix == ".csv"] == []
    newest = receipts.newest(Path("ccinsight.duckdb"), 9)
    assert {each.file: each.state.value for each in newest} == {"a.csv": "done", "b.csv": "failed"}
    assert all(each.path.with_name(f"{each.path.name}.receipt.txt").read_text() for each in newest)
