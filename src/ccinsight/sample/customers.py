"""Customers: who they are, what they have signed, and what became of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

from ccinsight.sample import words
from ccinsight.sample.dates import DAY, add_months, first_of, month_number
from ccinsight.sample.dice import Dice
from ccinsight.sample.life import Life, live
from ccinsight.sample.prices import direct_version
from ccinsight.sample.rules import CRM, MARKETING, Agreement, Count
from ccinsight.sample.scripts import Script, script_of, scripted_start

YEARS_BACK = 9
_USERS = (1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 17, 20, 24, 30, 38, 50, 70, 105, 220)
_ORG_WEIGHTS = (3, 2, 7, 6, 5, 4, 3, 2)
_NO_SCRIPT = Script("", stays=False)


@dataclass
class Customer:
    """A customer with its agreements, counts and life. ``calls`` is how much it calls for its size."""

    customer_id: str
    name: str
    org_number: str
    account_manager: str
    script: Script
    calls: int
    reach: int
    agreements: list[Agreement] = field(default_factory=list)
    counts: list[Count] = field(default_factory=list)
    life: Life = field(default_factory=Life)


def draw_customers(customers: int, seed: int, as_of: date) -> list[Customer]:
    """All customers, each from a stream of its own: more customers leave the first ones as they were."""
    managers = words.ACCOUNT_MANAGERS[: min(len(words.ACCOUNT_MANAGERS), max(4, customers // 20))]
    return [_draw(index, Dice(seed, 1, index), managers, as_of) for index in range(customers)]


def _draw(index: int, dice: Dice, managers: tuple[str, ...], as_of: date) -> Customer:
    script = script_of(index) or _NO_SCRIPT
    customer = Customer(
        customer_id=str(1001 + index),
        name=company_name(index),
        org_number=_org_number(dice) if dice.chance(940) else "",
        account_manager=dice.pick(managers) if dice.chance(980) else "",
        script=script,
        calls=_calls(dice, script),
        reach=dice.between(25, 90),
    )
    main = _main_agreement(dice, f"A-{1001 + index}", script, as_of)
    users = script.users or dice.along(_USERS)
    main.registered_users = _registered(dice, script, users)
    customer.agreements.append(main)
    trend = "grows" if script.special == "grows" else ""
    users = live(customer.life, dice, main, users, as_of, script.stays, trend)
    _break_rules(main, script)
    _add_direct_price(dice, main, script, as_of)
    _add_agreements(dice, customer, users, as_of)
    return customer


def company_name(index: int) -> str:
    """A made-up company name, another one for each number."""
    starts, ends, trades = words.PLACE_STARTS, words.PLACE_ENDS, words.TRADES
    total = len(starts) * len(ends) * len(trades)
    place = index * 7919 % total
    start, end = starts[place % len(starts)], ends[place // len(starts) % len(ends)]
    trade = trades[place // len(starts) // len(ends)]
    department = f" avd. {index // total + 1}" if index >= total else ""
    return f"{start}{end} {trade} {words.LEGAL_FORMS[index % len(words.LEGAL_FORMS)]}{department}"


def _org_number(dice: Dice) -> str:
    """Nine digits with a right check digit; real numbers start with 8 or 9, made-up ones with 3."""
    while True:
        digits = [3, *(dice.below(10) for _ in range(7))]
        check = -sum(digit * weight for digit, weight in zip(digits, _ORG_WEIGHTS, strict=True)) % 11
        if check < 10:
            return "".join(map(str, [*digits, check]))


def _calls(dice: Dice, script: Script) -> int:
    """Many call little, a few call very much, some never do."""
    if script.special in {"silent", "heavy"}:
        return 0 if script.special == "silent" else 140
    if script.case:
        return dice.long_tailed(16, 90)
    return 0 if dice.chance(45) else dice.long_tailed(12, 140)


def _main_agreement(dice: Dice, agreement_id: str, script: Script, as_of: date) -> Agreement:
    start = scripted_start(script, as_of) or _subscription(dice, script, as_of)
    agreement = Agreement(agreement_id, CRM, start)
    agreement.complexity = script.complexity or dice.weighted(
        {"standard": 62, "": 8, "erp": 22, "advanced": 8}
    )
    agreement.complexity = agreement.complexity or "standard"
    agreement.consultant_rate = dice.pick((115_000, 119_000, 129_500)) if dice.chance(160) else None
    agreement.partner_confirmed_on = start + timedelta(days=dice.between(1, 40)) if dice.chance(800) else None
    agreement.note = dice.pick(words.AGREEMENT_NOTES) if dice.chance(60) else ""
    if agreement.partner_confirmed_on and agreement.partner_confirmed_on > as_of:
        agreement.partner_confirmed_on = None
    if script.special == "contract_without_price":
        agreement.is_contract = True
    elif not script.case and dice.chance(120):
        agreement.is_contract, agreement.price_per_user = True, dice.between(160, 290) * 500
    if script.special == "short_first":
        agreement.first_renewal_on = first_of(month_number(start) + dice.between(4, 8))
    if script.notice is not None:
        period = (
            agreement.period_of(as_of + timedelta(days=min(0, script.renewal_in or 0) - 1))
            + script.notice_period
        )
        agreement.terminated_on = min(
            as_of, agreement.deadline(max(0, period)) + timedelta(days=script.notice)
        )
        agreement.terminated_by = "customer"
    return agreement


def _subscription(dice: Dice, script: Script, as_of: date) -> date:
    """A start within nine years; scripted customers start about so many years ago."""
    if script.case:
        return as_of - timedelta(days=script.years * 365 - dice.between(0, 300))
    recent = dice.chance(400)
    back = dice.between(20, 4 * 365) if recent else dice.between(4 * 365, YEARS_BACK * 365)
    day = as_of - timedelta(days=back)
    snap = dice.below(100)
    if snap < 45:
        return day.replace(day=1)
    if snap < 55:
        return day.replace(month=1, day=1)
    return day.replace(day=1) - DAY if snap < 62 else day


def _registered(dice: Dice, script: Script, users: int) -> int | None:
    is_known = script.has_registered if script.has_registered is not None else dice.chance(920)
    return users if is_known else None


def _break_rules(agreement: Agreement, script: Script) -> None:
    """Values that the import takes in and the data-quality report names."""
    if script.special == "first_renewal_out_of_range":
        agreement.first_renewal_on = add_months(agreement.subscribed_on, 15)
    if script.special == "notice_before_start":
        agreement.terminated_on, agreement.terminated_by = (
            agreement.subscribed_on - timedelta(days=9),
            "customer",
        )


def _add_direct_price(dice: Dice, agreement: Agreement, script: Script, as_of: date) -> None:
    """A price of its own from the start for some, and scripted changes at the coming renewal."""

    def add(valid_from: date, announced_on: date | None, price: int) -> None:
        product, complexity = agreement.product, agreement.complexity
        agreement.direct.append(
            direct_version(agreement.agreement_id, product, complexity, valid_from, announced_on, price)
        )

    is_changing = script.special in {"direct_late", "direct_in_time"}
    if is_changing or (not script.case and dice.chance(60)):
        add(agreement.subscribed_on, None, dice.between(90, 130) * 1000)
        renewal = agreement.start(agreement.period_of(as_of) + 1)
        if is_changing:
            last_day = agreement.price_deadline(agreement.period_of(as_of))
            late = DAY if script.special == "direct_late" else timedelta(0)
            add(renewal, last_day + late, dice.between(132, 150) * 1000)
        elif agreement.period_of(as_of) >= 2 and dice.chance(500):
            second = agreement.start(2)
            add(second, second - timedelta(days=dice.between(20, 90)), dice.between(125, 145) * 1000)


def _add_agreements(dice: Dice, customer: Customer, users: int, as_of: date) -> None:
    """A second product for some, a doubled one by mistake, and a new start for some who had left."""
    main, special = customer.agreements[0], customer.script.special
    is_long = main.subscribed_on < as_of - timedelta(days=500)
    if special == "two_products" or (not customer.script.case and is_long and dice.chance(110)):
        customer.agreements.append(_second_product(dice, main, as_of, special == "two_products"))
    if special == "two_of_one_product":
        double = Agreement(main.agreement_id + "-2", CRM, as_of - timedelta(days=200), registered_users=users)
        customer.agreements.append(double)
    if special == "came_back" and main.ends_on is None:
        main.terminated_on, main.terminated_by = main.deadline(2) - timedelta(days=21), "customer"
        _cut(customer, main)
    back = main.ends_on + timedelta(days=dice.between(60, 420)) if main.ends_on else None
    if back and back < as_of and (special == "came_back" or (not customer.script.case and dice.chance(120))):
        again = Agreement(
            main.agreement_id + "-2", CRM, back, complexity=main.complexity, registered_users=users
        )
        live(customer.life, dice, again, users, as_of, stays=special == "came_back")
        customer.agreements.append(again)


def _second_product(dice: Dice, main: Agreement, as_of: date, is_aligned: bool) -> Agreement:
    """Marketing, begun in mid-period; half of them have a short first period, up to the main renewal."""
    last = main.ends_on or as_of
    span = max(1, (min(last, as_of) - main.subscribed_on).days - 400)
    start = main.subscribed_on + timedelta(days=90 + dice.below(span))
    second = Agreement(main.agreement_id + "-M", MARKETING, start, complexity="standard")
    second.registered_users = main.registered_users
    if is_aligned or dice.chance(500):
        second.first_renewal_on = main.start(main.period_of(start) + 1)
    if main.terminated_on and main.terminated_on > start:
        second.terminated_on, second.terminated_by = main.terminated_on, main.terminated_by
    elif not is_aligned and dice.chance(150) and second.deadline(0) < as_of:
        second.terminated_on, second.terminated_by = (
            second.deadline(0) - timedelta(days=dice.between(0, 20)),
            "customer",
        )
    return second


def _cut(customer: Customer, agreement: Agreement) -> None:
    """Takes the months and periods after the agreement's end out of the customer's life."""
    end = agreement.ends_on or date.max
    life = customer.life
    life.months = {month: lived for month, lived in life.months.items() if month <= month_number(end)}
    life.periods = [period for period in life.periods if period.start <= end]
