"""What is unbilled; for internal eyes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ccinsight import i18n
from ccinsight.documents.brief.customer_reports import CustomerReports
from ccinsight.documents.brief.model import Row, Section, Statement
from ccinsight.i18n import _
from ccinsight.registry import label_of


def unbilled(reports: CustomerReports) -> Section:
    """What should have been invoiced and wasn't, by agreement, period and kind (R7, R8)."""
    tables = ("invoicing", "consulting")
    if not reports.sources.has_export("invoices"):
        title = Statement(_("What is unbilled is unknown: no invoices were imported"))
        return Section("unbilled", title, (), tables, is_internal=True, is_empty=True)
    rows = [r for r in reports.rows("invoicing") if r["difference"] is not None and r["difference"] > 0]
    consulting = reports.first("consulting")
    statements = [*(_line(reports, row) for row in rows), *_consulting(reports, consulting)]
    unknown = [r for r in reports.rows("invoicing") if r["difference"] is None]
    for row in unknown:
        statements.append(
            Statement(
                _("Agreement {agreement}, period from {day}: what to expect is unknown.").format(
                    agreement=row["agreement_id"], day=i18n.day(row["period_start"])
                )
            )
        )
    title = _unbilled_title(reports, rows, consulting)
    return Section("unbilled", title, tuple(statements), tables, is_internal=True, is_empty=not statements)


def _unbilled_title(reports: CustomerReports, rows: Sequence[Row], consulting: Row | None) -> Statement:
    figures = tuple(f for row in rows for f in reports.figures("invoicing", row, "difference"))
    lines = i18n.amount(sum(r["difference"] for r in rows))
    if consulting is not None and consulting["difference"] is not None and consulting["difference"] > 0:
        figures += reports.figures("consulting", consulting, "difference")
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


def _line(reports: CustomerReports, row: Row) -> Statement:
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
        reports.figures("invoicing", row, "expected", "invoiced"),
    )


def _consulting(reports: CustomerReports, row: Row | None) -> Iterable[Statement]:
    if row is None:
        return
    if row["difference"] is None:
        yield Statement(_("Whether consulting work is unbilled is unknown: its hours or its rate are."))
    elif row["difference"] > 0:
        yield Statement(
            _(
                "Consulting work in the last 12 months: {expected} by the time to invoice, {invoiced} invoiced."
            ).format(expected=i18n.amount(row["expected"]), invoiced=i18n.amount(row["invoiced"])),
            reports.figures("consulting", row, "expected", "invoiced"),
        )
