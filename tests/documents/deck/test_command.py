"""``ccinsight brief``: which files it writes, for whom, and what it says where it can't."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from ccinsight.cli import run


@pytest.fixture
def database(monkeypatch: pytest.MonkeyPatch, sample_database: Path) -> Path:
    monkeypatch.setenv("CCINSIGHT_DATABASE", str(sample_database))
    return sample_database


def _brief(*arguments: str) -> int:
    return run(["brief", "--as-of", "2026-11-01", *arguments])


def test_one_customer_in_a_language(database: Path, tmp_path: Path) -> None:
    folder = tmp_path / "møter" / "nå"

    assert (
        _brief("--customer", "1004", "--output", str(folder), "--language", "nb", "--annex", "--presenter")
        == 0
    )

    stem = "statusmøte_2026-11-01_1004_Orreøy-Bygg-AS"
    assert sorted(path.name for path in folder.iterdir()) == [
        f"{stem}.pptx",
        f"{stem}.xlsx",
        f"{stem}_intern-presentatørutgave.pptx",
        f"{stem}_internt-vedlegg.pptx",
        f"{stem}_internt-vedlegg.xlsx",
    ]


def test_all_whose_deadline_is_near(
    database: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _brief("--due-within", "20", "--output", str(tmp_path), "--language", "en") == 0

    files = list(tmp_path.iterdir())
    assert capsys.readouterr().out.count("\n") == len(files)
    assert len(files) >= 2
    assert not [path for path in files if "internal" in path.name]


def test_a_pdf_beside_the_deck_or_alone(database: Path, tmp_path: Path) -> None:
    stem = "status-meeting_2026-11-01_1042_Kveldnes-Forlag-AS"
    command = ("--customer", "1042", "--language", "en", "--format", "pdf")

    assert _brief(*command, "--output", str(tmp_path / "one")) == 0
    assert _brief(*command, "--format", "pptx", "--format", "html", "--output", str(tmp_path / "all")) == 0

    assert [file.name for file in (tmp_path / "one").iterdir()] == [f"{stem}.pdf"]
    names = sorted(file.name for file in (tmp_path / "all").iterdir())
    assert names == [f"{stem}.html", f"{stem}.pdf", f"{stem}.pptx", f"{stem}.xlsx"]
    assert (tmp_path / "all" / f"{stem}.pdf").read_bytes() == (tmp_path / "one" / f"{stem}.pdf").read_bytes()


def test_without_typst_no_pdf_is_begun(
    database: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "typst", None)

    assert _brief("--customer", "1042", "--format", "pdf", "--output", str(tmp_path / "out")) == 1

    assert 'pip install "ccinsight[pdf]"' in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_nobody_is_due(database: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert (
        run(["brief", "--as-of", "2001-01-01", "--due-within", "3", "--output", str(tmp_path / "none")]) == 0
    )

    assert capsys.readouterr().out
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize("arguments", [("--customer", "77"), ()])
def test_an_unknown_customer_or_none_is_asked_for_wrongly(
    database: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...]
) -> None:
    assert _brief(*arguments, "--output", str(tmp_path / "none")) == 2

    assert ("77" if arguments else "--customer") in capsys.readouterr().err
    assert not (tmp_path / "none").exists()


def test_a_folder_that_is_a_file_is_named(
    database: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "taken").write_text("")

    assert _brief("--customer", "1004", "--output", str(tmp_path / "taken")) == 2

    assert "taken" in capsys.readouterr().err
