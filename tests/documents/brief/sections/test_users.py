"""What a brief says of users."""

from __future__ import annotations

from ccinsight.database.warehouse import Warehouse
from tests.documents.brief.reading import brief_of, texts_of


def test_users(plain: Warehouse) -> None:
    assert texts_of(brief_of(plain), "users") == [
        "9 registered users on 15 Mar 2026, 3 more than on 15 Mar 2025",
        "6 users active, 67% of those registered, in the newest count that holds both.",
        "Agreement A-1: 9 billable users in the period from 1 Apr 2025.",
    ]
