"""The commands on Spark: what they write, and the sentence and status where something is wrong."""

from __future__ import annotations

import runpy
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ccinsight.cli import run
from ccinsight.cli.words import speak
from ccinsight.errors import UsageError
from ccinsight.lake.layout import MODELS, TABLES
from ccinsight.lake.write import write_lake
from ccinsight.spark.report import report
from tests.spark.compared import WRITTEN_AT, Compared

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

DAY = "2026-03-15"


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGUAGE", "en")
    speak("en")


@pytest.fixture(scope="module")
def lake(sample_database: Path, tmp_path_factory: pytest.TempPathFactory, sql: Path) -> Path:
    """A lake that needs no Spark to be refused; not to be written to. Beside it a partner's."""
    folder = tmp_path_factory.mktemp("commands") / "lake"
    write_lake(sample_database, folder, written_at=WRITTEN_AT)
    shutil.copytree(folder, folder.with_name("group") / "partner=nord")
    shutil.copytree(folder, folder.with_name("bare"), ignore=shutil.ignore_patterns(MODELS))
    shutil.copytree(folder, folder.with_name("torn"), ignore=shutil.ignore_patterns("prices"))
    return folder


@pytest.mark.parametrize(
    ("arguments", "status", "sentence"),
    [
        ("build nowhere", 1, "The folder nowhere doesn't exist."),
        ("build .", 1, ". is no lake of ccinsight, or is being written: it has no tables."),
        ("build torn", 1, "The lake torn isn't whole: torn/tables/prices is missing."),
        ("build", 2, "Missing argument 'FOLDER'."),
        ("report deadlines nowhere --to a.csv", 1, "The folder nowhere doesn't exist."),
        (
            "report deadlines bare --to a.csv",
            1,
            "The lake bare has no models. Make them with: ccinsight spark build",
        ),
        ("report deadlines torn --to a.csv", 1, "The lake torn isn't whole"),
        ("report deadlines group --to a.csv", 1, "group holds several partners. Give the folder of one"),
        ("report nonsense lake --to a.csv", 2, "There is no report nonsense."),
        ("report deadlines lake", 2, "Missing option '--to'."),
        ("report deadlines", 2, "Missing argument 'FOLDER'."),
        ("report deadlines lake --to a.csv --as-of", 2, "Option '--as-of' requires an argument."),
        ("report deadlines lake --to a.csv --as-of 2026-02-30", 2, "“2026-02-30” is not a date."),
        ("report deadlines lake --to a.csv --as-of 1899-12-31", 2, "1899-12-31 is too early or too late."),
        ("report deadlines lake --to a.csv --days -1", 2, "-1 is not in the range 0<=x<=36600."),
        ("report deadlines lake --to a.csv --months 3", 2, "The report deadlines has no option months."),
        (
            "report data_problems lake --to a.csv --check nonsense",
            2,
            "There is no check nonsense. These exist: ",
        ),
        (
            "report deadlines lake --to a.csv --check rate_unknown",
            2,
            "The report deadlines has no option check.",
        ),
        ("report deadlines lake --to absent/a.csv", 1, "The folder absent doesn't exist."),
        ("report deadlines lake --to a.csv --sideways", 2, "No such option '--sideways'."),
    ],
)
def test_what_is_wrong_is_said_before_spark_starts(
    lake: Path,
    arguments: str,
    status: int,
    sentence: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def start() -> None:
        raise AssertionError("Spark was started")

    monkeypatch.setattr("ccinsight.spark.session.start", start)
    monkeypatch.chdir(lake.parent)

    assert run(["spark", *arguments.split()]) == status
    said = capsys.readouterr()
    assert sentence in said.err and "Traceback" not in said.err, said.err
    assert said.out == "" and not Path("a.csv").exists()


def test_the_module_says_what_is_wrong_as_the_command_does(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "ccinsight.spark", "build", "nowhere"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert len(done.stderr.splitlines()) == 1 and "nowhere" in done.stderr


def _as_duckdb_writes_it(example: Compared, arguments: list[str], output: Path) -> str:
    # a file of its own: the example's is open already
    database = shutil.copy2(Path(example.lake.folder).with_name("example.duckdb"), output.parent)
    assert run(["report", *arguments, "--database", str(database), "--output", str(output)]) == 0
    return output.read_text("utf-8-sig")


def test_a_report_is_the_file_that_duckdb_writes(
    example: Compared, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = [part for customer in example.few for part in ("--customer", customer)]
    arguments = ["deadlines", "--as-of", DAY, "--days", "400", *few]
    expected = _as_duckdb_writes_it(example, arguments, tmp_path / "duckdb.csv")
    output = tmp_path / "spark.csv"
    name, *rest = arguments
    monkeypatch.setattr(sys, "argv", ["", "report", name, example.lake.folder, *rest, "--to", str(output)])

    with pytest.raises(SystemExit) as left:  # `python -m ccinsight.spark` in the session that runs
        runpy.run_module("ccinsight.spark", run_name="__main__")

    assert left.value.code == 0
    assert output.read_text("utf-8-sig") == expected
    assert len(expected.splitlines()) > 10


def test_without_a_date_a_report_is_of_today(
    example: Compared, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ccinsight.cli.spark.today", lambda: date(2025, 9, 15))
    expected = _as_duckdb_writes_it(example, ["retention", "--as-of", "2025-09-15"], tmp_path / "duckdb.json")
    output = tmp_path / "spark.json"
    assert run(["spark", "report", "retention", example.lake.folder, "--to", str(output)]) == 0
    assert output.read_text("utf-8-sig") == expected


def test_a_customer_that_is_not_there_is_named(
    example: Compared, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "a.csv"
    given = ["--as-of", DAY, "--customer", "nobody", "--to", str(output)]

    assert run(["spark", "report", "data_age", example.lake.folder, *given]) == 2
    assert capsys.readouterr().err == "ccinsight: There is no customer nobody.\n"
    assert not output.exists()


@pytest.mark.parametrize("command", ["build FOLDER", f"report deadlines FOLDER --as-of {DAY} --to a.csv"])
def test_a_damaged_file_is_named(
    session: SparkSession, lake: Path, command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(lake, tmp_path / "lake")
    (file,) = (tmp_path / "lake" / TABLES / "agreements").iterdir()
    file.write_bytes(b"no Parquet")

    assert run(["spark", *command.replace("FOLDER", str(tmp_path / "lake")).split()]) == 1
    said = capsys.readouterr().err
    assert f"Spark stopped at the lake {tmp_path}/lake. " in said and "Traceback" not in said


def test_a_mark_without_a_value_is_refused(example: Compared) -> None:
    with pytest.raises(UsageError, match="marks: number 1 has no "):
        report(example.lake, "duties", WRITTEN_AT.date(), marks=[{"kind": "deadline"}])
