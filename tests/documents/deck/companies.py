"""Companies that are hard to draw: long names, 300 users, many of everything; hardly anything; one month."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from ccinsight.database.warehouse import Warehouse
from tests.reports.companies import agreement, company, count, invoice, meeting, price, ticket

AS_OF = date(2026, 3, 15)
LONG_NAME = (
    "Nordnorsk Havbruks- og Fiskeforedlingsindustri Eiendomsforvaltningsselskap Internasjonal Holding Norge ASA "
    "avd. Hammerfest og Sør-Varanger"
)
SETTINGS = """
[products."CloudCare CRM"]
member_hourly_rate = 1250
standard_hourly_rate = 1550
standard_course_price = 5900

[categories]
"Nede" = { access_down = true }
"Opplæring/Utvalg" = { scope = "training" }
"Konsulent/Tilpasning" = { scope = "consulting" }
"""
_CATEGORIES = 30


def crowded() -> Warehouse:
    """Customer 1: a long name, 300 users, six agreements, hundreds of tickets, all with long texts."""
    products = [
        "CloudCare CRM",
        *(f"CloudCare Tilleggsavtale for lang og omstendelig modul {n}" for n in range(5)),
    ]
    agreements = [
        agreement(
            f"AVTALE-2019-0000{number}-LANG",
            customer_name=LONG_NAME,
            product=product,
            subscribed_on=date(2019, 4, 1) + timedelta(days=17 * number),
            account_manager="Anne-Margrethe Kristoffersen Østensjø-Bjørnstad von Hohenzollern",
            price_basis="contract",
            price_per_user="123456.78",
        )
        for number, product in enumerate(products)
    ]
    counts = [
        count(
            date(2024, 1, 5) + timedelta(days=14 * number), 290 + number % 11, active_users=201 + number % 40
        )
        for number in range(55)
    ]
    return company(
        SETTINGS,
        agreements=agreements,
        user_counts=counts,
        tickets=list(_tickets()),
        meetings=[
            meeting(
                f"M-{n}",
                planned_on=date(2025, 3, 1) + timedelta(days=n),
                held_on=date(2025, 3, 2) + timedelta(n),
            )
            for n in range(3)
        ]
        + [
            meeting(
                f"K-{n}", kind="course", planned_on=None, held_on=date(2025, 6, 1) + timedelta(days=9 * n)
            )
            for n in range(30)
        ],
        invoices=[
            invoice(
                "F-1", date(2025, 6, 1), "1234567.89", kind="consulting", quantity="987.6", unit_price="1250"
            ),
            invoice("F-2", date(2025, 7, 1), "999999.99", kind="course", quantity="169", unit_price="5000"),
        ],
    )


def _tickets() -> Any:
    for number in range(600):
        opened = datetime(2024, 3, 20, 9) + timedelta(hours=29 * number)
        name = (
            f"En svært lang kategori som ingen har tenkt på lengden av/Underkategori {number % _CATEGORIES}"
        )
        yield ticket(
            f"SAK-{100_000 + number}",
            opened,
            title="Brukeren får feilmelding «Objektreferanse ikke satt» ved lagring av salg med vedlegg i PDF-format",
            category=("Nede", "Opplæring/Utvalg", "Konsulent/Tilpasning", name)[number % 4],
            channel=("phone", "email", "chat", "form", "customer_centre", "internal", "api", "other")[
                number % 8
            ],
            contact=f"person{number % 57}",
            first_reply_at=opened + timedelta(hours=number % 90) if number % 7 else None,
            closed_at=opened + timedelta(days=3) if number % 5 else None,
            minutes_spent=str(7 + number % 300) if number % 11 else None,
        )


def bare() -> Warehouse:
    """Customer 1: an agreement and nothing else, no user number, no price."""
    return company(agreements=[agreement()])


def one_month() -> Warehouse:
    """Customer 1: an agreement three weeks old, one count and two tickets."""
    return company(
        SETTINGS,
        agreements=[agreement(subscribed_on=date(2026, 2, 20))],
        user_counts=[count(date(2026, 2, 20), 3)],
        prices=[price(date(2025, 1, 1), "1500")],
        tickets=[
            ticket("T-1", datetime(2026, 2, 25, 10), category="Annet", contact="a", minutes_spent="15"),
            ticket("T-2", datetime(2026, 3, 3, 10), category="Annet", contact="a", minutes_spent="30"),
        ],
    )


def plain() -> Warehouse:
    """Customer 1: worked out by hand in the tests that use it. Customers 2 to 6 are its peers, 3 to 9 users each."""
    peers = [agreement(f"A-{n}", str(n), registered_users=n + 3) for n in range(2, 7)]
    return company(
        SETTINGS,
        agreements=[agreement(first_renewal_on=None, account_manager="Kari Nordmann"), *peers],
        user_counts=[
            count(date(2025, 1, 10), 6),
            count(date(2025, 4, 1), 8, active_users=6),
            count(date(2026, 2, 1), 9, active_users=6),
        ],
        prices=[
            price(date(2025, 1, 1), "1000"),
            price(date(2026, 1, 1), "1100", announced_on=date(2026, 3, 1)),
        ],
        tickets=[
            ticket("T-0", datetime(2024, 5, 2, 9), category="Annet", contact="a", minutes_spent="60"),
            ticket(
                "T-1",
                datetime(2025, 6, 2, 9),
                category="Nede",
                contact="a",
                channel="phone",
                title="Ingen kommer inn",
                first_reply_at=datetime(2025, 6, 2, 9, 30),
                closed_at=datetime(2025, 6, 2, 12),
                status="closed",
                minutes_spent="90",
            ),
            ticket(
                "T-2", datetime(2025, 9, 1, 9), category="Opplæring/Utvalg", contact="b", minutes_spent="30"
            ),
            ticket(
                "T-3",
                datetime(2026, 1, 5, 9),
                category="Konsulent/Tilpasning",
                contact="a",
                minutes_spent="120",
                closed_at=datetime(2026, 1, 6, 9),
                status="closed",
            ),
            ticket("T-4", datetime(2026, 3, 16, 9), category="Annet", contact="c", minutes_spent="60"),
        ],
        meetings=[
            meeting("M-1", planned_on=date(2025, 5, 1), held_on=date(2025, 5, 6), note="Hemmelig notat"),
            meeting("K-1", kind="course", held_on=date(2025, 8, 20)),
            meeting("M-2", planned_on=date(2026, 4, 2)),
        ],
        invoices=[
            invoice("F-1", date(2025, 4, 1), "7000.00", period_start=date(2025, 4, 1)),
            invoice("F-2", date(2026, 1, 31), "1250.00", kind="consulting", quantity="1", unit_price="1250"),
        ],
    )
