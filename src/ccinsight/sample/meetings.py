"""Status meetings held, planned and missed, and courses and workshops."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from ccinsight.sample import words
from ccinsight.sample.customers import Customer
from ccinsight.sample.dates import DAY
from ccinsight.sample.dice import Dice
from ccinsight.sample.life import LivedPeriod


@dataclass(frozen=True)
class Meeting:
    """A meeting in the calendar; ``held_on`` is None where it was not held (yet)."""

    customer_id: str
    kind: str
    planned_on: date | None
    held_on: date | None
    note: str


def meetings_of(customer: Customer, dice: Dice, as_of: date) -> Iterator[Meeting]:
    """All meetings with the customer that the supplier knows of on ``as_of``."""
    special = customer.script.special
    for period in customer.life.periods:
        if special == "never_met":
            continue
        if special == "meets_soon" and period.end >= as_of:
            yield Meeting(customer.customer_id, "status_meeting", as_of + timedelta(days=12), None, "")
            continue
        yield from _status_meeting(customer, dice, period, as_of)
    yield from _courses(customer, dice, as_of)


def _status_meeting(customer: Customer, dice: Dice, period: LivedPeriod, as_of: date) -> Iterator[Meeting]:
    """Mostly in the months before the price-notice deadline; one missed may have been planned and put off."""
    span = max(20, (period.price_deadline - period.start).days)
    day = _weekday(min(period.end, period.start + timedelta(days=span * dice.between(45, 108) // 100)))
    planned = _weekday(day - timedelta(days=dice.pick((0, 0, 0, 0, 7, 14, 28))))
    if day > as_of:
        if day < as_of + timedelta(days=120) and dice.chance(550):
            yield Meeting(customer.customer_id, "status_meeting", day, None, "")
    elif period.is_met:
        note = dice.pick(words.MEETING_NOTES)
        yield Meeting(
            customer.customer_id, "status_meeting", planned if dice.chance(850) else None, day, note
        )
    elif dice.chance(350):
        yield Meeting(customer.customer_id, "status_meeting", planned, None, "Avlyst av kunden")


def _courses(customer: Customer, dice: Dice, as_of: date) -> Iterator[Meeting]:
    main = customer.agreements[0]
    day = main.subscribed_on + timedelta(days=dice.between(15, 500))
    while day <= min(as_of + timedelta(days=40), main.ends_on or date.max):
        kind = dice.weighted({"course": 7, "workshop": 3})
        held = _weekday(day)
        if dice.chance(300):
            note = dice.pick(words.COURSE_NOTES)
            yield Meeting(customer.customer_id, kind, held, held if held <= as_of else None, note)
        day += timedelta(days=dice.between(200, 800))


def _weekday(day: date) -> date:
    """The day, or the Friday before a weekend."""
    return day - DAY * max(0, day.weekday() - 4)
