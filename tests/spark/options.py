"""The values of reports' options that are tried, in both engines."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import duckdb

from ccinsight.registry import REPORTS
from tests.spark.odd import HOSTILE, PRODUCTS

# What a value is of: the database and the as-of date.
OfCompany = Callable[[duckdb.DuckDBPyConnection, date], Any]
Options = Mapping[str, Any]
DAYS_APART = (-1, 0, 1, 30, 89, 90, 400)


def marks(connection: duckdb.DuckDBPyConnection, as_of: date) -> list[dict[str, Any]]:
    """What persons said of two of three duties: some of them twice, before or after the day, of other values."""
    rows = connection.execute(
        "select d.kind, d.agreement_id, d.customer_id, d.period_start, d.value, d.last_day"
        " from main.duties($as_of) as d order by d.duty_id",
        {"as_of": as_of},
    ).fetchall()
    said = []
    for number, (kind, agreement, customer, start, value, last_day) in enumerate([*rows, *rows[::5]]):
        closed_on = as_of - timedelta(days=DAYS_APART[number % len(DAYS_APART)])
        less = None if value is None else value - Decimal(number % 2)
        said.append(
            {
                "mark_id": number + 1,
                "kind": kind,
                "agreement_id": agreement,
                "customer_id": customer,
                "period_start": start,
                "state": ("done", "not_needed")[number % 2],
                "closed_on": closed_on,
                "closed_by": (None, HOSTILE[number % len(HOSTILE)])[number % 2],
                "note": (HOSTILE[number % len(HOSTILE)], None)[number % 2],
                "value": (less, None, value)[number % 3],
                "last_day": last_day and last_day - timedelta(days=number % 2),
                "ceased_on": (None, None, closed_on, as_of)[number % 4],
            }
        )
    return [mark for mark in said if mark["mark_id"] % 3]


def verdicts(connection: duckdb.DuckDBPyConnection, as_of: date) -> list[dict[str, Any]]:
    """What account managers said of the renewals around the day, on days around each milestone."""
    rows = connection.execute(
        "select p.agreement_id, p.customer_id, p.renewal_on, p.termination_deadline"
        " from main.agreement_periods($as_of) as p"
        " where p.termination_deadline between $as_of - 1000 and $as_of + 300 order by all",
        {"as_of": as_of},
    ).fetchall()
    given = []
    for number, (agreement, customer, renewal_on, deadline) in enumerate([*rows, *rows[::4]]):
        milestone = (6, 3)[number % 2]
        day = deadline - timedelta(days=30 * milestone - (0, 15, 45, 80, 200)[number % 5])
        action_on = (None, as_of, as_of - timedelta(days=40), day)[number % 4]
        closed_on = as_of - timedelta(days=DAYS_APART[number % len(DAYS_APART)])
        is_closed = action_on is not None and number % 3 == 0
        given.append(
            {
                "verdict_id": number + 1,
                "agreement_id": agreement,
                "customer_id": customer,
                "renewal_on": renewal_on + timedelta(days=(0, 0, 20, 183, 184)[number % 5]),
                "milestone": milestone,
                "verdict": ("stays", "in_doubt", "leaves")[number % 3],
                "reason": (None, HOSTILE[number % len(HOSTILE)])[number % 2],
                "action": action_on and HOSTILE[number % len(HOSTILE)],
                "action_on": action_on,
                "given_at": datetime(day.year, day.month, day.day, (0, 23)[number % 2], (0, 59)[number % 2]),
                "given_by": "Kari",
                "state": "done" if is_closed else None,
                "closed_on": closed_on if is_closed else None,
                "closed_by": "Ola" if is_closed else None,
                "note": HOSTILE[0] if is_closed else None,
            }
        )
    return given


STEPS = [
    {"complexity": complexity, "min_users": least, "price_per_user": Decimal(price)}
    for complexity in ("standard", "erp")
    for least, price in ((10, "1111.1111"), (1, "0.0050"), (20, "999.9950"))
]
VALUES: dict[str, tuple[Any, ...]] = {
    "days": (0, 400),
    "months": (1, 30),
    "fewest": (5,),
    "since": (date(2024, 2, 29),),
    "check": ("rate_unknown",),
    "product_name": (PRODUCTS[0],),
    "valid_on": (date(2026, 7, 1),),
    "sent_on": (date(2024, 2, 29),),
    "percent": (Decimal("3.5005"),),
    "steps": (STEPS,),
    "marks": (marks,),
    "verdicts": (verdicts,),
}
TOGETHER: dict[str, list[Options]] = {
    "price_plan": [
        {"product_name": PRODUCTS[0], "valid_on": date(2026, 2, 28), "percent": Decimal("-12.5")},
        {
            "product_name": PRODUCTS[1],
            "valid_on": date(2024, 7, 1),
            "sent_on": date(2024, 3, 1),
            "steps": STEPS,
        },
    ],
    "price_letters": [{"product_name": PRODUCTS[0], "valid_on": date(2026, 7, 1), "steps": STEPS}],
    "revenue_movements": [{"months": 60, "since": date(2023, 2, 28)}],
    "renewal_verdicts": [{"months": 6, "verdicts": verdicts}],
}


def every_option(name: str) -> list[Options]:
    """The options of a report that are tried: each by itself, and those that go together."""
    alone = [{option: value} for option in REPORTS[name].options for value in VALUES[option]]
    return [*alone, *TOGETHER.get(name, [])]


def given(options: Options, connection: duckdb.DuckDBPyConnection, as_of: date) -> dict[str, Any]:
    """The options with the values that follow from the database."""
    return {
        option: value(connection, as_of) if callable(value) else value for option, value in options.items()
    }


def label(options: Options) -> str:
    """The options in the name of a test."""

    def word(value: Any) -> str:
        return "steps" if value is STEPS else getattr(value, "__name__", str(value))

    return ",".join(f"{option}={word(value)}" for option, value in options.items()) or "as it is"
