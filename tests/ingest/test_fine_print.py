"""The fine print of what comes in: odd files, one statement a test."""

# ruff: noqa: S608 (paths of these tests and columns of ours)

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from ccinsight.errors import CcinsightError
from ccinsight.ingest import import_paths
from tests.ingest.trying import TICKET_HEADERS, WHEN, Trial, tickets, try_import, write

MONEY = "Fakturalinje;Kundenr;Type;Fakturadato;Beløp\n"


def _amounts(folder: Path, *texts: str, config: str | None = None) -> Trial:
    rows = "".join(f'F{at};1;Kurs;01.01.2026;"{text}"\n' for at, text in enumerate(texts))
    return try_import(folder, {"fakturaer.csv": MONEY + rows}, config)


def _opened(folder: Path, *texts: str, config: str | None = None) -> Trial:
    return try_import(
        folder, {"tickets.csv": tickets(*(f"{at};1;{t}" for at, t in enumerate(texts)))}, config
    )


# ---------------------------------------------------------------- headers and kinds

_NAMES = {
    "tickets": """
        ticket_id: ticketId, ID, Request ID, Saks-ID, Saksnr, Saksnummer
        title: title, Title, Tittel
        opened_at: createdAt, createdDate, Created, Opprettet
        first_reply_at: repliedAt, Replied at, First reply, Svar ved, Første svar, Besvart
        closed_at: closedAt, Closed at, Closed, Lukket ved, Lukket, Avsluttet
        status: status, ticketStatusName, Internal status, Intern status
        severity: priorityName, Priority, Severity, Prioritet, Alvorlighet
        category: categoryFullName, Category, Kategori
        channel: origin, Origin, Channel, Opprinnelse, Kanal
        owner: ownedBy, ownedBy/fullName, Owner, Eier, Saksbehandler
        contact: personId, person/personId, person/fullname, Contact, Full name, Kontakt, Person, Fullt navn
        minutes_spent: timeSpent, Time spent, Minutes, Brukt tid, Medgått tid, Minutter
        minutes_to_invoice: timeCharge, Time to invoice, Fakturerbar tid
        customer_id: contactId, contact/contactId, Company ID, Customer ID, Firma-ID, Kunde-ID, Kundenr, Kundenummer
        customer_name: name, nameDepartment, contact/name, Company, Customer, Firma, Firmanavn, Kunde
        org_number: orgnr, contact/orgnr, VAT No., Org. number, Org.nr., Orgnr, Organisasjonsnummer
        contact_role: Contact role, Kontaktrolle, Rolle
    """,
    "agreements": """
        agreement_id: Agreement, Avtalenr, Avtale-ID, Avtale
        account_manager: associateId, associate/fullName, Our contact, Account manager, Vår kontakt, Kundeansvarlig
        subscribed_on: Subscription date, Tegningsdato, Avtalestart
        first_renewal_on: First renewal, Første fornyelse
        terminated_on: Termination notice, Terminated on, Oppsagt, Oppsagt dato
        terminated_by: Terminated by, Oppsagt av
        price_basis: Price basis, Prisgrunnlag
        price_per_user: Price per user, Pris per bruker
        complexity: Complexity, Kompleksitet
        registered_users: usedLicenses, Registered users, Used Licenses, Antall brukere, Registrerte brukere
        consultant_rate: Hourly rate, Timepris
        partner_confirmed_on: Partner confirmed, Partner bekreftet
        product: PRODUCT
    """,
    "user_counts": """
        available_licences: Available Licenses, Tilgjengelige lisenser
        active_users: Active users, Aktive brukere
        counted_on: Counted on, Date, Telledato, Dato
    """,
    "prices": """
        valid_from: Valid from, Gjelder fra
        announced_on: Announced, Varslet
        min_users: From users, Fra antall brukere
    """,
    "invoices": """
        invoice_line_id: Invoice line, Fakturalinje
        issued_on: Issued, Fakturadato
        kind: Kind, Type
        quantity: Quantity, Antall
        unit_price: Unit price, Enhetspris
        amount: Amount, Beløp
        period_start: period start
    """,
    "meetings": """
        meeting_id: Meeting, Møte
        planned_on: Planned, Planlagt
        held_on: Held, Avholdt
        note: Note, Notat
    """,
}


