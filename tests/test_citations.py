"""Each rule, clause and file that the project cites is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ccinsight.registry import REPORTS

ROOT = Path(__file__).parents[1]
RULES = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8")
KNOWN = set(re.findall(r"^## (R\d+) ", RULES, re.MULTILINE)) | set(
    re.findall(r"^\| (A\d+) \|", RULES, re.MULTILINE)
)
PACKAGE = ROOT / "src" / "ccinsight"
# Files that a user makes.
OF_USERS = {
    "ccinsight.toml",
    "access.toml",
    "delivery.toml",
    ".streamlit/secrets.toml",
    "suggestions.toml",
    "risk.toml",
}
SUFFIXES = {".py", ".sql", ".toml", ".md"}
DOCUMENTS = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
CITING = [
    file
    for place in ("src", "docs", "tests", "pages")
    for file in sorted((ROOT / place).rglob("*"))
    if file.suffix in SUFFIXES and "node_modules" not in file.parts
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
    """Paths are from the root, the package, one of its packages, or the document's own folder."""
    cited = set(re.findall(r"`([\w./-]+\.(?:py|sql|toml|md))`", file.read_text(encoding="utf-8")))
    packages = [folder for folder in (*PACKAGE.glob("*"), *PACKAGE.glob("*/*")) if folder.is_dir()]
    places = (ROOT, PACKAGE, *packages, file.parent)
    assert not [name for name in cited - OF_USERS if not any((place / name).is_file() for place in places)]


@pytest.mark.parametrize("file", DOCUMENTS, ids=lambda file: str(file.relative_to(ROOT)))
def test_cited_reports_exist(file: Path) -> None:
    assert not _reports(file.read_text(encoding="utf-8")) - set(REPORTS)


def test_cited_reports_are_found() -> None:
    """On the command line, in SQL and in running text."""
    text = "`ccinsight report one --as-of D`, `report two` and the report `three`; \"from four(date '2026-03-01')\""
    assert _reports(text) == {"one", "two", "three", "four"}


def _reports(text: str) -> set[str]:
    """The names of reports that a document cites."""
    return set(re.findall(r"(?:ccinsight report |`report |\breports? `|\"from )([a-z]\w+)(?=[`\s(])", text))


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
