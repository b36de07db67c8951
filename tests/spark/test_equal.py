"""Every model and report on Spark, row by row as in DuckDB: of the example, and of a company of all that is odd."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import pytest

from ccinsight.database.models import all_models, models_version
from ccinsight.lake.collect import collect
from ccinsight.registry import REPORTS
from tests.spark.compared import Compared, odd
from tests.spark.options import STEPS, VALUES, Options, every_option, label

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

NEW, OLD = date(2026, 3, 15), date(2024, 2, 29)
Asked = tuple[str, date, str, Options]
# `make spark` asks for everything, CI for each report of the example but three once, and these many more, by a seed
# that a failure names.
IS_WHOLE = bool(os.environ.get("CCINSIGHT_SPARK"))
SAMPLED, SAMPLED_ODD, SAMPLED_MODELS = 4, 6, 6
# Planned for longest, a third of the whole time: asked for by `make spark`, and of the example where they are sampled.
SLOWEST = "duties", "verdicts_due", "data_quality"
# Prices of four decimals beside amounts of 36 digits, of which Spark would leave a decimal out.
WIDE: Asked = ("price_plan", NEW, "all", {"steps": STEPS})
# the same in each process of a run, and another one with each change of the models
SEED = os.environ.get("CCINSIGHT_SEED") or models_version()
MODELS = [model.name for model in all_models() if model.kind in {"table", "view"}]


def _every() -> list[Asked]:
    return [
        (name, day, scope, options)
        for name in REPORTS
        for day in (NEW, OLD)
        for scope in ("all", "few")
        for options in ({}, *every_option(name))
    ]


def _of_example() -> list[Asked]:
    once: list[Asked] = [*((name, NEW, "all", {}) for name in REPORTS if name not in SLOWEST), WIDE]
    more = [asked for asked in _every() if asked not in once]
    return [*once, *(more if IS_WHOLE else random.Random(SEED).sample(more, SAMPLED))]


def _of_odd() -> list[Asked]:
    quick = [asked for asked in _every() if asked[0] not in SLOWEST]
    return _every() if IS_WHOLE else random.Random(f"odd {SEED}").sample(quick, SAMPLED_ODD)


def _names(value: object) -> str:
    return label(value) if isinstance(value, dict) else str(value)


@pytest.fixture(scope="module")
def odd_company(session: SparkSession, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Compared]:
    made = odd(session, tmp_path_factory.mktemp("odd"), SEED, is_built_by_spark=IS_WHOLE)
    yield made
    made.connection.close()


def test_every_model_equals_that_of_duckdb(example: Compared) -> None:
    found = {name: example.differences_of_built_model(name) for name in MODELS}
    assert {name: text for name, text in found.items() if text} == {}


@pytest.mark.parametrize("name", MODELS if IS_WHOLE else random.Random(SEED).sample(MODELS, SAMPLED_MODELS))
def test_model_of_the_odd_company_equals_that_of_duckdb(odd_company: Compared, name: str) -> None:
    differences = odd_company.differences_of_built_model if IS_WHOLE else odd_company.differences_of_model
    assert differences(name) is None, f"seed {SEED}"


def test_what_spark_built_is_collected(example: Compared, tmp_path: Path) -> None:
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


def test_every_option_of_every_report_has_a_value() -> None:
    for name, report in REPORTS.items():
        tried = {option for options in every_option(name) for option in options}
        assert tried == set(report.options), name
    assert {option for report in REPORTS.values() for option in report.options} == set(VALUES)


@pytest.mark.parametrize(("name", "as_of", "scope", "options"), _of_example(), ids=_names)
def test_report_equals_that_of_duckdb(
    example: Compared, name: str, as_of: date, scope: str, options: Options
) -> None:
    assert example.differences_of_report(name, as_of, scope, options) is None, f"seed {SEED}"


@pytest.mark.parametrize(("name", "as_of", "scope", "options"), _of_odd(), ids=_names)
def test_report_of_the_odd_company_equals_that_of_duckdb(
    odd_company: Compared, name: str, as_of: date, scope: str, options: Options
) -> None:
    assert odd_company.differences_of_report(name, as_of, scope, options) is None, f"seed {SEED}"
