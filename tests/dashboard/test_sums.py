"""What charts sum themselves, and what the page of revenue asks for, against the same figures asked for otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import pytest

from ccinsight import charts
from ccinsight.access import SEES_ALL
from ccinsight.charts import Palette
from ccinsight.dashboard.widgets import figures
from ccinsight.database.exploring import question
from ccinsight.database.scope import Scope
from ccinsight.database.warehouse import Warehouse
from ccinsight.outputs.frames import to_frame
from ccinsight.registry import label_of
from tests.reports.companies import agreement, company, count, price, ticket

SETTINGS = """
[categories]
"Kurs" = { scope = "training" }
"Konsulent" = { scope = "consulting" }
"""
SCOPE = Scope(date(2026, 1, 15), SEES_ALL)


@pytest.fixture(scope="module")
def house() -> Iterator[Warehouse]:
    """Of two account managers and agreements without one; only one product has a price, only some have users."""
    agreements = [
        agreement("A-1", "1", account_manager="Kari"),
        agreement("A-2", "2", account_manager="Kari", product="Annet"),
        agreement("A-3", "3", account_manager="Ola", product="Annet", subscribed_on=date(2025, 6, 1)),
        agreement("A-4", "4", subscribed_on=date(2025, 6, 1)),
        agreement("A-5", "4", subscribed_on=date(2025, 6, 1), complexity="advanced"),
        agreement("A-6", "1", account_manager="Kari", terminated_on=date(2025, 9, 1)),
    ]
    counts = [count(date(2025, 4, 1), 10 * int(customer), customer) for customer in "1234"]
    opened = [(9, "Kurs"), (9, "Konsulent"), (10, "Konsulent"), (10, None), (12, "Licences")]
    with company(
        SETTINGS,
        agreements=agreements,
        user_counts=counts,
        prices=[price(date(2025, 1, 1), "1000")],
        tickets=[
            ticket(f"T-{number}", datetime(2025, month, 5, 9), category=category)
            for number, (month, category) in enumerate(opened)
        ],
    ) as house:
        yield house


def _asked(house: Warehouse, measures: list[str], *by: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = house.explore(question(measures, by), SCOPE).to_pylist()
    return rows


@pytest.mark.parametrize("column", ["account_manager", "product", "complexity", "price_basis"])
def test_the_revenue_of_each_group_is_that_of_its_agreements(house: Warehouse, column: str) -> None:
    """Unknown, not 0, for an account manager of whom no value is known."""
    expected: dict[str | None, list[Any]] = {}
    for row in house.report("agreements", SCOPE).to_pylist():
        if row["state"] in figures.IN_FORCE:
            sums = expected.setdefault(row[column], [0, 0, None])
            sums[0] += 1
            sums[1] += row["invoiced_users"]
            if row["annual_value"] is not None:
                sums[2] = (sums[2] or 0) + row["annual_value"]
    measures = ["agreements_in_force", "invoiced_users", "arr"]
    found = {row[column]: [row[name] for name in measures] for row in _asked(house, measures, column)}
    assert found == expected
    assert None in [arr for *_counts, arr in found.values()] or column == "price_basis"


def test_the_pipeline_is_what_a_reader_explores_by_month_and_status(house: Warehouse) -> None:
    chart = charts.renewal_pipeline(to_frame(house.report("renewals", SCOPE)), Palette.light())
    statuses = {label_of("renewal_status", status): status for status in ("will_renew", "open", "ending")}
    drawn = {
        (statuses[bars.name], month): value
        for bars in chart.figure.data
        for month, value in zip(bars.x, bars.y, strict=True)
        if value
    }
    explored = _asked(house, ["value_now"], "renewal_month", "renewal_status")
    assert drawn == {
        (row["renewal_status"], f"{row['renewal_month']:%Y-%m}"): row["value_now"]
        for row in explored
        if row["value_now"]
    }
    assert len(drawn) == 3


def test_the_tickets_of_a_month_by_scope_are_what_a_reader_explores(house: Warehouse) -> None:
    chart = charts.tickets_by_month(to_frame(house.report("tickets_by_month", SCOPE)), Palette.light())
    names = {label_of("scope", scope): scope for scope in ("support", "training", "consulting")}
    drawn = {
        (f"{month}-01", names[bars.name]): count
        for bars in chart.figure.data
        for month, count in zip(bars.x, bars.y, strict=True)
        if count
    }
    explored = _asked(house, ["tickets"], "month", "scope")
    assert drawn == {(f"{row['month']}", row["scope"]): row["tickets"] for row in explored if row["tickets"]}
    assert {scope for _month, scope in drawn} == {"support", "training", "consulting"}
