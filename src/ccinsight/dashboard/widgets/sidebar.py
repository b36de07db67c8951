"""The sidebar, above the navigation: find a customer, as-of date, language, on every page."""

from __future__ import annotations

from datetime import date

import streamlit as st

from ccinsight.dashboard.session import address
from ccinsight.dashboard.session.link_values import AS_OF, LANGUAGE
from ccinsight.dashboard.widgets import find
from ccinsight.i18n import LANGUAGES, _

# Far enough either way that no agreement falls outside; the box needs ends.
_FIRST_DAY, _LAST_DAY = date(1990, 1, 1), date(2099, 12, 31)


def show() -> None:
    """Draws what stands above the navigation; the day's value is in the session's state under the address's name."""
    with st.sidebar:
        find.button()
        st.date_input(
            _("As of"),
            key=AS_OF,
            min_value=_FIRST_DAY,
            max_value=_LAST_DAY,
            format="DD.MM.YYYY",
            on_change=address.forget_unknown,
            help=_(
                "Every page shows what was known at the end of this day. A page says so where the date is before "
                "the data, or more than 30 days after the newest ticket or 45 days after the newest user count or "
                "invoice line."
            ),
        )
    show_language()


def show_language() -> None:
    """The language, also where there is no database to filter."""
    with st.sidebar:
        st.segmented_control(
            _("Language"),
            list(LANGUAGES),
            format_func=LANGUAGES.__getitem__,
            key=LANGUAGE,
            required=True,
            label_visibility="collapsed",
        )
