"""Identities and a second computation, over 500 generated companies and more (25 rounds of 20 to 25)."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from itertools import takewhile, zip_longest

import pyarrow as pa
from dateutil.relativedelta import relativedelta
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from ccinsight.access import SEES_ALL
from ccinsight.database.scope import Scope
from ccinsight.database.warehouse import Warehouse
from tests.reports import companies
from tests.reports.generated import any_days, beginners, exports_of, generated_companies, terms_of
from tests.reports.plain import DAY, Company, ore, started_months

ROUNDS, COMPANIES = 10, 20


def _house(made: list[Company]) -> Warehouse:
    return companies.company(terms_of(made), **exports_of(made), invoices=[])


_rounds = settings(
    max_examples=ROUNDS,
    deadline=None,
    # a failure names its company; shrinking rebuilds a database each time and would take minutes
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
)
_made = st.lists(generated_companies(), min_size=COMPANIES, max_size=COMPANIES + 5)


@_rounds
@given(_made, any_days)
def test_reports_equal_a_second_computation(made: list[Company], as_of: date) -> None:
    house = _house(made)
    scope = Scope(as_of, SEES_ALL)
    _check_agreements(made, as_of, house.report("agreements", scope))
    _check_invoicing(made, as_of, house.report("invoicing", scope, since=date(2000, 1, 1)))
    _check_renewals(house.report("renewals", scope))
    _check_movements(made, as_of, house.report("revenue_movements", scope, months=30))
    _check_filtered_movements(house, as_of)
    _check_periods(made, as_of, house.report("agreement_periods", scope))


@_rounds
@given(st.lists(beginners(), min_size=COMPANIES, max_size=COMPANIES + 5), st.integers(-60, 1200))
def test_a_version_that_reaches_a_period_reaches_all_later_ones(made: list[Company], days: int) -> None:
    as_of = made[0].subscribed_on + timedelta(days=days)
    house = _house(made)
    scope = Scope(as_of, SEES_ALL)
    periods = house.report("agreement_periods", scope).to_pylist()
    agreements = {row["agreement_id"]: row for row in house.report("agreements", scope).to_pylist()}
    renewals = {row["agreement_id"]: row for row in house.report("renewals", scope).to_pylist()}
    plans = {row["agreement_id"]: row for row in house.report("price_plan", scope).to_pylist()}
    for row in house.report("deadlines", scope, days=1200).to_pylist():
        of_row = made[int(row["agreement_id"])]
        is_notice = row["kind"] == "price_notice"
        expected = of_row.notice_state(row["period_number"], as_of) if is_notice else None
        assert row["price_notice_state"] == expected
    for number, one in enumerate(made):
        key = str(number)
        rows = [row for row in periods if row["agreement_id"] == key]
        versions = [row["price_version"] for row in rows if row["price_version"] is not None]
        assert versions == sorted(versions)
        assert None not in [row["price_version"] for row in rows[len(rows) - len(versions) :]]
        for row in rows:
            newest = one.version(row["period_number"], as_of)
            assert row["price_version"] == (newest.valid_from if newest else None)
            late = [
                price.valid_from
                for price in one.prices
                if price.announced_on <= as_of
                and price.valid_from <= row["period_start"]
                and not one.reaches(price, row["period_number"])
            ]
            newer = [day for day in late if newest is None or day > newest.valid_from]
            assert row["missed_version"] == max(newer, default=None)
            if row["period_start"] == agreements[key]["period_start"]:
                assert agreements[key]["price_version"] == row["price_version"]
                assert agreements[key]["rate"] == row["rate"]
            if key in renewals and row["period_start"] == renewals[key]["renewal_on"]:
                assert renewals[key]["rate_next"] == row["rate"]
                assert renewals[key]["missed_version"] == row["missed_version"]
            if row["period_start"] == agreements[key]["period_start"]:
                state = agreements[key]["price_notice_state"]
                assert state == one.notice_state(row["period_number"], as_of)
            if key in plans and row["period_start"] == plans[key]["first_renewal_on"]:
                assert plans[key]["rate"] == row["rate"]


def _check_agreements(made: list[Company], as_of: date, table: pa.Table) -> None:
    rows = {row["agreement_id"]: row for row in table.to_pylist()}
    for number, one in enumerate(made):
        row = rows[str(number)]
        assert row["ends_on"] == one.ends_on(as_of)
        if row["state"] in ("active", "terminating"):
            revenue = one.revenue(as_of, as_of)
            assert row["annual_value"] == (None if revenue is None else ore(revenue))
        else:
            assert as_of < one.subscribed_on or as_of > row["ends_on"]


def _check_invoicing(made: list[Company], as_of: date, table: pa.Table) -> None:
    expected: dict[tuple[str, date, str], Decimal | None] = {}
    for number, one in enumerate(made):
        ends = one.ends_on(as_of)
        begun = takewhile(lambda period: period[1] <= as_of, one.periods())
        for period, start, end in begun:
            if ends and start > ends:
                break
            rate, users = one.rate(period, start, as_of), one.users_on(start)
            short = started_months(start, end + DAY) if end + DAY < start + relativedelta(years=1) else 12
            expected[str(number), start, "yearly"] = (
                None if rate is None or users is None else ore(users * rate * short / 12)
            )
            added = one.expansions(start, end, as_of)
            if added:
                expected[str(number), start, "expansion"] = (
                    None
                    if rate is None
                    else sum(
                        (ore(seats * rate * started_months(day, end + DAY) / 12) for day, seats in added),
                        Decimal(0),
                    )
                )
    actual = {
        (row["agreement_id"], row["period_start"], row["kind"]): row["expected"] for row in table.to_pylist()
    }
    assert actual == expected


def _check_renewals(table: pa.Table) -> None:
    for row in table.to_pylist():
        parts = (row["value_now"], row["seats_change"], row["price_change"], row["lost"])
        if None not in parts:
            assert row["value_next"] == sum(parts)
        if row["renewal_status"] != "ending":
            users, rates = ("users_now", "users_next"), ("rate_now", "rate_next")
            for part, factors in (("seats_change", (*users, rates[0])), ("price_change", (*rates, users[1]))):
                is_known = None not in [row[name] for name in factors]
                assert (row[part] is not None) == is_known
            if row["price_change"] is not None:
                exact = (row["rate_next"] - row["rate_now"]) * row["users_next"]
                assert abs(row["price_change"] - exact) <= Decimal("0.01")
            if row["seats_change"] is not None:
                assert row["seats_change"] == (row["users_next"] - row["users_now"]) * row["rate_now"]
        if row["renewal_status"] == "ending" and row["value_now"] is not None:
            assert (row["value_next"], row["lost"]) == (0, -row["value_now"])
        assert (
            row["missed_price_change"] is None
            or row["renewal_status"] != "ending"
            or row["missed_price_change"] == 0
        )


def _check_movements(made: list[Company], as_of: date, table: pa.Table) -> None:
    rows = table.to_pylist()
    for row, following in zip_longest(rows, rows[1:]):
        moved = ("new", "reactivation", "expansion", "contraction", "price_change", "churn", "unknown")
        assert row["start"] + sum(row[name] for name in moved) == row["end"]
        assert following is None or following["start"] == row["end"]
        day = min(row["month"] + relativedelta(months=1) - DAY, as_of)
        values = (one.revenue(day, as_of) for one in made)
        assert row["end"] == sum((ore(value) for value in values if value is not None), Decimal(0))


def _check_filtered_movements(house: Warehouse, as_of: date) -> None:
    """The customers' own movements add up to those of all."""
    whole = house.report("revenue_movements", Scope(as_of, SEES_ALL)).to_pylist()
    ids = [row["customer_id"] for row in house.report("customers", Scope(as_of, SEES_ALL)).to_pylist()]
    halves = [
        house.report("revenue_movements", Scope(as_of, SEES_ALL, tuple(part))).to_pylist()
        for part in (ids[::2], ids[1::2])
    ]
    for all_rows, first, second in zip(whole, *halves, strict=True):
        for name in set(all_rows) - {"month"}:
            assert all_rows[name] == first[name] + second[name]


def _check_periods(made: list[Company], as_of: date, table: pa.Table) -> None:
    rows = table.to_pylist()
    for number, one in enumerate(made):
        own = [row for row in rows if row["agreement_id"] == str(number)]
        plain = one.periods()
        for row, following in zip_longest(own, own[1:]):
            assert (row["period_number"], row["period_start"], row["period_end"]) == next(plain)
            assert (
                following is None or following["period_start"] == row["period_end"] + DAY == row["renewal_on"]
            )
            months = relativedelta(months=one.notice_months)
            assert row["termination_deadline"] + months <= row["period_end"]
            assert row["termination_deadline"] + DAY + months > row["period_end"]
            assert row["price_notice_deadline"] == row["termination_deadline"] - one.price_notice_days * DAY
            assert row["rate"] == one.rate(row["period_number"], row["period_start"], as_of)
