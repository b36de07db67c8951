"""Verdicts on renewals on the screen: the form that gives one, those due, and where verdict and score differ."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from ccinsight.clock import now
from ccinsight.dashboard.pages import risks, to_do
from ccinsight.dashboard.session import activity, keys, reader, reads
from ccinsight.dashboard.session.view import View
from ccinsight.dashboard.widgets import figures, layout, report_table
from ccinsight.errors import CcinsightError
from ccinsight.i18n import N_, _, amount, day, is_unknown, language, ngettext, number, set_language
from ccinsight.notes.duties import VERDICT
from ccinsight.notes.verdicts import STAYS, VERDICTS, Verdict, Verdicts
from ccinsight.registry import MEASURES, REPORTS, Report, label_of
from ccinsight.rules.risk import HIGH

_LONGEST_TEXT = 2_000
DIFFERING: Report = report_table.of_columns(
    "verdicts_differing",
    N_("Where verdict and score differ"),
    *(
        REPORTS["renewal_verdicts"].column(name)
        for name in (
            "customer_id",
            "customer_name",
            "account_manager",
            "agreement_id",
            "termination_deadline",
        )
    ),
    REPORTS["renewal_verdicts"].column("verdict"),
    MEASURES["risk_score"],
    *(
        REPORTS["renewal_verdicts"].column(name)
        for name in ("reason", "annual_value", "given_on", "given_by")
    ),
)


def title(view: View) -> str:
    """How many verdicts are due."""
    count = len(due(view))
    if not count:
        return _("No verdict on a renewal is due")
    text = ngettext(
        "{count} renewal is waiting for a verdict", "{count} renewals are waiting for a verdict", count
    )
    return text.format(count=number(count))


def due(view: View) -> pd.DataFrame:
    """The verdicts that are to be given, the one whose last day comes first at the top."""
    return figures.rows_of(view.report("verdicts_due"), "kind", VERDICT)


def show(view: View) -> None:
    """The form, what is due, where verdict and score differ, and all that was said of renewals to come."""
    rows, waiting = view.report("renewal_verdicts"), due(view)
    layout.note(
        _(
            "Internal. Six and three months before the termination deadline the account manager says whether the "
            "customer stays."
        )
    )
    _show_result()
    asked = rows[rows["is_asked"].astype(bool)]
    if asked.empty:
        layout.nothing_for_filters(view, _("No renewal is six months or less from its termination deadline."))
    else:
        _show_form(asked, rows, view)
    if not waiting.empty:
        layout.section(_("Which verdicts are due?"))
        first = [
            "last_day",
            "customer_name",
            "account_manager",
            "detail",
            "value",
            "days_left",
            "agreement_id",
        ]
        opens = ("agreement_id", "verdict", list(waiting["agreement_id"]))
        report_table.show("verdicts_due", to_do.in_words(waiting), view, first, opens=[opens], is_part=True)
    _show_differing(newest(rows), view)
    given = rows[rows["verdict"].notna() & rows["outcome"].isna()]
    if not given.empty:
        layout.section(_("What was said of renewals to come?"))
        first = [
            "termination_deadline",
            "customer_name",
            "milestone",
            "verdict",
            "reason",
            "action",
            "given_on",
        ]
        report_table.show("renewal_verdicts", given, view, [*first, "given_by"], is_part=True)


def newest(rows: pd.DataFrame) -> pd.DataFrame:
    """The last verdict on each renewal to come."""
    given = rows[rows["verdict"].notna() & rows["outcome"].isna()]
    return given.sort_values("milestone", ascending=False).drop_duplicates(
        ["agreement_id", "renewal_on"], keep="last"
    )


def differing(given: pd.DataFrame, scored: pd.DataFrame) -> pd.DataFrame:
    """The verdicts that say something else than the score of the day: stays, of a high one; doubt or leaves, of others.

    Customers without a score say nothing.
    """
    rows = given.merge(scored[["customer_id", "risk_score"]], on="customer_id", how="inner")
    rows = rows[rows["risk_score"].notna()]
    return rows[(rows["verdict"] == STAYS) == (rows["risk_score"] >= HIGH)]


def _show_differing(given: pd.DataFrame, view: View) -> None:
    if given.empty:
        return
    rows = differing(given, risks.scores(view)).sort_values("termination_deadline")
    layout.section(_("Where do verdict and score differ?"))
    if rows.empty:
        layout.nothing(_("No verdict on a renewal to come differs from the customer's risk score."))
        return
    layout.note(
        _(
            "Verdicts that the customer stays where the score is {score} or more, and verdicts in doubt or that they "
            "leave where it is lower."
        ).format(score=number(HIGH))
    )
    report_table.show(DIFFERING, rows, view, [column.name for column in DIFFERING.columns[1:9]])


# ---------------------------------------------------------------- the form


def _show_form(asked: pd.DataFrame, rows: pd.DataFrame, view: View) -> None:
    """The renewal to be judged is chosen, and the verdict is given."""
    ordered = asked.assign(is_given=asked["verdict"].notna()).sort_values(
        ["is_given", "termination_deadline"], kind="stable"
    )
    names = {row["agreement_id"]: _name(row) for row in ordered.to_dict("records")}
    agreement = layout.pick(_("Renewal"), names, "verdict")
    row = ordered[ordered["agreement_id"] == agreement].iloc[0].to_dict()
    layout.note(_facts(row, view))
    for text in _said_before(row, view):
        layout.note(text)
    if not view.is_today:
        layout.nothing(
            _("A verdict counts from the day on which it is given."),
            _("Set the as-of date to today to give one."),
        )
        return
    _form(row, view)


def _name(row: dict[Any, Any]) -> str:
    text = _("{customer}, agreement {agreement}: deadline {day}").format(
        customer=row["customer_name"] or row["customer_id"],
        agreement=row["agreement_id"],
        day=day(row["termination_deadline"]),
    )
    return text if is_unknown(row["verdict"]) else f"{text} – {label_of('verdict', row['verdict'])}"


def _facts(row: dict[Any, Any], view: View) -> str:
    """What to know before judging: how far off the deadline is, what is at stake, the score."""
    score = figures.one(figures.rows_of(risks.scores(view), "customer_id", row["customer_id"]), "risk_score")
    months = int(row["milestone"])
    said = ngettext(
        "Verdict {count} month before the deadline", "Verdict {count} months before the deadline", months
    )
    value = row["annual_value"]
    parts = [
        said.format(count=number(months)),
        _("renewal {day}").format(day=day(row["renewal_on"])),
        _("value unknown") if is_unknown(value) else _("{amount} a year").format(amount=amount(value)),
        _("risk score unknown")
        if is_unknown(score)
        else _("risk score {score} of 100").format(score=MEASURES["risk_score"].shown(score)),
    ]
    return " · ".join(layout.plain(part) for part in parts)


def _said_before(row: dict[Any, Any], view: View) -> list[str]:
    """All verdicts on the renewal by the day, the newest first: who said what, when and why."""
    found = []
    for each in reversed(Verdicts.beside(reads.database_path()).rows()):
        days = abs((each["renewal_on"] - row["renewal_on"].date()).days)
        if each["agreement_id"] == row["agreement_id"] and days <= 183:
            given_on = each["given_at"].date()
            if given_on <= view.as_of:
                parts = [label_of("verdict", each["verdict"]), each["reason"], _action(each)]
                who = f"{day(given_on)} {each['given_by'] or ''}".strip()
                found.append(layout.plain(f"{who}: " + " – ".join(part for part in parts if part)))
    return found


def _action(given: dict[str, Any]) -> str:
    if not given["action"]:
        return ""
    return _("{action} by {day}").format(action=given["action"], day=day(given["action_on"]))


def _form(row: dict[Any, Any], view: View) -> None:
    key = _key(row)
    is_open = is_unknown(row["action_state"]) and not is_unknown(row["action_on"])
    given = None if is_unknown(row["verdict"]) else VERDICTS.index(row["verdict"])
    with st.form(f"verdict-form-{key}", enter_to_submit=False):
        st.radio(
            _("Does the customer stay?"),
            VERDICTS,
            index=given,
            format_func=lambda value: label_of("verdict", value),
            horizontal=True,
            key=f"verdict-said-{key}",
        )
        st.text_input(
            _("Reason"),
            value="" if is_unknown(row["reason"]) else row["reason"],
            key=f"verdict-reason-{key}",
            max_chars=_LONGEST_TEXT,
            help=_("Internal: the customer doesn't see it."),
        )
        with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
            st.text_input(
                _("Action, if any"),
                value=row["action"] if is_open else "",
                key=f"verdict-action-{key}",
                max_chars=_LONGEST_TEXT,
                help=_("It stands among your duties until it is marked as done."),
            )
            st.date_input(
                _("Action by"),
                value=row["action_on"].date() if is_open else None,
                format="DD.MM.YYYY",
                key=f"verdict-day-{key}",
                width=150,
            )
        st.form_submit_button(
            _("Save the verdict"),
            type="primary",
            icon=":material/gavel:",
            on_click=_give,
            args=(key, view, language()),
        )


def _give(key: str, view: View, in_language: str) -> None:
    set_language(in_language)  # a callback runs before the page has set one
    session = st.session_state
    said = session.get(f"verdict-said-{key}")
    try:
        if said is None:
            raise CcinsightError(_("Choose whether the customer stays, is in doubt or leaves."))
        row = _still_asked(key, view)
        verdict = Verdict(
            row["agreement_id"],
            row["customer_id"],
            row["renewal_on"].date(),
            int(row["milestone"]),
            said,
            session.get(f"verdict-reason-{key}") or "",
            session.get(f"verdict-action-{key}") or "",
            session.get(f"verdict-day-{key}"),
        )
        Verdicts.beside(reads.database_path()).give(verdict, given_at=now(), given_by=activity.name())
    except CcinsightError as error:
        session[keys.VERDICT_RESULT] = error
        return
    session[keys.VERDICT_RESULT] = _("The verdict is saved: {customer}, {verdict}.").format(
        customer=row["customer_name"] or row["customer_id"], verdict=label_of("verdict", said)
    )


def _key(row: Mapping[Any, Any]) -> str:
    """The renewal and milestone that a verdict is about."""
    return f"{row['agreement_id']}-{row['renewal_on'].date()}-{row['milestone']}"


def _still_asked(key: str, view: View) -> dict[Any, Any]:
    """The renewal as the reader may see it now. Raises CcinsightError where no verdict on it can be given any more."""
    rows = view.report("renewal_verdicts")
    seen = reads.choices(reader.current()).customers
    for row in rows[rows["is_asked"].astype(bool)].to_dict("records"):
        if _key(row) == key and row["customer_id"] in seen and now().date() == view.as_of:
            return row
    raise CcinsightError(_("This verdict can no longer be given. Open the page again."))


def _show_result() -> None:
    """What the last click did; it stays until the next."""
    said = st.session_state.get(keys.VERDICT_RESULT, "")
    if isinstance(said, CcinsightError):
        layout.failed(said)
    elif said:
        st.success(layout.plain(said), icon=":material/check_circle:")
