"""The tokens that a deck's text can hold, and what stands in their places, in the language in use."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from ccinsight.documents.brief import words
from ccinsight.documents.brief.customer_tables import newly_opened
from ccinsight.documents.deck.own.facts import Facts
from ccinsight.i18n import N_, _, amount, day, hours, number, percent

# What there isn't, such as the renewal of an agreement that ends; what isn't known is said to be unknown.
NONE = "–"


@dataclass(frozen=True)
class TextToken:
    """A token for a value on one line: ``form`` writes what ``value`` finds. ``example`` is a value of its kind."""

    name: str
    description: str
    form: Callable[[Any], str]
    value: Callable[[Facts], Any]
    example: Any

    def text(self, facts: Facts) -> str:
        """What stands in the token's place, on one line."""
        found = self.value(facts)
        return NONE if found == NONE else _one_line(self.form(found))

    def shown_example(self) -> str:
        """The example as a deck has it."""
        return _(self.example) if isinstance(self.example, str) else self.form(self.example)


@dataclass(frozen=True)
class LinesToken:
    """A token for some lines: alone in its paragraph it becomes a paragraph for each, else they follow each other."""

    name: str
    description: str
    value: Callable[[Facts], Iterable[str]]
    empty: str
    example: str

    def lines(self, facts: Facts) -> list[str]:
        """The lines, or one that says that there is none."""
        found = (_one_line(line) for line in self.value(facts))
        return [line for line in found if line] or [_(self.empty)]

    def shown_example(self) -> str:
        """One of the lines, as a deck has it."""
        return _(self.example)


def _one_line(text: str) -> str:
    """Without line breaks and tabs; spaces that hold a figure together stay."""
    return re.sub(r"[ \t\n]+", " ", text).strip()


def _median(value: Any) -> str:
    return number(value, 2)


def _name(value: str | None) -> str:
    return value or _("unknown")


def _figure(name: str) -> Callable[[Facts], Any]:
    return lambda facts: facts.figures.get(name)


def _in_table(table: str, column: str, **values: object) -> Callable[[Facts], Any]:
    return lambda facts: facts.first(table, **values).get(column)


def _sum(column: str) -> Callable[[Facts], Any]:
    """Over the agreements in force; None where a part of it is unknown."""

    def value(facts: Facts) -> Any:
        values = [row[column] for row in facts.in_force]
        return None if None in values else sum(values)

    return value


def _joined(column: str) -> Callable[[Facts], str]:
    return lambda facts: ", ".join(dict.fromkeys(row[column] for row in facts.in_force)) or NONE


def _first(column: str, needs_renewal: bool = False) -> Callable[[Facts], Any]:
    """Of the agreement in force that renews first."""
    return lambda facts: (
        facts.in_force[0][column] if facts.in_force and (facts.renewal or not needs_renewal) else NONE
    )


def _renewal(column: str) -> Callable[[Facts], Any]:
    """Of the coming renewal of that agreement; nothing where it ends."""
    return lambda facts: facts.renewal[column] if facts.renewal else NONE


