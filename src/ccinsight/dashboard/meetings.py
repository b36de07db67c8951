"""Preparing status meetings: who is to be met, the agenda and notes of one meeting, decks for several."""

from __future__ import annotations

import io
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from zipfile import ZIP_DEFLATED, ZipFile
from zoneinfo import ZoneInfo

import pandas as pd
import streamlit as st

from ccinsight.brief import Preparation, Sources, make_preparation
from ccinsight.dashboard import layout, store
from ccinsight.dashboard.view import View
from ccinsight.errors import CcinsightError
from ccinsight.i18n import _, day, language, moment, ngettext, number, set_language
from ccinsight.notes import Entry, Notes

_LOG = logging.getLogger(__name__)
_TO_MEET = ("overdue", "due")
# Chosen for a start: those whose price-notice deadline comes within so many days, and the overdue ones.
_SOON_DAYS = 60
_MOST_CHOSEN = 100
_SOURCES = "_meeting-sources"
_FIELDS = ("agenda", "notes", "agreed")
# What stands on the customer's slides; the others are for the internal annex alone.
_SEEN_BY_CUSTOMER = frozenset({"agenda", "agreed"})


def to_meet(meetings: pd.DataFrame) -> pd.DataFrame:
    """The agreements whose meeting is due or overdue, the nearest price-notice deadline first."""
    return meetings[meetings["status"].isin(_TO_MEET)].sort_values(["best_before", "customer_name"])


def in_order(meetings: pd.DataFrame) -> pd.DataFrame:
    """All agreements: what is due or overdue first, each part by the price-notice deadline."""
    rank = meetings["status"].map({"overdue": 0, "due": 1, "planned": 2, "held": 3})
    return meetings.assign(_rank=rank).sort_values(["_rank", "best_before"]).drop(columns="_rank")


def soon(meetings: pd.DataFrame, view: View) -> list[str]:
    """The customers to prepare next: overdue, or due before a price-notice deadline that is near."""
    last = pd.Timestamp(view.as_of) + pd.Timedelta(days=_SOON_DAYS)
    rows = to_meet(meetings)
    near = rows[(rows["status"] == "overdue") | (rows["best_before"].between(pd.Timestamp(view.as_of), last))]
    return list(dict.fromkeys(near["customer_id"]))[:_MOST_CHOSEN]


def names(meetings: pd.DataFrame) -> dict[str, str]:
    """Customer → name, in the order of the rows."""
    known = store.choices().customers
    return {key: known.get(key, key) for key in dict.fromkeys(meetings["customer_id"])}


# ---------------------------------------------------------------- several at once


def prepare_several(meetings: pd.DataFrame, view: View) -> None:
    """Lets customers be chosen and gives a zip with deck and workbook of each."""
    labels = names(in_order(meetings))
    chosen = st.multiselect(
        _("Customers to prepare"),
        list(labels),
        default=[key for key in soon(meetings, view) if key in labels],
        format_func=lambda key: labels.get(key, key),
        placeholder=_("Choose customers"),
        key=f"prepare-{view.as_of}-{hash(view.filters)}",
        max_selections=_MOST_CHOSEN,
        help=_("For a start those that are overdue, or whose price-notice deadline is within 60 days."),
    )
    with_annex = st.toggle(
        _("With the internal annex"),
        key="with-annex",
        help=_(
            "Unbilled work, missed price changes and renewal risk, in files of their own. Not for the customer."
        ),
    )
    stem = _("status meetings").replace(" ", "-")
    st.download_button(
        ngettext("Prepare {count} meeting", "Prepare {count} meetings", len(chosen)).format(
            count=number(len(chosen))
        ),
        partial(_archive, tuple(chosen), view, with_annex, language()),
        file_name=f"{stem}_{view.as_of.isoformat()}.zip",
        mime="application/zip",
        key="prepare",
        icon=":material/slideshow:",
        type="primary",
        on_click="ignore",
        disabled=not chosen,
        help=_("A zip with a PowerPoint deck and an Excel workbook for each customer. About a second each."),
    )


