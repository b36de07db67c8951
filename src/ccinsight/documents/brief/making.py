"""Puts a customer's brief together."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

import pyarrow as pa

from ccinsight import i18n
from ccinsight.documents.brief.agenda import proposed_agenda
from ccinsight.documents.brief.customer_reports import CustomerReports
from ccinsight.documents.brief.model import Brief, Point, Preparation, Section, Statement, speaking
from ccinsight.documents.brief.sections.cases import open_cases, response
from ccinsight.documents.brief.sections.contacts import contacts
from ccinsight.documents.brief.sections.meetings import meetings
from ccinsight.documents.brief.sections.missed_price import missed_price
from ccinsight.documents.brief.sections.peers import peers
from ccinsight.documents.brief.sections.promises import promises
from ccinsight.documents.brief.sections.renewal import renewal
from ccinsight.documents.brief.sections.requests import requests
from ccinsight.documents.brief.sections.tickets import groups, months
from ccinsight.documents.brief.sections.unbilled import unbilled
from ccinsight.documents.brief.sections.users import users
from ccinsight.documents.brief.sections.value import value
from ccinsight.documents.brief.sources import OPTIONS, Sources, year_before
from ccinsight.errors import UsageError
from ccinsight.i18n import _
from ccinsight.rules import risk, suggestions

# The sections that rest on tickets, by their names.
_OF_TICKETS: Mapping[str, Callable[[CustomerReports], Section]] = {
    "months": months,
    "groups": groups,
    "peers": peers,
    "response": response,
    "open_cases": open_cases,
    "contacts": contacts,
    "requests": requests,
}


def make_brief(
    sources: Sources, customer_id: str, language: str | None = None, with_score: bool = False
) -> Brief:
    """The brief of one of the customers that the sources were opened for, in a language ("nb" or "en").

    ``with_score``: the renewal risk too, for the internal annex. Raises UsageError for another customer.
    """
    with speaking(language or i18n.language()):
        return _make(_reports_of(sources, customer_id), with_score)


def make_preparation(sources: Sources, customer_id: str, language: str | None = None) -> Preparation:
    """The part of the brief that a meeting is prepared from; asks for no report that it doesn't rest on.

    Raises UsageError for a customer that the sources weren't opened for.
    """
    with speaking(language or i18n.language()):
        return _prepare(_reports_of(sources, customer_id))


def _reports_of(sources: Sources, customer_id: str) -> CustomerReports:
    if customer_id not in sources.customer_ids:
        raise UsageError(_("There is no customer {value}.").format(value=customer_id))
    return CustomerReports(sources, customer_id)


def _prepare(reports: CustomerReports) -> Preparation:
    notes = reports.sources.notes
    written = notes.agenda(reports.customer_id, reports.as_of) if notes else None
    agreed = notes.agreed_last_time(reports.customer_id, reports.as_of) if notes else None
    offered, hidden = _possibilities(reports)
    shown = tuple(point for point in offered if not written or point.key not in written.left_out)
    own_agenda = (
        tuple(line.strip() for line in written.agenda.splitlines() if line.strip()) if written else ()
    )
    return Preparation(
        agenda=own_agenda or proposed_agenda(reports, shown, agreed is not None),
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


def _make(reports: CustomerReports, with_score: bool) -> Brief:
    known = reports.first("customers") or {}
    last = _last_meeting(reports)
    since = last or year_before(reports.as_of)
    found = _sections(reports, since, last)
    return Brief(
        **vars(_prepare(reports)),
        customer_id=reports.customer_id,
        customer_name=known.get("customer_name") or _("Customer {number}").format(number=reports.customer_id),
        account_manager=known.get("account_manager"),
        as_of=reports.as_of,
        language=i18n.language(),
        since=since,
        last_meeting_on=last,
        sections=found,
        tables=_tables(reports, found),
        score=_score(reports) if with_score else None,
        has_score=with_score,
        has_tickets=reports.sources.has_export("tickets"),
        has_meetings=reports.sources.has_export("meetings"),
        use=reports.first("utilization") or {},
        options=OPTIONS,
    )


def _sections(reports: CustomerReports, since: date, last: date | None) -> Mapping[str, Section]:
    made = (
        meetings(reports, since, last),
        users(reports),
        *_of_tickets(reports),
        value(reports),
        renewal(reports),
        unbilled(reports),
        missed_price(reports),
        promises(reports),
    )
    return {section.name: section for section in made}


def _of_tickets(reports: CustomerReports) -> Iterator[Section]:
    """What tickets say; without an export of tickets nothing is known, which isn't the same as none."""
    has_tickets = reports.sources.has_export("tickets")
    unknown = Statement(_("Unknown: no tickets were imported"), to_customer="")
    for name, make in _OF_TICKETS.items():
        yield make(reports) if has_tickets else Section(name, unknown, is_empty=True)


def _last_meeting(reports: CustomerReports) -> date | None:
    held = [
        row["held_on"]
        for row in reports.rows("meetings_list")
        if row["kind"] == "status_meeting" and row["held_on"] is not None
    ]
    return max(held, default=None)


def _tables(reports: CustomerReports, found: Mapping[str, Section]) -> dict[str, pa.Table]:
    names = dict.fromkeys(name for section in found.values() for name in section.tables)
    return {name: reports.table(name) for name in names}


def _possibilities(reports: CustomerReports) -> tuple[tuple[Point, ...], tuple[Point, ...]]:
    """Those that may be shown to the customer, and those for internal eyes."""
    fired = suggestions.possibilities(suggestions.rules_of(reports.sources.house.path), reports.rows)
    offered = tuple(Point(p.title, p.text, p.key) for p in fired if not p.is_internal)
    return offered, tuple(Point(p.title, p.text, p.key) for p in fired if p.is_internal)


def _score(reports: CustomerReports) -> Any:
    try:
        return risk.score(reports.sources.house, reports.as_of, reports.sources.reader, reports.customer_id)
    except NotImplementedError:
        return None
