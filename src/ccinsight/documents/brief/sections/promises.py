"""What the agreement promises, and where it wasn't held; for internal eyes."""

from __future__ import annotations

from collections.abc import Iterable

from ccinsight import i18n
from ccinsight.documents.brief.customer_reports import CustomerReports
from ccinsight.documents.brief.model import Section, Statement
from ccinsight.i18n import _, ngettext


def promises(reports: CustomerReports) -> Section:
    """Access-down cases overtaken (A9), tickets not covered (A1), meetings missed (A3), partner confirmation (A7)."""
    statements = [
        *_overtaken(reports),
        *_not_covered(reports),
        *_missed_meetings(reports),
        *_partner(reports),
    ]
    title = Statement(
        _("The agreement's promises: {count} to check").format(count=i18n.number(len(statements)))
        if statements
        else _("The agreement's promises: nothing to check")
    )
    return Section(
        "promises",
        title,
        tuple(statements),
        ("access_down_tickets", "status_meetings", "meetings_list"),
        is_internal=True,
        is_empty=not statements,
    )


def _overtaken(reports: CustomerReports) -> Iterable[Statement]:
    row = reports.first("response", {"class": "access_down"})
    if row is not None and row["overtaken"]:
        yield Statement(
            ngettext(
                "{count} access-down case of the last 12 months was overtaken by a ticket that wasn't one (A9).",
                "{count} access-down cases of the last 12 months were overtaken by tickets that weren't (A9).",
                row["overtaken"],
            ).format(count=i18n.number(row["overtaken"])),
            reports.figures("response", row, "overtaken"),
        )


def _not_covered(reports: CustomerReports) -> Iterable[Statement]:
    rows = [r for r in reports.rows("tickets_by_month")[-12:] if r["not_covered"]]
    if rows:
        count = sum(r["not_covered"] for r in rows)
        yield Statement(
            ngettext(
                "{count} ticket of the last 12 calendar months wasn't covered by an agreement (A1).",
                "{count} tickets of the last 12 calendar months weren't covered by an agreement (A1).",
                count,
            ).format(count=i18n.number(count)),
            tuple(f for r in rows for f in reports.figures("tickets_by_month", r, "not_covered")),
        )


def _missed_meetings(reports: CustomerReports) -> Iterable[Statement]:
    for row in reports.rows("status_meetings"):
        if row["status"] == "overdue":
            yield Statement(
                _(
                    "Agreement {agreement}: no status meeting in the period from {day}; it is overdue (A3)."
                ).format(agreement=row["agreement_id"], day=i18n.day(row["period_start"])),
                reports.figures("status_meetings", row, "status", "period_start"),
            )
        if row["missed_periods"]:
            yield Statement(
                ngettext(
                    "Agreement {agreement}: {count} past period without a status meeting (A3).",
                    "Agreement {agreement}: {count} past periods without a status meeting (A3).",
                    row["missed_periods"],
                ).format(agreement=row["agreement_id"], count=i18n.number(row["missed_periods"])),
                reports.figures("status_meetings", row, "missed_periods"),
            )


def _partner(reports: CustomerReports) -> Iterable[Statement]:
    for row in reports.in_force():
        if row["partner_confirmed_on"] is None:
            yield Statement(
                _(
                    "Agreement {agreement}: no date is known on which the customer confirmed the partner (A7)."
                ).format(agreement=row["agreement_id"])
            )
