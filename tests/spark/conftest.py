"""One Spark session a run."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ccinsight.cli import run
from ccinsight.lake.layout import MODELS
from ccinsight.lake.write import write_lake
from ccinsight.spark import texts
from ccinsight.spark.lake import Lake
from ccinsight.spark.translation.writing import write_texts
from tests.spark import java
from tests.spark.compared import WRITTEN_AT, Compared, import_example, of_lake

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

# A small lake is read in one part, and joined without sending it anywhere: most of the time would go into that.
QUICK = {
    "spark.master": "local[1]",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.memory": "2g",
    # a run is over before thorough compilation pays
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
    "spark.default.parallelism": "1",
    "spark.sql.shuffle.partitions": "1",
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.autoBroadcastJoinThreshold": "-1",
    "spark.sql.join.preferSortMergeJoin": "false",
    # most of the time goes into planning: fewer rounds of conditions that follow from others
    "spark.sql.constraintPropagation.enabled": "false",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
}


@pytest.fixture(scope="session")
def sql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The texts of this checkout, made once, in place of the shipped ones."""
    folder = tmp_path_factory.mktemp("sql")
    write_texts(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(texts, "FOLDER", folder)
        patch.setattr(texts, "_make_in_checkout", lambda: None)
        texts.manifest.cache_clear()
        yield folder
    texts.manifest.cache_clear()


@pytest.fixture(scope="session")
def session(
    sql: Path, missing: Callable[[str], None], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[SparkSession]:
    """A local Spark that runs the texts of this checkout."""
    reason = java.missing()
    if reason is not None:
        missing(reason)
    from pyspark.sql import SparkSession

    folder = tmp_path_factory.mktemp("spark")
    builder = SparkSession.builder.appName("tests")
    for setting, value in {**QUICK, "spark.local.dir": f"{folder}/local"}.items():
        builder = builder.config(setting, value)
    session = builder.config("spark.sql.warehouse.dir", f"{folder}/warehouse").getOrCreate()
    session.sparkContext.setLogLevel("OFF")
    yield session
    session.stop()


@pytest.fixture(scope="session")
def example(session: SparkSession, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Compared]:
    """The worked case in both engines, its models built by the command.

    Read in a session of its own: the commands open other lakes in the one that runs, under the same names of views.
    """
    folder = tmp_path_factory.mktemp("example")
    import_example(folder / "example.duckdb")
    write_lake(folder / "example.duckdb", folder / "lake", with_models=False, written_at=WRITTEN_AT)
    assert run(["spark", "build", str(folder / "lake")]) == 0
    assert not (folder / "lake" / MODELS / "classified_tickets").exists()  # kept meanwhile only
    lake = Lake(session.newSession(), str(folder / "lake"))
    lake.open_tables()
    lake.open_models()
    made = of_lake(lake, folder / "example.duckdb")
    yield made
    made.connection.close()
