"""The cases that a sample must hold at any size: each is played by two customers of every 150."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from ccinsight.sample.dates import add_months

CYCLE = 75


@dataclass(frozen=True)
class Script:
    """What is set for a customer instead of drawn. None, "" and False leave it to chance.

    ``renewal_in``: days from the as-of date to the next renewal. ``notice``: days from the termination
    deadline of the current period to the notice (``notice_period`` periods earlier, where less than 0).
    """

    case: str
    renewal_in: int | None = None
    subscribed_in: int | None = None
    is_leap_day: bool = False
    years: int = 4
    notice: int | None = None
    notice_period: int = 0
    stays: bool = True
    counts: str = ""
    has_registered: bool | None = None
    complexity: str = ""
    users: int | None = None
    special: str = ""


SCRIPTS = (
    Script("subscribed on 29 February", is_leap_day=True),
    Script("notice on the deadline", renewal_in=95, notice=0, notice_period=-1),
    Script("notice the day after the deadline", renewal_in=118, notice=1, notice_period=-2, years=5),
    Script("terminating in time", renewal_in=18, notice=-3),
    Script("terminating too late, one more year", renewal_in=14, notice=4),
    Script("termination deadline within days", renewal_in=36),
    Script("price-notice deadline within days", renewal_in=52),
    Script("price-notice deadline just passed", renewal_in=43),
    Script("direct price announced a day too late", renewal_in=24, special="direct_late", counts="monthly"),
    Script(
        "direct price announced on the last day", renewal_in=27, special="direct_in_time", counts="monthly"
    ),
    Script("upcoming", subscribed_in=23, has_registered=True, counts="none"),
    Script("upcoming, far off", subscribed_in=58, has_registered=True, counts="none"),
    Script("short first period", special="short_first", years=2),
    Script("short first period now", subscribed_in=-75, special="short_first"),
    Script("first renewal out of range", special="first_renewal_out_of_range"),
    Script("notice before the subscription", special="notice_before_start"),
    Script("two agreements of one product", special="two_of_one_product"),
    Script("two products, renewals aligned", special="two_products", counts="monthly"),
    Script("contract without a price", special="contract_without_price"),
    Script("complexity without a price", complexity="spesial", has_registered=True),
    Script(
        "too few users for its price list", complexity="advanced", users=3, has_registered=True, counts="none"
    ),
    Script("no count and no user number", counts="none", has_registered=False),
    Script("no count", counts="none", has_registered=True),
    Script("counts that begin late", counts="late", has_registered=False, years=3),
    Script("no contact on any ticket", special="no_contacts"),
    Script("never calls", special="silent"),
    Script("calls very much", special="heavy", years=5),
    Script("contacts that are not covered", special="outsiders"),
    Script("came back", special="came_back", years=6),
    Script("ended days ago", renewal_in=-4, notice=-20),
    Script("no status meeting", special="never_met"),
    Script("status meeting planned", special="meets_soon", renewal_in=150),
    Script("a growing customer", special="grows", users=24, counts="monthly", years=5),
    Script("a licence list that carries only the name", special="name_only", counts="quarterly"),
    Script("a licence list with another name", special="other_name", counts="quarterly"),
)
_BY_PLACE = {place * 2 + 3: script for place, script in enumerate(SCRIPTS)}


def script_of(index: int) -> Script | None:
    """The script of a customer by its number from 0."""
    return _BY_PLACE.get(index % CYCLE)


def scripted_start(script: Script, as_of: date) -> date | None:
    """The subscription date that the script asks for."""
    if script.subscribed_in is not None:
        return as_of + timedelta(days=script.subscribed_in)
    if script.renewal_in is not None:
        return add_months(as_of + timedelta(days=script.renewal_in), -12 * script.years)
    if script.is_leap_day:
        year = (as_of.year - 2) // 4 * 4
        return date(year, 2, 29) if year % 100 or not year % 400 else date(year - 4, 2, 29)
    return None
