"""The requests for training and consulting."""

from __future__ import annotations

from ccinsight import i18n
from ccinsight.documents.brief import words
from ccinsight.documents.brief.customer_reports import CustomerReports
from ccinsight.documents.brief.model import Section, Statement
from ccinsight.i18n import _


def requests(reports: CustomerReports) -> Section:
    """Training-like and consulting-like requests, and what they point to (A2)."""
    rows = [r for r in reports.rows("tickets_by_category") if r["scope"] != "support" and r["tickets"]]
    scopes = {r["member"]: r for r in reports.rows("tickets_compared") if r["dimension"] == "scope"}
    counts = {
        scope: scopes[scope]["tickets"] if scope in scopes else 0 for scope in ("training", "consulting")
    }
    if not rows:
        text = _("No training or consulting requests in the last 12 months")
    else:
        text = _(
            "Training requests in the last 12 months: {training}; consulting requests: {consulting}"
        ).format(training=i18n.number(counts["training"]), consulting=i18n.number(counts["consulting"]))
    title = Statement(
        text,
        tuple(
            figure
            for scope in ("training", "consulting")
            for figure in reports.figures("tickets_compared", scopes.get(scope), "tickets")
        ),
    )
    statements = tuple(
        Statement(
            words.points_to(r["scope"], r["category"]) + f": {words.tickets(r['tickets'])}",
            reports.figures("tickets_by_category", r, "tickets"),
        )
        for r in rows
    )
    return Section("requests", title, statements, ("tickets_by_category",), is_empty=not rows)
