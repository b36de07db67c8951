"""What was agreed and done: the meetings, what was agreed last time, and what the agreement gave."""

from __future__ import annotations

from ccinsight import i18n
from ccinsight.documents.brief import words
from ccinsight.documents.brief.customer_tables import discount_rows, meeting_rows, value_rows
from ccinsight.documents.brief.model import Brief
from ccinsight.documents.content import blocks
from ccinsight.documents.content.blocks import Block, Column
from ccinsight.i18n import _


def chapter_of(brief: Brief, most: int) -> Block:
    """The meetings (R12), and what the agreement gave (A1, A8)."""
    return blocks.chapter(_("Agreed and done"), _meetings(brief, most), _value(brief))


def _meetings(brief: Brief, most: int) -> Block | None:
    section = brief.sections["meetings"]
    since = i18n.day(brief.since)
    held = blocks.headed(
        _("Held and planned since {day}").format(day=since),
        blocks.table(
            _("Meetings, courses and workshops"),
            [Column(_("Meeting"), 1.6), Column(_("Planned"), 1), Column(_("Held"), 1)],
            meeting_rows(brief),
            most,
        ),
    )
    agreed = blocks.headed(
        words.agreed_heading(brief.agreed_last_time_on),
        blocks.texts(words.lines_of(brief.agreed_last_time), is_list=True),
    )
    said = None if held else blocks.statements(section)
    return blocks.section_of(section.title.shown, blocks.beside(held or said, agreed))


def _value(brief: Brief) -> Block | None:
    section = brief.sections["value"]
    if section.is_empty:
        return blocks.said(section)
    table = blocks.table(
        _("What the agreement gave"),
        [Column(_("Last 12 months"), 2.6), Column(_("Quantity"), 1.2, is_right=True)],
        value_rows(brief),
    )
    discounts = blocks.table(
        _("Discounts"),
        [Column(_("Discount, last 12 months"), 2.2), Column(_("kr without VAT"), 1.2, is_right=True)],
        discount_rows(brief),
    )
    title = section.title.shown or _("What the agreement gave")
    return blocks.section_of(title, blocks.beside(table, discounts), blocks.statements(section))
