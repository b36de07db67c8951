"""``ccinsight explore``: the figures as a table to read and as rows, and what can't be asked."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from ccinsight.cli import run
from ccinsight.cli.words import speak
from ccinsight.registry.explore import EXPLORE


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGUAGE", "en")
    speak("en")


def _printed(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert run(["explore", *arguments]) == 0
    return capsys.readouterr().out


def test_rows_totals_and_a_table_to_read(sample_database: Path, capsys: pytest.CaptureFixture[str]) -> None:
    given = (
        "tickets",
        "minutes",
        "--by",
        "channel",
        "--as-of",
        "2026-03-01",
        "--database",
        str(sample_database),
    )
    plain = list(csv.DictReader(io.StringIO(_printed(capsys, *given))))
    assert list(plain[0]) == ["channel", "tickets", "minutes", "minutes_left_out"]
    rows = list(csv.DictReader(io.StringIO(_printed(capsys, *given, "--totals"))))
    assert [row["level"] for row in rows] == ["detail"] * len(plain) + ["total"]
    assert int(rows[-1]["tickets"]) == sum(int(row["tickets"]) for row in plain)
    one = list(csv.DictReader(io.StringIO(_printed(capsys, *given, "--customer", "1004"))))
    assert 0 < sum(int(row["tickets"]) for row in one) < int(rows[-1]["tickets"])
    table = _printed(capsys, *given, "--by", "month", "--totals", "--format", "table").splitlines()
    assert table[0].startswith("Explore · as of 1 Mar 2026")
    assert table[-1].split()[:2] == ["Total", "Total"]


def test_the_list_names_every_measure_and_dimension(capsys: pytest.CaptureFixture[str]) -> None:
    words = _printed(capsys, "--list").replace(",", " ").split()
    assert {*EXPLORE.measures, *EXPLORE.dimensions} <= set(words)


@pytest.mark.parametrize(
    "arguments, said",
    [
        ((), "at least one measure"),
        (("arr", "--by", "channel"), "arr can't be broken down by channel"),
        (("nonsense",), "no measure nonsense"),
        (("tickets", "--from", "yesterday"), "not a date"),
        (("tickets", "--from", "2026-03-02", "--as-of", "2026-03-01"), "begins after 1 Mar 2026"),
    ],
)
def test_what_cant_be_asked_is_said(
    arguments: tuple[str, ...], said: str, sample_database: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["explore", *arguments, "--database", str(sample_database)]) == 2
    assert said in capsys.readouterr().err
