"""The cases that the committed sample is there for."""

from __future__ import annotations

import tomllib
from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from ccinsight.sample.customers import company_name
from ccinsight.sample.dates import add_months
from ccinsight.sample.rules import termination_deadline
from tests.sample.reading import AS_OF, Rows, day, moment


def _notices(agreements: Rows) -> list[int]:
    """Days from the deadline of its period to each notice, of agreements with one month's notice."""
    days = []
    for row in agreements:
        if row["Oppsagt dato"] and row["Produkt"] == "CloudCare CRM" and not row["Første fornyelse"]:
            start, notice = day(row["Tegningsdato"]), day(row["Oppsagt dato"])
            end = next(
                end
                for year in range(1, 12)
                if (end := add_months(start, 12 * year) - timedelta(days=1)) >= notice
            )
            days.append((notice - termination_deadline(end, 1)).days)
    return days


# ---------------------------------------------------------------- agreements


def test_companies_are_named_and_numbered_once(agreements: Rows) -> None:
    names = {row["Firma-ID"]: row["Firma"] for row in agreements}
    assert len(names) == len(set(names.values())) == 150
    assert len({company_name(index) for index in range(30_000)}) == 30_000


def test_org_numbers_have_a_right_check_digit_and_belong_to_nobody(agreements: Rows) -> None:
    numbers = [row["Org.nr."] for row in agreements if row["Org.nr."]]
    weights = (3, 2, 7, 6, 5, 4, 3, 2, 1)
    assert all(
        sum(int(digit) * weight for digit, weight in zip(number, weights, strict=True)) % 11 == 0
        for number in numbers
    )
    assert {number[0] for number in numbers} == {"3"}
    assert any(not row["Org.nr."] for row in agreements)


def test_notices_on_the_deadline_and_on_both_sides_of_it(agreements: Rows) -> None:
    days = _notices(agreements)
    assert {-1, 0, 1} <= {max(-1, min(1, number)) for number in days}
    assert 0 in days and 1 in days and min(days) < -60


def test_starts_on_29_february_and_short_first_periods(agreements: Rows) -> None:
    starts = [day(row["Tegningsdato"]) for row in agreements]
    assert any((start.month, start.day) == (2, 29) for start in starts)
    first = [
        (day(row["Tegningsdato"]), day(row["Første fornyelse"]))
        for row in agreements
        if row["Første fornyelse"]
    ]
    assert any(start < renewal < add_months(start, 12) for start, renewal in first)
    assert any(renewal > add_months(start, 12) for start, renewal in first)
    assert min(starts).year == 2017 and max(starts) > AS_OF


def test_several_agreements_and_products(agreements: Rows) -> None:
    products = defaultdict(list)
    for row in agreements:
        products[row["Firma-ID"]].append(row["Produkt"])
    assert any(set(names) == {"CloudCare CRM", "CloudCare Marketing"} for names in products.values())
    assert any(names.count("CloudCare CRM") > 1 for names in products.values())


def test_missing_and_odd_values_of_agreements(agreements: Rows) -> None:
    assert {row["Kompleksitet"] for row in agreements} == {"standard", "erp", "advanced", "spesial"}
    assert {row["Prisgrunnlag"] for row in agreements} == {"Prisliste", "Kontrakt"}
    assert any(row["Prisgrunnlag"] == "Kontrakt" and not row["Pris per bruker"] for row in agreements)
    assert any(
        row["Oppsagt dato"] and day(row["Oppsagt dato"]) < day(row["Tegningsdato"]) for row in agreements
    )
    assert {"Antall brukere", "Timepris", "Vår kontakt"} <= {
        name for row in agreements for name in row if not row[name]
    }
    assert any(set("æøåÆØÅ") & set(row["Vår kontakt"]) for row in agreements)


# ---------------------------------------------------------------- tickets


def test_tickets_come_when_people_work(tickets: Rows) -> None:
    opened = [moment(row["Opprettet"]) for row in tickets]
    assert len(opened) == 8000 and opened == sorted(opened)
    assert sum(8 <= at.hour < 16 for at in opened) > 0.8 * len(opened)
    by_weekday = Counter(at.weekday() for at in opened)
    assert min(by_weekday[number] for number in range(5)) > 8 * max(by_weekday[5], by_weekday[6])
    by_month = Counter((at.year, at.month) for at in opened)
    assert all(by_month[year, 7] < by_month[year, 9] / 2 for year in (2023, 2024, 2025, 2026))
    assert sum((at.month, at.day) in {(5, 17), (5, 1), (12, 25)} for at in opened) < 8


def test_few_call_much_and_some_never(tickets: Rows, agreements: Rows) -> None:
    calls = Counter(row["Firma-ID"] for row in tickets)
    most = sum(number for _customer, number in calls.most_common(15))
    assert 0.3 * len(tickets) < most < 0.8 * len(tickets)
    begun = {row["Firma-ID"] for row in agreements if day(row["Tegningsdato"]) < date(2024, 1, 1)}
    assert len(begun - set(calls)) >= 2
    assert set(calls) - {row["Firma-ID"] for row in agreements}


