"""The periods of the management's review: one that is chosen, the one before and the same a year ago."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd

from ccinsight.i18n import _, day, month

MONTHS_BACK, QUARTERS_BACK = 25, 13
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Period:
    """The days from first to last, both included. ``months``: by how many the one before lies earlier; None: by as
    many days as it has. ``is_rolling``: the year up to the last day, which the year before precedes without a gap.
    """

    first: date
    last: date
    months: int | None = None
    is_rolling: bool = False

    def before(self) -> Period:
        """The one before: of a month or quarter that isn't over, the same part of it."""
        if self.months:
            return self._earlier(self.months)
        days = self.last - self.first + _DAY
        return Period(self.first - days, self.last - days)

    def year_ago(self) -> Period:
        """The same days a year earlier; the end of a month stays the end of a month."""
        return self._earlier(12)

    def _earlier(self, months: int) -> Period:
        if self.is_rolling:
            return twelve_months(plus_months(self.last, -months))
        follows = self.last + _DAY
        last = plus_months(self.last, -months)
        if follows.day == 1:
            last = plus_months(follows, -months) - _DAY
        return Period(plus_months(self.first, -months), last, self.months)

    def label(self) -> str:
        """The month, the quarter or the year that it is the whole of, else its days."""
        begins, follows = self.first, self.last + _DAY
        if begins.day == follows.day == 1:
            if follows == plus_months(begins, 1):
                return month(begins)
            if follows == plus_months(begins, 3) and begins.month % 3 == 1:
                return _("Q{number} {year}").format(number=begins.month // 3 + 1, year=begins.year)
            if follows == plus_months(begins, 12) and begins.month == 1:
                return str(begins.year)
        return f"{day(begins)}–{day(self.last)}"


def plus_months(on: date, months: int) -> date:
    """The same day of the month so many months later; the last of the month where that is earlier."""
    found: date = (pd.Timestamp(on) + pd.DateOffset(months=months)).date()
    return found


def months(as_of: date) -> dict[str, Period]:
    """The months up to the day, the newest first; each by its first day as the address has it."""
    return _begun(as_of, as_of.replace(day=1), 1, MONTHS_BACK)


def quarters(as_of: date) -> dict[str, Period]:
    """The quarters up to the day, the newest first."""
    return _begun(as_of, as_of.replace(month=(as_of.month - 1) // 3 * 3 + 1, day=1), 3, QUARTERS_BACK)


def _begun(as_of: date, newest: date, step: int, count: int) -> dict[str, Period]:
    found = {}
    for back in range(count):
        first = plus_months(newest, -step * back)
        found[first.isoformat()] = Period(first, min(plus_months(first, step) - _DAY, as_of), step)
    return found


def newest_whole(periods: dict[str, Period], as_of: date) -> str:
    """The newest of them that is over at the end of the day."""
    newest, before = list(periods)[:2]
    period = periods[newest]
    is_over = period.last == plus_months(period.first, period.months or 1) - _DAY
    return newest if is_over and period.last <= as_of else before


def year_to_date(as_of: date) -> Period:
    """From the first of January to the day; the one before is the same part of last year."""
    return Period(as_of.replace(month=1, day=1), as_of, 12)


def twelve_months(as_of: date) -> Period:
    """The twelve months up to the day: from the day after the one a year before."""
    return Period(plus_months(as_of, -12) + _DAY, as_of, 12, is_rolling=True)


def own(first: date, last: date) -> Period:
    """Any days. Where they are whole months, the one before is as many months earlier."""
    follows = last + _DAY
    count = (follows.year - first.year) * 12 + follows.month - first.month
    is_whole = count > 0 and plus_months(first, count) == follows and plus_months(follows, -count) == first
    return Period(first, last, count if is_whole else None)
