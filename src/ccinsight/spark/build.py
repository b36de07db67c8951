"""Builds the models of a lake on Spark: what ``build_models`` does in DuckDB."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from ccinsight.lake.layout import MODELS, TICKET_SIZED
from ccinsight.spark.lake import Lake
from ccinsight.spark.texts import manifest, model_text

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

TICKET_ORDER = ("opened_at", "file_id", "line")


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
            rows = session.sql(model_text(model.name))
            if (
                model.name == TICKET_SIZED[MODELS]
            ):  # as `lake write` does: a reader skips the months before its own
                rows = rows.sort(*TICKET_ORDER)
            rows.write.mode("overwrite").parquet(lake.path("models", model.name))
        lake.open_model(model)
        done(model.name)
    lake.end_models(built_at)
    return lake
