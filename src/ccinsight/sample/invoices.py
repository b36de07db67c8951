"""Invoice lines: nearly all as the agreement says (R7), some forgotten, some wrong, as in any accounts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count

from ccinsight.sample.customers import Customer
from ccinsight.sample.dates import last_of
from ccinsight.sample.dice import Dice, Ints
from ccinsight.sample.rules import CRM, Agreement, Expected, Version, expected_invoices

# Øre; the settings that come with the sample say the same.
MEMBER_HOURLY_RATE, STANDARD_HOURLY_RATE = 125_000, 155_000
_EARLY = {0: 55, 7: 25, 14: 15, 21: 5}
_GENERAL = dict[str, list[Version]]


@dataclass(frozen=True)
class InvoiceLine:
    """A line as the accounting system holds it; quantity in hundredths, money in øre."""

    customer_id: str
    agreement_id: str
    kind: str
    issued_on: date
    period_start: date | None
    quantity: int | None
    unit_price: int | None
    amount: int


def agreement_lines(customer: Customer, dice: Dice, general: _GENERAL, as_of: date) -> Iterator[InvoiceLine]:
    """Yearly and expansion lines of all the customer's agreements that were issued by ``as_of``."""
    for agreement in customer.agreements:
        for period in count():
            start = agreement.start(period)
            if start > as_of + timedelta(days=21) or not agreement.is_in_force(start):
                break
            for line in expected_invoices(agreement, period, customer.counts, general[agreement.product]):
                written = _write(customer, agreement, period, line, dice, general)
                if written and written.issued_on <= as_of:
                    yield written


def _write(
    customer: Customer, agreement: Agreement, period: int, line: Expected, dice: Dice, general: _GENERAL
) -> InvoiceLine | None:
    """The line as invoiced, or None where it was forgotten."""
    if dice.chance(8 if line.kind == "yearly" else 110):
        return None
    quantity, rate = _mistaken(agreement, period, line, dice, general)
    is_yearly = line.kind == "yearly"
    ahead = dice.weighted(_EARLY) if is_yearly and period > 0 else -dice.between(0, 9)
    names_agreement = dice.chance(800 if len(customer.agreements) == 1 else 960)
    names_period = dice.chance(860)
    return InvoiceLine(
        customer.customer_id,
        agreement.agreement_id if names_agreement else "",
        line.kind,
        line.due_on - timedelta(days=ahead),
        agreement.start(period) if names_period else None,
        quantity * 100,
        rate if dice.chance(900) else None,
        Expected(line.kind, line.due_on, quantity, rate, line.months).amount,
    )


def _mistaken(
    agreement: Agreement, period: int, line: Expected, dice: Dice, general: _GENERAL
) -> tuple[int, int]:
    """Users and rate as invoiced: mostly right, now and then a wrong number or a price announced too late."""
    users, rate = line.quantity, line.rate
    if line.kind == "yearly":
        too_soon = agreement.rate(period, users, general[agreement.product], in_time=False)
        if too_soon and too_soon != rate and dice.chance(300):
            return users, too_soon
        if dice.chance(22):
            wrong = users + dice.pick((-3, -2, -1, -1, 1, 2))
            return max(1, wrong), rate
    elif dice.chance(30):
        return users + 1, rate
    return users, rate


def consulting_lines(
    customer: Customer, dice: Dice, minutes: Ints, first_month: int, as_of: date
) -> Iterator[InvoiceLine]:
    """A line a month for the consulting done (R8), ``minutes`` by month; some forgotten or at a wrong one."""
    rate = hourly_rate(customer, as_of)
    for month, spent in enumerate(minutes.tolist(), start=first_month):
        issued_on = last_of(month)
        if spent == 0 or issued_on > as_of or dice.chance(120):
            continue
        unit_price = STANDARD_HOURLY_RATE if dice.chance(40) else rate
        hundredths = (spent * 100 + 30) // 60
        amount = (hundredths * unit_price + 50) // 100
        shown = unit_price if dice.chance(950) else None
        yield InvoiceLine(customer.customer_id, "", "consulting", issued_on, None, hundredths, shown, amount)


def hourly_rate(customer: Customer, as_of: date) -> int:
    """The agreed rate of the customer's agreement in force that began last, else the members' rate."""
    in_force = [agreement for agreement in customer.agreements if agreement.is_in_force(as_of)]
    chosen = max(in_force or customer.agreements[:1], key=lambda agreement: agreement.subscribed_on)
    own = chosen.consultant_rate
    return own or (MEMBER_HOURLY_RATE if chosen.product == CRM else 120_000)


def course_lines(customer: Customer, dice: Dice, as_of: date) -> Iterator[InvoiceLine]:
    """Courses now and then, at the members' price."""
    main = customer.agreements[0]
    last = min(as_of, main.ends_on or as_of)
    day = main.subscribed_on + timedelta(days=dice.between(20, 600))
    while day <= last:
        if dice.chance(420):
            seats, price = dice.between(1, 4), dice.pick((490_000, 490_000, 520_000, 590_000))
            shown = price if dice.chance(930) else None
            yield InvoiceLine(
                customer.customer_id, "", "course", day, None, seats * 100, shown, seats * price
            )
        day += timedelta(days=dice.between(150, 900))
