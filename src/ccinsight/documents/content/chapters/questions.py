"""What the users asked about: by category, scope and channel, who asked, requests, and the cases."""

from __future__ import annotations

from ccinsight import i18n
from ccinsight.documents.brief import words
from ccinsight.documents.brief.customer_tables import case, group_cells, newly_opened, request_rows
from ccinsight.documents.brief.model import Brief
from ccinsight.documents.content import blocks
from ccinsight.documents.content.blocks import Block, Column
from ccinsight.i18n import _
from ccinsight.registry import label_of

_MOST_CATEGORIES = 8


def chapter_of(brief: Brief, most: int) -> Block:
    """What support was asked for in the last twelve months (R10)."""
    return blocks.chapter(
        _("What the users asked about"),
        _groups(brief, most),
        _who(brief, most),
        _down(brief, most),
        _open(brief, most),
    )


def _groups(brief: Brief, most: int) -> Block | None:
    section = brief.sections["groups"]
    if section.is_empty:
        return blocks.said(section)
    rows = brief.rows("tickets_compared")
    categories = [r for r in rows if r["dimension"] == "category"]
    shown = categories[:_MOST_CATEGORIES]
    named = [(words.member_label("category", r["member"]), r["tickets"], r["tickets_before"]) for r in shown]
    title = _("Tickets by category")
    alt = f"{title}: " + ", ".join(f"{name} {i18n.number(now)}" for name, now, _before in named)
    chart = blocks.bars(title, alt, (_("Last 12 months"), _("Year before")), named)
    chart["more"] = blocks.more(len(categories) - len(shown))
    tables = [
        blocks.table(
            label_of("dimension", dimension),
            [
                Column(label_of("dimension", dimension), 2.0),
                Column(_("now"), 1, is_right=True, over=_("Tickets")),
                Column(_("year before"), 1.1, is_right=True, over=_("Tickets")),
                Column(_("now"), 1, is_right=True, over=_("Hours")),
                Column(_("year before"), 1.1, is_right=True, over=_("Hours")),
            ],
            [group_cells(r) for r in rows if r["dimension"] == dimension],
        )
        for dimension in ("scope", "channel")
    ]
    return blocks.section(section.title.shown, blocks.beside(chart, blocks.stack(*tables), widths=(1, 1.05)))


def _who(brief: Brief, most: int) -> Block | None:
    contacts, requests = brief.sections["contacts"], brief.sections["requests"]
    table = blocks.table(
        _("Training and consulting requests"),
        [Column(_("Category"), 2.2), Column(_("Tickets"), 0.9, is_right=True), Column(_("Points to"), 2.4)],
        request_rows(brief),
        most,
    )
    if table is None:
        return blocks.said(contacts, requests)
    asked = blocks.section(requests.title.shown, table)
    who = (
        blocks.said(contacts)
        if contacts.is_empty
        else blocks.section(contacts.title.shown, blocks.statements(contacts))
    )
    return blocks.stack(who, asked)


def _down(brief: Brief, most: int) -> Block | None:
    section = brief.sections["response"]
    if section.is_empty:
        return blocks.said(section)
    table = blocks.table(
        _("Access-down cases"),
        [Column(_("Opened"), 0.8), Column(_("Case"), 4), Column(_("First reply after"), 1.1, is_right=True)],
        [
            [i18n.day(r["opened_at"]), case(r), words.elapsed(r["reply_hours"])]
            for r in brief.rows("access_down_tickets")
        ],
        most,
    )
    return blocks.section(section.title.shown, table, blocks.statements(section))


def _open(brief: Brief, most: int) -> Block | None:
    title, rows = newly_opened(brief)
    table = blocks.table(
        _("Open tickets, oldest first"),
        [Column(_("Opened"), 0.8), Column(_("Case"), 4), Column(_("Days open"), 1.1, is_right=True)],
        [[i18n.day(r["opened_at"]), case(r), i18n.number(r["days_open"])] for r in rows],
        most,
    )
    return blocks.section(title, table) if table else blocks.texts([blocks.sentence(title)])
