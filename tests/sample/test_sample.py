"""The sample as files: unchanged, complete, and holding the cases that it is there for."""

from __future__ import annotations

import csv
import tomllib
from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from ccinsight.errors import CcinsightError, UsageError
from ccinsight.sample import write_sample
from ccinsight.sample.customers import company_name
from ccinsight.sample.dates import add_months
from ccinsight.sample.rules import termination_deadline

AS_OF = date(2026, 11, 1)
FILES = (
    "avtaler.csv",
    "brukertall.csv",
    "ccinsight.toml",
    "fakturaer.csv",
    "moter.txt",
    "priser.xlsx",
    "saker.csv",
)
Rows = list[dict[str, str]]


def _read(path: Path, encoding: str = "cp1252", delimiter: str = ";") -> Rows:
    with path.open(encoding=encoding, newline="") as source:
        return list(csv.DictReader(source, delimiter=delimiter))


def _day(text: str) -> date:
    return datetime.strptime(text, "%d.%m.%Y").date()


def _moment(text: str) -> datetime:
    return datetime.strptime(text, "%d.%m.%Y %H:%M:%S")


@pytest.fixture(scope="module")
def agreements(sample_exports: Path) -> Rows:
    """The agreements that an import takes in."""
    return [row for row in _read(sample_exports / "avtaler.csv") if not row["Avtalenr"].startswith("A-9")]


@pytest.fixture(scope="module")
def tickets(sample_exports: Path) -> Rows:
    """The tickets that were drawn."""
    return [row for row in _read(sample_exports / "saker.csv") if len(row["Saks-ID"]) == 5]


@pytest.fixture(scope="module")
def counts(sample_exports: Path) -> Rows:
    return _read(sample_exports / "brukertall.csv", "utf-8-sig")


@pytest.fixture(scope="module")
def invoices(sample_exports: Path) -> Rows:
    return _read(sample_exports / "fakturaer.csv")


@pytest.fixture(scope="module")
def meetings(sample_exports: Path) -> Rows:
    return _read(sample_exports / "moter.txt", "utf-16", "\t")


@pytest.fixture(scope="module")
def prices(sample_exports: Path) -> list[list[object]]:
    sheet = CalamineWorkbook.from_path(sample_exports / "priser.xlsx").get_sheet_by_index(0)
    return [list(row) for row in sheet.to_python()]


def _notices(agreements: Rows) -> list[int]:
    """Days from the deadline of its period to each notice, of agreements with one month's notice."""
    days = []
    for row in agreements:
        if row["Oppsagt dato"] and row["Produkt"] == "CloudCare CRM" and not row["Første fornyelse"]:
            start, notice = _day(row["Tegningsdato"]), _day(row["Oppsagt dato"])
            end = next(
                end
                for year in range(1, 12)
                if (end := add_months(start, 12 * year) - timedelta(days=1)) >= notice
            )
            days.append((notice - termination_deadline(end, 1)).days)
    return days


# ---------------------------------------------------------------- the same bytes


def test_the_committed_sample_is_unchanged(tmp_path: Path, sample_exports: Path) -> None:
    write_sample(tmp_path, 150, 8000, 1, AS_OF)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(FILES)
    different = [
        name for name in FILES if (tmp_path / name).read_bytes() != (sample_exports / name).read_bytes()
    ]
    assert different == []


def test_another_seed_gives_another_company(tmp_path: Path) -> None:
    for seed in (1, 2):
        write_sample(tmp_path / str(seed), 20, 200, seed, AS_OF)
    same = [
        name for name in FILES if (tmp_path / "1" / name).read_bytes() == (tmp_path / "2" / name).read_bytes()
    ]
    assert same == ["ccinsight.toml"]


def test_more_customers_leave_the_first_ones_as_they_were(tmp_path: Path) -> None:
    rows = {}
    for customers in (80, 90):
        write_sample(tmp_path / str(customers), customers, 0, 1, AS_OF)
        rows[customers] = _read(tmp_path / str(customers) / "avtaler.csv")
    kept = [row for row in rows[90] if int(row["Firma-ID"]) <= 1080]
    assert kept == [row for row in rows[80] if row["Firma-ID"] < "9000"]


@pytest.mark.parametrize("as_of", [date(2024, 2, 29), date(2026, 12, 31), date(2027, 1, 1)])
def test_nothing_is_known_of_later_days(tmp_path: Path, as_of: date) -> None:
    write_sample(tmp_path, 80, 500, 3, as_of)
    tickets = _read(tmp_path / "saker.csv")
    moments = [
        row[name]
        for row in tickets
        if len(row["Saks-ID"]) == 5
        for name in ("Opprettet", "Svar ved", "Lukket ved")
    ]
    assert max(_moment(text).date() for text in moments if text) <= as_of
    agreements = [row for row in _read(tmp_path / "avtaler.csv") if not row["Avtalenr"].startswith("A-9")]
    assert all(_day(row["Oppsagt dato"]) <= as_of for row in agreements if row["Oppsagt dato"])
    assert any(_day(row["Tegningsdato"]) > as_of for row in agreements)
    counts = _read(tmp_path / "brukertall.csv", "utf-8-sig")
    assert all(_day(row["Telledato"]) <= as_of for row in counts)


