"""A second product, with two months' notice and thirty days of price notice, beside CloudCare CRM in every report.

Worked out by hand. As of 15 March 2026:

| agreement | customer | product | what it shows |
| --- | --- | --- | --- |
| A-1 | 1 | CloudCare CRM, from 2025-04-01 | one month and 14 days: 2026-03-31 → 2026-02-28 → 2026-02-14 |
| M-1 | 1 | Marketing, from 2025-06-01 | two months and 30 days: 2026-05-31 → 2026-03-31 → 2026-03-01 |
| M-2 | 2 | Marketing, from 2024-01-15 | a price in time by CRM's terms is too late; a notice ends it on 2027-01-14 |
| M-3 | 3 | Marketing, from 2024-05-10 | a notice in time by CRM's terms is too late, so it goes on one more year |
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from ccinsight.access import SEES_ALL
from ccinsight.database.scope import Scope
from ccinsight.database.warehouse import Warehouse
from ccinsight.registry import REPORTS
from tests.reports.companies import agreement, company, count, invoice, meeting, price, ticket

D = date(2026, 3, 15)
MARKETING = "CloudCare Marketing"
SETTINGS = """
[products."CloudCare CRM"]
notice_months = 1
price_notice_days = 14
member_hourly_rate = 1250
standard_hourly_rate = 1550

[products."CloudCare Marketing"]
notice_months = 2
price_notice_days = 30
member_hourly_rate = 1100
standard_hourly_rate = 1550

[categories]
"Konsulent" = { scope = "consulting" }
"""


@pytest.fixture(scope="module")
def house() -> Warehouse:
    return company(
        SETTINGS,
        agreements=[
            agreement("A-1", "1"),
            agreement("M-1", "1", product=MARKETING, subscribed_on=date(2025, 6, 1)),
            agreement(
                "M-2",
                "2",
                product=MARKETING,
                subscribed_on=date(2024, 1, 15),
                registered_users=10,
                terminated_on=date(2026, 3, 10),
            ),
            agreement(
                "M-3",
                "3",
                product=MARKETING,
                subscribed_on=date(2024, 5, 10),
                registered_users=4,
                terminated_on=date(2025, 3, 20),
            ),
        ],
        user_counts=[count(date(2025, 4, 1), 20), count(date(2025, 9, 15), 23)],
        prices=[
            price(date(2025, 1, 1), "1200", announced_on=date(2024, 11, 1)),
            price(date(2026, 4, 1), "1260", announced_on=date(2026, 2, 10)),
            price(date(2024, 1, 1), "500", announced_on=date(2023, 11, 1), product=MARKETING),
            price(date(2025, 1, 1), "600", announced_on=date(2024, 11, 1), product=MARKETING),
            price(date(2026, 6, 1), "660", announced_on=date(2026, 3, 5), product=MARKETING),
        ],
        invoices=[
            invoice("F-1", date(2025, 4, 1), "24000", agreement_id="A-1", quantity=20),
            invoice("F-2", date(2025, 9, 30), "2100", agreement_id="A-1", kind="expansion", quantity=3),
            invoice("F-3", date(2025, 6, 1), "12000", agreement_id="M-1", quantity=20),
            invoice("F-4", date(2026, 1, 5), "6600", "2", quantity=10),
            invoice("F-5", date(2025, 5, 10), "2400", "3", quantity=4),
            invoice(
                "F-6", date(2026, 2, 28), "1100", kind="consulting", quantity=1, unit_price=Decimal(1100)
            ),
        ],
        tickets=[ticket("1", datetime(2026, 2, 2, 9, 0), category="Konsulent", minutes_spent=90)],
        meetings=[meeting("S-1", held_on=date(2025, 10, 1))],
    )


def _rows(house: Warehouse, name: str, columns: str, **options: Any) -> list[tuple[Any, ...]]:
    """The report's rows, the named columns only."""
    table = house.report(name, Scope(D, SEES_ALL), **options)
    return [tuple(_plain(row[column]) for column in columns.split()) for row in table.to_pylist()]


