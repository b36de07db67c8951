"""Texts that come with characters that XML and calendars allow nowhere."""

import sys
from xml.etree import ElementTree

import pytest

from ccinsight.printable import inert, printable


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Utskrift\x0bVIDERE", "Utskrift VIDERE"),
        ("side\x0cskift", "side skift"),
        ("Ring\x07klokke", "Ringklokke"),
        ("a\r\nb\rc", "a\nb\nc"),
        ("tab\tog\nlinje", "tab\tog\nlinje"),
        ("null\x00byte", "nullbyte"),
        ("halv\ud800t", "halvt"),
        ("slutt\ufffe\uffff", "slutt"),
        ("æøå 🙂 \u00a0 “”", "æøå 🙂 \u00a0 “”"),
    ],
)
def test_what_can_not_be_written_is_dropped_and_breaks_become_spaces(text: str, shown: str) -> None:
    assert printable(text) == shown


def test_a_soft_break_can_be_a_line_break() -> None:
    assert printable("en\x0bto", line_break="\n") == "en\nto"


def test_every_character_of_unicode_can_be_parsed_as_xml_afterwards() -> None:
    everything = printable("".join(map(chr, range(sys.maxunicode + 1))))
    escaped = everything.replace("&", "&amp;").replace("<", "&lt;").replace("]]>", "")

    parsed = ElementTree.fromstring(f"<t>{escaped}</t>")

    assert parsed.text == everything
    assert len(everything) > 1_100_000


@pytest.mark.parametrize(
    "text", ['=HYPERLINK("http://x")', "+1+2", "-2+3", "@sum(a1)", "\t=1", "\r=1", "\n=1"]
)
def test_a_text_that_a_spreadsheet_would_run_is_guarded(text: str) -> None:
    assert inert(text) == f"'{text}"


@pytest.mark.parametrize("text", ["Fjord AS", "a=b", "1-2", "", " =1", "'=1"])
def test_any_other_text_stays(text: str) -> None:
    assert inert(text) == text
