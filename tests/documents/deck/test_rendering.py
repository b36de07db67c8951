"""The decks as LibreOffice draws them: as many pages as slides, and no word outside its shape.

Drawn with the font that a deck names, or one as wide, and with the wide one that stands in where it is missing.
"""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from ccinsight.access import SEES_ALL
from ccinsight.database.warehouse import Warehouse
from ccinsight.documents import deck
from ccinsight.documents.brief import Sources, make_brief
from ccinsight.settings.model import Deck
from tests.documents.deck import companies
from tests.documents.deck.briefs import brief_of
from tests.documents.deck.office import NARROW, WIDE
from tests.documents.deck.reading import opened, render, words_outside

LOOK = Deck(partner="Fjell CRM AS")


def _check(file: bytes, folder: Path, missing: Callable[[str], None], font: str = NARROW) -> None:
    folder.mkdir(exist_ok=True)
    pdf = render(file, folder, missing, font)
    pages = subprocess.run(["pdfinfo", str(pdf)], check=True, capture_output=True, text=True).stdout
    assert f"Pages:           {len(opened(file).slides)}\n" in pages
    assert words_outside(file, pdf) == []


@pytest.mark.parametrize(
    ("name", "language", "font"),
    [
        ("crowded", "nb", NARROW),
        ("crowded", "nb", WIDE),
        ("crowded", "en", WIDE),
        ("bare", "nb", WIDE),
        ("one_month", "en", NARROW),
        ("plain", "nb", WIDE),
    ],
)
def test_hard_decks_fit(
    name: str, language: str, font: str, tmp_path: Path, missing: Callable[[str], None]
) -> None:
    brief = brief_of(getattr(companies, name)(), language)

    _check(deck.deck(brief, LOOK), tmp_path, missing, font)


@pytest.mark.parametrize("font", [NARROW, WIDE])
def test_a_hard_annex_fits(font: str, tmp_path: Path, missing: Callable[[str], None]) -> None:
    _check(deck.annex(brief_of(companies.crowded(), "nb"), LOOK), tmp_path, missing, font)


@pytest.mark.parametrize(("customer", "language"), [("1004", "nb"), ("1059", "en")])
def test_decks_of_the_sample_fit(
    sample_database: Path, customer: str, language: str, tmp_path: Path, missing: Callable[[str], None]
) -> None:
    with Warehouse.open(sample_database) as house:
        brief = make_brief(Sources(house, date(2026, 11, 1), SEES_ALL, (customer,)), customer, language)

    _check(deck.deck(brief, LOOK), tmp_path, missing)
