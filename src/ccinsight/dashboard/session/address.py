"""The address: filters, day and language in the URL, links that carry them, and what in a link doesn't exist.

Streamlit's own binding puts a select box's labels in the URL, silently drops a bad value and leaves a
default out. Customers have ids, a link must say what is wrong with it and must carry the day, so the
address is kept here: read when a link is opened, a page link is followed or the browser goes back; written
when a filter has changed.

Each action of a person is one entry in the browser's history. Streamlit gives a page that is chosen in the navigation
an entry with the query that it was last sent, so the query is sent before the navigation is drawn (``_keep_query``):
what is written after it would be a second entry.
"""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from datetime import date
from urllib.parse import parse_qs, urlencode

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from ccinsight.dashboard.navigation import DEFAULTS, ID, PAGES, PARAMETERS
from ccinsight.dashboard.session import keys, paths
from ccinsight.dashboard.session.link_values import (
    AS_OF,
    BAND,
    CUSTOMER,
    LANGUAGE,
    MANAGER,
    PARTNER,
    customer_named,
    read_day,
    read_filters,
    read_page_parameter,
)
from ccinsight.dashboard.session.reads import Choices
from ccinsight.database.scope import Filters
from ccinsight.i18n import DEFAULT_LANGUAGE, LANGUAGES, _

Parameters = dict[str, list[str]]

FILTERS = (CUSTOMER, MANAGER, BAND, PARTNER)
_WIDGETS = (*FILTERS, AS_OF, LANGUAGE)
# In place of a page's name: the page that the navigation opens, which isn't known yet.
_ANY = "*"
_HOLD_SECONDS = 1.0
# Until when it holds, the page asked for, the values to set, the script hash of the page that was left.
_NOT_HELD: tuple[float, str | None, dict[str, object], str | None] = (0.0, None, {}, None)


def follow(today: date) -> bool:
    """True where the address says what to show in this run; False where the widgets do.

    A day that was today's follows the calendar when today has passed, until someone sets it.
    """
    state = st.session_state
    ctx = get_script_run_ctx()
    page = ctx.page_script_hash if ctx else ""
    # a run that could not draw the filters lost them, for Streamlit forgets what isn't drawn; the address doesn't
    is_first = keys.TODAY not in state or LANGUAGE not in state or bool(state.get(keys.AGAIN))
    went_back = _goes_back()
    if went_back:
        state.pop(keys.HELD, None)  # whoever goes back no longer wants what was clicked a moment ago
    other_page = not is_first and state.get(keys.PAGE) != page
    changed_page = other_page and bool(st.query_params)
    is_sent = bool(state.pop(keys.ARRIVING, False)) and not went_back
    if other_page:
        forget_unknown()
        if not is_sent and page != state.get(keys.HELD, _NOT_HELD)[3]:
            state.pop(keys.HELD, None)  # a third page was chosen: no late click of the page that `go` left
    if not is_first and state.get(AS_OF) == state[keys.TODAY] != today:
        state[AS_OF] = today
    state[keys.PAGE], state[keys.TODAY] = page, today
    if other_page and not went_back and not st.query_params and not asked_page():
        state.pop(ID, None)
        _keep_query(today)
    return not _hold(is_sent=is_sent) and (is_first or went_back or changed_page)


def _keep_query(today: date) -> None:
    """Sends the query of the page that is left again, for the page that is opened; for a run before its navigation.

    The browser has it already, but for filters that were chosen a moment ago: then the page that is left gets an entry
    with them first, to which the browser can go back. A run that was interrupted right after ``write`` sent them left
    no trace in the session: the browser takes the same query, in the same order, for no change.
    """
    state = st.session_state
    known, chosen = state.get(keys.QUERY, ""), _filter_texts(today)
    query = parse_qs(known, keep_blank_values=True)
    if query.keys() & PARAMETERS.keys():
        state[keys.SWITCHED] = _ANY
    if chosen != state.get(keys.WRITTEN):
        st.query_params.from_dict(
            chosen | {name: texts for name, texts in query.items() if name in PARAMETERS}
        )
    elif query and urlencode(query, doseq=True) == known:
        st.query_params.from_dict(query)


