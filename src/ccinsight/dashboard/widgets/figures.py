"""Figures from the reports' rows: counts, sums and picks, no rule of the agreement's own. Unknown stays None."""

from __future__ import annotations

from datetime import date

import pandas as pd

from ccinsight.charts.sums import known_sum, unknown_count
from ccinsight.i18n import is_unknown

# The states of an agreement in force (R4).
IN_FORCE = ("active", "terminating")
# The sum of what is known, and how many values it leaves out: the rule by which charts sum too.
total, unknown = known_sum, unknown_count


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
    """The deadlines to act by: termination, and price notice where a new price must be sent (R2, R3, R14)."""
    kinds, states = deadlines["kind"], deadlines["price_notice_state"]
    return deadlines[(kinds == "termination") | ((kinds == "price_notice") & (states == "planned"))]


def notices(deadlines: pd.DataFrame, *states: str) -> pd.DataFrame:
    """The price-notice deadlines, or those whose notice is in one of the states (R14)."""
    rows = rows_of(deadlines, "kind", "price_notice")
    return rows_of(rows, "price_notice_state", *states) if states else rows


def hours(minutes: pd.Series) -> float | None:
    """The sum of minutes, in hours."""
    known = total(minutes)
    return None if known is None else known / 60


def information(deadlines: pd.DataFrame) -> pd.DataFrame:
    """The dates on which nobody has to act: renewals, last days, price notices with nothing to send (R14)."""
    return deadlines.drop(duties(deadlines).index)


def silent(utilization: pd.DataFrame) -> pd.DataFrame:
    """Customers who called no one in twelve months, the largest first."""
    quiet = utilization[utilization["tickets"] == 0]
    return quiet.sort_values("registered_users", ascending=False, na_position="last")


def heaviest(utilization: pd.DataFrame, column: str = "tickets_per_user") -> pd.DataFrame:
    """Customers in falling order of a figure; unknown last."""
    return utilization.sort_values(column, ascending=False, na_position="last", kind="stable")


def first_day(values: pd.Series) -> date | None:
    """The earliest day, None where there is none."""
    known = values.dropna()
    return None if known.empty else known.min().date()


def one(frame: pd.DataFrame, column: str) -> object:
    """The value of a report of one row; None where it has none."""
    return None if frame.empty else frame[column].iloc[0]


def newest(frame: pd.DataFrame, column: str) -> pd.DataFrame:
    """The rows by falling date; those without one first, since they are still to come."""
    return frame.sort_values(column, ascending=False, na_position="first", kind="stable")


def number_of(value: object) -> float | None:
    return None if is_unknown(value) else float(value)  # type: ignore[arg-type]
