"""Texts that several sections and files share: counts with their unit, headings, and what a change is against."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from ccinsight import i18n
from ccinsight.i18n import Number, _, ngettext
from ccinsight.registry import label_of


def tickets(count: int) -> str:
    """``1 ticket``, ``48 tickets``."""
    return ngettext("{count} ticket", "{count} tickets", count).format(count=i18n.number(count))


def users(count: int) -> str:
    """``1 user``, ``48 users``."""
    return ngettext("{count} user", "{count} users", count).format(count=i18n.number(count))


def billable_users(count: int) -> str:
    """``1 billable user``, ``48 billable users``: those to be invoiced for (R7), whether on an invoice or not."""
    return ngettext("{count} billable user", "{count} billable users", count).format(count=i18n.number(count))


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
        return _("{count} min").format(count=i18n.number(max(Decimal(1), i18n.rounded(hours * 60))))
    if hours < 48:
        return i18n.hours(hours)
    return _("{count} days").format(count=i18n.number(hours / 24, 1))


def subject(category: str) -> str:
    """The last part of a category's path: what a course or work would be about."""
    return category.rpartition("/")[2].strip() or category


def member_label(dimension: str, member: str) -> str:
    """The name of a scope, channel or category."""
    if member == "unknown":
        return _("unknown")
    return member if dimension == "category" else label_of(dimension, member)


def points_to(scope: str, category: str) -> str:
    """The course or work that a request's category points to."""
    named = subject(member_label("category", category))
    if scope == "training":
        return _("Course: {subject}").format(subject=named)
    return _("Consulting work: {subject}").format(subject=named)


def without_minutes(count: int) -> str:
    """How many tickets a sum of minutes leaves out, since theirs are unknown."""
    return ngettext(
        "The minutes of {count} ticket are unknown and left out.",
        "The minutes of {count} tickets are unknown and left out.",
        count,
    ).format(count=i18n.number(count))


def without_price(count: int) -> str:
    """How many invoice lines the value of the discount leaves out, since their price is unknown."""
    return ngettext(
        "The discount leaves out {count} invoice line without a known price.",
        "The discount leaves out {count} invoice lines without a known price.",
        count,
    ).format(count=i18n.number(count))


def agenda_heading(is_proposed: bool) -> str:
    """What stands over the agenda."""
    return _("Proposed agenda") if is_proposed else _("Agenda")


def agreed_heading(on: date | None) -> str:
    """What stands over what was agreed last time; ``on``: the day of that meeting, None where it is unknown."""
    return _("Agreed last time, {day}").format(day=i18n.day(on)) if on else _("Agreed last time")


def lines_of(text: str) -> list[str]:
    """The lines that a person wrote, without their bullets; empty ones are left out."""
    return [line.strip().lstrip("-•* ") for line in text.splitlines() if line.strip()]
