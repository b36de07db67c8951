"""Long tickets and large quantities: products that need more digits than each of their factors has."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from ccinsight.access import SEES_ALL
from ccinsight.database.scope import Scope
from ccinsight.database.warehouse import Warehouse
from ccinsight.registry import REPORTS
from tests.ingest.trying import try_import
from tests.reports.companies import Row, agreement, company, invoice, ticket

SETTINGS = """
[products."CloudCare CRM"]
standard_hourly_rate = 1500

[categories]
"Konsulent" = { scope = "consulting" }
"""
DAY = date(2026, 3, 15)


@pytest.fixture(scope="module")
def house() -> Warehouse:
    """A ticket of a million minutes at 1 333.33 kr an hour, and 100 000 hours invoiced at a million kr."""
    worked: Row = {"category": "Konsulent", "status": "closed", "minutes_spent": 1_000_000}
    line: Row = {"kind": "consulting", "quantity": 100_000, "unit_price": 1_000_000}
    return company(
        SETTINGS,
        agreements=[agreement(consultant_rate=Decimal("1333.33"))],
        tickets=[ticket("T-1", datetime(2026, 2, 2, 9), **worked)],
        invoices=[invoice("I-1", date(2026, 2, 28), "100000000000", **line)],
    )


def test_consulting_of_a_million_minutes(house: Warehouse) -> None:
    lines = house.report("consulting_lines", Scope(DAY, SEES_ALL)).to_pylist()
    (customer,) = house.report("consulting", Scope(DAY, SEES_ALL)).to_pylist()

    assert [row["expected"] for row in lines] == [Decimal("22222166.67"), 0]
    assert customer["expected"] == Decimal("22222166.67")
    assert customer["discount_value"] == (1_500 - 1_000_000) * 100_000


# --- The largest values that an import takes

_FILES = {
    "agreements.csv": (
        "agreement_id;customer_id;customer_name;account_manager;subscribed_on;first_renewal_on;terminated_on;"
        "price_basis;price_per_user;registered_users;consultant_rate\n"
        + "".join(
            f"A-{n};{n};Firma {n};Kari;2023-0{n}-01;{first};{ended};contract;9999999.9999;999999;9999999.9999\n"
            for n, first, ended in ((1, "", ""), (2, "2023-12-31", ""), (3, "", "2025-12-01"), (4, "", ""))
        )
    ),
    "prices.csv": (
        "product;agreement_id;valid_from;announced_on;complexity;min_users;price_per_user\n"
        "CloudCare CRM;;2026-06-01;2026-04-01;standard;1;9999999.9999\n"
        "CloudCare CRM;;2026-06-01;2026-04-01;standard;999999;9999999.99\n"
    ),
    "user_counts.csv": (
        "customer_id;counted_on;registered_users;available_licences;active_users\n"
        "1;2024-01-15;1;999999;1\n1;2025-06-15;999999;999999;999999\n4;2023-01-15;10;10;10\n"
    ),
    "invoices.csv": (
        "invoice_line_id;customer_id;agreement_id;kind;issued_on;period_start;quantity;unit_price;amount\n"
        "I-1;1;A-1;yearly;2025-12-01;2026-01-01;9999999.999999;9999999.9999;999999999999.9999\n"
        "I-2;2;A-2;expansion;2026-01-01;2025-12-31;9999999.999999;9999999.9999;-999999999999.9999\n"
        "I-3;1;;consulting;2026-02-01;;9999999.999999;9999999.9999;999999999999.9999\n"
        "I-4;2;;course;2026-02-01;;9999999.999999;9999999.9999;999999999999.9999\n"
    ),
    "tickets.csv": (
        "ticket_id;customer_id;opened_at;first_reply_at;closed_at;status;category;minutes_spent;minutes_to_invoice\n"
        + "".join(
            f"T-{n};{1 + n % 2};2026-02-0{n} 09:00;2026-02-0{n} 10:00;;open;Konsulent;9999999;9999999\n"
            for n in range(1, 6)
        )
    ),
}


@pytest.fixture(scope="module")
def largest(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return try_import(tmp_path_factory.mktemp("largest"), _FILES, SETTINGS).database


def test_a_company_of_the_largest_values_is_imported_whole(largest: Path) -> None:
    with duckdb.connect(str(largest), read_only=True) as connection:
        assert connection.execute("select count(*) from stored.rejects").fetchall() == [(0,)]
        assert connection.execute("select distinct price_per_user from main.agreements").fetchall() == [
            (Decimal("9999999.9999"),)
        ]


@pytest.mark.parametrize("name", list(REPORTS))
def test_every_report_answers_for_the_largest_values(largest: Path, name: str) -> None:
    with Warehouse.open(largest) as house:
        for day in (date(2023, 2, 1), date(2025, 12, 31), DAY, date(2026, 9, 1)):
            assert house.report(name, Scope(day, SEES_ALL), **_dearest(name)).schema


def _dearest(name: str) -> dict[str, Any]:
    options = {
        "percent": Decimal(1000),
        "product_name": "CloudCare CRM",
        "valid_on": date(2027, 1, 1),
        "sent_on": date(2026, 11, 1),
    }
    return {option: value for option, value in options.items() if option in REPORTS[name].options}


def test_annual_value_of_the_largest_agreement(largest: Path) -> None:
    with Warehouse.open(largest) as house:
        rows = house.report("agreements", Scope(DAY, SEES_ALL, ("2",))).to_pylist()
    assert [row["annual_value"] for row in rows] == [
        (999_999 * Decimal("9999999.9999")).quantize(Decimal("0.01"))
    ]


@pytest.mark.parametrize(
    ("file", "was", "now", "column"),
    [
        ("agreements.csv", ";9999999.9999;999999;", ";10000000;999999;", "price_per_user"),
        ("agreements.csv", ";999999;", ";1000000;", "registered_users"),
        ("invoices.csv", ";999999999999.9999\n", ";1000000000000\n", "amount"),
        ("invoices.csv", ";9999999.999999;", ";10000000;", "quantity"),
        ("tickets.csv", ";9999999\n", ";10000000\n", "minutes_to_invoice"),
    ],
)
def test_one_more_rejects_its_row_and_no_other(
    tmp_path: Path, file: str, was: str, now: str, column: str
) -> None:
    trial = try_import(tmp_path, {**_FILES, file: _FILES[file].replace(was, now, 1)}, SETTINGS)
    assert [(where, reason) for _line, where, _value, reason in trial.rejects()] == [
        (column, "too large a number")
    ]