def _filter_texts(today: date) -> Parameters:
    """What the address says of the filters, the day and the language as the widgets have them, in its order."""
    return parameters("", **({"as_of": None} if as_of(today) == today else {}))


def follow_again(*, later: bool) -> None:
    """Whether the next run is to follow the address, because this one could not draw the filters."""
    st.session_state[keys.AGAIN] = later


def language(*, follows_link: bool) -> str:
    """The language of this run: the address's where a link is followed, else the one in use."""
    state = st.session_state
    return read_language() if follows_link else str(state.get(LANGUAGE) or DEFAULT_LANGUAGE)


def read_language() -> str:
    """The address's language where it names one of ours, else the one in use. After a run without filters the
    control was drawn all the same, and goes first.
    """
    state = st.session_state
    named = st.query_params.get(LANGUAGE, "")
    if state.get(keys.AGAIN) and state.get(LANGUAGE):
        named = state[LANGUAGE]
    return named if named in LANGUAGES else str(state.get(LANGUAGE) or DEFAULT_LANGUAGE)


def read(page: str, today: date, choices: Choices) -> None:
    """Puts what the address says into the widgets' state, and remembers what it says that doesn't exist.

    A filter that was chosen a moment ago, after the link was drawn, holds.
    """
    state = st.session_state
    unknown: list[str] = []
    chosen = {name: state.get(name) for name in _chosen_since(today)}
    state[LANGUAGE] = read_language()
    named_language = st.query_params.get(LANGUAGE, "")
    if named_language and named_language not in LANGUAGES:
        unknown.append(_("the language “{value}”").format(value=named_language))
    state[AS_OF] = read_day(today, unknown)
    state.update(read_filters(choices, unknown))
    for name, parameter in PARAMETERS.items():
        if _goes_back() and _owns(page, name) and name not in st.query_params:
            _unset(name)
        read_page_parameter(name, parameter.values, unknown)
    _read_id(page, choices)
    state.update(chosen)
    if chosen:
        state[keys.SWITCHED] = page
    state[keys.UNKNOWN] = unknown


def _read_id(page: str, choices: Choices) -> None:
    """The customer that the page is about; an older link names it in the filter. One that doesn't exist stays."""
    state = st.session_state
    if not _owns(page, ID):
        state.pop(ID, None)
    elif named := st.query_params.get(ID):
        state[ID] = customer_named(named, choices) or named
    elif not _goes_back() and len(st.query_params.get_all(CUSTOMER)) == len(state[CUSTOMER]) == 1:
        (state[ID],), state[CUSTOMER] = state[CUSTOMER], []
    else:
        state.pop(ID, None)


def _goes_back() -> bool:
    ctx = get_script_run_ctx()
    return bool(ctx and getattr(ctx, "is_history_navigation", False))


def _unset(name: str) -> None:
    """A control of the page as it is when nobody has set it."""
    if name in DEFAULTS:
        st.session_state[name] = DEFAULTS[name]
    else:
        st.session_state.pop(name, None)


def _chosen_since(today: date) -> list[str]:
    """The filters that were changed after the link that is followed was drawn: the link has what they were before."""
    state = st.session_state
    if keys.WRITTEN not in state or _goes_back() or state.get(keys.AGAIN):  # a run without filters lost them
        return []
    until, before = state.get(keys.WRITTEN_BEFORE, (0.0, {}))
    drawn = [state[keys.WRITTEN], *([before] if time.monotonic() < until else [])]
    now = _filter_texts(today)
    named = {name: st.query_params.get_all(name) for name in _WIDGETS}
    return [
        name
        for name in _WIDGETS
        if now.get(name, []) != named[name] and any(each.get(name, []) == named[name] for each in drawn)
    ]


def unknown_values() -> list[str]:
    """What the link that was opened says that doesn't exist, as phrases for a sentence."""
    found: list[str] = st.session_state.get(keys.UNKNOWN, [])
    return found


