"""What a brief says of tickets."""

from __future__ import annotations

from ccinsight.database.warehouse import Warehouse
from tests.documents.brief.reading import brief_of, texts_of


def test_tickets_against_the_year_before(plain: Warehouse) -> None:
    brief = brief_of(plain)

    assert texts_of(brief, "months") == [
        "3 tickets in the last 12 months, 2 tickets more than the year before",
        "Time spent: 4.0 h in the last 12 months, 1.0 h in the year before.",
        "The agreement is younger than a year: its figures hold fewer than 12 months.",
    ]
    assert texts_of(brief, "groups")[1:] == [
        "By scope, tickets in the last 12 months: Support 1, Consulting 1, Training 1.",
        "By channel, tickets in the last 12 months: unknown 2, Phone 1.",
    ]
