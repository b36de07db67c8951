"""Status meetings: who is to be met, links to prepare one, decks for several at once."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from ccinsight.brief import file_names
from ccinsight.dashboard.pages.meeting import notes, status
from ccinsight.dashboard.session import address, reads
from ccinsight.dashboard.session.view import View
from ccinsight.dashboard.widgets import layout
from ccinsight.i18n import _, language, ngettext, number, set_language

if TYPE_CHECKING:
    from ccinsight.deck import Files

_LOG = logging.getLogger(__name__)
_TO_MEET = ("overdue", "due")
# Chosen for a start: those whose price-notice deadline has passed or comes within so many days.
_SOON_DAYS = 60
_MOST_CHOSEN = 100
# So many meetings have a link of their own; the others are chosen by name.
_MOST_LINKS = 6
_OTHER = "meeting-other"


def to_meet(meetings: pd.DataFrame) -> pd.DataFrame:
    """The agreements whose meeting is due or overdue, the nearest price-notice deadline first."""
    return meetings[meetings["status"].isin(_TO_MEET)].sort_values(["best_before", "customer_name"])


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
    return list(dict.fromkeys((rows if near.empty else near)["customer_id"]))[:_MOST_CHOSEN]


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
            label=f"{layout.plain(name)} – {status(row, None)}",
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


# ---------------------------------------------------------------- several at once


def prepare_several(meetings: pd.DataFrame, view: View) -> None:
    """Lets customers be chosen and gives a zip with deck and workbook of each."""
    labels = names(in_order(meetings), view)
    chosen = st.multiselect(
        _("Customers to prepare"),
        list(labels),
        default=[key for key in soon(meetings, view) if key in labels],
        format_func=lambda key: labels.get(key, key),
        placeholder=_("Choose customers"),
        key=f"prepare-{view.as_of}-{hash(view.filters)}",
        max_selections=_MOST_CHOSEN,
        help=_("For a start those that are overdue, or whose price-notice deadline is within 60 days."),
    )
    with_annex = st.toggle(
        _("With the internal annex"),
        key="with-annex",
        help=_(
            "Unbilled work, missed price changes and renewal risk, in files of their own. Not for the customer."
        ),
    )
    st.download_button(
        _prepare(len(chosen)),
        partial(_archive, tuple(chosen), view, with_annex, language()),
        file_name=file_names.archive_name(view.as_of),
        mime="application/zip",
        key="prepare",
        icon=":material/slideshow:",
        type="primary",
        on_click="ignore",
        disabled=not chosen,
        help=_("A zip with a PowerPoint deck and an Excel workbook for each customer. About a second each."),
    )


def _prepare(count: int) -> str:
    """What the button says; it counts what it makes, and never nothing."""
    if not count:
        return _("Choose the customers to prepare")
    return ngettext("Prepare {count} meeting", "Prepare {count} meetings", count).format(count=number(count))


def _archive(customers: tuple[str, ...], view: View, with_annex: bool, in_language: str) -> bytes:
    """The files of all the customers; runs on a thread of its own, where no language is set yet."""
    # not before somebody asks for one: PowerPoint's library takes 15 MiB
    from ccinsight import deck

    set_language(in_language)
    made = deck.prepare(reads.warehouse(), view.as_of, view.reader, customers, in_language, with_annex)
    return deck.archive(_logged(made))


def _logged(made: Iterable[Files]) -> Iterable[Files]:
    """The same files, with what went wrong written to the log."""
    for files in made:
        if files.error:
            _LOG.error("brief of customer %s", files.customer_id, exc_info=files.error)
        yield files