def name_unknown(phrase: str) -> None:
    """A page found something in the link that it can't read: it is named in the page's head, until a filter changes."""
    if phrase not in unknown_values():
        st.session_state[keys.UNKNOWN] = [*unknown_values(), phrase]


def forget_unknown() -> None:
    """A filter was changed by hand: what the link said no longer matters. For callbacks."""
    st.session_state[keys.UNKNOWN] = []


def as_of(today: date) -> date:
    """The day that the date box holds; today where it was emptied."""
    chosen: date | None = st.session_state.get(AS_OF)
    return chosen or today


def filters() -> Filters:
    """The filters in force."""
    state = st.session_state
    return Filters(
        customers=tuple(state.get(CUSTOMER) or ()),
        account_managers=tuple(state.get(MANAGER) or ()),
        user_bands=tuple(state.get(BAND) or ()),
        partners=tuple(state.get(PARTNER) or ()),
    )


def set_filter(name: str, values: Sequence[str]) -> None:
    """For callbacks: what a filter is limited to; nothing: all."""
    st.session_state[name] = list(values)
    forget_unknown()


def drop_filter(name: str, values: Sequence[str]) -> None:
    """For callbacks: takes these values off a filter."""
    set_filter(name, [value for value in st.session_state.get(name) or () if value not in values])


def reset_filters() -> None:
    """For callbacks: takes all filters off."""
    for name in FILTERS:
        set_filter(name, ())


def says_nothing() -> bool:
    """True where the address that is followed names neither a day nor filters nor anything of a page."""
    return not st.query_params.keys() & {*FILTERS, AS_OF, *PARAMETERS}


def parameters(page: str, **changes: object) -> Parameters:
    """What a link to the page says: the day always, the filters, the language where it isn't Norwegian.

    Changes are by parameter with ``_`` for ``-``; None leaves a parameter out.
    """
    state = st.session_state
    values: dict[str, object] = {AS_OF: as_of(state[keys.TODAY])}
    values |= {name: state.get(name) for name in FILTERS}
    values[LANGUAGE] = None if state.get(LANGUAGE) == DEFAULT_LANGUAGE else state.get(LANGUAGE)
    values |= {name: state.get(name) for name in (PAGES[page].parameters if page else ())}
    values |= {name.replace("_", "-"): value for name, value in changes.items()}
    return {name: _texts(value) for name, value in values.items() if value not in (None, "", [], ())}


def _texts(value: object) -> list[str]:
    if isinstance(value, (list, tuple)):
        return [str(each) for each in value]
    return [value.isoformat() if isinstance(value, date) else str(value)]


def link(page: str, **changes: object) -> str:
    """The address of a page with all it shows, to send to a colleague: always with the day."""
    found = parameters(page, **changes)
    if ID in found:  # the filters don't limit a page about one customer
        found = {name: texts for name, texts in found.items() if name not in FILTERS}
    return f"{paths.root()}/{paths.path(page)}?{urlencode(found, doseq=True)}"


def write(page: str, today: date) -> None:
    """Puts the filters in the browser's address. Today stays out, so that a bookmark follows the calendar."""
    # known for sure only now: before the first st.navigation of a session the run has no page yet
    ctx = get_script_run_ctx()
    state = st.session_state
    state[keys.PAGE] = ctx.page_script_hash if ctx else ""
    if not _owns(page, ID):
        state.pop(ID, None)
    wanted = parameters(page, **({"as_of": None} if as_of(today) == today else {}))
    present = {name: st.query_params.get_all(name) for name in st.query_params}
    current = {name: texts for name, texts in present.items() if _owns(page, name) or name not in PARAMETERS}
    for name in PARAMETERS:
        if name in wanted and name not in current and wanted[name] == _unset_texts(name):
            del wanted[name]
    query = ctx.query_string if ctx else ""
    if state.pop(keys.SWITCHED, None) in (page, _ANY) and wanted != present:
        query = urlencode(wanted, doseq=True)
        _replace_query(query)
    elif wanted != current:
        st.query_params.from_dict(wanted)
        query = ctx.query_string if ctx else ""
    filters_now = _filter_texts(today)
    if filters_now != state.get(keys.WRITTEN, filters_now):
        state[keys.WRITTEN_BEFORE] = time.monotonic() + _HOLD_SECONDS, state[keys.WRITTEN]
    state[keys.WRITTEN], state[keys.QUERY] = filters_now, query


