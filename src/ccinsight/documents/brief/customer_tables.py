"""What the tables that a customer sees say, row by row, in the language in use: slides and the PDF draw the same."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from ccinsight import i18n
from ccinsight.documents.brief import words
from ccinsight.documents.brief.model import Brief, Row
from ccinsight.documents.brief.sections import cases
from ccinsight.documents.brief.sections.peers import FEWEST_PEERS
from ccinsight.documents.brief.sources import year_before
from ccinsight.i18n import _
from ccinsight.registry import label_of

# The measures among peers that are shares; the others are numbers per user.
SHARES = ("contact_rate", "licence_use", "training_share", "consulting_share")


def in_force(brief: Brief) -> list[dict[str, Any]]:
    """The rows of ``agreements`` that are in force on the as-of date; none where the brief has no agreements."""
    if "agreements" not in brief.tables:
        return []
    return [r for r in brief.rows("agreements") if r["state"] in ("active", "terminating")]


# ---------------------------------------------------------------- headline figures


def headline_figures(brief: Brief) -> list[tuple[str, str]]:
    """Up to five values, each with what it is; unknown ones, and all without an agreement in force, are left out."""
    if not in_force(brief):
        return []
    figures = {
        f"{figure.report}.{figure.column}": figure.shown
        for section in ("users", "contacts", "value")
        for statement in (brief.sections[section].title, *brief.sections[section].statements)
        for figure in statement.figures
        if figure.as_of == brief.as_of
    }
    named = (
        ("customers.registered_users", _("registered users")),
        ("utilization.licence_use", _("of the users active, newest count")),
        ("utilization.contact_rate", _("of the users contacted support, last 12 months")),
        ("agreement_use.included_hours", _("of support covered, last 12 months")),
    )
    shown = [*((figures.get(name, _("unknown")), label) for name, label in named), *_renewal_figure(brief)]
    return [(value, label) for value, label in shown if value != _("unknown")]


def _renewal_figure(brief: Brief) -> Iterable[tuple[str, str]]:
    """What the first renewal is worth, or when the agreement ends."""
    coming = next(iter(brief.rows("renewals")), None)
    if coming is None:
        return
    agreement, day = coming["agreement_id"], coming["renewal_on"]
    if coming["renewal_status"] == "ending":
        yield i18n.day(day - timedelta(days=1)), _("agreement {agreement} ends").format(agreement=agreement)
    else:
        label = _("a year for agreement {agreement} from {day}").format(
            agreement=agreement, day=i18n.day(day)
        )
        yield i18n.amount(coming["value_next"]), label


# ---------------------------------------------------------------- tickets


def month_value(row: Row, column: str) -> float | None:
    """A month's tickets, or its ``minutes`` as hours; None where they are unknown."""
    value = row[column]
    if value is None:
        return None
    return float(value) / 60 if column == "minutes" else float(value)


def month_name(month: date) -> str:
    """``nov``: the year is in the legend."""
    return i18n.month(month).replace(f" {month.year}", "").rstrip(".")


def months_span(rows: Sequence[Row]) -> str:
    """``des. 2025 – nov. 2026``, of the first and the last row's month."""
    return f"{i18n.month(rows[0]['month'])} – {i18n.month(rows[-1]['month'])}"


def case(row: Row) -> str:
    """A ticket's number and title, or its category where it has none."""
    named = row["title"] or words.member_label("category", row["category"] or "unknown")
    return f"{row['ticket_id']} {' '.join(named.split())}"


def newly_opened(brief: Brief) -> tuple[str, list[dict[str, Any]]]:
    """The open tickets of the last three months, oldest first, and the message over them; nothing if unknown."""
    if not brief.has_tickets:
        return "", []
    return cases.newly_opened(brief.rows("open_tickets"), brief.as_of)


def group_cells(row: Row) -> list[str]:
    """Name, tickets, tickets the year before, hours, hours the year before."""
    return [
        words.member_label(row["dimension"], row["member"]),
        i18n.number(row["tickets"]),
        i18n.number(row["tickets_before"]),
        words.hours_of(row["minutes"]),
        words.hours_of(row["minutes_before"]),
    ]


def request_rows(brief: Brief) -> list[list[str]]:
    """Category, tickets and what they point to, of training and consulting requests."""
    if not brief.has_tickets:
        return []
    return [
        [
            words.member_label("category", r["category"]),
            i18n.number(r["tickets"]),
            words.points_to(r["scope"], r["category"]),
        ]
        for r in brief.rows("tickets_by_category")
        if r["scope"] != "support" and r["tickets"]
    ]


# ---------------------------------------------------------------- peers


def peers_compared(brief: Brief) -> list[dict[str, Any]]:
    """The rows of ``peers`` with enough customers to compare with (R11)."""
    return [r for r in brief.rows("peers") if r["known"] >= FEWEST_PEERS]


def peer_cells(row: Row) -> list[str]:
    """Measure, own value, median and number of customers compared."""
    form: Callable[[Any], str] = (
        i18n.percent if row["measure"] in SHARES else lambda value: i18n.number(value, 2)
    )
    label = label_of("peer_measure", row["measure"])
    if row["measure"] in SHARES:
        is_of_tickets = row["measure"].endswith("_share")
        share = (
            _("{measure}, share of tickets") if is_of_tickets else _("{measure}, share of registered users")
        )
        label = share.format(measure=label)
    return [label, form(row["own_value"]), form(row["median_value"]), i18n.number(row["known"])]


