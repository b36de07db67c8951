"""Tokens in templates of the supplier's own, as ``{{customer}}``: the one syntax of letters and slides.

A token stands in one paragraph, however an editor split it into runs; capitals and spaces within the braces don't
count. A value takes the look of the run that the token begins in, and tokens within a value are not filled.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Any

_TOKEN = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")
_BRACES = re.compile(r"\{\{|\}\}")


def written(name: str) -> str:
    """The token as it stands in a template: ``{{customer}}``."""
    return f"{{{{{name}}}}}"


def names(text: str) -> list[str]:
    """The names of a text's tokens, in lower case and without spaces, in their order."""
    return [_name(found) for found in _TOKEN.findall(text)]


def has_stray_braces(text: str) -> bool:
    """True where a token is begun or ended alone."""
    return _BRACES.search(_TOKEN.sub("", text)) is not None


def nearest(name: str, known: Sequence[str]) -> str | None:
    """The known name that was probably meant; None where none is like it."""
    return next(iter(get_close_matches(name, known, n=1)), None)


def replaced(text: str, texts: Mapping[str, str]) -> str:
    """The text with values in the places of its tokens, all of which are in ``texts``."""
    return _TOKEN.sub(lambda match: texts[_name(match[1])], text)


def fill(parts: Sequence[Any], texts: Mapping[str, str]) -> bool:
    """Fills the tokens of a paragraph, whose texts are the elements ``parts``. False where there were none."""
    matches = list(_TOKEN.finditer("".join(part.text or "" for part in parts)))
    for match in reversed(matches):
        _put(parts, match.start(), match.end(), texts[_name(match[1])])
    return bool(matches)


def _name(found: str) -> str:
    return re.sub(r"\s+", "", found).lower()


def _put(parts: Sequence[Any], start: int, end: int, value: str) -> None:
    """Writes a value in the place of the characters from start to end of the parts' joined text."""
    at = 0
    for part in parts:
        text = part.text or ""
        first, last = max(start - at, 0), min(end - at, len(text))
        at += len(text)
        if first >= last:
            continue
        part.text = text[:first] + value + text[last:]
        value = ""
