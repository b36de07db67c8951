"""``ccinsight letters``: files, letters recorded and taken back, and clear refusals."""

from __future__ import annotations

from pathlib import Path

import pytest

from ccinsight.cli import run
from tests.documents.letters.small import AS_OF, imported, rows

NEW = ["--percent", "10", "--valid-from", "2026-04-01", "--as-of", str(AS_OF)]


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return imported(tmp_path_factory.mktemp("letters"))


def _run(capsys: pytest.CaptureFixture[str], database: Path, *arguments: str) -> tuple[int, str, str]:
    status = run(["letters", "--database", str(database), *arguments])
    said = capsys.readouterr()
    return status, said.out, said.err


def test_letters_are_written_recorded_and_taken_back(
    database: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, out, err = _run(capsys, database, "--to", str(tmp_path / "brev"), *NEW, "--language", "nb")
    assert (status, len(out.splitlines())) == (0, 2)
    assert "unknown: A-3" in err
    assert sorted(path.name[:15] for path in (tmp_path / "brev").iterdir()) == [
        "prisbrev_Fjell-",
        "prisbrev_Fjord-",
    ]

    assert _run(capsys, database, "--sent", "20.01.2026", *NEW, "--customer", "1")[:2] == (
        0,
        "1 letter is recorded as sent.\n",
    )
    assert [row["agreement_id"] for row in rows(database, "sent_letters")] == ["A-1"]
    # the list is stored now: without a plan the others' letters are left
    as_of = ("--as-of", str(AS_OF))
    status, out, err = _run(capsys, database, "--to", str(tmp_path / "e"), "--format", "eml", *as_of)
    assert (status, len(out.splitlines())) == (0, 1)
    assert "1 message has no recipient" in err

    # the other one on a day before: what is recorded is left, and refused where it is asked for
    earlier = ("--sent", "2026-01-19")
    status, _out, err = _run(capsys, database, *earlier, "--customer", "1")
    assert (status, "is recorded for agreement A-1 already" in err) == (1, True)
    status, out, err = _run(capsys, database, *earlier)
    assert (status, out) == (0, "1 letter is recorded as sent.\n")
    assert "1 letter was recorded before, and is left as it was." in err
    status, _out, err = _run(capsys, database, *earlier)
    assert (status, "already" in err) == (1, True)

    # letters about next year's list too: which are to be taken back must be said
    next_year = ("--valid-from", "2027-04-01")
    ahead = (
        "--sent",
        "2026-01-20",
        "--percent",
        "20",
        *next_year,
        "--customer",
        "1",
        "--as-of",
        "2026-01-20",
    )
    assert _run(capsys, database, *ahead)[0] == 0
    undo = ("--undo", "--customer", "1", *as_of)
    status, _out, err = _run(capsys, database, *undo)
    assert (status, len(rows(database, "sent_letters"))) == (2, 3)
    assert "CloudCare CRM from 1 Apr 2026, CloudCare CRM from 1 Apr 2027. Choose one with --valid-from" in err
    assert _run(capsys, database, *undo, *next_year, "--product", "Annet")[0] == 1
    assert _run(capsys, database, *undo, *next_year)[1] == "1 letter was taken back.\n"
    assert len(rows(database, "sent_letters")) == 2

    assert _run(capsys, database, *undo, "--customer", "2")[1] == "2 letters were taken back.\n"
    assert rows(database, "price_letters") == []


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        ([], 2, "Give one of --to, --sent and --undo."),
        (["--to", "x", "--undo"], 2, "Give one of --to, --sent and --undo."),
        (["--to", "x", "--percent", "5"], 2, "Give --percent and --valid-from together."),
        (["--to", "x", "--percent", "ti", "--valid-from", "2026-04-01"], 2, "“ti” is not a percentage"),
        (["--to", "x", *NEW, "--product", "Annet"], 1, "There is no price list of Annet to change."),
        (["--to", "x", *NEW, "--customer", "4"], 2, "There is no letter to send in time to 4."),
        (["--to", "x", *NEW, "--customer", "99"], 2, "There is no customer 99."),
        (["--to", "x", "--as-of", str(AS_OF)], 2, "There is no letter to send: no customer"),
        (["--to", "x", *NEW, "--template", "nowhere.docx"], 1, "nowhere.docx can't be read"),
        (
            ["--sent", "2026-01-20", "--percent", "10", "--valid-from", "2026-01-20"],
            1,
            "from a later day than its letters",
        ),
        (["--undo"], 2, "Name the customers"),
        (["--undo", "--customer", "1", "--percent", "5"], 2, "--undo takes no --percent"),
        (["--undo", "--customer", "1"], 1, "None of these letters is recorded as sent"),
    ],
)
def test_what_cannot_be_done_is_said(
    database: Path,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    status: int,
    message: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    found, _out, err = _run(capsys, database, *arguments)

    assert (found, list(tmp_path.iterdir())) == (status, [])
    assert message in err


def test_a_template_can_be_had_and_its_tokens(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["letters", "--tokens"]) == 0
    assert "{{terminate_by}}" in capsys.readouterr().out
    assert run(["letters", "--write-template", str(tmp_path / "mal.docx")]) == 0
    assert (tmp_path / "mal.docx").read_bytes()[:2] == b"PK"