def test_each_header_of_the_specification_names_its_column() -> None:
    from ccinsight.ingest.catalogue import exports, match_headers
    from ccinsight.settings.parsing import default_settings

    for export, text in _NAMES.items():
        for line in text.strip().splitlines():
            column, names = line.strip().split(": ")
            for name in [column, *names.split(", ")]:
                match = match_headers(exports()[export], [name], default_settings())
                assert dict(match.columns) == {column: 0}, (export, name)


@pytest.mark.parametrize("header", ["SAKS_ID", "saks id", "Saks.-ID", " Saks-ID ", "såks-id", "Saks\u00a0ID"])
def test_headers_match_whatever_their_case_accents_and_signs(tmp_path: Path, header: str) -> None:
    text = tickets("1;1;2026-01-01", headers=f"{header};Firma-ID;Opprettet")
    assert try_import(tmp_path, {"saker.csv": text}).values("select ticket_id from stored.tickets") == ["1"]


def test_ae_oe_and_aa_match_plain_letters(tmp_path: Path) -> None:
    text = tickets(
        "1;1;2026-01-01;2026-01-02 10:00;5", headers="ID;Firma-ID;Opprettet;Forste svar;Medgatt tid"
    )
    trial = try_import(tmp_path, {"saker.csv": text})
    assert trial.rows("select first_reply_at, minutes_spent from stored.tickets") == [
        (datetime(2026, 1, 2, 10), Decimal(5))
    ]


def test_the_leftmost_of_two_headers_counts_and_both_are_named(tmp_path: Path) -> None:
    text = tickets("1;1;2026-01-01;a;b", headers="ID;Firma-ID;Opprettet;Tittel;Title")
    trial = try_import(tmp_path, {"saker.csv": text})
    assert trial.values("select title from stored.tickets") == ["a"]
    (warning,) = [each for each in trial.file.warnings if each.kind == "header_twice"]
    assert "Tittel" in warning.text
    assert "Title" in warning.text


def test_one_header_twice_is_kept_aside_as_well(tmp_path: Path) -> None:
    text = tickets("1;1;2026-01-01;a;b", headers="ID;Firma-ID;Opprettet;Tittel;Tittel")
    trial = try_import(tmp_path, {"saker.csv": text})
    assert trial.values("select title from stored.tickets") == ["a"]
    assert "header_twice" in trial.kinds()


@pytest.mark.parametrize("headers", ["Status;Intern status", "Intern status;Status"])
def test_an_internal_status_goes_before_a_status(tmp_path: Path, headers: str) -> None:
    values = "Utsatt;Åpen" if headers.startswith("Intern") else "Åpen;Utsatt"
    text = tickets(f"1;1;2026-01-01;{values}", headers=f"ID;Firma-ID;Opprettet;{headers}")
    trial = try_import(tmp_path, {"saker.csv": text})
    assert trial.values("select status from stored.tickets") == ["postponed"]
    assert "header_twice" in trial.kinds()


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_a_separator_line_in_each_encoding(tmp_path: Path, encoding: str, delimiter: str) -> None:
    text = f"sep={delimiter}\r\n" + 'ID;Firma-ID;Opprettet;Tittel\r\n1;1;01.01.2026;"Før; nå"\r\n'
    text = text.replace(";", delimiter) if delimiter != ";" else text
    trial = try_import(tmp_path, {"saker.csv": text.encode(encoding)})
    assert trial.values("select title from stored.tickets") == [f"Før{delimiter} nå"]


@pytest.mark.parametrize("name", ["saker.txt", "SAKER.CSV", "Saker 2026.csv", "notat.csv"])
def test_headers_decide_the_kind_whatever_the_name(tmp_path: Path, name: str) -> None:
    trial = try_import(tmp_path, {name: tickets("1;1;2026-01-01")})
    assert trial.file.export == "tickets"
    assert "kind_differs" not in trial.kinds()


def test_a_file_named_like_another_kind_gets_a_warning(tmp_path: Path) -> None:
    assert "kind_differs" in try_import(tmp_path, {"fakturaer.csv": tickets("1;1;2026-01-01")}).kinds()


