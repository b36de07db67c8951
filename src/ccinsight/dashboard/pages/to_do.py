"""What is to be done (R14): which duties come first, in words, and the controls that close them and open them again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pandas as pd
import streamlit as st

from ccinsight.charts import Mark
from ccinsight.clock import now
from ccinsight.dashboard.session import activity, address, keys, printing, reads
from ccinsight.dashboard.session.view import View
from ccinsight.dashboard.widgets import figures, focus, headlines, layout, report_table
from ccinsight.dashboard.widgets.columns import FIRST
from ccinsight.errors import CcinsightError
from ccinsight.i18n import _, amount, day, is_unknown, language, ngettext, number, set_language
from ccinsight.notes.duties import DONE, NOT_NEEDED, VERDICT, Duty, detail_text
from ccinsight.registry import CODES, REPORTS, label_of

# At first the page shows what is overdue or due within so many days.
SOON_DAYS = 60
_NOTE_LENGTH = 2_000
_OF_LINES = ("kind", "state", "days_left", "last_day", "value", "detail")


def read(view: View) -> pd.DataFrame:
    """The duties of R14 with the verdicts on renewals that are due, and what was to be done after one.

    The columns of the report ``duties``, with milestone and verdict_id; in its order.
    """
    rows = _both(view)
    opened = rows[rows["state"] == "open"].sort_values("last_day", kind="stable", na_position="last")
    done = rows[rows["state"] != "open"].sort_values("closed_on", ascending=False, kind="stable")
    return pd.concat([opened, done], ignore_index=True)


def read_for_lines(view: View) -> pd.DataFrame:
    """The same rows in no order, with the columns alone that counts and lines of duties are made of."""
    return _both(view, _OF_LINES)


def _both(view: View, columns: Sequence[str] | None = None) -> pd.DataFrame:
    reports = [view.report(name) for name in ("duties", "verdicts_due")]
    return pd.concat([rows[list(columns)] if columns else rows for rows in reports], ignore_index=True)


def still_open(duties: pd.DataFrame) -> pd.DataFrame:
    """The open ones, by last day; those without one last."""
    return duties[_is_open(duties)]


def _is_open(duties: pd.DataFrame) -> pd.Series:
    return duties["state"] == "open"


def overdue(duties: pd.DataFrame) -> pd.DataFrame:
    """The open ones whose last day has passed."""
    return duties[_is_open(duties) & (duties["days_left"] < 0)]


def coming(duties: pd.DataFrame, days: int = SOON_DAYS) -> pd.DataFrame:
    """The open ones due from today to so many days on."""
    return duties[_is_open(duties) & duties["days_left"].between(0, days)]


def soon(duties: pd.DataFrame) -> pd.DataFrame:
    """The open ones that are overdue or due within sixty days."""
    return duties[_is_open(duties) & (duties["days_left"] <= SOON_DAYS)]


def closed(duties: pd.DataFrame) -> pd.DataFrame:
    """What a person closed in the last 90 days, the newest first."""
    return duties[duties["state"] != "open"]


def headline(duties: pd.DataFrame) -> str:
    """How many are overdue and how many due soon, true on its own."""
    late, near = len(overdue(duties)), len(coming(duties))
    parts = [
        (late, ngettext("{count} duty is overdue", "{count} duties are overdue", late)),
        (
            near,
            ngettext("{count} is due within {days} days", "{count} are due within {days} days", near)
            if late
            else ngettext(
                "{count} duty is due within {days} days", "{count} duties are due within {days} days", near
            ),
        ),
    ]
    said = [text.format(count=number(count), days=SOON_DAYS) for count, text in parts if count]
    return ", ".join(said) or _("No duty is overdue or due within {days} days").format(days=SOON_DAYS)


def table_of_dates(mark: Mark) -> str:
    """The table of the page Deadlines that has the dates behind a mark: what must be done, or what is information."""
    is_duty = mark.value("kind") == "termination" or mark.value("price_notice_state") == "planned"
    return "deadlines" if is_duty else "information"


def deadlines(view: View, days: int) -> pd.DataFrame:
    """The report ``deadlines``, in which a price notice that a person closed is no longer to be sent."""
    frame = view.report("deadlines", days=days)
    closed_notices = reads.marks().closed_notices(view.as_of)
    if not closed_notices:
        return frame
    states = [
        "closed" if state == "planned" and (agreement, due_on) in closed_notices else state
        for agreement, due_on, state in zip(
            frame["agreement_id"], frame["due_on"].dt.date, frame["price_notice_state"], strict=True
        )
    ]
    return frame.assign(price_notice_state=pd.Series(states, frame.index, frame["price_notice_state"].dtype))


def kinds(duties: pd.DataFrame) -> list[str]:
    """The kinds of these duties, in the order of the registry."""
    there = set(duties["kind"].unique())
    return [kind for kind in CODES["duty_kind"] if kind in there]


def in_words(duties: pd.DataFrame) -> pd.DataFrame:
    """The rows with what each is about as a person reads it."""
    return duties.assign(detail=[detail_text(row) for row in duties.to_dict("records")])


def line(kind: str, rows: pd.DataFrame) -> str:
    """Open duties of a kind in one line: what, how many, how many overdue, the next day, what is at stake."""
    ahead = rows.loc[rows["days_left"] >= 0, "last_day"]
    worth = figures.total(rows["value"])
    parts = [
        ngettext("{count} duty", "{count} duties", len(rows)).format(count=number(len(rows))),
        _overdue(kind, rows[rows["days_left"] < 0]),
        _("next {day}").format(day=day(ahead.min())) if len(ahead) else "",
        headlines.and_unknown(_worth(kind, amount(worth)), figures.unknown(rows["value"])) if worth else "",
    ]
    said = " · ".join(layout.plain(part) for part in parts if part)
    return "**" + layout.plain(label_of("duty_kind", kind)) + "** · " + said


def _overdue(kind: str, rows: pd.DataFrame) -> str:
    """How many duties are overdue; of status meetings also how many are so as *Status meetings* counts them (R12)."""
    if rows.empty:
        return ""
    said = ngettext("{count} overdue", "{count} overdue", len(rows)).format(count=number(len(rows)))
    past = int((rows["detail"] == "overdue").sum()) if kind == "status_meeting" else 0
    return (
        _("{overdue} ({count} after the termination deadline)").format(overdue=said, count=number(past))
        if past
        else said
    )


def _worth(kind: str, value: str) -> str:
    """What is at stake, said as what it is: the agreements' annual value, or what is billed too little or too much."""
    is_billed = kind.endswith(("_unbilled", "_overbilled"))
    return value if is_billed else _("annual value {amount}").format(amount=value)


