"""A report as text for a terminal."""

from __future__ import annotations

from decimal import Decimal

import pytest

from ccinsight.cli.text_table import as_text
from ccinsight.i18n import set_language
from ccinsight.registry import Column

NAME = Column("name", "Name", "text", "")
VALUE = Column("value", "Value", "amount", "", unit="kr")
NOTE = Column("note", "Note", "text", "")
ROWS = [("Fjord", Decimal("1234.60"), "a"), ("Ås", None, "b")]


@pytest.fixture(autouse=True)
def english() -> None:
    set_language("en")


def test_numbers_stand_to_the_right_and_unknown_is_named() -> None:
    assert as_text([NAME, VALUE, NOTE], ROWS, None).splitlines() == [
        "Name      Value  Note",
        "             kr",
        "─────  ────────  ────",
        "Fjord  1,235\N{NO-BREAK SPACE}kr  a",
        "Ås      unknown  b",
    ]


def test_columns_that_do_not_fit_are_named_beneath() -> None:
    text = as_text([NAME, VALUE, NOTE], ROWS, 15)
    assert text.splitlines()[0] == "Name      Value"
    assert text.splitlines()[-1] == "1 more column: note. A wider terminal or --format csv shows it."


def test_the_first_column_is_shown_however_narrow_the_terminal() -> None:
    assert as_text([NAME, VALUE], [("Fjord", 1)], 2).splitlines()[0] == "Name"


def test_a_long_text_is_cut_on_a_terminal_and_whole_elsewhere() -> None:
    rows = [("x" * 60, 1, "")]
    assert "x" * 31 + "…" in as_text([NAME, VALUE, NOTE], rows, 80)
    assert "x" * 60 in as_text([NAME, VALUE, NOTE], rows, None)


def test_no_rows_say_so() -> None:
    assert as_text([NAME], [], 80) == "No rows.\n"