def _archive(customers: tuple[str, ...], view: View, with_annex: bool, in_language: str) -> bytes:
    """The files of all the customers; runs on a thread of its own, where no language is set yet."""
    # not before somebody asks for one: PowerPoint's library takes 15 MiB
    from ccinsight import deck

    set_language(in_language)
    out, faults = io.BytesIO(), []
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        for files in deck.prepare(store.warehouse(), view.as_of, customers, in_language, with_annex):
            for name, content in files.by_name.items():
                archive.writestr(name, content)
            if files.error:
                faults.append(files.fault())
                _LOG.error("brief of customer %s", files.customer_id, exc_info=files.error)
        if faults:
            archive.writestr(_("not made").replace(" ", "-") + ".txt", "\n".join(faults) + "\n")
    return out.getvalue()


# ---------------------------------------------------------------- one meeting


@dataclass(frozen=True)
class Meeting:
    """One customer's meeting of the period that holds the day."""

    customer_id: str
    period_start: date
    period_end: date
    known: Preparation
    entry: Entry | None


def notes() -> Notes:
    """The notes beside the database."""
    return Notes.beside(store.database_path())


def meeting(meetings: pd.DataFrame, customer_id: str, view: View) -> Meeting:
    """The customer's meeting of the agreement whose price-notice deadline is nearest."""
    row = meetings[meetings["customer_id"] == customer_id].sort_values("best_before").iloc[0]
    return Meeting(
        customer_id,
        row["period_start"].date(),
        row["period_end"].date(),
        make_preparation(_sources(customer_id, view.as_of), customer_id),
        notes().agenda(customer_id, view.as_of),
    )


def _sources(customer_id: str, as_of: date) -> Sources:
    """The reports behind a meeting, asked once while a session stays at a meeting: saving a note asks for none anew."""
    house, state = store.warehouse(), st.session_state
    wanted = (house.build_id, customer_id, as_of)
    if state.get(_SOURCES, (None,))[0] != wanted:
        state[_SOURCES] = wanted, Sources(house, as_of, (customer_id,), notes())
    sources: Sources = state[_SOURCES][1]
    return sources


def show(shown: Meeting, view: View) -> None:
    """The meeting: agenda and notes to write, and beside them what to build on."""
    written, known = st.columns([3, 2], gap="large")
    with written:
        edit(shown, view)
    with known:
        show_agreed(shown)
        show_possibilities(shown)


def show_agreed(shown: Meeting) -> None:
    """What was agreed last time, word for word."""
    st.markdown(f"##### {_('Agreed last time')} {_seen()}")
    if not shown.known.agreed_last_time:
        layout.note(_("Nothing is noted from an earlier period. What you note now stands here next year."))
        return
    if shown.known.agreed_last_time_on:
        layout.note(_("Noted {day}").format(day=day(shown.known.agreed_last_time_on)))
    st.markdown("  \n".join(layout.plain(line) for line in shown.known.agreed_last_time.splitlines()))


def show_possibilities(shown: Meeting) -> None:
    """What the rules suggest, with the numbers that made each fire."""
    st.markdown(f"##### {_('New possibilities')}")
    points = [
        *((point, _seen()) for point in shown.known.possibilities),
        *((point, _internal()) for point in shown.known.internal_possibilities),
    ]
    if not points:
        layout.note(_("No rule found anything to suggest."))
    for point, mark in points:
        st.markdown(f"**{layout.plain(point.title)}** {mark}  \n{layout.plain(point.text)}")


def _seen() -> str:
    words = _("The customer sees this")
    return f":blue-badge[{words}]"


def _internal() -> str:
    words = _("Internal – the customer doesn't see it")
    return f":gray-badge[{words}]"


