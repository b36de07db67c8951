"""What happens to a customer from one period to the next: users come and go, use falls, some leave.

A customer in trouble uses the solution less from month to month, meets the supplier less often and leaves far
more often than others. Some in trouble stay and some leave without a sign, so the signal is real and noisy.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import count

from ccinsight.sample.dates import add_months, month_number
from ccinsight.sample.dice import Dice
from ccinsight.sample.rules import Agreement

# Permille of agreements that leave at a renewal.
_LEAVES, _LEAVES_IN_TROUBLE, _LEAVES_UNMET = 18, 380, 25
_TROUBLE, _TROUBLE_AGAIN = 110, 420
_MET, _MET_IN_TROUBLE = 800, 520
_MONTHLY_STEP = {"grows": (110, 15), "stays": (45, 40), "shrinks": (20, 80)}
_NOTICE_DAYS = {(-200, -61): 14, (-60, -15): 33, (-14, -1): 28, (0, 0): 8, (1, 5): 6, (6, 25): 11}


@dataclass(frozen=True)
class Month:
    """A month of a customer: registered users, percent of them active, and use in percent of its usual."""

    users: int
    active: int
    use: int


@dataclass(frozen=True)
class LivedPeriod:
    """A period that has begun, and whether a status meeting is held in it."""

    start: date
    end: date
    price_deadline: date
    is_met: bool


@dataclass
class Life:
    """A customer's months by number, and the periods of its main agreement."""

    months: dict[int, Month] = field(default_factory=dict)
    periods: list[LivedPeriod] = field(default_factory=list)


def live(
    life: Life, dice: Dice, agreement: Agreement, users: int, as_of: date, stays: bool, trend: str = ""
) -> int:
    """Lives one agreement up to ``as_of`` and may set its notice. Returns the users at the end."""
    trend = trend or dice.weighted({"grows": 34, "stays": 46, "shrinks": 20})
    trouble, use = False, 160
    for period in count():
        start, end = agreement.start(period), agreement.end(period)
        if start > as_of or not agreement.is_in_force(start):
            break
        leaving = agreement.terminated_on is not None and agreement.ends_on == end
        trouble = dice.chance(750) if leaving else dice.chance(_TROUBLE_AGAIN if trouble else _TROUBLE)
        is_met = dice.chance(_MET_IN_TROUBLE if trouble else _MET)
        life.periods.append(LivedPeriod(start, end, agreement.price_deadline(period), is_met))
        users, use = _live_months(life, dice, period_months(start, end, as_of), users, use, trend, trouble)
        if not stays and agreement.terminated_on is None and dice.chance(_risk(trouble, is_met)):
            _terminate(dice, agreement, period, as_of)
    return users


def period_months(start: date, end: date, as_of: date) -> range:
    """The months of a period, as far as they have begun; the month of the next start belongs to the next."""
    last = min(month_number(end), month_number(as_of))
    return range(month_number(start), last + 1)


def _risk(trouble: bool, is_met: bool) -> int:
    return (_LEAVES_IN_TROUBLE if trouble else _LEAVES) + (0 if is_met else _LEAVES_UNMET)


def _terminate(dice: Dice, agreement: Agreement, period: int, as_of: date) -> None:
    low, high = dice.weighted(_NOTICE_DAYS)
    notice = agreement.deadline(period) + timedelta(days=dice.between(low, high))
    notice = max(notice, add_months(agreement.start(period), 1))
    if notice <= as_of:
        agreement.terminated_on = notice
        agreement.terminated_by = dice.weighted({"customer": 88, "supplier": 7, "": 5})


def _live_months(
    life: Life, dice: Dice, months: range, users: int, use: int, trend: str, trouble: bool
) -> tuple[int, int]:
    """Users and use move from month to month. Returns both at the end."""
    up, down = _MONTHLY_STEP[trend]
    for month in months:
        if trouble:
            use = max(30, use - dice.between(4, 14))
            users = _fewer(dice, users) if dice.chance(140) else users
        else:
            use += (100 - use) // 4
            users = _more(dice, users) if dice.chance(up) else users
            users = _fewer(dice, users) if dice.chance(down) else users
        active = min(96, 45 + use * 2 // 5 + dice.between(-6, 6))
        dip = 40 if dice.chance(40) else 100
        life.months[month] = Month(users, active, use * dip * dice.between(70, 130) // 10_000)
    return users, use


def _more(dice: Dice, users: int) -> int:
    return users + dice.between(1, 1 + users // 14)


def _fewer(dice: Dice, users: int) -> int:
    return max(1, users - dice.between(1, 1 + users // 16))
