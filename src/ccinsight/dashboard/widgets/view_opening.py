"""Saved views in a session: what is chosen now, and a view opened again on its page.

A link ``/renewals?view=17`` opens a view too, and the address becomes the page's own. What the reader may not see, or
what is gone, is named on the page as it is for any link.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import streamlit as st

from ccinsight.dashboard import navigation
from ccinsight.dashboard.navigation import ID, PAGES
from ccinsight.dashboard.session import address, keys, paths, reads
from ccinsight.dashboard.session import reader as session_reader
from ccinsight.dashboard.session.link_values import (
    AS_OF,
    SavedQuery,
    customer_named,
    last,
    read_day,
    read_filters,
)
from ccinsight.dashboard.widgets import table_states, view_subjects
from ccinsight.errors import CcinsightError
from ccinsight.i18n import _
from ccinsight.notes.saved_views import Contents, SavedView, SavedViews, Sight

# The parameter of a link that opens a saved view.
VIEW = "view"


@dataclass(frozen=True)
class _Asked:
    """A view that is being opened: its page, what the page is to say isn't there, and what its tables are to show."""

    view_id: int
    page: str
    unknown: tuple[str, ...]
    choices: Mapping[str, Any]


def store() -> SavedViews:
    """The views that the reader of this run may see. Raises CcinsightError for somebody who has signed out."""
    who = session_reader.current()
    sight = None
    if not who.sees_all:
        choices = reads.choices(who)
        sight = Sight(frozenset(choices.customers), frozenset(choices.account_managers))
    return SavedViews(
        reads.database_path(), who, sight, is_administrator=navigation.shows_whole_database(who)
    )


def read() -> None:
    """For the router: the views that the reader of this run may see; none where the notes can't be read."""
    try:
        st.session_state[keys.VIEWS] = store().all()
    except CcinsightError:
        st.session_state[keys.VIEWS] = []


def views() -> list[SavedView]:
    """Those that ``read`` found, by name."""
    found: list[SavedView] = st.session_state.get(keys.VIEWS, [])
    return found


def contents(page: str, *, name: str, stays_on_day: bool) -> Contents:
    """What the page shows now, to be saved under the name: as the address says it, and its tables."""
    own = (ID,) if ID in st.query_params else address.FILTERS  # filters don't limit a page about one customer
    names = [*own, *(each for each in PAGES[page].parameters if each not in own)]
    parameters = {each: texts for each in names if (texts := st.query_params.get_all(each))}
    if stays_on_day:
        parameters[AS_OF] = [address.as_of(st.session_state[keys.TODAY]).isoformat()]
    choices = table_states.kept()
    return Contents(page, parameters, choices, view_subjects.of(name, parameters, choices))


def named(view: SavedView, name: str) -> Contents:
    """A view's contents with whom it names under another name."""
    held = view.contents
    subjects = view_subjects.of(name, held.parameters, held.choices)
    return Contents(held.page, held.parameters, held.choices, subjects)


def link(view: SavedView) -> str:
    """The address that opens a view, to send to those who may see it."""
    return f"{paths.root()}/{paths.path(view.contents.page)}?{VIEW}={view.view_id}"


def follow(page: str) -> None:
    """For the router: opens the view that the address names, and lets it give way to the page's own."""
    if VIEW not in st.query_params:
        return
    value = st.query_params[VIEW]
    if re.fullmatch(r"\d{1,18}", value, re.ASCII):  # what the notes can count to
        open_view(int(value))
    else:
        address.name_unknown(_("the saved view “{value}”").format(value=value))
    address.mend_query(address.asked_page() or page)


def open_view(view_id: int) -> None:
    """For callbacks: goes to a view's page and chooses what the view says."""
    state = st.session_state
    try:
        found = store().find(view_id)
    except CcinsightError as error:
        state[keys.VIEW_RESULT] = error, None
        return
    if found is None:
        address.name_unknown(_("the saved view “{value}”").format(value=view_id))
        return
    who, page = session_reader.current(), found.contents.page
    if page not in PAGES or not navigation.is_open_to(who, page):
        state[keys.VIEW_RESULT] = (
            CcinsightError(
                _(
                    "The page of the view {name} isn't here any more. Delete the view, or save it again."
                ).format(name=found.name)
            ),
            None,
        )
        return
    unknown: list[str] = []
    values = _values(found.contents, reads.choices(who), unknown)
    address.go(page, **values)
    state[keys.VIEW_ASKED] = _Asked(view_id, page, tuple(unknown), found.contents.choices)


def arrive(page: str) -> None:
    """For the router, before the page is drawn: what a view that was asked for chose of the page's tables."""
    state = st.session_state
    table_states.begin()
    asked: _Asked | None = state.get(keys.VIEW_ASKED)
    if asked is None or asked.page != page:
        return
    del state[keys.VIEW_ASKED]
    state[keys.VIEW_SHOWN] = asked.view_id
    for phrase in asked.unknown:
        address.name_unknown(phrase)
    table_states.restore(asked.choices)


def _values(held: Contents, choices: reads.Choices, unknown: list[str]) -> dict[str, Any]:
    """What ``address.go`` is to set: all filters, the day, and all parameters of the page."""
    query = SavedQuery(held.parameters)
    own = PAGES[held.page].parameters
    values: dict[str, Any] = {
        AS_OF: read_day(st.session_state[keys.TODAY], unknown, query),
        **read_filters(choices, unknown, query),
    }
    for name, parameter in own.items():
        value = last(query, name)
        if value and parameter.values and value not in parameter.values:
            unknown.append(f"{name}={value}")
            value = None
        values[name] = value
    unknown += [
        f"{name}={last(query, name)}" for name in held.parameters if name not in own and name not in values
    ]
    if values.get(ID):
        values[ID] = customer_named(values[ID], choices) or values[ID]
    return values


def page_title(view: SavedView) -> str:
    """The title of a view's page; "" for one that is gone."""
    page = PAGES.get(view.contents.page)
    return _(page.title) if page else ""
