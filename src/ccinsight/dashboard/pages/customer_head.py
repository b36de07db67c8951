"""The head of a customer's page: how it stands in words and colour, what comes next, and what leads on from it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from ccinsight import charts
from ccinsight.dashboard.pages import customer_last_period, meeting, to_do
from ccinsight.dashboard.session.view import View
from ccinsight.dashboard.widgets import chart_view, downloads, figures, headlines, layout
from ccinsight.dashboard.widgets.cards import Card
from ccinsight.i18n import _, day, is_unknown, ngettext, number
from ccinsight.notes.duties import VERDICT
from ccinsight.registry import label_of


def standing(agreements: pd.DataFrame) -> tuple[str, str]:
    """How it stands with the customer's agreements (R4), and the colour that this has on every page."""
    in_force = figures.in_force(agreements)
    ending = figures.rows_of(in_force, "state", "terminating")
    upcoming = figures.rows_of(agreements, "state", "upcoming")
    if len(ending) and len(ending) == len(in_force):
        return _("Terminated: ends {day}").format(day=day(ending["ends_on"].max())), "orange"
    if len(ending):
        first = ending.sort_values("ends_on").iloc[0]
        text = _("In force; agreement {agreement} is terminated and ends {day}")
        return text.format(agreement=first["agreement_id"], day=day(first["ends_on"])), "orange"
    if len(in_force):
        return label_of("state", "active"), "blue"
    if len(upcoming):
        return _("Upcoming from {day}").format(day=day(upcoming["subscribed_on"].min())), "violet"
    if len(agreements):
        return _("Ended {day}").format(day=day(agreements["ends_on"].max())), "gray"
    return _("No agreement"), "gray"


def show(customer_id: str, profile: pd.DataFrame, agreements: pd.DataFrame) -> None:
    """Status, numbers and account manager in a line."""
    if profile.empty:
        layout.note(_("Nothing was known of this customer on the day."))
        return
    text, colour = standing(agreements)
    row = profile.iloc[0]
    organisation = row["org_number"]
    since = figures.first_day(agreements["subscribed_on"])
    # after the end nobody counts its users
    is_counted = row["state"] not in ("ended", "none") or row["user_band"] != "unknown"
    parts = [
        _("Customer {id}").format(id=customer_id),
        "" if is_unknown(organisation) else _("org. no. {number}").format(number=organisation),
        _("account manager: {name}").format(name=headlines.shown(row["account_manager"])),
        headlines.users_of(row["user_band"]) if is_counted else "",
        _("customer since {day}").format(day=day(since)) if since and row["state"] != "upcoming" else "",
    ]
    said = " · ".join(layout.plain(part) for part in parts if part)
    st.markdown(f":{colour}-badge[{layout.plain(text)}]  {said}")


def cards(
    view: View, agreements: pd.DataFrame, duties: pd.DataFrame, use: pd.DataFrame, everybody: pd.DataFrame
) -> list[Card]:
    """What comes next and what it is worth, then use; of an ended customer its last period, marked so."""
    profile, categories = view.report("customers"), view.report("tickets_by_category")
    tickets = Card("tickets_12", figures.total(categories["tickets"]), headlines.year_before(categories))
    if figures.one(profile, "state") == "ended":
        last = customer_last_period.rows(agreements, view.report("agreement_periods"))
        return [*customer_last_period.cards(last), tickets]
    in_force = figures.in_force(agreements)
    return [
        _next_duty(duties, view.as_of),
        Card("arr", figures.total(in_force["annual_value"]), headlines.agreements(in_force, "annual_value")),
        Card("users", figures.one(profile, "registered_users"), headlines.licences(use)),
        Card(
            "tickets_per_user",
            figures.one(use, "tickets_per_user"),
            headlines.against_peers(use, everybody),
        ),
        tickets,
    ]


def peers(
    customer_id: str, use: pd.DataFrame, everybody: pd.DataFrame
) -> dict[str, Callable[[], charts.Chart]]:
    """The chart of the customer among those of its size; none where these are too few to be shown to the reader."""
    is_known = not is_unknown(figures.one(use, "tickets_per_user"))
    if is_known and is_unknown(figures.one(use, "percentile")):
        return {}
    return {"peers": lambda: charts.peers(everybody, customer_id, chart_view.palette())}


