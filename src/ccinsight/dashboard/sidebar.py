"""The sidebar: customer, account manager, user band, as-of date, language, on every page."""

from __future__ import annotations

from datetime import date

import streamlit as st

from ccinsight.dashboard import address
from ccinsight.dashboard.link_values import AS_OF, BAND, CUSTOMER, LANGUAGE, MANAGER
from ccinsight.dashboard.store import Choices
from ccinsight.i18n import LANGUAGES, _

# Far enough either way that no agreement falls outside; the box needs ends.
_FIRST_DAY, _LAST_DAY = date(1990, 1, 1), date(2099, 12, 31)


def show(choices: Choices) -> None:
    """Draws the filters; their values are in the session's state under the address's names."""
    with st.sidebar:
        st.multiselect(
            _("Customer"),
            _with_chosen(CUSTOMER, tuple(choices.customers)),
            format_func=lambda key: choices.customers.get(key, key),
            key=CUSTOMER,
            placeholder=_("All – search by name"),
            filter_mode="contains",
            select_all=False,
            on_change=address.forget_unknown,
        )
        _several(MANAGER, _("Account manager"), choices.account_managers)
        _several(BAND, _("User band"), choices.user_bands, _("Customers by number of registered users."))
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
        )


def _several(name: str, label: str, options: tuple[str, ...], help_text: str | None = None) -> None:
    st.multiselect(
        label,
        _with_chosen(name, options),
        format_func=lambda value: _("unknown") if value == "unknown" else value,
        key=name,
        placeholder=_("All"),
        select_all=False,
        help=help_text,
        on_change=address.forget_unknown,
    )


def _with_chosen(name: str, options: tuple[str, ...]) -> list[str]:
    """The options and what is chosen: a value that an import took away stays in sight until it is removed."""
    chosen = st.session_state.get(name) or []
    return [*options, *(value for value in chosen if value not in options)]
