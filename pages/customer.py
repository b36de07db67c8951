"""Customer: everything about one customer, for when the phone rings or a status meeting is prepared."""

import streamlit as st

from ccinsight import charts
from ccinsight.dashboard import address, cards, explain, headlines, last_period, layout, listing, plot
from ccinsight.dashboard.cards import Card
from ccinsight.dashboard.store import choices
from ccinsight.dashboard.view import current
from ccinsight.i18n import _

view = current()
customer_id = address.customer_id()
if customer_id not in choices().customers:
    customers = view.report("customers")
    layout.head(_("Which customer?"), view, "customer")
    layout.no_such_customer(customer_id)
    layout.note(_("Choose one customer in the list, or press / and search by name or number."))
    if customers.empty:
        layout.nothing_for_filters(view, _("There are no customers here."))
    else:
        listing.show("customers", headlines.heaviest(customers, "annual_value"), view)
    st.stop()

view = view.only(customer_id)
profile = view.report("customers")
agreements = view.report("agreements")
in_force = headlines.in_force(agreements)
deadlines = view.report("deadlines", days=365)
next_deadline = headlines.first_day(headlines.duties(deadlines)["due_on"])
use = view.report("utilization")
everybody = view.unfiltered().report("utilization")
categories = view.report("tickets_by_category")
meetings = view.report("status_meetings")

layout.head(choices().customers[customer_id], view, "customer")
layout.note(headlines.profile(profile, agreements))
tickets = Card("tickets_12", headlines.total(categories["tickets"]), headlines.year_before(categories))
if headlines.one(profile, "state") == "ended":
    last = last_period.rows(agreements, view.report("agreement_periods"))
    cards.show([*last_period.cards(last), tickets], "customer")
else:
    cards.show(
        [
            Card(
                "arr",
                headlines.total(in_force["annual_value"]),
                headlines.agreements(in_force, "annual_value"),
            ),
            Card("next_deadline", next_deadline or _("none"), headlines.next_duty(deadlines, 365)),
            Card("users", headlines.one(profile, "registered_users"), headlines.licences(use)),
            Card(
                "tickets_per_user",
                headlines.one(use, "tickets_per_user"),
                headlines.against_peers(use, everybody),
            ),
            tickets,
        ],
        "customer",
    )
layout.note(headlines.meeting(meetings))
layout.note(headlines.next_prices(agreements, view.as_of))
plot.show(
    months=lambda: charts.tickets_by_month(view.report("tickets_by_month", months=24), plot.palette()),
    peers=lambda: charts.peers(everybody, customer_id, plot.palette()),
)
tab, place = layout.open_tab(
    {
        "agreements": _("Agreements"),
        "history": _("Period by period"),
        "dates": _("Dates"),
        "tickets": _("Tickets"),
        "contacts": _("Contacts"),
        "users": _("Users"),
        "invoices": _("Invoices"),
        "meetings": _("Meetings"),
    },
    "customer",
    # a link that names a period is about it
    first="history" if st.session_state.get("period") else "agreements",
)
with place:
    match tab:
        case "agreements":
            periods, held = view.report("agreement_periods"), view.report("meetings_list")
            plot.show(
                line=lambda: charts.agreement_line(agreements, periods, held, view.as_of, plot.palette())
            )
            running = headlines.rows_of(agreements, "state", *headlines.IN_FORCE, "upcoming")
            last = last_period.rows(agreements, periods)
            if not running.empty:
                listing.show("agreements", running, view, key="own_agreements", is_part=not last.empty)
            if not last.empty:
                layout.section(_("Ended agreements: the last period"))
                listing.show("agreement_periods", last, view, key="last_periods", is_part=True)
        case "history":
            explain.history(view)
        case "dates":
            listing.show("deadlines", deadlines, view, key="own_deadlines", days=365)
            listing.show("renewals", view.report("renewals", months=12), view, key="own_renewals", months=12)
        case "tickets":
            listing.show("ticket_list", view.report("ticket_list", months=12), view, months=12)
        case "contacts":
            listing.show("contacts", view.report("contacts"), view, key="own_contacts")
        case "users":
            layout.fills_if_missing("user_counts", _("User counts"))
            history = view.report("user_history")
            plot.show(users=lambda: charts.user_history(history, view.as_of, plot.palette()))
            listing.show("user_history", headlines.newest(history, "counted_on"), view)
        case "invoices":
            layout.fills_if_missing("invoices", _("Invoices"))
            listing.show("invoicing", view.report("invoicing"), view)
            listing.show("consulting", view.report("consulting"), view)
            listing.show("invoice_lines", headlines.newest(view.report("invoice_lines"), "issued_on"), view)
        case "meetings":
            layout.fills_if_missing("meetings", _("Status meetings"))
            listing.show("meetings_list", headlines.newest(view.report("meetings_list"), "held_on"), view)
            listing.show("status_meetings", meetings, view, key="own_meetings")
