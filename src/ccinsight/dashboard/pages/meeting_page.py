"""The page of one status meeting: what to write, what it is prepared from, its slides, and that it was held."""

from __future__ import annotations

import streamlit as st

from ccinsight.dashboard.pages import meeting_held, meeting_preview, meeting_writing
from ccinsight.dashboard.pages.meeting import (
    Meeting,
    Prepared,
    for_customer,
    internal,
    prepared,
    standing,
    status,
)
from ccinsight.dashboard.session import printing
from ccinsight.dashboard.widgets import layout
from ccinsight.documents.brief.model import MOST_ON_A_SLIDE
from ccinsight.errors import CcinsightError
from ccinsight.i18n import _, day, language, number


@st.fragment
def show(at: Meeting) -> None:
    """The meeting: what to write, beside it what to build on; the slides; that it was held. A save draws only this."""
    try:
        _show(at)
    except CcinsightError as error:  # no error leaves a fragment: Streamlit would show it as a fault
        layout.stopped(error)


def _show(at: Meeting) -> None:
    shown = prepared(at)
    layout.note(standing(shown))
    meeting_writing.fill(shown)
    written, known = st.columns([3, 2], gap="large")
    with written:
        meeting_writing.edit(shown, _undo_button)
    with known:
        _show_agreed(shown)
        _show_possibilities(shown)
    if printing.is_on():
        return
    _show_held(shown)
    slides = st.expander(_("The slides as the customer sees them"), key="slides", on_change="rerun")
    if slides.open:
        with slides:
            meeting_preview.show(
                shown.sources, shown.customer_id, shown.entry.version_id if shown.entry else 0
            )


def _show_agreed(shown: Prepared) -> None:
    """What was agreed last time, word for word."""
    layout.section(_("Agreed last time"))
    layout.note(for_customer())
    if not shown.known.agreed_last_time:
        layout.note(_("Nothing is noted from an earlier period. What you note now stands here next year."))
        return
    if shown.known.agreed_last_time_on:
        layout.note(_("Noted {day}").format(day=day(shown.known.agreed_last_time_on)))
    st.markdown("  \n".join(layout.plain(line) for line in shown.known.agreed_last_time.splitlines()))


def _show_possibilities(shown: Prepared) -> None:
    """What the rules suggest, with the numbers that made each fire. Those for the customer can be left out."""
    layout.section(_("New possibilities"))
    known = shown.known
    if not known.offered and not known.internal_possibilities:
        layout.note(_("No rule found anything to suggest."))
    if known.offered:
        layout.note(_("The customer sees those that are ticked."))
    if len(known.possibilities) > MOST_ON_A_SLIDE:
        layout.note(
            _("The slides have room for the first {count}; the PDF and the web page have them all.").format(
                count=number(MOST_ON_A_SLIDE)
            )
        )
    for point in known.offered:
        st.checkbox(
            layout.plain(point.title),
            key=f"{shown.base}-show-{point.key}",
            on_change=meeting_writing.save,
            args=(shown, language()),
        )
        layout.note(layout.plain(point.text))
    if known.internal_possibilities:
        layout.note(internal())
    for point in known.internal_possibilities:
        st.markdown(f"**{layout.plain(point.title)}**  \n{layout.plain(point.text)}")


def _show_held(shown: Prepared) -> None:
    """That the meeting was held, as a person notes it; the export may say it later."""
    entry, last = shown.entry, min(shown.as_of, shown.today)
    if shown.row["status"] == "held" or last < shown.period_start:
        return
    layout.section(_("Was the meeting held?"))
    if entry and entry.held_on:
        st.success(status(shown.row, entry, shown.as_of), icon=":material/event_available:")
        st.button(
            _("It was not held"),
            key=f"not-held-{shown.base}",
            icon=":material/undo:",
            type="tertiary",
            on_click=meeting_held.note,
            args=(shown, language(), None),
        )
        return
    layout.note(
        _("Write above what you agreed. It stands here until the export of meetings has the meeting too.")
    )
    with st.container(horizontal=True, vertical_alignment="bottom", key="meeting-held"):
        held_on = st.date_input(
            _("Held on"),
            value=last,
            min_value=shown.period_start,
            max_value=last,
            format="DD.MM.YYYY",
            key=f"{shown.base}-held-on",
            width=160,
        )
        st.button(
            _("Note as held"),
            key=f"held-{shown.base}",
            icon=":material/event_available:",
            on_click=_note_held_on,
            args=(shown, language()),
            disabled=held_on is None,
        )


def _note_held_on(shown: Prepared, in_language: str) -> None:
    meeting_held.note(shown, in_language, st.session_state.get(f"{shown.base}-held-on", shown.as_of))


def _undo_button(shown: Prepared) -> None:
    st.button(
        _("Undo the last save"),
        key=f"undo-{shown.base}",
        icon=":material/undo:",
        type="tertiary",
        on_click=meeting_held.undo,
        args=(shown, language()),
    )