def edit(shown: Meeting, view: View) -> None:
    """The agenda, notes and agreed points of the meeting, to be written and saved."""
    base = f"meeting-{shown.customer_id}-{shown.period_start}-{view.as_of}"
    _fill(base, shown)
    labels = {
        "agenda": (_("Agenda"), _("One point a line. It appears in the deck."), 220),
        "notes": (_("Notes"), _("For yourselves; only in the internal annex."), 120),
        "agreed": (
            _("Agreed"),
            _("One point a line. It appears in the deck; next year it stands as “agreed last time”."),
            120,
        ),
    }
    if not shown.entry:
        layout.note(_("This agenda is proposed from what stands out. Change it as you like."))
    with st.form(f"form-{base}", border=True):
        for name, (label, help_text, height) in labels.items():
            mark = _seen() if name in _SEEN_BY_CUSTOMER else _internal()
            st.text_area(
                f"{label} {mark}", key=f"{base}-{name}", help=help_text, height=height, max_chars=20_000
            )
        st.form_submit_button(
            _("Save"),
            type="primary",
            icon=":material/save:",
            on_click=_save,
            args=(base, shown, view.as_of, language()),
        )
    _show_result(base)
    if shown.entry:
        with st.container(horizontal=True, vertical_alignment="center", key=f"saved-{base}"):
            layout.note(
                _("Saved {moment} {name}")
                .format(moment=moment(shown.entry.saved_at), name=shown.entry.saved_by or "")
                .strip()
            )
            st.button(
                _("Undo the last save"),
                key=f"undo-{base}",
                icon=":material/undo:",
                type="tertiary",
                on_click=_undo,
                args=(base, shown, view.as_of, language()),
            )


def _fill(base: str, shown: Meeting) -> None:
    """Puts what is saved, or proposed, into the inputs when the meeting is opened; later they hold what is written."""
    state = st.session_state
    if f"{base}-agenda" in state:
        return
    entry = shown.entry
    proposed = "\n".join(shown.known.agenda)
    for name, text in zip(
        _FIELDS, (entry.agenda, entry.notes, entry.agreed) if entry else (proposed, "", ""), strict=True
    ):
        state[f"{base}-{name}"] = text
    state[f"{base}-version"] = entry.version_id if entry else 0


def _save(base: str, shown: Meeting, as_of: date, in_language: str) -> None:
    set_language(in_language)  # a callback runs before the page has set one
    state = st.session_state
    try:
        entry = notes().save_agenda(
            shown.customer_id,
            shown.period_start,
            shown.period_end,
            as_of,
            **{name: state[f"{base}-{name}"] for name in _FIELDS},
            saved_at=_now(),
            saved_by=_who(),
            based_on=state[f"{base}-version"],
        )
    except CcinsightError as error:
        state[f"{base}-error"] = str(error)
        return
    state[f"{base}-version"] = entry.version_id
    state[f"{base}-done"] = _("Saved.")


def _undo(base: str, shown: Meeting, as_of: date, in_language: str) -> None:
    set_language(in_language)
    state = st.session_state
    try:
        notes().undo(shown.customer_id, as_of, undone_at=_now(), undone_by=_who())
    except CcinsightError as error:
        state[f"{base}-error"] = str(error)
        return
    for name in (*_FIELDS, "version"):
        state.pop(f"{base}-{name}", None)
    state[f"{base}-done"] = _("The last save is undone.")


def _show_result(base: str) -> None:
    if error := st.session_state.pop(f"{base}-error", None):
        st.error(error, icon=":material/error:")
    if done := st.session_state.pop(f"{base}-done", None):
        st.success(done, icon=":material/check_circle:")


def _now() -> datetime:
    return datetime.now(ZoneInfo("Europe/Oslo")).replace(tzinfo=None, microsecond=0)


def _who() -> str | None:
    """The one who is signed in; None where nobody has to be."""
    found = st.user.to_dict() if st.user else {}
    name = found.get("name") or found.get("email")
    return str(name) if name else None


def counted(rows: Sequence[object] | pd.DataFrame) -> str:
    """How many status meetings, for a heading."""
    return ngettext("{count} status meeting", "{count} status meetings", len(rows)).format(
        count=number(len(rows))
    )
