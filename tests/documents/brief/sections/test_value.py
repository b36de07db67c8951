"""What a brief says the agreement gave."""

from __future__ import annotations

from datetime import datetime, timedelta

from ccinsight.database.warehouse import Warehouse
from tests.documents.brief.reading import brief_of, texts_of
from tests.documents.deck.companies import AS_OF
from tests.reports.companies import agreement, company, ticket


def test_value_of_the_agreement(plain: Warehouse) -> None:
    # 4 hours spent, 2 of them billable; one hour at 1 250 in place of 1 550
    assert texts_of(brief_of(plain), "value") == [
        "The agreement covered 2.0 h of support and 300 kr of discount in the last 12 months"
    ]


def test_an_agreement_that_has_not_begun_gave_nothing() -> None:
    coming = company(
        agreements=[agreement(subscribed_on=AS_OF + timedelta(days=20))],
        tickets=[ticket("T-1", datetime(2026, 1, 5, 9), minutes_spent="60")],
    )

    section = brief_of(coming).sections["value"]

    assert section.title.text == (
        "No agreement was in force in the last 12 months, so it gave no hours and no discount"
    )
    assert section.is_empty and section.title.shown == ""
