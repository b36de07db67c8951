"""The registry and the reports in the database name the same columns, in the same order."""

from datetime import date

import pyarrow as pa
import pytest

from ccinsight.access import SEES_ALL
from ccinsight.database.build import build_beside
from ccinsight.database.scope import Scope
from ccinsight.database.warehouse import Warehouse
from ccinsight.registry import REPORTS, Column
from ccinsight.settings.parsing import default_settings
from ccinsight.settings.storing import store_settings

_WHOLE = {"integer"}
_MONEY = {"amount", "rate"}
_DAYS = {"date", "month"}


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """A database without rows: its reports have their columns all the same."""
    database = tmp_path_factory.mktemp("registry") / "empty.duckdb"
    with build_beside(database) as connection:
        store_settings(connection, default_settings())
    return Warehouse.open(database)


def _fits(column: Column, kind: pa.DataType) -> bool:
    if column.format in _DAYS:
        return bool(pa.types.is_date(kind))
    if column.format == "moment":
        return bool(pa.types.is_timestamp(kind))
    if column.format == "boolean":
        return bool(pa.types.is_boolean(kind))
    if column.format in _WHOLE:
        return bool(pa.types.is_integer(kind))
    if column.format in _MONEY:
        return bool(pa.types.is_decimal(kind))
    if column.is_numeric:
        return bool(pa.types.is_floating(kind) or pa.types.is_decimal(kind) or pa.types.is_integer(kind))
    # A number that isn't counted, such as a year, is a text too.
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_integer(kind))


@pytest.mark.parametrize("name", REPORTS)
def test_columns_are_those_of_the_report(empty: Warehouse, name: str) -> None:
    table = empty.report(name, Scope(date(2026, 3, 15), SEES_ALL))
    assert table.column_names == [column.name for column in REPORTS[name].columns]


@pytest.mark.parametrize("name", REPORTS)
def test_formats_fit_the_types(empty: Warehouse, name: str) -> None:
    table = empty.report(name, Scope(date(2026, 3, 15), SEES_ALL))
    wrong = {
        column.name: (column.format, str(table.schema.field(column.name).type))
        for column in REPORTS[name].columns
        if not _fits(column, table.schema.field(column.name).type)
    }
    assert wrong == {}
