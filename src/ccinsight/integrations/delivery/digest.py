"""The digest: what a reader's customers need now, and what changed since the last message.

``compose`` says what stands in a message, in the recipient's language; ``rendering`` lays it out; ``facts`` remembers
what it said. Every figure comes from a named report with the recipient's own rights.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

from ccinsight.access import Reader
from ccinsight.database.warehouse import Warehouse
from ccinsight.i18n import _, day, in_language, ngettext, number
from ccinsight.integrations.delivery import data_state, due, management
from ccinsight.integrations.delivery.changes import KINDS, Kind, Known, Source, changes
from ccinsight.integrations.delivery.contents import Digest, Fact, Section
from ccinsight.integrations.delivery.due import Duty
from ccinsight.integrations.delivery.facts import remembered
from ccinsight.integrations.delivery.recipients import Recipient
from ccinsight.notes import Notes
from ccinsight.notes.duties import with_notes
from ccinsight.registry import REPORTS

__all__ = ["Digest", "Section", "compose"]

_FIRST_SPAN_DAYS = 7
# What whoever sees all is sent of all customers; the rest is for the account managers.
_OF_ALL_CUSTOMERS = frozenset({"notices", "withdrawn", "ended", "new", "prices"})

Keys = tuple[tuple[str, str | None], ...]


@dataclass(frozen=True)
class _Part:
    """A part of a message: its sections, the words that sum it up ("" each where nothing needs saying), its facts."""

    sections: tuple[Section, ...] = ()
    summary: tuple[str, ...] = ()
    facts: Keys = ()


def compose(database: Path, recipient: Recipient, as_of: date, since: date | None) -> Digest:
    """The message to a recipient about a day, without laying it out.

    ``since``: the day that the message before was about; None for the first one, which looks back a week. Raises
    CcinsightError where the database or the notes beside it can't be read.
    """
    known = Known(since or as_of - timedelta(days=_FIRST_SPAN_DAYS), remembered(database, recipient, since))
    held = Notes.beside(database).held(as_of)
    with Warehouse.open(database) as house, in_language(recipient.language):
        everything = Source(house, recipient.reader, as_of, known, held)
        rows = _duties(everything, database)
        everything = replace(everything, held={**held, **_closed_meetings(rows)})
        if not recipient.reader.sees_all:
            parts = [_own_duties(everything, rows), _changes(everything, None, KINDS)]
        else:
            parts = _of_all(everything, rows, database)
        return _message(everything, [*parts, _data(everything)])


def _duties(source: Source, database: Path) -> list[Duty]:
    """The duties of R14, and the verdicts on renewals that are due with what was to be done after one."""
    return [
        row
        for name in ("duties", "verdicts_due")
        for row in source.rows(name, **with_notes(REPORTS[name], database, {}))
    ]


def _of_all(everything: Source, rows: Sequence[Duty], database: Path) -> list[_Part]:
    """The parts for whoever sees all customers, with the duties of those that are their own, if any."""
    own, duties = _own_reader(everything.reader), due.of_customers(rows)
    parts = []
    if own is not None:
        mine = replace(everything, reader=own)
        parts.append(_own_duties(mine, _duties(mine, database)))
    return [
        *parts,
        _overdue(everything, due.still_open(rows)),
        _changes(everything, own, [each for each in KINDS if each.name in _OF_ALL_CUSTOMERS]),
        _movements(everything),
        _leakage(everything, duties),
    ]


def _closed_meetings(rows: Sequence[Duty]) -> dict[str, date]:
    """The customers whose status meeting a person closed as a duty, done or not needed, and when."""
    return {
        row["customer_id"]: row["closed_on"]
        for row in rows
        if row["kind"] == "status_meeting" and row["state"] != "open"
    }


def _own_reader(reader: Reader) -> Reader | None:
    """Whoever sees all as the reader of the customers that are their own; None for whoever has none."""
    return replace(reader, sees_all=False) if reader.managers or reader.customer_ids else None


def _message(source: Source, parts: Sequence[_Part]) -> Digest:
    summary = [text for part in parts for text in part.summary if text]
    start = source.known.start
    return Digest(
        subject="CloudCare: " + (", ".join(summary) if summary else _("nothing to do")),
        sections=tuple(section for part in parts for section in part.sections),
        is_empty=not summary,
        as_of=source.as_of,
        since=start,
        title=_sentence(", ".join(summary)) if summary else _("Nothing is due and nothing has changed"),
        intro=_("As of {day}, and what changed since {since}.").format(
            day=day(source.as_of), since=day(start)
        ),
        data_line=data_state.age_line(source),
        facts=tuple(fact for part in parts for fact in part.facts),
    )


def _own_duties(source: Source, rows: Sequence[Duty]) -> _Part:
    """The duties of a reader's own customers. One without a day counts as due once, when it is new."""
    duties = due.of_customers(rows)
    late, near = due.overdue(duties), due.soon(duties, source.as_of)
    undated = [row for row in duties if row["last_day"] is None]
    seen = source.known.keys or frozenset()
    new = sum(due.key_of(row) not in seen for row in undated)
    return _Part(
        due.sections(duties, source.as_of, source.known.keys),
        (
            _counted(ngettext("{count} duty is overdue", "{count} duties are overdue", len(late)), len(late)),
            due.soon_title(len(near)) if near else "",
            _counted(ngettext("{count} new without a deadline", "{count} new without a deadline", new), new),
        ),
        tuple((due.key_of(row), row["customer_id"]) for row in (*late, *undated)),
    )


