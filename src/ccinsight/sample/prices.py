"""Price lists: one general version a year, some announced too late, and agreements with their own prices."""

from __future__ import annotations

from datetime import date
from itertools import groupby

from ccinsight.sample.rules import CRM, MARKETING, PriceRow, Version

_FIRST_YEARS_BACK = 10
_CRM_STEPS = {1: 1180, 5: 1140, 10: 1085, 25: 1010, 50: 925, 100: 830}
_MARKETING_STEPS = {1: 690, 10: 640, 50: 560}
# Percent of the standard price. The advanced price starts at 5 users: below that there is none.
_COMPLEXITIES = {"standard": (100, 1), "erp": (126, 1), "advanced": (154, 5)}
_YEARLY_RISE = (103, 104, 105, 103, 106, 104)


def general_prices(as_of: date) -> list[PriceRow]:
    """The general lists of both products that were announced by ``as_of``."""
    rows: list[PriceRow] = []
    factor = 100_000
    for year in range(as_of.year - _FIRST_YEARS_BACK, as_of.year + 2):
        version = _version_of(year, factor, is_first=year == as_of.year - _FIRST_YEARS_BACK)
        if all((row.announced_on or row.valid_from) <= as_of for row in version):
            rows += version
        factor = factor * _YEARLY_RISE[year % len(_YEARLY_RISE)] // 100
    return rows


def _announced(year: int, complexity: str, is_first: bool) -> date | None:
    """Most lists come in October; every fourth too late for renewals in January, and one in two parts."""
    if is_first:
        return None
    if year % 4 == 0:
        return date(year - 1, 12, 4)
    return date(year - 1, 11, 10) if year % 4 == 2 and complexity != "standard" else date(year - 1, 10, 20)


def _version_of(year: int, factor: int, is_first: bool) -> list[PriceRow]:
    valid_from = date(year, 1, 1)

    def row(product: str, complexity: str, min_users: int, kroner: int) -> PriceRow:
        price = kroner * factor // 500_000 * 500  # whole five kroner
        return PriceRow(
            product, "", valid_from, _announced(year, complexity, is_first), complexity, min_users, price
        )

    crm = [
        row(CRM, complexity, users, kroner * percent // 100)
        for complexity, (percent, least) in _COMPLEXITIES.items()
        for users, kroner in _CRM_STEPS.items()
        if users >= least
    ]
    return crm + [row(MARKETING, "standard", users, kroner) for users, kroner in _MARKETING_STEPS.items()]


def versions_of(rows: list[PriceRow]) -> list[Version]:
    """Rows of one general list or one agreement, as versions by their first day."""
    ordered = sorted(rows, key=lambda row: row.valid_from)
    return [
        Version(valid_from, max(row.announced_on or valid_from for row in part), part)
        for valid_from, part in (
            (day, tuple(group)) for day, group in groupby(ordered, lambda row: row.valid_from)
        )
    ]


def direct_version(
    agreement_id: str, product: str, complexity: str, valid_from: date, announced_on: date | None, price: int
) -> Version:
    """A direct agreement in one flat price and a lower one from 50 users; price in øre."""
    rows = tuple(
        PriceRow(
            product,
            agreement_id,
            valid_from,
            announced_on,
            complexity,
            users,
            price * percent // 10_000 * 100,
        )
        for users, percent in ((1, 100), (50, 92))
    )
    return Version(valid_from, announced_on or valid_from, rows)
