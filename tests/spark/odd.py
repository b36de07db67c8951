"""A company of all that is odd: generated agreements, and rows drawn by a seed from what tends to go wrong.

Midnights, hours that clocks skip and repeat, leap days, customers with no agreement and with several, successors,
rates, users and minutes that nobody knows, and texts that are hostile to whoever puts them into a statement.

    python -m tests.spark.odd DATABASE SEED

A process of its own writes the same company for a seed each time: Hypothesis draws also from the constants of
whichever modules are loaded.
"""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import hypothesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from ccinsight.database.build import build_beside
from ccinsight.settings.parsing import parse_settings
from ccinsight.settings.storing import store_settings
from tests.reports.companies import Row, fill
from tests.reports.generated import beginners, exports_of, generated_companies, terms_of
from tests.reports.plain import Company

HOSTILE = (
    "O'Neil & Sønner", "'; drop table x; --", 'Si "hei"', "C:\\temp\\n", "${as_of} {x} :as_of", "100 %_", "=1+1", "a/b",
    "\u0130stanbul", "\u039f\u0394\u039f\u03a3", "e\u0301te\u0301", "\u00e9t\u00e9", "Stra\u00dfe", "\U0001f600 smil",
    "to\nlinjer", "to\tord", "hardt\u00a0mellom\u202from", "null", "NaN", "0", "\u200b", "x" * 3_000,
)  # fmt: skip
CUSTOMERS = (
    "7",
    "007",
    "k-19",
    "K-19",
    "\u00d8-1",
    "o'n",
    "a\\b",
    ":x",
    "8",
    "9",
    "10",
    "1e3",
    "N/A",
    "odd 1",
    "odd 2",
)
PRODUCTS = ("CloudCare CRM", "Odd 'product' \\ :x", "Unlisted")
CATEGORIES = (
    "Innlogging",
    "Innlogging/Nede",
    "Drift/Stans",
    "Kurs",
    "Kurs/Nye",
    "Konsulent",
    "Diverse",
    None,
)
_LEAPS = (date(2020, 2, 29), date(2024, 2, 29))
# Around the days of the reports, ends of months, and the far ends of what an import takes.
DAYS = (
    *_LEAPS, *(day + timedelta(days=1) for day in _LEAPS), *(day - timedelta(days=1) for day in _LEAPS),
    date(2023, 2, 28), date(2025, 2, 28), date(2025, 3, 1), date(2025, 3, 15), date(2025, 3, 16), date(2026, 3, 14),
    date(2026, 3, 15), date(2026, 3, 16), date(2025, 12, 31), date(2026, 1, 1), date(2025, 8, 31), date(2026, 6, 15),
    date(2019, 1, 31), date(2024, 3, 31), date(2025, 3, 30), date(2025, 10, 26), date(2026, 12, 31), date(1995, 7, 1),
    date(2101, 1, 1),
)  # fmt: skip
MOMENTS = (
    *(datetime(day.year, day.month, day.day) for day in DAYS[:-2]),
    *(datetime(2025, 3, 30, hour, minute) for hour in (1, 2, 3) for minute in (0, 30, 59)),
    *(datetime(2025, 10, 26, hour, minute) for hour in (1, 2, 3) for minute in (0, 30, 59)),
    datetime(2024, 2, 29, 23, 59, 59, 999_999), datetime(2026, 3, 15, 0, 0, 0, 1), datetime(2026, 3, 15, 7, 59, 59),
    datetime(2024, 10, 27, 2, 30), datetime(2026, 3, 14, 12), datetime(2025, 12, 24, 15, 30), datetime(1996, 2, 29),
)  # fmt: skip
MINUTES = (None, 0, "0.000001", "0.333333", "29.5", 30, "44.999999", 90, 1_000_000)
AMOUNTS = (
    "0",
    "0.005",
    "-0.005",
    "0.0049",
    "1234.565",
    "-1234.5650",
    "33333.3333",
    "12000",
    "99999999999.9999",
    "-1",
)
SETTINGS = f"""
[products."CloudCare CRM"]
notice_months = 3
price_notice_days = 30
member_hourly_rate = 1333.33
standard_hourly_rate = 1666.67

[products.{json.dumps(PRODUCTS[1])}]
notice_months = 0
price_notice_days = 0
member_hourly_rate = 1000

[categories]
"Innlogging" = {{}}
"Innlogging/Nede" = {{ access_down = true }}
"Drift/Stans" = {{ access_down = true }}
"Kurs" = {{ scope = "training" }}
"Konsulent" = {{ scope = "consulting" }}
{json.dumps(HOSTILE[1])} = {{ scope = "consulting", access_down = true }}

[severities]
critical = {{ access_down = true }}

[user_bands]
from = [1, 7, 20]

[import]
minimum_reply_seconds = 60
full = ["agreements", "prices"]

[customers]
{json.dumps(HOSTILE[0])} = "o'n"
"Kunde 8 AS" = "8"
"""


