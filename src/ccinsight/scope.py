"""What a reader sees: the as-of date, the filters, and (later) what the reader may see.

The one place where rows are limited: every report takes a Scope and nothing else limits it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Filters:
    """What a person asked for. Within a filter any value fits, between filters all must. Empty: no limit."""

    customers: tuple[str, ...] = ()
    account_managers: tuple[str, ...] = ()
    user_bands: tuple[str, ...] = ()


@dataclass(frozen=True)
class Scope:
    """A day and the customers that count on it. ``customer_ids`` None: all; empty: none."""

    as_of: date
    customer_ids: tuple[str, ...] | None = None
