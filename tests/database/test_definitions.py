"""Definitions are copied from a database that this version made, and are those that a new database gets."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pytest

from ccinsight.database import definitions
from ccinsight.database.build import build_beside
from ccinsight.database.macros import sorted_lists
from ccinsight.database.models import models_version
from ccinsight.database.schema import stored_tables
from tests.reports.companies import empty_company

CATALOGUE = {
    "tables": "select schema_name, table_name, sql from duckdb_tables() where not internal",
    "columns": "select schema_name, table_name, column_index, column_name, data_type, is_nullable, column_default"
    " from duckdb_columns() where not internal",
    "views": "select schema_name, view_name, sql from duckdb_views() where not internal",
    "macros": "select schema_name, function_name, function_type, parameters, parameter_types, macro_definition"
    " from duckdb_functions() where not internal",
    "constraints": "select schema_name, table_name, constraint_text from duckdb_constraints()",
    "indexes": "select schema_name, table_name, sql from duckdb_indexes()",
}


def _catalogue(file: Path) -> dict[str, list[list[str]]]:
    """What a database defines. DuckDB writes columns to leave out in any order."""
    with duckdb.connect(str(file), read_only=True) as connection:
        return {
            name: sorted(
                [sorted_lists(str(value)) for value in row] for row in connection.execute(query).fetchall()
            )
            for name, query in CATALOGUE.items()
        }


def test_a_copy_has_all_that_a_new_database_has(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    database = tmp_path / "ccinsight.duckdb"

    def make(connection: duckdb.DuckDBPyConnection, _like: Path | None) -> None:
        connection.execute(stored_tables())

    with monkeypatch.context() as patch:
        patch.setattr(definitions, "make", make)
        with build_beside(database):
            pass
    new = _catalogue(database)
    with duckdb.connect() as connection:
        assert definitions.copied(connection, database)
    with build_beside(database):
        pass

    assert _catalogue(database) == new
    with duckdb.connect() as connection:
        assert definitions.copied(connection, database), "a copy can't be copied"


@pytest.mark.parametrize(
    "change",
    [
        "create table main.somebodys (own integer)",
        "create view model.somebodys as select 1 as one",
        "drop view {view}",
        "drop table stored.calendar_events",
        "alter table stored.forgotten add column later varchar",
        "create or replace macro model.ore(amount) as 1",
        "create macro main.somebodys(x) as x",
        # a default alone: the other parameters and the text stay
        "create or replace macro main.status_meetings(as_of date, customer_ids varchar[] := ['1']) as table {meetings}",
        "update model.build set models_version = 'older'",
        "delete from model.build",
    ],
)
def test_nothing_is_copied_from_a_database_that_differs(tmp_path: Path, change: str) -> None:
    database = tmp_path / "ccinsight.duckdb"
    shutil.copy2(empty_company(), database)
    with duckdb.connect(str(database)) as connection:
        [(view,), *_others] = connection.execute(
            "select schema_name || '.' || view_name from duckdb_views() where not internal order by all"
        ).fetchall()
        [(meetings,)] = connection.execute(
            "select macro_definition from duckdb_functions() where function_name = 'status_meetings'"
        ).fetchall()
        connection.execute(change.format(view=view, meetings=meetings))

    with duckdb.connect() as connection:
        assert not definitions.copied(connection, database)
        assert connection.execute("select * from duckdb_tables()").fetchall() == []


def test_a_build_mends_a_database_that_lacks_definitions(tmp_path: Path) -> None:
    database = tmp_path / "ccinsight.duckdb"
    shutil.copy2(empty_company(), database)
    whole = _catalogue(database)
    with duckdb.connect(str(database)) as connection:
        connection.execute("drop table stored.calendar_events")
        connection.execute("drop schema model cascade")
        connection.execute("create schema model")
        connection.execute(
            "create table model.build as select 'x' as build_id, ? as models_version", [models_version()]
        )

    with build_beside(database):
        pass

    assert _catalogue(database) == whole