@pytest.mark.parametrize(("customers", "tickets"), [(1, 0), (1, 50), (5, 12_345)])
def test_sizes_are_kept(tmp_path: Path, customers: int, tickets: int) -> None:
    write_sample(tmp_path, customers, tickets, 1, AS_OF)
    ids = [row["Saks-ID"] for row in _read(tmp_path / "saker.csv") if len(row["Saks-ID"]) == 5]
    assert ids == [str(number) for number in range(10_001, 10_001 + tickets)]
    agreements = _read(tmp_path / "avtaler.csv")
    assert len({row["Firma-ID"] for row in agreements} - {"9001", "9002", "9003"}) == customers


def test_a_sample_of_no_customers_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        write_sample(tmp_path, 0, 10, 1, AS_OF)


def test_a_file_in_place_of_the_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")
    with pytest.raises(CcinsightError, match="taken"):
        write_sample(tmp_path / "taken", 1, 0, 1, AS_OF)


def test_progress_is_told(tmp_path: Path) -> None:
    told: list[tuple[float, str]] = []
    write_sample(tmp_path, 5, 300, 1, AS_OF, lambda done, step: told.append((done, step)))
    parts = [done for done, _step in told]
    assert parts == sorted(parts) and parts[-1] == 1.0
    assert {step for _done, step in told} == {"avtaler.csv", "saker.csv", "fakturaer.csv"}


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
    assert {-1, 0, 1} <= {max(-1, min(1, day)) for day in days}
    assert 0 in days and 1 in days and min(days) < -60


def test_starts_on_29_february_and_short_first_periods(agreements: Rows) -> None:
    starts = [_day(row["Tegningsdato"]) for row in agreements]
    assert any((start.month, start.day) == (2, 29) for start in starts)
    first = [
        (_day(row["Tegningsdato"]), _day(row["Første fornyelse"]))
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
        row["Oppsagt dato"] and _day(row["Oppsagt dato"]) < _day(row["Tegningsdato"]) for row in agreements
    )
    assert {"Antall brukere", "Timepris", "Vår kontakt"} <= {
        name for row in agreements for name in row if not row[name]
    }
    assert any(set("æøåÆØÅ") & set(row["Vår kontakt"]) for row in agreements)


# ---------------------------------------------------------------- tickets


def test_tickets_come_when_people_work(tickets: Rows) -> None:
    opened = [_moment(row["Opprettet"]) for row in tickets]
    assert len(opened) == 8000 and opened == sorted(opened)
    assert sum(8 <= moment.hour < 16 for moment in opened) > 0.8 * len(opened)
    by_weekday = Counter(moment.weekday() for moment in opened)
    assert min(by_weekday[day] for day in range(5)) > 8 * max(by_weekday[5], by_weekday[6])
    by_month = Counter((moment.year, moment.month) for moment in opened)
    assert all(by_month[year, 7] < by_month[year, 9] / 2 for year in (2023, 2024, 2025, 2026))
    assert sum((moment.month, moment.day) in {(5, 17), (5, 1), (12, 25)} for moment in opened) < 8


def test_few_call_much_and_some_never(tickets: Rows, agreements: Rows) -> None:
    calls = Counter(row["Firma-ID"] for row in tickets)
    most = sum(number for _customer, number in calls.most_common(15))
    assert 0.3 * len(tickets) < most < 0.8 * len(tickets)
    begun = {row["Firma-ID"] for row in agreements if _day(row["Tegningsdato"]) < date(2024, 1, 1)}
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
    assert all(_moment(row["Svar ved"]) >= _moment(row["Opprettet"]) for row in tickets if row["Svar ved"])
    assert all(
        _moment(row["Lukket ved"]) >= _moment(row["Opprettet"]) for row in tickets if row["Lukket ved"]
    )
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
    assert [day.year for day in announced if isinstance(day, date)] == list(range(2016, 2028))
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
        row for row in lines if row["Periodestart"] and _day(row["Fakturadato"]) < _day(row["Periodestart"])
    ]
    assert 0.1 * len(lines) < len(early) < 0.5 * len(lines)
    assert all(_day(row["Fakturadato"]) <= AS_OF for row in lines)
    assert {"Avtalenr", "Periodestart", "Enhetspris"} <= {
        name for row in lines for name in row if not row[name]
    }
    assert "\N{NO-BREAK SPACE}" in lines[0]["Beløp"]


def test_meetings_held_planned_and_missed(meetings: Rows, agreements: Rows) -> None:
    status = [row for row in meetings if row["Type"] == "Statusmøte" and len(row["Planlagt"]) != 8]
    assert any(row["Avholdt"] for row in status)
    assert any(not row["Avholdt"] and _day(row["Planlagt"]) > AS_OF for row in status)
    assert any(not row["Avholdt"] and _day(row["Planlagt"]) < AS_OF for row in status)
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