def test_a_header_that_matches_nothing_is_named_in_the_summary_with_its_file(tmp_path: Path) -> None:
    text = tickets("1;1;2026-01-01;x", headers="ID;Firma-ID;Opprettet;Fornøydhet")
    lines = try_import(tmp_path, {"saker.csv": text}).summary.lines()
    assert any("saker.csv" in line and "Fornøydhet" in line for line in lines)


# ---------------------------------------------------------------- rows


def test_blank_rows_are_not_counted_whatever_their_width(tmp_path: Path) -> None:
    text = tickets("1;1;2026-01-01", "", ";;", "  ; ;\u00a0", ";", ";;;;", '"";"";""', "2;1;2026-01-02")
    trial = try_import(tmp_path, {"tickets.csv": text})
    assert (trial.file.rows_read, trial.file.rows_good, trial.file.rows_rejected) == (2, 2, 0)


def test_a_quoted_field_that_is_never_closed_costs_its_row_alone(tmp_path: Path) -> None:
    text = tickets("1;1;2026-01-01", '2;1;"2026-01-01', "3;1;2026-01-01", "4;1;2026-01-01")
    trial = try_import(tmp_path, {"tickets.csv": text})
    assert trial.values("select ticket_id from stored.tickets order by 1") == ["1", "3", "4"]
    assert [row[0] for row in trial.rejects()] == [3]


def test_a_field_of_a_hundred_thousand_characters_is_kept_and_a_longer_one_rejected(tmp_path: Path) -> None:
    headers = "ID;Firma-ID;Opprettet;Tittel"
    text = tickets(
        f"1;1;2026-01-01;{'å' * 100_000}",
        f'2;1;2026-01-01;"{"a" * 50_000}\n{"b" * 50_000}"',
        "3;1;2026-01-01;c",
        headers=headers,
    )
    trial = try_import(tmp_path, {"saker.csv": text})
    assert trial.rows("select ticket_id, length(title) from stored.tickets order by 1") == [
        ("1", 100_000),
        ("3", 1),
    ]
    ((line, _column, _value, reason),) = trial.rejects()
    assert (line, reason) == (3, "a field is longer than 100 000 characters")
    assert trial.values("select length(fields[4]) from stored.rejects") == [100_001]


def test_a_long_field_of_a_parquet_file_rejects_its_row(tmp_path: Path) -> None:
    path = tmp_path / "saker.parquet"
    with duckdb.connect() as connection:
        connection.execute(
            "copy (select i as ID, 1 as Kundenr, date '2026-01-01' as Opprettet, "
            "repeat('x', case when i = 2 then 100001 else 3 end) as Tittel from range(3) as r(i)) "
            f"to '{path}' (format parquet)"
        )
    trial = Trial(import_paths([path], tmp_path / "try.duckdb", imported_at=WHEN), tmp_path / "try.duckdb")
    assert (trial.file.rows_read, trial.file.rows_good, trial.file.rows_rejected) == (3, 2, 1)
    assert trial.rejects()[0][3] == "a field is longer than 100 000 characters"


def test_a_quote_inside_an_unquoted_field_is_text(tmp_path: Path) -> None:
    text = tickets(
        '1;1;2026-01-01;17" skjerm', '2;1;2026-01-01;sa "hei"', headers="ID;Firma-ID;Opprettet;Tittel"
    )
    trial = try_import(tmp_path, {"saker.csv": text})
    assert trial.values("select title from stored.tickets order by ticket_id") == ['17" skjerm', 'sa "hei"']


