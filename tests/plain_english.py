"""Finds phrases of the project's former private idiom: ``python -m tests.plain_english``, run by ``make check``.

A line that means one of them literally ends in a comment with ``plain-english: ok``.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
# Each phrase with what to write instead.
PHRASES = {
    r"\b(?:test_\w*_)?told\b": "detected, reported, distinguished, passed",
    r"\blikest\b": "best-matching, looks most like",
    r"\banew\b": "again, re-…",
    r"\bbeneath\b": "below",
    r"\bfor one who\b": "for a caller that …",
    r"\bis none that\b": "is not recognised",
    r"\bkept aside\b": "ignored",
    r"\blies apart\b": "is stored in …",
    r"\bthe news that\b": "that …",
    r"\bpassed over\b": "skipped, ignored",
    r"\bbrought again\b": "imported again",
    r"\bin silence\b": "silently",
    r"\b(?:comes|come) whole\b": "full list",
    r"\bfor who (?:needs|sees|doesn't|is|has)\b": "for callers that …, for a reader who …",
}
_ANY = re.compile("|".join(PHRASES), re.IGNORECASE)
_SUFFIXES = {".py", ".sql", ".toml", ".md", ".po", ".yml"}
_ALLOWED = "plain-english: ok"


def findings(text: str) -> Iterator[tuple[int, str]]:
    """The number of each line of a text that has such a phrase, and the phrase."""
    for number, line in enumerate(text.splitlines(), start=1):
        if _ALLOWED not in line and (found := _ANY.search(line)):
            yield number, found[0]


def _files() -> Iterator[Path]:
    """The files that git knows, and new ones that it doesn't ignore, but for this list of phrases."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    for name in listed.stdout.splitlines():
        path = ROOT / name
        if path.suffix in _SUFFIXES and path != Path(__file__) and path.name != "test_plain_english.py":
            yield path


def main() -> int:
    """Prints each finding; 1 if there is any."""
    count = 0
    for path in _files():
        if path.is_file():
            for number, phrase in findings(path.read_text(encoding="utf-8")):
                instead = next(PHRASES[key] for key in PHRASES if re.fullmatch(key, phrase, re.IGNORECASE))
                print(f"{path.relative_to(ROOT)}:{number}: “{phrase}”: write {instead}")
                count += 1
    return min(count, 1)


if __name__ == "__main__":
    sys.exit(main())
