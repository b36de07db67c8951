"""Generated companies for property tests: agreements, counts and prices at the days that tend to go wrong."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import strategies as st

from tests.reports import companies
from tests.reports.plain import Company, Price

FIRST, LAST = date(2019, 1, 1), date(2026, 12, 31)

# Days that tend to go wrong come often: ends of months, leap days.
_edges = st.sampled_from(
    [date(2020, 2, 29), date(2023, 2, 28), date(2024, 2, 29), date(2025, 1, 31), date(2025, 3, 31)]
)
any_days = st.one_of(st.dates(FIRST, LAST), _edges)
_amounts = st.integers(50_000, 250_000).map(lambda ore: Decimal(ore) / 100)


@st.composite
def _prices(draw: st.DrawFn) -> tuple[Price, ...]:
    versions = draw(st.lists(any_days, max_size=5, unique=True))
    return tuple(
        Price(
            valid_from,
            valid_from + timedelta(days=draw(st.integers(-150, 30))),
            tuple(
                (least, draw(_amounts))
                for least in draw(st.sampled_from([(1,), (1, 10), (5, 25), (1, 5, 10, 50)]))
            ),
        )
        for valid_from in (date(2018, 1, 1), *versions)
    )


@st.composite
def generated_companies(draw: st.DrawFn) -> Company:
    """Companies whose notices, counts and versions fall on any days."""
    subscribed_on = draw(any_days)
    return Company(
        subscribed_on=subscribed_on,
        first_renewal_on=draw(
            st.none() | st.integers(-5, 400).map(lambda days: subscribed_on + timedelta(days=days))
        ),
        terminated_on=draw(
            st.none() | st.integers(-30, 1500).map(lambda days: subscribed_on + timedelta(days=days))
        ),
        own_users=draw(st.none() | st.integers(0, 120)),
        counts=tuple(draw(st.dictionaries(any_days, st.integers(0, 130), max_size=12)).items()),
        prices=draw(_prices()),
        notice_months=draw(st.integers(1, 3)),
        price_notice_days=draw(st.sampled_from([0, 14, 30, 45])),
    )


def _beginning(valid_from: date, announced_on: date, is_given: bool, number: int) -> Price:
    steps = ((1, Decimal(1000 + number)),)
    return Price(valid_from, announced_on if is_given else valid_from, steps, is_given)


@st.composite
def beginners(draw: st.DrawFn) -> Company:
    """Companies whose first period may be shorter than the notice, with prices from about its start."""
    subscribed_on = draw(any_days)
    days_in = st.one_of(st.integers(1, 60), st.integers(1, 366))
    around = st.integers(-120, 60).map(lambda days: subscribed_on + timedelta(days=days))
    return Company(
        subscribed_on=subscribed_on,
        first_renewal_on=draw(st.none() | days_in.map(lambda days: subscribed_on + timedelta(days=days))),
        terminated_on=None,
        own_users=10,
        counts=(),
        prices=tuple(
            _beginning(valid_from, draw(around), draw(st.booleans()), number)
            for number, valid_from in enumerate(
                draw(
                    st.lists(
                        st.one_of(around, st.just(subscribed_on), any_days),
                        min_size=1,
                        max_size=4,
                        unique=True,
                    )
                )
            )
        ),
        notice_months=draw(st.sampled_from([0, 1, 3, 13, 48])),
        price_notice_days=draw(st.sampled_from([0, 14, 400])),
    )


def exports_of(made: list[Company]) -> dict[str, list[companies.Row]]:
    """Each company as a customer with one agreement of a product of its own: the rows of the exports."""
    numbered = [(str(number), one) for number, one in enumerate(made)]
    return {
        "agreements": [
            companies.agreement(
                number,
                number,
                product=f"P{number}",
                subscribed_on=one.subscribed_on,
                first_renewal_on=one.first_renewal_on,
                terminated_on=one.terminated_on,
                registered_users=one.own_users,
            )
            for number, one in numbered
        ],
        "user_counts": [
            companies.count(day, users, number) for number, one in numbered for day, users in one.counts
        ],
        "prices": [
            companies.price(
                version.valid_from,
                amount,
                least,
                product=f"P{number}",
                announced_on=version.announced_on if version.is_given else None,
            )
            for number, one in numbered
            for version in one.prices
            for least, amount in version.steps
        ],
    }


def terms_of(made: list[Company]) -> str:
    """The settings that go with them."""
    return "\n".join(
        f'[products."P{number}"]\n'
        f"notice_months = {one.notice_months}\nprice_notice_days = {one.price_notice_days}"
        for number, one in enumerate(made)
    )
