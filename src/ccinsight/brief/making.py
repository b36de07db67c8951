"""Puts a customer's brief together."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pyarrow as pa

from ccinsight import i18n
from ccinsight.brief import internal, sections
from ccinsight.brief.agenda import proposed_agenda
from ccinsight.brief.model import Brief, Point, Preparation, Section, speaking
from ccinsight.brief.sections import Ask
from ccinsight.brief.sources import OPTIONS, Sources, year_before
from ccinsight.errors import UsageError
from ccinsight.i18n import _
from ccinsight.rules import risk, suggestions

# Tables that hold something that isn't for the customer's eyes: missed price changes, differences, notes, overtaking.
_INTERNAL_TABLES = frozenset(
    {
        "invoicing",
        "consulting",
        "renewals",
        "status_meetings",
        "meetings_list",
        "response",
        "access_down_tickets",
    }
)


def make_brief(
    sources: Sources, customer_id: str, language: str | None = None, with_score: bool = False
) -> Brief:
    """The brief of one of the customers that the sources were opened for, in a language ("nb" or "en").

    ``with_score``: the renewal risk too, for the internal annex. Raises UsageError for another customer.
    """
    with speaking(language or i18n.language()):
        return _make(_ask(sources, customer_id), with_score)


def make_preparation(sources: Sources, customer_id: str, language: str | None = None) -> Preparation:
    """The part of the brief that a meeting is prepared from; asks for no report that it doesn't rest on.

    Raises UsageError for a customer that the sources weren't opened for.
    """
    with speaking(language or i18n.language()):
        return _prepare(_ask(sources, customer_id))


def _ask(sources: Sources, customer_id: str) -> Ask:
    if customer_id not in sources.customer_ids:
        raise UsageError(_("There is no customer {value}.").format(value=customer_id))
    return Ask(sources, customer_id)


def _prepare(ask: Ask) -> Preparation:
    notes = ask.sources.notes
    written = notes.agenda(ask.customer_id, ask.as_of) if notes else None
    agreed = notes.agreed_last_time(ask.customer_id, ask.as_of) if notes else None
    offered, hidden = _possibilities(ask)
    shown = tuple(point for point in offered if not written or point.key not in written.left_out)
    own_agenda = (
        tuple(line.strip() for line in written.agenda.splitlines() if line.strip()) if written else ()
    )
    return Preparation(
        agenda=own_agenda or proposed_agenda(ask, shown, agreed is not None),
        is_agenda_proposed=not own_agenda,
        possibilities=shown,
        internal_possibilities=hidden,
        offered=offered,
        notes=written.notes if written else "",
        agreed=written.agreed if written else "",
        agreed_last_time=agreed.agreed if agreed else "",
        agreed_last_time_on=(agreed.held_on or agreed.written_for) if agreed else None,
        held_on=written.held_on if written else None,
    )


def _make(ask: Ask, with_score: bool) -> Brief:
    known = ask.first("customers") or {}
    last = _last_meeting(ask)
    since = last or year_before(ask.as_of)
    found = _sections(ask, since, last)
    return Brief(
        **vars(_prepare(ask)),
        customer_id=ask.customer_id,
        customer_name=known.get("customer_name") or _("Customer {number}").format(number=ask.customer_id),
        account_manager=known.get("account_manager"),
        user_band=known.get("user_band"),
        as_of=ask.as_of,
        language=i18n.language(),
        since=since,
        last_meeting_on=last,
        sections=found,
        tables=_tables(ask, found),
        internal_tables=_INTERNAL_TABLES,
        score=_score(ask) if with_score else None,
        has_score=with_score,
        has_meetings=ask.sources.has_export("meetings"),
        options=OPTIONS,
    )


def _sections(ask: Ask, since: date, last: date | None) -> Mapping[str, Section]:
    made = (
        sections.meetings(ask, since, last),
        sections.users(ask),
        sections.months(ask),
        sections.groups(ask),
        sections.peers(ask),
        sections.response(ask),
        sections.open_cases(ask),
        sections.contacts(ask),
        sections.requests(ask),
        sections.value(ask),
        sections.renewal(ask),
        internal.unbilled(ask),
        internal.missed_price(ask),
        internal.promises(ask),
    )
    return {section.name: section for section in made}


def _last_meeting(ask: Ask) -> date | None:
    held = [
        row["held_on"]
        for row in ask.rows("meetings_list")
        if row["kind"] == "status_meeting" and row["held_on"] is not None
    ]
    return max(held, default=None)


def _tables(ask: Ask, found: Mapping[str, Section]) -> dict[str, pa.Table]:
    names = dict.fromkeys(name for section in found.values() for name in section.tables)
    return {name: ask.table(name) for name in names}


def _possibilities(ask: Ask) -> tuple[tuple[Point, ...], tuple[Point, ...]]:
    """Those that may be shown to the customer, and those for internal eyes."""
    fired = suggestions.possibilities(suggestions.rules_of(ask.sources.house.path), ask.rows)
    offered = tuple(Point(p.title, p.text, p.key) for p in fired if not p.is_internal)
    return offered, tuple(Point(p.title, p.text, p.key) for p in fired if p.is_internal)


def _score(ask: Ask) -> Any:
    try:
        return risk.score(ask.sources.house, ask.as_of, ask.sources.reader, ask.customer_id)
    except NotImplementedError:
        return None
