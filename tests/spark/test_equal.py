"""Every model and every report on Spark, row by row as in DuckDB."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import pytest

from ccinsight.database.models import all_models, models_version
from ccinsight.ingest import import_paths
from ccinsight.lake.collect import collect
from ccinsight.lake.write import write_lake
from ccinsight.registry import REPORTS
from ccinsight.spark.build import build
from ccinsight.spark.lake import Lake
from ccinsight.spark.texts import manifest
from tests.spark.equality import differences_of_model, differences_of_report, every_option

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

WRITTEN_AT = datetime(2026, 3, 15, 9, 0)
EXAMPLE = Path(__file__).parents[1] / "example"
NEW, OLD = date(2026, 3, 15), date(2024, 2, 29)
Asked = tuple[str, date, str, dict[str, Any]]
# `make spark` asks for everything, CI for each report but three once and these many more, by a seed that
# a failure names.
IS_WHOLE = bool(os.environ.get("CCINSIGHT_SPARK"))
SAMPLED = 4
# Planned for longest, a third of the whole time: asked for by `make spark`, and where they are sampled.
SLOWEST = "duties", "verdicts_due", "data_quality"
# the same in each process of a run, and another one with each change of the models
SEED = os.environ.get("CCINSIGHT_SEED") or models_version()


def _asked() -> list[Asked]:
    once: list[Asked] = [(name, NEW, "all", {}) for name in REPORTS if name not in SLOWEST]
    more: list[Asked] = [
        (name, day, scope, options)
        for name in REPORTS
        for day, scope in ((NEW, "few"), (OLD, "all"), (OLD, "few"))
        for options in ({}, *every_option(name))
    ]
    more += [(name, NEW, "all", {}) for name in SLOWEST]
    more += [(name, NEW, "all", options) for name in REPORTS for options in every_option(name)]
    return [*once, *(more if IS_WHOLE else random.Random(SEED).sample(more, SAMPLED))]


class Example:
    """The worked case in both engines."""

    def __init__(self, lake: Lake, connection: duckdb.DuckDBPyConnection):
        self.lake, self.connection = lake, connection
        self.customers = {
            "all": None,
            "few": [row[0] for row in connection.execute("from model.customer_ids order by 1").fetchall()][
                2:9
            ],
        }


@pytest.fixture(scope="module")
def example(session: SparkSession, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Example]:
    folder = tmp_path_factory.mktemp("example")
    database = folder / "example.duckdb"
    import_paths(
        [EXAMPLE / "exports"], database, EXAMPLE / "ccinsight.toml", imported_at=datetime(2026, 3, 15, 8, 0)
    )
    write_lake(database, folder / "lake", with_models=False, written_at=WRITTEN_AT)
    lake = build(session, str(folder / "lake"), WRITTEN_AT, split=1)
    with duckdb.connect(str(database), read_only=True) as connection:
        yield Example(lake, connection)


def test_every_model_equals_that_of_duckdb(example: Example) -> None:
    relations = {model.name: model.relation for model in all_models()}
    found = {
        model.name: differences_of_model(example.lake, example.connection, model, relations[model.name])
        for model in manifest().models
    }
    assert {name: text for name, text in found.items() if text} == {}
    assert set(found) == {model.name for model in all_models() if model.kind in {"table", "view"}}


def test_what_spark_built_is_collected(example: Example, tmp_path: Path) -> None:
    collected = tmp_path / "collected.duckdb"
    collect(Path(example.lake.folder), collected)
    with duckdb.connect(str(collected), read_only=True) as connection:
        for name in ("deadlines", "contacts", "response", "customer_facts", "data_quality"):
            query = f"from main.{name}(date '{NEW}')"
            expected = example.connection.execute(query).fetchall()
            assert connection.execute(query).fetchall() == expected, name
        facts = connection.execute("select opened_at from model.ticket_facts").fetchall()
    assert len(facts) > 1
    assert facts == sorted(facts)


@pytest.mark.parametrize(
    ("name", "as_of", "scope", "options"),
    _asked(),
    ids=lambda value: "-".join(map(str, value.values())) if isinstance(value, dict) else str(value),
)
def test_report_equals_that_of_duckdb(
    example: Example, name: str, as_of: date, scope: str, options: dict[str, Any]
) -> None:
    customers = example.customers[scope]
    assert (
        differences_of_report(example.lake, example.connection, name, as_of, customers, **options) is None
    ), f"seed {SEED}"
