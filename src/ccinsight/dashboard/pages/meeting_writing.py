"""What is written for a status meeting: the inputs, saved while one types, and what a colleague saved in between."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import streamlit as st

from ccinsight.clock import now
from ccinsight.dashboard.pages.meeting import Meeting, Prepared, for_customer, internal, notes
from ccinsight.dashboard.session import activity, printing
from ccinsight.dashboard.widgets import layout
from ccinsight.documents.brief import Preparation
from ccinsight.errors import CcinsightError
from ccinsight.i18n import _, language, moment, set_language
from ccinsight.notes import Entry, SavedMeanwhileError

_FIELDS = ("agenda", "notes", "agreed")
# What is saved within so many seconds of the save before belongs to the same writing, and one undo takes it back.
_WRITING_SECONDS = 600


def edit(shown: Prepared, undo_button: Callable[[Prepared], None]) -> None:
    """The agenda, notes and agreed points: saved while they are typed."""
    layout.section(_("Agenda, notes and what you agree"))
    _show_conflict(shown)
    if shown.known.is_agenda_proposed:
        layout.note(_("This agenda is proposed from what stands out. Change it as you like."))
    fields = {
        "agenda": (_("Agenda"), _("One point a line."), 220),
        "notes": (_("Notes"), _("For yourselves; only in the internal annex."), 140),
        "agreed": (_("Agreed"), _("One point a line. Next year it stands as “agreed last time”."), 140),
    }
    for name, (label, help_text, height) in fields.items():
        is_internal = name == "notes"
        if printing.is_on():
            title = f"{label} – {internal() if is_internal else for_customer()}"
            layout.written(title, str(st.session_state[f"{shown.base}-{name}"] or ""))
            continue
        with st.container(key=f"{'internal' if is_internal else 'shown'}-{name}"):
            st.text_area(
                f"{label} – {internal() if is_internal else for_customer()}",
                key=f"{shown.base}-{name}",
                help=help_text,
                height=height,
                max_chars=20_000,
                placeholder=_proposal(shown.known) if name == "agenda" else None,
                on_change=save,
                args=(shown, language()),
            )
    if printing.is_on():
        return
    _save_while_typing()
    _show_saved(shown, undo_button)


def _save_while_typing() -> None:
    """Sends what is typed after a pause of a second, and when the page is left, as Ctrl+Enter does.

    A click on a link to another page waits until that is saved: Streamlit may drop what was sent just before it
    while a run is under way.
    """
    st.html(_TYPING, unsafe_allow_javascript=True)


_TYPING = """<script>
if (!window.ccinsightSaves) {
  window.ccinsightSaves = true;
  const waiting = new Map();
  const send = (area) => {
    clearTimeout(waiting.get(area));
    waiting.delete(area);
    area.dispatchEvent(new KeyboardEvent("keydown", {key: "Enter", ctrlKey: true, bubbles: true, cancelable: true}));
  };
  document.addEventListener("input", (event) => {
    const area = event.target;
    if (!(area instanceof HTMLTextAreaElement) || event.isComposing || !area.closest(".st-key-meeting")) return;
    clearTimeout(waiting.get(area));
    waiting.set(area, setTimeout(send, 1000, area));
  }, true);
  const sendAll = () => [...waiting.keys()].forEach(send);
  const isStill = () => document.querySelector("[data-testid=stApp]").dataset.testScriptState === "notRunning";
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]:not([target], [download])");
    if (!waiting.size || !link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    sendAll();
    let stillFor = 0;
    const before = performance.now();
    const follow = setInterval(() => {
      stillFor = isStill() ? stillFor + 1 : 0;
      if (stillFor < 4 && performance.now() - before < 5000) return;
      clearInterval(follow);
      link.click();
    }, 50);
  }, true);
  document.addEventListener("visibilitychange", sendAll);
  window.addEventListener("pagehide", sendAll);
}
</script>"""


def _show_saved(shown: Prepared, undo_button: Callable[[Prepared], None]) -> None:
    state = st.session_state
    if error := state.pop(f"{shown.base}-error", None):
        st.error(error, icon=":material/error:")
    if done := state.pop(f"{shown.base}-done", None):
        st.success(done, icon=":material/check_circle:")
    if not shown.entry:
        layout.note(_("What you write is saved as you type."))
        return
    with st.container(horizontal=True, vertical_alignment="center", key="meeting-saved"):
        layout.note(
            _("Saved {moment} {name}")
            .format(moment=moment(shown.entry.saved_at), name=shown.entry.saved_by or "")
            .strip()
        )
        undo_button(shown)


def fill(shown: Prepared) -> None:
    """Puts what is saved, or proposed, into the inputs when the meeting is opened; later they hold what is written.

    What could not be saved, since a colleague saved in between, stays.
    """
    state, base, entry = st.session_state, shown.base, shown.entry
    if f"{base}-agenda" not in state:
        texts = {
            "agenda": "\n".join(shown.known.agenda),
            "notes": shown.known.notes,
            "agreed": shown.known.agreed,
        }
        for name, text in {**texts, **state.get(f"{base}-unsaved", {})}.items():
            state[f"{base}-{name}"] = text
        if f"{base}-unsaved" not in state:
            state[f"{base}-version"] = entry.version_id if entry else 0
    _follow_proposal(shown)
    for point in shown.known.offered:
        key = f"{base}-show-{point.key}"
        if key not in state:
            state[key] = point not in shown.known.left_out


def _follow_proposal(shown: Prepared) -> None:
    """An agenda that nobody changed is the proposed one, also when a possibility was left out meanwhile."""
    state, agenda, key = st.session_state, f"{shown.base}-agenda", f"{shown.base}-proposed"
    proposed = _proposal(shown.known)
    if state[agenda] and state[agenda] == state.get(key) != proposed and proposed:
        state[agenda] = proposed
    state[key] = proposed or state.get(key)


def _proposal(known: Preparation) -> str:
    """The proposed agenda as text; empty where one was written."""
    return "\n".join(known.agenda) if known.is_agenda_proposed else ""


def _texts(shown: Prepared) -> dict[str, str]:
    """What the inputs hold; an agenda as it was proposed is none of one's own, and follows the figures."""
    texts = {name: str(st.session_state[f"{shown.base}-{name}"] or "") for name in _FIELDS}
    is_proposed = texts["agenda"] == st.session_state.get(f"{shown.base}-proposed")
    return {**texts, "agenda": ""} if is_proposed else texts