_VALUES: tuple[tuple[str, str, Callable[[Any], str], Callable[[Facts], Any], Any], ...] = (
    ("customer", N_("The customer's name"), _name, lambda f: f.brief.customer_name, "Fjord Drift AS"),
    ("customer_number", N_("The customer's number"), _name, lambda f: f.brief.customer_id, "1042"),
    (
        "account_manager",
        N_("The customer's account manager"),
        _name,
        lambda f: f.brief.account_manager,
        "Kari Nordmann",
    ),
    ("partner", N_("Your name, from the settings"), str, lambda f: f.partner, "Fjell CRM AS"),
    ("date", N_("The as-of date, of all figures"), day, lambda f: f.brief.as_of, date(2026, 11, 1)),
    (
        "last_meeting",
        N_("The day of the last status meeting"),
        day,
        lambda f: f.brief.last_meeting_on or (NONE if f.brief.has_meetings else None),
        date(2025, 12, 2),
    ),
    ("agreement", N_("Numbers of the agreements in force"), str, _joined("agreement_id"), "A-1042"),
    ("product", N_("Products of the agreements in force"), str, _joined("product"), "CloudCare CRM"),
    ("arr", N_("What the agreements in force cost a year"), amount, _sum("annual_value"), 117_600),
    ("users", N_("Users known today"), number, _figure("customers.registered_users"), 84),
    ("active_users", N_("Active users, newest count"), number, lambda f: f.brief.use.get("active_users"), 61),
    (
        "active_share",
        N_("Share of the users active, newest count"),
        percent,
        lambda f: f.brief.use.get("licence_use"),
        0.73,
    ),
    ("invoiced_users", N_("Billable users in the current period"), number, _sum("invoiced_users"), 80),
    (
        "contacting_users",
        N_("Users who contacted support, last 12 months"),
        number,
        lambda f: f.brief.use.get("contacting_users"),
        19,
    ),
    (
        "contact_share",
        N_("Share of the users who contacted support, last 12 months"),
        percent,
        lambda f: f.brief.use.get("contact_rate"),
        0.23,
    ),
    ("tickets", N_("Tickets, last 12 months"), number, lambda f: f.total.get("tickets"), 48),
    ("tickets_before", N_("Tickets, the year before"), number, lambda f: f.total.get("tickets_before"), 60),
    (
        "hours",
        N_("Hours spent on tickets, last 12 months"),
        words.hours_of,
        lambda f: f.total.get("minutes"),
        984,
    ),
    (
        "hours_before",
        N_("Hours spent on tickets, the year before"),
        words.hours_of,
        lambda f: f.total.get("minutes_before"),
        1_230,
    ),
    (
        "tickets_per_user",
        N_("Tickets per user, last 12 months"),
        _median,
        _in_table("peers", "own_value", measure="tickets_per_user"),
        0.57,
    ),
    (
        "tickets_per_user_median",
        N_("Tickets per user, median of customers of the same size"),
        _median,
        _in_table("peers", "median_value", measure="tickets_per_user"),
        0.8,
    ),
    (
        "open_tickets",
        N_("Open tickets from the last three months"),
        number,
        lambda f: len(newly_opened(f.brief)[1]) if f.brief.has_tickets else None,
        3,
    ),
    (
        "access_down",
        N_("Access-down cases, last 12 months"),
        number,
        _in_table("response", "tickets", **{"class": "access_down"}),
        2,
    ),
    (
        "included_hours",
        N_("Hours of support covered by the yearly price, last 12 months"),
        hours,
        _in_table("agreement_use", "included_hours"),
        14.5,
    ),
    (
        "consulting_hours",
        N_("Consulting hours invoiced, last 12 months"),
        hours,
        _in_table("agreement_use", "consulting_hours"),
        12,
    ),
    (
        "course_seats",
        N_("Course seats invoiced, last 12 months"),
        number,
        _in_table("agreement_use", "course_seats"),
        4,
    ),
    (
        "discount",
        N_("Discount on hours and courses, last 12 months"),
        amount,
        _in_table("consulting", "discount_value"),
        7_200,
    ),
    ("rate", N_("Price per user and year now"), amount, _first("rate"), 1_400),
    ("period_end", N_("The last day of the current period"), day, _first("period_end"), date(2027, 3, 31)),
    ("renewal_on", N_("The day of the next renewal"), day, _first("renewal_on", True), date(2027, 4, 1)),
    (
        "terminate_by",
        N_("The last day to terminate"),
        day,
        _first("termination_deadline", True),
        date(2026, 12, 31),
    ),
    ("new_rate", N_("Price per user and year from the renewal"), amount, _renewal("rate_next"), 1_450),
    ("new_users", N_("Billable users from the renewal"), number, _renewal("users_next"), 84),
    ("new_value", N_("What it costs a year from the renewal"), amount, _renewal("value_next"), 121_800),
)
# What the sentences of a section are about, its message, and another of its sentences.
_ABOUT = {
    "meetings": (
        N_("The meetings"),
        N_("The last status meeting was held on 2 Dec 2025"),
        N_("Course, held since 2 Dec 2025: 20 Aug 2026"),
    ),
    "users": (
        N_("The users"),
        N_("84 registered users on 1 Nov 2026"),
        N_("61 of 84 registered users active."),
    ),
    "tickets": (
        N_("The tickets"),
        N_("48 tickets in the last 12 months"),
        N_("Time spent: 16.4 h in the last 12 months, 20.5 h in the year before."),
    ),
    "categories": (
        N_("What the tickets were about"),
        N_("Most tickets were about printing: 12 of 48"),
        N_("By channel: e-mail 30, telephone 18."),
    ),
    "peers": (
        N_("Customers of the same size"),
        N_("0.57 tickets per user; the median is 0.80"),
        N_("Of the 12 other customers of this size, 4 have fewer tickets per user."),
    ),
    "access_down": (
        N_("Access-down cases"),
        N_("2 access-down cases in the last 12 months"),
        N_("Other tickets: half of the first replies came within 3.0 h."),
    ),
    "contacts": (
        N_("Who contacts support"),
        N_("3 of 19 contacts opened 20 of the 48 tickets"),
        N_("19 of 84 registered users contacted support, 23%."),
    ),
    "requests": (
        N_("Training and consulting requests"),
        N_("Training requests: 4; consulting requests: 2"),
        N_("Course: selections: 3 tickets"),
    ),
    "value": (
        N_("What the agreement gave"),
        N_("The agreement covered 14.5 h of support"),
        N_("The minutes of 2 tickets are unknown and left out."),
    ),
    "renewal": (
        N_("The next renewal"),
        N_("The agreement renews on 1 Apr 2027"),
        N_("The price per user goes from 1,400 kr to 1,450 kr at the renewal."),
    ),
}


def _message(name: str) -> Callable[[Facts], str]:
    """A section's message; what it is about where there is nothing to say to the customer."""
    return lambda facts: facts.section(name).title.shown or _(_ABOUT[name][0])


def _points(name: str) -> Callable[[Facts], Iterable[str]]:
    return lambda facts: (each.shown for each in facts.section(name).statements)


TEXTS: tuple[TextToken, ...] = (
    *(TextToken(*value) for value in _VALUES),
    *(
        TextToken(f"message:{name}", about, str, _message(name), said)
        for name, (about, said, _point) in _ABOUT.items()
    ),
)
LINES: tuple[LinesToken, ...] = (
    LinesToken(
        "agenda",
        N_("The agenda, a line for each point"),
        lambda f: f.brief.agenda,
        N_("No agenda is written down."),
        N_("What was agreed last time"),
    ),
    LinesToken(
        "possibilities",
        N_("The new possibilities, a line for each"),
        lambda f: (point.title for point in f.brief.possibilities),
        N_("There are no new possibilities now."),
        N_("A course in selections"),
    ),
    LinesToken(
        "agreed_last_time",
        N_("What was agreed last time, as it was written"),
        lambda f: words.lines_of(f.brief.agreed_last_time),
        N_("Nothing is written down as agreed last time."),
        N_("Two new users get training"),
    ),
    LinesToken(
        "agreed",
        N_("What is agreed at this meeting, as it was written"),
        lambda f: words.lines_of(f.brief.agreed),
        N_("Nothing is written down yet."),
        N_("We meet again in March"),
    ),
    *(
        LinesToken(f"points:{name}", about, _points(name), NONE, point)
        for name, (about, _said, point) in _ABOUT.items()
    ),
)
