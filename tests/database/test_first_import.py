"""A first import makes all models and reports itself, as for users; for other tests tests/conftest.py copies them."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from ccinsight.access import SEES_ALL
from ccinsight.database import definitions
from ccinsight.database.definitions import make
from ccinsight.database.models import all_models
from ccinsight.database.scope import Scope
from ccinsight.database.warehouse import Warehouse
from ccinsight.ingest import import_paths

NAMES = [model.relation for model in all_models() if model.kind in {"table", "view"}]
REPORTS = ("deadlines", "revenue_movements", "tickets_by_month", "data_quality")


def _counts(database: Path) -> dict[str, int]:
    query = " union all ".join(f"select '{name}' as name, count(*) from {name}" for name in NAMES)  # noqa: S608
    with duckdb.connect(str(database), read_only=True) as connection:
        return dict(connection.execute(query).fetchall())


def _rows(database: Path) -> dict[str, list[dict[str, Any]]]:
    with Warehouse.open(database) as house:
        return {name: house.report(name, Scope(date(2026, 3, 1), SEES_ALL)).to_pylist() for name in REPORTS}


def test_a_first_import_into_an_empty_folder(
    sample_exports: Path, sample_database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(definitions, "make", make)
    database = tmp_path / "ccinsight.duckdb"

    settings = sample_exports / "ccinsight.toml"
    import_paths([sample_exports], database, settings, imported_at=datetime(2026, 3, 1, 9, 0))

    counts, rows = _counts(database), _rows(database)
    assert counts == _counts(sample_database)
    assert sum(counts.values()) > 10_000
    assert rows == _rows(sample_database)
    assert all(rows.values())
