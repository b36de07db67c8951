"""What the supplier ought to have done, for writing invoices that follow the agreement and some that don't.

The rules that figures are computed with live in the SQL models. A sample that is to hold correct invoices
needs its own reading of them, which also makes the two check each other.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache

from ccinsight.sample.dates import DAY, add_months, started_months

CRM = "CloudCare CRM"
MARKETING = "CloudCare Marketing"
NOTICE_MONTHS = {CRM: 1, MARKETING: 3}
PRICE_NOTICE_DAYS = {CRM: 14, MARKETING: 30}


@dataclass(frozen=True)
class PriceRow:
    """A row of a price list; price in øre for a user and year. Without an agreement: the general list."""

    product: str
    agreement_id: str
    valid_from: date
    announced_on: date | None
    complexity: str
    min_users: int
    price: int


@dataclass(frozen=True)
class Version:
    """The rows of a price list that begin on one day; announced when the last of them is."""

    valid_from: date
    announced_on: date
    rows: tuple[PriceRow, ...]

    def price(self, complexity: str, users: int) -> int | None:
        """Øre for a user and year, by the largest step not above the users."""
        steps = [row for row in self.rows if row.complexity == complexity and row.min_users <= users]
        return max(steps, key=lambda row: row.min_users).price if steps else None


@cache
def termination_deadline(end: date, notice_months: int) -> date:
    """The last day on which the whole notice still fits before the end of the period (R2)."""
    day = add_months(end, -notice_months)
    while add_months(day + DAY, notice_months) <= end:
        day += DAY
    return day


@dataclass
class Agreement:
    """A support agreement as the supplier keeps it; money in øre."""

    agreement_id: str
    product: str
    subscribed_on: date
    first_renewal_on: date | None = None
    terminated_on: date | None = None
    terminated_by: str = ""
    is_contract: bool = False
    price_per_user: int | None = None
    complexity: str = "standard"
    registered_users: int | None = None
    consultant_rate: int | None = None
    partner_confirmed_on: date | None = None
    direct: list[Version] = field(default_factory=list)
    note: str = ""

    def start(self, period: int) -> date:
        """First day of period n (R1)."""
        first = self.first_renewal_on
        if first and self.subscribed_on < first <= add_months(self.subscribed_on, 12):
            return self.subscribed_on if period == 0 else add_months(first, 12 * (period - 1))
        return add_months(self.subscribed_on, 12 * period)

    def end(self, period: int) -> date:
        """Last day of period n."""
        return self.start(period + 1) - DAY

    def period_of(self, day: date) -> int:
        """The number of the period that contains the day (0 also before it starts)."""
        period = max(0, day.year - self.subscribed_on.year - 1)
        while self.start(period + 1) <= day:
            period += 1
        return period

    def deadline(self, period: int) -> date:
        """Termination deadline (R2)."""
        return termination_deadline(self.end(period), NOTICE_MONTHS[self.product])

    def price_deadline(self, period: int) -> date:
        """Price-notice deadline (R3)."""
        return self.deadline(period) - timedelta(days=PRICE_NOTICE_DAYS[self.product])

    @property
    def ends_on(self) -> date | None:
        """Last day in force, where a notice was received (R4)."""
        if self.terminated_on is None or self.terminated_on < self.subscribed_on:
            return None
        period = self.period_of(self.terminated_on)
        return self.end(period if self.terminated_on <= self.deadline(period) else period + 1)

    def is_in_force(self, day: date) -> bool:
        """In force on the day (R4)."""
        return self.subscribed_on <= day and (self.ends_on is None or day <= self.ends_on)

    def _reaches(self, version: Version, period: int) -> bool:
        limit = self.subscribed_on if period == 0 else self.price_deadline(period - 1)
        return version.valid_from <= self.start(period) and version.announced_on <= limit

    def rate(
        self, period: int, users: int | None, general: list[Version], in_time: bool = True
    ) -> int | None:
        """Rate of a period in øre (R6); with ``in_time`` False as if no announcement were ever too late."""

        def newest(versions: list[Version]) -> Version | None:
            reached = [
                version
                for version in versions
                if self._reaches(version, period)
                or self._reaches(version, 0)
                or (not in_time and version.valid_from <= self.start(period))
            ]
            return max(reached, key=lambda version: version.valid_from) if reached else None

        version = newest(self.direct)
        if version is None and self.is_contract:
            return self.price_per_user
        version = version or newest(general)
        return version.price(self.complexity, users) if version and users is not None else None


@dataclass(frozen=True)
class Count:
    """The licence count of a customer on a day."""

    counted_on: date
    registered: int
    available: int | None
    active: int | None


def users_on(counts: list[Count], day: date, agreement: Agreement) -> int | None:
    """Registered users on a day (R5)."""
    known = bisect_right(counts, day, key=lambda count: count.counted_on)
    return counts[known - 1].registered if known else agreement.registered_users


@dataclass(frozen=True)
class Expected:
    """An invoice line that is to be expected (R7); amounts in øre."""

    kind: str
    due_on: date
    quantity: int
    rate: int
    months: int

    @property
    def amount(self) -> int:
        """Rounded half up to whole øre."""
        return (2 * self.quantity * self.rate * self.months + 12) // 24


def expected_invoices(
    agreement: Agreement, period: int, counts: list[Count], general: list[Version]
) -> list[Expected]:
    """The yearly line of a period and its expansions, as far as counts go; none where the rate is unknown."""
    start, renewal = agreement.start(period), agreement.start(period + 1)
    billed = users_on(counts, start, agreement)
    rate = agreement.rate(period, billed, general)
    if billed is None or rate is None:
        return []
    is_short = period == 0 and agreement.start(1) < add_months(start, 12)
    lines = [Expected("yearly", start, billed, rate, started_months(start, renewal) if is_short else 12)]
    for count in counts:
        if start < count.counted_on < renewal and count.registered > billed:
            months = started_months(count.counted_on, renewal)
            lines.append(Expected("expansion", count.counted_on, count.registered - billed, rate, months))
            billed = count.registered
    return lines
