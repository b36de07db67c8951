"""How long Spark takes on this machine: all models over a million tickets, and `ticket_facts` over ten million.

Two local cores and 4 GiB. The other nine million are the same tickets under other numbers.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import duckdb
from benchmarks.benchdata import AS_OF, arguments, database, work_folder
from pyspark.sql import SparkSession

from ccinsight.lake.layout import MODELS, TABLES, TICKET_SIZED
from ccinsight.lake.write import write_lake
from ccinsight.spark.build import TICKET_ORDER, build
from ccinsight.spark.lake import Lake
from ccinsight.spark.report import report
from ccinsight.spark.texts import model_text

TIMES = 10
REPORTS = ("tickets_by_month", "customer_facts", "data_quality")


def session() -> SparkSession:
    """Two cores and 4 GiB of this machine, Spark's own settings otherwise."""
    settings = {
        "spark.master": "local[2]",
        "spark.driver.memory": "4g",
        "spark.driver.host": "127.0.0.1",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
    }
    builder = SparkSession.builder.appName("bench")
    for setting, value in settings.items():
        builder = builder.config(setting, value)
    return builder.getOrCreate()


def multiply(tables: Path, times: int) -> None:
    """Puts the tickets ``times`` - 1 more times beside themselves, each time under other numbers."""
    folder = tables / TICKET_SIZED[TABLES]
    (rows,) = folder.glob("*.parquet")
    with duckdb.connect() as connection:
        for more in range(1, times):
            connection.execute(
                f"copy (select * replace (ticket_id || '-{more}' as ticket_id) from '{rows}')"  # noqa: S608
                f" to '{folder / f'more-{more}.parquet'}' (format parquet, compression zstd)"
            )


class Timer:
    """Prints how long each model took, of those that took more than a second."""

    def __init__(self) -> None:
        self._last = time.perf_counter()

    def done(self, name: str) -> None:
        """Says that a model is there."""
        seconds, self._last = time.perf_counter() - self._last, time.perf_counter()
        if seconds > 1:
            print(f"  {name:<32} {seconds:>7.1f} s")


def timed(what: str, work: Callable[[], object]) -> None:
    """Does it and prints the seconds."""
    start = time.perf_counter()
    work()
    print(f"{what:<34} {time.perf_counter() - start:>7.1f} s", flush=True)


def facts_again(spark: SparkSession, folder: Path) -> None:
    """Builds ticket_facts of what tickets there are now, beside the models of before."""
    lake = Lake(spark, str(folder))
    lake.open_tables()
    lake.open_models()
    rows = spark.sql(model_text(TICKET_SIZED[MODELS])).sort(*TICKET_ORDER)
    rows.write.parquet(str(folder / "ten-times"))
    print(f"  {spark.read.parquet(str(folder / 'ten-times')).count():,} rows")


def main() -> None:
    """Writes the lake, builds it, asks for reports, and builds ticket_facts again over ten times the tickets."""
    options = arguments(__doc__).parse_args()
    with work_folder(options.folder) as beside, tempfile.TemporaryDirectory(dir=beside) as temporary:
        made, folder = database(beside, options.customers, options.tickets), Path(temporary, "lake")
        now = datetime(2026, 11, 1, 9, 0)
        timed("lake write", lambda: write_lake(made, folder, with_models=False, written_at=now))
        spark = session()
        models = Timer()
        timed("all models", lambda: build(spark, str(folder), now, done=models.done))
        lake = Lake(spark, str(folder))
        lake.open_tables()
        lake.open_models()
        for name in REPORTS:
            timed(name, report(lake, name, AS_OF).toArrow)
        multiply(folder / TABLES, TIMES)
        timed(f"ticket_facts, {TIMES} times the tickets", lambda: facts_again(spark, folder))
        spark.stop()


if __name__ == "__main__":
    main()
