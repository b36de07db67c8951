"""The tables that a deck of one's own can hold, as texts: their columns and rows, in the language in use."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ccinsight import i18n
from ccinsight.documents.brief import words
from ccinsight.documents.brief.customer_tables import (
    case,
    discount_rows,
    group_cells,
    meeting_rows,
    newly_opened,
    peer_cells,
    peers_compared,
    renewal_cells,
    request_rows,
    value_rows,
)
from ccinsight.documents.deck.grids import Column
from ccinsight.documents.deck.own.facts import Facts
from ccinsight.i18n import N_, _

Rows = list[list[str]]


@dataclass(frozen=True)
class TableToken:
    """A table. ``columns``: heading and part of the width, with a ``>`` before the heading of what is aligned right.

    ``empty`` stands in the table's place where it has no rows.
    """

    name: str
    description: str
    columns: tuple[tuple[str, float], ...]
    rows: Callable[[Facts], Rows]
    empty: str

    def title(self) -> str:
        """What the table shows."""
        return _(self.description)

    def heads(self) -> list[Column]:
        """The columns with their headings in the language in use."""
        return [
            Column(_(heading.removeprefix(_RIGHT)), part, heading.startswith(_RIGHT))
            for heading, part in self.columns
        ]

    def example(self) -> str:
        """The headings of the columns."""
        return ", ".join(column.heading for column in self.heads())


_RIGHT = ">"


def _right(heading: str) -> str:
    return _RIGHT + heading


def _groups(dimension: str) -> Callable[[Facts], Rows]:
    return lambda facts: [
        group_cells(row) for row in facts.rows("tickets_compared") if row["dimension"] == dimension
    ]


def _of_tickets(rows: Callable[[Facts], Rows], columns: int) -> Callable[[Facts], Rows]:
    """The rows; one that says that they are unknown where no tickets were imported."""
    return lambda facts: rows(facts) if facts.brief.has_tickets else [[_("unknown"), *[""] * (columns - 1)]]


def _group_table(dimension: str, description: str, heading: str) -> TableToken:
    columns = (
        (heading, 2.0),
        (_right(N_("Tickets")), 1.0),
        (_right(N_("year before")), 1.1),
        (_right(N_("Hours")), 1.0),
        (_right(N_("year before")), 1.1),
    )
    name = f"table:tickets_by_{dimension}"
    return TableToken(
        name,
        description,
        columns,
        _of_tickets(_groups(dimension), len(columns)),
        N_("No tickets in 24 months."),
    )


def _possibilities(facts: Facts) -> Rows:
    return [[point.title, point.text] for point in facts.brief.possibilities]


def _peers(facts: Facts) -> Rows:
    compared = [] if facts.section("peers").is_empty else peers_compared(facts.brief)
    return [peer_cells(row) for row in compared]


def _value(facts: Facts) -> Rows:
    return [] if facts.section("value").is_empty else value_rows(facts.brief)


def _discounts(facts: Facts) -> Rows:
    return [] if facts.section("value").is_empty else discount_rows(facts.brief)


def _requests(facts: Facts) -> Rows:
    return [] if facts.section("requests").is_empty else request_rows(facts.brief)


def _agreements(facts: Facts) -> Rows:
    return [
        [
            row["agreement_id"],
            row["product"],
            i18n.number(row["invoiced_users"]),
            i18n.amount(row["rate"]),
            i18n.amount(row["annual_value"]),
        ]
        for row in facts.in_force
    ]


def _renewals(facts: Facts) -> Rows:
    coming = {row["agreement_id"]: row for row in facts.rows("renewals")}
    return [renewal_cells(row, coming.get(row["agreement_id"])) for row in facts.in_force]


def _open_tickets(facts: Facts) -> Rows:
    _title, rows = newly_opened(facts.brief)
    return [[i18n.day(row["opened_at"]), case(row), i18n.number(row["days_open"])] for row in rows]


def _access_down(facts: Facts) -> Rows:
    rows = facts.rows("access_down_tickets")
    return [[i18n.day(row["opened_at"]), case(row), words.elapsed(row["reply_hours"])] for row in rows]


def _table(
    name: str,
    description: str,
    columns: Sequence[tuple[str, float]],
    rows: Callable[[Facts], Rows],
    empty: str,
) -> TableToken:
    return TableToken(f"table:{name}", description, tuple(columns), rows, empty)


_NO_AGREEMENT = N_("No agreement is in force.")
TABLES: tuple[TableToken, ...] = (
    _table(
        "possibilities",
        N_("New possibilities"),
        [(N_("Possibility"), 1.4), (N_("Why"), 2.6)],
        _possibilities,
        N_("There are no new possibilities now."),
    ),
    _table(
        "meetings",
        N_("Meetings, courses and workshops"),
        [(N_("Meeting"), 2.0), (N_("Planned"), 1.4), (N_("Held"), 1.4)],
        lambda facts: meeting_rows(facts.brief),
        N_("None is known."),
    ),
    _group_table("category", N_("Tickets by category"), N_("Category")),
    _group_table("scope", N_("Tickets by scope"), N_("Scope")),
    _group_table("channel", N_("Tickets by channel"), N_("Channel")),
    _table(
        "requests",
        N_("Training and consulting requests"),
        [(N_("Category"), 2.2), (_right(N_("Tickets")), 0.9), (N_("Points to"), 2.4)],
        _of_tickets(_requests, 3),
        N_("No training or consulting requests in the last 12 months"),
    ),
    _table(
        "peers",
        N_("Among customers of the same size"),
        [
            (N_("Last 12 months; active users: newest count"), 2.6),
            (_right(N_("Your company")), 1.0),
            (_right(N_("Median")), 1.0),
            (_right(N_("Customers compared")), 1.6),
        ],
        _peers,
        N_("There is no comparison with customers of the same size."),
    ),
    _table(
        "value",
        N_("What the agreement gave"),
        [(N_("Last 12 months"), 2.6), (_right(N_("Quantity")), 1.2)],
        _value,
        N_("No agreement is known."),
    ),
    _table(
        "discounts",
        N_("Discounts that the agreement gave"),
        [(N_("Last 12 months"), 2.6), (_right(N_("Discount")), 1.2)],
        _discounts,
        N_("No agreement is known."),
    ),
    _table(
        "agreements",
        N_("Agreements in force"),
        [
            (N_("Agreement"), 1.2),
            (N_("Product"), 1.6),
            (_right(N_("Users")), 0.8),
            (_right(N_("Price per user")), 1.1),
            (_right(N_("Value a year")), 1.2),
        ],
        _agreements,
        _NO_AGREEMENT,
    ),
    _table(
        "renewals",
        N_("Renewal of each agreement"),
        [
            (N_("Agreement"), 1.2),
            (N_("Renewal"), 1.1),
            (N_("Status"), 1.0),
            (_right(N_("Users now")), 0.8),
            (_right(N_("Price per user now")), 1.1),
            (_right(N_("Users from renewal")), 1.0),
            (_right(N_("Price per user from renewal")), 1.2),
            (_right(N_("Value a year from renewal")), 1.3),
        ],
        _renewals,
        _NO_AGREEMENT,
    ),
    _table(
        "open_tickets",
        N_("Open tickets from the last three months"),
        [(N_("Opened"), 1.2), (N_("Case"), 2.8), (_right(N_("Days open")), 0.9)],
        _of_tickets(_open_tickets, 3),
        N_("No open tickets from the last three months."),
    ),
    _table(
        "access_down_tickets",
        N_("Access-down cases, last 12 months"),
        [(N_("Opened"), 1.2), (N_("Case"), 2.6), (_right(N_("First reply after")), 1.2)],
        _of_tickets(_access_down, 3),
        N_("No access-down case in the last 12 months"),
    ),
)