# ---------------------------------------------------------------- the lines, and what closes them


def show_links(duties: pd.DataFrame) -> None:
    """A line for each kind that has something overdue or due soon, which leads to it; and one to all the others."""
    layout.section(headline(duties))
    near = soon(duties)
    with st.container(gap="xxsmall", key="duty-links"):
        for kind in kinds(near):
            _link(line(kind, near[near["kind"] == kind]), {"duty": kind})
        rest = len(still_open(duties)) - len(near)
        if rest:
            text = ngettext("{count} more open duty", "{count} more open duties", rest)
            _link(text.format(count=number(rest)), {"show": "all"})


def _link(label: str, changes: Mapping[str, object]) -> None:
    if printing.is_on():
        st.markdown(label)
        return
    st.page_link(
        "pages/to_do.py",
        label=label,
        icon=":material/arrow_forward:",
        query_params=address.parameters("to_do", **changes),
    )


def show_lines(rows: pd.DataFrame, view: View) -> None:
    """A line for each kind, which opens; in an open one rows are chosen and closed."""
    _show_result()
    if asked := st.session_state.get("duty"):  # a link asked for one kind: it is open at first
        st.session_state.setdefault(f"duties-{asked}", True)
    for kind in kinds(rows):
        part, code = rows[rows["kind"] == kind], CODES["duty_kind"][kind]
        # the key holds the kind alone: a line stays open when what it counts changes
        if opened := layout.fold_on_demand(line(kind, part), f"duties-{kind}"):
            with opened:
                layout.note(_(code.description))
                _show_rows(kind, part, view)


def _show_rows(kind: str, rows: pd.DataFrame, view: View) -> None:
    first = [name for name in FIRST["duties"] if rows[name].notna().any() or name == "customer_name"]
    report, version = (
        replace(REPORTS["duties"], title=CODES["duty_kind"][kind].label),
        reads.marks().version(),
    )
    chosen = report_table.pick(report, in_words(rows), view, first, key=f"duties-{kind}", version=version)
    picked = rows.iloc[chosen.rows]
    if printing.is_on():
        return
    if kind == VERDICT:
        _link_to_verdict(picked if len(picked) else rows)
        return
    last_day = min(view.as_of, view.today)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key=f"close-{kind}"):
        st.text_input(
            _("Note, or why it isn't needed"),
            key=f"duty-note-{kind}",
            max_chars=_NOTE_LENGTH,
            help=_("Internal: the customer doesn't see it."),
        )
        st.date_input(
            _("Done on"),
            value=last_day,
            max_value=last_day,
            format="DD.MM.YYYY",
            key=f"duty-day-{kind}-{last_day}",
            width=150,
        )
        for state, label, icon in (
            (DONE, _("Mark as done"), ":material/check:"),
            (NOT_NEEDED, _("Not needed"), ":material/block:"),
        ):
            st.button(
                label,
                key=f"duty-{state}-{kind}",
                icon=icon,
                type="primary" if state == DONE else "secondary",
                disabled=picked.empty,
                on_click=_close,
                args=(kind, duties_of(picked), state, last_day, language()),
            )
    layout.note(
        ngettext("{count} row is chosen.", "{count} rows are chosen.", len(picked)).format(
            count=number(len(picked))
        )
        if len(picked)
        else _("Choose rows in the table, by their box or with Shift and the space bar, and close them here.")
    )


