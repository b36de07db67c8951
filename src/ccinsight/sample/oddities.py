"""Rows that an import must reject, and a few that it must take: what real exports hold beside their good rows.

Their numbers lie outside those of the other rows.
"""

from __future__ import annotations

from datetime import date, timedelta

from ccinsight.sample.files import Cell, day
from ccinsight.sample.ticket_file import quoted

Row = list[str]


def agreement_rows(as_of: date) -> list[Row]:
    """A date that doesn't exist, a missing name, an unknown price basis: all rejected."""
    start = day(as_of - timedelta(days=400))
    return [
        [
            "A-9001",
            "9001",
            "Sandkasse Test AS",
            "",
            "",
            "",
            "31.02.2024",
            "",
            "",
            "",
            "Prisliste",
            "",
            "",
            "5",
            "",
            "",
            "",
        ],
        ["A-9002", "9002", "", "", "", "", start, "", "", "", "Prisliste", "", "", "4", "", "", ""],
        ["A-9003", "9003", "Prøvekunde AS", "", "", "", start, "", "", "", "Dugnad", "", "", "4", "", "", ""],
    ]


def ticket_lines(as_of: date) -> list[str]:
    """Rejected: closed before opening, an ambiguous date, minutes below 0, a field too few. Taken: a title of two lines,
    and one number twice (the last one counts)."""
    first, second = day(as_of - timedelta(days=9)), day(as_of - timedelta(days=10))
    rows = [
        ["9000001", "Lukket før den ble åpnet", "Avsluttet", first, "", second, "1001", "", "", "Mobil", "", "", "", "5", ""],
        ["9000002", "Dato fra et annet land", "Åpen", "05/04/2026 10:15", "", "", "1001", "", "", "Mobil", "", "", "", "", ""],
        ["9000003", "Minus i brukt tid", "Åpen", f"{first} 09:30:00", "", "", "1002", "", "", "Mobil", "", "", "", "-15", ""],
        ["9000004", "For få felt", "Åpen", f"{first} 09:40:00"],
        ["9000005", "Hei;\r\nskriveren \"spiser\" etiketter", "Åpen", f"{first} 09:50:00", "", "", "1001", "", "", "Diverse",
         "", "", "", "", ""],
    ]  # fmt: skip
    return [";".join(quoted(field) for field in row) for row in rows]


def count_rows(as_of: date) -> list[Row]:
    """A count that is no number (rejected), and one of a company that nobody knows (kept)."""
    return [
        ["1001", "", day(as_of - timedelta(days=3)), "ukjent", "", ""],
        ["", "Fremmed Bruk AS", day(as_of - timedelta(days=3)), "12", "14", "9"],
    ]


def price_rows(as_of: date) -> list[list[Cell]]:
    """A price that is text (rejected)."""
    return [["CloudCare CRM", "", date(as_of.year, 7, 1), None, "standard", 1, "på forespørsel"]]


def invoice_rows(as_of: date) -> list[Row]:
    """A credit note, which is no kind of ours, and the sum that the accounting system puts below: both rejected."""
    return [
        ["F900001", "1001", "", "Kreditnota", day(as_of - timedelta(days=20)), "", "1", "", "-1 250,00"],
        ["Sum", "", "", "", "", "", "", "", "1 234 567,00"],
    ]


def meeting_rows(as_of: date) -> list[Row]:
    """A date without a century (rejected)."""
    return [["M-90001", "1001", "", "Statusmøte", f"{as_of:%d.%m.%y}", "", "Ringe først"]]
