"""Why agreements were terminated: given, changed, taken back, by day, and gone with who is forgotten."""

from __future__ import annotations

import re
from datetime import date, datetime
from pathlib import Path

import pytest

from ccinsight.errors import CcinsightError
from ccinsight.notes import Notes
from ccinsight.notes.terminations import LONGEST_NOTE, TerminationReasons
from ccinsight.settings.parsing import default_settings, parse_settings

AT = datetime(2026, 3, 10, 9, 0)
TODAY = AT.date()


@pytest.fixture
def reasons(tmp_path: Path) -> TerminationReasons:
    return TerminationReasons.beside(tmp_path / "a.duckdb")


@pytest.fixture
def notes(tmp_path: Path) -> Notes:
    return Notes.beside(tmp_path / "a.duckdb")


def _give(
    reasons: TerminationReasons, reason: str | None, note: str = "", agreement: str = "A-1", on: date = TODAY
) -> None:
    reasons.give(
        agreement, agreement.removeprefix("A-"), reason, note, given_on=on, saved_at=AT, saved_by="Kari"
    )


def _said(reasons: TerminationReasons, on: date = TODAY) -> dict[str, tuple[str | None, str]]:
    return {key: (each.reason, each.note) for key, each in reasons.known(on).items()}


def test_a_reason_is_given_changed_and_taken_back(reasons: TerminationReasons, notes: Notes) -> None:
    assert reasons.known(TODAY) == {}
    assert not notes.path.exists()  # reading makes no file
    _give(reasons, "Pris")
    _give(reasons, "Konkurs", "Boet er åpnet\x07")
    _give(reasons, None, "Ringte", "A-2")
    assert _said(reasons) == {"A-1": ("Konkurs", "Boet er åpnet"), "A-2": (None, "Ringte")}
    assert reasons.known(TODAY)["A-1"].saved_by == "Kari"
    newest = reasons.known(TODAY)["A-1"]
    reasons.take_back(newest, undone_at=AT, undone_by="Ola")
    assert _said(reasons)["A-1"] == ("Pris", "")
    with pytest.raises(CcinsightError, match="taken back already"):  # a second click
        reasons.take_back(newest, undone_at=AT)
    assert _said(reasons)["A-1"] == ("Pris", "")
    reasons.take_back(reasons.known(TODAY)["A-1"], undone_at=AT)
    assert "A-1" not in _said(reasons)


def test_what_an_earlier_day_shows_is_what_is_taken_back(reasons: TerminationReasons) -> None:
    _give(reasons, "Pris", on=date(2026, 2, 1))
    _give(reasons, "Konkurs")
    reasons.take_back(reasons.known(date(2026, 2, 15))["A-1"], undone_at=AT)
    assert _said(reasons, date(2026, 2, 15)) == {}
    assert _said(reasons) == {"A-1": ("Konkurs", "")}


def test_it_holds_from_its_day_on(reasons: TerminationReasons) -> None:
    _give(reasons, "Pris", on=date(2026, 2, 1))
    assert _said(reasons, date(2026, 1, 31)) == {}
    assert _said(reasons, date(2026, 2, 1)) == {"A-1": ("Pris", "")}
    for faulty in ((None, " "), ("Pris", "x" * (LONGEST_NOTE + 1))):
        with pytest.raises(CcinsightError):
            _give(reasons, *faulty)
    with pytest.raises(CcinsightError, match="ahead"):
        _give(reasons, "Pris", on=date(2026, 3, 11))


def test_it_goes_with_who_is_forgotten(reasons: TerminationReasons, notes: Notes) -> None:
    _give(reasons, "Pris", "Kari Nordmann ringte")
    _give(reasons, "Annet", "", "A-2")
    name = re.compile("Kari Nordmann")
    assert (notes.count_quoting(name), notes.redact(name)) == (1, 1)
    assert _said(reasons)["A-1"] == ("Pris", "… ringte")
    assert b"Kari Nordmann" not in notes.path.read_bytes()
    assert (notes.count_of("1"), notes.forget_customer("1")) == (1, 1)
    assert set(_said(reasons)) == {"A-2"}
    notes.check()


def test_the_list_of_reasons_is_a_setting() -> None:
    assert default_settings().terminations[0] == "Pris"
    own = parse_settings('[terminations]\nreasons = ["Flyttet", " Annet "]', None)
    assert own.terminations == ("Flyttet", "Annet")
    for faulty in ("[]", '"Pris"', f'["{"x" * 61}"]', "[1]"):
        with pytest.raises(CcinsightError, match=r"terminations\.reasons"):
            parse_settings(f"[terminations]\nreasons = {faulty}", None)
