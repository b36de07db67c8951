"""Builds the models of a lake on Spark: what ``build_models`` does in DuckDB."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from ccinsight.lake.layout import MODELS, ROW_GROUP, TICKET_SIZED
from ccinsight.spark.lake import Lake
from ccinsight.spark.texts import manifest, model_text

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, DataFrameWriter, SparkSession

TICKET_ORDER = ("opened_at", "file_id", "line")
# A view of all tickets that `ticket_facts` asks nine times: Spark would compute it each time.
_ASKED_OFTEN = "classified_tickets"


def build(
    session: SparkSession,
    folder: str,
    built_at: datetime,
    *,
    split: int | None = None,
    done: Callable[[str], None] = lambda _name: None,
) -> Lake:
    """Builds every model of ``FOLDER/tables`` into ``FOLDER/models``; ``done`` hears of each that is there.

    While it runs, and where it stops, no report reads the models. Raises CcinsightError where there are no tables.
    """
    lake = Lake(session, folder, split)
    lake.open_tables()
    lake.begin_models()
    for model in manifest().models:
        if model.kind == "table":
            write_model(lake, model.name)
        lake.open_model(model)
        done(model.name)
    lake.end_models(built_at)
    return lake


def write_model(lake: Lake, name: str) -> None:
    """Computes a model that is a table and writes it; the tables and models that it asks must be open."""
    if name != TICKET_SIZED[MODELS]:
        lake.session.sql(model_text(name)).write.mode("overwrite").parquet(lake.path(MODELS, name))
        return
    with lake.computed_once(_ASKED_OFTEN):
        in_order(lake.session.sql(model_text(name))).mode("overwrite").parquet(lake.path(MODELS, name))


def in_order(rows: DataFrame) -> DataFrameWriter:
    """Writes tickets so that a reader skips the months before its own, as in what `lake write` writes.

    Each file by itself is in order: an order over all of them would compute every row twice, the first time to see
    where to divide them.
    """
    return rows.sortWithinPartitions(*TICKET_ORDER).write.option("parquet.block.row.count.limit", ROW_GROUP)
