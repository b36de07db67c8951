"""Customer: everything about one customer, for when the phone rings or a status meeting is prepared."""

import streamlit as st

from ccinsight import charts
from ccinsight.dashboard.pages import customer_head, customer_tabs, to_do
from ccinsight.dashboard.session import address, given, reads
from ccinsight.dashboard.session.reads import choices
from ccinsight.dashboard.session.view import current
from ccinsight.dashboard.widgets import cards, chart_view, figures, headlines, layout, report_table
from ccinsight.i18n import _

view = current()
customer_id = address.customer_id()
if customer_id not in choices(view.reader).customers:
    customers = view.report("customers")
    layout.head(_("Which customer?"), view, "customer")
    layout.no_such_customer(customer_id)
    layout.note(_("Choose one customer in the list, or press / and search by name or number."))
    if customers.empty:
        layout.nothing_for_filters(view, _("There are no customers here."))
    else:
        if len(choices(view.reader).partners) < 2:
            customers = customers.drop(columns="partner")
        report_table.show("customers", figures.heaviest(customers, "annual_value"), view)
    given.end()
    st.stop()

view = view.only(customer_id)
agreements, meetings = view.report("agreements"), view.report("status_meetings")
# all customers' first: the customer's own row is then picked from the same rows
everybody, use = reads.peers(view.as_of, view.reader), view.report("peer_tickets")

layout.head(choices(view.reader).customers[customer_id], view, "customer")
customer_head.show(customer_id, view.report("customers"), agreements)
duties = to_do.read(view)
cards.show(customer_head.cards(view, agreements, duties, use, everybody), "customer")
customer_head.links(view, customer_id, meetings, len(view.report("open_tickets")), duties)
layout.note(customer_head.meeting_status(view, customer_id, meetings))
layout.note(headlines.next_prices(agreements, view.as_of))
customer_head.written(view, customer_id)
chart_view.show(
    months=lambda: charts.tickets_by_month(
        view.report("tickets_by_month", months=24), chart_view.palette(), behind="opened_at"
    ),
    choosing={"months": ("tab", lambda _mark: "tickets")},
    tables={"months": "ticket_list"},
    **customer_head.peers(customer_id, use, everybody),
)
customer_tabs.show(view)
