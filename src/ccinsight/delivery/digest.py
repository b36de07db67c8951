"""The digest: what a reader's customers need now, and what changed since the last message.

``compose`` says what stands in a message, in the recipient's language; ``rendering`` lays it out. Every figure comes
from a named report with the recipient's own rights.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

from ccinsight.access import Reader
from ccinsight.database.scope import Scope
from ccinsight.database.warehouse import Warehouse
from ccinsight.delivery import due
from ccinsight.delivery.contents import Digest, Section
from ccinsight.delivery.due import Duty
from ccinsight.delivery.recipients import Recipient
from ccinsight.duties import DutyMarks
from ccinsight.i18n import _, day, in_language, ngettext, number

__all__ = ["Digest", "Section", "compose"]

_FIRST_SPAN_DAYS = 7


@dataclass(frozen=True)
class _Part:
    """The parts of a message, and the words that sum them up."""

    sections: tuple[Section, ...] = ()
    summary: tuple[str, ...] = ()


def compose(database: Path, recipient: Recipient, as_of: date, since: date | None) -> Digest:
    """The message to a recipient about a day, without laying it out.

    ``since``: the day that the message before was about; None for the first one, which looks back a week. Raises
    CcinsightError where the database or the notes beside it can't be read.
    """
    with in_language(recipient.language), Warehouse.open(database) as house:
        start = since or as_of - timedelta(days=_FIRST_SPAN_DAYS)
        own = own_reader(recipient.reader)
        parts = [_duties(house, database, own, as_of)] if own else []
        sections = tuple(section for part in parts for section in part.sections)
        summary = [text for part in parts for text in part.summary]
        is_empty = not summary
        return Digest(
            subject=_subject(summary),
            sections=sections,
            is_empty=is_empty,
            as_of=as_of,
            since=start,
            title=", ".join(summary) if summary else _("Nothing is due and nothing has changed"),
            intro=_("As of {day}, and what changed since {since}.").format(day=day(as_of), since=day(start)),
        )


def own_reader(reader: Reader) -> Reader | None:
    """The reader of the customers that are somebody's own; None for whoever sees all and has none of their own."""
    if not reader.sees_all:
        return reader
    return replace(reader, sees_all=False) if reader.managers or reader.customer_ids else None


def _duties(house: Warehouse, database: Path, reader: Reader, as_of: date) -> _Part:
    marks = DutyMarks.beside(database).rows()
    duties: list[Duty] = house.report("duties", Scope(as_of, reader), marks=marks).to_pylist()
    still_open = due.of_customers(duties)
    late, near = len(due.overdue(still_open)), len(due.soon(still_open, as_of))
    summary = [
        text
        for count, text in (
            (late, ngettext("{count} overdue", "{count} overdue", late).format(count=number(late))),
            (near, due.soon_title(near)),
        )
        if count
    ]
    return _Part(due.sections(still_open, as_of), tuple(summary))


def _subject(summary: list[str]) -> str:
    return "CloudCare: " + (", ".join(summary) if summary else _("nothing to do"))
