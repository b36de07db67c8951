"""Values from a report's columns as Plotly takes them."""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import date
from typing import Any

import pandas as pd


def numbers(values: pd.Series[Any]) -> list[float | None]:
    """The values as plain floats, None where unknown, as Plotly leaves a gap."""
    plain: list[float] = values.astype("float64").to_numpy(na_value=math.nan).tolist()
    return [None if math.isnan(value) else value for value in plain]


def heights(values: Iterable[float | None]) -> list[float | None]:
    """Heights of columns: None in place of 0, so that no outline is left of a column that isn't there."""
    return [value or None for value in values]


def day_of(value: Any) -> date:
    """A date of a frame, whatever its kind there."""
    found: date = pd.Timestamp(value).date()
    return found


def month_of(values: pd.Series[Any]) -> pd.Series[Any]:
    """The first day of each date's month."""
    # periods take pandas ten times as long
    months = pd.to_datetime(values).to_numpy().astype("datetime64[M]").astype("datetime64[s]")
    return pd.Series(months, index=values.index)


def months_between(first: date, last: date) -> list[date]:
    """The first days of all months from one to the other, both included."""
    spans = pd.period_range(pd.Timestamp(first), pd.Timestamp(last), freq="M")
    return [span.to_timestamp().date() for span in spans]


def month_key(month: date) -> str:
    """The name of a month on a category axis."""
    return f"{month:%Y-%m}"
