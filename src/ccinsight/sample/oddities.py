"""Rows that an import must reject, and a few that it must take: what real exports hold beside good rows.

Their keys lie outside those of the other rows.
"""

from __future__ import annotations

from datetime import date, timedelta

from ccinsight.sample.files import Cell, day
from ccinsight.sample.ticket_file import quoted

Row = list[str]


def agreement_rows(as_of: date) -> list[Row]:
    """A date that doesn't exist, a missing name, an unknown price basis: all rejected."""

    def row(number: str, name: str, subscribed: str, basis: str) -> Row:
        after = ["", "", "", basis, "", "", "5", "", "", ""]
        return [f"A-{number}", number, name, "", "", "", subscribed, *after]

    start = day(as_of - timedelta(days=400))
    return [
        row("9001", "Sandkasse Test AS", "31.02.2024", "Prisliste"),
        row("9002", "", start, "Prisliste"),
        row("9003", "Prøvekunde AS", start, "Dugnad"),
    ]


def ticket_lines(as_of: date) -> list[str]:
    """Rejected: closed before opening, an ambiguous date, minutes below 0, a field too few.

    Taken: a title of two lines, twice with one number (the last one counts).
    """

    def row(number: int, title: str, opened: str, closed: str = "", minutes: str = "") -> Row:
        status = "Avsluttet" if closed else "Åpen"
        customer = ["1001", "", "", "Diverse", "Middels", "E-post", ""]
        return [str(9_000_000 + number), title, status, opened, "", closed, *customer, minutes, ""]

    first, second = day(as_of - timedelta(days=9)), day(as_of - timedelta(days=10))
    label = 'Hei;\r\nskriveren "spiser" etiketter'
    rows = [
        row(1, "Lukket før den ble åpnet", f"{first} 10:00:00", closed=f"{second} 10:00:00"),
        row(2, "Dato fra et annet land", "05/04/2026 10:15"),
        row(3, "Minus i brukt tid", f"{first} 09:30:00", minutes="-15"),
        row(4, "For få felt", f"{first} 09:40:00")[:4],
        row(5, label, f"{first} 09:50:00"),
        row(5, label, f"{first} 09:50:00", f"{first} 10:20:00", "20"),
    ]
    return [";".join(quoted(field) for field in row) for row in rows]


def count_rows(as_of: date) -> list[Row]:
    """A count that is no number (rejected), and one of a company that nobody knows (kept)."""
    counted = day(as_of - timedelta(days=3))
    return [["1001", "", counted, "ukjent", "", ""], ["", "Fremmed Bruk AS", counted, "12", "14", "9"]]


def price_rows(as_of: date) -> list[list[Cell]]:
    """A price that is text (rejected)."""
    return [["CloudCare CRM", "", date(as_of.year, 7, 1), None, "standard", 1, "på forespørsel"]]


def invoice_rows(as_of: date) -> list[Row]:
    """A credit note, which is no kind of ours, and the sum that stands below: both rejected."""
    issued = day(as_of - timedelta(days=20))
    return [
        ["F900001", "1001", "", "Kreditnota", issued, "", "1", "", "-1 250,00"],
        ["Sum", "", "", "", "", "", "", "", "1 234 567,00"],
    ]


def meeting_rows(as_of: date) -> list[Row]:
    """A date without a century (rejected)."""
    return [["M-90001", "1001", "", "Statusmøte", f"{as_of:%d.%m.%y}", "", "Ringe først"]]
