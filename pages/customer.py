"""Customer: everything about one customer, for when the phone rings or a status meeting is prepared."""

import streamlit as st

from ccinsight import charts
from ccinsight.dashboard import cards, headlines, layout, listing, plot
from ccinsight.dashboard.cards import Card
from ccinsight.dashboard.store import choices
from ccinsight.dashboard.view import current
from ccinsight.i18n import _, day

view = current()
if len(view.filters.customers) != 1:
    customers = view.report("customers")
    layout.head(_("Which customer?"), view, "customer")
    layout.note(_("Choose one customer in the list, or search by name in the sidebar."))
    if customers.empty:
        layout.nothing_for_filters(view, _("There are no customers here."))
    else:
        listing.show(
            "customers",
            headlines.heaviest(customers, "annual_value"),
            view,
            ["customer_name", "account_manager", "user_band", "registered_users", "agreements", "annual_value", "state"],
            totals=("agreements", "annual_value"),
        )
    st.stop()

customer_id = view.filters.customers[0]
view = view.only(customer_id)
profile = view.report("customers")
agreements = view.report("agreements")
deadlines = view.report("deadlines", days=365)
use = view.report("utilization")
meetings = view.report("status_meetings")
next_deadline = headlines.first_day(headlines.duties(deadlines)["due_on"])

layout.head(choices().customers[customer_id], view, "customer")
layout.note(headlines.profile(profile, agreements))
cards.show(
    [
        Card("arr", headlines.total(headlines.in_force(agreements)["annual_value"]), headlines.agreements(headlines.in_force(agreements))),
        Card("next_deadline", next_deadline or _("none"), headlines.next_duty(deadlines)),
        Card("users", headlines.one(profile, "registered_users"), headlines.licences(use)),
        Card("tickets_per_user", headlines.one(use, "tickets_per_user"), headlines.against_peers(use)),
        Card("tickets_12", headlines.one(use, "tickets"), headlines.year_before(use)),
    ],
    "customer",
)
layout.note(headlines.meeting(meetings))
plot.show(
    months=charts.tickets_by_month(view.report("tickets_by_month", months=24), plot.palette()),
    peers=charts.peers(view.unfiltered().report("utilization"), customer_id, plot.palette()),
)
tab, place = layout.open_tab(
    {
        "agreements": _("Agreements"),
        "dates": _("Dates"),
        "tickets": _("Tickets"),
        "contacts": _("Contacts"),
        "users": _("Users"),
        "invoices": _("Invoices"),
        "meetings": _("Meetings"),
    },
    "customer",
)
with place:
    match tab:
        case "agreements":
            periods = view.report("agreement_periods")
            plot.show(
                line=charts.agreement_line(
                    agreements, periods, view.report("meetings_list"), view.as_of, plot.palette()
                )
            )
            listing.show(
                "agreements",
                agreements,
                view,
                [
                    "agreement_id", "state", "renewal_on", "price_notice_deadline", "termination_deadline",
                    "invoiced_users", "rate", "annual_value",
                ],
                totals=("annual_value",),
            )
            listing.show(
                "agreement_periods",
                periods,
                view,
                ["agreement_id", "period_start", "period_end", "users_on_start", "invoiced_users", "rate", "annual_value", "price_source"],
            )
        case "dates":
            listing.show(
                "deadlines", deadlines, view, ["due_on", "act_by", "kind", "agreement_id", "days_left", "annual_value"], days=365
            )
            listing.show(
                "renewals",
                view.report("renewals", months=12),
                view,
                [
                    "agreement_id", "renewal_on", "renewal_status", "value_now", "seats_change", "price_change", "lost",
                    "value_next",
                ],
                months=12,
            )
        case "tickets":
            listing.show(
                "ticket_list",
                view.report("ticket_list", months=12),
                view,
                ["opened_at", "title", "category", "channel", "status", "first_reply_at", "minutes_spent", "is_covered"],
                months=12,
            )
        case "contacts":
            listing.show(
                "contacts", view.report("contacts"), view, ["contact", "tickets", "minutes", "share_of_customer"]
            )
        case "users":
            layout.fills_if_missing("user_counts", _("User counts"))
            history = view.report("user_history")
            plot.show(users=charts.user_history(history, view.as_of, plot.palette()))
            listing.show(
                "user_history",
                headlines.newest(history, "counted_on"),
                view,
                ["counted_on", "registered_users", "active_users", "available_licences"],
            )
        case "invoices":
            layout.fills_if_missing("invoices", _("Invoices"))
            listing.show(
                "invoicing",
                view.report("invoicing"),
                view,
                ["agreement_id", "period_start", "kind", "expected", "invoiced", "difference"],
                totals=("expected", "invoiced", "difference"),
            )
            listing.show(
                "consulting",
                view.report("consulting"),
                view,
                ["billable_minutes", "hourly_rate", "expected", "invoiced", "difference", "discount_value"],
            )
            listing.show(
                "invoice_lines",
                headlines.newest(view.report("invoice_lines"), "issued_on"),
                view,
                ["issued_on", "kind", "agreement_id", "period_start", "quantity", "unit_price", "amount"],
            )
        case "meetings":
            layout.fills_if_missing("meetings", _("Status meetings"))
            listing.show(
                "meetings_list",
                headlines.newest(view.report("meetings_list"), "held_on"),
                view,
                ["kind", "planned_on", "held_on", "note"],
            )
            listing.show(
                "status_meetings",
                meetings,
                view,
                ["agreement_id", "period_start", "period_end", "status", "best_before", "missed_periods"],
            )
