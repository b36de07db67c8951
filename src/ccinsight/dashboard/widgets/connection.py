"""How Excel and Power BI fetch a table's report by themselves: its address, the text for Power Query, a file."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import streamlit as st

from ccinsight.dashboard.session import paths, reads
from ccinsight.dashboard.session.view import View
from ccinsight.dashboard.widgets import layout
from ccinsight.dashboard.widgets.table_files import file_head
from ccinsight.i18n import _, day, language, set_language
from ccinsight.integrations.api import power_query
from ccinsight.integrations.api.query import Query, address_of, options_of
from ccinsight.integrations.delivery.recipients import public_address
from ccinsight.outputs import tables
from ccinsight.registry import REPORTS, Report


def query_of(report: Report, view: View, options: Mapping[str, Any]) -> Query | None:
    """What an address asks for that gives the report as it is shown; None where no address can."""
    asked = {name: value for name, value in options.items() if value is not None}
    if report.name not in REPORTS or not asked.keys() <= set(options_of(report)):
        return None
    return Query(report, view.as_of, view.filters, tuple(sorted(asked.items())))


def button(key: str) -> None:
    """Opens what ``show`` says, or closes it."""
    st.button(
        _("Connect Excel"),
        key=f"connect-{key}",
        icon=":material/link:",
        type="tertiary",
        help=_("An address from which Excel and Power BI fetch the rows each time they refresh"),
        on_click=_turn,
        args=(key,),
    )


def show(query: Query, view: View, key: str, *, is_filtered: bool) -> None:
    """The address, a file for Excel and the text for Power Query, where the reader has opened them.

    ``is_filtered``: the table itself leaves out rows that the address gives.
    """
    if not st.session_state.get(f"_connect-{key}"):
        return
    root = public_address(reads.database_path()) or paths.root()
    is_fixed, title = not view.is_today, _(query.report.title)
    with st.container(border=True, key=f"connection-{key}"):
        layout.note(_said(view, is_filtered=is_filtered))
        st.code(address_of(root, query, is_fixed_day=is_fixed), language=None, wrap_lines=True)
        st.markdown(
            _(
                "1. Make an access token on the page *Delivery*, once.\n"
                "2. **Excel**: open the file below. Or *Data*, *Get Data*, *From Other Sources*, *Blank Query*, then "
                "*Advanced Editor*, and put in the text. **Power BI**: *Get data*, *Blank query*, *Advanced Editor*.\n"
                "3. When it asks who you are, choose *Basic*, any user name, and the token as the password."
            )
        )
        st.download_button(
            _("File for Excel (.odc)"),
            partial(_file, root, query, title, language(), is_fixed_day=is_fixed),
            file_name=_name(view, title, is_fixed_day=is_fixed),
            mime=power_query.ODC_MIME_TYPE,
            key=f"odc-{key}",
            icon=":material/download:",
            on_click="ignore",
        )
        with st.expander(_("Text for Power Query")):
            # wrapped, for a part that scrolls can't be reached by keyboard
            text = power_query.formula(root, query, is_fixed_day=is_fixed)
            st.code(text, language=None, wrap_lines=True)


def _name(view: View, title: str, *, is_fixed_day: bool) -> str:
    """The file's name: the report and the filters; the day only where the rows stay those of a day."""
    head = file_head(view)
    if is_fixed_day:
        return tables.file_name(title.lower(), "odc", head)
    return tables.file_name("_".join([title.lower(), *(value for _label, value in head.filters)]), "odc")


def _said(view: View, *, is_filtered: bool) -> str:
    said = [
        _("Excel and Power BI fetch the rows again at each refresh, as they are on that day.")
        if view.is_today
        else _("Excel and Power BI fetch the rows again at each refresh, as of {day}.").format(
            day=day(view.as_of)
        ),
        _("The filters above the page are in the address."),
    ]
    if is_filtered:
        said.append(_("What you chose in the table isn't: filter in Excel."))
    return " ".join(said)


def _file(root: str, query: Query, title: str, in_language: str, *, is_fixed_day: bool) -> bytes:
    """Runs on a thread of its own, where no language is set yet."""
    set_language(in_language)
    return power_query.connection_file(root, query, title, is_fixed_day=is_fixed_day)


def _turn(key: str) -> None:
    st.session_state[f"_connect-{key}"] = not st.session_state.get(f"_connect-{key}")
