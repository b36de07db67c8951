"""The risk scores on the screen: who may leave, why the score says so, and whether it has been right before."""

from __future__ import annotations

import pandas as pd

from ccinsight import charts
from ccinsight.dashboard.pages import risks
from ccinsight.dashboard.session import printing
from ccinsight.dashboard.session.view import View
from ccinsight.dashboard.widgets import cards, chart_view, figures, headlines, layout, report_table
from ccinsight.dashboard.widgets.cards import Card
from ccinsight.i18n import _, ngettext, number
from ccinsight.registry import MEASURES
from ccinsight.rules.risk import HIGH


def title(view: View) -> str:
    """How many customers have a high score."""
    count = len(risks.high(risks.scores(view)))
    return ngettext(
        "{count} customer has a renewal risk of {score} or more",
        "{count} customers have a renewal risk of {score} or more",
        count,
    ).format(count=number(count), score=number(HIGH))


def show(view: View) -> None:
    """The scores, one of them rule by rule, and the test on the past."""
    _show_scores(view)
    if printing.is_on():  # the test takes a minute, and begins with a click
        layout.note(_("The test of the score on history is on the page alone, and isn't printed."))
    else:
        _show_test(view)


def _show_scores(view: View) -> None:
    scored = risks.scores(view)
    high = risks.high(scored)
    layout.note(
        _(
            "Internal. A score from 0 to 100 made of named rules with weights. Customers whose notice is known are not "
            "among these."
        )
    )
    if scored.empty:
        layout.nothing_for_filters(view, _("No customer has an agreement that goes on."))
    else:
        cards.show(
            [
                Card("risk_high", len(high)),
                Card(
                    "risk_value",
                    figures.total(high["annual_value"]),
                    headlines.customers(high, "annual_value"),
                ),
                Card("risk_scored", int(scored["risk_score"].notna().sum())),
                Card("risk_unknown", figures.unknown(scored["risk_score"])),
            ],
            "risk",
        )
        chart_view.show(
            most=lambda: charts.ranking(
                scored, chart_view.palette(), MEASURES["risk_score"], _("Highest renewal risk")
            ),
            tables={"most": risks.SCORES.name},
        )
        report_table.show(
            risks.SCORES,
            scored,
            view,
            [
                "customer_name",
                "account_manager",
                "risk_score",
                "risk_known",
                "annual_value",
                "renewal_on",
                "days_to_termination",
            ],
        )
        _explain(scored, view)


def _explain(scored: pd.DataFrame, view: View) -> None:
    layout.section(_("Why this score?"))
    customer = layout.pick(_("Customer"), risks.names(scored, view), "scored")
    found = risks.one(scored, customer)
    parts = risks.parts(found)
    layout.note(risks.said(found))
    chart_view.show(
        parts=lambda: charts.score_parts(parts, chart_view.palette()), tables={"parts": risks.PARTS.name}
    )
    report_table.show(risks.PARTS, parts, view.only(customer))


def _show_test(view: View) -> None:
    layout.section(_("Has the score been right before?"))
    layout.note(
        _(
            "Goes back to before each termination deadline of the last five years, for all customers, and scores with "
            "what was known then."
        )
    )
    layout.choice(
        _("Days before the deadline"),
        {lead: _("{days} days before").format(days=lead) for lead in ("30", "60", "90")},
        "lead",
    )
    test = risks.tested(view.unfiltered(), int(layout.chosen("lead")))
    if test:
        risks.show_verdict(test)
        chart_view.show(
            auc=lambda: charts.auc_intervals(risks.rankings(test), chart_view.palette()),
            bands=lambda: charts.left_by_band(test.bands, chart_view.palette()),
            tables={"bands": risks.BANDS.name},
        )
        report_table.show(risks.BANDS, risks.bands(test), view.unfiltered(), totals=("judged", "left"))
        layout.section(_("What each rule says by itself"))
        report_table.show(risks.RULES, risks.by_rule(test), view.unfiltered())
