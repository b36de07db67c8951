"""Words that several sections use: counts with their unit, and what a change is against."""

from __future__ import annotations

from ccinsight import i18n
from ccinsight.i18n import Number, _, ngettext


def tickets(count: int) -> str:
    """``1 ticket``, ``48 tickets``."""
    return ngettext("{count} ticket", "{count} tickets", count).format(count=i18n.number(count))


def users(count: int) -> str:
    """``1 user``, ``48 users``."""
    return ngettext("{count} user", "{count} users", count).format(count=i18n.number(count))


def customers(count: int) -> str:
    """``1 customer``, ``13 customers``."""
    return ngettext("{count} customer", "{count} customers", count).format(count=i18n.number(count))


def days(count: int) -> str:
    """``1 day``, ``68 days``."""
    return ngettext("{count} day", "{count} days", count).format(count=i18n.number(count))


def hours_of(minutes: Number | None) -> str:
    """Minutes as hours: ``16.4 h``."""
    return i18n.hours(None if minutes is None else minutes / 60)


def tickets_against_year_before(change: int) -> str:
    """``12 fewer tickets than the year before``."""
    if change == 0:
        return _("as many tickets as the year before")
    if change < 0:
        return ngettext(
            "{count} ticket fewer than the year before", "{count} tickets fewer than the year before", -change
        ).format(count=i18n.number(-change))
    return ngettext(
        "{count} ticket more than the year before", "{count} tickets more than the year before", change
    ).format(count=i18n.number(change))


def users_against(change: int, day: str) -> str:
    """``4 more than on 1 Nov 2025``."""
    if change == 0:
        return _("as many as on {day}").format(day=day)
    if change < 0:
        return _("{count} fewer than on {day}").format(count=i18n.number(-change), day=day)
    return _("{count} more than on {day}").format(count=i18n.number(change), day=day)


def elapsed(hours: Number | None) -> str:
    """Hours as a person says them: minutes below an hour, days above two."""
    if hours is None or i18n.is_unknown(hours):
        return _("unknown")
    if hours < 1:
        # never 0: a reply after seconds took up to a minute
        return _("{count} min").format(count=i18n.number(max(1, round(hours * 60))))
    if hours < 48:
        return i18n.hours(hours)
    return _("{count} days").format(count=i18n.number(hours / 24, 1))


def subject(category: str) -> str:
    """The last part of a category's path: what a course or work would be about."""
    return category.rpartition("/")[2].strip() or category
