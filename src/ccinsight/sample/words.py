"""The words that the sample is made of, from ``words.toml``."""

from __future__ import annotations

import tomllib
from pathlib import Path

_WORDS = tomllib.loads(Path(__file__).with_name("words.toml").read_text("utf-8"))


def _list(name: str) -> tuple[str, ...]:
    return tuple(str(word) for word in _WORDS[name])


PLACE_STARTS = _list("place_starts")
PLACE_ENDS = _list("place_ends")
TRADES = _list("trades")
LEGAL_FORMS = _list("legal_forms")
ACCOUNT_MANAGERS = _list("account_managers")
SUPPORT_STAFF = _list("support_staff")
FIRST_NAMES = _list("first_names")
LAST_NAMES = _list("last_names")
MEETING_NOTES = _list("meeting_notes")
COURSE_NOTES = _list("course_notes")
AGREEMENT_NOTES = _list("agreement_notes")
