"""Who calls when: how much each customer calls in each month, and the rhythm of days and hours."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from math import isqrt

import numpy as np

from ccinsight.sample.customers import Customer
from ccinsight.sample.dates import DAY, WorkCalendar, first_of, last_of, month_number
from ccinsight.sample.dice import Dice, Ints, lookup_table
from ccinsight.sample.life import Month

HISTORY_MONTHS = 48
# A customer that begins later in a month calls from the next.
_MID_MONTH = 10
# Companies that call without any agreement.
STRANGERS = ("8001", "8002", "8003")
_DAY_WEIGHTS = (1150, 1080, 1000, 970, 800, 50, 40)
_HOUR_WEIGHTS = (1, 1, 1, 1, 1, 2, 6, 40, 190, 260, 250, 170, 190, 230, 190, 120, 36, 14, 9, 8, 8, 6, 4, 2)
_WEEKEND_WEIGHTS = (1, 1, 0, 0, 0, 1, 2, 3, 6, 9, 12, 12, 11, 10, 9, 9, 8, 8, 8, 9, 9, 7, 4, 2)


@dataclass(frozen=True)
class Callers:
    """Arrays by customer (strangers last); ``weights`` and ``people`` by month and customer."""

    ids: list[str]
    first_month: int
    weights: Ints
    people: Ints
    first_person: Ints
    is_integrated: Ints
    role_kind: Ints
    nameless_permille: Ints

    @property
    def months(self) -> int:
        """How many months the tickets span; the last one ends on the as-of date."""
        return int(self.weights.shape[0])


def callers_of(customers: list[Customer], seed: int, as_of: date) -> Callers:
    """What the tickets need to know of the customers."""
    dice = Dice(seed, 4)
    first_month = month_number(as_of) - HISTORY_MONTHS
    months, total = HISTORY_MONTHS + 1, len(customers) + len(STRANGERS)
    weights, people = np.zeros((months, total), dtype=np.int64), np.ones((months, total), dtype=np.int64)
    for index, customer in enumerate(customers):
        for number in range(months):
            weights[number, index], people[number, index] = _calls(customer, first_month + number, as_of)
    share = max(1, int(weights.sum()) // (1000 * months * len(STRANGERS)))
    weights[:, len(customers) :] = share
    while int(weights.sum(axis=1).max()) >= 1 << 31:
        weights >>= 1
    kinds = [_role_kind(customer, dice) for customer in customers] + [0] * len(STRANGERS)
    nameless = [1000 if customer.script.special == "no_contacts" else 25 for customer in customers]
    return Callers(
        [customer.customer_id for customer in customers] + list(STRANGERS),
        first_month,
        weights,
        people,
        dice.many_below(total, 1 << 20),
        np.array([_is_integrated(customer) for customer in customers] + [0] * len(STRANGERS)),
        np.array(kinds),
        np.array(nameless + [25] * len(STRANGERS)),
    )


def _calls(customer: Customer, month: int, as_of: date) -> tuple[int, int]:
    """How much the customer calls in a month, and how many of its people do."""
    months = customer.life.months
    lived = months.get(month)
    if lived is None:
        return _calls_outside(customer, month, as_of), 2
    first = min(agreement.subscribed_on for agreement in customer.agreements)
    if month == month_number(first) and first.day > _MID_MONTH:
        return 0, 1
    new = 2 if month - min(months) < 3 else 1
    size = lived.users // 2 + 4 * isqrt(lived.users)
    return customer.calls * size * lived.use * new // 16, people(lived, customer.reach)


def people(lived: Month, reach: int) -> int:
    """How many people of the customer contact support in that month: some of its active users."""
    return max(1, lived.users * lived.active * reach // 10_000)


def _calls_outside(customer: Customer, month: int, as_of: date) -> int:
    """A few calls shortly after the end or, of an upcoming customer, shortly before the start."""
    lived = customer.life.months
    if not lived:
        return customer.calls * 20 if month >= month_number(as_of) - 1 else 0
    return customer.calls * 25 if 0 < month - max(lived) <= 4 else 0


def _is_integrated(customer: Customer) -> int:
    return int(customer.agreements[0].complexity in {"erp", "advanced"})


def _role_kind(customer: Customer, dice: Dice) -> int:
    """0: users call; 1: the IT supplier often does; 2: many outsiders."""
    return 2 if customer.script.special == "outsiders" else int(dice.chance(280))


@dataclass(frozen=True)
class Rhythm:
    """When people call: a table of days for each month, and of quarter hours for free and worked days."""

    calendar: WorkCalendar
    first_days: list[int]
    days: list[Ints]
    day_sums: list[int]
    quarters: Ints


def rhythm_of(first_month: int, months: int, as_of: date) -> Rhythm:
    """The rhythm of the months up to the as-of date; the calendar goes on, for replies that come later."""
    calendar = WorkCalendar.spanning(first_of(first_month), as_of + timedelta(days=150))
    first_days, tables, sums = [], [], []
    for month in range(first_month, first_month + months):
        first, last = first_of(month), min(last_of(month), as_of)
        days = [first + DAY * number for number in range((last - first).days + 1)]
        weights = [day_weight(day, calendar) for day in days]
        first_days.append((first - calendar.first).days)
        tables.append(lookup_table(weights))
        sums.append(sum(weights))
    hours = [[weight for weight in day for _ in range(4)] for day in (_WEEKEND_WEIGHTS, _HOUR_WEIGHTS)]
    return Rhythm(calendar, first_days, tables, sums, np.stack([lookup_table(day) for day in hours]))


def day_weight(day: date, calendar: WorkCalendar) -> int:
    """How much people call on a day: little on free days, in July, around Christmas and between holidays."""
    number = (day - calendar.first).days
    if not calendar.is_worked[number]:
        return min(45, _DAY_WEIGHTS[day.weekday()])
    weight = _DAY_WEIGHTS[day.weekday()] * _season(day) // 100
    around = calendar.is_worked[max(0, number - 1)], calendar.is_worked[number + 1]
    return weight * 55 // 100 if not any(around) else weight


def _season(day: date) -> int:
    """Percent of the usual: fellesferie is the last three weeks of July."""
    if day.month == 7:
        return 32 if day.day >= 8 else 55
    if (day.month, day.day) >= (12, 20) or (day.month, day.day) <= (1, 2):
        return 40
    if (day.month == 6 and day.day > 20) or (day.month == 8 and day.day < 12):
        return 70
    return 112 if day.month in {1, 2, 9, 10} else 100
