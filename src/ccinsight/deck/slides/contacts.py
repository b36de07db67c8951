"""Who contacts support, and what training and consulting they ask for."""

from __future__ import annotations

from ccinsight import i18n
from ccinsight.brief.customer_tables import request_rows
from ccinsight.brief.model import Brief, Section
from ccinsight.deck import drawing, grids, native_charts
from ccinsight.deck.canvas import Box, Canvas, Page
from ccinsight.deck.grids import Column
from ccinsight.deck.native_charts import Series
from ccinsight.deck.slides.parts import (
    above_note,
    left_out,
    message,
    said,
    start,
)
from ccinsight.i18n import _, ngettext

_MOST_CONTACTS = 8


def draw(canvas: Canvas, brief: Brief) -> None:
    """Draws the tickets of each contact, unnamed, and the requests; no slide where there are neither."""
    contacts, requests = brief.sections["contacts"], brief.sections["requests"]
    if contacts.is_empty and requests.is_empty:
        return
    title = message(requests if contacts.is_empty else contacts)
    page, body = start(canvas, title)
    left, right = body.columns(1, 1)
    if contacts.is_empty:
        drawing.empty(page, left, message(contacts))
    else:
        _draw_contacts(page, left, brief, contacts)
    below = drawing.heading(page, right, message(requests))
    rows = request_rows(brief)
    if rows:
        drawn = grids.table(
            page,
            above_note(below),
            [
                Column(_("Category"), 2.2),
                Column(_("Tickets"), 0.9, is_right=True),
                Column(_("Points to"), 2.4),
            ],
            rows,
            _("Training and consulting requests"),
        )
        left_out(page, drawn)


def _draw_contacts(page: Page, box: Box, brief: Brief, section: Section) -> None:
    rows = brief.rows("contacts")
    shown = rows[:_MOST_CONTACTS]
    below = drawing.heading(page, box, _("Tickets of each contact, last 12 months"))
    chart, under = below.head(below.tall - 1.25)
    # People aren't named on a slide: a number by their place.
    names = [_("Contact {number}").format(number=number) for number in range(1, len(shown) + 1)]
    counts = [r["tickets"] for r in shown]
    if rest := sum(r["tickets"] for r in rows[len(shown) :]):
        others = len(rows) - len(shown)
        names.append(ngettext("{count} other", "{count} others", others).format(count=i18n.number(others)))
        counts.append(rest)
    alt = f"{section.title.text}: " + ", ".join(
        f"{name} {i18n.number(count)}" for name, count in zip(names, counts, strict=True)
    )
    native_charts.bars(page, chart, names, [Series(_("Tickets"), counts)], alt)
    drawing.text(page, under, said(section), (14, 13, 12))
