"""The price changes missed, and those to be announced; for internal eyes."""

from __future__ import annotations

from collections.abc import Iterable

from ccinsight import i18n
from ccinsight.documents.brief.customer_reports import CustomerReports
from ccinsight.documents.brief.model import Section, Statement
from ccinsight.i18n import _


def missed_price(reports: CustomerReports) -> Section:
    """Price changes that were announced too late to reach the coming renewal (R6), and those still to be sent."""
    planned = tuple(_planned(reports))
    rows = [r for r in reports.rows("renewals") if r["missed_version"] and r["missed_price_change"] != 0]
    if not rows:
        title = Statement(_("No price change was missed at the coming renewal"))
        return Section("missed_price", title, planned, ("renewals",), is_internal=True, is_empty=not planned)
    known = [r["missed_price_change"] for r in rows if r["missed_price_change"] is not None]
    title = Statement(
        _("A price change was notified too late: {amount} a year is missed at the coming renewal").format(
            amount=i18n.amount(sum(known) if known else None)
        ),
        tuple(f for row in rows for f in reports.figures("renewals", row, "missed_price_change")),
    )
    statements = tuple(
        Statement(
            _(
                "Agreement {agreement}: the price from {version} doesn't reach the renewal on {day}: {amount}."
            ).format(
                agreement=r["agreement_id"],
                version=i18n.day(r["missed_version"]),
                day=i18n.day(r["renewal_on"]),
                amount=i18n.amount(r["missed_price_change"]),
            ),
            reports.figures("renewals", r, "missed_version", "missed_price_change"),
        )
        for r in rows
    )
    return Section("missed_price", title, planned + statements, ("renewals",), is_internal=True)


def _planned(reports: CustomerReports) -> Iterable[Statement]:
    """The price notices that must be sent (R14)."""
    for row in reports.rows("agreements"):
        if row["price_notice_state"] == "planned" and reports.as_of <= row["price_notice_deadline"]:
            yield Statement(
                _(
                    "Agreement {agreement}: a new price from {renewal} must be announced by {deadline}."
                ).format(
                    agreement=row["agreement_id"],
                    renewal=i18n.day(row["renewal_on"]),
                    deadline=i18n.day(row["price_notice_deadline"]),
                ),
                reports.figures("agreements", row, "price_notice_state", "price_notice_deadline"),
            )
