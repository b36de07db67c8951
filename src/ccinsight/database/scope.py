"""What a reader sees: the as-of date, the filters, and (later) what the reader may see.

The one place where rows are limited: every report takes a Scope and nothing else limits it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import duckdb

from ccinsight.errors import UsageError
from ccinsight.i18n import _


@dataclass(frozen=True)
class Filters:
    """What a person asked for. Within a filter any value fits, between filters all must. Empty: no limit."""

    customers: tuple[str, ...] = ()
    account_managers: tuple[str, ...] = ()
    user_bands: tuple[str, ...] = ()


# customer_id, account manager, user band
Traits = list[tuple[str, str | None, str]]


@dataclass(frozen=True)
class Scope:
    """A day and the customers that count on it. ``customer_ids`` None: all; empty: none."""

    as_of: date
    customer_ids: tuple[str, ...] | None = None


# Reports with rows of agreements that are gone: their customers go by the manager they had.
_WITH_FORMER = frozenset({"calendar_events"})


def chosen_customers(
    cursor: duckdb.DuckDBPyConnection, as_of: date, filters: Filters, report: str | None = None
) -> Scope:
    """The scope that filters give on a day, for a report.

    Managers are those of the agreement that speaks for the customer, bands those of its registered users on
    the day. Raises UsageError naming a customer, manager or band that doesn't exist.
    """
    check_filters(cursor, filters)
    if filters == Filters():
        return Scope(as_of)
    read = traits if report not in _WITH_FORMER else _former_traits
    return chosen_among(lambda: read(cursor, as_of), as_of, filters)


def traits(cursor: duckdb.DuckDBPyConnection, as_of: date) -> Traits:
    """What the filters ask of every customer on a day: customer_id, account manager or None, user band; by id."""
    return cursor.execute(
        """
        select k.customer_id, c.account_manager, coalesce(c.user_band, 'unknown') as user_band
        from model.customer_ids as k
        left join model.customers_on($as_of, null) as c on k.customer_id = c.customer_id
        order by k.customer_id
        """,
        {"as_of": as_of},
    ).fetchall()


def _former_traits(cursor: duckdb.DuckDBPyConnection, as_of: date) -> Traits:
    """The same, with customers whose agreements are gone, by what calendar files last said of them."""
    return cursor.execute(
        """
        with former as (
            select e.customer_id, arg_max(e.account_manager, e.sequence_number) as account_manager
            from stored.calendar_events as e
            where e.customer_id not in (select a.customer_id from main.agreements as a)
            group by 1
        ),

        customers as (
            select k.customer_id from model.customer_ids as k
            union
            select f.customer_id from former as f
        )

        select k.customer_id, coalesce(c.account_manager, f.account_manager), coalesce(c.user_band, 'unknown')
        from customers as k
        left join model.customers_on($as_of, null) as c on k.customer_id = c.customer_id
        left join former as f on k.customer_id = f.customer_id
        order by k.customer_id
        """,
        {"as_of": as_of},
    ).fetchall()


def chosen_among(known: Callable[[], Traits], as_of: date, filters: Filters) -> Scope:
    """The scope of filters that were checked, among the customers as they are on the day, asked for where needed."""
    if filters == Filters():
        return Scope(as_of)
    if not filters.account_managers and not filters.user_bands:
        return Scope(as_of, tuple(sorted(set(filters.customers))))
    customers, managers = set(filters.customers), set(filters.account_managers)
    bands = {_band(band) for band in filters.user_bands}
    return Scope(
        as_of,
        tuple(
            customer
            for customer, manager, band in known()
            if (not customers or customer in customers)
            and (not managers or manager in managers)
            and (not bands or band in bands)
        ),
    )


def check_filters(cursor: duckdb.DuckDBPyConnection, filters: Filters) -> None:
    """Raises UsageError naming a customer, manager or band that doesn't exist."""
    _refuse_unknown(cursor, filters, tuple(_band(band) for band in filters.user_bands))


def _band(text: str) -> str:
    return text.strip().replace("-", "–")


def _refuse_unknown(cursor: duckdb.DuckDBPyConnection, filters: Filters, bands: tuple[str, ...]) -> None:
    checks = (
        (filters.customers, "select customer_id from model.customer_ids", _("There is no customer {value}.")),
        (
            filters.account_managers,
            "select distinct account_manager from main.agreements",
            _("There is no account manager {value}."),
        ),
        (
            bands,
            "select user_band from stored.user_bands union all select 'unknown'",
            _("There is no user band {value}."),
        ),
    )
    for values, statement, sentence in checks:
        if values:
            known = {row[0] for row in cursor.execute(statement).fetchall()}
            for value in values:
                if value not in known:
                    raise UsageError(sentence.format(value=value))
