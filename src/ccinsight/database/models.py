"""Builds canonical tables, models and report macros on the stored tables, from the SQL files."""

from __future__ import annotations

import hashlib
import secrets
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import duckdb

from ccinsight.database import calendar_events, macros
from ccinsight.registry import OPTION_PARAMETERS, REPORTS
from ccinsight.registry import report as registered

_FOLDER = Path(__file__).parents[1]
# Working days are kept for these years: agreements began after the first and nobody plans beyond the last.
_CALENDAR_YEARS = range(1990, 2101)
OPTION_TYPES = {
    "days": "integer",
    "months": "integer",
    "fewest": "integer",
    "since": "date",
    "check": "varchar",
    "product_name": "varchar",
    "valid_on": "date",
    "sent_on": "date",
    "percent": "decimal(9, 4)",
    "steps": "struct(complexity varchar, min_users integer, price_per_user decimal(18, 4))[]",
    "marks": "struct(mark_id integer, kind varchar, agreement_id varchar, customer_id varchar, period_start date,"
    " state varchar, closed_on date, closed_by varchar, note varchar, value decimal(18, 2), last_day date,"
    " ceased_on date)[]",
    "verdicts": "struct(verdict_id integer, agreement_id varchar, customer_id varchar, renewal_on date,"
    " milestone integer, verdict varchar, reason varchar, action varchar, action_on date, given_at timestamp,"
    " given_by varchar, state varchar, closed_on date, closed_by varchar, note varchar)[]",
}


@dataclass(frozen=True)
class Model:
    """An entry of models.toml. ``key``: the columns that name a row, none of a model of one row at most;
    None where nothing tells rows apart. ``nullable``: the columns of the key that may be null.
    """

    name: str
    kind: str
    parameters: str = ""
    key: tuple[str, ...] | None = None
    nullable: tuple[str, ...] = ()

    @property
    def relation(self) -> str:
        """The model's name in the database, with its schema."""
        schema, _mark, rest = self.name.partition("_")
        return f"main.{rest}" if schema == "main" else f"model.{self.name}"

    @property
    def statement(self) -> str:
        """The SQL that makes the model, in place of an older one."""
        text = _model_text(self.name)
        match self.kind:
            case "script":
                return text
            case "macro":
                return f"create or replace macro {self.relation}({self.parameters}) as table\n{text}"
            case kind:
                return f"create or replace {kind} {self.relation} as\n{text}"


@cache
def all_models() -> tuple[Model, ...]:
    """The models in the order in which they are made."""
    return tuple(_model(entry) for entry in tomllib.loads(_sql("models/models.toml"))["model"])


def _model(entry: dict[str, Any]) -> Model:
    key = entry.pop("key", None)
    nullable = tuple(entry.pop("nullable", ()))
    return Model(**entry, key=None if key is None else tuple(key), nullable=nullable)


@cache
def _sql(name: str) -> str:
    return (_FOLDER / name).read_text(encoding="utf-8")


@cache
def models_version() -> str:
    """What the models and reports of this ccinsight are: a database that carries another version is
    rebuilt.
    """
    parts = [*(model.statement for model in all_models()), *(_report_statement(name) for name in REPORTS)]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


@cache
def model_tables_version() -> str:
    """What the models that are tables follow from: those that a lake holds are of one such version."""
    statements = "\n".join(model.statement for model in all_models())
    return hashlib.sha256(statements.encode()).hexdigest()[:16]


def is_outdated(file: Path) -> bool:
    """Whether a database was made by another version of the models and reports."""
    with duckdb.connect(str(file), read_only=True) as connection:
        rows = connection.execute("select models_version from model.build").fetchall()
    return rows != [(models_version(),)]


