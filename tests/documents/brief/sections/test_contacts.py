"""What a brief says of contacts and their requests."""

from __future__ import annotations

from ccinsight.database.warehouse import Warehouse
from tests.documents.brief.reading import brief_of, texts_of


def test_contacts_and_requests(plain: Warehouse) -> None:
    brief = brief_of(plain)

    assert texts_of(brief, "contacts") == [
        "2 contacts opened the tickets of the last 12 months",
        "2 of 9 registered users contacted support in the last 12 months, 22%.",
    ]
    assert texts_of(brief, "requests") == [
        "Training requests in the last 12 months: 1; consulting requests: 1",
        "Consulting work: Tilpasning: 1 ticket",
        "Course: Utvalg: 1 ticket",
    ]
