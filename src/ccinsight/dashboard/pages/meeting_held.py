"""That a status meeting was held, as a person notes it: it closes the duty (R14) and leaves R12 to the export."""

from __future__ import annotations

from datetime import date
from typing import Any

from ccinsight.clock import now
from ccinsight.dashboard.pages import meeting_writing
from ccinsight.dashboard.pages.meeting import Meeting, Prepared
from ccinsight.dashboard.session import reads
from ccinsight.database.scope import Filters
from ccinsight.errors import CcinsightError
from ccinsight.i18n import set_language
from ccinsight.notes import Entry
from ccinsight.notes.duties import DONE, Duty

_KIND = "status_meeting"


def note(shown: Prepared, in_language: str, held_on: date | None) -> None:
    """For callbacks: notes the day on which the meeting was held, or with None that it was not."""
    if meeting_writing.is_saved(shown, in_language, held_on=held_on):
        _follow(shown, _day(shown.entry), held_on)


def undo(shown: Prepared, in_language: str) -> None:
    """For callbacks: takes back the last save, and with it what it said of the day."""
    set_language(in_language)
    before = _day(shown.entry)
    meeting_writing.undo(shown)
    _follow(shown, before, _day(meeting_writing.newest(shown)))


def _day(entry: Entry | None) -> date | None:
    return entry.held_on if entry else None


def _follow(at: Meeting, before: date | None, after: date | None) -> None:
    """Opens the duties that the day before closed, and closes those that the new one does."""
    if before == after:
        return
    marks, saved_at, saved_by = reads.marks(), now(), meeting_writing.who()
    try:
        if before:
            closed = [Duty(_KIND, agreement, at.customer_id, start) for agreement, start in at.periods]
            marks.undo(closed, undone_at=saved_at, undone_by=saved_by)
        if after:
            marks.close(_open(at, after), DONE, closed_on=after, saved_at=saved_at, saved_by=saved_by)
    except CcinsightError as error:
        meeting_writing.fail(at, error)


def _open(at: Meeting, held_on: date) -> list[Duty]:
    """The open duties to hold this meeting, one for each agreement whose period the day falls in."""
    rows: list[dict[str, Any]] = reads.read_exact(
        "duties", at.as_of, Filters(customers=(at.customer_id,)), at.sources.reader
    ).to_pylist()
    return [
        Duty.of(row)
        for row in rows
        if row["kind"] == _KIND and row["state"] == "open" and row["period_start"] <= held_on
    ]
