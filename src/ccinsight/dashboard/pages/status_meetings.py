"""Status meetings: who is to be met, and links to prepare one."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from ccinsight.dashboard.pages.meeting import notes, status
from ccinsight.dashboard.session import address, reads
from ccinsight.dashboard.session.view import View
from ccinsight.dashboard.widgets import figures, layout
from ccinsight.dashboard.widgets.cards import Card
from ccinsight.i18n import _, number

_TO_MEET = ("overdue", "due")
# Chosen for a start: those whose price-notice deadline has passed or comes within so many days.
_SOON_DAYS = 60
MOST_CHOSEN = 100
# So many meetings have a link of their own; the others are chosen by name.
_MOST_LINKS = 6
_OTHER = "meeting-other"


def to_meet(meetings: pd.DataFrame) -> pd.DataFrame:
    """The agreements whose meeting is due or overdue, the nearest price-notice deadline first."""
    return meetings[meetings["status"].isin(_TO_MEET)].sort_values(["best_before", "customer_name"])


def cards_to_meet(meetings: pd.DataFrame, view: View) -> list[Card]:
    """The meetings that are overdue and those that are due, each with the deadline that has passed (R12)."""
    overdue, due = (figures.rows_of(meetings, "status", status) for status in _TO_MEET)
    return [
        Card(
            "overdue_meetings",
            len(overdue),
            _("agreements after the termination deadline") if len(overdue) else "",
        ),
        Card("due_meetings", len(due), _late(due, view)),
    ]


def _late(due: pd.DataFrame, view: View) -> str:
    """How many due meetings are late: their price-notice deadline has passed (R12). Empty where none is."""
    count = int((due["best_before"] < pd.Timestamp(view.as_of)).sum())
    if not count:
        return ""
    return _("agreements; {count} after the price-notice deadline").format(count=number(count))


def in_order(meetings: pd.DataFrame) -> pd.DataFrame:
    """All agreements: what is due or overdue first, each part by the price-notice deadline."""
    rank = meetings["status"].map({"overdue": 0, "due": 1, "planned": 2, "held": 3})
    return meetings.assign(_rank=rank).sort_values(["_rank", "best_before"]).drop(columns="_rank")


def soon(meetings: pd.DataFrame, view: View) -> list[str]:
    """The customers to prepare next: overdue, or due with a price-notice deadline that is near or has passed.

    All that are due where none of them is near. A meeting that is noted as held is not among them.
    """
    rows = to_meet(meetings)
    rows = rows[~rows["customer_id"].isin(notes().held(view.as_of))]
    last = pd.Timestamp(view.as_of) + pd.Timedelta(days=_SOON_DAYS)
    near = rows[(rows["status"] == "overdue") | (rows["best_before"] <= last)]
    return list(dict.fromkeys((rows if near.empty else near)["customer_id"]))[:MOST_CHOSEN]


def names(meetings: pd.DataFrame, view: View) -> dict[str, str]:
    """Customer → name, in the order of the rows."""
    known = reads.choices(view.reader).customers
    return {key: known.get(key, key) for key in dict.fromkeys(meetings["customer_id"])}


# ---------------------------------------------------------------- one


def prepare_one(meetings: pd.DataFrame, view: View) -> None:
    """Links to the meetings to hold next, and any other by the customer's name."""
    rows = in_order(meetings).drop_duplicates("customer_id")
    next_ones = rows[rows["status"].isin(_TO_MEET) & ~rows["customer_id"].isin(notes().held(view.as_of))]
    for row in next_ones.head(_MOST_LINKS).to_dict("records"):
        name = row["customer_name"] or row["customer_id"]
        st.page_link(
            "pages/meeting.py",
            label=f"{layout.plain(name)} – {status(row, None, view.as_of)}",
            icon=":material/event_note:",
            query_params=address.parameters("meeting", id=row["customer_id"]),
        )
    labels = names(rows, view)
    st.selectbox(
        _("Customer to meet"),
        list(labels),
        index=None,
        format_func=lambda key: labels.get(key, key),
        placeholder=_("Find another customer"),
        key=_OTHER,
        on_change=_go_to_other,
    )


def _go_to_other() -> None:
    if chosen := st.session_state.get(_OTHER):
        address.go_to_customer(chosen, "meeting")
