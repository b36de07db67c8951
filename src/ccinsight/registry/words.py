"""What people call pages, figures, reports and settings, for the finder: ``words.toml``, read and checked once."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ccinsight.validation import Table

FILE = Path(__file__).with_name("words.toml")


@dataclass(frozen=True)
class Place:
    """Where a figure or a report is shown: the page, parameters of its address, the tab that is open; and its words."""

    page: str
    words: tuple[str, ...]
    parameters: Mapping[str, str]
    tab: str = ""


@dataclass(frozen=True)
class Words:
    """The words of each page and setting, and each figure's and report's place; ``ignored``: words that say nothing."""

    ignored: tuple[str, ...]
    pages: Mapping[str, tuple[str, ...]]
    figures: Mapping[str, Place]
    reports: Mapping[str, Place]
    settings: Mapping[str, tuple[str, ...]]


@cache
def words() -> Words:
    """The words of this ccinsight."""
    return parse(FILE.read_text(encoding="utf-8"))


def parse(source: str) -> Words:
    """The words in a text of TOML. Raises CcinsightError naming the file, the key and what is wrong."""
    file = Table(FILE.name, "", tomllib.loads(source))
    found = Words(
        ignored=file.needed("ignored").texts(),
        pages=_words(file.table("pages")),
        figures=_places(file.table("figures")),
        reports=_places(file.table("reports")),
        settings=_words(file.table("settings")),
    )
    file.refuse_the_rest()
    return found


def _words(table: Table) -> dict[str, tuple[str, ...]]:
    return {name: entry.texts() for name, entry in table.entries()}


def _places(table: Table) -> dict[str, Place]:
    return {name: _place(entry.as_table()) for name, entry in table.entries()}


def _place(table: Table) -> Place:
    tab = table.take("tab")
    place = Place(
        page=table.needed("page").text(),
        words=table.needed("words").texts(),
        parameters={name: entry.text() for name, entry in table.table("parameters").entries()},
        tab=tab.text() if tab else "",
    )
    table.refuse_the_rest()
    return place