def generated(seed: str, of_each: int = 12) -> list[Company]:
    """Companies of both kinds of the property tests, the same for a seed where the same modules are loaded."""
    made: list[list[Company]] = []

    @hypothesis.seed(seed)
    @settings(max_examples=4, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    @given(
        st.lists(generated_companies(), min_size=of_each, max_size=of_each),
        st.lists(beginners(), min_size=of_each, max_size=of_each),
    )
    def make(some: list[Company], others: list[Company]) -> None:
        made.append(some + others)

    make()
    return made[-1]  # the first one is the plainest


def write_odd_company(database: Path, seed: str) -> None:
    """Writes a database of a company that follows from the seed."""
    dice, made = random.Random(seed), generated(seed)
    exports = exports_of(made)
    drawn = {
        "agreements": _agreements(dice),
        "user_counts": _counts(dice),
        "prices": _prices(dice),
        "tickets": _tickets(dice),
        "invoices": _invoices(dice, exports["agreements"]),
        "meetings": _meetings(dice),
    }
    rows = {name: [*exports.get(name, []), *more] for name, more in drawn.items()}
    with build_beside(database) as connection:
        store_settings(connection, parse_settings(f"{terms_of(made)}\n{SETTINGS}", None))
        fill(connection, rows)
        _add_log(connection, dice)


def _customer(dice: random.Random) -> Row:
    """How a row names its customer: by id, number or name, rightly or not."""
    known = dice.choice(CUSTOMERS)
    named: list[Row] = [
        {"customer_id": known},
        {"customer_id": known, "org_number": dice.choice(["NO 987 654 321", "987654321", "12"])},
        {"customer_id": str(dice.randint(0, 12))},  # one of the generated companies
        {"customer_id": None, "org_number": f"98765432{CUSTOMERS.index(known) % 4}"},
        {"customer_id": None, "customer_name": f"kunde {known} as "},
        {"customer_id": None, "customer_name": dice.choice(HOSTILE)},
        {"customer_id": dice.choice(["nobody", *HOSTILE])},
        {"customer_id": None},
    ]
    return dice.choices(named, [6, 2, 2, 1, 1, 1, 1, 1])[0]


def _agreements(dice: random.Random) -> list[Row]:
    rows = []
    for number, customer in enumerate(CUSTOMERS[:-2]):  # two customers have none
        name, manager = f"Kunde {customer} AS", dice.choice([None, "Kari", *HOSTILE])
        for part in range(dice.choice([1, 1, 2, 3])):  # a later one of the product is a successor
            began = dice.choice(DAYS)
            ended = dice.choice([None, None, began + timedelta(days=dice.randint(-30, 1_500)), *_LEAPS])
            rows.append(
                {
                    "agreement_id": dice.choice([f"O-{number}-{part}", f"{HOSTILE[number]}{part}"]),
                    "customer_id": customer,
                    "customer_name": dice.choice([name, name.upper(), HOSTILE[number]]),
                    "org_number": dice.choice([None, f"NO98765432{number % 4}", "987 654 321 MVA"]),
                    "account_manager": manager,
                    "product": dice.choice(PRODUCTS),
                    "subscribed_on": began,
                    "first_renewal_on": dice.choice([None, None, began + timedelta(dice.randint(-5, 400))]),
                    "terminated_on": ended,
                    "terminated_by": dice.choice(["customer", "supplier", None]) if ended else None,
                    "price_basis": dice.choice(["price_list", "price_list", "contract"]),
                    "price_per_user": dice.choice([None, None, Decimal("999.9950"), Decimal(0)]),
                    "complexity": dice.choice(["standard", "erp", "advanced"]),
                    "registered_users": dice.choice([None, 0, 1, 7, 19, 2_000_000]),
                    "consultant_rate": dice.choice([None, Decimal("1111.1111"), Decimal(0)]),
                    "partner_confirmed_on": dice.choice([None, began, *_LEAPS]),
                }
            )
    return rows


def _counts(dice: random.Random) -> list[Row]:
    rows: dict[Any, Row] = {}
    for _each in range(120):
        named = _customer(dice)
        row = {
            **named,
            "counted_on": dice.choice(DAYS) + timedelta(days=dice.choice([0, 0, -1, 1, 40])),
            "registered_users": dice.choice([0, 1, 6, 7, 19, 20, 130]),
            "available_licences": dice.choice([None, 0, 10]),
            "active_users": dice.choice([None, 0, 1, 5, 200]),
        }
        rows[(*sorted(named.items(), key=str), row["counted_on"])] = row
    return list(rows.values())


def _prices(dice: random.Random) -> list[Row]:
    rows: dict[Any, Row] = {}
    for _each in range(90):
        began = dice.choice(DAYS)
        row = {
            "product": dice.choice(PRODUCTS),
            "agreement_id": dice.choice([None, None, None, f"O-{dice.randint(0, 12)}-0", "no agreement"]),
            "valid_from": began,
            "complexity": dice.choice(["standard", "erp", "advanced"]),
            "min_users": dice.choice([1, 1, 2, 7, 20, 100]),
        }
        said = {
            "announced_on": dice.choice([None, began, began - timedelta(days=dice.randint(0, 200)), *_LEAPS]),
            "price_per_user": Decimal(
                dice.choice(["0", "1000", "999.9950", "1012.5", "1234.5678", "0.0050"])
            ),
        }
        rows[tuple(row.values())] = row | said
    return list(rows.values())


def _tickets(dice: random.Random) -> list[Row]:
    rows = []
    for number in range(400):
        opened = dice.choice(
            [*MOMENTS, dice.choice(MOMENTS) + timedelta(minutes=dice.randint(-600_000, 600_000))]
        )
        waits = [0, 59, 60, 61, 299, 300, 3_600, 86_399, 86_400, 5_000_000, -60]
        replied, closed = (
            dice.choice([None, opened + timedelta(seconds=dice.choice(waits)), dice.choice(MOMENTS)])
            for _each in range(2)
        )
        is_repeated = opened.date() in {date(2025, 10, 26), date(2024, 10, 27)}
        rows.append(
            {
                **_customer(dice),
                "ticket_id": f"{dice.choice(['', *HOSTILE[:8]])}{number}",
                "opened_at": opened,
                "first_reply_at": replied,
                "closed_at": closed,
                "title": dice.choice([None, *HOSTILE]),
                "status": dice.choice(["open", "closed", "postponed", "merged", "deleted", "spam", None]),
                "channel": dice.choice(["phone", "email", "internal", "api", "other", None]),
                "category": dice.choice([*CATEGORIES, *HOSTILE[:3]]),
                "severity": dice.choice(["low", "high", "critical", None]),
                "contact": dice.choice([None, "Kari Nordmann", " kari  NORDMANN", *HOSTILE]),
                "contact_role": dice.choice(["user", "it_operations", "other", None]),
                "owner": dice.choice([None, *HOSTILE]),
                "minutes_spent": dice.choice(MINUTES),
                "minutes_to_invoice": dice.choice([None, None, *MINUTES]),
                "second_passes": dice.choice([0, 1, 2, 4, 7, None]) if is_repeated else None,
            }
        )
    return rows


def _invoices(dice: random.Random, agreements: Sequence[Row]) -> list[Row]:
    rows = []
    for number in range(160):
        issued = dice.choice(DAYS) + timedelta(days=dice.choice([0, 1, -30, 30]))
        of_generated = dice.choice(agreements)
        named = {"customer_id": of_generated["customer_id"], "agreement_id": of_generated["agreement_id"]}
        drawn = {
            **_customer(dice),
            "agreement_id": dice.choice([None, f"O-{dice.randint(0, 12)}-0", HOSTILE[2]]),
        }
        rows.append(
            {
                **dice.choice([named, drawn]),
                "invoice_line_id": f"{dice.choice(['', *HOSTILE[:8]])}{number}",
                "given_line_id": dice.choice([None, str(number)]),
                "invoice_number": dice.choice([None, "100", HOSTILE[0]]),
                "line_number": dice.choice([None, "1", "2"]),
                "kind": dice.choice(["yearly", "yearly", "expansion", "consulting", "course"]),
                "issued_on": issued,
                "period_start": dice.choice([None, issued, of_generated["subscribed_on"], *_LEAPS]),
                "quantity": dice.choice([None, 0, "0.333333", -1, 10]),
                "unit_price": dice.choice([None, "1000", "0.005"]),
                "amount": dice.choice(AMOUNTS),
                "currency": dice.choice([None, "NOK"]),
            }
        )
    return rows


def _meetings(dice: random.Random) -> list[Row]:
    return [
        {
            **_customer(dice),
            "meeting_id": f"{dice.choice(['', *HOSTILE[:8]])}{number}",
            "kind": dice.choice(["status_meeting", "status_meeting", "course", "workshop"]),
            "planned_on": dice.choice([None, *DAYS]),
            "held_on": dice.choice([None, *DAYS]),
            "note": dice.choice([None, *HOSTILE]),
        }
        for number in range(60)
    ]


def _add_log(connection: duckdb.DuckDBPyConnection, dice: random.Random) -> None:
    """What imports said of the files, the letters sent, and the prices changed."""
    connection.execute(
        "insert into stored.imports values (1, '2026-03-15 02:30:00.000001', ?, 1.5)", [HOSTILE[0]]
    )
    for file_id, (export,) in enumerate(
        connection.execute("select f.export from stored.files as f order by f.file_id").fetchall()
    ):
        for kind, column in (
            ("header_unmatched", None),
            ("duplicate_key", "ticket_id"),
            ("value_unknown", "channel"),
            ("value_unknown", "status"),
        ):
            value, rows = dice.choice(HOSTILE), dice.choice([None, 1, 3_000_000_000])
            connection.execute(
                "insert into stored.warnings values (?, ?, ?, ?, ?, ?)",
                [file_id, kind, column, value, rows, f"{kind}: {value}"],
            )
        for line in (2, 2**33):
            value, key = dice.choice(HOSTILE), dice.choice([None, *HOSTILE])
            connection.execute(
                "insert into stored.rejects values (?, ?, ?, ?, ?, ?, ?, ?)",
                [file_id, export, line, key, dice.choice([None, "kind"]), value, HOSTILE[1], [value, ""]],
            )
        connection.execute(
            "insert into stored.key_conflicts values (?, ?, ?, [2, 3])",
            [file_id, export, dice.choice(HOSTILE)],
        )
    connection.execute(
        """
        insert into stored.price_letters
        select a.agreement_id, 'list', a.product, p.valid_from, p.valid_from - 45, 1
        from stored.agreements as a
        inner join (
            select distinct product, valid_from from stored.prices where agreement_id is null
        ) as p on a.product = p.product
        where hash(a.agreement_id, p.valid_from) % 4 = 0
        """
    )
    connection.execute(
        """
        insert into stored.price_changes
        select 1, p.product, p.agreement_id, p.valid_from, p.complexity, p.min_users, p.price_per_user + 0.005, null
        from stored.prices as p where p.line % 5 = 0
        """
    )


if __name__ == "__main__":
    write_odd_company(Path(sys.argv[1]), sys.argv[2])
