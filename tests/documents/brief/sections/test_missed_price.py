"""What a brief says of price notices, for internal eyes."""

from __future__ import annotations

from datetime import date

import pytest

from tests.documents.brief.reading import brief_of, texts_of
from tests.reports.companies import agreement, company, price


@pytest.mark.parametrize(("as_of", "is_said"), [(date(2026, 2, 14), True), (date(2026, 2, 15), False)])
def test_a_planned_price_is_to_be_sent_and_for_internal_eyes(as_of: date, is_said: bool) -> None:
    house = company(
        agreements=[agreement(registered_users=12)],
        prices=[
            price(date(2020, 1, 1), "1200"),
            price(date(2026, 1, 1), "1300", announced_on=date(2026, 3, 1)),
        ],
    )
    brief = brief_of(house, as_of)

    said = "Agreement A-1: a new price from 1 Apr 2026 must be announced by 14 Feb 2026."
    assert texts_of(brief, "missed_price")[1:] == ([said] if is_said else [])
    assert brief.sections["missed_price"].is_internal