def _overdue(source: Source, duties: Sequence[Duty]) -> _Part:
    managers = {row["customer_id"]: row["account_manager"] for row in source.rows("customers")}
    late = len(due.overdue(duties))
    title = ngettext("{count} duty is overdue", "{count} duties are overdue", late)
    return _Part(management.overdue(duties, managers), (_counted(title, late),))


def _changes(source: Source, own: Reader | None, kinds: Sequence[Kind]) -> _Part:
    """What changed, of all that the reader sees; of the other kinds only for customers of their own."""
    found = changes(source, kinds)
    others = [each for each in KINDS if each not in kinds]
    mine = changes(replace(source, reader=own), others) if own and others else None
    count = found.count + (mine.count if mine else 0)
    return _Part(
        found.sections + (mine.sections if mine else ()),
        (_counted(ngettext("{count} change", "{count} changes", count), count),),
        found.facts + (mine.facts if mine else ()),
    )


def _movements(source: Source) -> _Part:
    sections, change = management.movements(source)
    said = _("recurring revenue {amount} a year").format(amount=management.signed(change)) if sections else ""
    return _Part(sections, (said,))


def _leakage(source: Source, duties: Sequence[Duty]) -> _Part:
    leaks = management.leaks(duties)
    new = _new(source, leaks)
    title = ngettext("{count} new leakage found", "{count} new leakages found", len(new))
    return _Part(management.leakage(duties, new), (_counted(title, len(new)),), _keys(leaks))


def _data(source: Source) -> _Part:
    """The state of the data: what is outdated stays in the message, and is a reason for one when it is new."""
    outdated = [*data_state.stale(source), *data_state.late(source)]
    files = [*data_state.failed(source), *data_state.files(source)]
    wrong = _new(source, files)
    summary = _("data to look after") if wrong or _new(source, outdated) else ""
    return _Part(data_state.sections(outdated, wrong), (summary,), _keys([*outdated, *files]))


def _new(source: Source, facts: Sequence[Fact]) -> list[Fact]:
    return [fact for fact in facts if not source.known.holds(fact)]


def _keys(facts: Sequence[Fact]) -> Keys:
    return tuple((fact.key, fact.customer_id) for fact in facts)


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _counted(text: str, count: int) -> str:
    return text.format(count=number(count)) if count else ""
