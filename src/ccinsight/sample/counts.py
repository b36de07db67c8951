"""Licence counts: monthly for most, quarterly or seldom for others, none for some."""

from __future__ import annotations

from datetime import date, timedelta

from ccinsight.sample.customers import Customer
from ccinsight.sample.dates import add_months, first_of, month_number
from ccinsight.sample.dice import Dice
from ccinsight.sample.rules import Count

_RHYTHMS = {"monthly": 46, "quarterly": 34, "yearly": 12, "none": 8}


def add_counts(customer: Customer, dice: Dice, as_of: date) -> None:
    """Fills the customer's counts, in order of day, from its life."""
    rhythm = customer.script.counts or dice.weighted(_RHYTHMS)
    has_active, has_available = dice.chance(800), dice.chance(900)
    for day in _days(customer, dice, rhythm, as_of):
        month = customer.life.months.get(month_number(day))
        if month and any(agreement.is_in_force(day) for agreement in customer.agreements):
            active = min(month.users, (month.users * month.active + 50) // 100)
            available = month.users + dice.below(2 + month.users // 10)
            customer.counts.append(
                Count(day, month.users, available if has_available else None, active if has_active else None)
            )


def _days(customer: Customer, dice: Dice, rhythm: str, as_of: date) -> list[date]:
    if rhythm == "none":
        return []
    start = min(agreement.subscribed_on for agreement in customer.agreements)
    days = {start} if rhythm != "late" and dice.chance(400) else set()
    first = month_number(start) + (20 if rhythm == "late" else 1)
    if rhythm == "yearly":
        renewals = [add_months(start, 12 * year) for year in range(1, as_of.year - start.year + 1)]
        days |= {renewal - timedelta(days=dice.between(3, 40)) for renewal in renewals}
    else:
        step = 3 if rhythm == "quarterly" else 1
        days |= {first_of(month) for month in range(first, month_number(as_of) + 1) if month % step == 0}
        days |= {first_of(month) + timedelta(days=dice.between(2, 25)) for month in range(first, first + 2)}
    return sorted(day for day in days if day <= as_of)
