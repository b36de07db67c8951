"""How Spark writes tickets: so that a reader skips the months before its own."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow.parquet as pq
import pytest

from ccinsight.spark import build

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


def test_a_file_of_tickets_is_in_order_and_in_small_groups(
    session: SparkSession, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(build, "ROW_GROUP", 100)
    rows = session.range(250).selectExpr(
        "date_add(date '2026-01-01', cast(id * 7 % 250 as int)) as opened_at", "1 as file_id", "id as line"
    )
    build.in_order(rows.repartition(1)).parquet(str(tmp_path / "facts"))

    (file,) = (tmp_path / "facts").glob("*.parquet")
    days = pq.read_table(file)["opened_at"].to_pylist()
    assert days == sorted(days) and days[0] == date(2026, 1, 1) and len(days) == 250
    groups = pq.read_metadata(file)
    assert [groups.row_group(place).num_rows for place in range(groups.num_row_groups)] == [100, 100, 50]
