"""What Spark writes and reads of a lake: tickets in order, and only the files that a manifest names."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow.parquet as pq
import pytest

from ccinsight.lake.layout import MODELS, TABLES
from ccinsight.lake.write import write_lake
from ccinsight.spark import build
from ccinsight.spark.lake import Lake
from tests.spark.compared import WRITTEN_AT

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


@pytest.fixture
def lake(session: SparkSession, sample_database: Path, tmp_path: Path) -> Lake:
    """The sample's tables in a session of their own."""
    write_lake(sample_database, tmp_path / "lake", with_models=False, written_at=WRITTEN_AT)
    return Lake(session.newSession(), str(tmp_path / "lake"))


def test_a_file_that_no_manifest_names_is_not_read(lake: Lake) -> None:
    (file,) = Path(lake.path(TABLES, "agreements")).iterdir()
    shutil.copy(file, file.with_name("older.parquet"))

    lake.open_tables()

    assert lake.session.table("stored_agreements").count() == pq.read_metadata(file).num_rows > 0


def test_a_build_removes_what_a_killed_one_left(lake: Lake) -> None:
    left = Path(lake.path(MODELS, "classified_tickets"))
    left.mkdir(parents=True)
    (left / "part.parquet").touch()

    lake.begin_models()

    assert not left.exists()


def test_what_is_computed_once_is_gone_though_the_view_cannot_be_made(
    lake: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_lake: Lake, _model: object) -> None:
        raise RuntimeError("no view")

    lake.session.range(3).createOrReplaceTempView("model_classified_tickets")
    monkeypatch.setattr(Lake, "open_model", fail)
    kept = Path(lake.path(MODELS, "classified_tickets"))

    with pytest.raises(RuntimeError, match="no view"), lake.computed_once("classified_tickets"):
        assert len(list(kept.glob("*.parquet"))) > 0
        assert lake.session.table("model_classified_tickets").count() == 3

    assert not kept.exists()
