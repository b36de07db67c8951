"""The slides that a customer is shown, one topic a file. Nothing internal is here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from ccinsight import i18n
from ccinsight.documents.brief.model import Brief
from ccinsight.documents.deck.canvas import Canvas, Page
from ccinsight.documents.deck.slides import (
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


@dataclass(frozen=True)
class Topic:
    """A slide: how it is drawn, the sections it speaks of, and what its cards, charts and tables show.

    ``shown``: report → its columns. ``is_summary``: of the sections it shows the messages alone.
    """

    draw: Callable[[Canvas, Brief], None]
    sections: tuple[str, ...] = ()
    shown: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    is_summary: bool = False


TOPICS = (
    Topic(
        summary.draw,
        ("users", "months", "peers", "contacts", "response", "open_cases", "requests", "value", "renewal"),
        {
            "customers": ("registered_users",),
            "utilization": ("licence_use", "contact_rate"),
            "agreement_use": ("included_hours",),
            "renewals": ("value_next",),
        },
        is_summary=True,
    ),
    Topic(meetings.draw, ("meetings",), {"meetings_list": ("planned_on", "held_on")}),
    Topic(users.draw, ("users",), {"users_by_month": ("registered_users", "active_users", "invoiced_users")}),
    Topic(months.draw, ("months",), {"tickets_by_month": ("tickets", "minutes")}),
    Topic(
        groups.draw,
        ("groups",),
        {"tickets_compared": ("tickets", "tickets_before", "minutes", "minutes_before")},
    ),
    Topic(peers.draw, ("peers",), {"peers": ("own_value", "median_value", "known")}),
    Topic(
        cases.draw,
        ("response", "open_cases"),
        {"access_down_tickets": ("opened_at", "reply_hours"), "open_tickets": ("opened_at", "days_open")},
    ),
    Topic(
        contacts.draw,
        ("contacts", "requests"),
        {"contacts": ("tickets",), "tickets_by_category": ("tickets",)},
    ),
    Topic(
        value.draw,
        ("value",),
        {
            "agreement_use": (
                "hours_spent",
                "included_hours",
                "consulting_hours",
                "course_seats",
                "hour_discount",
                "seat_discount",
            ),
            "consulting": ("discount_value", "unpriced_lines"),
            "agreements": ("annual_value", "invoiced_users", "rate"),
        },
    ),
    Topic(
        renewal.draw,
        ("renewal",),
        {
            "agreements": ("period_start", "price_notice_deadline", "termination_deadline", "renewal_on"),
            "renewals": ("users_now", "rate_now", "users_next", "rate_next", "value_next"),
        },
    ),
    Topic(possibilities.draw),
)


def draw(canvas: Canvas, brief: Brief, partner: str | None) -> list[tuple[Page, Topic]]:
    """All slides, in the order of a meeting; one without anything to show is left out. Gives those after the first."""
    canvas.title_slide(
        _("Status meeting: {customer}").format(customer=brief.customer_name), _under_title(brief, partner)
    )
    drawn = []
    for topic in TOPICS:
        before = len(canvas.pages)
        topic.draw(canvas, brief)
        drawn += [(page, topic) for page in canvas.pages[before:]]
    return drawn


def _under_title(brief: Brief, partner: str | None) -> list[str]:
    lines = [_("As of {day}").format(day=i18n.day(brief.as_of))]
    people = [part for part in (partner, brief.account_manager) if part]
    return [*lines, " · ".join(people)] if people else lines
