"""What a brief says of an agreement that has ended."""

from __future__ import annotations

from datetime import date

from tests.documents.brief.reading import brief_of, texts_of
from tests.reports.companies import agreement, company, price


def test_an_ended_agreement_s_users_are_those_of_its_last_period() -> None:
    house = company(
        agreements=[
            agreement(subscribed_on=date(2022, 4, 1), terminated_on=date(2024, 2, 1), registered_users=12),
            agreement("A-2", "2", subscribed_on=date(2022, 4, 1), registered_users=3),
        ],
        prices=[price(date(2020, 1, 1), "1200")],
    )
    title, *statements = texts_of(brief_of(house, date(2025, 3, 15)), "users")

    assert title == "12 billable users in the last period, until the agreement ended on 31 Mar 2024"
    assert statements == [
        "Agreement A-1, last period from 1 Apr 2023 to 31 Mar 2024: 12 billable users at 1,200 kr per user, "
        "14,400 kr a year."
    ]


def test_what_an_ended_agreement_was_is_not_said_while_another_is_in_force() -> None:
    house = company(
        agreements=[
            agreement(subscribed_on=date(2022, 4, 1), terminated_on=date(2024, 2, 1), registered_users=12),
            agreement("A-2", subscribed_on=date(2024, 4, 1), registered_users=3),
        ],
        prices=[price(date(2020, 1, 1), "1200")],
    )
    assert not any("last period" in text for text in texts_of(brief_of(house, date(2025, 3, 15)), "users"))
