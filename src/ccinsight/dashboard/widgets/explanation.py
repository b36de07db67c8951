"""An amount's explanation on a page: which one is asked for, and the sentences below it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from ccinsight.dashboard.session.view import View
from ccinsight.dashboard.widgets import figures, layout, money, report_table
from ccinsight.i18n import _
from ccinsight.outputs import explain
from ccinsight.registry import REPORTS


def amount(view: View, agreement_id: str, period_start: date, key: str) -> None:
    """All there is to say about one agreement and period, and the lines behind it."""
    all_periods = view.report("agreement_periods")
    periods = money.of_period(all_periods, agreement_id, period_start)
    invoices = money.of_period(
        view.report("assigned_invoices", since=explain.EVER), agreement_id, period_start
    )
    if periods.empty and invoices.empty:
        layout.nothing(_("The agreement has no such period."))
        return
    lines = money.of_period(view.report("expected_lines", since=explain.EVER), agreement_id, period_start)
    if periods.empty:
        ends = all_periods.loc[all_periods["agreement_id"] == agreement_id, "period_end"].max()
        texts = [explain.after_end(ends), *(explain.invoice(each) for each in _rows(invoices))]
    else:
        row = _rows(periods)[0]
        texts = [
            *explain.period(row, view.as_of),
            *(explain.line(each, row["renewal_on"]) for each in _rows(lines)),
        ]
        texts += [explain.invoice(each) for each in _rows(invoices)]
    billed = money.of_period(view.report("billed_periods", since=explain.EVER), agreement_id, period_start)
    if not billed.empty:
        expected, invoiced = (
            figures.number_of(figures.one(billed, name)) for name in ("expected", "invoiced")
        )
        texts.append(explain.balance(expected, invoiced))
    st.markdown("\n".join(f"- {layout.plain(text)}" for text in texts))
    _show_lines(view, lines, invoices, key)


def _show_lines(view: View, lines: pd.DataFrame, invoices: pd.DataFrame, key: str) -> None:
    """The lines behind an amount: what is expected, and what was invoiced."""
    if not lines.empty:
        report_table.show(
            "expected_lines",
            lines,
            view,
            [
                "kind",
                "from_on",
                "counted_on",
                "users_before",
                "users_after",
                "months_billed",
                "rate",
                "expected",
            ],
            totals=("expected",),
            key=f"{key}-expected",
            is_part=True,
        )
    if not invoices.empty:
        report_table.show(
            "assigned_invoices",
            invoices,
            view,
            ["kind", "issued_on", "invoice_line_id", "quantity", "unit_price", "amount"],
            totals=("amount",),
            key=f"{key}-invoices",
            is_part=True,
        )


def chosen(view: View, rows: pd.DataFrame) -> None:
    """Lets one of the rows' agreements and periods be chosen, and says all there is to say about it then."""
    labels = money.period_labels(rows)
    if layout.is_left_out(labels, "open"):
        return
    layout.section(_("Why? The lines behind the amount"))
    key = layout.pick_if_wanted(
        _("Agreement and period"),
        labels,
        "open",
        _("Choose an agreement here or in the table"),
    )
    if key is None:
        return
    agreement_id, period_start = money.split_key(key)
    customer_id = rows.loc[rows["agreement_id"] == agreement_id, "customer_id"].iloc[0]
    amount(view.only(customer_id), agreement_id, period_start, key="chosen")


def renewal(view: View, renewals: pd.DataFrame, agreement_id: str) -> None:
    """What an agreement's value is now and at its renewal, and why."""
    row = _rows(renewals[renewals["agreement_id"] == agreement_id])[0]
    periods = view.only(row["customer_id"]).report("agreement_periods")
    for each in _rows(money.around(periods, agreement_id, row["renewal_on"])):
        is_next = each["period_start"] == row["renewal_on"]
        if is_next and row["renewal_status"] == "ending":
            continue
        heading = _("At the renewal") if is_next else _("Now")
        st.markdown(f"**{heading}**")
        st.markdown("\n".join(f"- {layout.plain(text)}" for text in explain.period(each, view.as_of)))
    st.markdown(layout.plain(explain.change(row)))


def history(view: View) -> None:
    """One customer's agreements from the first invoice to the coming renewal, each period to be opened."""
    periods = view.report("agreement_periods")
    if periods.empty:
        layout.nothing(_("The customer has no agreement."))
        return
    invoicing = view.report("invoicing", since=explain.EVER)
    rows = money.history(periods, view.report("billed_periods", since=explain.EVER), view.as_of)
    layout.note(_("From the first invoice to the coming renewal. Choose an agreement's period to see why."))
    _begun(view, rows)
    _coming(view, money.coming(periods, view.as_of))
    after = money.after_end(invoicing)
    if not after.empty:
        layout.note(_("Invoiced for periods after the end of the agreement:"))
        report_table.show("invoicing", after, view, key="after_end", is_part=True)
    chosen = layout.pick(_("Explain a period"), money.period_labels(periods[::-1]), "period")
    amount(view, *money.split_key(chosen), key="history")


def _begun(view: View, rows: pd.DataFrame) -> None:
    """The periods that have begun: what was to be invoiced for each, and what was."""
    if rows.empty:
        return
    column = REPORTS["agreement_periods"].column
    billed = REPORTS["billed_periods"].column
    report_table.show(
        report_table.of_columns(
            "agreement_history",
            _("The agreement, period by period"),
            *(
                column(name)
                for name in ("agreement_id", "customer_id", "period_number", "period_start", "period_end")
            ),
            *(
                column(name)
                for name in ("users_on_start", "invoiced_users", "rate", "price_source", "price_version")
            ),
            *(billed(name) for name in ("expected", "invoiced", "difference")),
            column("annual_value"),
        ),
        rows,
        view,
        opens=[("agreement_id", "period", money.period_keys(rows))],
    )


def _coming(view: View, rows: pd.DataFrame) -> None:
    """The periods to come, without amounts of invoices."""
    if rows.empty:
        return
    layout.note(_("Not begun yet, so nothing is to be invoiced so far:"))
    report_table.show(
        "agreement_periods",
        rows,
        view,
        key="coming_periods",
        is_part=True,
        opens=[("agreement_id", "period", money.period_keys(rows))],
    )


def _rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return frame.to_dict("records")  # type: ignore[return-value]