def build_models(connection: duckdb.DuckDBPyConnection) -> None:
    """Makes all that follows from the stored tables: canonical tables, models, report macros, calendar,
    build id. Brings the calendar events in line. Macros and views that were copied stay.
    """
    if _are_copied(connection):
        _store_calendar(connection)
        for model in all_models():
            if model.kind == "table":
                connection.execute(model.statement)
    else:
        connection.execute("drop schema if exists model cascade")
        connection.execute("create schema model")
        _store_calendar(connection)
        _make_all(connection)
        macros.store_hash(connection)
        connection.execute("create table model.build (build_id varchar, models_version varchar)")
    connection.execute("insert into model.build values (?, ?)", [secrets.token_hex(8), models_version()])
    calendar_events.update(connection)


def relations() -> frozenset[tuple[str, str]]:
    """What ``build_models`` makes beside macros: name with its schema, and "table" or "view"."""
    models = {(model.relation, model.kind) for model in all_models() if model.kind in ("table", "view")}
    return frozenset(models | {("model.build", "table"), ("model.calendar", "table")})


def _are_copied(connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether the models were copied without rows and nothing was built since."""
    try:
        return not connection.execute("select 1 from model.build").fetchall()
    except duckdb.CatalogException:
        return False


def make_models(connection: duckdb.DuckDBPyConnection) -> None:
    """Makes the models and report macros on a calendar without days: for callers that ask for their columns only."""
    connection.execute("drop schema if exists model cascade")
    connection.execute("create schema model")
    connection.execute("create table model.calendar (day date, working_day date)")
    _make_all(connection)


def _make_all(connection: duckdb.DuckDBPyConnection) -> None:
    for model in all_models():
        connection.execute(model.statement)
    for name in REPORTS:
        connection.execute(_report_statement(name))


def make_functions(connection: duckdb.DuckDBPyConnection) -> None:
    """Makes the scalar macros of the models, for callers that need them before the models are built."""
    if _are_copied(connection):
        return
    connection.execute("drop schema if exists model cascade")
    connection.execute("create schema model")
    for model in all_models():
        if model.kind == "script":
            connection.execute(_model_text(model.name))


def model_query(name: str) -> str:
    """The query of a model, for callers that need its rows before the models are built."""
    return _model_text(name)


def report_query(name: str) -> str:
    """The query of a report, with its parameters by name."""
    return _sql(f"reports/{name}.sql")


@cache
def _model_files() -> Mapping[str, Path]:
    """The file of each model by its name; the folders are for people."""
    return {file.stem: file for file in (_FOLDER / "models").rglob("*.sql")}


@cache
def _model_text(name: str) -> str:
    return _model_files()[name].read_text(encoding="utf-8")


def _report_statement(name: str) -> str:
    report = registered(name)
    parameters = ["as_of date", "customer_ids varchar[] := null"]
    for option in report.options:
        parameter = OPTION_PARAMETERS.get(option, option)
        parameters.append(f"{parameter} {OPTION_TYPES[option]} := {report.defaults.get(option, 'null')}")
    body = report_query(name)
    return f"create or replace macro main.{name}({', '.join(parameters)}) as table\n{body}"


def _store_calendar(connection: duckdb.DuckDBPyConnection) -> None:
    """One row per day with the last Norwegian working day on or before it (R3, act-by date)."""
    connection.execute(
        """
        create or replace table model.calendar as
        with days as (
            select cast(unnest(range($first, $last, interval 1 day)) as date) as day
        ),

        open_days as (
            select
                d.day,
                case when isodow(d.day) < 6 and d.day not in (select unnest($closed)) then d.day end as open_day
            from days as d
        )

        select o.day, max(o.open_day) over (order by o.day) as working_day
        from open_days as o
        """,
        {
            "closed": list(_closed_days()),
            "first": date(_CALENDAR_YEARS.start, 1, 1),
            "last": date(_CALENDAR_YEARS.stop, 1, 1),
        },
    )


@cache
def _closed_days() -> tuple[date, ...]:
    """The public holidays that aren't on a weekend."""
    import holidays  # every country's come along: 10 MiB that a server that only reads need not hold

    return tuple(
        day for day in holidays.country_holidays("NO", years=_CALENDAR_YEARS) if day.isoweekday() < 6
    )