def _left_out(shown: Prepared) -> set[str]:
    """The keys of the possibilities that are not ticked, and of those left out that no rule suggests just now."""
    offered = {point.key for point in shown.known.offered}
    before = shown.entry.left_out - offered if shown.entry else frozenset()
    return {*before, *(key for key in offered if not st.session_state.get(f"{shown.base}-show-{key}", True))}


def save(shown: Prepared, in_language: str) -> None:
    """For callbacks: saves what the inputs hold. A save soon after one's own takes its place."""
    is_saved(shown, in_language)


def is_saved(shown: Prepared, in_language: str, **changes: Any) -> bool:
    """Saves what the inputs hold, with what a click changed; False where it can't be, which is shown then."""
    set_language(in_language)  # a callback runs before the page has set one
    state, base = st.session_state, shown.base
    based_on, saved_at = state[f"{base}-version"], state.get(f"{base}-saved", (None, 0.0))
    texts = _texts(shown)
    held_on = shown.entry.held_on if shown.entry else None
    try:
        entry = notes().save_agenda(
            shown.customer_id,
            shown.period_start,
            shown.row["period_end"].date(),
            shown.as_of,
            **{**texts, "left_out": _left_out(shown), "held_on": held_on, **changes},
            saved_at=now(),
            saved_by=who(),
            based_on=based_on,
            replaces=not changes
            and saved_at[0] == based_on
            and time.monotonic() - saved_at[1] < _WRITING_SECONDS,
        )
    except CcinsightError as error:
        kind = "conflict" if isinstance(error, SavedMeanwhileError) else "error"
        state[f"{base}-{kind}"], state[f"{base}-unsaved"] = str(error), texts
        return False
    state[f"{base}-version"] = entry.version_id
    # what was noted by a click is undone alone
    state[f"{base}-saved"] = (None, 0.0) if changes else (entry.version_id, time.monotonic())
    for name in ("unsaved", "conflict"):
        state.pop(f"{base}-{name}", None)
    return True


def _show_conflict(shown: Prepared) -> None:
    """A colleague saved while this was written: both texts are there, and a person chooses."""
    conflict = st.session_state.get(f"{shown.base}-conflict")
    if not conflict:
        return
    yours = _("Your text stands below and isn't saved yet.")
    st.warning(f"{layout.plain(conflict)} {yours}", icon=":material/group:")
    if shown.entry:
        theirs = {
            _("Agenda"): shown.entry.agenda,
            _("Notes"): shown.entry.notes,
            _("Agreed"): shown.entry.agreed,
        }
        with st.expander(_("What the colleague wrote")):
            for label, text in theirs.items():
                st.markdown(f"**{label}**")
                st.text(text or "–")
    with st.container(horizontal=True, key="meeting-conflict"):
        st.button(_("Save mine"), on_click=_save_mine, args=(shown, language()), key=f"mine-{shown.base}")
        st.button(_("Use the colleague's"), on_click=_forget_mine, args=(shown,), key=f"theirs-{shown.base}")


def _save_mine(shown: Prepared, in_language: str) -> None:
    theirs = newest(shown)
    st.session_state[f"{shown.base}-version"] = theirs.version_id if theirs else 0
    save(shown, in_language)


def _forget_mine(shown: Prepared) -> None:
    for name in (*_FIELDS, "version", "unsaved", "conflict"):
        st.session_state.pop(f"{shown.base}-{name}", None)


def undo(shown: Prepared) -> None:
    """Takes back the last save; the inputs are filled again."""
    state, base = st.session_state, shown.base
    try:
        notes().undo(shown.customer_id, shown.as_of, undone_at=now(), undone_by=who())
    except CcinsightError as error:
        fail(shown, error)
        return
    for key in [key for key in state if str(key).startswith(f"{base}-")]:
        del state[key]
    state[f"{base}-done"] = _("The last save is undone.")


def fail(at: Meeting, error: CcinsightError) -> None:
    """Shows an error below the inputs in the run to come."""
    st.session_state[f"{at.base}-error"] = str(error)


def newest(shown: Prepared) -> Entry | None:
    """What is stored of the meeting now."""
    return notes().agenda(shown.customer_id, shown.as_of)


def who() -> str | None:
    """The one who is signed in; None where nobody has to be."""
    return activity.name()
