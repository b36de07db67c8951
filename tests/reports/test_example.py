"""The worked case: exports of forty customers, and every report at two dates, worked out by hand."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path

import pytest

from ccinsight.access import SEES_ALL
from ccinsight.database.scope import Scope
from ccinsight.database.warehouse import Warehouse
from ccinsight.ingest import import_paths
from ccinsight.outputs import tables
from ccinsight.registry import REPORTS

EXAMPLE = Path(__file__).parents[1] / "example"
EXPECTED = sorted((EXAMPLE / "expected").glob("*/*.csv"))
# Worked out by the calendar's own test.
LEFT_OUT = {"act_by"}
AMOUNT, RATIO = Decimal("0.005"), Decimal("0.000001")


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    database = tmp_path_factory.mktemp("example") / "example.duckdb"
    import_paths(
        [EXAMPLE / "exports"], database, EXAMPLE / "ccinsight.toml", imported_at=datetime(2026, 3, 15, 8, 0)
    )
    with Warehouse.open(database) as house:
        yield house


@pytest.mark.parametrize("file", EXPECTED, ids=lambda file: f"{file.parent.name}-{file.stem}")
def test_report_equals_the_worked_case(house: Warehouse, file: Path) -> None:
    report = REPORTS[file.stem]
    table = house.report(report.name, Scope(date.fromisoformat(file.parent.name), SEES_ALL))
    actual = _rows(tables.write(table, "csv", report).decode("utf-8-sig"), report.key)
    expected = _rows(file.read_text("utf-8-sig"), report.key)

    assert actual.keys() == expected.keys()
    differences = [
        (key, column, value, actual[key][column])
        for key, row in expected.items()
        for column, value in row.items()
        if column not in LEFT_OUT and not _same(value, actual[key][column])
    ]
    assert differences == []


def _rows(text: str, key: tuple[str, ...]) -> dict[tuple[str, ...], dict[str, str]]:
    rows = list(csv.DictReader(io.StringIO(text)))
    keyed = {tuple(row[name] for name in key): row for row in rows}
    assert len(keyed) == len(rows)
    return keyed


def _same(expected: str, actual: str) -> bool:
    if expected == actual:
        return True
    a, b = _number(expected), _number(actual)
    if a is None or b is None:
        return False
    # amounts have two decimals in the worked case, ratios ten
    places = -int(a.as_tuple().exponent) if "." in expected else 0
    return abs(a - b) <= (RATIO if places > 2 else AMOUNT) if places else a == b


def _number(text: str) -> Decimal | None:
    try:
        return Decimal(text)
    except InvalidOperation:
        return None
