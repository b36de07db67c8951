"""Imports without models: what these tests look at is what an import stores."""

from __future__ import annotations

import duckdb
import pytest

from ccinsight.database import calendar_events, models


@pytest.fixture(autouse=True)
def no_models(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leaves the models out of the databases: they take most of the time and have tests of their own."""

    def build_models(connection: duckdb.DuckDBPyConnection) -> None:
        connection.execute("create schema if not exists model").fetchall()
        connection.execute(
            "create or replace table model.build as select 'test' as build_id, $version as models_version",
            {"version": models.models_version()},
        ).fetchall()

    def update(_connection: duckdb.DuckDBPyConnection) -> None:
        """What calendar files say follows from the models."""

    monkeypatch.setattr(models, "build_models", build_models)
    monkeypatch.setattr(calendar_events, "update", update)
