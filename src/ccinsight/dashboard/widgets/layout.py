"""The parts of a page that aren't figures: its head, its empty states, its errors, its style."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from ccinsight.dashboard import navigation
from ccinsight.dashboard.session import address, data_span, given, keys, printing, reader
from ccinsight.dashboard.session.reads import choices
from ccinsight.dashboard.session.view import View
from ccinsight.errors import CcinsightError
from ccinsight.i18n import _
from ccinsight.registry import Column, label_of

ICON = Path(__file__).with_name("icon.svg").read_text(encoding="utf-8")
# Pages that are about files, and say themselves what isn't imported.
_OF_FILES = frozenset({"data", "mapping"})
# Pages whose headline would be about no agreement where none is imported.
_OF_AGREEMENTS = frozenset(
    {
        "overview",
        "to_do",
        "renewals",
        "deadlines",
        "revenue",
        "review",
        "leakage",
        "price_plan",
        "status_meetings",
        "meeting",
        "risk",
    }
)
# Columns of a table that are seen at once.
_ON_A_PHONE = 3
_STYLE = Path(__file__).with_name("style.css")


def style() -> None:
    """The few rules that the theme has no option for."""
    st.html(_STYLE)


def head(title: str, view: View, page: str) -> None:
    """The title (a question or its answer); what the link got wrong, what the data don't cover."""
    are_missing = bool(missing_exports("agreements"))
    st.title(_("Agreements are missing") if are_missing and page in _OF_AGREEMENTS else title, anchor=False)
    _name_unknown()
    if are_missing and page not in _OF_FILES:
        nothing(export_missing("agreements"), upload_hint())
    sentences = data_span.outside(view.as_of)
    if view.is_today and not sentences:
        sentences = [data_span.late(view.today)]
    for sentence in filter(None, sentences):
        st.warning(sentence, icon=":material/event_busy:")


def plain(text: str) -> str:
    """A text with names from files in it, as it stands: no sign of it is formatting."""
    return _escaped(text)


def _escaped(text: str) -> str:
    for sign in "\\[]*_`$:~<>":
        text = text.replace(sign, "\\" + sign)
    return text


def open_tab(labels: Mapping[str, str], key: str, first: str = "") -> tuple[str, DeltaGenerator]:
    """Tabs of which only the open one is worked out: its name and where to draw. ``first`` is open at first."""
    # kept for the session: tabs that begin at another one are other tabs to Streamlit, and the open one is lost
    state = st.session_state
    wanted = state.pop(f"_next-{key}", None)
    if wanted in labels:
        state[f"tabs-{key}"] = labels[wanted]
    first = state.setdefault(f"_first-{key}", first or next(iter(labels)))
    tabs = st.tabs(list(labels.values()), key=f"tabs-{key}", on_change="rerun", default=labels[first])
    opened = next((name for name, tab in zip(labels, tabs, strict=True) if tab.open), first)
    state.setdefault(keys.TABS, {})[key] = opened
    return opened, tabs[list(labels).index(opened)]


def begin_tabs() -> None:
    """For the router: this run has drawn no tabs yet."""
    st.session_state[keys.TABS] = {}


def tabs_open() -> dict[str, str]:
    """Which tab is open of those that the last run drew, by their key."""
    return dict(st.session_state.get(keys.TABS, {}))


def open_next(key: str, name: str) -> None:
    """Opens a tab where the tabs are drawn next; none where there is no such tab."""
    st.session_state[f"_next-{key}"] = name


def open_tabs(labels: Mapping[str, str], key: str) -> Iterator[tuple[str, DeltaGenerator]]:
    """Tabs of which only the open one is worked out: its name and where to draw. On paper all, each under its title."""
    if not printing.is_on():
        yield open_tab(labels, key)
        return
    for name, label in labels.items():
        section(label)
        yield name, st.container()


def fold(label: str) -> DeltaGenerator:
    """A part that is closed at first; on paper it is written out under its label."""
    if not printing.is_on():
        return st.expander(label)
    st.markdown(f"##### {label}")
    return st.container()


def fold_on_demand(label: str, key: str) -> DeltaGenerator | None:
    """The same of a part that is worked out once it is open; None while it is closed."""
    if printing.is_on():
        return fold(label)
    if key in st.session_state:  # a new label makes another expander, which would begin closed
        st.session_state[key] = bool(st.session_state[key])
    opened = st.expander(label, expanded=False, key=key, on_change="rerun")
    return opened if opened.open else None


def chosen(name: str) -> str:
    """The value of one of the page's own parameters (pages.PARAMETERS)."""
    return str(st.session_state.get(name) or navigation.DEFAULTS[name])


def choice(label: str, options: Mapping[str, str], name: str) -> None:
    """Lets one of the page's own parameters be chosen; it stands in the address."""
    given.give(name, chosen(name), options.get(chosen(name), ""))
    if printing.is_on():
        said(label, options.get(chosen(name), ""))
        return
    st.segmented_control(
        label,
        list(options),
        format_func=options.__getitem__,
        key=name,
        required=True,
        label_visibility="collapsed",
    )


def said(label: str, value: str) -> None:
    """On paper: what a control is set to."""
    st.markdown(f"{_escaped(label)}: **{_escaped(value)}**")


def written(label: str, text: str) -> None:
    """A text of several lines under its label, as it was written; a dash where there is none."""
    st.markdown(f"**{_escaped(label)}**  \n" + ("  \n".join(map(_escaped, text.splitlines())) or "–"))


