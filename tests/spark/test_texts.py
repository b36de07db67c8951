"""The texts that Spark runs: what is made of the SQL files, when, and with which markers."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from sqlglot import exp

from ccinsight.database.models import all_models, model_tables_version
from ccinsight.registry import REPORTS
from ccinsight.spark.translation import assembled
from ccinsight.spark.translation.expansion import Expansion
from ccinsight.spark.translation.sources import (
    DUCKDB,
    model_tree,
    parameter_types,
    parse,
    report_types,
    sources,
)
from ccinsight.spark.translation.writing import write_if_changed


def test_every_stored_model_and_report_has_a_text(sql: Path) -> None:
    said = json.loads((sql / "manifest.json").read_text("utf-8"))
    models = [model.name for model in all_models() if model.kind in {"table", "view"}]

    assert [model["name"] for model in said["models"]] == models
    assert {file.stem for file in (sql / "models").iterdir()} == set(models)
    assert {file.stem for file in (sql / "reports").iterdir()} == set(REPORTS)
    assert said["version"] == model_tables_version()


def test_texts_have_the_markers_of_their_report_and_no_macros(sql: Path) -> None:
    for name in REPORTS:
        text = (sql / "reports" / f"{name}.sql").read_text("utf-8")
        assert set(re.findall(r":([a-z]\w*)", text)) <= set(report_types(name)), name
        assert "model." not in text, name


def test_what_explore_asks_could_run_on_spark(sql: Path) -> None:
    explored = [name for name in sources().models if name.endswith("_figures")]
    assert len(explored) == 8
    for name in explored:
        markers: dict[str, exp.Expr] = {
            parameter: exp.cast(exp.Placeholder(this=parameter), exp.DataType.build(kind, dialect=DUCKDB))
            for parameter, kind in parameter_types(sources().models[name]).items()
        }
        assert "model." not in assembled(model_tree(name), markers, sources().columns[name]), name


def test_named_queries_have_names_of_their_own() -> None:
    expansion = Expansion(sources())
    expansion.add(parse("with a as (select 1 as n) select a.n from a"), {})
    body = expansion.add(parse("with a as (select 2 as n) select a.n from a"), {})

    assert list(expansion.queries) == ["a", "a__2"]
    assert body.sql("duckdb") == "SELECT a.n FROM a__2 AS a"


def test_a_macro_is_put_in_place_once_for_its_arguments() -> None:
    call = "select t.line from model.tickets_on(date '2026-01-0{day}') as t"
    expansion = Expansion(sources())
    for day in (1, 2, 1):
        expansion.add(parse(call.format(day=day)), {})

    assert list(expansion.queries) == ["tickets_on", "tickets_on__2"]


def test_texts_of_other_sources_are_made_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Path] = []
    monkeypatch.setattr("ccinsight.spark.translation.writing.write_texts", made.append)
    write_if_changed(tmp_path)
    (tmp_path / "manifest.json").write_text('{"made_by": "an older one"}')
    write_if_changed(tmp_path)
    monkeypatch.setattr("ccinsight.spark.translation.writing._made_by", lambda: "an older one")
    write_if_changed(tmp_path)

    assert made == [tmp_path, tmp_path]
