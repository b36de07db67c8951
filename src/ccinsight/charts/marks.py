"""What the marks of a chart stand for: a name for the reader, and the rows of the table behind each."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from ccinsight import i18n


@dataclass(frozen=True)
class Days:
    """All days from the first to the last, both included."""

    first: date
    last: date


# The values that a column may have (None: unknown), or a span of days.
Wanted = tuple[object, ...] | Days


@dataclass(frozen=True)
class Mark:
    """A bar, a dot or a part of a column: its name, and by column which rows of a report it stands for.

    ``part`` names the colour that it has among others, for a page that has a table for each.
    """

    name: str
    rows: tuple[tuple[str, Wanted], ...]
    part: str = ""

    def has_same_rows(self, other: Mark) -> bool:
        """Whether both stand for the same rows; their names may be in different languages."""
        return (self.rows, self.part) == (other.rows, other.part)

    def value(self, column: str) -> Any:
        """The first value of a column; None where the mark says nothing of it."""
        wanted = dict(self.rows).get(column)
        return wanted[0] if isinstance(wanted, tuple) else None


def mark(name: str, **rows: Wanted) -> Mark:
    """A mark: column → the values of its rows, or their days."""
    return Mark(name, tuple(rows.items()))


def month_marks(
    months: Sequence[date], column: str, name: str = "", part: str = "", **rows: Wanted
) -> list[Mark]:
    """A mark for each month: the rows with a day of it in the column, and what else holds for all of them."""
    return [
        Mark(
            ", ".join(filter(None, (name, i18n.month(month)))),
            ((column, days_of_month(month)), *rows.items()),
            part,
        )
        for month in months
    ]


def days_of_month(month: date) -> Days:
    """The days of the month that has this one."""
    _weekday, length = monthrange(month.year, month.month)
    return Days(date(month.year, month.month, 1), date(month.year, month.month, length))
