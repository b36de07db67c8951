"""What a brief says the agreement gave."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from ccinsight.database.warehouse import Warehouse
from tests.documents.brief.reading import brief_of, texts_of
from tests.documents.deck.companies import AS_OF, SETTINGS
from tests.reports.companies import agreement, company, invoice, ticket


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


def test_lines_without_a_price_are_said_to_be_left_out_of_the_discount() -> None:
    house = company(
        SETTINGS,
        agreements=[agreement()],
        invoices=[
            invoice("F-1", date(2026, 2, 1), "1250", kind="consulting", quantity="1", unit_price="1250"),
            invoice("F-2", date(2026, 2, 1), "2500", kind="consulting", quantity="2"),
        ],
    )

    section = brief_of(house).sections["value"]
    (said,) = (text for text in section.statements if "left" in text.text or "leaves" in text.text)
    assert said.shown == "The discount leaves out 1 invoice line without a known price."
