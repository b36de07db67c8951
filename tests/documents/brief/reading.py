"""The brief of customer 1, and the texts of its sections."""

from __future__ import annotations

from datetime import date

from ccinsight.access import SEES_ALL
from ccinsight.database.warehouse import Warehouse
from ccinsight.documents.brief import Brief, Sources, make_brief
from ccinsight.notes import Notes
from tests.documents.deck.companies import AS_OF


def brief_of(
    house: Warehouse, as_of: date = AS_OF, language: str = "en", notes: Notes | None = None
) -> Brief:
    return make_brief(Sources(house, as_of, SEES_ALL, ("1",), notes), "1", language)


def texts_of(brief: Brief, section: str) -> list[str]:
    found = brief.sections[section]
    said = [found.title.text, *(each.text for each in found.statements)]
    return [text.replace("\N{NO-BREAK SPACE}", " ") for text in said]
