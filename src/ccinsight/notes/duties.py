"""What persons said of duties (R14): done or not needed, in the notes file beside the database.

A mark belongs to a kind, an agreement (else a customer, else an export) and a period, so that it outlives imports and
changes of account manager. Nothing is overwritten: an undo marks the newest one as undone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from ccinsight.access import SEES_ALL
from ccinsight.database.scope import Scope
from ccinsight.database.warehouse import Warehouse
from ccinsight.errors import CcinsightError
from ccinsight.i18n import _, amount, day, is_unknown, ngettext, number
from ccinsight.notes.store import Notes, change_version, stored
from ccinsight.notes.verdicts import Verdicts
from ccinsight.printable import printable
from ccinsight.registry import Report, label_of

DONE, NOT_NEEDED = "done", "not_needed"
# The kinds of the report ``verdicts_due``: a verdict to be given, and the action of one.
VERDICT, VERDICT_ACTION = "renewal_verdict", "verdict_action"
# The options of reports that the notes give.
FROM_NOTES = frozenset({"marks", "verdicts"})
_LONGEST_NOTE = 2_000
_SAME_DUTY = (
    "verdict_id is ? and (verdict_id is not null or kind = ? and agreement_id is ?"
    " and (agreement_id is not null or customer_id is ?) and period_start is ?)"
)


@dataclass(frozen=True)
class Duty:
    """A duty as the report has it: what a mark belongs to, and what it was worth (NOK) and due on when closed.

    ``verdict_id``: of the action of a verdict (verdicts.py), which its marks belong to alone.
    """

    kind: str
    agreement_id: str | None = None
    customer_id: str | None = None
    period_start: date | None = None
    value: Decimal | None = None
    last_day: date | None = None
    verdict_id: int | None = None

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Duty:
        """The duty of a row of the report ``duties`` or ``verdicts_due``."""
        return cls(**{name: row.get(name) for name in cls.__dataclass_fields__})  # type: ignore[arg-type]

    @property
    def key(self) -> tuple[int | None, str, str | None, str | None, date | None]:
        """What its marks are found by."""
        return (
            self.verdict_id,
            self.kind,
            self.agreement_id,
            None if self.agreement_id else self.customer_id,
            self.period_start,
        )


def detail_text(row: Mapping[Any, Any]) -> str:
    """What a duty of the report ``duties`` is about, as a person reads it; "" where its kind says it all."""
    kind, detail = str(row["kind"]), row["detail"]
    if is_unknown(detail):
        return ""
    if kind == VERDICT_ACTION:
        return str(detail)
    when = "" if is_unknown(row["relates_on"]) else day(row["relates_on"])
    if kind == VERDICT:
        text = ngettext(
            "{count} month before the deadline {day}", "{count} months before the deadline {day}", int(detail)
        )
        return text.format(count=number(int(detail)), day=when)
    if " / " in detail:
        expected, invoiced = (amount(float(part)) for part in str(detail).split(" / "))
        return _("Expected {expected}, invoiced {invoiced}").format(expected=expected, invoiced=invoiced)
    texts = {
        "price_notice": _("New price from {day}"),
        "status_meeting": "",
        "termination_received": _("Ends {day}"),
        "partner_confirmation": _("Agreement since {day}"),
        "tickets_stale": _("The newest is of {day}"),
        "user_counts_stale": _("The newest is of {day}"),
        "invoices_stale": _("The newest is of {day}"),
    }
    if kind == "status_meeting":  # "overdue" is said of the duty, whose last day comes earlier
        past = detail == "overdue"
        return _("The termination deadline has passed") if past else label_of("meeting_status", detail)
    return texts.get(kind, str(detail)).format(day=when)


class DutyMarks:
    """The marks in the notes of a database. Raises CcinsightError where the file can't be used."""

    def __init__(self, notes: Notes) -> None:
        self._notes = notes

    @classmethod
    def beside(cls, database: Path) -> DutyMarks:
        """The marks that belong to a database."""
        return cls(Notes.beside(database))

    def close(
        self,
        duties: Iterable[Duty],
        state: str,
        *,
        closed_on: date,
        note: str = "",
        saved_at: datetime,
        saved_by: str | None = None,
    ) -> None:
        """Marks duties as ``DONE`` on a day, or as ``NOT_NEEDED`` for a reason, which ``note`` must give.

        ``saved_at`` comes from the entry point; the day can't be after it.
        """
        note = printable(note, line_break="\n").strip()
        if state == NOT_NEEDED and not note:
            raise CcinsightError(_("Write why it isn't needed."))
        if len(note) > _LONGEST_NOTE:
            raise CcinsightError(
                _("The text is longer than {count} characters. Shorten it and save again.").format(
                    count=_LONGEST_NOTE
                )
            )
        if closed_on > saved_at.date():
            raise CcinsightError(_("The day lies ahead. Choose today or an earlier day."))
        with self._notes.writing() as connection:
            for duty in duties:
                value = None if duty.value is None else str(duty.value)
                owner = [duty.kind, duty.agreement_id, duty.customer_id, duty.period_start]
                row = [
                    *owner,
                    state,
                    closed_on,
                    note,
                    value,
                    duty.last_day,
                    saved_at,
                    saved_by,
                    duty.verdict_id,
                ]
                connection.execute(
                    "insert into duty_marks (kind, agreement_id, customer_id, period_start, state, closed_on, note,"
                    " value, last_day, saved_at, saved_by, verdict_id) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    stored(row),
                )
            change_version(connection)

    def undo(self, duties: Iterable[Duty], *, undone_at: datetime, undone_by: str | None = None) -> int:
        """Takes back the newest mark of each duty; gives of how many there was one."""
        if not self._notes.path.exists():
            return 0
        with self._notes.writing() as connection:
            change_version(connection)
            return sum(
                connection.execute(
                    "update duty_marks set undone_at = ?, undone_by = ? where mark_id ="  # noqa: S608 (our own condition)
                    f" (select max(mark_id) from duty_marks where undone_at is null and {_SAME_DUTY})",
                    stored([undone_at, undone_by, *duty.key]),
                ).rowcount
                for duty in duties
            )

    def version(self) -> str:
        """Another one after each change, for what is remembered of the marks; empty where there are none."""
        if not self._notes.path.exists():
            return ""
        with self._notes.opened() as connection:
            return str(connection.execute("select token from duty_version").fetchone()[0])

    def rows(self) -> list[dict[str, Any]]:
        """The marks that weren't undone, as the report ``duties`` takes them (its option ``marks``)."""
        if not self._notes.path.exists():
            return []
        with self._notes.opened() as connection:
            rows = connection.execute(
                "select mark_id, kind, agreement_id, customer_id, period_start, state, closed_on, saved_by,"
                " note, value, last_day, ceased_on from duty_marks where undone_at is null and verdict_id is null"
                " order by mark_id"
            ).fetchall()
        return [_mark(row) for row in rows]

    def closed_notices(self, as_of: date) -> dict[tuple[str, date], date]:
        """The price notices closed by a day: agreement and deadline → the day on which it was closed."""
        return {
            (row["agreement_id"], row["last_day"]): row["closed_on"]
            for row in self.rows()
            if row["kind"] == "price_notice" and row["closed_on"] <= as_of
        }

    def cease(self, mark_ids: Iterable[int], on: date) -> None:
        """These marks hold no longer, from the day on."""
        with self._notes.writing() as connection:
            for mark_id in mark_ids:
                connection.execute(
                    "update duty_marks set ceased_on = ? where mark_id = ?", stored([on, mark_id])
                )
            change_version(connection)


