"""The agreement's dates and its next renewal."""

from __future__ import annotations

from ccinsight import i18n
from ccinsight.brief.model import Brief, Row
from ccinsight.deck import drawing, grids, timeline
from ccinsight.deck.canvas import Box, Canvas
from ccinsight.deck.grids import Column
from ccinsight.deck.slides.parts import (
    above_note,
    in_force,
    left_out,
    message,
    said,
    start,
)
from ccinsight.deck.timeline import Mark
from ccinsight.i18n import _
from ccinsight.registry import label_of


def draw(canvas: Canvas, brief: Brief) -> None:
    """Draws the dates of the first agreement in force, and each agreement's renewal (R2, R3, R6)."""
    section = brief.sections["renewal"]
    page, body = start(canvas, message(section))
    rows = in_force(brief)
    if not rows:
        drawing.empty(page, body, _("No agreement is in force on {day}.").format(day=i18n.day(brief.as_of)))
        return
    named = _("Agreement {agreement}, {product}").format(
        agreement=rows[0]["agreement_id"], product=rows[0]["product"]
    )
    over, below = drawing.heading(page, body, named).head(timeline.TALL, gap=0.07)
    timeline.draw(page, over, _marks(rows[0], brief))
    coming = {r["agreement_id"]: r for r in brief.rows("renewals")}
    drawn = grids.table(
        page,
        above_note(below, 1.3),
        [
            Column(_("Agreement"), 1.2),
            Column(_("Renewal"), 1.1),
            Column(_("Status"), 1),
            Column(_("Users now"), 0.8, is_right=True),
            Column(_("Price per user now"), 1.1, is_right=True),
            Column(_("Users from renewal"), 1, is_right=True),
            Column(_("Price per user from renewal"), 1.2, is_right=True),
            Column(_("Value a year from renewal"), 1.3, is_right=True),
        ],
        [_renewal_cells(r, coming.get(r["agreement_id"])) for r in rows],
        _("Renewal of each agreement"),
    )
    left_out(page, drawn)
    top = drawn.below.top + (0.2 if drawn.left_out else 0.05)
    under = Box(below.left, top, below.wide, below.top + below.tall - top)
    drawing.text(page, under, said(section), (15, 14, 13, 12, 11))


def _renewal_cells(row: Row, coming: Row | None) -> list[str]:
    if coming is None:
        return [row["agreement_id"], i18n.day(row["renewal_on"]), *["–"] * 6]
    is_ending = coming["renewal_status"] == "ending"
    return [
        row["agreement_id"],
        i18n.day(row["renewal_on"]),
        label_of("renewal_status", coming["renewal_status"]),
        i18n.number(coming["users_now"]),
        i18n.amount(coming["rate_now"]),
        "–" if is_ending else i18n.number(coming["users_next"]),
        "–" if is_ending else i18n.amount(coming["rate_next"]),
        "–" if is_ending else i18n.amount(coming["value_next"]),
    ]


def _marks(row: Row, brief: Brief) -> list[Mark]:
    first, last = row["period_start"], row["renewal_on"]
    dates = [(first, _("Period starts"), False), (brief.as_of, _("This brief"), True)]
    if row["ends_on"] == row["period_end"]:
        dates.append((row["period_end"], _("Agreement ends"), False))
    else:
        dates += [
            (row["price_notice_deadline"], label_of("deadline_kind", "price_notice"), False),
            (row["termination_deadline"], label_of("deadline_kind", "termination"), False),
            (last, label_of("deadline_kind", "renewal"), False),
        ]
    span = (last - first).days
    return [
        Mark(min(1.0, max(0.0, (day - first).days / span)), label, i18n.day(day), is_today)
        for day, label, is_today in sorted(dates, key=lambda each: each[0])
    ]
