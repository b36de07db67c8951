"""Texts as files for people can hold them: without the characters that XML and calendars allow nowhere.

What was imported stays as it came, and so do the exact files (CSV, JSON, Parquet). Whatever writes slides, sheets or
calendars passes its texts through here, so that texts of old databases, of notes and of settings are covered too.
"""

from __future__ import annotations

import re

# A vertical tab is the soft line break of Office; a form feed and a next line (U+0085) separate too.
_BREAKS = re.compile("[\x0b\x0c\x85]")
_LINE_ENDS = re.compile("\r\n?")
# Control characters but for tab and line feed, lone surrogates, and the two that are no characters.
_NOT_PRINTED = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_ANY = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def printable(text: str, line_break: str = " ") -> str:
    """The text without control characters: line ends as ``\\n``, a vertical tab as ``line_break``, others dropped."""
    if not _ANY.search(text):
        return text
    return _NOT_PRINTED.sub("", _BREAKS.sub(line_break, _LINE_ENDS.sub("\n", text)))


_RUN = ("=", "+", "-", "@", "\t", "\r", "\n")


def inert(text: str) -> str:
    """A text for a CSV file that a person opens: an apostrophe guards what a spreadsheet would run as a formula.

    An import drops the apostrophe. Numbers and dates need none: only texts of text columns come here.
    """
    return f"'{text}" if text.startswith(_RUN) else text
