"""Exit statuses and messages: one sentence on stderr, never a traceback."""

from __future__ import annotations

import errno
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from ccinsight.cli import commands as module
from ccinsight.cli import run
from ccinsight.cli.options import make_folder
from ccinsight.cli.words import speak
from ccinsight.database.build import build_beside
from ccinsight.database.warehouse import Warehouse
from ccinsight.errors import CcinsightError, UsageError


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGUAGE", "en")
    speak("en")


def _failing(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    def fail(**_arguments: object) -> None:
        raise error

    monkeypatch.setattr(module.commands.commands["sample"], "callback", fail)


@pytest.mark.parametrize(
    ("error", "status", "message"),
    [
        (
            CcinsightError("No column customer_id in a.csv."),
            1,
            "ccinsight: No column customer_id in a.csv.\n",
        ),
        (UsageError("There is no customer 7."), 2, "ccinsight: There is no customer 7.\n"),
        (KeyboardInterrupt(), 130, "\nccinsight: Stopped.\n"),
        (
            PermissionError(errno.EACCES, "Permission denied", "a.csv"),
            1,
            "ccinsight: a.csv: Permission denied\n",
        ),
        (OSError(errno.ENOSPC, "No space left on device"), 1, "ccinsight: No space left on device\n"),
        (
            ValueError("two\nlines"),
            1,
            "ccinsight: Internal error in ccinsight: ValueError: two lines. "
            "Set CCINSIGHT_TRACEBACK=1 to see the traceback.\n",
        ),
    ],
)
def test_an_error_becomes_a_status_and_a_sentence(
    error: BaseException,
    status: int,
    message: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    _failing(monkeypatch, error)
    assert run(["sample", "somewhere"]) == status
    assert capsys.readouterr().err == message


def test_a_fault_shows_where_when_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CCINSIGHT_TRACEBACK", "1")
    _failing(monkeypatch, ZeroDivisionError())
    with pytest.raises(ZeroDivisionError):
        run(["sample", "somewhere"])


@pytest.mark.parametrize(
    "arguments",
    [
        "nonsense",
        "--nonsense",
        "import",
        "import a.csv --replace nonsense",
        "report",
        "report nonsense",
        "report renewals --as-of 2026-02-30",
        "report renewals --months 0",
        "report renewals --months twelve",
        "report invoicing --since yesterday",
        "report renewals --format pdf",
        "report renewals deadlines",
        "sample",
        "sample out --customers 0",
        "serve --port 70000",
        "settings",
        "rejects",
    ],
)
def test_bad_usage_has_status_2_and_a_message(
    arguments: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(arguments.split()) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.strip()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "command",
    [
        "report renewals",
        "rejects --output r.csv",
        "tokens add --everything --name Excel",
        "tokens list",
        "tokens revoke 1",
        "calendar add --everything",
        "calendar list",
        "alerts rules",
        "alerts list",
        "alerts remove 1",
        "alerts run",
    ],
)
def test_a_missing_database_is_named_with_what_to_do(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(command.split()) == 1
    assert "ccinsight.duckdb" in (error := capsys.readouterr().err)
    assert "ccinsight import" in error
    assert list(tmp_path.iterdir()) == []


def test_a_file_where_a_folder_belongs_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (file := tmp_path / "list.csv").write_text("a;b")
    (folder := tmp_path / "new" / "folder").parent.mkdir()
    make_folder(folder / "files")
    with pytest.raises(UsageError, match=r"list\.csv is a file, not a folder"):
        make_folder(file)
    monkeypatch.chdir(tmp_path)
    for command in ("watch list.csv --once", "lake collect list.csv"):
        assert run(command.split()) == 1
        assert "list.csv is a file, not a folder." in capsys.readouterr().err


def test_a_file_that_is_no_database_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "notes.duckdb"
    file.write_text("not a database")
    assert run(["report", "renewals", "--database", str(file)]) == 1
    assert "notes.duckdb" in capsys.readouterr().err
    assert file.read_text() == "not a database"


# DuckDB reads a file's name up to the first dot, in any case of letters; a leading dot isn't the first.
_NAMES = "model.duckdb", "Stored.2026.db", "previous", ".alike.duckdb", "model?.duckdb"


def _all_commands(group: click.Group, *before: str) -> Iterator[tuple[list[str], click.Command]]:
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from _all_commands(command, *before, name)
        else:
            yield [*before, name], command


def test_a_path_that_a_database_cant_have_is_refused_before_anything_is_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    refused = {
        **dict.fromkeys(_NAMES, "is reserved"),
        f"{'å' * 99}.duckdb": "too long",
        "folder": "is a folder",
    }
    (tmp_path / "folder").mkdir()
    with_database = [
        names
        for names, command in _all_commands(module.commands)
        if any(each.name == "database" for each in command.params)
    ]
    assert ["serve"] in with_database and ["lake", "collect"] in with_database and len(with_database) > 30
    for name, what in refused.items():
        for command in with_database if name == "model.duckdb" else with_database[:3]:
            assert run([*command, "--database", str(tmp_path / name)]) == 2, command
            error = capsys.readouterr().err
            assert what in error and str(tmp_path / name) in error, command
    assert [path.name for path in tmp_path.iterdir()] == ["folder"]
    with pytest.raises(UsageError, match="reserved"):
        Warehouse.open(tmp_path / "model.duckdb")


def test_a_database_may_have_any_other_name(tmp_path: Path) -> None:
    file = tmp_path / "models.model o'b \"#%20? ø;.db"
    for _time in range(2):  # the second build reads the first
        with build_beside(file):
            pass
    with Warehouse.open(file) as house:
        assert house.build_id


def test_the_systems_and_clicks_own_words_are_norwegian_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    speak("nb")
    for command, sentence in {
        "settings --config none.toml": "none.toml kan ikke leses: filen eller mappen finnes ikke.",
        f"mapping {tmp_path}": f"{tmp_path} kan ikke leses: det er en mappe.",
        "sample out more": "Uventet argument: more",
        "sample out --customers": "Valget '--customers' krever 1 verdi.",
        "sample out --customers x": "'x' er ikke et gyldig tall",
        "repor": "Mente du en av disse: 'explore', 'report', 'restore'?",
        "report renewals --format pdf": "'pdf' er ikke en av 'table'",
    }.items():
        assert run(command.split()) > 0
        assert sentence in capsys.readouterr().err, command


def test_a_reader_that_stops_reading_gets_no_message() -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "ccinsight", "report", "--list"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None and process.stderr is not None
    process.stdout.close()
    assert process.stderr.read() == b""
    process.stderr.close()
    process.wait()


def test_help_and_version_load_nothing_heavy() -> None:
    heavy = ("streamlit", "pandas", "plotly", "duckdb", "pyarrow", "rich")
    code = (
        "import sys; from ccinsight.cli import run\n"
        "run(['--help']); run(['report', '--help']); run(['--version'])\n"
        f"print([name for name in {heavy} if name in sys.modules])"
    )
    output = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert output.splitlines()[-1] == "[]"


def test_help_is_in_the_terminals_language() -> None:
    def help_in(language: str) -> str:
        environment = {"CCINSIGHT_LANGUAGE": language, "PATH": ""}
        command = [sys.executable, "-m", "ccinsight", "report", "--help"]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout

    assert "Only this customer." in help_in("en")
    assert "Only this customer." not in help_in("nb")
    assert "Usage:" not in help_in("nb")


def test_every_command_and_option_has_a_help_text() -> None:
    for name, command in module.commands.commands.items():
        assert command.help, name
        for parameter in command.params:
            if isinstance(parameter, click.Option):
                assert parameter.help, f"{name} {parameter.opts}"


def test_stopping_an_import_says_so(tmp_path: Path) -> None:
    code = (
        "import os, signal, sys; from ccinsight.cli import commands, main\n"
        "def wait(**_): os.kill(os.getpid(), signal.SIGINT)\n"
        "commands.commands.commands['sample'].callback = wait\n"
        "main(['sample', 'x'])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 128 + signal.SIGINT
    assert "Traceback" not in done.stderr
