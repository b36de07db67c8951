"""Revenue: what the agreements earn, from whom, what moved it, and who stays."""

from ccinsight import charts
from ccinsight.dashboard.pages import revenue
from ccinsight.dashboard.session.view import current
from ccinsight.dashboard.widgets import (
    cards,
    chart_view,
    figures,
    headlines,
    layout,
    money,
    report_table,
)
from ccinsight.dashboard.widgets.cards import Card
from ccinsight.i18n import _
from ccinsight.registry import MEASURES

view = current()
agreements = figures.in_force(view.report("agreements"))
retention, committed = view.report("retention"), view.report("committed_revenue")
unrated = agreements[agreements["rate"].isna()]

layout.head(headlines.earned(agreements), view, "revenue")
if agreements.empty:
    layout.nothing_for_filters(view, _("No agreement is in force."))
else:
    cards.show(
        [
            Card("mrr", figures.one(committed, "mrr"), headlines.agreements(agreements, "annual_value")),
            Card("committed_arr", figures.one(committed, "committed_arr"), headlines.committed(committed)),
            *(
                Card(name, figures.one(retention, name), headlines.year_ago(retention))
                for name in ("nrr", "grr", "logo_churn")
            ),
        ],
        "revenue",
    )
    layout.choice(
        _("Section"),
        {
            "movements": _("Movements"),
            "drivers": _("Users and price"),
            "retention": _("Retention"),
            "cohorts": _("Cohorts"),
            "bands": _("User bands"),
            "account_manager": _("Account managers"),
            "complexity": _("Complexity"),
            "price_basis": _("Price basis"),
            "product": _("Products"),
            "unrated": _("Rate unknown"),
            "agreements": _("All agreements"),
        },
        "section",
    )
    match section := layout.chosen("section"):
        case "movements":
            revenue.movements(view)
        case "drivers":
            revenue.drivers(view, agreements)
        case "retention":
            trend = money.stacked(view.on(day).report("retention") for day in money.quarters(view.as_of))
            chart_view.show(
                trend=lambda: charts.retention_trend(trend, chart_view.palette()),
                tables={"trend": "retention"},
            )
            for name in ("nrr", "grr", "logo_churn"):
                layout.definition(MEASURES[name], figures.one(retention, name))
            report_table.show("retention", figures.newest(trend, "as_of"), view, is_part=True)
        case "cohorts":
            revenue.cohorts(view, agreements)
        case "bands":
            revenue.by_user_band(view, agreements)
        case "account_manager" | "complexity" | "price_basis" | "product":
            revenue.by(view, section)
        case "unrated" if unrated.empty:
            layout.nothing(_("Every agreement in force has a known rate."))
        case "unrated":
            layout.fills_if_missing("prices", _("Rates from the price list"))
            report_table.show("agreements", unrated, view, key="unrated", is_part=True)
        case _:
            report_table.show("agreements", figures.heaviest(agreements, "annual_value"), view, is_part=True)