def _next_duty(duties: pd.DataFrame, as_of: date) -> Card:
    """The first open duty (R14): its last day, what it is and how many days are left.

    Where that is overdue it is called so, and the next one to come stands beside it.
    """
    rows = to_do.still_open(duties)
    if rows.empty:
        return Card("next_duty", _("none"))
    row = rows.iloc[0]
    kind = label_of("duty_kind", row["kind"])
    if is_unknown(row["last_day"]):
        return Card("next_duty", _("any day"), kind)
    left = int(row["days_left"])
    text = (
        ngettext("{count} day left", "{count} days left", left)
        if left >= 0
        else ngettext("{count} day overdue", "{count} days overdue", -left)
    )
    note = f"{kind}, {text.format(count=number(abs(left)))}"
    if left >= 0:
        return Card("next_duty", row["last_day"].date(), note)
    coming = rows[rows["last_day"] >= pd.Timestamp(as_of)]
    if len(coming):
        after = coming.iloc[0]
        note += "; " + _("next: {duty} {day}").format(
            duty=label_of("duty_kind", after["kind"]), day=day(after["last_day"])
        )
    return Card("next_duty", row["last_day"].date(), note, label=_("Longest overdue"))


def links(
    view: View, customer_id: str, meetings: pd.DataFrame, open_tickets: int, duties: pd.DataFrame
) -> None:
    """What leads on from here: the status meeting, its files, open tickets, risk, a verdict due, the calendar."""
    at = meeting.meeting(meetings, customer_id, view)
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="customer-links"):
        if at:
            layout.page_link(
                "meeting", _("Prepare the status meeting"), ":material/event_note:", id=customer_id
            )
            with st.popover(_("Files for the meeting"), icon=":material/slideshow:", type="tertiary"):
                meeting.downloads(at)
        if open_tickets:
            label = ngettext("{count} open ticket", "{count} open tickets", open_tickets)
            st.button(
                label.format(count=number(open_tickets)),
                icon=":material/support_agent:",
                type="tertiary",
                key="to-open-tickets",
                on_click=_open_tab,
                args=("tickets",),
            )
        if at:
            layout.page_link("risk", _("Renewal risk"), ":material/trending_down:", scored=customer_id)
        waiting = figures.rows_of(duties, "kind", VERDICT)
        if len(waiting):
            layout.page_link(
                "risk",
                _("Give a verdict on the renewal"),
                ":material/gavel:",
                risk="verdicts",
                verdict=waiting["agreement_id"].iloc[0],
            )
        # an agreement in force has dates to come
        downloads.calendar(view, 365, only_if_any=not at)


def meeting_status(view: View, customer_id: str, meetings: pd.DataFrame) -> str:
    """How it stands with the status meeting, also where a person noted that it was held; empty without an agreement."""
    if meetings.empty:
        return ""
    row = meetings.sort_values("best_before").iloc[0].to_dict()
    text = meeting.status(row, meeting.notes().agenda(customer_id, view.as_of), view.as_of)
    return _("Status meeting: {status}").format(status=text)


def _open_tab(name: str) -> None:
    st.session_state["tab"] = name


def written(view: View, customer_id: str) -> None:
    """What was agreed last time and what is noted for the coming meeting, where there is anything."""
    notes = meeting.notes()
    agreed, now = notes.agreed_last_time(customer_id, view.as_of), notes.agenda(customer_id, view.as_of)
    texts: list[tuple[str, Any]] = [
        (
            _("Agreed last time, {day}").format(day=day(agreed.held_on or agreed.written_for))
            if agreed
            else "",
            agreed and agreed.agreed,
        ),
        (_("Agreed"), now and now.agreed),
        (f"{_('Notes')} – {meeting.internal()}", now and now.notes),
    ]
    there = [(label, text) for label, text in texts if text]
    if there:
        with layout.fold(_("Notes and what was agreed")):
            for label, text in there:
                layout.written(label, text)
