"""The models' grain and keys, as models.toml declares them, on the sample and after a second import of fewer rows."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import duckdb
import pytest

from ccinsight.database.models import OPTION_TYPES, Model, all_models, model_query
from ccinsight.files import key_file
from ccinsight.ingest import import_paths
from ccinsight.registry import OPTION_PARAMETERS, REPORTS
from tests.spark.options import every_option, given

MODELS = [model for model in all_models() if model.kind != "script"]
AS_OF = (date(2024, 9, 15), date(2026, 3, 1), date(2027, 6, 30))
# The sample has nothing for these; their keys are tested where their rows are.
EMPTY = {
    "successors",
    "changed_prices",
    "far_prices",
    "changed_price_periods",
    "changed_price_problems",
    "waiting_rows",
    "missing_agreements",
    "contradictory_tickets",
    "crowded_customers",
    "ceased_duties",
}
# A value without a meaning is one problem a file, whatever the file is called.
KEYLESS = {"long_waits", "ticket_signs", "lasting_problems", "problem_spans", "problems"}
ARGUMENTS = {
    "as_of": "$as_of",
    "customer_ids": "null",
    "first_day": "$as_of - 400",
    "last_day": "$as_of + 500",
    "known_at": "cast($as_of as timestamp)",
    "days": "model.closing_days($as_of, 13)",
    "months": "12",
    "with_details": "true",
    "marks": "null",
    "steps": "[{'complexity': cast($as_of as varchar), 'min_users': 1, 'price_per_user': 900}]",
    "verdicts": "null",
}
_REPORTS_FOLDER = Path(__file__).parents[2] / "src/ccinsight/reports"


@pytest.fixture(scope="module")
def connection(
    sample_database: Path, sample_exports: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[duckdb.DuckDBPyConnection]:
    """The sample, and files of a later day that some agreements and tickets are gone from."""
    folder = tmp_path_factory.mktemp("models")
    database = folder / "ccinsight.duckdb"
    shutil.copy(sample_database, database)
    shutil.copy(key_file(sample_database), key_file(database))
    later = folder / "later"
    later.mkdir()
    for name in ("avtaler.csv", "saker.csv"):
        lines = (sample_exports / name).read_bytes().split(b"\r\n")
        assert len(lines) > 100
        (later / name).write_bytes(b"\r\n".join(lines[:40] + lines[45:]))
    import_paths([later], database, sample_exports / "ccinsight.toml", imported_at=datetime(2026, 9, 1, 9, 0))
    with duckdb.connect(str(database), read_only=True) as opened:
        yield opened


def _sources(model: Model, connection: duckdb.DuckDBPyConnection) -> Iterator[tuple[str, dict[str, date]]]:
    """What to read the model from: itself, or its macro on each as-of date."""
    if model.kind != "macro":
        yield model.relation, {}
        return
    (parameters,) = connection.execute(
        "select parameters from duckdb_functions() where schema_name = 'model' and function_name = ?",
        [model.name],
    ).fetchall()[0]
    for as_of in AS_OF:
        yield f"{model.relation}({', '.join(ARGUMENTS[name] for name in parameters)})", {"as_of": as_of}


def _count(connection: duckdb.DuckDBPyConnection, model: Model, source: str, values: dict[str, date]) -> int:
    """How many rows it has. Fails where its key isn't one."""
    (rows,) = connection.execute(f"select count(*) from {source}", values).fetchall()[0]  # noqa: S608
    if model.key is None:
        return int(rows)
    if not model.key:
        assert rows <= 1
        return int(rows)
    filled = [name for name in model.key if name not in model.nullable]
    unknown = " or ".join(f"{name} is null" for name in filled) or "false"
    query = f"""
        select count(*) filter (where {unknown}), count(distinct row({", ".join(model.key)}))
        from {source}
    """  # noqa: S608
    assert connection.execute(query, values).fetchall() == [(0, rows)]
    return int(rows)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)
def test_keys_are_unique_and_filled(model: Model, connection: duckdb.DuckDBPyConnection) -> None:
    rows = sum(_count(connection, model, source, values) for source, values in _sources(model, connection))
    assert (rows == 0) == (model.name in EMPTY)


def test_only_known_models_have_no_key() -> None:
    assert {model.name for model in MODELS if model.key is None} == KEYLESS


def test_a_key_that_repeats_fails(connection: duckdb.DuckDBPyConnection) -> None:
    model = Model("main_tickets", "view", key=("customer_id",))
    with pytest.raises(AssertionError):
        _count(connection, model, model.relation, {})


@pytest.mark.parametrize("name", [*(model.name for model in MODELS), *REPORTS])
def test_first_line_states_the_grain(name: str) -> None:
    file = _REPORTS_FOLDER / f"{name}.sql"
    text = file.read_text(encoding="utf-8") if name in REPORTS else model_query(name)
    assert text.startswith("-- One row")


def test_no_report_on_the_sample_rounds_a_floating_number(sample_database: Path) -> None:
    """`model.ore` rounds what it is given; half an øre in a floating number may be held as a little less."""
    with duckdb.connect() as connection:
        connection.execute(f"attach '{sample_database}' as sample (read_only)")
        connection.execute("copy from database sample to memory")
        connection.execute("""
            create or replace macro model.ore(amount) as if(
                typeof(amount) in ('DOUBLE', 'FLOAT'), error('floating'), cast(amount as decimal(18, 2))
            )
        """)
        with pytest.raises(duckdb.InvalidInputException, match="floating"):
            connection.execute("select model.ore(amount) from (values (0.125::double)) as t (amount)")
        for name in REPORTS:
            for options in ({}, *every_option(name)):
                values = given(options, connection, AS_OF[1])
                call = "".join(
                    f", {OPTION_PARAMETERS.get(o, o)} := cast(${o} as {OPTION_TYPES[o]})" for o in values
                )
                connection.execute(
                    f"from main.{name}($as_of{call})", {"as_of": AS_OF[1], **values}
                ).fetchall()
