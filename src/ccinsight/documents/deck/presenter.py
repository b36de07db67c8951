"""The presenter's copy, internal: the customer's slides, each figure explained in the notes, and where it stands.

Each slide links to the slide that lists its figures with their rows, and to the dashboard where its address is known.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from urllib.parse import urlencode

from pptx.enum.text import PP_ALIGN
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.oxml.ns import qn
from pptx.util import Pt

from ccinsight import i18n
from ccinsight.documents.brief.model import Brief
from ccinsight.documents.deck import annex, grids, slides, text_fit
from ccinsight.documents.deck.canvas import POINTS, Box, Canvas, Page
from ccinsight.documents.deck.explaining import Entry, Explained, explain
from ccinsight.documents.deck.grids import Column
from ccinsight.documents.deck.slides.parts import NOTE_TALL, start
from ccinsight.documents.deck.xml import add
from ccinsight.i18n import _

# Report → the tab of the customer's page that shows its rows; the others are seen from the agreements.
_TAB_OF = {
    "meetings_list": "meetings",
    "users_by_month": "users",
    "user_history": "users",
    "tickets_by_month": "tickets",
    "tickets_compared": "tickets",
    "tickets_by_category": "tickets",
    "access_down_tickets": "tickets",
    "open_tickets": "tickets",
    "response": "tickets",
    "contacts": "contacts",
    "contact_shares": "contacts",
    "consulting": "invoices",
}
# The letters of the links, in points; and how near shapes are to be at the same height, in EMU.
_SIZE, _NEAR = 10, 9_525


def draw(canvas: Canvas, brief: Brief, partner: str | None, address: str) -> None:
    """All slides; ``address``: the dashboard's, "" for no links to it."""
    drawn = slides.draw(canvas, brief, partner)
    explained = [explain(brief, topic) for _page, topic in drawn]
    entries = _numbered(explained)
    annex.draw(canvas, brief)
    places = _list(canvas, brief, list(entries), address)
    for (page, _topic), each in zip(drawn, explained, strict=True):
        own = [entries[entry] for entry in each.entries]
        canvas.add_notes(page.slide, _notes(brief, each, own, address))
        if each.entries:
            _draw_links(page, own, places[own[0] - 1], _address(brief, each.entries[0], address))
    said = {text for each in explained for text in each.hidden}
    without = [topic for topic in slides.TOPICS if all(topic is not each for _page, each in drawn)]
    hidden = dict.fromkeys(text for topic in without for text in explain(brief, topic).hidden)
    if left := [text for text in hidden if text not in said]:
        canvas.add_notes(canvas.pages[0].slide, "\n".join([_internal(), "", *_unknown(left)]))


def _numbered(explained: Iterable[Explained]) -> dict[Entry, int]:
    """The entries of all slides, each once, numbered from 1."""
    found = dict.fromkeys(entry for each in explained for entry in each.entries)
    return {entry: number for number, entry in enumerate(found, start=1)}


# ---------------------------------------------------------------- the notes


def _notes(brief: Brief, each: Explained, numbers: Sequence[int], address: str) -> str:
    lines = [_internal()]
    for number, entry in zip(numbers, each.entries, strict=True):
        lines += _explanation(brief, number, entry, address)
    if each.hidden:
        lines += ["", *_unknown(each.hidden)]
    return "\n".join(lines)


def _internal() -> str:
    return _("Internal – the customer doesn't see it")


def _unknown(texts: Iterable[str]) -> list[str]:
    return [_("Unknown, and not shown to the customer:"), *(f"• {text}" for text in texts)]


def _explanation(brief: Brief, number: int, entry: Entry, address: str) -> Iterator[str]:
    """What a figure is, how it is worked out, by which rule and clause, where it stands, and what is unknown of it."""
    yield ""
    yield f"{number}. {entry.column.heading()}: {entry.shown}"
    yield entry.column.help_text()
    yield _("Source: {reports}, as of {day}.").format(reports=entry.source(), day=i18n.day(entry.as_of))
    if entry.unknown:
        yield entry.unknown
    if address:
        yield _address(brief, entry, address)


def _address(brief: Brief, entry: Entry, address: str) -> str:
    """The page of the dashboard that shows the figure's row, on its day; "" where the dashboard's isn't known."""
    if not address:
        return ""
    tab = _TAB_OF.get(entry.report.name, "agreements")
    given = {"id": brief.customer_id, "tab": tab, "as-of": entry.as_of.isoformat()}
    return f"{address}/customer?{urlencode(given)}"


# ---------------------------------------------------------------- where each figure stands


def _list(canvas: Canvas, brief: Brief, entries: Sequence[Entry], address: str) -> list[Any]:
    """Slides with a row for each figure; gives each figure's slide."""
    rows = [
        [str(number), entry.column.heading(), entry.shown, entry.row, entry.origin()]
        for number, entry in enumerate(entries, start=1)
    ]
    places: list[Any] = []
    while len(places) < len(rows):
        title = _("Where each figure stands, from number {number}").format(
            number=i18n.number(len(places) + 1)
        )
        page, body = start(canvas, title)
        drawn = grids.table(
            page,
            body,
            [
                Column(_("No."), 0.4),
                Column(_("Figure"), 2.2),
                Column(_("Value"), 1.3),
                Column(_("Row"), 2.4),
                Column(_("Source: report, column, rule, clause"), 3),
            ],
            rows[len(places) :],
            title,
        )
        count = len(rows) - len(places) - drawn.left_out
        table = next(shape.table for shape in page.slide.shapes if shape.has_table)
        for at, entry in enumerate(entries[len(places) : len(places) + count], start=1):
            if link := _address(brief, entry, address):
                table.cell(at, 4).text_frame.paragraphs[0].runs[0].hyperlink.address = link
        places += [page.slide] * count
    return places


# ---------------------------------------------------------------- links on the customer's slides


def _draw_links(page: Page, numbers: Sequence[int], listed: Any, address: str) -> None:
    """At the foot, on the right: to the figures' rows in the annex, and to the dashboard."""
    foot = page.box.top + page.box.tall - NOTE_TALL
    box = Box(page.box.left + page.box.wide * 0.5, foot, page.box.wide * 0.5, NOTE_TALL)
    left, top, _wide, _tall = box.emu()
    for shape in page.slide.shapes:
        if shape.has_text_frame and not shape.is_placeholder and shape.top >= top - _NEAR:
            shape.width = min(shape.width, left - shape.left)
    frame = page.slide.shapes.add_textbox(*box.emu()).text_frame
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    frame.word_wrap = True
    paragraph = frame.paragraphs[0]
    paragraph.alignment = PP_ALIGN.RIGHT
    named = _("Figures {numbers}").format(numbers=spans(numbers))
    run = _add_run(paragraph, text_fit.shorten(named, _SIZE, box.wide * POINTS * 0.6, 1))
    link = add(run._r.get_or_add_rPr(), "a:hlinkClick", action="ppaction://hlinksldjump")
    link.set(qn("r:id"), page.slide.part.relate_to(listed.part, RELATIONSHIP_TYPE.SLIDE))
    if address:
        _add_run(paragraph, " · ")
        _add_run(paragraph, _("Open in ccinsight")).hyperlink.address = address


def _add_run(paragraph: Any, text: str) -> Any:
    run = paragraph.add_run()
    run.text, run.font.size = text, Pt(_SIZE)
    return run


def spans(numbers: Iterable[int]) -> str:
    """Numbers as a person lists them: ``1–3, 7``."""
    runs: list[list[int]] = []
    for number in sorted(numbers):
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return ", ".join(str(first) if first == last else f"{first}–{last}" for first, last in runs)
