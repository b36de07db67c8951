"""The values in a link: each parameter read against what exists; what doesn't exist is named for the reader."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Protocol

import streamlit as st

from ccinsight.dashboard.session.reads import Choices
from ccinsight.i18n import _

CUSTOMER, MANAGER, BAND, PARTNER = "customer", "account-manager", "user-band", "partner"
AS_OF, LANGUAGE = "as-of", "language"


class Query(Protocol):
    """What a link says: the query of the address, or the parameters of a saved view."""

    def get_all(self, key: str) -> list[str]:
        """All values of a parameter; none where it isn't there."""


class SavedQuery:
    """The parameters of a saved view."""

    def __init__(self, parameters: Mapping[str, list[str]]) -> None:
        self._parameters = parameters

    def get_all(self, key: str) -> list[str]:
        """All values of a parameter."""
        return list(self._parameters.get(key, ()))


def last(query: Query, name: str) -> str | None:
    """The value of a parameter that has one."""
    return next(iter(reversed(query.get_all(name))), None)


def read_day(today: date, unknown: list[str], query: Query = st.query_params) -> date:
    """The as-of date; today where the link names none or no date."""
    named = last(query, AS_OF)
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


def read_customers(choices: Choices, unknown: list[str], query: Query = st.query_params) -> list[str]:
    """The customers of the filter, by id."""
    found = []
    for named in query.get_all(CUSTOMER):
        key = customer_named(named, choices)
        if key is None:
            unknown.append(_("the customer “{value}”").format(value=named))
        elif key not in found:
            found.append(key)
    return found


def read_managers(choices: Choices, unknown: list[str], query: Query = st.query_params) -> list[str]:
    """The account managers of the filter."""
    known = {name: name for name in choices.account_managers}
    return _read_values(MANAGER, known, _("the account manager “{value}”"), unknown, query)


def read_bands(choices: Choices, unknown: list[str], query: Query = st.query_params) -> list[str]:
    """The user bands of the filter."""
    known = {band.replace("–", "-"): band for band in choices.user_bands}
    return _read_values(BAND, known, _("the user band “{value}”"), unknown, query)


def read_filters(
    choices: Choices, unknown: list[str], query: Query = st.query_params
) -> dict[str, list[str]]:
    """The values of all filters, by parameter."""
    return {
        CUSTOMER: read_customers(choices, unknown, query),
        MANAGER: read_managers(choices, unknown, query),
        BAND: read_bands(choices, unknown, query),
        PARTNER: read_partners(choices, unknown, query),
    }


def read_partners(choices: Choices, unknown: list[str], query: Query = st.query_params) -> list[str]:
    """The partners of the filter, in the database of a group."""
    known = {name: name for name in choices.partners}
    return _read_values(PARTNER, known, _("the partner “{value}”"), unknown, query)


def _read_values(
    parameter: str, known: Mapping[str, str], sentence: str, unknown: list[str], query: Query
) -> list[str]:
    """The values of a filter: what the link may say → the value."""
    found = []
    for named in query.get_all(parameter):
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