# ---------------------------------------------------------------- dates


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("31.12.2026 14:05", datetime(2026, 12, 31, 14, 5)),
        ("2026-12-31T14:05:09.123", datetime(2026, 12, 31, 14, 5, 9, 123000)),
        ("[DT:12/31/2026 14:05:09]", datetime(2026, 12, 31, 14, 5, 9)),
        ("[DT:02/03/2026 14:05:09]", datetime(2026, 2, 3, 14, 5, 9)),
        ("[D:02/03/2026]", datetime(2026, 2, 3)),
        ("1.2.2026", datetime(2026, 2, 1)),
        ("31-12-2026", datetime(2026, 12, 31)),
        ("31/12/2026 9:05", datetime(2026, 12, 31, 9, 5)),
        ("05/05/2026", datetime(2026, 5, 5)),
        ("2026-10-25T00:30:00Z", datetime(2026, 10, 25, 2, 30)),
        ("2026-06-30T23:30:00-01:00", datetime(2026, 7, 1, 2, 30)),
        (" 2026-12-31\u00a0", datetime(2026, 12, 31)),
    ],
)
def test_moments_that_are_read(tmp_path: Path, text: str, expected: datetime) -> None:
    assert _opened(tmp_path, text).values("select opened_at from stored.tickets") == [expected]


def test_moments_that_are_rejected(tmp_path: Path) -> None:
    texts = [
        "12/31/2026",
        "31.12.26",
        "46022",
        "46022,5",
        "31.12.2026 24:00",
        "2026-12-31T24:00:00",
        "[DT:12/31/2026 24:00:00]",
        "[DT:31/12/2026 10:00:00]",
        "14.05",
        "31.12.2026 14.05",
        "31.02.2026",
        "2026-02-30",
        "31.12.2026 14:05:60",
        "31.12.2026 14:60",
        "now",
        "2026",
        "00.01.2026",
    ]
    trial = _opened(tmp_path, *texts)
    assert trial.values("select count(*) from stored.tickets") == [0]
    assert [row[2] for row in trial.rejects()] == texts


def test_an_ambiguous_date_is_rejected_with_that_word(tmp_path: Path) -> None:
    trial = _opened(tmp_path, "05/04/2026", "05-04-2026", "5/4/2026 10:00")
    assert [("ambiguous" in row[3]) for row in trial.rejects()] == [True] * 3


def test_month_first_is_read_where_the_order_is_set(tmp_path: Path) -> None:
    trial = _opened(tmp_path, "12/31/2026", "05/04/2026", config="[import]\nday_first = false")
    assert trial.values("select opened_at from stored.tickets order by ticket_id") == [
        datetime(2026, 12, 31),
        datetime(2026, 5, 4),
    ]


def test_a_date_column_drops_the_time_of_day(tmp_path: Path) -> None:
    text = "Møte;Firma-ID;Type;Planlagt;Avholdt\nM1;1;Kurs;2026-01-31T23:30:00Z;31.01.2026 23:59\n"
    assert try_import(tmp_path, {"møter.csv": text}).rows(
        "select planned_on, held_on from stored.meetings"
    ) == [(date(2026, 2, 1), date(2026, 1, 31))]


@pytest.mark.parametrize("day", ["01.01.2026", "2026-01-01", "[D:01/01/2026]", "01/01/2026"])
def test_a_reply_that_is_a_date_on_the_day_of_opening(tmp_path: Path, day: str) -> None:
    text = tickets(f"1;1;01.01.2026 10:00;{day};{day};;;;", headers=TICKET_HEADERS)
    trial = try_import(tmp_path, {"tickets.csv": text})
    assert trial.rows("select first_reply_at, closed_at from stored.tickets") == [
        (datetime(2026, 1, 1, 10), datetime(2026, 1, 1, 10))
    ]
    assert "day_times" in trial.kinds()


# ---------------------------------------------------------------- numbers


def test_amounts_that_are_read(tmp_path: Path) -> None:
    texts = {
        "1.234,50": "1234.5",
        "1,234.50": "1234.5",
        "1 234,50": "1234.5",
        "1\u00a0234,50": "1234.5",
        "1\u202f234": "1234",
        "kr 500": "500",
        "KR 500,-": "500",
        "1234kr": "1234",
        "1 234,50 kr": "1234.5",
        "500,-": "500",
        "-500": "-500",
        "\u2212500,50": "-500.5",
        "\u2212 500": None,
        "[F:2.5]": "2.5",
        "[I:3]": "3",
        "[I:-3]": "-3",
        "0": "0",
        "0,125": "0.125",
        "1.234.567,8": "1234567.8",
    }
    trial = _amounts(tmp_path, *(text for text, value in texts.items() if value))
    assert trial.rejects() == []
    assert trial.values("select amount from stored.invoices order by line") == [
        Decimal(value) for value in texts.values() if value
    ]


