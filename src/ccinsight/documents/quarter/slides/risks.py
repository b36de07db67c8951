"""Customers at risk with what account managers think, and what isn't billed."""

from __future__ import annotations

from typing import Any

from ccinsight import i18n
from ccinsight.documents.deck.canvas import Canvas
from ccinsight.documents.deck.grids import Column
from ccinsight.documents.quarter import figures
from ccinsight.documents.quarter.slides.parts import (
    day_of,
    name_of,
    table_slide,
    text_of,
)
from ccinsight.documents.quarter.source import Quarter
from ccinsight.i18n import _, ngettext
from ccinsight.registry import MEASURES, label_of
from ccinsight.rules.risk import HIGH


def risk_title(quarter: Quarter) -> str:
    """How many customers have a high score."""
    count = int((quarter.scores["score"] >= HIGH).sum())
    return ngettext(
        "{count} customer has a renewal risk of {score} or more",
        "{count} customers have a renewal risk of {score} or more",
        count,
    ).format(count=i18n.number(count), score=i18n.number(HIGH))


def risks(canvas: Canvas, quarter: Quarter) -> None:
    """Customers with a high score or a verdict of doubt, with what was said of them."""
    rows, score = quarter.at_risk, MEASURES["risk_score"]
    unknown = int(quarter.scores["score"].isna().sum())
    foot = ngettext(
        "The risk of {count} customer is unknown", "The risk of {count} customers is unknown", unknown
    ).format(count=i18n.number(unknown))
    table_slide(
        canvas,
        quarter,
        risk_title(quarter),
        [
            Column(_("Customer"), 2.2),
            Column(_("Renewal"), 1.1),
            Column(_("Account manager"), 1.6),
            Column(_(score.label), 0.8, is_right=True),
            Column(_("Verdict"), 1.2),
            Column(_("Reason and action"), 2.6),
            Column(_("Annual value"), 1.2, is_right=True),
        ],
        [_risk_cells(row) for row in rows.to_dict("records")],
        _("No customer has a high risk or a verdict of doubt."),
        foot if unknown else "",
    )


def _risk_cells(row: dict[Any, Any]) -> list[str]:
    given = row["verdict"]
    action = text_of(row["action"], "")
    if action:
        action = _("{action} by {day}").format(action=action, day=day_of(row["action_on"]))
    return [
        name_of(row),
        day_of(row["renewal_on"]),
        text_of(row["account_manager"]),
        i18n.number(row["score"]),
        _("none given") if i18n.is_unknown(given) else label_of("verdict", str(given)),
        ". ".join(part for part in (text_of(row["reason"], ""), action) if part) or "–",
        i18n.amount(row["annual_value"]),
    ]


def leak_title(quarter: Quarter) -> str:
    """What isn't billed of the period (R7)."""
    if not quarter.reviewed.has_invoices:
        return _("What is not billed is unknown: no invoices were imported.")
    return _("{value} is not billed, of agreement periods begun in {period}").format(
        value=i18n.amount(figures.number_of(quarter.values[0]["unbilled"])), period=quarter.period.label()
    )


def leakage(canvas: Canvas, quarter: Quarter) -> None:
    """The amounts that aren't billed, the largest first (R7)."""
    missing = int(quarter.reviewed.invoicing["expected"].isna().sum())
    foot = ngettext(
        "Of {count} amount nobody can say what was expected",
        "Of {count} amounts nobody can say what was expected",
        missing,
    ).format(count=i18n.number(missing))
    rows = quarter.reviewed.unbilled if quarter.reviewed.has_invoices else quarter.reviewed.unbilled.head(0)
    table_slide(
        canvas,
        quarter,
        leak_title(quarter).rstrip("."),
        [
            Column(_("Customer"), 2.6),
            Column(_("Agreement"), 1.3),
            Column(_("Period start"), 1.1),
            Column(_("Kind"), 1.1),
            Column(_("Expected"), 1.2, is_right=True),
            Column(_("Invoiced"), 1.2, is_right=True),
            Column(_("Difference"), 1.2, is_right=True),
        ],
        [
            [
                name_of(row),
                text_of(row["agreement_id"]),
                day_of(row["period_start"]),
                label_of("invoice_kind", str(row["kind"])),
                *(i18n.amount(row[name]) for name in ("expected", "invoiced", "difference")),
            ]
            for row in rows.to_dict("records")
        ],
        _("Nothing is unbilled of these periods.")
        if quarter.reviewed.has_invoices
        else _("No invoices were imported."),
        foot if missing else "",
    )
