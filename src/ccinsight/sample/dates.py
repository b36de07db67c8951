"""Calendar arithmetic: months and years as the agreement counts them, and the days on which people work."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

import holidays
import numpy as np

from ccinsight.sample.dice import Flags, Ints

DAY = timedelta(days=1)
DAY_SECONDS = 86_400
OPENS, CLOSES = 8 * 3600, 16 * 3600
_SHIFT = CLOSES - OPENS
_SHORTEST = 28


def add_months(day: date, months: int) -> date:
    """The same day of the month so many months later, or the last day of that month where it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if day.day <= _SHORTEST:
        return date(year, month + 1, day.day)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def month_number(day: date) -> int:
    """Months since year 0: a month as one number."""
    return day.year * 12 + day.month - 1


def first_of(month: int) -> date:
    """The first day of the month with that number."""
    return date(month // 12, month % 12 + 1, 1)


def last_of(month: int) -> date:
    """The last day of the month with that number."""
    return first_of(month + 1) - DAY


def started_months(start: date, end: date) -> int:
    """The smallest m such that start plus m months is not before end (R7)."""
    months = max(0, month_number(end) - month_number(start) - 1)
    while add_months(start, months) < end:
        months += 1
    return months


@dataclass(frozen=True)
class WorkCalendar:
    """The days from ``first``, by number: which are worked, and a clock that stands still outside of work."""

    first: date
    is_worked: Flags
    worked_before: Ints
    worked_days: Ints

    @classmethod
    def spanning(cls, first: date, last: date) -> WorkCalendar:
        """Mondays to Fridays without public holidays, from first to last."""
        days = [first + DAY * number for number in range((last - first).days + 1)]
        free = holidays.country_holidays("NO", years=range(first.year, last.year + 1))
        worked = np.array([day.weekday() < 5 and day not in free for day in days])
        before = np.concatenate([[0], np.cumsum(worked)[:-1]]).astype(np.int64)
        return cls(first, worked, before, np.flatnonzero(worked).astype(np.int64))

    def after(self, moments: Ints, seconds: Ints) -> Ints:
        """The moments (seconds since ``first``) so many seconds of working time later."""
        day, clock = moments // DAY_SECONDS, moments % DAY_SECONDS
        today = np.where(self.is_worked[day], np.clip(clock, OPENS, CLOSES) - OPENS, 0)
        worked = self.worked_before[day] * _SHIFT + today + seconds
        last = len(self.worked_days) - 1
        later = self.worked_days[np.minimum(worked // _SHIFT, last)]
        moved: Ints = later * DAY_SECONDS + OPENS + worked % _SHIFT
        return moved
