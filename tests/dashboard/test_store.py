"""What is remembered between clicks is what the warehouse would say."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from ccinsight.access import SEES_ALL, Reader
from ccinsight.dashboard.session import reads
from ccinsight.dashboard.session.by_customer import BY_CUSTOMER
from ccinsight.database.scope import Filters, Scope
from ccinsight.database.warehouse import Warehouse
from ccinsight.outputs.frames import to_frame
from tests.dashboard.opening import AS_OF

FILTERS = {
    "all": Filters(),
    "customers": Filters(customers=("1002", "1015")),
    "band": Filters(user_bands=("10–24",)),
    "unknown band": Filters(user_bands=("unknown",)),
    "none": Filters(customers=("1002",), user_bands=("1–4",)),
}
# What a report must be asked.
SINCE: dict[str, object] = {"since": date(2026, 1, 1)}
OPTIONS: dict[str, dict[str, object]] = {
    "lost_agreements": SINCE,
    "renewals_compared": SINCE,
    "price_plan": {
        "product_name": "CloudCare CRM",
        "valid_on": date(2027, 1, 1),
        "sent_on": date.fromisoformat(AS_OF),
        "percent": 5,
    },
}


@pytest.mark.parametrize("filters", FILTERS.values(), ids=FILTERS)
@pytest.mark.parametrize("name", sorted(BY_CUSTOMER))
def test_picked_rows_are_those_of_the_filtered_report(
    database: Path, monkeypatch: pytest.MonkeyPatch, name: str, filters: Filters
) -> None:
    monkeypatch.setenv("CCINSIGHT_DATABASE", str(database))
    _compare(name, filters, SEES_ALL)


@pytest.mark.parametrize("name", sorted(BY_CUSTOMER))
def test_picked_rows_of_a_limited_reader_are_those_of_the_filtered_report(
    database: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv("CCINSIGHT_DATABASE", str(database))
    _compare(name, Filters(customers=("1002",)), Reader(key="x", customer_ids=frozenset({"1002", "1015"})))


def _compare(name: str, filters: Filters, reader: Reader) -> None:
    day, options = date.fromisoformat(AS_OF), OPTIONS.get(name, {})
    reads.read(name, day, Filters(), reader, **options)
    picked = reads.read(name, day, filters, reader, **options)

    house = reads.warehouse()
    asked = to_frame(house.report(name, house.resolve(day, filters, reader), **options))
    pd.testing.assert_frame_equal(picked, asked, check_dtype=False)


def test_everybody_is_asked_for_from_the_second_filters_of_a_day_on(
    database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CCINSIGHT_DATABASE", str(database))
    day = date(2026, 2, 11)  # a day that no other test reads
    asked: list[tuple[str, ...] | None] = []
    report = Warehouse.report

    def noted(house: Warehouse, name: str, scope: Scope, **options: object) -> object:
        asked.append(scope.customer_ids)
        return report(house, name, scope, **options)

    monkeypatch.setattr(Warehouse, "report", noted)
    for customer in ("1001", "1001", "1002", "1003"):
        reads.read("agreements", day, Filters(customers=(customer,)), SEES_ALL)

    assert asked == [("1001",), None]


def test_what_a_page_does_to_a_frame_stays_on_the_page(
    database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CCINSIGHT_DATABASE", str(database))
    day = date.fromisoformat(AS_OF)

    mine = reads.read("agreements", day, Filters(), SEES_ALL)
    mine["extra"] = 1
    mine.loc[0, "customer_name"] = "changed"

    again = reads.read("agreements", day, Filters(), SEES_ALL)
    assert "extra" not in again
    assert again.loc[0, "customer_name"] != "changed"