def test_amounts_that_are_rejected(tmp_path: Path) -> None:
    texts = [
        "1e3",
        "(500)",
        "NaN",
        "inf",
        "-inf",
        "Infinity",
        "1 23",
        "12 34",
        "1.23.456",
        "1,,5",
        "abc",
        "0x10",
        "1_000",
    ]
    trial = _amounts(tmp_path, *texts, "1.234", "1,234", "-1.234")
    assert trial.values("select count(*) from stored.invoices") == [0]
    reasons = [row[3] for row in trial.rejects()]
    assert reasons[: len(texts)] == ["not a number"] * len(texts)
    assert all("ambiguous" in reason for reason in reasons[len(texts) :])


def test_minutes(tmp_path: Path) -> None:
    texts = ["2,5", "2.5", "1:30", "01:30:30", "100:00", "1:75", "30 min", "-5", "\u22125", "1:30:75", "1e2"]
    rows = [f"{at:02};1;2026-01-01;;;;;;{text}" for at, text in enumerate(texts)]
    trial = try_import(tmp_path, {"tickets.csv": tickets(*rows, headers=TICKET_HEADERS)})
    assert trial.values("select minutes_spent from stored.tickets order by ticket_id") == [
        Decimal(value) for value in ("2.5", "2.5", "90", "90.5", "6000")
    ]
    assert len(trial.rejects()) == 6


def test_superoffices_brackets_in_ids(tmp_path: Path) -> None:
    trial = try_import(tmp_path, {"tickets.csv": tickets("[I:17];[I:5];2026-01-01")})
    assert trial.rows("select ticket_id, customer_id from stored.tickets") == [("17", "5")]


# ---------------------------------------------------------------- values


@pytest.mark.parametrize(
    ("column", "names"),
    [
        ("channel", "E-mail=email E-post=email Telefon=phone Phone=phone Chat=chat Form=form Skjema=form "
         "Customer_Centre=customer_centre Kundesenter=customer_centre Internal=internal Internt=internal "
         "API=api other=other Telegram=other"),
        ("severity", "Low=low Lav=low Medium=medium Middels=medium High=high Høy=high Critical=critical "
         "Kritisk=critical Ukjent="),
        ("status", "Open=open Active=open Åpen=open Åpne=open Closed=closed Avsluttet=closed Lukket=closed "
         "Postponed=postponed Utsatt=postponed Merged=merged Koblet=merged Deleted=deleted Slettet=deleted Spam=spam"),
        ("contact_role", "Bruker=user user=user Driftsleverandør=it_operations IT-drift=it_operations "
         "Annen=other Sjef="),
    ],
)  # fmt: skip
def test_names_of_a_tickets_values(tmp_path: Path, column: str, names: str) -> None:
    pairs = [pair.split("=") for pair in names.split()]
    rows = [f"{at:02};1;2026-01-01;{name.replace('_', ' ')}" for at, (name, _value) in enumerate(pairs)]
    trial = try_import(
        tmp_path, {"tickets.csv": tickets(*rows, headers=f"ticket_id;customer_id;opened_at;{column}")}
    )
    assert trial.values(f"select {column} from stored.tickets order by ticket_id") == [
        value or None for _name, value in pairs
    ]


def test_names_of_the_other_exports_values(tmp_path: Path) -> None:
    kinds = {"Årlig": "yearly", "Utvidelse": "expansion", "Konsulent": "consulting", "Kurs": "course"}
    rows = "".join(f"F{at};1;{name};01.01.2026;1\n" for at, name in enumerate(kinds))
    agreements = (
        "Avtalenr;Firma-ID;Firma;Tegningsdato;Prisgrunnlag;Oppsagt;Oppsagt av\n"
        "A1;1;Fjord;01.01.2024;Prisliste;01.01.2026;Kunde\n"
        "A2;1;Fjord;01.01.2024;Kontrakt;01.01.2026;Leverandør\n"
        "A3;1;Fjord;01.01.2024;;01.01.2026;\n"
        "A4;1;Fjord;01.01.2024;;01.01.2026;Naboen\n"
    )
    trial = try_import(tmp_path, {"fakturaer.csv": MONEY + rows, "avtaler.csv": agreements})
    assert trial.values("select kind from stored.invoices order by line") == list(kinds.values())
    assert trial.rows("select price_basis, terminated_by from stored.agreements order by line") == [
        ("price_list", "customer"),
        ("contract", "supplier"),
        ("price_list", None),
    ]
    assert [row[:3] for row in trial.rejects()] == [(5, "terminated_by", "Naboen")]


