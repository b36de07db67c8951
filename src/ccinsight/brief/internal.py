"""The sections for internal eyes only: what is unbilled, price changes missed, promises kept, notes of meetings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ccinsight import i18n
from ccinsight.brief.model import Row, Section, Statement
from ccinsight.brief.sections import Ask
from ccinsight.i18n import _, ngettext
from ccinsight.registry import label_of


def unbilled(ask: Ask) -> Section:
    """What should have been invoiced and wasn't, by agreement, period and kind (R7, R8)."""
    tables = ("invoicing", "consulting")
    if not ask.sources.has_export("invoices"):
        title = Statement(_("What is unbilled is unknown: no invoices were imported"))
        return Section("unbilled", title, (), tables, is_internal=True, is_empty=True)
    rows = [r for r in ask.rows("invoicing") if r["difference"] is not None and r["difference"] > 0]
    consulting = ask.first("consulting")
    statements = [*(_line(ask, row) for row in rows), *_consulting(ask, consulting)]
    unknown = [r for r in ask.rows("invoicing") if r["difference"] is None]
    for row in unknown:
        statements.append(
            Statement(
                _("Agreement {agreement}, period from {day}: what to expect is unknown.").format(
                    agreement=row["agreement_id"], day=i18n.day(row["period_start"])
                )
            )
        )
    title = _unbilled_title(ask, rows, consulting)
    return Section("unbilled", title, tuple(statements), tables, is_internal=True, is_empty=not statements)


def _unbilled_title(ask: Ask, rows: Sequence[Row], consulting: Row | None) -> Statement:
    figures = tuple(f for row in rows for f in ask.figures("invoicing", row, "difference"))
    lines = i18n.amount(sum(r["difference"] for r in rows))
    if consulting is not None and consulting["difference"] is not None and consulting["difference"] > 0:
        figures += ask.figures("consulting", consulting, "difference")
        work = i18n.amount(consulting["difference"])
        if not rows:
            return Statement(
                _("{work} of consulting work is unbilled, in the last 12 months").format(work=work), figures
            )
        text = _(
            "Unbilled in the last 12 months: {lines} of yearly invoices and expansions, {work} of consulting work"
        )
        return Statement(text.format(lines=lines, work=work), figures)
    if not rows:
        return Statement(_("Nothing known is unbilled, in periods begun in the last 12 months"))
    text = _("{amount} of yearly invoices and expansions is unbilled, in periods begun in the last 12 months")
    return Statement(text.format(amount=lines), figures)


def _line(ask: Ask, row: Row) -> Statement:
    return Statement(
        _(
            "Agreement {agreement}, {kind}, period from {day}: {expected} expected, {invoiced} invoiced."
        ).format(
            agreement=row["agreement_id"],
            kind=label_of("invoice_kind", row["kind"]).lower(),
            day=i18n.day(row["period_start"]),
            expected=i18n.amount(row["expected"]),
            invoiced=i18n.amount(row["invoiced"]),
        ),
        ask.figures("invoicing", row, "expected", "invoiced"),
    )


def _consulting(ask: Ask, row: Row | None) -> Iterable[Statement]:
    if row is None:
        return
    if row["difference"] is None:
        yield Statement(_("Whether consulting work is unbilled is unknown: its hours or its rate are."))
    elif row["difference"] > 0:
        yield Statement(
            _(
                "Consulting work in the last 12 months: {expected} by the time to invoice, {invoiced} invoiced."
            ).format(expected=i18n.amount(row["expected"]), invoiced=i18n.amount(row["invoiced"])),
            ask.figures("consulting", row, "expected", "invoiced"),
        )


