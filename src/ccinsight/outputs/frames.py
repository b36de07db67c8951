"""A report's table as a frame, for drawing and arithmetic."""

from __future__ import annotations

import pandas as pd
import pyarrow as pa


def to_frame(table: pa.Table) -> pd.DataFrame:
    """The table for drawing: decimals as float64, whole numbers as Int64, dates as datetime64[s]."""
    schema = pa.schema([field.with_type(_drawn_type(field.type)) for field in table.schema])
    frame: pd.DataFrame = table.cast(schema).to_pandas(types_mapper=_PANDAS_TYPES.get, date_as_object=False)
    return frame


_PANDAS_TYPES: dict[pa.DataType, pd.api.extensions.ExtensionDtype] = {
    pa.int64(): pd.Int64Dtype(),
    pa.bool_(): pd.BooleanDtype(),
    pa.string(): pd.StringDtype(na_value=float("nan")),
}


def _drawn_type(kind: pa.DataType) -> pa.DataType:
    if pa.types.is_decimal(kind):
        return pa.int64() if kind.scale == 0 else pa.float64()
    if pa.types.is_integer(kind):
        return pa.int64()
    if pa.types.is_floating(kind):
        return pa.float64()
    if pa.types.is_date(kind) or pa.types.is_timestamp(kind):
        return pa.timestamp("s")
    if pa.types.is_boolean(kind) or pa.types.is_null(kind):
        return kind
    return pa.string()
