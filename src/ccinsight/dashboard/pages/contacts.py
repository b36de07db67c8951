"""Contacts whose names aren't kept: a number within their customer, the same on every page and in every file."""

from __future__ import annotations

import pandas as pd

from ccinsight.dashboard.session.view import View
from ccinsight.dashboard.widgets import layout, report_table
from ccinsight.i18n import _

# A contact as it is stored where names aren't kept; a group's has the partner before it.
_HASH = "(?:[^/]+/)?[0-9a-f]{32}"


def show(view: View, key: str, rows: int = report_table.MOST_ROWS) -> None:
    """Who calls most: of one customer, or of all that the filters leave. ``rows``: how many are in sight at once."""
    called = view.report("contacts")
    hashed = _hashed(called)
    if hashed.any():
        layout.note(
            _(
                "Names of contacts are not kept. Each contact has a number at its customer, by the number of tickets."
            )
        )
    hover = {"contact": list(called["contact"].where(hashed, ""))}
    report_table.show("contacts", called, view, key=key, rows=rows, hover=hover, words=in_words)


def in_words(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows of ``contacts`` with a number in place of a hash.

    The report has each customer's contacts in one order, also among those of others: the number is the same in both.
    """
    name = _("Contact {number}").replace(" ", "\N{NO-BREAK SPACE}")
    places = rows.groupby("customer_id", dropna=False, sort=False).cumcount() + 1
    numbers = pd.Series([name.format(number=place) for place in places], rows.index, rows["contact"].dtype)
    return rows.assign(contact=rows["contact"].mask(_hashed(rows), numbers))


def _hashed(rows: pd.DataFrame) -> pd.Series[bool]:
    return rows["contact"].str.fullmatch(_HASH).fillna(False).astype(bool)
