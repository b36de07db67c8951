"""The bar above every page: the day, the filters in force, each to be taken off, a picker for more, a link to share."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import streamlit as st

from ccinsight.dashboard.session import address, data_span, given, keys, printing
from ccinsight.dashboard.session.link_values import BAND, CUSTOMER, MANAGER, PARTNER
from ccinsight.dashboard.session.reads import Choices
from ccinsight.dashboard.session.view import View
from ccinsight.dashboard.widgets import headlines, layout, my_customers, saved_views
from ccinsight.i18n import _, day, ngettext

# Customers named one by one; more are one entry.
_NAMED = 3
# Two lists beside each other on a phone would cut their values off.
_NARROWEST = 200


def show(page: str, view: View, choices: Choices) -> None:
    """Draws the bar. A page about one customer isn't limited by filters, and shows none."""
    has_filters = address.customer_id() not in choices.customers
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="bar"):
        st.markdown(_day_badge(view), width="content")
        if not view.is_today:
            st.button(
                _("Back to today"),
                type="tertiary",
                icon=":material/today:",
                on_click=address.go,
                args=(page,),
                kwargs={"as_of": view.today},
            )
        if has_filters:
            _chips(view, choices)
            my_customers.offer(view)
            st.button(
                _("Filter"),
                type="tertiary",
                icon=":material/filter_alt:",
                key="open-filters",
                on_click=_turn,
                args=(page,),
            )
        saved_views.button(page)
        with st.popover(_("Share"), icon=":material/link:", type="tertiary"):
            st.caption(_("A link to this page as it is now, with day and filters."))
            st.code(address.link(page), language=None, wrap_lines=True)
        st.link_button(
            _("Print"),
            address.link(page, print=printing.ON),
            icon=":material/print:",
            type="tertiary",
            help=_("Opens this page for paper: every row of its tables, A4, without menus."),
        )
        hint = _("Long tables have only some of their rows here. Print above the page prints them all.")
        st.html(f'<p class="only-printed">{hint}</p>')
    if has_filters and st.session_state.get(keys.FILTERS_OPEN) == page:
        _lists(choices)
    saved_views.panel(page, view)


def _turn(page: str) -> None:
    """Opens the lists of filters, or closes them.

    They are no popover: it would run the page at each close, also when a click elsewhere closes it, and the run would
    overtake the one of a page chosen in the navigation.
    """
    st.session_state[keys.FILTERS_OPEN] = None if st.session_state.get(keys.FILTERS_OPEN) == page else page


def day_texts(view: View) -> list[str]:
    """The day that the page is about, and up to which day there are data where that is earlier."""
    text = _("As of {day}, today") if view.is_today else _("As of {day}, not today")
    newest = data_span.newest()
    # the head warns where that is long ago
    until = [_("data up to {day}").format(day=day(newest))] if newest and newest < view.as_of else []
    return [text.format(day=day(view.as_of)), *until]


def _day_badge(view: View) -> str:
    as_of, *until = map(layout.plain, day_texts(view))
    colour = "gray" if view.is_today else "orange"
    return " ".join([f":{colour}-badge[{as_of}]", *(f":gray-badge[{text}]" for text in until)])


def _chips(view: View, choices: Choices) -> None:
    """The filters in force, each with a button that takes it off."""
    filters = view.filters
    for key in filters.customers[:_NAMED]:
        _chip(CUSTOMER, choices.customers.get(key, key), (key,))
    if rest := filters.customers[_NAMED:]:
        text = ngettext("{count} more customer", "{count} more customers", len(rest))
        _chip(CUSTOMER, text.format(count=len(rest)), rest)
    for partner in filters.partners:
        _chip(PARTNER, partner, (partner,))
    for manager in filters.account_managers:
        _chip(MANAGER, my_customers.label(manager), (manager,))
    for band in filters.user_bands:
        _chip(BAND, headlines.users_of(band), (band,))
    if len(filters.customers + filters.account_managers + filters.user_bands + filters.partners) > 1:
        st.button(
            _("Reset all"),
            type="tertiary",
            icon=":material/filter_alt_off:",
            key="reset-filters",
            on_click=address.reset_filters,
        )


def _chip(name: str, text: str, values: tuple[str, ...]) -> None:
    st.button(
        layout.plain(text),
        icon=":material/close:",
        icon_position="right",
        key=f"drop-{name}-{values[0]}",
        help=_("Remove this filter"),
        on_click=address.drop_filter,
        args=(name, values),
    )


def _lists(choices: Choices) -> None:
    """The lists to choose from, drawn only while they are open: customers are many."""
    with st.grid(4, min_column_width=_NARROWEST, gap="small", key="filter-lists") as grid:
        with grid.cell():
            my_customers.choose(choices.account_managers)
        with grid.cell():
            _several(MANAGER, _("Account manager"), choices.account_managers)
        with grid.cell():
            _several(
                BAND,
                _("User band"),
                choices.user_bands,
                label_of=lambda band: _("unknown") if band == "unknown" else band,
                help_text=_("Customers by number of registered users."),
            )
        with grid.cell():
            _several(
                CUSTOMER,
                _("Customer"),
                tuple(choices.customers),
                label_of=lambda key: choices.customers.get(key, key),
            )
        if choices.partners:
            with grid.cell():
                _several(PARTNER, _("Partner"), choices.partners)


def _several(
    name: str,
    label: str,
    options: tuple[str, ...],
    label_of: Callable[[str], str] = str,
    help_text: str | None = None,
) -> None:
    """A list of a filter. Its values stay in the state under the filter's name when the list isn't drawn."""
    chosen = list(st.session_state.get(name) or [])
    given.give(f"pick-{name}", chosen, "\n".join(map(label_of, chosen)))
    st.multiselect(
        label,
        [*options, *(value for value in chosen if value not in options)],  # one that an import took away
        format_func=label_of,
        key=f"pick-{name}",
        placeholder=_("All"),
        filter_mode="contains",
        select_all=False,
        help=help_text,
        on_change=partial(_pick, name),
    )


def _pick(name: str) -> None:
    address.set_filter(name, st.session_state[f"pick-{name}"])
