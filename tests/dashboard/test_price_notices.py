"""What is said of price notices (only planned ones must be sent), and of an agreement that has ended."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from ccinsight.access import SEES_ALL
from ccinsight.dashboard.pages import customer_last_period
from ccinsight.dashboard.widgets import figures, headlines
from ccinsight.database.scope import Scope
from ccinsight.database.warehouse import Warehouse
from ccinsight.i18n import set_language
from ccinsight.outputs.frames import to_frame
from tests.dashboard.opening import AS_OF, Open, written
from tests.reports.companies import Row, agreement, company, price

# The notice for the period from 1 April 2026 is due on 14 February 2026.
BEFORE, AFTER = date(2026, 1, 20), date(2026, 2, 20)
FIRST = price(date(2025, 1, 1), "1200", announced_on=date(2024, 11, 1))


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    set_language("en")
    yield
    set_language("nb")


def _frame(house: Warehouse, name: str, as_of: date, **options: Any) -> pd.DataFrame:
    return to_frame(house.report(name, Scope(as_of, SEES_ALL), **options))


def _next(announced_on: date | None, **columns: Any) -> Row:
    return price(date(2026, 4, 1), "1300", announced_on=announced_on, **columns)


def _house(*prices: Row, agreements: int = 1) -> Warehouse:
    numbers = [str(number) for number in range(1, agreements + 1)]
    return company(
        agreements=[agreement(f"A-{number}", number, registered_users=5) for number in numbers],
        prices=[FIRST, *prices],
    )


@pytest.mark.parametrize(
    ("prices", "expected"),
    [
        ([_next(date(2026, 1, 5))], "No price notices remain in the next 30 days (3 announced)"),
        ([], "No price notices remain in the next 30 days (3 without a new price)"),
        (
            [_next(date(2026, 2, 1))],
            "3 agreements must be notified of prices within 30 days",
        ),
        (
            [
                _next(date(2026, 1, 5)),
                _next(date(2026, 2, 1), agreement_id="A-2"),
            ],
            "1 agreement must be notified of prices within 30 days (2 announced)",
        ),
    ],
)
def test_only_a_planned_price_must_be_sent(prices: list[Row], expected: str) -> None:
    soon = _frame(_house(*prices, agreements=3), "deadlines", BEFORE, days=30)

    assert headlines.notices_to_send(soon, 30) == expected
    planned = 0 if expected.startswith("No") else int(expected[0])
    assert len(figures.duties(soon)) == planned
    assert len(figures.notices(soon)) == 3


def test_no_notices_are_said_in_norwegian() -> None:
    set_language("nb")
    soon = _frame(_house(_next(date(2026, 1, 5)), agreements=12), "deadlines", BEFORE, days=30)

    assert (
        headlines.notices_to_send(soon, 30) == "Ingen prisvarsler gjenstår de neste 30 dagene (12 er varslet)"
    )


def test_a_notice_that_a_person_closed_is_counted_apart() -> None:
    soon = _frame(_house(_next(date(2026, 2, 1)), agreements=3), "deadlines", BEFORE, days=30)
    is_one = (soon["kind"] == "price_notice") & (soon["agreement_id"] == "A-2")
    closed = soon.assign(price_notice_state=soon["price_notice_state"].mask(is_one, "closed"))

    assert headlines.notices_to_send(closed, 30) == (
        "2 agreements must be notified of prices within 30 days (1 closed by us)"
    )
    assert len(figures.duties(closed)) == 2


def test_where_no_deadline_falls_nothing_stands_in_brackets() -> None:
    assert headlines.notices_to_send(_frame(_house(), "deadlines", AFTER, days=30), 30) == (
        "No price notices remain in the next 30 days"
    )


@pytest.mark.parametrize(
    ("announced_on", "as_of", "expected"),
    [
        (date(2026, 2, 1), BEFORE, "A new price from 1 Apr 2026 must be announced by 14 Feb 2026"),
        (
            date(2026, 3, 1),
            AFTER,
            "The planned price comes too late for 1 Apr 2026: the deadline was 14 Feb 2026",
        ),
        (
            date(2026, 2, 18),
            AFTER,
            "A new price was announced too late for 1 Apr 2026: the deadline was 14 Feb 2026",
        ),
        (date(2026, 1, 10), BEFORE, "A new price from 1 Apr 2026 is announced"),
        (date(2026, 1, 10), AFTER, "A new price from 1 Apr 2026 is announced"),
        (None, BEFORE, "No new price from 1 Apr 2026; the last day to announce one is 14 Feb 2026"),
        (None, AFTER, "No new price from 1 Apr 2026"),
    ],
)
def test_a_customer_s_coming_price_is_said(announced_on: date | None, as_of: date, expected: str) -> None:
    agreements = _frame(_house(_next(announced_on)), "agreements", as_of)

    assert headlines.next_prices(agreements, as_of) == expected


def test_an_agreement_that_ends_with_its_period_has_no_coming_price() -> None:
    house = company(
        agreements=[
            agreement("A-1", registered_users=5, terminated_on=date(2026, 1, 2)),
            agreement("A-2", registered_users=5, product="Annet"),
            agreement("A-3", registered_users=5, product="Annet", subscribed_on=date(2025, 5, 1)),
        ],
        prices=[FIRST, _next(date(2026, 1, 5))],
    )
    said = headlines.next_prices(_frame(house, "agreements", BEFORE), BEFORE)

    assert said == (
        "A-2: No new price from 1 Apr 2026; the last day to announce one is 14 Feb 2026 · "
        "A-3: No new price from 1 May 2026; the last day to announce one is 17 Mar 2026"
    )


# ---------------------------------------------------------------- an agreement that has ended


def test_the_last_period_of_an_ended_agreement_is_the_one_that_its_notice_ended() -> None:
    house = company(
        agreements=[
            agreement(
                "A-1", subscribed_on=date(2022, 4, 1), terminated_on=date(2024, 2, 1), registered_users=7
            ),
            agreement(
                "A-2", subscribed_on=date(2023, 6, 1), terminated_on=date(2024, 2, 1), registered_users=3
            ),
            agreement("A-3", "3", subscribed_on=date(2023, 6, 1)),
        ],
        prices=[price(date(2020, 1, 1), "1200")],
    )
    agreements, periods = (_frame(house, name, BEFORE) for name in ("agreements", "agreement_periods"))
    last = customer_last_period.rows(agreements, periods)

    found = last[["agreement_id", "period_number", "invoiced_users", "annual_value"]].to_dict("split")["data"]
    assert found == [["A-2", 0, 3, 3600], ["A-1", 1, 7, 8400]]
    ended_on, value, users, rate = customer_last_period.cards(last)
    assert (ended_on.value, ended_on.note) == (date(2024, 5, 31), "agreement A-2")
    assert (value.value, users.value, rate.value) == (3600, 3, 1200)
    assert value.note == "1 Jun 2023 to 31 May 2024"


def test_an_ended_agreement_s_page_shows_its_last_period(open_page: Open, database: Path) -> None:
    with Warehouse.open(database) as house:
        customers = _frame(house, "customers", date.fromisoformat(AS_OF))
        customer_id = customers.loc[customers["state"] == "ended", "customer_id"].iloc[0]
    site = open_page("customer", f"as-of={AS_OF}&id={customer_id}&language=en")

    shown = {metric.label: metric.value for metric in site.metric}
    labels = ["Ended on", "Annual value, last period", "Billable users, last period", "Rate, last period"]
    assert list(shown)[:4] == labels
    assert "unknown" not in [shown[label] for label in labels]
    heads = [rows[0] for rows in written(site)]
    assert any("Users on the start" in head and "Period end" in head for head in heads)
    assert not any("State" in head or "Status" in head for head in heads)
    assert "Ended agreements: the last period" in [title.value for title in site.header]
