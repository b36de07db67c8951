"""Each rule, clause and file that the project cites is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
RULES = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8")
KNOWN = set(re.findall(r"^## (R\d+) ", RULES, re.MULTILINE)) | set(
    re.findall(r"^\| (A\d+) \|", RULES, re.MULTILINE)
)
SUFFIXES = {".py", ".sql", ".toml", ".md"}
DOCUMENTS = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
CITING = [
    file
    for place in ("src", "docs", "tests", "pages")
    for file in sorted((ROOT / place).rglob("*"))
    if file.suffix in SUFFIXES
]
# In tests a word in quotes is data, such as an agreement's number.
QUOTED = re.compile(r"""(["'])[^"'\n]*\1""")


def _unknown(text: str) -> set[str]:
    return set(re.findall(r"(?<![\w-])[RA][1-9]\d?\b(?![:\w])", text)) - KNOWN


@pytest.mark.parametrize("file", [*CITING, *ROOT.glob("*.md")], ids=lambda file: str(file.relative_to(ROOT)))
def test_cited_rules_and_clauses_exist(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    if file.is_relative_to(ROOT / "tests"):
        text = QUOTED.sub("", text)
    assert not _unknown(text), "docs/rules.md has no such rule or clause"


def test_a_rule_that_does_not_exist_is_found() -> None:
    assert _unknown("by R6 and R98 (A14)") == {"R98", "A14"}


@pytest.mark.parametrize("file", DOCUMENTS, ids=lambda file: str(file.relative_to(ROOT)))
def test_cited_source_files_exist(file: Path) -> None:
    """Paths of Python and SQL files are from the root, the package, or the document's own folder."""
    cited = re.findall(r"`([\w./-]+\.(?:py|sql))`", file.read_text(encoding="utf-8"))
    places = (ROOT, ROOT / "src" / "ccinsight", file.parent)
    assert not [name for name in cited if not any((place / name).is_file() for place in places)]


def test_cited_functions_exist() -> None:
    """The walk through the code names each function or class with its file: `name` (`file.py`)."""
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    cited = re.findall(r"`(?:\w+\.)?(\w+)`\s\(`([\w/]+\.py)`\)", text)
    assert cited
    assert not [
        (name, file)
        for name, file in cited
        if not re.search(
            rf"(?:def|class) {name}\b", (ROOT / "src" / "ccinsight" / file).read_text(encoding="utf-8")
        )
    ]
