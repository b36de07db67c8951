"""The rules R1–R13, one behaviour a test, with figures worked out by hand from agreement.md."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from ccinsight.access import SEES_ALL
from ccinsight.database.scope import Scope
from ccinsight.database.warehouse import Warehouse
from tests.reports.companies import agreement, company, count, invoice, meeting, price, ticket

LIST = [price(date(2020, 1, 1), "1200")]


def _rows(house: Warehouse, report: str, as_of: date, **options: Any) -> list[dict[str, Any]]:
    return list(house.report(report, Scope(as_of, SEES_ALL), **options).to_pylist())


def _one(house: Warehouse, report: str, as_of: date, **options: Any) -> dict[str, Any]:
    (row,) = _rows(house, report, as_of, **options)
    return row


def _several(row: dict[str, Any], *names: str) -> tuple[Any, ...]:
    return tuple(row[name] for name in names)


# ---- R1–R3: periods and deadlines


@pytest.mark.parametrize(
    ("start", "end", "termination", "price_notice"),
    [
        ("2018-01-05", "2019-01-04", "2018-12-04", "2018-11-20"),
        ("2025-03-01", "2026-02-28", "2026-01-31", "2026-01-17"),
        ("2025-05-01", "2026-04-30", "2026-03-31", "2026-03-17"),
        ("2025-03-31", "2026-03-30", "2026-02-28", "2026-02-14"),
        ("2025-04-01", "2026-03-31", "2026-02-28", "2026-02-14"),
        ("2025-01-01", "2025-12-31", "2025-11-30", "2025-11-16"),
    ],
)
def test_deadlines_of_the_table_in_r3(start: str, end: str, termination: str, price_notice: str) -> None:
    day = date.fromisoformat(start)
    row = _one(company(agreements=[agreement(subscribed_on=day)]), "agreements", day)
    shown = _several(row, "period_start", "period_end", "termination_deadline", "price_notice_deadline")
    assert [str(each) for each in shown] == [start, end, termination, price_notice]


def test_a_leap_day_start_comes_back_in_leap_years() -> None:
    house = company(agreements=[agreement(subscribed_on=date(2020, 2, 29))])
    starts = [_one(house, "agreements", day)["period_start"] for day in (date(2023, 5, 1), date(2024, 5, 1))]
    assert starts == [date(2023, 2, 28), date(2024, 2, 29)]


def test_a_first_renewal_within_the_year_makes_a_short_period() -> None:
    house = company(
        agreements=[agreement(subscribed_on=date(2025, 3, 16), first_renewal_on=date(2026, 1, 1))]
    )
    first, second = (_one(house, "agreements", day) for day in (date(2025, 12, 31), date(2026, 1, 1)))
    assert _several(first, "period_start", "period_end") == (date(2025, 3, 16), date(2025, 12, 31))
    assert _several(second, "period_start", "period_end") == (date(2026, 1, 1), date(2026, 12, 31))


def test_a_first_renewal_more_than_a_year_ahead_is_ignored_and_listed() -> None:
    house = company(agreements=[agreement(first_renewal_on=date(2026, 4, 2))])
    assert _one(house, "agreements", date(2025, 5, 1))["renewal_on"] == date(2026, 4, 1)
    problem = _one(house, "data_problems", date(2025, 5, 1), check="first_renewal_out_of_range")
    assert _several(problem, "key", "detail") == ("A-1", "2026-04-02")


def test_act_by_is_the_working_day_before_easter() -> None:
    # S = 2025-05-20: the period ends 2026-05-19, its termination deadline is Sunday 2026-04-19, and its
    # price-notice deadline Easter Sunday 2026-04-05, after Saturday, Good Friday and Maundy Thursday.
    house = company(agreements=[agreement(subscribed_on=date(2025, 5, 20))])
    rows = {row["kind"]: row for row in _rows(house, "deadlines", date(2026, 3, 20))}
    assert _several(rows["price_notice"], "due_on", "act_by") == (date(2026, 4, 5), date(2026, 4, 1))
    assert _several(rows["termination"], "due_on", "act_by") == (date(2026, 4, 19), date(2026, 4, 17))
    assert rows["renewal"]["act_by"] is None


def test_a_renewal_today_is_still_a_coming_date() -> None:
    house = company(agreements=[agreement()])
    assert _several(_rows(house, "deadlines", date(2026, 4, 1))[0], "kind", "days_left") == ("renewal", 0)


# ---- R4: termination


@pytest.mark.parametrize(
    ("notice", "ends"), [(date(2026, 2, 28), date(2026, 3, 31)), (date(2026, 3, 1), date(2027, 3, 31))]
)
def test_a_notice_on_the_deadline_is_in_time_and_a_day_later_is_not(notice: date, ends: date) -> None:
    house = company(agreements=[agreement(terminated_on=notice)])
    assert _several(_one(house, "agreements", notice), "state", "ends_on") == ("terminating", ends)


def test_a_notice_is_not_known_the_day_before_it_came() -> None:
    house = company(agreements=[agreement(terminated_on=date(2026, 1, 10))])
    assert _several(_one(house, "agreements", date(2026, 1, 9)), "state", "ends_on") == ("active", None)


def test_a_notice_before_the_start_is_ignored_and_listed() -> None:
    house = company(agreements=[agreement(terminated_on=date(2025, 3, 31))])
    assert _one(house, "agreements", date(2026, 6, 1))["state"] == "active"
    assert _one(house, "data_problems", date(2026, 6, 1), check="notice_before_start")["key"] == "A-1"


def test_rights_last_until_the_last_day() -> None:
    house = company(agreements=[agreement(terminated_on=date(2026, 1, 10))])
    states = [_one(house, "agreements", day)["state"] for day in (date(2026, 3, 31), date(2026, 4, 1))]
    assert states == ["terminating", "ended"]


def test_an_agreement_that_ends_has_one_end_and_no_deadlines() -> None:
    house = company(agreements=[agreement(terminated_on=date(2026, 1, 10))])
    rows = _rows(house, "deadlines", date(2026, 2, 1))
    assert [(row["kind"], row["due_on"]) for row in rows] == [("end", date(2026, 3, 31))]


# ---- R5–R6: users and rates


def test_counts_after_the_day_are_not_seen() -> None:
    house = company(
        agreements=[agreement(registered_users=7)],
        user_counts=[count(date(2025, 6, 1), 9), count(date(2025, 8, 1), 12)],
        prices=LIST,
    )
    days = (date(2025, 5, 31), date(2025, 6, 1), date(2025, 7, 31), date(2025, 8, 1))
    assert [_one(house, "agreements", day)["registered_users"] for day in days] == [7, 9, 9, 12]


@pytest.mark.parametrize(
    ("announced", "rate", "missed"),
    [
        # period 1 starts 2026-04-01; the price-notice deadline of period 0 is 2026-02-14
        (date(2026, 2, 14), "1300.00", "0.00"),
        (date(2026, 2, 15), "1200.00", "1000.00"),
        (None, "1300.00", "0.00"),
    ],
)
def test_a_version_reaches_a_period_when_it_was_announced_in_time(
    announced: date | None, rate: str, missed: str
) -> None:
    valid_from = date(2026, 3, 1) if announced else date(2026, 2, 1)
    house = company(
        agreements=[agreement(registered_users=10)],
        prices=[*LIST, price(valid_from, "1300", announced_on=announced)],
    )
    row = _one(house, "renewals", date(2026, 3, 15))
    assert _several(row, "rate_next", "missed_price_change") == (Decimal(rate), Decimal(missed))


def test_a_version_that_reached_a_short_first_period_reaches_the_next() -> None:
    """By the deadline of the second period, 28 February 2025, only the first version was announced."""
    house = company(
        agreements=[agreement(first_renewal_on=date(2025, 4, 15), registered_users=10)],
        prices=[
            price(date(2020, 1, 1), "1200"),
            price(date(2025, 3, 1), "1300", announced_on=date(2025, 4, 1)),  # in time for the first
            price(date(2025, 4, 2), "1400", announced_on=date(2025, 3, 15)),  # valid too late for it
        ],
        invoices=[],
    )
    as_of = date(2025, 4, 20)
    assert _several(_one(house, "agreements", as_of), "rate", "annual_value") == (1300, 13000)
    assert [row["expected"] for row in _rows(house, "invoicing", as_of)] == [13000, Decimal("1083.33")]
    # both deadlines lie ahead of the third period
    renewal = _one(house, "renewals", as_of)
    assert _several(renewal, "rate_now", "rate_next", "price_change", "missed_price_change") == (
        1300,
        1400,
        1000,
        0,
    )
    movements = _rows(house, "revenue_movements", as_of, months=1)[0]
    assert _several(movements, "new", "price_change", "end") == (13000, 0, 13000)
    # on the last day of the first period the version valid from 2 April is missed at the renewal
    assert _several(_one(house, "renewals", date(2025, 4, 14)), "rate_next", "missed_price_change") == (
        1300,
        1000,
    )


@pytest.mark.parametrize(
    ("columns", "counts", "expected"),
    [
        # the version that reaches the renewal has no row for the complexity
        (
            {"complexity": "erp"},
            [(date(2025, 1, 1), 12), (date(2025, 9, 1), 7)],
            (12, 1500, None, -7500, None),
        ),
        # nobody knows the users on the start, and a contract's price needs none
        (
            {"price_basis": "contract", "price_per_user": Decimal("990.125")},
            [(date(2025, 9, 1), 7)],
            (None, Decimal("990.13"), Decimal("6930.88"), None, 0),
        ),
        # nor are any known today
        ({"price_basis": "contract", "price_per_user": Decimal(990)}, [], (None, 990, None, None, None)),
        ({"complexity": "none"}, [(date(2025, 1, 1), 12)], (12, None, None, None, None)),
        # a notice ends it: the value now is unknown, and so is what is lost
        ({"terminated_on": date(2025, 6, 1)}, [], (None, None, 0, 0, 0)),
    ],
)
def test_each_part_of_a_renewal_is_known_when_its_own_factors_are(
    columns: dict[str, Any], counts: list[tuple[date, int]], expected: tuple[Any, ...]
) -> None:
    house = company(
        agreements=[agreement(**columns)],
        user_counts=[count(day, users) for day, users in counts],
        prices=[
            price(date(2025, 1, 1), "1200", announced_on=date(2024, 11, 1)),
            price(date(2025, 1, 1), "1500", announced_on=date(2024, 11, 1), complexity="erp"),
            price(date(2026, 1, 1), "1300", announced_on=date(2025, 11, 1)),
        ],
    )
    row = _one(house, "renewals", date(2026, 1, 15))
    names = ("users_now", "rate_now", "value_next", "seats_change", "price_change")
    assert _several(row, *names) == expected
    assert row["lost"] == (None if "terminated_on" in columns else 0)


def test_the_parts_of_a_renewal_add_up_to_the_ore() -> None:
    house = company(
        agreements=[agreement(registered_users=3)],
        user_counts=[count(date(2025, 9, 1), 5)],
        prices=[
            price(date(2025, 1, 1), "1000.125", announced_on=date(2024, 11, 1)),
            price(date(2026, 1, 1), "1000.333", announced_on=date(2025, 11, 1)),
        ],
    )
    # billed for 5 since September: the users no longer change at the renewal
    row = _one(house, "renewals", date(2026, 1, 15))
    assert _several(row, "value_now", "seats_change", "price_change", "lost", "value_next") == (
        Decimal("5000.63"),
        0,
        Decimal("1.04"),
        0,
        Decimal("5001.67"),
    )


def test_a_forecast_over_values_none_of_which_is_known_is_unknown_not_zero() -> None:
    house = company(
        agreements=[
            agreement("A-1", complexity="erp", registered_users=5),
            agreement("A-2", "2", subscribed_on=date(2025, 4, 2), terminated_on=date(2025, 9, 1)),
            agreement("A-3", "3", subscribed_on=date(2025, 5, 1), registered_users=4),
        ],
        prices=LIST,
    )
    april, may = _rows(house, "renewal_forecast", date(2026, 1, 15))
    names = ("certain_value", "open_value", "open_weighted", "ending_value", "value_unknown")
    assert _several(april, *names) == (0, None, None, None, 2)
    assert _several(may, *names)[::3] == (0, 0)
    assert may["open_value"] == 4800


def test_a_version_announced_after_the_day_is_not_known() -> None:
    house = company(
        agreements=[agreement(registered_users=10)],
        prices=[*LIST, price(date(2026, 3, 1), "1300", announced_on=date(2026, 1, 10))],
    )
    rates = [_one(house, "renewals", day)["rate_next"] for day in (date(2026, 1, 9), date(2026, 1, 10))]
    assert rates == [Decimal("1200.00"), Decimal("1300.00")]


def test_a_version_is_announced_when_its_last_row_is() -> None:
    house = company(
        agreements=[agreement(registered_users=10)],
        prices=[
            *LIST,
            price(date(2026, 3, 1), "1300", announced_on=date(2026, 1, 10)),
            price(date(2026, 3, 1), "1250", min_users=50, announced_on=date(2026, 2, 20)),
        ],
    )
    assert _one(house, "renewals", date(2026, 3, 15))["rate_next"] == Decimal("1200.00")


def test_volume_pricing_takes_one_rate_for_all_users() -> None:
    prices = [price(date(2020, 1, 1), "1200"), price(date(2020, 1, 1), "1100", min_users=10)]
    rates = {
        users: _one(
            company(agreements=[agreement(registered_users=users)], prices=prices),
            "agreements",
            date(2025, 5, 1),
        )["annual_value"]
        for users in (9, 10)
    }
    assert rates == {9: Decimal("10800.00"), 10: Decimal("11000.00")}


def test_a_contract_price_holds_until_the_customer_has_a_version_of_its_own() -> None:
    contract = agreement(price_basis="contract", price_per_user=Decimal("999.99"), registered_users=10)
    own = price(date(2026, 1, 1), "1050", agreement_id="A-1", announced_on=date(2026, 1, 1))
    house = company(agreements=[contract], prices=[*LIST, own])
    row = _one(house, "renewals", date(2026, 3, 15))
    assert _several(row, "rate_now", "rate_next") == (Decimal("999.99"), Decimal("1050.00"))


def test_an_empty_contract_price_is_unknown_and_the_list_does_not_step_in() -> None:
    house = company(agreements=[agreement(price_basis="contract", registered_users=10)], prices=LIST)
    assert _several(_one(house, "agreements", date(2025, 5, 1)), "rate", "annual_value") == (None, None)
    assert _one(house, "data_problems", date(2025, 5, 1), check="rate_unknown")["key"] == "A-1"


# ---- R7: invoices to be expected


def _worked_example(**columns: Any) -> Warehouse:
    return company(
        agreements=[agreement(registered_users=20, **columns)],
        user_counts=[count(date(2025, 9, 15), 23), count(date(2025, 12, 1), 21), count(date(2026, 2, 1), 25)],
        prices=LIST,
        invoices=[
            invoice("F1", date(2025, 4, 1), "24000.00", agreement_id="A-1", period_start=date(2025, 4, 1))
        ],
    )


def test_the_worked_example_of_r7() -> None:
    lines = _rows(_worked_example(), "expected_lines", date(2026, 3, 1))
    assert [_several(row, "from_on", "users", "months_billed", "expected") for row in lines] == [
        (date(2025, 4, 1), 20, 12, Decimal("24000.00")),
        (date(2025, 9, 15), 3, 7, Decimal("2100.00")),
        (date(2026, 2, 1), 2, 2, Decimal("400.00")),
    ]
    rows = _rows(_worked_example(), "invoicing", date(2026, 3, 1))
    assert [_several(row, "kind", "expected", "invoiced", "difference") for row in rows] == [
        ("expansion", Decimal("2500.00"), Decimal("0.00"), Decimal("2500.00")),
        ("yearly", Decimal("24000.00"), Decimal("24000.00"), Decimal("0.00")),
    ]


def test_users_who_go_never_refund() -> None:
    shown = _several(
        _one(_worked_example(), "agreements", date(2025, 12, 5)), "registered_users", "invoiced_users"
    )
    assert shown == (21, 23)


def test_half_an_ore_is_rounded_up() -> None:
    # 1 × 1000.01 × 6 / 12 = 500.005
    house = company(
        agreements=[agreement(registered_users=1)],
        user_counts=[count(date(2025, 10, 1), 2)],
        prices=[price(date(2020, 1, 1), "1000.01")],
    )
    lines = _rows(house, "expected_lines", date(2026, 3, 1))
    assert lines[1]["expected"] == Decimal("500.01")


def test_a_count_does_not_bill_where_the_users_on_the_start_are_unknown() -> None:
    house = company(agreements=[agreement()], user_counts=[count(date(2025, 9, 15), 23)], prices=LIST)
    row = _one(house, "invoicing", date(2026, 3, 1))
    assert _several(row, "kind", "expected", "invoiced", "difference") == ("yearly", None, None, None)


@pytest.mark.parametrize(
    ("issued", "period"),
    [
        (date(2026, 3, 20), date(2026, 4, 1)),
        (date(2025, 4, 20), date(2025, 4, 1)),
        (date(2025, 3, 25), date(2025, 4, 1)),
    ],
)
def test_a_yearly_invoice_without_a_period_belongs_to_the_nearest_start(issued: date, period: date) -> None:
    house = company(
        agreements=[agreement(registered_users=1)],
        prices=LIST,
        invoices=[invoice("F1", issued, "100.00", agreement_id="A-1")],
    )
    rows = _rows(house, "invoicing", date(2026, 4, 1))
    assert {row["period_start"]: row["invoiced"] for row in rows}[period] == Decimal("100.00")


def test_an_invoice_that_fits_two_agreements_belongs_to_none_and_is_listed() -> None:
    house = company(
        agreements=[agreement("A-1"), agreement("A-2", product="Annet")],
        invoices=[invoice("F1", date(2025, 6, 1), "100.00")],
    )
    assert {row["invoiced"] for row in _rows(house, "invoicing", date(2025, 7, 1))} == {Decimal("0.00")}
    assert _one(house, "data_problems", date(2025, 7, 1), check="invoice_unassigned")["key"] == "F1"


# ---- R8: consulting


def test_consulting_is_held_against_its_invoices_and_the_discount_is_valued() -> None:
    settings = """
    [products."CloudCare CRM"]
    member_hourly_rate = 1200.00
    standard_hourly_rate = 1500.00
    standard_course_price = 5000.00
    [categories]
    "Konsulent" = { scope = "consulting" }
    """
    house = company(
        settings,
        agreements=[agreement()],
        tickets=[
            ticket("1", datetime(2025, 6, 1, 9), category="Konsulent", minutes_spent=Decimal(50)),
            ticket("2", datetime(2025, 6, 1, 9), category="Annet", minutes_spent=Decimal(500)),
            ticket("3", datetime(2025, 6, 1, 9), category="Annet", minutes_to_invoice=Decimal(30)),
        ],
        invoices=[
            invoice(
                "F1",
                date(2025, 7, 1),
                "1100.00",
                kind="consulting",
                quantity=Decimal(1),
                unit_price=Decimal(1100),
            ),
            invoice(
                "F2",
                date(2025, 7, 1),
                "4000.00",
                kind="course",
                quantity=Decimal(1),
                unit_price=Decimal(4000),
            ),
        ],
    )
    # 80 minutes × 1200 / 60 = 1600; discount 1 × (1500 − 1100) + 1 × (5000 − 4000) = 1400
    row = _one(house, "consulting", date(2025, 8, 1))
    assert _several(row, "billable_minutes", "expected", "invoiced", "difference", "discount_value") == (
        80, Decimal("1600.00"), Decimal("1100.00"), Decimal("500.00"), Decimal("1400.00"),
    )  # fmt: skip


def test_lines_that_the_discount_leaves_out_are_counted() -> None:
    settings = """
    [products."CloudCare CRM"]
    standard_hourly_rate = 1500.00
    """
    day = date(2025, 7, 1)
    lines = [
        invoice("F1", day, "2200", kind="consulting", quantity=Decimal(2), unit_price=Decimal(1100)),
        invoice("no price", day, "1100", kind="consulting", quantity=Decimal(1)),
        invoice("no quantity", day, "1100", kind="consulting", unit_price=Decimal(1100)),
        invoice(
            "no standard price", day, "4000", kind="course", quantity=Decimal(1), unit_price=Decimal(4000)
        ),
        invoice("another kind", day, "100"),
        invoice("a year ago", date(2024, 7, 1), "1100", kind="consulting", quantity=Decimal(1)),
    ]
    house = company(settings, agreements=[agreement(), agreement("A-2", "2")], invoices=lines)

    rows = sorted(_rows(house, "consulting", date(2025, 8, 1)), key=lambda row: row["customer_id"])
    assert [_several(row, "discount_value", "discount_lines", "unpriced_lines") for row in rows] == [
        (Decimal("800.00"), 4, 3),
        (Decimal("0.00"), 0, 0),
    ]


# ---- R9: movements and retention


def test_users_without_known_revenue_are_left_out_of_revenue_per_user() -> None:
    own: dict[str, Any] = {"price_basis": "contract"}
    house = company(
        agreements=[
            agreement("A-1", "1", registered_users=12, price_per_user=Decimal(1000), **own),
            agreement("A-2", "2", registered_users=15, **own),
            agreement("A-3", "3", **own),
        ],
    )

    rows = _rows(house, "revenue_by_user_band", date(2025, 8, 1))
    names = ("user_band", "users", "revenue", "revenue_per_user", "unpriced_users")
    assert [_several(row, *names) for row in rows if row["agreements"]] == [
        ("10–24", 27, Decimal("12000.00"), Decimal("1000.00"), 15),
        ("unknown", None, None, None, None),
    ]


def test_movements_are_classified_by_customer() -> None:
    house = company(
        agreements=[
            agreement("gone", "1", terminated_on=date(2026, 1, 5), registered_users=1),
            agreement("stays", "2", registered_users=2),
            agreement(
                "added", "2", product="CloudCare CRM", subscribed_on=date(2026, 4, 10), registered_users=3
            ),
            agreement("new", "3", subscribed_on=date(2026, 4, 20), registered_users=4),
        ],
        prices=LIST,
    )
    row = _rows(house, "revenue_movements", date(2026, 4, 30))[-1]
    assert row == {
        "month": date(2026, 4, 1), "start": Decimal("3600.00"), "new": Decimal("4800.00"),
        "reactivation": Decimal("0.00"), "expansion": Decimal("3600.00"), "contraction": Decimal("0.00"),
        "price_change": Decimal("0.00"), "churn": Decimal("-1200.00"), "unknown": Decimal("0.00"),
        "end": Decimal("10800.00"),
    }  # fmt: skip


def test_seats_are_valued_at_the_old_rate_and_price_at_the_new_users() -> None:
    house = company(
        agreements=[agreement(registered_users=10)],
        user_counts=[count(date(2026, 3, 20), 12)],
        prices=[*LIST, price(date(2026, 1, 1), "1300")],
    )
    # 2026-03-20: 2 × 1200 = 2 400 as an expansion; 2026-04-01: 12 × (1 300 − 1 200) = 1 200
    march, april = _rows(house, "revenue_movements", date(2026, 4, 1))[-2:]
    assert _several(march, "expansion", "price_change") == (Decimal("2400.00"), Decimal("0.00"))
    assert _several(april, "expansion", "price_change") == (Decimal("0.00"), Decimal("1200.00"))


def test_a_customer_who_comes_back_is_a_reactivation() -> None:
    house = company(
        agreements=[
            agreement(
                "old", subscribed_on=date(2023, 1, 1), terminated_on=date(2023, 3, 1), registered_users=1
            ),
            agreement("again", subscribed_on=date(2026, 4, 10), registered_users=1),
        ],
        prices=LIST,
    )
    assert _rows(house, "revenue_movements", date(2026, 4, 30))[-1]["reactivation"] == Decimal("1200.00")


def test_retention_leaves_out_customers_whose_revenue_is_unknown() -> None:
    early = date(2024, 1, 1)
    house = company(
        agreements=[
            agreement("A", "1", subscribed_on=early, registered_users=10),
            agreement("B", "2", subscribed_on=early, registered_users=10, terminated_on=date(2025, 10, 1)),
            agreement("C", "3", subscribed_on=early, registered_users=10, complexity="unknown to the list"),
        ],
        user_counts=[count(date(2025, 6, 1), 15)],
        prices=LIST,
    )
    # customer 1: 10 × 1200 then, 15 × 1200 now; customer 2: 12 000 then, gone; customer 3 is left out
    row = _one(house, "retention", date(2026, 1, 15))
    assert row == {
        "as_of": date(2026, 1, 15), "customers_then": 2, "revenue_then": Decimal("24000.00"),
        "revenue_now": Decimal("18000.00"), "nrr": 0.75, "grr": 0.5, "logo_churn": 0.5,
        "customers_unknown": 1,
    }  # fmt: skip


def test_retention_over_nobody_is_unknown_not_zero() -> None:
    row = _one(company(agreements=[agreement()]), "retention", date(2025, 5, 1))
    assert _several(row, "customers_then", "revenue_then", "nrr", "grr", "logo_churn") == (
        0,
        0,
        None,
        None,
        None,
    )


# ---- R10: coverage, response, overtaken


def test_a_ticket_is_covered_by_agreement_and_contact() -> None:
    house = company(
        agreements=[agreement()],
        tickets=[
            ticket("before", datetime(2025, 3, 31, 12)),
            ticket("user", datetime(2025, 4, 1, 12), contact_role="user"),
            ticket("operations", datetime(2025, 4, 2, 12), contact_role="it_operations"),
            ticket("nobody known", datetime(2025, 4, 3, 12)),
            ticket("stranger", datetime(2025, 4, 4, 12), contact_role="other"),
            ticket("no customer", datetime(2025, 4, 5, 12), None),
        ],
    )
    reasons = {
        row["ticket_id"]: row["not_covered_reason"] for row in _rows(house, "ticket_list", date(2025, 5, 1))
    }
    assert reasons == {
        "before": "no_agreement", "user": None, "operations": None, "nobody known": None,
        "stranger": "contact_not_covered", "no customer": "no_agreement",
    }  # fmt: skip


def test_tickets_deleted_merged_or_spam_count_nowhere() -> None:
    tickets = [
        ticket(status, datetime(2025, 4, 5), status=status)
        for status in ("deleted", "merged", "spam", "open")
    ]
    house = company(agreements=[agreement()], tickets=tickets)
    assert _rows(house, "tickets_by_month", date(2025, 4, 30))[-1]["tickets"] == 1


def test_a_reply_after_the_day_is_not_known() -> None:
    house = company(
        agreements=[agreement()],
        tickets=[ticket("1", datetime(2025, 4, 5, 9), first_reply_at=datetime(2025, 4, 7, 9))],
    )
    before, after = (_rows(house, "response", day)[1] for day in (date(2025, 4, 6), date(2025, 4, 7)))
    assert _several(before, "tickets", "replied", "median_hours") == (1, 0, None)
    assert _several(after, "tickets", "replied", "median_hours") == (1, 1, 48.0)


@pytest.mark.parametrize(
    ("opened", "replied", "as_of", "overtaken"),
    [
        (
            datetime(2025, 4, 5, 9),
            datetime(2025, 4, 5, 10),
            date(2025, 4, 30),
            1,
        ),  # opened at the same moment
        (datetime(2025, 4, 5, 8), datetime(2025, 4, 5, 10), date(2025, 4, 30), 0),  # opened before it
        (datetime(2025, 4, 5, 9), datetime(2025, 4, 5, 12), date(2025, 4, 30), 0),  # replied to no sooner
        (datetime(2025, 4, 5, 9), datetime(2025, 4, 5, 10), date(2025, 4, 4), 0),  # not known yet
    ],
)
def test_an_access_down_ticket_is_overtaken(
    opened: datetime, replied: datetime, as_of: date, overtaken: int
) -> None:
    house = company(
        '[categories]\n"Nede" = { access_down = true }',
        agreements=[agreement()],
        tickets=[
            ticket("down", datetime(2025, 4, 5, 9), category="Nede", first_reply_at=datetime(2025, 4, 5, 12)),
            ticket("other", opened, "another customer", first_reply_at=replied),
        ],
    )
    assert _rows(house, "response", as_of)[0]["overtaken"] == overtaken


def test_an_access_down_ticket_without_an_answer_is_overtaken_by_any_answered_since() -> None:
    house = company(
        "[severities]\ncritical = { access_down = true }",
        agreements=[agreement()],
        tickets=[
            ticket("down", datetime(2025, 4, 5, 9), severity="critical"),
            ticket("other", datetime(2025, 4, 20, 9), first_reply_at=datetime(2025, 4, 21, 9)),
        ],
    )
    counts = [_rows(house, "response", day)[0]["overtaken"] for day in (date(2025, 4, 20), date(2025, 4, 21))]
    assert counts == [0, 1]


# ---- R11: utilization


def test_contacting_users_are_users_and_unknown_roles_only() -> None:
    contacts = [("a", "user"), ("b", None), ("c", "it_operations"), (None, "user"), ("a", "other")]
    house = company(
        agreements=[agreement(registered_users=8)],
        tickets=[
            ticket(str(number), datetime(2025, 5, 1), contact=contact, contact_role=role)
            for number, (contact, role) in enumerate(contacts)
        ],
    )
    row = _one(house, "utilization", date(2025, 6, 1))
    assert _several(row, "contacting_users", "contact_rate", "tickets", "tickets_per_user") == (
        2,
        0.25,
        5,
        0.625,
    )


def test_licence_use_is_of_the_count_that_its_active_users_are_from() -> None:
    house = company(
        agreements=[agreement()],
        user_counts=[
            count(date(2025, 4, 1), 10, active_users=5),
            count(date(2025, 5, 20), 40),
        ],
    )
    row = _one(house, "utilization", date(2025, 6, 1))
    assert _several(row, "registered_users", "active_users", "active_counted_users", "licence_use") == (
        40,
        5,
        10,
        0.5,
    )


def test_contact_rate_is_unknown_where_no_ticket_carries_a_contact() -> None:
    house = company(agreements=[agreement(registered_users=8)], tickets=[ticket("1", datetime(2025, 5, 1))])
    row = _one(house, "utilization", date(2025, 6, 1))
    assert _several(row, "contacting_users", "contact_rate") == (None, None)


def test_minutes_are_zero_without_tickets_and_unknown_without_any_number() -> None:
    known = company(agreements=[agreement(registered_users=8)], tickets=[])
    unknown = company(agreements=[agreement(registered_users=8)], tickets=[ticket("1", datetime(2025, 5, 1))])
    minutes = [_one(house, "utilization", date(2025, 6, 1))["minutes"] for house in (known, unknown)]
    assert minutes == [0, None]


def test_the_percentile_is_the_share_of_peers_strictly_below_whatever_the_filter() -> None:
    house = company(
        agreements=[agreement(f"A-{number}", str(number), registered_users=10) for number in (1, 2, 3, 4)],
        tickets=[
            ticket(f"{customer}-{number}", datetime(2025, 5, 1), str(customer))
            for customer, tickets in ((1, 1), (2, 2), (3, 2), (4, 5))
            for number in range(tickets)
        ],
    )
    table = house.report("utilization", Scope(date(2025, 6, 1), SEES_ALL, ("3", "4")))
    assert {row["customer_id"]: row["percentile"] for row in table.to_pylist()} == {"3": 1 / 3, "4": 1.0}


def test_licence_use_comes_from_the_newest_count_that_has_both() -> None:
    house = company(
        agreements=[agreement()],
        user_counts=[count(date(2025, 5, 1), 10, active_users=8), count(date(2025, 6, 1), 20)],
    )
    row = _one(house, "utilization", date(2025, 7, 1))
    assert _several(row, "registered_users", "active_users", "licence_use") == (20, 8, 0.8)


# ---- R12: status meetings


@pytest.mark.parametrize(
    ("columns", "as_of", "status"),
    [
        ({"held_on": date(2025, 10, 1)}, date(2025, 11, 1), "held"),
        ({"held_on": date(2025, 10, 1)}, date(2025, 9, 1), "due"),
        ({"planned_on": date(2025, 10, 1)}, date(2025, 10, 1), "planned"),
        ({"planned_on": date(2025, 10, 1)}, date(2025, 10, 2), "due"),
        ({"planned_on": date(2026, 4, 1)}, date(2025, 10, 1), "due"),
        ({}, date(2026, 2, 28), "due"),
        ({}, date(2026, 3, 1), "overdue"),
    ],
)
def test_the_status_meeting_of_the_current_period(columns: dict[str, Any], as_of: date, status: str) -> None:
    house = company(agreements=[agreement()], meetings=[meeting("M1", **columns)])
    assert _one(house, "status_meetings", as_of)["status"] == status


def test_a_course_is_no_status_meeting_and_past_periods_are_missed() -> None:
    house = company(
        agreements=[agreement(subscribed_on=date(2022, 4, 1))],
        meetings=[
            meeting("M1", kind="course", held_on=date(2023, 1, 1)),
            meeting("M2", held_on=date(2024, 1, 1)),
        ],
    )
    assert _one(house, "status_meetings", date(2025, 5, 1))["missed_periods"] == 2


# ---- R13: renewal


@pytest.mark.parametrize(
    ("as_of", "notice", "status"),
    [
        (date(2026, 2, 28), None, "open"),
        (date(2026, 3, 1), None, "will_renew"),
        (date(2026, 3, 1), date(2026, 2, 28), "ending"),
        (date(2026, 3, 1), date(2026, 3, 1), "will_renew"),
    ],
)
def test_the_status_of_the_coming_renewal(as_of: date, notice: date | None, status: str) -> None:
    house = company(agreements=[agreement(terminated_on=notice, registered_users=1)], prices=LIST)
    assert _one(house, "renewals", as_of)["renewal_status"] == status