def test_tickets_in_every_state(tickets: Rows) -> None:
    assert {row["Status"] for row in tickets} == {
        "Avsluttet", "Åpen", "Utsatt", "Venter på kunde", "Koblet", "Slettet", "Spam",
    }  # fmt: skip
    assert any(row["Lukket ved"] and not row["Svar ved"] for row in tickets)
    assert {"Fullt navn", "Kategori", "Brukt tid", "Kontaktrolle", "Kanal", "Prioritet"} <= {
        name for row in tickets for name in row if not row[name]
    }
    assert {"Fjernhjelp", "Teams"} <= {row["Kanal"] for row in tickets}
    assert all(moment(row["Svar ved"]) >= moment(row["Opprettet"]) for row in tickets if row["Svar ved"])
    assert all(moment(row["Lukket ved"]) >= moment(row["Opprettet"]) for row in tickets if row["Lukket ved"])
    assert any('"' in row["Tittel"] for row in tickets) and any(";" in row["Tittel"] for row in tickets)


def test_the_settings_name_all_categories_but_one(tickets: Rows, sample_exports: Path) -> None:
    settings = tomllib.loads((sample_exports / "ccinsight.toml").read_text("utf-8"))
    assert {row["Kategori"] for row in tickets} - set(settings["categories"]) == {"Diverse", ""}
    assert {entry.get("scope") for entry in settings["categories"].values()} == {
        None,
        "training",
        "consulting",
    }


# ---------------------------------------------------------------- the other files


def test_counts_grow_shrink_and_lack(counts: Rows, agreements: Rows) -> None:
    users: dict[str, list[int]] = defaultdict(list)
    for row in counts:
        if row["Registrerte brukere"].isdigit():
            users[row["Firma"]].append(int(row["Registrerte brukere"]))
    assert any(numbers[-1] > 1.3 * numbers[0] for numbers in users.values() if numbers[0] > 9)
    assert any(numbers[-1] < 0.8 * numbers[0] for numbers in users.values() if numbers[0] > 9)
    assert len({row["Firma"] for row in agreements} - set(users)) > 5
    assert any(not row["Firma-ID"] for row in counts) and any(not row["Aktive brukere"] for row in counts)
    assert len({(row["Firma"], row["Telledato"]) for row in counts}) == len(counts)


def test_price_lists_in_time_and_too_late(prices: list[list[object]]) -> None:
    rows = prices[1:-1]
    announced = {row[2]: row[3] for row in rows if not row[1]}
    assert [first.year for first in announced if isinstance(first, date)] == list(range(2016, 2028))
    assert announced[date(2016, 1, 1)] == ""
    assert announced[date(2024, 1, 1)] == date(2023, 12, 4)
    assert announced[date(2027, 1, 1)] == date(2026, 10, 20)
    general = [row for row in rows if not row[1] and row[2] == date(2026, 1, 1)]
    assert {row[5] for row in general if row[4] == "erp"} == {1, 5, 10, 25, 50, 100}
    assert {row[0] for row in general} == {"CloudCare CRM", "CloudCare Marketing"}
    assert len({row[1] for row in rows}) > 5


def test_invoices_of_all_kinds_some_early_some_bare(invoices: Rows) -> None:
    lines = [row for row in invoices if row["Fakturadato"]]
    assert {"Årlig", "Utvidelse", "Konsulent", "Kurs"} < {row["Type"] for row in lines}
    early = [
        row for row in lines if row["Periodestart"] and day(row["Fakturadato"]) < day(row["Periodestart"])
    ]
    assert 0.1 * len(lines) < len(early) < 0.5 * len(lines)
    assert all(day(row["Fakturadato"]) <= AS_OF for row in lines)
    assert {"Avtalenr", "Periodestart", "Enhetspris"} <= {
        name for row in lines for name in row if not row[name]
    }
    assert "\N{NO-BREAK SPACE}" in lines[0]["Beløp"]


def test_meetings_held_planned_and_missed(meetings: Rows, agreements: Rows) -> None:
    status = [row for row in meetings if row["Type"] == "Statusmøte" and len(row["Planlagt"]) != 8]
    assert any(row["Avholdt"] for row in status)
    assert any(not row["Avholdt"] and day(row["Planlagt"]) > AS_OF for row in status)
    assert any(not row["Avholdt"] and day(row["Planlagt"]) < AS_OF for row in status)
    assert {row["Firma-ID"] for row in agreements} - {row["Firma-ID"] for row in status}
    assert {row["Type"] for row in meetings} == {"Statusmøte", "Kurs", "Workshop"}


@pytest.mark.parametrize(
    ("name", "find"),
    [
        ("avtaler.csv", lambda text: "31.02.2024" in text and "Dugnad" in text),
        ("saker.csv", lambda text: "05/04/2026" in text and ";-15;" in text and "\r\nskriveren" in text),
        ("fakturaer.csv", lambda text: "Kreditnota" in text and "\r\nSum;" in text),
    ],
)
def test_rows_that_an_import_must_reject(
    sample_exports: Path, name: str, find: Callable[[str], bool]
) -> None:
    assert find((sample_exports / name).read_bytes().decode("cp1252"))
