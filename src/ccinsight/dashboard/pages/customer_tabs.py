"""The tabs of a customer's page. The open one stands in the address."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import streamlit as st

from ccinsight import charts
from ccinsight.dashboard.pages import contacts, customer_last_period, termination_reasons, to_do
from ccinsight.dashboard.session import address, printing
from ccinsight.dashboard.session.view import View
from ccinsight.dashboard.widgets import (
    chart_filter,
    chart_view,
    explanation,
    figures,
    layout,
    report_table,
)
from ccinsight.i18n import _


def show(view: View) -> None:
    """Lets a tab be chosen and draws it."""
    labels = {
        "agreements": _("Agreements"),
        "duties": _("To do"),
        "history": _("Period by period"),
        "dates": _("Dates"),
        "tickets": _("Tickets"),
        "contacts": _("Contacts"),
        "users": _("Users"),
        "invoices": _("Invoices"),
        "meetings": _("Meetings"),
    }
    if st.session_state.get("tab") not in labels:
        # a link that names a period is about it
        address.set_default("tab", "history" if st.session_state.get("period") else "agreements")
    if printing.is_on():
        layout.section(labels[st.session_state["tab"]])
    else:
        st.segmented_control(
            _("What to show"),
            list(labels),
            format_func=labels.__getitem__,
            key="tab",
            required=True,
            label_visibility="collapsed",
        )
    _TABS[st.session_state["tab"]](view)


def _agreements(view: View) -> None:
    agreements, periods = view.report("agreements"), view.report("agreement_periods")
    held = view.report("meetings_list")
    chart_view.show(
        line=lambda: charts.agreement_line(agreements, periods, held, view.as_of, chart_view.palette()),
        tables={"line": ("own_agreements", "last_periods")},
    )
    running = figures.rows_of(agreements, "state", *figures.IN_FORCE, "upcoming")
    last = customer_last_period.rows(agreements, periods)
    if not running.empty:
        report_table.show(
            "agreements", without_renewal(running), view, key="own_agreements", is_part=not last.empty
        )
    if not last.empty:
        layout.section(_("Ended agreements: the last period"))
        report_table.show("agreement_periods", last, view, key="last_periods", is_part=True)
    terminated = agreements[agreements["ends_on"].notna()]
    if not terminated.empty:
        layout.section(_("Why was the agreement terminated?"))
        termination_reasons.ask(terminated, view, "customer")


def without_renewal(agreements: pd.DataFrame) -> pd.DataFrame:
    """The agreements, those that end with their period without the dates of a renewal that won't come."""
    ends = agreements["ends_on"].notna() & (agreements["ends_on"] == agreements["period_end"])
    dates = ["renewal_on", "price_notice_deadline", "termination_deadline"]
    return agreements.assign(**{name: agreements[name].mask(ends) for name in dates})


def _duties(view: View) -> None:
    rows = to_do.still_open(to_do.read(view))
    if rows.empty:
        layout.nothing(_("There is nothing to do for this customer."))
    to_do.show_lines(rows, view)


def _history(view: View) -> None:
    explanation.history(view)


def _dates(view: View) -> None:
    layout.section(_("Dates in the next twelve months"))
    report_table.show("deadlines", view.report("deadlines", days=365), view, key="own_deadlines", days=365)
    renewals = view.report("renewals", months=12)
    renewing = renewals[renewals["renewal_status"] != "ending"]
    if not renewing.empty:
        layout.section(_("Renewals in the next twelve months"))
        is_part = len(renewing) < len(renewals)
        report_table.show("renewals", renewing, view, key="own_renewals", is_part=is_part, months=12)


def _tickets(view: View) -> None:
    opened = view.report("open_tickets")
    if not opened.empty:
        layout.section(_("Open tickets, oldest first"))
        report_table.show("open_tickets", opened, view)
    months = 24 if chart_filter.chosen("ticket_list") else 12
    if months == 24:
        layout.section(_("Which tickets did you choose in the chart?"))
    elif not opened.empty:
        layout.section(_("Tickets in the last twelve months"))
    report_table.show("ticket_list", view.report("ticket_list", months=months), view, months=months)


def _contacts(view: View) -> None:
    contacts.show(view, "own_contacts", rows=50)


def _users(view: View) -> None:
    layout.fills_if_missing("user_counts", _("User counts"))
    history = view.report("user_history")
    chart_view.show(
        users=lambda: charts.user_history(history, view.as_of, chart_view.palette()),
        tables={"users": "user_history"},
    )
    report_table.show("user_history", figures.newest(history, "counted_on"), view)


def _invoices(view: View) -> None:
    layout.fills_if_missing("invoices", _("Invoices"))
    report_table.show("invoicing", view.report("invoicing"), view)
    report_table.show("consulting", view.report("consulting"), view)
    report_table.show("invoice_lines", figures.newest(view.report("invoice_lines"), "issued_on"), view)


def _meetings(view: View) -> None:
    layout.fills_if_missing("meetings", _("Status meetings"))
    report_table.show("meetings_list", figures.newest(view.report("meetings_list"), "held_on"), view)
    report_table.show("status_meetings", view.report("status_meetings"), view, key="own_meetings")


_TABS: dict[str, Callable[[View], None]] = {
    "agreements": _agreements,
    "duties": _duties,
    "history": _history,
    "dates": _dates,
    "tickets": _tickets,
    "contacts": _contacts,
    "users": _users,
    "invoices": _invoices,
    "meetings": _meetings,
}
