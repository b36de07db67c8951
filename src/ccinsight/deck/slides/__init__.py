"""The slides that a customer is shown, one topic a file. Nothing internal is here."""

from __future__ import annotations

from collections.abc import Callable

from ccinsight import i18n
from ccinsight.brief.model import Brief
from ccinsight.deck.canvas import Canvas
from ccinsight.deck.slides import (
    cases,
    contacts,
    groups,
    meetings,
    months,
    peers,
    possibilities,
    renewal,
    summary,
    users,
    value,
)
from ccinsight.i18n import _

_SLIDES: tuple[Callable[[Canvas, Brief], None], ...] = (
    summary.draw,
    meetings.draw,
    users.draw,
    months.draw,
    groups.draw,
    peers.draw,
    cases.draw,
    contacts.draw,
    value.draw,
    renewal.draw,
    possibilities.draw,
)


def draw(canvas: Canvas, brief: Brief, partner: str | None) -> None:
    """All slides, in the order of a meeting; a slide without anything to show is left out."""
    canvas.title_slide(
        _("Status meeting: {customer}").format(customer=brief.customer_name), _under_title(brief, partner)
    )
    for slide in _SLIDES:
        slide(canvas, brief)


def _under_title(brief: Brief, partner: str | None) -> list[str]:
    lines = [_("As of {day}").format(day=i18n.day(brief.as_of))]
    people = [part for part in (partner, brief.account_manager) if part]
    return [*lines, " · ".join(people)] if people else lines
