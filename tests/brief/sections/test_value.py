"""What a brief says the agreement gave."""

from __future__ import annotations

from ccinsight.database.warehouse import Warehouse
from tests.brief.reading import brief_of, texts_of


def test_value_of_the_agreement(plain: Warehouse) -> None:
    # 4 hours spent, 2 of them billable; one hour at 1 250 in place of 1 550
    assert texts_of(brief_of(plain), "value") == [
        "The agreement covered 2.0 h of support and 300 kr of discount in the last 12 months"
    ]
