"""Saved views: the panel below the bar in which a page is saved and views are kept, a list in the sidebar, and those
shown on the overview.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import streamlit as st

from ccinsight.clock import now
from ccinsight.dashboard.navigation import ID, PAGES
from ccinsight.dashboard.session import keys, printing, reads
from ccinsight.dashboard.session import reader as session_reader
from ccinsight.dashboard.session.link_values import AS_OF, BAND, CUSTOMER, MANAGER, PARTNER
from ccinsight.dashboard.session.view import View
from ccinsight.dashboard.widgets import headlines, layout, view_opening
from ccinsight.errors import CcinsightError
from ccinsight.i18n import _, day, language, ngettext, number, set_language
from ccinsight.notes.saved_views import LONGEST_NAME, SavedView, SavedViews

_NAME, _DAY, _SHARED, _SHOWN, _NEW_NAME = (
    "view-name",
    "view-day",
    "view-shared",
    "view-shown",
    "view-new-name",
)
# More would push the menu out of sight; the panel has all.
_IN_SIDEBAR = 8
_NAMED = 3
_NARROWEST = 220


# ---------------------------------------------------------------- the bar and the sidebar


def button(page: str) -> None:
    """The button in the bar that opens the panel, or closes it."""
    st.button(
        _("Views"),
        type="tertiary",
        icon=":material/bookmark:",
        key="open-views",
        on_click=_turn,
        args=(page,),
    )


def list_in_sidebar() -> None:
    """The views to open, folded, where there are any."""
    found = [view for view in view_opening.views() if not view.is_hidden]
    if not found:
        return
    label = ngettext("{count} saved view", "{count} saved views", len(found)).format(count=number(len(found)))
    with st.sidebar, st.expander(label, icon=":material/bookmark:", key="views-sidebar"):
        for view in found[:_IN_SIDEBAR]:
            _open_button(view, "sidebar")
        if len(found) > _IN_SIDEBAR:
            st.caption(_("The button Views above each page has all of them."))


def _open_button(view: SavedView, place: str) -> None:
    st.button(
        layout.plain(view.name),
        key=f"view-open-{place}-{view.view_id}",
        type="tertiary",
        help=layout.plain(_said(view)),
        on_click=open_view,
        args=(view.view_id, language()),
    )


def _turn(page: str) -> None:
    state = st.session_state
    state[keys.VIEWS_OPEN] = None if state.get(keys.VIEWS_OPEN) == page else page
    state.pop(keys.VIEW_RESULT, None)
    state.pop(keys.VIEW_RENAMED, None)


# ---------------------------------------------------------------- the panel


def panel(page: str, view: View) -> None:
    """What a click came to; and the panel, drawn only while it is open."""
    is_open = st.session_state.get(keys.VIEWS_OPEN) == page
    if not is_open:
        _result()
        return
    with st.container(border=True, key="views-panel"):
        title = _("Save what this page shows as a view")
        st.markdown(f"**{title}**")
        _form(page, view)
        _result()
        found = view_opening.views()
        if not found:
            layout.note(_("A view opens a page again with its filters, columns, order and chart."))
        try:
            store = view_opening.store()
        except CcinsightError as error:
            layout.failed(error)
            return
        for each in found:
            _row(each, page, store)


def _form(page: str, view: View) -> None:
    days = {"moves": _("follows the calendar"), "stays": _("stays {day}").format(day=day(view.as_of))}
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="view-form"):
        st.text_input(
            _("Name of the view"),
            key=_NAME,
            max_chars=LONGEST_NAME,
            placeholder=_("such as Renewals to talk about"),
            width=280,
        )
        st.session_state.setdefault(_DAY, "moves")
        st.radio(
            _("The day"),
            list(days),
            format_func=days.__getitem__,
            key=_DAY,
            horizontal=True,
            help=_("A view whose day follows the calendar shows today's figures whenever it is opened."),
        )
        if view.reader.key:
            st.checkbox(
                _("Share with colleagues"),
                key=_SHARED,
                help=_(
                    "Colleagues see the view where they may see every customer and account manager that it names, "
                    "and in it their own customers alone."
                ),
            )
        st.checkbox(_("Show on my overview"), key=_SHOWN)
        st.button(
            _("Save view"),
            key="view-save",
            icon=":material/bookmark_add:",
            on_click=_save,
            args=(page, language()),
        )


def _result() -> None:
    """What the last click came to, with a button that undoes it."""
    said, before = st.session_state.get(keys.VIEW_RESULT, (None, None))
    if isinstance(said, CcinsightError):
        layout.failed(said)
    elif said:
        with st.container(horizontal=True, vertical_alignment="center", gap="small", key="view-result"):
            st.markdown(f":material/check: {layout.plain(said)}", width="content")
            if before:
                st.button(
                    _("Undo"),
                    key="view-undo",
                    type="tertiary",
                    icon=":material/undo:",
                    on_click=_undo,
                    args=(before, language()),
                )


def _row(view: SavedView, page: str, store: SavedViews) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"view-{view.view_id}"):
        if view.is_hidden:
            st.markdown(_("A view of yours that names what you may no longer see."), width="stretch")
            _act(view, "delete", _("Delete"), "delete")
            return
        if st.session_state.get(keys.VIEW_RENAMED) == view.view_id:
            _renaming(view)
            return
        whose = _whose(view)
        said = f"{_said(view)} · {whose}" if whose else _said(view)
        st.markdown(f"**{layout.plain(view.name)}**  \n{layout.plain(said)}", width="stretch")
        st.button(
            _("Open it"),
            key=f"view-open-panel-{view.view_id}",
            type="tertiary",
            help=layout.plain(view.name),
            on_click=open_view,
            args=(view.view_id, language()),
        )
        _act(view, "show", _("Off the overview") if view.is_on_overview else _("Show on my overview"), "home")
        if store.may_change(view):
            _changes(view, page)
    if view.view_id == st.session_state.get(keys.VIEW_SHOWN) and view.contents.page in PAGES:
        st.code(view_opening.link(view), language=None, wrap_lines=True)


def _changes(view: SavedView, page: str) -> None:
    if view.contents.page == page:
        text = _("The view then shows what this page shows now.")
        _act(view, "replace", _("Replace"), "sync", text, page)
    if view.reader_key:
        _act(view, "share", _("Stop sharing") if view.is_shared else _("Share"), "group")
    _act(view, "rename", _("Rename"), "edit")
    _act(view, "delete", _("Delete"), "delete")


def _act(view: SavedView, act: str, label: str, icon: str, text: str = "", page: str = "") -> None:
    name = layout.plain(view.name)
    st.button(
        label,
        key=f"view-{act}-{view.view_id}",
        type="tertiary",
        icon=f":material/{icon}:",
        help=f"{name}: {text}" if text else name or None,
        on_click=_ACTS[act],
        args=(view, language(), page),
    )


def _renaming(view: SavedView) -> None:
    st.session_state.setdefault(_NEW_NAME, view.name)
    st.text_input(_("Name of the view"), key=_NEW_NAME, max_chars=LONGEST_NAME, width="stretch")
    st.button(
        _("Save the name"),
        key="view-rename-save",
        icon=":material/check:",
        on_click=_rename,
        args=(view, language()),
    )
    st.button(_("Cancel"), key="view-rename-cancel", type="tertiary", on_click=_end_renaming)


# ---------------------------------------------------------------- a view in words


def _said(view: SavedView) -> str:
    """The page, the filters and the day of a view."""
    held = view.contents
    parts = [view_opening.page_title(view) or _("a page that isn't here any more")]
    names = reads.choices(session_reader.current()).customers
    customers = held.parameters.get(ID) or held.parameters.get(CUSTOMER, [])
    parts += [names.get(customer, customer) for customer in customers[:_NAMED]]
    if more := customers[_NAMED:]:
        text = ngettext("{count} more customer", "{count} more customers", len(more))
        parts.append(text.format(count=number(len(more))))
    parts += held.parameters.get(PARTNER, [])
    parts += held.parameters.get(MANAGER, [])
    parts += [headlines.users_of(band) for band in held.parameters.get(BAND, [])]
    if stays := held.parameters.get(AS_OF):
        parts.append(_as_of(stays[0]))
    return " · ".join(parts)


def _as_of(text: str) -> str:
    try:
        return _("as of {day}").format(day=day(date.fromisoformat(text)))
    except ValueError:
        return text


def _whose(view: SavedView) -> str:
    if not view.is_shared or not session_reader.current().key:
        return ""
    return _("shared") if view.is_own else _("shared by {name}").format(name=view.saved_by or _("someone"))


# ---------------------------------------------------------------- the overview


def show_on_overview() -> None:
    """A card for each view that the reader wants on the overview."""
    found = [view for view in view_opening.views() if view.is_on_overview]
    if not found or printing.is_on():
        return
    layout.section(_("Your views"))
    with st.grid(4, min_column_width=_NARROWEST, gap="xsmall", border=True, key="view-cards") as grid:
        for view in found:
            with grid.cell():
                _open_button(view, "overview")
                st.caption(layout.plain(_said(view)))


# ---------------------------------------------------------------- callbacks


def open_view(view_id: int, in_language: str) -> None:
    """For callbacks: opens a view on its page."""
    set_language(in_language)  # a callback runs before the page has set one
    view_opening.open_view(view_id)


def _done(in_language: str, act: Callable[[SavedViews], tuple[str, SavedView | None]]) -> None:
    """Does what a click asks for, and keeps what it came to: a sentence, and the view as it was before."""
    set_language(in_language)
    try:
        st.session_state[keys.VIEW_RESULT] = act(view_opening.store())
    except CcinsightError as error:
        st.session_state[keys.VIEW_RESULT] = error, None


def _save(page: str, in_language: str) -> None:
    def act(store: SavedViews) -> tuple[str, SavedView | None]:
        state = st.session_state
        name = state.get(_NAME) or ""
        held = view_opening.contents(page, name=name, stays_on_day=state.get(_DAY) == "stays")
        saved = store.save(
            name, held, now(), is_shared=bool(state.get(_SHARED)), is_on_overview=bool(state.get(_SHOWN))
        )
        state[_NAME], state[_SHARED], state[_SHOWN] = "", False, False
        state[keys.VIEW_SHOWN] = saved.view_id
        return _("Saved the view {name}.").format(name=saved.name), None

    _done(in_language, act)


def _replace(view: SavedView, in_language: str, page: str) -> None:
    def act(store: SavedViews) -> tuple[str, SavedView | None]:
        held = view_opening.contents(page, name=view.name, stays_on_day=AS_OF in view.contents.parameters)
        store.change(view, now(), contents=held)
        return _("The view {name} shows this page now.").format(name=view.name), view

    _done(in_language, act)


def _share(view: SavedView, in_language: str, _page: str) -> None:
    def act(store: SavedViews) -> tuple[str, SavedView | None]:
        store.change(view, now(), is_shared=not view.is_shared)
        said = _("The view {name} is yours alone.") if view.is_shared else _("The view {name} is shared.")
        # what an administrator stops sharing is out of their sight, and theirs to change no more
        undone = view if view.is_own or not view.is_shared else None
        return said.format(name=view.name), undone

    _done(in_language, act)


def _start_renaming(view: SavedView, _language: str, _page: str) -> None:
    st.session_state[keys.VIEW_RENAMED] = view.view_id
    st.session_state[_NEW_NAME] = view.name
    st.session_state.pop(keys.VIEW_RESULT, None)


def _end_renaming() -> None:
    st.session_state.pop(keys.VIEW_RENAMED, None)


def _rename(view: SavedView, in_language: str) -> None:
    def act(store: SavedViews) -> tuple[str, SavedView | None]:
        name = st.session_state.get(_NEW_NAME) or ""
        store.change(view, now(), name=name, contents=view_opening.named(view, name))
        _end_renaming()
        return _("The view {before} is named {name} now.").format(before=view.name, name=name), view

    _done(in_language, act)


def _delete(view: SavedView, in_language: str, _page: str) -> None:
    def act(store: SavedViews) -> tuple[str, SavedView | None]:
        store.delete(view, now())
        if view.is_hidden:  # what it was isn't known here
            return _("Deleted the view."), None
        return _("Deleted the view {name}.").format(name=view.name), view

    _done(in_language, act)


def _show(view: SavedView, in_language: str, _page: str) -> None:
    def act(store: SavedViews) -> tuple[str, SavedView | None]:
        store.show_on_overview(view.view_id, is_shown=not view.is_on_overview)
        said = (
            _("The view {name} is no longer on your overview.")
            if view.is_on_overview
            else _("The view {name} is on your overview.")
        )
        return said.format(name=view.name), None

    _done(in_language, act)


def _undo(before: SavedView, in_language: str) -> None:
    def act(store: SavedViews) -> tuple[str, SavedView | None]:
        store.put_back(before, now())
        return _("The view {name} is as it was.").format(name=before.name), None

    _done(in_language, act)


_ACTS: dict[str, Callable[[SavedView, str, str], None]] = {
    "show": _show,
    "replace": _replace,
    "share": _share,
    "rename": _start_renaming,
    "delete": _delete,
}
