"""The values in a link: each parameter read against what exists; what doesn't exist is named for the reader."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import streamlit as st

from ccinsight.dashboard.session.reads import Choices
from ccinsight.i18n import _

CUSTOMER, MANAGER, BAND, AS_OF, LANGUAGE = "customer", "account-manager", "user-band", "as-of", "language"


def read_day(today: date, unknown: list[str]) -> date:
    """The as-of date; today where the link names none or no date."""
    named = st.query_params.get(AS_OF)
    if not named:
        return today
    try:
        return date.fromisoformat(named)
    except ValueError:
        unknown.append(_("the date “{value}”").format(value=named))
        return today


def customer_named(named: str, choices: Choices) -> str | None:
    """The id of the customer that a link names by id or by name; None where there is none."""
    if named in choices.customers:
        return named
    wanted = named.casefold()
    return next((key for key, name in choices.customers.items() if name.casefold() == wanted), None)


def read_customers(choices: Choices, unknown: list[str]) -> list[str]:
    """The customers of the filter, by id."""
    found = []
    for named in st.query_params.get_all(CUSTOMER):
        key = customer_named(named, choices)
        if key is None:
            unknown.append(_("the customer “{value}”").format(value=named))
        elif key not in found:
            found.append(key)
    return found


def read_values(parameter: str, known: Mapping[str, str], sentence: str, unknown: list[str]) -> list[str]:
    """The values of a filter: what the link may say → the value."""
    found = []
    for named in st.query_params.get_all(parameter):
        value = known.get(named.replace("–", "-") if parameter == BAND else named)
        if value is None:
            unknown.append(sentence.format(value=named))
        elif value not in found:
            found.append(value)
    return found


def read_page_parameter(name: str, allowed: tuple[str, ...] | None, unknown: list[str]) -> None:
    """Sets a page's own parameter to what the link says, where that is allowed."""
    named = st.query_params.get(name)
    if named and allowed and named not in allowed:
        unknown.append(f"{name}={named}")
    elif named:
        st.session_state[name] = named
