"""How long Spark takes on this machine: all models over a million tickets, and `ticket_facts` over ten million.

Two local cores and 4 GiB. The other nine million are the same tickets on other days.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from benchmarks.bench_lake import multiply
from benchmarks.benchdata import AS_OF, arguments, database, work_folder
from pyspark.sql import SparkSession

from ccinsight.lake.layout import MODELS, TABLES, TICKET_SIZED, Part
from ccinsight.lake.write import write_lake
from ccinsight.spark.build import build, write_model
from ccinsight.spark.lake import Lake
from ccinsight.spark.report import report

TIMES, LIMIT_ALL, LIMIT_FACTS = 10, 240, 120
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


class Timer:
    """Prints how long each model took, of those that took more than a second."""

    def __init__(self) -> None:
        self._last = time.perf_counter()

    def done(self, name: str) -> None:
        """Says that a model is there."""
        seconds, self._last = time.perf_counter() - self._last, time.perf_counter()
        if seconds > 1:
            print(f"  {name:<32} {seconds:>7.1f} s")


def timed(what: str, work: Callable[[], object]) -> float:
    """Does it, prints the seconds and gives them."""
    start = time.perf_counter()
    work()
    seconds = time.perf_counter() - start
    print(f"{what:<34} {seconds:>7.1f} s", flush=True)
    return seconds


def facts_again(spark: SparkSession, folder: Path) -> None:
    """Builds ticket_facts of what tickets there are now."""
    lake = Lake(spark, str(folder))
    lake.open_tables()
    lake.open_models()
    write_model(lake, TICKET_SIZED[MODELS])
    print(f"  {spark.read.parquet(lake.path(MODELS, TICKET_SIZED[MODELS])).count():,} rows")


def main() -> None:
    """Writes the lake, builds it, asks for reports, and builds ticket_facts again; status 1 above a limit."""
    options = arguments(__doc__).parse_args()
    with work_folder(options.folder) as beside, tempfile.TemporaryDirectory(dir=beside) as temporary:
        made, folder = database(beside, options.customers, options.tickets), Path(temporary, "lake")
        now = datetime(2026, 11, 1, 9, 0)
        timed("lake write", lambda: write_lake(made, folder, with_models=False, written_at=now))
        spark = session()
        spark.sparkContext.setLogLevel("ERROR")
        models = Timer()
        built = timed("all models", lambda: build(spark, str(folder), now, done=models.done))
        lake = Lake(spark, str(folder))
        lake.open_tables()
        lake.open_models()
        for name in REPORTS:
            timed(name, report(lake, name, AS_OF).toArrow)
        multiply(Part(folder), TIMES, TABLES)
        again = timed(f"ticket_facts, {TIMES} times the tickets", lambda: facts_again(spark, folder))
        spark.stop()
    if built > LIMIT_ALL or again > LIMIT_FACTS:
        raise SystemExit(f"\nAbove {LIMIT_ALL} s for all models, or {LIMIT_FACTS} s for ticket_facts")


if __name__ == "__main__":
    main()
