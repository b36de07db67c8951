"""In short: the headline figures, and a line from each section."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from ccinsight import i18n
from ccinsight.brief import words
from ccinsight.brief.model import Brief
from ccinsight.deck import drawing
from ccinsight.deck.canvas import Canvas
from ccinsight.deck.cards import cards
from ccinsight.deck.drawing import Paragraph
from ccinsight.deck.slides.parts import (
    in_force,
    message,
    start,
)
from ccinsight.i18n import _


def draw(canvas: Canvas, brief: Brief) -> None:
    """Draws headline figures and a line from each section."""
    section = brief.sections
    total = brief.rows("tickets_compared")[0] if "tickets_compared" in brief.tables else None
    tickets = total["tickets"] if total else 0
    if total and tickets and total["minutes"] is None:
        title = _("In short: {tickets} in the last 12 months; the time spent is unknown").format(
            tickets=words.tickets(tickets)
        )
    elif total and tickets:
        title = _("In short: {tickets} and {hours} of support in the last 12 months").format(
            tickets=words.tickets(tickets), hours=words.hours_of(total["minutes"])
        )
    else:
        title = _("In short: no tickets in the last 12 months")
    page, body = start(canvas, title)
    below = body
    shown = _cards(brief)
    if shown:
        below = cards(page, body, shown)
    names = ("users", "months", "peers", "contacts", "response", "open_cases", "requests", "value", "renewal")
    lines = [Paragraph(message(section[name]), is_bullet=True) for name in names]
    drawing.text(page, below, lines, (15, 14, 13, 12, 11), gap=0.3)


def _cards(brief: Brief) -> list[tuple[str, str]]:
    """Five headline figures, unknown ones named; none at all where no agreement is in force."""
    if not in_force(brief):
        return []
    figures = {
        f"{figure.report}.{figure.column}": figure.shown
        for section in ("users", "contacts", "value")
        for statement in (brief.sections[section].title, *brief.sections[section].statements)
        for figure in statement.figures
        if figure.as_of == brief.as_of
    }
    named = (
        ("customers.registered_users", _("registered users")),
        ("utilization.licence_use", _("of the users active, newest count")),
        ("utilization.contact_rate", _("of the users contacted support, last 12 months")),
        ("agreement_use.included_hours", _("of support covered, last 12 months")),
    )
    return [*((figures.get(name, _("unknown")), label) for name, label in named), *_renewal_card(brief)]


def _renewal_card(brief: Brief) -> Iterable[tuple[str, str]]:
    """What the first renewal is worth, or when the agreement ends."""
    coming = next(iter(brief.rows("renewals")), None)
    if coming is None:
        return
    agreement, day = coming["agreement_id"], coming["renewal_on"]
    if coming["renewal_status"] == "ending":
        yield i18n.day(day - timedelta(days=1)), _("agreement {agreement} ends").format(agreement=agreement)
    else:
        label = _("a year for agreement {agreement} from {day}").format(
            agreement=agreement, day=i18n.day(day)
        )
        yield i18n.amount(coming["value_next"]), label
