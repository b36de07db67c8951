"""Why agreements were terminated: the reasons beside their rows, the controls that give one, and revenue by reason."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from ccinsight import charts, clock
from ccinsight.dashboard.session import activity, keys, printing, reader, reads
from ccinsight.dashboard.session.view import View
from ccinsight.dashboard.widgets import chart_view, layout, report_table
from ccinsight.documents.quarter import lost
from ccinsight.errors import CcinsightError
from ccinsight.i18n import _, day, is_unknown, language, set_language
from ccinsight.notes.terminations import LONGEST_NOTE, Given
from ccinsight.registry import MEASURES, REPORTS, Report


def with_reasons(rows: pd.DataFrame, view: View) -> pd.DataFrame:
    """Rows with an ``agreement_id``, each with its reason and note as known on the view's day; empty without one."""
    return lost.with_reasons(rows, reads.termination_reasons().known(view.as_of))


def lost_report() -> Report:
    """The report ``lost_agreements`` with reason and note."""
    report = REPORTS["lost_agreements"]
    return report_table.of_columns("lost_with_reasons", report.title, *report.columns, lost.REASON, lost.NOTE)


def show_by_reason(terminated: pd.DataFrame, view: View) -> None:
    """Lost revenue by reason, as bars and as a table."""
    rows = lost.by_reason(terminated)
    amount = REPORTS["lost_agreements"].column("amount")
    chart_view.show(
        reasons=lambda: charts.lost_by_reason(rows, chart_view.palette()),
        tables={"reasons": "lost_agreements"},
    )
    title = _("Lost revenue by reason")
    report = report_table.of_columns("lost_by_reason", title, lost.REASON, MEASURES["lost_customers"], amount)
    report_table.show(report, rows.drop(columns="is_given"), view, totals=("amount",))


def ask(rows: pd.DataFrame, view: View, key: str) -> None:
    """Lets a reason be given for one of the terminated agreements, changed or taken back.

    ``rows``: agreement_id, customer_id, customer_name and ends_on, each agreement once.
    """
    if printing.is_on():
        _write_out(rows, view)
        return
    _show_result()
    labels = {str(row["agreement_id"]): _label(row) for row in rows.to_dict("records")}
    customers = dict(zip(rows["agreement_id"], rows["customer_id"], strict=True))
    with st.container(border=True, key=f"reason-{key}"):
        agreement = st.selectbox(
            _("Terminated agreement"),
            list(labels),
            format_func=lambda each: labels.get(each, each),
            key=f"reason-agreement-{key}",
        )
        given = reads.termination_reasons().known(view.as_of).get(agreement)
        _fields(agreement, customers[agreement], given, view)


def _write_out(rows: pd.DataFrame, view: View) -> None:
    """On paper: each terminated agreement with its reason and note."""
    for row in with_reasons(rows, view).to_dict("records"):
        reason = _("not given") if is_unknown(row["reason"]) else row["reason"]
        note = [] if is_unknown(row["reason_note"]) else [row["reason_note"]]
        layout.said(_label(row), " – ".join([reason, *note]))


def _label(row: Mapping[Any, Any]) -> str:
    ends = "" if is_unknown(row["ends_on"]) else _("ends {day}").format(day=day(row["ends_on"]))
    return " · ".join(filter(None, (str(row["customer_name"]), str(row["agreement_id"]), ends)))


def _fields(agreement: str, customer: str, given: Given | None, view: View) -> None:
    reasons = list(dict.fromkeys([*reads.settings().terminations, *_own(given)]))
    # what was saved is in the key: another save or taking one back shows what holds then
    version = f"{agreement}-{hash(given)}"
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="reason-fields"):
        st.selectbox(
            _("Termination reason"),
            reasons,
            index=reasons.index(given.reason) if given and given.reason else None,
            placeholder=_("not given"),
            key=f"reason-chosen-{version}",
            width=260,
        )
        st.text_input(
            _("Note"),
            value=given.note if given else "",
            key=f"reason-note-{version}",
            max_chars=LONGEST_NOTE,
            help=_("Internal: the customer doesn't see it."),
        )
        given_on = min(view.as_of, view.today)
        st.button(
            _("Save"),
            key=f"reason-save-{version}",
            icon=":material/save:",
            type="primary",
            on_click=_save,
            args=(agreement, customer, version, given_on, language()),
        )
        if given:
            st.button(
                _("Take back"),
                key=f"reason-undo-{version}",
                icon=":material/undo:",
                on_click=_take_back,
                args=(customer, given, language()),
            )
    if given and given.saved_by:
        layout.note(_("By {name}, {day}").format(name=layout.plain(given.saved_by), day=day(given.given_on)))


def _own(given: Given | None) -> list[str]:
    """A reason that is no longer in the settings' list stays to be chosen where it was given."""
    return [given.reason] if given and given.reason else []


def _require_sight(customer: str) -> None:
    """Raises CcinsightError where the reader may no longer see the customer."""
    if customer not in reads.choices(reader.current()).customers:
        raise CcinsightError(_("You don't have the right to do this. Ask the dashboard's administrator."))


def _save(agreement: str, customer: str, version: str, given_on: date, in_language: str) -> None:
    set_language(in_language)  # a callback runs before the page has set one
    session = st.session_state
    try:
        _require_sight(customer)
        reads.termination_reasons().give(
            agreement,
            customer,
            session.get(f"reason-chosen-{version}"),
            session.get(f"reason-note-{version}") or "",
            given_on=given_on,
            saved_at=clock.now(),
            saved_by=activity.name(),
        )
    except CcinsightError as error:
        session[keys.REASON_RESULT] = error
        return
    session[keys.REASON_RESULT] = _("The reason of {agreement} is saved.").format(agreement=agreement)


def _take_back(customer: str, given: Given, in_language: str) -> None:
    set_language(in_language)
    try:
        _require_sight(customer)
        reads.termination_reasons().take_back(given, undone_at=clock.now(), undone_by=activity.name())
    except CcinsightError as error:
        st.session_state[keys.REASON_RESULT] = error
        return
    text = _("The last change of the reason of {agreement} is taken back.")
    st.session_state[keys.REASON_RESULT] = text.format(agreement=given.agreement_id)


def _show_result() -> None:
    said = st.session_state.pop(keys.REASON_RESULT, "")
    if isinstance(said, CcinsightError):
        layout.failed(said)
    elif said:
        st.success(layout.plain(said), icon=":material/check_circle:")
