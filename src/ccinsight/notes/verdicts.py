"""What account managers think of coming renewals: verdicts, in the notes file beside the database.

A verdict belongs to an agreement, the renewal date it is about, and a milestone: six or three months before the
termination deadline (R2). A later one is added and counts from its own day on; the earlier ones are kept. The report
``renewal_verdicts`` finds the renewal again where an import has moved its date.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from ccinsight.errors import CcinsightError
from ccinsight.i18n import _
from ccinsight.notes.store import Notes, change_version, stored
from ccinsight.printable import printable

STAYS, IN_DOUBT, LEAVES = "stays", "in_doubt", "leaves"
# What can be said of a renewal, and how many months before its termination deadline it is asked for.
VERDICTS = (STAYS, IN_DOUBT, LEAVES)
MILESTONES = (6, 3)
_LONGEST_TEXT = 2_000
_DAYS = ("renewal_on", "action_on", "closed_on")


@dataclass(frozen=True)
class Verdict:
    """What somebody says of a renewal. ``action`` may be empty; where there is one it has a day."""

    agreement_id: str
    customer_id: str
    renewal_on: date
    milestone: int
    verdict: str
    reason: str = ""
    action: str = ""
    action_on: date | None = None


class Verdicts:
    """The verdicts in the notes of a database. Raises CcinsightError where the file can't be used."""

    def __init__(self, notes: Notes) -> None:
        self._notes = notes

    @classmethod
    def beside(cls, database: Path) -> Verdicts:
        """The verdicts that belong to a database."""
        return cls(Notes.beside(database))

    def give(self, verdict: Verdict, *, given_at: datetime, given_by: str | None = None) -> None:
        """Adds a verdict. Raises CcinsightError where a reason, or the action's day, is missing or text is too long.

        ``given_at`` comes from the entry point: a verdict counts from that day on, never from an earlier one.
        """
        reason, action = (
            printable(text, line_break="\n").strip() for text in (verdict.reason, verdict.action)
        )
        _refuse_incomplete(verdict, reason, action, given_at.date())
        row = [
            *(verdict.agreement_id, verdict.customer_id, verdict.renewal_on, verdict.milestone),
            *(verdict.verdict, reason, action, verdict.action_on if action else None, given_at, given_by),
        ]
        with self._notes.writing() as connection:
            connection.execute(
                "insert into verdicts (agreement_id, customer_id, renewal_on, milestone, verdict, reason, action,"
                " action_on, given_at, given_by) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                stored(row),
            )
            change_version(connection)

    def rows(self) -> list[dict[str, Any]]:
        """All verdicts, as reports take them (their option ``verdicts``): what was given, and how its action ended."""
        if not self._notes.path.exists():
            return []
        with self._notes.opened() as connection:
            cursor = connection.execute(_ROWS)
            names = [column[0] for column in cursor.description]
            return [_row(dict(zip(names, row, strict=True))) for row in cursor]


# Of an action that was closed, opened and closed again, the newest mark counts.
_ROWS = """
    select
        v.verdict_id, v.agreement_id, v.customer_id, v.renewal_on, v.milestone, v.verdict, v.reason, v.action,
        v.action_on, v.given_at, v.given_by, m.state, m.closed_on, m.saved_by as closed_by, m.note
    from verdicts as v
    left join duty_marks as m on m.mark_id = (
        select max(d.mark_id) from duty_marks as d where d.verdict_id = v.verdict_id and d.undone_at is null
    )
    order by v.verdict_id
"""


def _row(row: dict[str, Any]) -> dict[str, Any]:
    for name in _DAYS:
        row[name] = row[name] and date.fromisoformat(row[name])
    return {**row, "given_at": datetime.fromisoformat(row["given_at"])}


def _refuse_incomplete(verdict: Verdict, reason: str, action: str, today: date) -> None:
    if verdict.verdict not in VERDICTS or verdict.milestone not in MILESTONES:
        raise ValueError(f"no such verdict: {verdict.verdict} at {verdict.milestone} months")
    if verdict.verdict != STAYS and not reason:
        raise CcinsightError(
            _("Write the reason: why is the renewal in doubt, or why does the customer leave?")
        )
    if action and verdict.action_on is None:
        raise CcinsightError(_("Choose the day by which the action is to be done."))
    if action and verdict.action_on and verdict.action_on < today:
        raise CcinsightError(_("The action's day has passed. Choose today or a later day."))
    if max(len(reason), len(action)) > _LONGEST_TEXT:
        raise CcinsightError(
            _("The text is longer than {count} characters. Shorten it and save again.").format(
                count=_LONGEST_TEXT
            )
        )
