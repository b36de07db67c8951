"""The process that sets a PDF: without Typst, out of time, or with a fault, a sentence says so; and the look."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import pytest

from ccinsight.documents.content.look import readable
from ccinsight.documents.pdf.typesetting import typeset
from ccinsight.errors import CcinsightError
from ccinsight.settings.parsing import parse_settings

DAY = date(2026, 3, 15)


def test_without_typst_the_sentence_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    python = tmp_path / "python"
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" -S "$@"\n')
    python.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(python))

    with pytest.raises(CcinsightError, match=r'pip install "ccinsight\[pdf\]"'):
        typeset([{}], DAY, None)


def test_what_takes_too_long_is_stopped() -> None:
    with pytest.raises(CcinsightError, match="longer than"):
        typeset([{}], DAY, None, seconds=0.01)


def test_a_fault_of_typst_is_said_in_a_line() -> None:
    with pytest.raises(CcinsightError, match="could not be set: ") as raised:
        typeset([{"accent": "#000000"}], DAY, None)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(("colour", "used"), [("#1b5e9b", "#1b5e9b"), ("#000000", "#000000")])
def test_a_dark_colour_is_used_as_it_is(colour: str, used: str) -> None:
    assert readable(colour) == used


def test_a_light_colour_is_darkened_until_it_can_be_read() -> None:
    red, green, blue = (int(readable("#ffe600")[at : at + 2], 16) for at in (1, 3, 5))
    assert red < 150 and blue == 0
    assert abs(green / red - 0xE6 / 0xFF) < 0.02


def test_the_settings_name_colour_and_logo() -> None:
    deck = parse_settings('[deck]\ncolour = "#9b1b5e"\nlogo = "fjell.svg"\n', None).deck
    assert (deck.colour, deck.logo) == ("#9b1b5e", "fjell.svg")
    with pytest.raises(CcinsightError, match=r"deck.*colour"):
        parse_settings('[deck]\ncolour = "blue"\n', None)