def with_notes(report: Report, database: Path, options: Mapping[str, Any]) -> dict[str, Any]:
    """The options of a report with those that the notes beside the database give: ``marks`` and ``verdicts``."""
    rows = {"marks": DutyMarks.beside(database).rows, "verdicts": Verdicts.beside(database).rows}
    return {**options, **{name: rows[name]() for name in FROM_NOTES.intersection(report.options)}}


def note_ceased(database: Path, on: date) -> None:
    """Ends the marks of duties without a period that the database no longer shows on a day (R14).

    To be called after an import: where such a duty comes back later, it is open again.
    """
    marks = DutyMarks.beside(database)
    held = [row for row in marks.rows() if row["period_start"] is None and row["ceased_on"] is None]
    if not held:
        return
    with Warehouse.open(database) as house:
        known = {Duty.of(row).key for row in house.report("duties", Scope(on, SEES_ALL)).to_pylist()}
    ceased = [row["mark_id"] for row in held if Duty.of(row).key not in known and row["closed_on"] <= on]
    if ceased:
        marks.cease(ceased, on)


def _mark(row: Sequence[Any]) -> dict[str, Any]:
    names = (
        "mark_id",
        "kind",
        "agreement_id",
        "customer_id",
        "period_start",
        "state",
        "closed_on",
        "closed_by",
        "note",
        "value",
        "last_day",
        "ceased_on",
    )
    mark = dict(zip(names, row, strict=True))
    for name in ("period_start", "closed_on", "last_day", "ceased_on"):
        mark[name] = None if mark[name] is None else date.fromisoformat(mark[name])
    mark["value"] = None if mark["value"] is None else Decimal(mark["value"])
    return mark
