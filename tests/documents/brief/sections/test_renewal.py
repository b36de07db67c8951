"""What a brief says of the renewal and its price."""

from __future__ import annotations

from ccinsight.database.warehouse import Warehouse
from tests.documents.brief.reading import brief_of, texts_of


def test_renewal_and_price(plain: Warehouse) -> None:
    # the new price was announced after 14 Feb 2026 and doesn't reach the renewal
    assert texts_of(brief_of(plain), "renewal") == [
        "The agreement renews for another year on 1 Apr 2026",
        "Agreement A-1: 9,000 kr a year from 1 Apr 2026, 9 users at 1,000 kr per user.",
        "The price per user is 1,000 kr now and from the renewal.",
    ]
