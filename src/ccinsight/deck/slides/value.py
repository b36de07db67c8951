"""What the agreement gave."""

from __future__ import annotations

from ccinsight import i18n
from ccinsight.brief import words
from ccinsight.brief.model import Brief
from ccinsight.brief.sources import year_before
from ccinsight.deck import drawing, grids
from ccinsight.deck.canvas import Canvas
from ccinsight.deck.cards import cards
from ccinsight.deck.drawing import Paragraph
from ccinsight.deck.grids import Column
from ccinsight.deck.slides.parts import (
    in_force,
    message,
    said,
    start,
)
from ccinsight.i18n import _


def draw(canvas: Canvas, brief: Brief) -> None:
    """Draws hours covered and discounts given, in kr without VAT (A1, A8)."""
    section = brief.sections["value"]
    page, body = start(canvas, message(section))
    if section.is_empty:
        drawing.empty(page, body, _("No agreement is known."))
        return
    row = brief.rows("agreement_use")[0]
    discounts = brief.rows("consulting")
    total = discounts[0]["discount_value"] if discounts else None
    shown = [
        (i18n.hours(row["included_hours"]), _("of support covered by the yearly price, last 12 months")),
        (i18n.amount(row["hour_discount"]), _("discount on consulting hours, last 12 months")),
        (i18n.amount(row["seat_discount"]), _("discount on courses, last 12 months")),
        (i18n.amount(total), _("discount in all, last 12 months")),
    ]
    below = cards(page, body, shown)
    left, right = below.columns(6.4, 5.4)
    grids.table(
        page,
        left,
        [Column(_("Last 12 months"), 2.6), Column(_("Quantity"), 1.2, is_right=True)],
        [
            [_("Time spent on tickets"), i18n.hours(row["hours_spent"])],
            [_("of it covered by the yearly price"), i18n.hours(row["included_hours"])],
            [_("Consulting hours invoiced"), i18n.hours(row["consulting_hours"])],
            [_("Course seats invoiced"), i18n.number(row["course_seats"])],
            [_("Status meetings held"), i18n.number(_meetings_held(brief))],
        ],
        _("What the agreement gave"),
    )
    lines = [
        Paragraph(
            _("Agreement {agreement}: {value} a year, {users} at {rate} per user.").format(
                agreement=r["agreement_id"],
                value=i18n.amount(r["annual_value"]),
                users=_("unknown number of users")
                if r["invoiced_users"] is None
                else words.users(r["invoiced_users"]),
                rate=i18n.amount(r["rate"]),
            ),
            is_bullet=True,
        )
        for r in in_force(brief)
    ]
    drawing.text(page, right, [*lines, *said(section), Paragraph(_("Amounts without VAT."), is_muted=True)])


def _meetings_held(brief: Brief) -> int | None:
    """Status meetings of the last twelve months; None where no meetings were imported."""
    if not brief.has_meetings:
        return None
    first = year_before(brief.as_of)
    held = [
        r["held_on"] for r in brief.rows("meetings_list") if r["kind"] == "status_meeting" and r["held_on"]
    ]
    return len([day for day in held if day > first])
