"""The data problems of the page Data in a reader's words."""

import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest

from ccinsight.access import SEES_ALL
from ccinsight.dashboard.pages import data_problems
from ccinsight.database.scope import Scope
from ccinsight.database.warehouse import Warehouse
from ccinsight.i18n import in_language, set_language
from ccinsight.outputs.frames import to_frame
from tests.dashboard.opening import AS_OF, Open, written
from tests.reports.companies import agreement, company, price

DAY = date.fromisoformat(AS_OF)


@pytest.mark.parametrize(
    ("check", "key", "detail", "said"),
    [
        ("value_unknown", "contact_role: Vikar", "saker.csv", ("Rolle (contact_role): Vikar", "saker.csv")),
        ("automatic_replies", "phone", "1204 / 3310", ("Telefon", "1 204 av 3 310")),
        ("contacts_above_users", "17", "8 / 5", ("17", "8 av 5")),
        (
            "price_changed_later",
            "CloudCare CRM, 2026-01-01, standard, 1",
            "1000.00 → 1050.50, 2025-11-01 → –: A-1 2026-04-01, A-2 2026-02-01",
            (
                "CloudCare CRM, 01.01.2026, standard, 1",
                "1 000 kr → 1 050,50 kr, 01.11.2025 → –: A-1 01.04.2026, A-2 01.02.2026",
            ),
        ),
        (
            "gone_from_list",
            "A-1",
            "2026-01-02, saker 2026-01-02.csv",
            ("A-1", "02.01.2026, saker 2026-01-02.csv"),
        ),
        (
            "invoice_outside",
            "F1",
            "yearly, 2024-05-10, 3760.00, 12.50",
            ("F1", "Årlig, 10.05.2024, 3 760 kr, 12.50"),
        ),
        (
            "invoice_unassigned",
            "F1",
            "expansion, 2024-05-10, -99.50",
            ("F1", "Utvidelse, 10.05.2024, −99,50 kr"),
        ),
        ("rate_unknown", "A-1", "erp, CloudCare CRM, 1", ("A-1", "erp, CloudCare CRM, 1 bruker")),
        ("rate_unknown", "A-1", "erp, CRM 365", ("A-1", "erp, CRM 365")),
        ("stale_tickets", "2026-01-02", "45", ("02.01.2026", "45 dager")),
        ("status_contradicts", "7", "postponed, 2026-01-20", ("7", "Utsatt, 20.01.2026")),
        ("status_contradicts", "7", "closed", ("7", "Lukket")),
        ("agreements_missing", None, "tickets: 8002, prices: 3", (None, "Saker: 8 002, Priser: 3")),
        ("users_unknown", "A-1", "2026-01-28", ("A-1", "28.01.2026")),
    ],
)
def test_problems_say_no_codes(
    check: str, key: str | None, detail: str, said: tuple[str | None, str]
) -> None:
    set_language("nb")
    rows = pd.DataFrame([{"check": check, "export": "tickets", "key": key, "detail": detail}])

    shown = data_problems.in_words(rows).iloc[0]

    assert (shown["key"], shown["detail"].replace("\N{NO-BREAK SPACE}", " ")) == said


@pytest.mark.parametrize(
    ("users", "language", "said"),
    [
        (5, "nb", "10 000 kr mot 1 000 kr på prislisten"),
        (5, "en", "10,000 kr against 1,000 kr on the price list"),
        (None, "nb", "10 000 kr mot 899,50–1 000 kr på prislisten"),
    ],
)
def test_a_price_far_from_the_list_is_said_in_kroner(users: int | None, language: str, said: str) -> None:
    contract = agreement(price_basis="contract", price_per_user=Decimal(10000), registered_users=users)
    first = date(2020, 1, 1)
    house = company(
        agreements=[contract], prices=[price(first, "1000"), price(first, "899.50", min_users=50)]
    )
    rows = to_frame(house.report("data_problems", Scope(DAY, SEES_ALL), check="price_far_from_list"))

    with in_language(language):
        shown = data_problems.in_words(rows)

    assert [each.replace("\N{NO-BREAK SPACE}", " ") for each in shown["detail"]] == [said]


def test_no_day_or_amount_of_the_sample_is_as_a_program_writes_it(database: Path) -> None:
    with Warehouse.open(database) as house:
        rows = to_frame(house.report("data_problems", Scope(DAY, SEES_ALL)))
    ours = rows[~rows["check"].isin(["rejected_rows", "value_unknown", "duplicate_key"])]  # those quote files

    shown = data_problems.in_words(ours)

    texts = " | ".join([*shown["key"].dropna(), *shown["detail"].dropna()])
    assert len(shown) > 20
    assert not re.search(r"\d{4}-\d\d-\d\d|\d\.\d\d\b(?!\.)", texts)


def test_the_checks_examples_say_no_codes(open_page: Open) -> None:
    site = open_page("data", f"as-of={AS_OF}&language=nb")

    [checks] = [rows for rows in written(site) if rows[0] == ["Kontroll", "Rader", "Eksempel"]]
    examples = {(check, example) for check, _count, example in checks[1:]}

    assert ("Automatiske første svar", "Telefon") in examples
    assert ("Ukjent verdi", "Rolle (contact_role): Innleid") in examples
    assert ("Avviste rader", "avtaler.csv: 171") in examples


def test_a_check_of_values_names_their_column() -> None:
    set_language("nb")
    rows = pd.DataFrame(
        [
            {"check": "value_unknown", "rows": 3, "example": "contact_role: Vikar", "export": "contact_role"},
            {"check": "agreements_missing", "rows": 1, "example": None, "export": "agreements"},
        ]
    )

    shown = data_problems.in_words(rows)

    assert shown["export"].tolist() == ["Rolle (contact_role)", "agreements"]
    assert shown["example"][0] == "Rolle (contact_role): Vikar"
    assert shown["example"].isna().tolist() == [False, True]
