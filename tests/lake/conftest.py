"""A lake of the sample's database, and how two databases' reports are compared."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pyarrow as pa
import pytest

from ccinsight.access import SEES_ALL
from ccinsight.database.scope import Scope
from ccinsight.database.warehouse import Warehouse
from ccinsight.lake.collect import collect
from ccinsight.lake.write import write_lake
from ccinsight.registry import REPORTS

DAY = date(2026, 3, 1)
WRITTEN_AT = datetime(2026, 3, 2, 6, 0)


@pytest.fixture(scope="session")
def lake(sample_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A lake of the sample; not to be written to."""
    folder = tmp_path_factory.mktemp("lake") / "lake"
    write_lake(sample_database, folder, written_at=WRITTEN_AT)
    yield folder


@pytest.fixture(scope="session")
def viewed(lake: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The database of that lake, with the tickets in it; not to be written to."""
    database = tmp_path_factory.mktemp("viewed") / "ccinsight.duckdb"
    assert collect(lake, database, with_tickets=False) == (None,)
    return database


def all_reports(database: Path, day: date = DAY) -> dict[str, pa.Table]:
    """Every report of a database for a reader who sees all."""
    with Warehouse.open(database) as house:
        return {name: house.report(name, Scope(day, SEES_ALL)) for name in REPORTS}
