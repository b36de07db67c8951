"""The registry's texts for people: English message ids, which the catalogues translate."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator

from ccinsight.registry.columns import NO_TEXT
from ccinsight.registry.parsing import FILES

# The files of the registry that have texts for people.
TEXT_FILES = (*FILES, "explore.toml")
_TEXT_KEYS = ("title", "label", "unit", "description", "flaw")


def texts_of(source: str) -> Iterator[str]:
    """Every message id in the text of one of the registry's files, each once, in the file's order."""
    seen = set(NO_TEXT)
    for table in tomllib.loads(source).values():
        for text in _texts(table):
            if text not in seen:
                seen.add(text)
                yield text


def _texts(table: dict[str, object]) -> Iterator[str]:
    """A report's, a column's or a measure's own texts, or those of codes: ``active = "In force"``."""
    is_codes = "description" not in table
    for key, value in table.items():
        if isinstance(value, str) and (is_codes or key in _TEXT_KEYS):
            yield value
        elif isinstance(value, dict) and is_codes:
            yield from (str(value[part]) for part in _TEXT_KEYS if part in value)
