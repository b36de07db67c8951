"""Two companies that Spark and DuckDB are asked about alike."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from ccinsight.database.models import all_models
from ccinsight.ingest import import_paths
from ccinsight.lake.write import write_lake
from ccinsight.spark.build import build
from ccinsight.spark.lake import Lake
from ccinsight.spark.texts import manifest, model_text
from tests.spark.equality import differences_of_model, differences_of_report
from tests.spark.options import Options, given

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

WRITTEN_AT = datetime(2026, 3, 15, 9, 0)
ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "tests" / "example"


@dataclass(frozen=True)
class Compared:
    """A company in both engines."""

    lake: Lake
    connection: duckdb.DuckDBPyConnection
    few: tuple[str, ...]

    def differences_of_model(self, name: str) -> str | None:
        """How a model's rows differ, computed on Spark from the models before it; None where they don't."""
        [relation] = [model.relation for model in all_models() if model.name == name]
        return differences_of_model(self.lake.session.sql(model_text(name)), self.connection, relation)

    def differences_of_report(self, name: str, as_of: date, scope: str, options: Options) -> str | None:
        """How a report's rows differ; None where they don't. ``scope``: "all" customers, or a "few" of them."""
        customers = None if scope == "all" else self.few
        values = given(options, self.connection, as_of)
        return differences_of_report(self.lake, self.connection, name, as_of, customers, **values)

    def differences_of_built_model(self, name: str) -> str | None:
        """How a model's rows differ, as they lie in the lake that Spark built."""
        [relation] = [model.relation for model in all_models() if model.name == name]
        [view] = [model.view for model in manifest().models if model.name == name]
        return differences_of_model(self.lake.session.table(view), self.connection, relation)


def import_example(database: Path) -> None:
    """The worked case."""
    when = datetime(2026, 3, 15, 8, 0)
    import_paths([EXAMPLE / "exports"], database, EXAMPLE / "ccinsight.toml", imported_at=when)


def odd(session: SparkSession, folder: Path, seed: str, *, is_built_by_spark: bool) -> Compared:
    """The odd company of a seed, with the models of Spark or those of DuckDB.

    In a session of its own: the views of two lakes have the same names.
    """
    database, session = folder / "odd.duckdb", session.newSession()
    _write_odd_company(database, seed)
    write_lake(database, folder / "lake", with_models=not is_built_by_spark, written_at=WRITTEN_AT)
    if is_built_by_spark:
        lake = build(session, str(folder / "lake"), WRITTEN_AT, split=1)
    else:
        lake = Lake(session, str(folder / "lake"), split=1)
        lake.open_tables()
        lake.open_models()
    connection = duckdb.connect(str(database), read_only=True)
    return Compared(lake, connection, ("no such", *_every_third(connection)))


def _write_odd_company(database: Path, seed: str) -> None:
    # in a process of its own: see there
    command = [sys.executable, "-m", "tests.spark.odd", str(database), seed]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"the odd company of CCINSIGHT_SEED={seed} can't be written:\n{done.stderr}"


def of_lake(lake: Lake, database: Path) -> Compared:
    """A lake and the database that it was written from."""
    connection = duckdb.connect(str(database), read_only=True)
    return Compared(lake, connection, _every_third(connection))


def _every_third(connection: duckdb.DuckDBPyConnection) -> tuple[str, ...]:
    rows = connection.execute("from model.customer_ids order by 1").fetchall()
    return tuple(row[0] for row in rows[2::3])
