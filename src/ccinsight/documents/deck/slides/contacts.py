"""Who contacts support, and what training and consulting they ask for."""

from __future__ import annotations

from ccinsight import i18n
from ccinsight.documents.brief.customer_tables import request_rows
from ccinsight.documents.brief.model import Brief, Section
from ccinsight.documents.deck import drawing, grids, native_charts
from ccinsight.documents.deck.canvas import Box, Canvas, Page
from ccinsight.documents.deck.grids import Column
from ccinsight.documents.deck.native_charts import Series
from ccinsight.documents.deck.slides.parts import (
    above_note,
    left_out,
    message,
    said,
    start,
)
from ccinsight.i18n import _, ngettext

_MOST_CONTACTS = 8


def draw(canvas: Canvas, brief: Brief) -> None:
    """Draws the tickets of each contact, unnamed, and the requests; no slide where there is little of both."""
    contacts, requests = brief.sections["contacts"], brief.sections["requests"]
    has_contacts = not contacts.is_empty and len(brief.rows("contacts")) > 1
    if not has_contacts and requests.is_empty:
        return
    page, body = start(canvas, message(contacts if has_contacts else requests))
    if requests.is_empty:
        _draw_contacts(page, body, brief, contacts)
    elif not has_contacts:
        _draw_requests(page, drawing.heading(page, body, _("Training and consulting requests")), brief)
    else:
        left, right = body.columns(1, 1)
        _draw_contacts(page, left, brief, contacts)
        _draw_requests(page, drawing.heading(page, right, message(requests)), brief)


def _draw_requests(page: Page, box: Box, brief: Brief) -> None:
    drawn = grids.table(
        page,
        above_note(box),
        [Column(_("Category"), 2.2), Column(_("Tickets"), 0.9, is_right=True), Column(_("Points to"), 2.4)],
        request_rows(brief),
        _("Training and consulting requests"),
    )
    left_out(page, drawn)


def _draw_contacts(page: Page, box: Box, brief: Brief, section: Section) -> None:
    rows = brief.rows("contacts")
    shown = rows[:_MOST_CONTACTS]
    below = drawing.heading(page, box, _("Tickets of each contact, last 12 months"))
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
    chart, _rest = below.head(below.tall - 1.25)
    used = native_charts.bars(page, chart, names, [Series(_("Tickets"), counts)], alt)
    drawing.text(page, below.head(used, gap=0.15)[1], said(section), (14, 13, 12))