# ---------------------------------------------------------------- what is named in a call


def test_excels_lock_files_are_passed_over_when_named_too(tmp_path: Path) -> None:
    trial = try_import(tmp_path, {"saker.csv": tickets("1;1;2026-01-01"), "~$saker.xlsx": b"\x04Kari"})
    assert [file.name for file in trial.summary.files] == ["saker.csv"]


def test_a_path_that_can_not_be_is_a_missing_file(tmp_path: Path) -> None:
    for name in ("x" * 300, "no\0pe.csv", "saker.csv/inside.csv"):
        write(tmp_path, {"saker.csv": "x"})
        with pytest.raises(CcinsightError):
            import_paths([tmp_path / name], tmp_path / "try.duckdb", imported_at=WHEN)


@pytest.mark.parametrize("name", ["*.csv", "saker?.csv", "[s]aker.csv"])
def test_a_pattern_is_a_name(tmp_path: Path, name: str) -> None:
    write(tmp_path, {"saker.csv": tickets("1;1;2026-01-01")})
    with pytest.raises(CcinsightError, match="no file or folder"):
        import_paths([tmp_path / name], tmp_path / "try.duckdb", imported_at=WHEN)


@pytest.mark.parametrize("name", ["sa'ker.csv", 'sa"ker.csv', "{a,b}.csv", "sak er;.csv", "hive=1.csv"])
def test_names_with_signs_of_sql(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "it's (a) *folder*"
    folder.mkdir()
    trial = try_import(folder, {name: tickets("1;1;2026-01-01", '2;1;"2026-01-02"\r')})
    assert trial.values("select count(*) from stored.tickets") == [2]


@pytest.mark.parametrize(
    ("text", "is_refused"),
    [
        ("repeat('x', 1000)", True),
        ("array_to_string([md5(cast(i * 30 + n as varchar)) for n in range(30)], '')", False),
    ],
)
def test_a_small_parquet_file_that_holds_much_is_refused(tmp_path: Path, text: str, is_refused: bool) -> None:
    path = tmp_path / "saker.parquet"
    with duckdb.connect() as connection:
        connection.execute(
            "copy (select cast(i as varchar) as ticket_id, '1' as customer_id, date '2026-01-01' as opened_at, "
            f"{text} as title from range(3000) as r(i)) to '{path}' (format parquet, compression zstd)"
        )
    config = tmp_path / "ccinsight.toml"
    config.write_text("[import]\nmax_unpacked_mb = 1\n", encoding="utf-8")
    database = tmp_path / "try.duckdb"
    if not is_refused:
        assert import_paths([path], database, config, imported_at=WHEN).files[0].rows_good == 3000
        return
    with pytest.raises(CcinsightError, match=r"saker\.parquet unpacks to \d MB or more"):
        import_paths([path], database, config, imported_at=WHEN)
    assert not database.exists()


def test_parquet_names_are_no_patterns(tmp_path: Path) -> None:
    with duckdb.connect() as connection:
        for name in ("saker1", "saker2", "plain"):
            connection.execute(
                f"copy (select '{name}' as ID, 1 as Kundenr, date '2026-01-01' as Opprettet) "
                f"to '{tmp_path / name}.parquet' (format parquet)"
            )
    (tmp_path / "plain.parquet").rename(tmp_path / "saker*.parquet")
    summary = import_paths([tmp_path / "saker*.parquet"], tmp_path / "try.duckdb", imported_at=WHEN)
    trial = Trial(summary, tmp_path / "try.duckdb")
    assert trial.values("select ticket_id from stored.tickets") == ["plain"]


def test_a_settings_file_in_the_folder_is_named_as_such(tmp_path: Path) -> None:
    folder = tmp_path / "exports"
    folder.mkdir()
    write(folder, {"saker.csv": tickets("1;1;2026-01-01"), "ccinsight.toml": "[import]\nday_first = true\n"})
    summary = import_paths([folder], tmp_path / "try.duckdb", imported_at=WHEN)
    (line,) = [line for line in summary.lines() if "ccinsight.toml" in line]
    assert "--config" in line
    applied = import_paths([folder], tmp_path / "try.duckdb", folder / "ccinsight.toml", imported_at=WHEN)
    assert not [line for line in applied.lines() if "ccinsight.toml" in line]


@pytest.mark.parametrize("content", [b"PAR1" + b"\0" * 100 + b"PAR1", b"PAR1"])
def test_a_broken_parquet_file_is_named(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(CcinsightError, match=r"saker\.parquet can't be read"):
        try_import(tmp_path, {"saker.parquet": content})


def test_a_parquet_file_broken_inside_is_named_as_unreadable(tmp_path: Path) -> None:
    path = tmp_path / "saker.parquet"
    with duckdb.connect() as connection:
        connection.execute(
            "copy (select i as ID, 1 as Kundenr, date '2026-01-01' as Opprettet, md5(i::varchar) as Tittel "
            f"from range(20000) as r(i)) to '{path}' (format parquet)"
        )
    content = bytearray(path.read_bytes())
    for at in range(4, len(content) // 2):
        content[at] ^= 0x5A
    with pytest.raises(CcinsightError, match=r"saker\.parquet can't be read"):
        try_import(tmp_path, {"saker.parquet": bytes(content)})


def test_a_database_that_is_none_is_named(tmp_path: Path) -> None:
    (tmp_path / "try.duckdb").write_text("this is no database at all, but it is of some length")
    with pytest.raises(CcinsightError, match=r"try\.duckdb.*database"):
        try_import(tmp_path, {"tickets.csv": tickets("1;1;2026-01-01")})
    assert (tmp_path / "try.duckdb").read_text().startswith("this is no database")


def test_a_database_that_is_a_folder_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "try.duckdb").mkdir()
    with pytest.raises(CcinsightError, match=r"try\.duckdb"):
        try_import(tmp_path, {"tickets.csv": tickets("1;1;2026-01-01")})


def test_a_contact_key_that_was_begun_and_never_written_does_no_harm(tmp_path: Path) -> None:
    (tmp_path / ".try.duckdb.key.new").write_text("")
    text = tickets("1;1;2026-01-01;Kari", headers="ID;Firma-ID;Opprettet;Person")
    try_import(tmp_path, {"saker.csv": text})
    assert sorted(path.name for path in tmp_path.glob("*.key*")) == ["try.duckdb.key"]
    assert (tmp_path / "try.duckdb.key").stat().st_mode & 0o077 == 0


def test_input_is_checked_before_the_old_rows_are_copied(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ccinsight.database import build

    try_import(tmp_path, {"tickets.csv": tickets("1;1;2026-01-01")})

    def copied(*_arguments: object) -> None:
        raise AssertionError

    monkeypatch.setattr(build, "_copy_stored", copied)
    with pytest.raises(CcinsightError, match=r"opened_at"):
        try_import(tmp_path, {"tickets.csv": tickets("1;1", headers="ticket_id;customer_id")})


# ---------------------------------------------------------------- the summary, the first import, rejects


def test_the_summary_tells_duplicates_unknown_values_and_warnings_with_their_file(tmp_path: Path) -> None:
    headers = "ticket_id;customer_id;opened_at;channel;mood"
    first = tickets("1;1;2026-01-01;Telegram;x", "1;1;2026-01-02;Telegram;y", headers=headers)
    second = tickets("2;1;2026-01-01;Due;z", headers=headers)
    lines = try_import(tmp_path, {"saker1.csv": first, "saker2.csv": second}).summary.lines()
    for file, reported in (
        ("saker1.csv", "Telegram"),
        ("saker1.csv", "mood"),
        ("saker1.csv", "the same key"),
        ("saker1.csv", "no closed ticket"),
        ("saker2.csv", "Due"),
    ):
        assert [line for line in lines if file in line and reported in line], (file, reported)
    assert not [line for line in lines if "saker2.csv" in line and "the same key" in line]
    # the rows differ, which says already that a key is repeated
    assert not [line for line in lines if "key is repeated" in line]


def test_duplicates_and_blank_rows_are_no_rejects(tmp_path: Path) -> None:
    trial = try_import(tmp_path, {"saker.csv": tickets("1;1;2026-01-01", "", ";;", "1;1;2026-01-02")})
    assert trial.summary.rows_rejected == 0
    assert (trial.file.rows_read, trial.file.rows_good) == (2, 2)
    assert trial.rows("select ticket_id, opened_at from stored.tickets") == [("1", datetime(2026, 1, 2))]


@pytest.mark.parametrize(
    ("files", "still"),
    [
        ({"saker.csv": tickets("1;1;2026-01-01")}, "agreements"),
        ({"avtaler.csv": "Avtalenr;Firma-ID;Firma;Tegningsdato\nA;1;Fjord;01.01.2024\n"}, "tickets"),
    ],
)
def test_either_required_export_alone_succeeds_and_the_other_is_said_to_be_missing(
    tmp_path: Path, files: dict[str, str], still: str
) -> None:
    lines = try_import(tmp_path, files).summary.lines()
    assert [line for line in lines if "required" in line and line.endswith(f"{still}.")]


def test_an_empty_status_or_channel_stays_unknown(tmp_path: Path) -> None:
    text = tickets(
        "1;1;2026-01-01;; ;2026-01-02", headers="ticket_id;customer_id;opened_at;status;channel;closed_at"
    )
    trial = try_import(tmp_path, {"saker.csv": text})
    assert trial.rows("select status, channel from stored.tickets") == [(None, None)]


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("minutes_to_invoice;1:75", "minutes_to_invoice"),
        ("first_reply_at;soon", "first_reply_at"),
        ("closed_at;2025-12-31", "closed_at"),
        ("minutes_spent;-1", "minutes_spent"),
    ],
)
def test_a_bad_value_in_any_column_rejects_its_row(tmp_path: Path, text: str, column: str) -> None:
    header, value = text.split(";")
    trial = try_import(
        tmp_path, {"saker.csv": tickets(f"1;1;2026-01-01;{value}", headers=f"ID;Kundenr;Opprettet;{header}")}
    )
    assert [row[1:3] for row in trial.rejects()] == [(column, value)]


def test_a_reject_keeps_the_contact_until_a_later_import_brings_its_key(tmp_path: Path) -> None:
    headers = "ID;Firma-ID;Opprettet;Person"
    trial = try_import(tmp_path, {"saker.csv": tickets("1;1;never;Kari Nordmann", headers=headers)})
    assert trial.values("select fields[4] from stored.rejects") == ["Kari Nordmann"]
    trial = try_import(tmp_path, {"saker.csv": tickets("2;1;2026-01-01;Ola", headers=headers)})
    assert len(trial.rejects()) == 1
    trial = try_import(tmp_path, {"saker.csv": tickets("1;1;2026-01-01;Kari Nordmann", headers=headers)})
    assert trial.rejects() == []
    assert "Kari Nordmann" not in trial.values("select contact from stored.tickets")
    assert b"Kari Nordmann" not in trial.database.read_bytes()


def test_a_count_of_nobody_is_rejected_and_blamed_on_what_names_a_customer(tmp_path: Path) -> None:
    text = "Orgnr;Firma;Telledato;Antall brukere\n;;01.01.2026;5\n;Fjord;01.01.2026;5\n"
    trial = try_import(tmp_path, {"brukertall.csv": text})
    ((line, column, _value, reason),) = trial.rejects()
    assert (line, column) == (2, "org_number")
    assert "neither" in reason


def test_lock_files_of_a_folder_are_passed_over_without_a_word(tmp_path: Path) -> None:
    folder = tmp_path / "exports"
    folder.mkdir()
    write(folder, {"saker.csv": tickets("1;1;2026-01-01"), "~$saker.csv": "x", "notes.md": "y"})
    summary = import_paths([folder], tmp_path / "try.duckdb", imported_at=WHEN)
    assert summary.passed_over == ("notes.md",)
