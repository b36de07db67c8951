"""The key of each report identifies a row: on the sample no two rows have the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from ccinsight.access import SEES_ALL
from ccinsight.database.scope import Scope
from ccinsight.database.warehouse import Warehouse
from ccinsight.registry import REPORTS

# What no export holds: tests/documents/letters/ has rows of it.
RECORDED_HERE = {"sent_letters"}
# The day on which the sample has rows of a report, where it isn't 1 March.
DAYS = {"missed_prices": date(2026, 11, 1)}


@pytest.fixture(scope="module")
def house(sample_database: Path) -> Iterator[Warehouse]:
    with Warehouse.open(sample_database) as house:
        yield house


@pytest.mark.parametrize("name", REPORTS)
def test_no_two_rows_have_the_same_key(house: Warehouse, name: str) -> None:
    table = house.report(name, Scope(DAYS.get(name, date(2026, 3, 1)), SEES_ALL))
    keys = Counter(tuple(row.values()) for row in table.select(REPORTS[name].key).to_pylist())
    assert [(key, count) for key, count in keys.items() if count > 1] == []
    assert keys or name in RECORDED_HERE, "the sample has no row to test the key on"
