"""What the review says of a period in words."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from ccinsight.documents.quarter.figures import Reviewed
from ccinsight.documents.quarter.periods import Period
from ccinsight.i18n import _, amount, day, ngettext, number, rounded


def headline(reviewed: Reviewed[Any]) -> str:
    """By how much the recurring revenue changed in the period, and to what; of how many agreements it is unknown."""
    start, end = reviewed.start, reviewed.end
    if end is None:
        text = _("ARR is unknown on {day}: no agreement in force has a known rate and users")
        return text.format(day=day(reviewed.period.last))
    change = Decimal(0) if start is None else rounded(end - start)
    text = _("ARR is unchanged at {end}: {period}")
    if start is None:
        text = _("ARR is {end} and was unknown at the start: {period}")
    elif change:
        text = (
            _("ARR rose by {change} to {end}: {period}")
            if change > 0
            else _("ARR fell by {change} to {end}: {period}")
        )
    shown = and_unknown(amount(end), int(reviewed.committed["value_unknown"].iloc[0]))
    return text.format(change=amount(abs(change)), end=shown, period=reviewed.period.label())


def and_unknown(value: str, missing: int) -> str:
    """A sum with the number of agreements that it leaves out, where there are any."""
    if not missing:
        return value
    text = ngettext(
        "{value} (unknown for {count} agreement)", "{value} (unknown for {count} agreements)", missing
    )
    return text.format(value=value, count=number(missing))


def span(period: Period) -> str:
    """The days of a period."""
    return _("{first} to {last}").format(first=day(period.first), last=day(period.last))


def facts(period: Period, filters: Sequence[tuple[str, str]]) -> list[str]:
    """What every file of the review says of itself: internal, its days, what was known when, and the filters."""
    return [
        _("Internal: not for customers"),
        f"{period.label()}: {span(period)}",
        _("As known at the end of {day}").format(day=day(period.last)),
        ", ".join(f"{label}: {value}" for label, value in filters) or _("No filters"),
    ]
