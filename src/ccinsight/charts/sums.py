"""Sums over a report's rows, by one rule: what is known is summed; unknown where none of the rows is known.

Charts, pages and slides that sum rows which a reader has narrowed down do it here. What has a report of its own is read
from there (docs/decisions/0041-sums-in-charts.md). A sum over no rows is 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from ccinsight.charts.values import month_of, numbers


def known_sum(values: pd.Series[Any] | Sequence[float | None]) -> float | None:
    """The sum of the known values; None where none of some is known."""
    every = values if isinstance(values, pd.Series) else pd.Series(np.array(values, dtype="float64"))
    known = every.dropna()
    return None if known.empty and not every.empty else float(known.sum())


def unknown_count(values: pd.Series[Any]) -> int:
    """How many values a sum leaves out."""
    return int(values.isna().sum())


def change(before: float | None, after: float | None) -> float | None:
    """after - before; None where either is unknown."""
    return None if before is None or after is None else after - before


def known_sums(rows: pd.DataFrame, by: str | list[str], columns: Sequence[str]) -> pd.DataFrame:
    """A row for each value of ``by``, unknown too, with the columns' sums; NaN where none of some is known."""
    return rows.groupby(by, dropna=False)[list(columns)].sum(min_count=1)


def sums_by_month(rows: pd.DataFrame, on: str, column: str, months: Sequence[date]) -> list[float | None]:
    """The sum of a column for each month, by the days in ``on``; 0 for a month without rows."""
    sums = rows[column].groupby(month_of(rows[on])).sum(min_count=1)
    return numbers(sums.reindex(pd.to_datetime(list(months)), fill_value=0))


def counts_by_month(days: pd.Series[Any], months: Sequence[date]) -> list[int]:
    """How many of the days, all known, fall in each month."""
    counts = month_of(days).value_counts()
    return [int(counts.get(pd.Timestamp(month), 0)) for month in months]
