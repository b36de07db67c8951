"""What a brief says of customers of the same size."""

from __future__ import annotations

from datetime import datetime

from ccinsight.database.warehouse import Warehouse
from tests.documents.brief.reading import brief_of, texts_of
from tests.reports.companies import agreement, company, ticket


def test_peers_of_the_same_size(plain: Warehouse) -> None:
    assert texts_of(brief_of(plain), "peers") == [
        "0.33 tickets per user in the last 12 months; the median with 5–9 users is 0.00",
        "Of the 5 other customers with 5–9 users, 5 have fewer tickets per user.",
    ]


def test_too_few_peers_are_not_compared_with() -> None:
    house = company(
        agreements=[agreement(registered_users=7), agreement("A-2", "2", registered_users=8)],
        tickets=[ticket("T-1", datetime(2026, 1, 5, 9))],
    )

    section = brief_of(house).sections["peers"]

    assert section.is_empty
    assert section.title.text == "Too few customers with 5–9 users to compare with: 2"