def pick(label: str, options: Mapping[str, str], name: str) -> str:
    """One of many values of the page's own; what a link asked for, else the first."""
    if st.session_state.get(name) not in options:
        address.set_default(name, next(iter(options)))
    if printing.is_on():
        said(label, options[st.session_state[name]])
        return str(st.session_state[name])
    st.selectbox(label, list(options), format_func=lambda value: options.get(value, value), key=name)
    return str(st.session_state[name])


def is_left_out(options: Mapping[str, str], name: str) -> bool:
    """True on paper where none of several was chosen in ``pick_if_wanted``: there is nothing to write out."""
    return printing.is_on() and len(options) > 1 and st.session_state.get(name) not in options


def pick_if_wanted(label: str, options: Mapping[str, str], name: str, nothing_yet: str) -> str | None:
    """The same for what takes time to work out: None until one is chosen; the only one there is needs no choice."""
    if len(options) == 1:
        return pick(label, options, name)
    if st.session_state.get(name) not in options:
        st.session_state[name] = None
    if printing.is_on():
        asked: str | None = st.session_state[name]
        if asked:
            said(label, options[asked])
        return asked
    found: str | None = st.selectbox(
        label,
        list(options),
        index=None,
        format_func=lambda value: options.get(value, value),
        key=name,
        placeholder=nothing_yet,
    )
    return found


def export_missing(export: str) -> str:
    """Says that an export isn't there, and what it would add."""
    adds = {
        "agreements": _("every page needs them"),
        "tickets": _("utilization needs them"),
        "user_counts": _("users, expansions and licence use need them"),
        "prices": _("rates from the price list need them"),
        "invoices": _("what was invoiced needs them"),
        "meetings": _("the status of meetings needs them"),
    }
    return _("Not imported yet: {export} – {adds}.").format(
        export=label_of("export", export), adds=adds[export]
    )


def page_link(page: str, label: str, icon: str, **changes: object) -> None:
    """A link to a page of the site with the day, the filters and its own parameters; none on paper."""
    if printing.is_on():
        return
    st.page_link(
        f"pages/{page}.py",
        label=label,
        icon=icon,
        query_params=address.parameters(page, **changes),
        width="content",
    )


def place() -> DeltaGenerator:
    """A placeholder on the page, filled once the content below it is known."""
    return st.container()


def definition(measure: Column, value: object) -> None:
    """A measure with its value and what it means."""
    st.markdown(f"**{plain(_(measure.label))}: {measure.shown(value)}.** {plain(measure.help_text())}")


def section(question: str) -> None:
    """The heading of a further question on the page."""
    st.header(question, anchor=False)


def note(text: str) -> None:
    """A remark under a heading or above a table; none where there is nothing to say."""
    if text:
        st.caption(text)


def hint_of_columns(count: int) -> None:
    """Says on a phone, where style.css shows it, that a table goes on sideways."""
    if count > _ON_A_PHONE:
        hint = _("Scroll sideways in the table for more columns.")
        st.html(f'<p class="sideways">{hint}</p>')


def _name_unknown() -> None:
    unknown = address.unknown_values()
    if unknown:
        st.warning(
            _("The link contains {values}, which doesn't exist here and is ignored.").format(
                values=", ".join(_escaped(value) for value in unknown)
            ),
            icon=":material/link_off:",
        )


def no_such_customer(customer_id: str | None) -> None:
    """Says that the address names a customer that doesn't exist, and what to do."""
    if customer_id:
        st.warning(
            _(
                "There is no customer {value}. Check the number in the link, or press / and search by name or number."
            ).format(value=_escaped(customer_id)),
            icon=":material/link_off:",
        )


def failed(error: CcinsightError) -> None:
    """An error that a person can act on."""
    st.error(str(error), icon=":material/error:")


def stopped(error: CcinsightError) -> None:
    """An error that ended the page, and a button to try again once its cause is mended."""
    failed(error)
    st.button(_("Try again"), key="_try-again")


def nothing(why: str, what: str = "") -> None:
    """An empty result: why it is empty and what would fill it."""
    st.info(f"{why} {what}".strip(), icon=":material/info:")


def nothing_for_filters(view: View, why: str) -> None:
    """An empty result that the filters may have caused, which are named then."""
    if view == view.unfiltered():
        nothing(why)
    elif view.report("customers").empty:
        nothing(why, _("No customer fits the filters."))
    else:
        nothing(why, _("Only the customers that the filters leave are counted."))


def no_database() -> None:
    """Nothing was imported yet, and the reader is none of those who import."""
    st.title(_("Nothing is imported yet"), anchor=False)
    st.write(
        _("Somebody with the right to import files does that here, in the browser. Ask the administrator.")
    )


def missing_exports(*wanted: str) -> list[str]:
    """The exports of these that the database has no rows of."""
    have = choices(reader.current()).exports
    return [export for export in wanted if export not in have]


def fills(export: str, what: str) -> None:
    """Says that an export that isn't there would fill this part of the page."""
    nothing(
        _("{what} need the export “{export}”.").format(what=what, export=label_of("export", export)),
        upload_hint(),
    )


def fills_if_missing(export: str, what: str) -> None:
    """The same, where the database has no rows of the export."""
    if missing_exports(export):
        fills(export, what)


def upload_hint() -> str:
    """Where files come in."""
    return _("Upload it on the page Data, or run `ccinsight import`.")
