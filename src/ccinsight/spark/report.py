"""Runs a report on a lake: what ``Warehouse.report`` does in DuckDB, for someone who sees all customers."""

from __future__ import annotations

import re
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
    text, arguments = _bound(report_text(name), shipped, values)
    return lake.session.sql(text, args=arguments)


def check(name: str, options: Mapping[str, Any]) -> SparkReport:
    """The report. Raises UsageError where there is none of that name, or where it has not the options given."""
    known = registered(name).options
    for option, value in options.items():
        if value is not None and option not in known:
            raise UsageError(_("The report {name} has no option {option}.").format(name=name, option=option))
    return manifest().reports[name]


def _bound(text: str, shipped: SparkReport, values: Mapping[str, Any]) -> tuple[str, dict[str, Column]]:
    """The text and its arguments.

    In place of a list of mappings the text gets an array of structs, with a marker for each value: Spark takes no
    argument whose elements differ in type, such as a null, or decimals of different lengths. Spark plans some hundred
    mappings in seconds, a thousand in minutes. Raises UsageError where a mapping lacks a value.
    """
    from pyspark.sql.types import ArrayType, DataType, StructType

    arguments = {}
    for marker, ddl in shipped.markers.items():
        kind, value = DataType.fromDDL(ddl), values.get(marker)
        if value is not None and isinstance(kind, ArrayType) and isinstance(kind.elementType, StructType):
            structs = []
            for number, item in enumerate(value):
                parts = []
                for field in kind.elementType:
                    if field.name not in item:
                        raise UsageError(
                            _("{option}: number {number} has no {field}.").format(
                                option=marker, number=number + 1, field=field.name
                            )
                        )
                    own = f"{marker}_{number}_{field.name}"
                    arguments[own] = _literal(item[field.name])
                    parts.append(f"'{field.name}', cast(:{own} as {field.dataType.simpleString()})")
                structs.append(f"named_struct({', '.join(parts)})")
            text = re.sub(rf":{marker}\b", f"array({', '.join(structs)})", text)
        else:
            arguments[marker] = _literal(value)
    return text, arguments


def _literal(value: Any) -> Column:
    """A value as a literal of Spark, which the text casts."""
    from pyspark.sql import functions

    if isinstance(value, list | tuple):
        return functions.array(*map(_literal, value))
    return functions.lit(value)