def _plain(value: Any) -> Any:
    """Amounts as whole numbers where they are, dates as texts: so that rows can be read."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return float(value)
    return value


@pytest.mark.parametrize("name", REPORTS)
def test_every_report_answers(house: Warehouse, name: str) -> None:
    assert house.report(name, Scope(D, SEES_ALL)).column_names == [
        column.name for column in REPORTS[name].columns
    ]


def test_each_agreement_has_the_deadlines_of_its_own_product(house: Warehouse) -> None:
    columns = """
        agreement_id state period_start renewal_on termination_deadline price_notice_deadline ends_on
        registered_users invoiced_users rate annual_value
    """
    assert _rows(house, "agreements", columns) == [
        # the period ends on a month's last day, so does the deadline; 20 users, 23 from 15 September
        (
            "A-1",
            "active",
            "2025-04-01",
            "2026-04-01",
            "2026-02-28",
            "2026-02-14",
            None,
            23,
            23,
            1200,
            27600,
        ),
        # notice of 20 March 2025 came after 9 March, two months before 9 May: one more year
        (
            "M-3",
            "terminating",
            "2025-05-10",
            "2026-05-10",
            "2026-03-09",
            "2026-02-07",
            "2026-05-09",
            4,
            4,
            600,
            2400,
        ),
        # 31 May less two months is 31 March; less 30 days is 1 March
        (
            "M-1",
            "active",
            "2025-06-01",
            "2026-06-01",
            "2026-03-31",
            "2026-03-01",
            None,
            23,
            23,
            600,
            13800,
        ),
        # 14 January less two months is 14 November; less 30 days is 15 October
        (
            "M-2",
            "terminating",
            "2026-01-15",
            "2027-01-15",
            "2026-11-14",
            "2026-10-15",
            "2027-01-14",
            10,
            10,
            600,
            6000,
        ),
    ]


def test_deadlines_to_come(house: Warehouse) -> None:
    assert _rows(house, "deadlines", "due_on act_by kind agreement_id days_left annual_value", days=90) == [
        ("2026-03-31", "2026-03-31", "termination", "M-1", 16, 13800),
        ("2026-04-01", None, "renewal", "A-1", 17, 27600),
        ("2026-05-09", None, "end", "M-3", 55, 2400),
        ("2026-06-01", None, "renewal", "M-1", 78, 13800),
    ]


def test_renewals_and_the_price_change_that_came_too_late(house: Warehouse) -> None:
    columns = """
        agreement_id renewal_on renewal_status users_now rate_now value_now users_next rate_next value_next
        seats_change price_change lost missed_price_change missed_version
    """
    assert _rows(house, "renewals", columns) == [
        # past 28 February: certain. 1 260 was announced on 10 February, by 14 February: 23 × 60 = 1 380 more
        ("A-1", "2026-04-01", "will_renew", 23, 1200, 27600, 23, 1260, 28980, 0, 1380, 0, 0, None),
        ("M-3", "2026-05-10", "ending", 4, 600, 2400, 0, None, 0, 0, 0, -2400, 0, None),
        # 660 was announced on 5 March, after 1 March: 23 × 60 = 1 380 missed
        ("M-1", "2026-06-01", "open", 23, 600, 13800, 23, 600, 13800, 0, 0, 0, 1380, "2026-06-01"),
        ("M-2", "2027-01-15", "ending", 10, 600, 6000, 0, None, 0, 0, 0, -6000, 0, None),
    ]


def test_periods_say_why_a_rate_holds(house: Warehouse) -> None:
    columns = """
        agreement_id period_number period_start users_on_start rate announce_by missed_version
        missed_announced_on missed_rate price_version announced_on step_users counted_on
    """
    rows = [row for row in _rows(house, "agreement_periods", columns) if row[0] == "M-2"]
    new, old = ("2025-01-01", "2024-11-01"), ("2024-01-01", "2023-11-01")
    assert rows == [
        ("M-2", 0, "2024-01-15", 10, 500, "2024-01-15", None, None, None, *old, 1, None),
        # 600 was announced on 1 November 2024: after 15 October, though before CRM's 30 November
        ("M-2", 1, "2025-01-15", 10, 500, "2024-10-15", "2025-01-01", "2024-11-01", 600, *old, 1, None),
        ("M-2", 2, "2026-01-15", 10, 600, "2025-10-15", None, None, None, *new, 1, None),
    ]


def test_revenue_by_user_band(house: Warehouse) -> None:
    columns = "user_band agreements customers users revenue revenue_per_user unpriced_users"
    rows = [row for row in _rows(house, "revenue_by_user_band", columns) if row[1]]
    # A-1 27 600 + M-1 13 800 + M-2 6 000 = 47 400 over 23 + 23 + 10 = 56 users
    assert rows == [
        ("1–4", 1, 1, 4, 2400, 600, 0),
        ("10–24", 3, 2, 56, 47400, 846.43, 0),
    ]


def test_revenue_movements(house: Warehouse) -> None:
    columns = "month start new reactivation expansion contraction price_change churn unknown end"
    rows = [row for row in _rows(house, "revenue_movements", columns) if any(row[2:9])]
    assert rows == [
        # M-2 10 × 500 and M-3 4 × 500 at the start; A-1 begins with 20 × 1 200
        ("2025-04-01", 7000, 24000, 0, 0, 0, 0, 0, 0, 31000),
        # M-3's second period: 4 × (600 − 500)
        ("2025-05-01", 31000, 0, 0, 0, 0, 400, 0, 0, 31400),
        # a further agreement of customer 1: 20 × 600, whole
        ("2025-06-01", 31400, 0, 0, 12000, 0, 0, 0, 0, 43400),
        # three users more in both agreements: 3 × 1 200 + 3 × 600
        ("2025-09-01", 43400, 0, 0, 5400, 0, 0, 0, 0, 48800),
        # M-2's third period: 10 × (600 − 500)
        ("2026-01-01", 48800, 0, 0, 0, 0, 1000, 0, 0, 49800),
    ]


def test_the_customers_behind_the_movements(house: Warehouse) -> None:
    rows = _rows(house, "movement_customers", "month movement customer_id amount")
    assert rows == [
        ("2025-04-01", "new", "1", 24000),
        ("2025-06-01", "expansion", "1", 12000),
        ("2025-09-01", "expansion", "1", 5400),
        ("2026-01-01", "price_change", "2", 1000),
        ("2025-05-01", "price_change", "3", 400),
    ]


def test_retention(house: Warehouse) -> None:
    # customers 2 and 3 a year ago: 5 000 + 2 000; now 6 000 + 2 400
    columns = "customers_then revenue_then revenue_now nrr grr logo_churn"
    assert _rows(house, "retention", columns) == [(2, 7000, 8400, pytest.approx(1.2), 1.0, 0.0)]


def test_cohorts(house: Warehouse) -> None:
    assert _rows(house, "cohorts", "cohort_year on_day customers revenue") == [
        (2024, "2024-12-31", 2, 7000),
        (2024, "2025-12-31", 2, 7400),  # M-2 5 000 + M-3 2 400
        (2024, "2026-03-15", 2, 8400),
        (2025, "2025-12-31", 1, 41400),
        (2025, "2026-03-15", 1, 41400),
    ]


def test_invoicing(house: Warehouse) -> None:
    columns = "agreement_id period_start kind expected invoiced difference"
    assert _rows(house, "invoicing", columns) == [
        # 15 September to 1 June: nine started months, 3 × 600 × 9 / 12
        ("M-1", "2025-06-01", "expansion", 1350, 0, 1350),
        # 15 September to 1 April: seven started months, 3 × 1 200 × 7 / 12
        ("A-1", "2025-04-01", "expansion", 2100, 2100, 0),
        ("A-1", "2025-04-01", "yearly", 24000, 24000, 0),
        ("M-1", "2025-06-01", "yearly", 12000, 12000, 0),
        ("M-3", "2025-05-10", "yearly", 2400, 2400, 0),
        # 660 was taken too soon: 10 × 600 against 10 × 660; the invoice names no agreement, and comes ahead
        ("M-2", "2026-01-15", "yearly", 6000, 6600, -600),
    ]


def test_the_lines_behind_the_amounts(house: Warehouse) -> None:
    columns = "agreement_id period_start kind from_on users_before users_after users months_billed expected"
    assert _rows(house, "expected_lines", columns) == [
        ("A-1", "2025-04-01", "yearly", "2025-04-01", 0, 20, 20, 12, 24000),
        ("A-1", "2025-04-01", "expansion", "2025-09-15", 20, 23, 3, 7, 2100),
        ("M-1", "2025-06-01", "yearly", "2025-06-01", 0, 20, 20, 12, 12000),
        ("M-1", "2025-06-01", "expansion", "2025-09-15", 20, 23, 3, 9, 1350),
        ("M-2", "2026-01-15", "yearly", "2026-01-15", 0, 10, 10, 12, 6000),
        ("M-3", "2025-05-10", "yearly", "2025-05-10", 0, 4, 4, 12, 2400),
    ]
    lines = "invoice_line_id agreement_id period_start amount is_placed"
    assert _rows(house, "assigned_invoices", lines) == [
        ("F-1", "A-1", "2025-04-01", 24000, True),
        ("F-2", "A-1", "2025-04-01", 2100, True),
        ("F-3", "M-1", "2025-06-01", 12000, True),
        ("F-4", "M-2", "2026-01-15", 6600, True),
        ("F-5", "M-3", "2025-05-10", 2400, True),
    ]


def test_users_at_the_vendor_and_users_billed(house: Warehouse) -> None:
    columns = "agreement_id registered_users invoiced_users billed_users users_difference difference_value"
    assert _rows(house, "users_billed", columns) == [
        ("M-1", 23, 23, 20, 3, 1800),  # 3 × 600
        ("A-1", 23, 23, 23, 0, 0),
        ("M-2", 10, 10, 10, 0, 0),
        ("M-3", 4, 4, 4, 0, 0),
    ]


def test_consulting_at_the_rate_of_the_agreement_subscribed_last(house: Warehouse) -> None:
    # M-1 speaks for customer 1: 90 min at 1 100 is 1 650; one hour at 1 100 is invoiced, 450 below 1 550
    columns = "customer_id billable_minutes hourly_rate expected invoiced difference discount_value"
    assert _rows(house, "consulting", columns) == [
        ("1", 90, 1100, 1650, 1100, 550, 450),
        ("2", 0, 1100, 0, 0, 0, 0),
        ("3", 0, 1100, 0, 0, 0, 0),
    ]
    lines = "customer_id source line_key done_on billable_minutes expected invoiced"
    assert _rows(house, "consulting_lines", lines) == [
        ("1", "ticket", "1", "2026-02-02", 90, 1650, 0),
        ("1", "invoice", "F-6", "2026-02-28", 60, 0, 1100),
    ]


def test_utilization(house: Warehouse) -> None:
    columns = "customer_id user_band registered_users tickets minutes consulting_share percentile"
    assert sorted(_rows(house, "utilization", columns)) == [
        ("1", "10–24", 23, 1, 90, 1, 1),  # above the one other of the band
        ("2", "10–24", 10, 0, 0, None, 0),
        ("3", "1–4", 4, 0, 0, None, 0),
    ]


def test_a_meeting_is_overdue_by_the_products_own_deadline(house: Warehouse) -> None:
    columns = "agreement_id status held_on best_before missed_periods"
    assert sorted(_rows(house, "status_meetings", columns)) == [
        ("A-1", "held", "2025-10-01", "2026-02-14", 0),
        ("M-1", "held", "2025-10-01", "2026-03-01", 0),
        ("M-2", "due", None, "2026-10-15", 2),
        # 9 March has passed; by CRM's terms it would be due until 9 April
        ("M-3", "overdue", None, "2026-02-07", 1),
    ]


def test_past_renewals_and_the_forecast(house: Warehouse) -> None:
    rates = [row for row in _rows(house, "renewal_rates", "user_band due renewed value_due") if row[1]]
    # M-3's first period; M-2's first two, 10 × 500 each
    assert rates == [("1–4", 1, 1, 2000), ("10–24", 2, 2, 10000)]
    columns = "month agreements certain_value open_value open_weighted ending_value"
    assert _rows(house, "renewal_forecast", columns) == [
        ("2026-04-01", 1, 28980, 0, 0, 0),
        ("2026-05-01", 1, 0, 0, 0, 2400),
        ("2026-06-01", 1, 0, 13800, 13800, 0),
        ("2027-01-01", 1, 0, 0, 0, 6000),
    ]


def test_a_planned_price_by_the_products_own_deadline(house: Warehouse) -> None:
    columns = """
        agreement_id first_renewal_on notify_by act_by reached_on rate new_rate value new_value change lost
        lost_by_waiting needs_direct_agreement
    """
    plan = {"valid_on": date(2026, 6, 1), "sent_on": D, "percent": Decimal(10)}
    # M-2 and M-3 end. 1 March is a Sunday: 27 February. 600 + 10 % = 660, 23 × 60 = 1 380 lost for a year
    assert _rows(house, "price_plan", columns, product_name=MARKETING, **plan) == [
        (
            "M-1",
            "2026-06-01",
            "2026-03-01",
            "2026-02-27",
            "2027-06-01",
            600,
            660,
            13800,
            15180,
            1380,
            1380,
            0,
            False,
        ),
    ]
    # CRM's first renewal from 1 June on is 1 April 2027, to be notified by 14 February 2027, a Sunday
    assert _rows(house, "price_plan", columns, product_name="CloudCare CRM", **plan) == [
        (
            "A-1",
            "2027-04-01",
            "2027-02-14",
            "2027-02-12",
            "2027-04-01",
            1260,
            1386,
            28980,
            31878,
            2898,
            0,
            0,
            False,
        ),
    ]
