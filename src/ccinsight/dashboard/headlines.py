"""Headline figures from the reports' rows: counts and sums, no rule of the agreement's own.

Each takes a report's frame (warehouse.report) and gives one number, or a part of the rows. Unknown values are left out
of sums; a sum over rows none of which is known is unknown (None).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pandas as pd

IN_FORCE = ("active", "terminating")


def total(values: pd.Series) -> float | None:
    """The sum of what is known; 0 over no rows, None where no row is known."""
    known = values.dropna()
    return None if known.empty and not values.empty else float(known.sum())


def unknown(values: pd.Series) -> int:
    """How many values a sum leaves out."""
    return int(values.isna().sum())


def ratio(part: float | None, whole: float | None) -> float | None:
    """part / whole; None where either is unknown or the whole is 0."""
    return None if part is None or not whole else part / whole


def ratio_of_sums(frame: pd.DataFrame, part: str, whole: str) -> float | None:
    """Sum / sum over the rows that know both."""
    known = frame.dropna(subset=[part, whole])
    return ratio(total(known[part]), total(known[whole]))


def in_force(agreements: pd.DataFrame) -> pd.DataFrame:
    """The agreements in force (R4)."""
    return agreements[agreements["state"].isin(IN_FORCE)]


def rows_of(frame: pd.DataFrame, column: str, *values: str) -> pd.DataFrame:
    """The rows whose column has one of the values."""
    return frame[frame[column].isin(values)]


def within(deadlines: pd.DataFrame, days: int) -> pd.DataFrame:
    """The dates that come within so many days."""
    return deadlines[deadlines["days_left"] <= days]


def duties(deadlines: pd.DataFrame) -> pd.DataFrame:
    """The deadlines to act by: price notice and termination (R2, R3)."""
    return rows_of(deadlines, "kind", "price_notice", "termination")


def value_by(frame: pd.DataFrame, column: str, value: str) -> pd.DataFrame:
    """One row per value of the column: agreements, sum of the value; largest first."""
    grouped = frame.groupby(column, dropna=False)
    rows = pd.DataFrame({"agreements": grouped.size(), value: grouped[value].sum(min_count=1)})
    return rows.sort_values(value, ascending=False, na_position="last").reset_index()


def silent(utilization: pd.DataFrame) -> pd.DataFrame:
    """Customers who called no one in twelve months, the largest first."""
    quiet = utilization[utilization["tickets"] == 0]
    return quiet.sort_values("registered_users", ascending=False, na_position="last")


def heaviest(utilization: pd.DataFrame, column: str = "tickets_per_user") -> pd.DataFrame:
    """Customers in falling order of a figure; unknown last."""
    return utilization.sort_values(column, ascending=False, na_position="last")


def first_day(values: pd.Series) -> date | None:
    """The earliest day, None where there is none."""
    known = values.dropna()
    return None if known.empty else known.min().date()


def one(frame: pd.DataFrame, column: str) -> object:
    """The value of a report of one row; None where it has none."""
    return None if frame.empty else frame[column].iloc[0]


def last_months(frame: pd.DataFrame, column: str, months: int = 12) -> float | None:
    """The sum of the last so many months of a report by month."""
    return total(frame[column].tail(months))


def largest(frame: pd.DataFrame, column: str, count: int) -> pd.DataFrame:
    """The rows with the largest values."""
    return frame.nlargest(count, column)


def any_known(frame: pd.DataFrame, columns: Sequence[str]) -> bool:
    """True where some row knows some of the columns: there is something to draw."""
    return bool(frame[list(columns)].notna().any(axis=None))
