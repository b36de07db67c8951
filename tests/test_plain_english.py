"""The check of phrases finds them, and passes over lines that are marked."""

from __future__ import annotations

from tests.plain_english import findings


def test_a_phrase_is_found_with_its_line() -> None:
    assert list(findings("Parses dates.\nBuilt Anew, as told.\ndef test_it_is_told():\n")) == [
        (2, "Anew"),
        (3, "test_it_is_told"),
    ]


def test_parts_of_words_and_marked_lines_are_passed_over() -> None:
    assert not list(findings("A likestad.\nThe fortold.\nas told  # plain-english: ok\n"))
