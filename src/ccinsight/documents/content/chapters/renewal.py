"""What renews when, at what price, and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ccinsight import i18n
from ccinsight.documents.brief.customer_tables import in_force, period_marks, renewal_cells
from ccinsight.documents.brief.model import Brief, Row, Section
from ccinsight.documents.content import blocks
from ccinsight.documents.content.blocks import Block, Column
from ccinsight.i18n import _


def chapter_of(brief: Brief, most: int) -> Block:
    """Dates, users and prices of each agreement's next renewal (R2, R3, R6, R13)."""
    section = brief.sections["renewal"]
    rows = in_force(brief)
    if not rows:
        return blocks.chapter(_("Renewal and price"), blocks.said(section))
    coming = {r["agreement_id"]: r for r in brief.rows("renewals")}
    return blocks.chapter(
        _("Renewal and price"),
        blocks.section(
            section.title.shown,
            _time_line(brief, rows[0]),
            _table(rows, coming),
            blocks.texts(_lines(section, coming), is_list=True),
            blocks.note(_("Amounts without VAT.")),
        ),
    )


def _time_line(brief: Brief, row: Row) -> Block:
    marks = period_marks(row, brief.as_of)
    name = _("Agreement {agreement}, {product}").format(agreement=row["agreement_id"], product=row["product"])
    alt = f"{name}: " + ", ".join(f"{mark.label} {mark.date}" for mark in marks)
    return {"kind": "time_line", "name": name, "alt": alt, "marks": [vars(mark) for mark in marks]}


def _table(rows: list[dict[str, Any]], coming: dict[str, dict[str, Any]]) -> Block | None:
    now, after = _("Now"), _("From renewal")
    return blocks.table(
        _("Renewal of each agreement"),
        [
            Column(_("Agreement"), 1.5),
            Column(_("Renewal"), 1.1),
            Column(_("Status"), 1),
            Column(_("Users"), 0.8, is_right=True, over=now),
            Column(_("Price per user"), 1.1, is_right=True, over=now),
            Column(_("Users"), 0.8, is_right=True, over=after),
            Column(_("Price per user"), 1.1, is_right=True, over=after),
            Column(_("Value a year"), 1.3, is_right=True, over=after),
        ],
        [renewal_cells(r, coming.get(r["agreement_id"])) for r in rows],
    )


def _lines(section: Section, coming: Mapping[str, Row]) -> list[str]:
    """What is said of each agreement, in a line of its own."""
    lines: list[tuple[str | None, str]] = []
    for each in section.statements:
        agreement = dict(each.figures[0].key).get("agreement_id") if each.figures else None
        if lines and agreement and lines[-1][0] in (None, agreement):
            lines[-1] = agreement, " ".join(part for part in (lines[-1][1], each.shown) if part)
        else:
            lines.append((agreement, each.shown))
    return [" ".join((text, *_why(coming.get(agreement or "")))) for agreement, text in lines if text]


def _why(coming: Row | None) -> Iterable[str]:
    """What the change of an agreement's value at the renewal comes from (R13)."""
    if coming is None or coming["renewal_status"] == "ending":
        return
    seats, price = coming["seats_change"], coming["price_change"]
    if seats is None or price is None or (not seats and not price):
        return
    yield _("That is {before} a year now: {users} from users, {price} from the price.").format(
        before=i18n.amount(coming["value_now"]), users=_signed(seats), price=_signed(price)
    )


def _signed(amount: Any) -> str:
    sign = "+" if amount > 0 else "\N{MINUS SIGN}" if amount < 0 else ""
    return f"{sign}{i18n.amount(abs(amount))}"
