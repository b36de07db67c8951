"""Runs a report on a lake: what ``Warehouse.report`` does in DuckDB, for someone who sees all customers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from ccinsight.errors import UsageError
from ccinsight.i18n import gettext as _
from ccinsight.registry import OPTION_PARAMETERS
from ccinsight.registry import report as registered
from ccinsight.spark.texts import SparkReport, manifest, report_text

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame
    from pyspark.sql.types import DataType

    from ccinsight.spark.lake import Lake


def report(
    lake: Lake, name: str, as_of: date, customer_ids: Sequence[str] | None = None, **options: Any
) -> DataFrame:
    """A report's rows, in its order and with its types; the lake's models must be open.

    ``options``: the report's; left out or None, the default holds. Raises UsageError for a report or option that
    doesn't exist.
    """
    shipped = check(name, options)
    given = {
        OPTION_PARAMETERS.get(option, option): value for option, value in options.items() if value is not None
    }
    values = {**shipped.defaults, **given, "as_of": as_of, "customer_ids": customer_ids}
    return lake.session.sql(report_text(name), args=_arguments(shipped, values))


def check(name: str, options: Mapping[str, Any]) -> SparkReport:
    """The report. Raises UsageError where there is none of that name, or where it has not the options given."""
    known = registered(name).options
    for option, value in options.items():
        if value is not None and option not in known:
            raise UsageError(_("The report {name} has no option {option}.").format(name=name, option=option))
    return manifest().reports[name]


def _arguments(shipped: SparkReport, values: Mapping[str, Any]) -> dict[str, Column]:
    from pyspark.sql.types import DataType

    return {
        marker: _literal(values.get(marker), DataType.fromDDL(kind))
        for marker, kind in shipped.markers.items()
    }


def _literal(value: Any, kind: DataType) -> Column:
    """A value as a literal of Spark, which the text casts; a list of mappings as an array of structs."""
    from pyspark.sql import functions
    from pyspark.sql.types import ArrayType, StructType

    if isinstance(kind, StructType):
        # by position, whatever the order of the mapping's keys
        return functions.struct(
            *(_literal(value[field.name], field.dataType).alias(field.name) for field in kind)
        )
    if isinstance(kind, ArrayType) and value is not None:
        return functions.array(*(_literal(item, kind.elementType) for item in value))
    return functions.lit(value)
