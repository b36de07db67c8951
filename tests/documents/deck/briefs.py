"""The brief of customer 1, and the look of the decks made of it."""

from __future__ import annotations

from datetime import date

from ccinsight.access import SEES_ALL
from ccinsight.database.warehouse import Warehouse
from ccinsight.documents.brief import Brief, Sources, make_brief
from ccinsight.settings.model import Deck
from tests.documents.deck.companies import AS_OF

SAMPLE_DAY = date(2026, 11, 1)
LOOK = Deck(partner="Fjell CRM AS")


def brief_of(house: Warehouse, language: str = "en") -> Brief:
    """The brief of customer 1, with the renewal risk."""
    return make_brief(Sources(house, AS_OF, SEES_ALL, ("1",)), "1", language, with_score=True)