def _replace_query(query: str) -> None:
    """Puts a query in the browser's address without an entry in its history.

    ``go`` opens a page with the query of the page that is left, and a link that was drawn before a filter was chosen
    lacks it. Either makes an entry, and Streamlit would make another for the page's own query.
    """
    address = json.dumps(f"?{query}")
    # the browser runs a script that is the same as in the run before only once
    number = st.session_state[keys.SCRIPTS] = st.session_state.get(keys.SCRIPTS, 0) + 1
    with st.sidebar:
        st.html(
            f"<script>/* {number} */ history.replaceState(history.state, '', location.pathname + {address})</script>",
            unsafe_allow_javascript=True,
        )


def mend_query(page: str) -> None:
    """The page's own query takes the place of the one it was opened with, in the same entry of the history."""
    st.session_state[keys.SWITCHED] = page


def leave_for(page: str) -> Parameters:
    """The query with which a page that ``go`` asked for is opened: the one that the browser has."""
    st.session_state[keys.SWITCHED] = page
    st.session_state[keys.ARRIVING] = True
    return {name: st.query_params.get_all(name) for name in st.query_params}


def _owns(page: str, name: str) -> bool:
    return name in PAGES[page].parameters


def _unset_texts(name: str) -> list[str] | None:
    """What the address would say of a control that nobody has set: its default."""
    if name in DEFAULTS:
        return [DEFAULTS[name]]
    unset: Parameters = st.session_state.get(keys.UNSET, {})
    return unset.get(name)


def set_default(name: str, value: str) -> None:
    """Sets one of the page's own parameters that nobody has set; the address leaves such a value out."""
    state = st.session_state
    state[name] = value
    state[keys.UNSET] = {**state.get(keys.UNSET, {}), name: _texts(value)}


def is_default(name: str) -> bool:
    """True where one of the page's own parameters has the value of ``set_default``, and the address doesn't name it."""
    value = st.session_state.get(name)
    return name not in st.query_params and _texts(value) == st.session_state.get(keys.UNSET, {}).get(name)


def go(page: str, **values: object) -> None:
    """For callbacks: sets widgets and goes to a page in this session, without loading the site again."""
    state = st.session_state
    wanted = {name: state.get(name) for name in _WIDGETS}
    wanted |= {name.replace("_", "-"): value for name, value in values.items()}
    state[keys.HELD] = time.monotonic() + _HOLD_SECONDS, page, wanted, state.get(keys.PAGE)
    _hold()
    forget_unknown()


def asked_page() -> str | None:
    """The page a callback asked to go to, for a moment: see ``_hold``."""
    until, page, _values, _origin = st.session_state.get(keys.HELD, _NOT_HELD)
    return page if time.monotonic() < until else None


def go_to_customer(customer_id: str, page: str = "customer") -> None:
    """For callbacks: goes to a page about one customer, opened as if nothing was chosen on it; the filters stay."""
    go(page, **{**dict.fromkeys(PAGES[page].parameters), ID: customer_id})


def customer_id() -> str | None:
    """The customer that the page is about; its address may name one that doesn't exist."""
    return st.session_state.get(ID) or None


def _hold(*, is_sent: bool = False) -> bool:
    """Sets what ``go`` asked for, and again for a moment; in any case in the run that opens its page.

    The second half of a double click, and a click while the page changes, bring the old page's values along.
    """
    until, _page, values, _origin = st.session_state.get(keys.HELD, _NOT_HELD)
    if not values or (time.monotonic() >= until and not is_sent):
        return False
    for name, value in values.items():
        if value is None:
            _unset(name)
        elif st.session_state.get(name) != value:
            st.session_state[name] = value
    return True
