"""The rules of the agreement once more, slow and plain, for property tests. Shares nothing with the SQL."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from itertools import takewhile

from dateutil.relativedelta import relativedelta

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Price:
    valid_from: date
    announced_on: date
    steps: tuple[tuple[int, Decimal], ...]  # (from users, price per user)
    is_given: bool = True  # the export names the day of the announcement


@dataclass(frozen=True)
class Company:
    """One customer with one agreement."""

    subscribed_on: date
    first_renewal_on: date | None
    terminated_on: date | None
    own_users: int | None
    counts: tuple[tuple[date, int], ...]
    prices: tuple[Price, ...] = field(default=())
    notice_months: int = 1
    price_notice_days: int = 14

    def periods(self) -> Iterator[tuple[int, date, date]]:
        """(number, first day, last day), for ever."""
        first = self.first_renewal_on
        if first and not self.subscribed_on < first <= self.subscribed_on + relativedelta(years=1):
            first = None
        number = 0
        while True:
            if first is None:
                start = self.subscribed_on + relativedelta(years=number)
                end = self.subscribed_on + relativedelta(years=number + 1) - DAY
            else:
                start = self.subscribed_on if number == 0 else first + relativedelta(years=number - 1)
                end = first + relativedelta(years=number) - DAY
            yield number, start, end
            number += 1

    def deadline(self, last_day: date) -> date:
        """R2, by trying every day; no month is shorter than 28 days."""
        day = last_day - 28 * self.notice_months * DAY
        while day + relativedelta(months=self.notice_months) > last_day:
            day -= DAY
        return day

    def ends_on(self, known_on: date) -> date | None:
        """R4."""
        notice = self.terminated_on
        if notice is None or notice < self.subscribed_on or notice > known_on:
            return None
        periods = self.periods()
        for _number, start, end in periods:
            if start <= notice <= end:
                return end if notice <= self.deadline(end) else next(periods)[2]
        raise AssertionError

    def users_on(self, day: date) -> int | None:
        """R5."""
        known = [(counted, users) for counted, users in self.counts if counted <= day]
        return max(known)[1] if known else self.own_users

    def announce_by(self, number: int, start: date) -> date:
        """R6: the last day on which a version is announced in time for the period."""
        if number == 0:
            return self.subscribed_on
        return self.deadline(start - DAY) - self.price_notice_days * DAY

    def reaches(self, price: Price, number: int) -> bool:
        """R6: it reaches the period itself, or reached one before it."""
        begun = takewhile(lambda period: period[0] <= number, self.periods())
        return any(
            price.valid_from <= start and price.announced_on <= self.announce_by(earlier, start)
            for earlier, start, _end in begun
        )

    def version(self, number: int, known_on: date) -> Price | None:
        """R6, price list only."""
        reached = [
            price for price in self.prices if price.announced_on <= known_on and self.reaches(price, number)
        ]
        return max(reached, key=lambda price: price.valid_from, default=None)

    def notice_state(self, number: int, known_on: date) -> str:
        """R14, price list only: the state of the price notice of the period."""
        renewal_on = next(start for each, start, _end in self.periods() if each == number + 1)
        reached = self.version(number + 1, known_on)
        newer = [
            price
            for price in self.prices
            if price.valid_from <= renewal_on and (not reached or price.valid_from > reached.valid_from)
        ]
        if any(price.is_given and price.announced_on > known_on for price in newer):
            return "planned"
        if any(price.announced_on <= known_on for price in newer):
            return "missed"
        return "none" if reached == self.version(number, known_on) else "announced"

    def rate(self, number: int, start: date, known_on: date) -> Decimal | None:
        """R6, price list only."""
        users = self.users_on(min(start, known_on))
        newest = self.version(number, known_on)
        if users is None or newest is None:
            return None
        fitting = [(least, amount) for least, amount in newest.steps if least <= users]
        return max(fitting)[1] if fitting else None

    def expansions(self, start: date, end: date, known_on: date) -> list[tuple[date, int]]:
        """R7: (count's date, users added)."""
        billed = self.users_on(start)
        added = []
        if billed is not None:
            for counted, users in sorted(self.counts):
                if start < counted <= min(end, known_on) and users > billed:
                    added.append((counted, users - billed))
                    billed = users
        return added

    def period_of(self, day: date) -> tuple[int, date, date]:
        return next(period for period in self.periods() if period[1] <= day <= period[2])

    def revenue(self, day: date, known_on: date) -> Decimal | None:
        """R9; None where it is unknown, 0 where the agreement isn't in force."""
        ends = self.ends_on(known_on)
        if day < self.subscribed_on or (ends and day > ends):
            return Decimal(0)
        number, start, end = self.period_of(day)
        rate, users = self.rate(number, start, known_on), self.users_on(start)
        if rate is None or users is None:
            return None
        return rate * (users + sum(added for _day, added in self.expansions(start, end, day)))


def started_months(from_on: date, until: date) -> int:
    """R7, by counting."""
    months = 0
    while from_on + relativedelta(months=months) < until:
        months += 1
    return months


def ore(amount: Decimal) -> Decimal:
    """Half up to whole øre."""
    return amount.quantize(Decimal("0.01"), ROUND_HALF_UP)