def _link_to_verdict(rows: pd.DataFrame) -> None:
    """A link to where the verdict is given: on the row that is chosen, else on the first."""
    first = rows.iloc[0]
    layout.page_link(
        "risk",
        _("Give a verdict on {customer}").format(customer=first["customer_name"] or first["customer_id"]),
        ":material/gavel:",
        risk="verdicts",
        verdict=first["agreement_id"],
    )


def show_closed(rows: pd.DataFrame, view: View) -> None:
    """What a person closed: rows are chosen, and opened again."""
    _show_result()
    chosen = report_table.pick(
        "duties",
        in_words(rows),
        view,
        FIRST["closed_duties"],
        key="closed_duties",
        version=reads.marks().version(),
    )
    picked = rows.iloc[chosen.rows]
    st.button(
        _("Open again"),
        key="duties-reopen",
        icon=":material/undo:",
        disabled=picked.empty,
        on_click=_reopen,
        args=(duties_of(picked), language()),
    )


def keep_focus(rows: pd.DataFrame, *, are_closed: bool) -> None:
    """Moves the keyboard's focus, which the buttons lose when they close or open duties, back to the table.

    To the line that comes next where none of the kind is left, and to the choice above where no line is.
    """
    token, kind = st.session_state.get(keys.DUTIES_FOCUS, ("", ""))
    places, order = [".st-key-show button"], list(CODES["duty_kind"])
    version = reads.marks().version()
    if are_closed:
        places.insert(0, f'[class*="st-key-table-closed_duties-{version}-"] canvas')
    elif token and (there := kinds(rows)):
        at = order.index(kind)
        nearest = min(there, key=lambda each: (order.index(each) < at, abs(order.index(each) - at)))
        places.insert(0, f".st-key-duties-{nearest} summary")
        if nearest == kind:
            places.insert(0, f'[class*="st-key-table-duties-{kind}-{version}-"] canvas')
    focus.move(token, places)


def duties_of(rows: pd.DataFrame) -> tuple[Duty, ...]:
    """The duties of rows of the report."""
    return tuple(_duty(row) for row in rows.to_dict("records"))


def _duty(row: Mapping[Any, Any]) -> Duty:
    values: dict[str, Any] = {
        name: None if is_unknown(row.get(name)) else row[name] for name in Duty.__dataclass_fields__
    }
    for name in ("period_start", "last_day"):
        values[name] = values[name] and values[name].date()
    values["verdict_id"] = values["verdict_id"] and int(values["verdict_id"])
    if values["value"] is not None:
        values["value"] = Decimal(f"{values['value']:.2f}")  # pages have amounts as floating numbers
    return Duty.of(values)


def _close(kind: str, duties: Sequence[Duty], state: str, last_day: date, in_language: str) -> None:
    set_language(in_language)  # a callback runs before the page has set one
    session = st.session_state
    done_on = session.get(f"duty-day-{kind}-{last_day}") if state == DONE else last_day
    try:
        reads.marks().close(
            duties,
            state,
            closed_on=done_on or last_day,
            note=session.get(f"duty-note-{kind}") or "",
            saved_at=now(),
            saved_by=_who(),
        )
    except CcinsightError as error:
        session[keys.DUTIES_RESULT] = error, ()
        return
    session[f"duty-note-{kind}"] = ""
    session[keys.DUTIES_FOCUS] = now().isoformat(), kind
    text = ngettext("{count} duty is closed.", "{count} duties are closed.", len(duties))
    session[keys.DUTIES_RESULT] = text.format(count=number(len(duties))), tuple(duties)


def _reopen(duties: Sequence[Duty], in_language: str) -> None:
    set_language(in_language)
    try:
        count = reads.marks().undo(duties, undone_at=now(), undone_by=_who())
    except CcinsightError as error:
        st.session_state[keys.DUTIES_RESULT] = error, ()
        return
    st.session_state[keys.DUTIES_FOCUS] = now().isoformat(), duties[0].kind
    text = ngettext("{count} duty is open again.", "{count} duties are open again.", count)
    st.session_state[keys.DUTIES_RESULT] = text.format(count=number(count)), ()


def _show_result() -> None:
    """What the last click did, with a way back; it stays until the next."""
    said, duties = st.session_state.get(keys.DUTIES_RESULT, ("", ()))
    if isinstance(said, CcinsightError):
        layout.failed(said)
    elif said:
        with st.container(horizontal=True, vertical_alignment="center", gap="small", key="duties-result"):
            st.success(said, icon=":material/check_circle:", width="stretch")
            if duties:
                st.button(
                    _("Undo"),
                    key="duties-undo",
                    icon=":material/undo:",
                    on_click=_reopen,
                    args=(duties, language()),
                )


def _who() -> str | None:
    """The one who is signed in; None where nobody has to be."""
    return activity.name()
