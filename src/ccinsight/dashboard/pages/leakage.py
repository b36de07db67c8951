"""The tables of the page Leakage: what differs from the invoices, and the lines behind one customer's consulting."""

from __future__ import annotations

import pandas as pd

from ccinsight.dashboard.session.view import View
from ccinsight.dashboard.widgets import explanation, layout, money, report_table
from ccinsight.i18n import _


def show_part(view: View, invoicing: pd.DataFrame, users: pd.DataFrame, consulting: pd.DataFrame) -> None:
    """The chosen part, from the rows of the reports ``invoicing``, ``users_billed`` and ``consulting`` (R7)."""
    match part := layout.chosen("part"):
        case "users":
            _show_users(view, users)
        case "consulting":
            _show_consulting(view, consulting)
        case _:
            _show_amounts(view, part, invoicing)


def _show_amounts(view: View, part: str, invoicing: pd.DataFrame) -> None:
    chosen = {"overbilled": money.over, "unknown": money.unknown}.get(part, money.under)
    rows = chosen(invoicing)
    layout.note(
        _("Users or rate are unknown here, so nobody can say what should have been invoiced.")
        if part == "unknown"
        else _("Expected by the agreement against invoiced, for each agreement, period and kind.")
    )
    if rows.empty:
        layout.nothing_for_filters(view, _("There is no such amount in these periods."))
        return
    opens = ("agreement_id", "open", money.period_keys(rows))
    report_table.show("invoicing", rows, view, key=part, is_part=True, opens=[opens])
    explanation.chosen(view, rows)


def _show_users(view: View, users: pd.DataFrame) -> None:
    differing = money.differing(users, "users_difference")
    layout.note(
        _(
            "Users registered at the vendor, billable users of the current period (the highest number "
            "since it began), and users on its invoices, where they differ."
        )
    )
    layout.note(money.netted("users_billed", users, "users_difference"))
    if differing.empty:
        layout.nothing_for_filters(view, _("Every billable user is on an invoice."))
        return
    opens = ("agreement_id", "open", money.period_keys(differing))
    report_table.show("users_billed", differing, view, is_part=True, opens=[opens])
    explanation.chosen(view, differing)


def _show_consulting(view: View, consulting: pd.DataFrame) -> None:
    layout.fills_if_missing("tickets", _("Consulting done"))
    layout.note(money.netted("consulting", consulting))
    report_table.show("consulting", consulting, view, key="all_consulting")
    differing = money.differing(consulting)
    if not differing.empty:
        layout.section(_("Which tickets and invoices?"))
        customer = view.only(layout.pick(_("Customer"), money.difference_labels(differing), "work"))
        report_table.show("consulting_lines", customer.report("consulting_lines"), customer)