def missed_price(ask: Ask) -> Section:
    """Price changes that were announced too late to reach the coming renewal (R6), and those still to be sent."""
    planned = tuple(_planned(ask))
    rows = [r for r in ask.rows("renewals") if r["missed_version"] and r["missed_price_change"] != 0]
    if not rows:
        title = Statement(_("No price change was missed at the coming renewal"))
        return Section("missed_price", title, planned, ("renewals",), is_internal=True, is_empty=not planned)
    known = [r["missed_price_change"] for r in rows if r["missed_price_change"] is not None]
    title = Statement(
        _("A price change was notified too late: {amount} a year is missed at the coming renewal").format(
            amount=i18n.amount(sum(known) if known else None)
        ),
        tuple(f for row in rows for f in ask.figures("renewals", row, "missed_price_change")),
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
            ask.figures("renewals", r, "missed_version", "missed_price_change"),
        )
        for r in rows
    )
    return Section("missed_price", title, planned + statements, ("renewals",), is_internal=True)


def _planned(ask: Ask) -> Iterable[Statement]:
    """The price notices that must be sent (R14)."""
    for row in ask.rows("agreements"):
        if row["price_notice_state"] == "planned" and ask.as_of <= row["price_notice_deadline"]:
            yield Statement(
                _(
                    "Agreement {agreement}: a new price from {renewal} must be announced by {deadline}."
                ).format(
                    agreement=row["agreement_id"],
                    renewal=i18n.day(row["renewal_on"]),
                    deadline=i18n.day(row["price_notice_deadline"]),
                ),
                ask.figures("agreements", row, "price_notice_state", "price_notice_deadline"),
            )


def promises(ask: Ask) -> Section:
    """Access-down cases overtaken (A9), tickets not covered (A1), meetings missed (A3), partner confirmation (A7)."""
    statements = [*_overtaken(ask), *_not_covered(ask), *_missed_meetings(ask), *_partner(ask)]
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


def _overtaken(ask: Ask) -> Iterable[Statement]:
    row = ask.first("response", {"class": "access_down"})
    if row is not None and row["overtaken"]:
        yield Statement(
            ngettext(
                "{count} access-down case of the last 12 months was overtaken by a ticket that wasn't one (A9).",
                "{count} access-down cases of the last 12 months were overtaken by tickets that weren't (A9).",
                row["overtaken"],
            ).format(count=i18n.number(row["overtaken"])),
            ask.figures("response", row, "overtaken"),
        )


def _not_covered(ask: Ask) -> Iterable[Statement]:
    rows = [r for r in ask.rows("tickets_by_month")[-12:] if r["not_covered"]]
    if rows:
        count = sum(r["not_covered"] for r in rows)
        yield Statement(
            ngettext(
                "{count} ticket of the last 12 calendar months wasn't covered by an agreement (A1).",
                "{count} tickets of the last 12 calendar months weren't covered by an agreement (A1).",
                count,
            ).format(count=i18n.number(count)),
            tuple(f for r in rows for f in ask.figures("tickets_by_month", r, "not_covered")),
        )


def _missed_meetings(ask: Ask) -> Iterable[Statement]:
    for row in ask.rows("status_meetings"):
        if row["status"] == "overdue":
            yield Statement(
                _(
                    "Agreement {agreement}: no status meeting in the period from {day}; it is overdue (A3)."
                ).format(agreement=row["agreement_id"], day=i18n.day(row["period_start"])),
                ask.figures("status_meetings", row, "status", "period_start"),
            )
        if row["missed_periods"]:
            yield Statement(
                ngettext(
                    "Agreement {agreement}: {count} past period without a status meeting (A3).",
                    "Agreement {agreement}: {count} past periods without a status meeting (A3).",
                    row["missed_periods"],
                ).format(agreement=row["agreement_id"], count=i18n.number(row["missed_periods"])),
                ask.figures("status_meetings", row, "missed_periods"),
            )


def _partner(ask: Ask) -> Iterable[Statement]:
    for row in ask.rows("agreements"):
        if row["state"] in ("active", "terminating") and row["partner_confirmed_on"] is None:
            yield Statement(
                _(
                    "Agreement {agreement}: no date is known on which the customer confirmed the partner (A7)."
                ).format(agreement=row["agreement_id"])
            )
