"""One status meeting: whose it is, how it stands, and its files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any

import pandas as pd
import streamlit as st

from ccinsight.dashboard.pages import own_slides
from ccinsight.dashboard.session import keys, reads, runs
from ccinsight.dashboard.session.view import View
from ccinsight.documents.brief import Preparation, Sources, file_names, make_preparation
from ccinsight.i18n import _, day, is_unknown, language, set_language
from ccinsight.notes import Entry, Notes
from ccinsight.registry import label_of

if TYPE_CHECKING:
    from ccinsight.documents.deck import TemplateFile

_MIME = {
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "html": "text/html",
    "pdf": "application/pdf",
}


@dataclass(frozen=True, kw_only=True)
class Meeting:
    """One customer's meeting of the period that holds the day. ``row``: the agreement's row of ``status_meetings``.

    ``periods``: each of the customer's agreements in force with the first day of its period; one meeting serves all.
    """

    customer_id: str
    customer_name: str
    as_of: date
    today: date
    row: Mapping[Any, Any]
    periods: tuple[tuple[str, date], ...]
    sources: Sources

    @property
    def period_start(self) -> date:
        """The first day of the period that the meeting belongs to."""
        start: date = self.row["period_start"].date()
        return start

    @property
    def base(self) -> str:
        """What the keys of the meeting's inputs begin with."""
        return f"meeting-{self.customer_id}-{self.period_start}-{self.as_of}"


@dataclass(frozen=True, kw_only=True)
class Prepared(Meeting):
    """A meeting with what it is prepared from and the newest that was written, None for nothing yet."""

    known: Preparation
    entry: Entry | None


def notes() -> Notes:
    """The notes beside the database."""
    return Notes.beside(reads.database_path())


def meeting(meetings: pd.DataFrame, customer_id: str, view: View) -> Meeting | None:
    """The customer's meeting of the agreement whose price-notice deadline is nearest; None without an agreement."""
    rows = meetings[meetings["customer_id"] == customer_id].sort_values("best_before")
    if rows.empty:
        return None
    return Meeting(
        customer_id=customer_id,
        customer_name=reads.choices(view.reader).customers[customer_id],
        as_of=view.as_of,
        today=view.today,
        row=rows.iloc[0].to_dict(),
        periods=tuple(zip(rows["agreement_id"], rows["period_start"].dt.date, strict=True)),
        sources=_sources(customer_id, view),
    )


def _sources(customer_id: str, view: View) -> Sources:
    """The reports behind a meeting, asked once while a session stays at a meeting: a save asks for none of them."""
    house, state = reads.warehouse(), st.session_state
    wanted = (house.build_id, customer_id, view.as_of, view.reader.sight)
    if state.get(keys.MEETING_SOURCES, (None,))[0] != wanted:
        state[keys.MEETING_SOURCES] = wanted, Sources(house, view.as_of, view.reader, (customer_id,), notes())
    sources: Sources = state[keys.MEETING_SOURCES][1]
    return sources


def prepared(at: Meeting) -> Prepared:
    known = make_preparation(at.sources, at.customer_id)
    return Prepared(**vars(at), known=known, entry=notes().agenda(at.customer_id, at.as_of))


def status(row: Mapping[Any, Any], entry: Entry | None, as_of: date) -> str:
    """How it stands with the meeting (R12), and what a person noted that the export doesn't have yet."""
    if row["status"] == "held":
        return _("Held {day}").format(day=day(row["held_on"]))
    if entry and entry.held_on:
        return _("Held {day} (noted here)").format(day=day(entry.held_on))
    if row["status"] == "planned" and not is_unknown(row["planned_on"]):
        return _("Planned for {day}").format(day=day(row["planned_on"]))
    named = label_of("meeting_status", row["status"])
    if pd.Timestamp(row["best_before"]) < pd.Timestamp(as_of):  # late (R12)
        return _("{status}, should have been held before {day}").format(
            status=named, day=day(row["best_before"])
        )
    return _("{status}, hold it before {day}").format(status=named, day=day(row["best_before"]))


def standing(shown: Prepared) -> str:
    """The meeting's status, agreement and period in a line."""
    row = shown.row
    span = _("{start} to {end}").format(start=day(row["period_start"]), end=day(row["period_end"]))
    agreement = _("agreement {agreement}").format(agreement=row["agreement_id"])
    return f"{status(row, shown.entry, shown.as_of)} · {agreement} · {span}"


# ---------------------------------------------------------------- files


def downloads(shown: Meeting) -> None:
    """A button for each file: those for the customer, then those for internal eyes; the deck on slides of one's own."""
    with st.container(horizontal=True, gap="small", key="meeting-files"):
        _download(shown, "deck", _("Deck"), ":material/slideshow:", for_customer(), is_first=True)
        _download(shown, "workbook", _("Workbook"), ":material/table:", for_customer())
        _pdf(shown)
        _download(shown, "page", _("Web page"), ":material/html:", _page_help())
        _download(shown, "presenter", _("Presenter's copy"), ":material/co_present:", _presenter_help())
        _download(shown, "annex", _("Internal annex"), ":material/lock:", internal())
        _download(shown, "annex_workbook", _("Internal workbook"), ":material/lock:", internal())


def _pdf(shown: Meeting) -> None:
    """The PDF's button; where Typst isn't installed, one that says what to do."""
    from ccinsight.documents import pdf

    if pdf.is_installed():
        _download(shown, "pdf", _("PDF"), ":material/picture_as_pdf:", for_customer())
    else:
        help_text = _('A PDF needs Typst on the server: pip install "ccinsight[pdf]"')
        st.button(_("PDF"), icon=":material/picture_as_pdf:", disabled=True, help=help_text, key="no-pdf")


def _download(
    shown: Meeting, part: str, label: str, icon: str, help_text: str, *, is_first: bool = False
) -> None:
    name = file_names.name_of(part, shown.as_of, shown.customer_id, shown.customer_name)
    st.download_button(
        label,
        partial(
            _made, runs.session_id(), shown.sources, shown.customer_id, language(), part, own_slides.chosen()
        ),
        file_name=name,
        mime=_MIME[name.rpartition(".")[2]],
        key=f"file-{part}",
        icon=icon,
        type="primary" if is_first else "secondary",
        on_click="ignore",
        help=help_text,
    )


def _made(
    session: str,
    sources: Sources,
    customer_id: str,
    in_language: str,
    part: str,
    template: TemplateFile | None,
) -> bytes:
    """One file with all that was written; runs on a thread of its own, where no language is set yet."""
    runs.wait_for(session)
    # not before somebody asks for one: PowerPoint's library takes 15 MiB
    from ccinsight.documents import deck
    from ccinsight.integrations.delivery.recipients import public_address

    set_language(in_language)
    address = public_address(sources.house.path) if part == "presenter" else ""
    return deck.one_file(sources, customer_id, in_language, part, template, address)


def _page_help() -> str:
    what = _("One file to attach or to put on a share; it opens in any browser and doesn't change.")
    return f"{for_customer()}. {what}"


def _presenter_help() -> str:
    what = _(
        "The deck with what each figure is and where it stands, in the speaker notes; the annex is at its end."
    )
    return f"{internal()}. {what}"


def for_customer() -> str:
    return _("The customer sees this")


def internal() -> str:
    return _("Internal – the customer doesn't see it")
