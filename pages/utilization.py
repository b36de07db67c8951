"""Utilization: how much the agreements are used, by whom, for what."""

from ccinsight import charts
from ccinsight.dashboard.pages import contacts
from ccinsight.dashboard.session.view import current
from ccinsight.dashboard.widgets import cards, chart_view, figures, headlines, layout, report_table
from ccinsight.dashboard.widgets.cards import Card
from ccinsight.i18n import _
from ccinsight.registry import MEASURES

view = current()
utilization = view.report("utilization")
categories = view.report("tickets_by_category")

layout.head(headlines.use(utilization), view, "utilization")
layout.fills_if_missing("tickets", _("Tickets and time"))
cards.show(
    [
        Card("tickets_12", figures.total(categories["tickets"]), headlines.year_before(categories)),
        Card("hours_12", figures.hours(categories["minutes"]), _("last 12 months")),
        Card(
            "contact_rate",
            figures.ratio_of_sums(utilization, "contacting_users", "registered_users"),
            headlines.customers(utilization, "contacting_users", "registered_users"),
        ),
        Card(
            "licence_use",
            figures.ratio_of_sums(utilization, "active_users", "active_counted_users"),
            headlines.customers(utilization, "active_users", "active_counted_users"),
        ),
        Card("silent_customers", len(figures.silent(utilization)), _("last 12 months")),
    ],
    "utilization",
)
chart_view.show(
    months=lambda: charts.tickets_by_month(view.report("tickets_by_month", months=24), chart_view.palette()),
    channels=lambda: charts.channel_mix(view.report("tickets_by_channel"), chart_view.palette()),
    choosing={
        "months": ("tabs-utilization", lambda _mark: _("Months")),
        "channels": ("tabs-utilization", lambda _mark: _("Channels")),
    },
    tables={"months": "tickets_by_month", "channels": "tickets_by_channel"},
)
layout.note(headlines.use_of(categories, utilization))
for tab, place in layout.open_tabs(
    {
        "customers": _("Customers"),
        "silent": _("No tickets"),
        "contacts": _("Call most"),
        "channels": _("Channels"),
        "categories": _("Categories"),
        "response": _("First reply"),
        "months": _("Months"),
    },
    "utilization",
):
    with place:
        match tab:
            case "customers" if utilization.empty:
                layout.nothing_for_filters(view, _("No customer has an agreement in force."))
            case "customers":
                report_table.show("utilization", figures.heaviest(utilization), view)
            case "silent":
                report_table.show(
                    "utilization", figures.silent(utilization), view, key="silent", is_part=True
                )
            case "contacts":
                chart_view.show(
                    most=lambda: charts.ranking(
                        utilization,
                        chart_view.palette(),
                        MEASURES["tickets_per_user"],
                        _("Most tickets per user, last 12 months"),
                    ),
                    tables={"most": "contacts"},
                )
                contacts.show(view, "contacts")
            case "channels":
                report_table.show("tickets_by_channel", view.report("tickets_by_channel"), view)
            case "categories":
                report_table.show("tickets_by_category", categories, view)
            case "response":
                layout.note(
                    _(
                        "The agreement promises no response time (A9): this is what was seen, not a service level."
                    )
                )
                report_table.show("response", view.report("response"), view)
            case "months":
                report_table.show(
                    "tickets_by_month", view.report("tickets_by_month", months=24), view, months=24
                )