# ---------------------------------------------------------------- meetings, and what the agreement gave


def meeting_rows(brief: Brief) -> list[list[str]]:
    """Kind, planned and held, of the meetings since the last status meeting and those to come."""
    return [_meeting_cells(r) for r in brief.rows("meetings_list") if _is_since(r, brief)]


def _is_since(row: Row, brief: Brief) -> bool:
    held, planned = row["held_on"], row["planned_on"]
    return held >= brief.since if held else planned is not None and planned >= brief.as_of


def _meeting_cells(row: Row) -> list[str]:
    planned = i18n.day(row["planned_on"]) if row["planned_on"] else "–"
    return [
        label_of("meeting_kind", row["kind"]),
        planned,
        i18n.day(row["held_on"]) if row["held_on"] else "–",
    ]


def value_rows(brief: Brief) -> list[list[str]]:
    """What the agreement gave in the last twelve months, and how much of it, where known (A1, A3, A8)."""
    row = brief.rows("agreement_use")[0]
    return _known(
        [
            [_("Time spent on tickets"), i18n.hours(row["hours_spent"])],
            [_("of it covered by the yearly price"), i18n.hours(row["included_hours"])],
            [_("Consulting hours invoiced"), i18n.hours(row["consulting_hours"])],
            [_("Course seats invoiced"), i18n.number(row["course_seats"])],
            [_("Status meetings held"), i18n.number(_meetings_held(brief))],
        ]
    )


def _known(rows: list[list[str]]) -> list[list[str]]:
    """The rows whose value is known: to a customer, a row without one says only what our data lack."""
    return [row for row in rows if row[1] != _("unknown")]


def _meetings_held(brief: Brief) -> int | None:
    """Status meetings of the last twelve months; None where no meetings were imported."""
    if not brief.has_meetings:
        return None
    first = year_before(brief.as_of)
    held = [
        r["held_on"] for r in brief.rows("meetings_list") if r["kind"] == "status_meeting" and r["held_on"]
    ]
    return len([day for day in held if day > first])


def discount_rows(brief: Brief) -> list[list[str]]:
    """The discounts of the last twelve months, and their sum, where known (A8)."""
    row = brief.rows("agreement_use")[0]
    discounts = brief.rows("consulting")
    return _known(
        [
            [_("Consulting hours"), i18n.amount(row["hour_discount"])],
            [_("Courses"), i18n.amount(row["seat_discount"])],
            [_("In all"), i18n.amount(discounts[0]["discount_value"] if discounts else None)],
        ]
    )


def yearly_values(brief: Brief) -> list[str]:
    """What each agreement in force costs a year, in a sentence; without a price none."""
    return [
        _("Agreement {agreement}: {value} a year, {users} at {rate} per user.").format(
            agreement=r["agreement_id"],
            value=i18n.amount(r["annual_value"]),
            users=words.users(r["invoiced_users"]),
            rate=i18n.amount(r["rate"]),
        )
        for r in in_force(brief)
        if r["annual_value"] is not None and r["invoiced_users"] is not None
    ]


# ---------------------------------------------------------------- renewal


@dataclass(frozen=True)
class Mark:
    """A date of a period: where in it (0 to 1), what it is called, and whether it is the as-of date."""

    place: float
    label: str
    date: str
    is_today: bool = False


def period_marks(row: Row, as_of: date) -> list[Mark]:
    """The dates of the current period of an agreement, a row of ``agreements``, in order (R1-R3)."""
    first, last = row["period_start"], row["renewal_on"]
    dates = [(first, _("Period starts"), False), (as_of, _("This brief"), True)]
    if row["ends_on"] == row["period_end"]:
        dates.append((row["period_end"], _("Agreement ends"), False))
    else:
        dates += [
            (row["price_notice_deadline"], label_of("deadline_kind", "price_notice"), False),
            (row["termination_deadline"], label_of("deadline_kind", "termination"), False),
            (last, label_of("deadline_kind", "renewal"), False),
        ]
    span = (last - first).days
    return [
        Mark(min(1.0, max(0.0, (day - first).days / span)), label, i18n.day(day), is_today)
        for day, label, is_today in sorted(dates, key=lambda each: each[0])
    ]


def renewal_cells(row: Row, coming: Row | None) -> list[str]:
    """Agreement, renewal, status; users and price per user now; users, price and value a year from the renewal."""
    if coming is None:
        return [row["agreement_id"], i18n.day(row["renewal_on"]), *["–"] * 6]
    is_ending = coming["renewal_status"] == "ending"
    return [
        row["agreement_id"],
        i18n.day(row["renewal_on"]),
        label_of("renewal_status", coming["renewal_status"]),
        i18n.number(coming["users_now"]),
        i18n.amount(coming["rate_now"]),
        "–" if is_ending else i18n.number(coming["users_next"]),
        "–" if is_ending else i18n.amount(coming["rate_next"]),
        "–" if is_ending else i18n.amount(coming["value_next"]),
    ]
