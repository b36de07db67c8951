"""The parts of a page that aren't figures: its head, its empty states, its errors, its style."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from ccinsight.dashboard import address
from ccinsight.dashboard.store import Choices, choices, database_path
from ccinsight.dashboard.view import View
from ccinsight.errors import CcinsightError
from ccinsight.i18n import _, day
from ccinsight.registry import label_of

_STYLE = Path(__file__).with_name("style.css")


def style() -> None:
    """The few rules that the theme has no option for."""
    st.html(_STYLE)


def head(title: str, view: View, page: str) -> None:
    """The title (a question or its answer), the day, the filters, a link to share, what the link got wrong."""
    st.title(title, anchor=False)
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="head"):
        st.markdown(_day_badge(view) + _filter_badges(view), width="content")
        if not view.is_today:
            st.button(
                _("Back to today"),
                type="tertiary",
                icon=":material/today:",
                on_click=address.go,
                args=(page,),
                kwargs={"as_of": view.today},
            )
        with st.popover(_("Share"), icon=":material/link:", type="tertiary"):
            st.caption(_("A link to this page as it is now, with day and filters."))
            st.code(address.link(page), language=None, wrap_lines=True)
    _name_unknown()


def _day_badge(view: View) -> str:
    if view.is_today:
        return _badge(_("As of {day}, today").format(day=day(view.as_of)), "gray")
    return _badge(_("As of {day}, not today").format(day=day(view.as_of)), "orange")


def _filter_badges(view: View) -> str:
    names = choices().customers
    chosen = [
        *(names.get(key, key) for key in view.filters.customers[:3]),
        *view.filters.account_managers,
        *(_("{band} users").format(band=band) for band in view.filters.user_bands),
    ]
    more = len(view.filters.customers) - 3
    if more > 0:
        chosen.append(_("{count} customers more").format(count=more))
    return "".join(_badge(text, "blue") for text in chosen)


def _badge(text: str, colour: str) -> str:
    return f":{colour}-badge[{_escaped(text)}] "


def _escaped(text: str) -> str:
    for sign in "\\[]*_`$:~<>":
        text = text.replace(sign, "\\" + sign)
    return text


def _name_unknown() -> None:
    unknown = address.unknown_values()
    if unknown:
        st.warning(
            _("The link names {values}, which doesn't exist here. It is left out.").format(
                values=", ".join(_escaped(value) for value in unknown)
            ),
            icon=":material/link_off:",
        )


def failed(error: CcinsightError) -> None:
    """An error that a person can act on."""
    st.error(str(error), icon=":material/error:")


def nothing(why: str, what: str = "") -> None:
    """An empty result: why it is empty and what would fill it."""
    st.info(f"{why} {what}".strip(), icon=":material/info:")


def nothing_for_filters(view: View, why: str) -> None:
    """An empty result that the filters may have caused, with a way out of them."""
    nothing(why, _("No customer fits the filters.") if view.filters != type(view.filters)() else "")


def no_database() -> None:
    """Nothing was imported yet."""
    st.title(_("Nothing is imported yet"), anchor=False)
    st.write(
        _(
            "ccinsight reads files exported from SuperOffice and from the accounting system. Agreements and tickets "
            "come first; prices, user counts, invoices and meetings fill in the rest."
        )
    )
    st.page_link("pages/data.py", label=_("Upload files on the data page"), icon=":material/upload_file:")
    st.write(_("Or import a folder on the command line, or look at made-up data:"))
    st.code(f"ccinsight import FOLDER --database {database_path()}\nccinsight demo", language="shell")


def missing_exports(*wanted: str) -> list[str]:
    """The exports of these that the database has no rows of."""
    have = choices().exports
    return [export for export in wanted if export not in have]


def fills(export: str, what: str) -> None:
    """Says that an export that isn't there would fill this part of the page."""
    nothing(_("{what} need the export “{export}”.").format(what=what, export=label_of("export", export)), upload_hint())


def upload_hint() -> str:
    """Where files come in."""
    return _("Upload it on the page Data, or run `ccinsight import`.")


__all__ = [
    "Choices",
    "failed",
    "fills",
    "head",
    "missing_exports",
    "no_database",
    "nothing",
    "nothing_for_filters",
    "style",
    "upload_hint",
]
