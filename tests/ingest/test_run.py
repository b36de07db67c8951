"""Whole imports of small real files: what is stored, what is rejected, what is reported."""

from __future__ import annotations

import csv
import random
import stat
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pytest

from ccinsight.errors import CcinsightError
from ccinsight.ingest import apply_settings, import_paths, write_rejects
from ccinsight.ingest.load import checks, loader, lookups
from ccinsight.ingest.load.file_columns import FileColumns
from ccinsight.ingest.readers import chunks, csv_reader
from ccinsight.settings.editing import with_entries
from tests.ingest.trying import TICKET_HEADERS, WHEN, tickets, try_import, write

AGREEMENTS = (
    "Avtalenr;Firma-ID;Firma;Tegningsdato;Prisgrunnlag;Pris per bruker;Antall brukere\n"
    "A1;10;Fjord AS;01.03.2024;Kontrakt;1 250,50;12\n"
)


# ---------------------------------------------------------------- what is stored


def test_an_agreement_with_norwegian_headers(tmp_path: Path) -> None:
    trial = try_import(tmp_path, {"avtaler.csv": AGREEMENTS.encode("cp1252")})
    assert trial.rows(
        "select agreement_id, customer_id, customer_name, product, subscribed_on, price_basis, "
        "price_per_user, complexity, registered_users, terminated_on, line from stored.agreements"
    ) == [
        (
            "A1",
            "10",
            "Fjord AS",
            "CloudCare CRM",
            date(2024, 3, 1),
            "contract",
            Decimal("1250.5"),
            "standard",
            12,
            None,
            2,
        )
    ]


def test_a_ticket_with_superoffice_headers(tmp_path: Path) -> None:
    text = (
        "ticketId;contact/contactId;createdAt;repliedAt;closedAt;ticketStatusName;origin;priorityName;timeSpent\n"
        "[I:17];[I:5];[DT:03/31/2026 14:05:09];[DT:04/01/2026 08:00:00];;Åpen;E-post;Høy;[I:90]\n"
    )
    trial = try_import(tmp_path, {"saker.csv": text})
    assert trial.rows(
        "select ticket_id, customer_id, opened_at, first_reply_at, closed_at, status, channel, severity, "
        "minutes_spent from stored.tickets"
    ) == [
        (
            "17",
            "5",
            datetime(2026, 3, 31, 14, 5, 9),
            datetime(2026, 4, 1, 8),
            None,
            "open",
            "email",
            "high",
            Decimal(90),
        )
    ]


def test_prices_counts_invoices_and_meetings(tmp_path: Path) -> None:
    trial = try_import(
        tmp_path,
        {
            "priser.csv": "Gjelder fra;Fra antall brukere;Pris per bruker\n01.01.2026;5;990,-\n",
            "brukertall.csv": "Kunde-ID;Telledato;Antall brukere;Aktive brukere\n10;01.02.2026;12;\n",
            "fakturaer.csv": "Fakturalinje;Kundenr;Type;Fakturadato;Antall;Beløp\n"
            "F1;10;Årlig;01.03.2026;7,5;-100\n",
            "møter.csv": "Møte;Firma-ID;Type;Planlagt\nM1;10;Statusmøte;02.03.2026\n",
        },
    )
    assert trial.rows("select * exclude (file_id, line) from stored.prices") == [
        ("CloudCare CRM", None, date(2026, 1, 1), None, "standard", 5, Decimal(990))
    ]
    assert trial.rows(
        "select customer_id, counted_on, registered_users, active_users from stored.user_counts"
    ) == [("10", date(2026, 2, 1), 12, None)]
    assert trial.rows("select invoice_line_id, kind, quantity, amount from stored.invoices") == [
        ("F1", "yearly", Decimal("7.5"), Decimal(-100))
    ]
    assert trial.rows("select meeting_id, kind, planned_on, held_on from stored.meetings") == [
        ("M1", "status_meeting", date(2026, 3, 2), None)
    ]


def test_ids_are_text(tmp_path: Path) -> None:
    trial = try_import(tmp_path, {"tickets.csv": tickets("007;1;2026-01-01", "7;1;2026-01-01")})
    assert trial.values("select ticket_id from stored.tickets order by 1") == ["007", "7"]


def test_a_row_may_tell_its_customer_by_number_or_name(tmp_path: Path) -> None:
    text = tickets(
        "1;NO 912 345 678 MVA;;01.01.2026",
        "2;;Fjord Drift AS;01.01.2026",
        "3;;;01.01.2026",
        headers="ID;Org.nr.;Firma;Opprettet",
    )
    trial = try_import(tmp_path, {"saker.csv": text})
    assert trial.rows(
        "select ticket_id, customer_id, org_number, customer_name from stored.tickets order by 1"
    ) == [
        ("1", None, "NO 912 345 678 MVA", None),
        ("2", None, None, "Fjord Drift AS"),
    ]
    assert trial.rejects() == [(4, "org_number", None, "no customer: neither id, org. number nor name")]


def test_a_count_without_a_customer_id_goes_by_its_name(tmp_path: Path) -> None:
    text = "Firma;Dato;Antall brukere\nFjord;01.01.2026;5\nFjell;01.01.2026;6\nFjord;01.01.2026;7\n"
    trial = try_import(tmp_path, {"brukertall.csv": text})
    assert trial.rows("select customer_name, registered_users from stored.user_counts order by 1") == [
        ("Fjell", 6),
        ("Fjord", 7),
    ]


def test_statuses_that_no_figure_counts_are_kept(tmp_path: Path) -> None:
    text = tickets("1;1;2026-01-01;Slettet", "2;1;2026-01-01;Koblet", headers="ID;Firma-ID;Opprettet;Status")
    trial = try_import(tmp_path, {"saker.csv": text})
    assert trial.values("select status from stored.tickets order by ticket_id") == ["deleted", "merged"]


@pytest.mark.parametrize(
    ("encoding", "reported"),
    [("utf-8", "utf-8"), ("utf-8-sig", "utf-8"), ("utf-16", "utf-16"), ("cp1252", "windows-1252")],
)
def test_each_encoding_is_detected(tmp_path: Path, encoding: str, reported: str) -> None:
    text = tickets("1;1;2026-01-01;Kjøp – nå", headers="ID;Firma-ID;Opprettet;Tittel")
    trial = try_import(tmp_path, {"saker.csv": text.encode(encoding)})
    assert trial.values("select title from stored.tickets") == ["Kjøp – nå"]
    assert trial.file.encoding == reported


def test_lines_are_counted_from_the_top_of_the_file(tmp_path: Path) -> None:
    text = 'sep=;\n\nID;Firma-ID;Opprettet;"Tittel\n(kort)"\n1;1;2026-01-01;"a\nb"\n\n2;1;2026-01-01;c\n'
    trial = try_import(tmp_path, {"saker.csv": text})
    assert trial.rows("select ticket_id, line from stored.tickets order by 1") == [("1", 5), ("2", 8)]


def test_text_is_trimmed_where_it_has_spaces_around(tmp_path: Path) -> None:
    text = tickets('1 ;\t1; 2026-01-01;"  a b\u00a0"', headers="ID;Firma-ID;Opprettet;Tittel")
    trial = try_import(tmp_path, {"saker.csv": text})
    assert trial.rows("select ticket_id, customer_id, title from stored.tickets") == [("1", "1", "a b")]


def test_a_nul_byte_costs_its_own_row(tmp_path: Path) -> None:
    text = tickets("1;1;2026-01-01", "2;1\0;2026-01-01", "3;1;2026-01-01")
    trial = try_import(tmp_path, {"tickets.csv": text})
    assert trial.values("select ticket_id from stored.tickets order by 1") == ["1", "3"]
    assert trial.rejects() == [(3, None, None, "has a NUL byte")]


# ---------------------------------------------------------------- values


def test_unknown_values_become_what_their_column_says_and_are_counted(tmp_path: Path) -> None:
    text = tickets(
        "1;1;2026-01-01;;;Ventar;Brevdue;Alvorlig;",
        "2;1;2026-01-01;;2026-01-02 10:00;Ventar;;;",
        "3;1;2026-01-01;;;;;;",
        headers=TICKET_HEADERS,
    )
    trial = try_import(tmp_path, {"tickets.csv": text})
    assert trial.rows("select status, channel, severity from stored.tickets order by ticket_id") == [
        ("open", "other", None),
        ("closed", None, None),
        (None, None, None),
    ]
    assert [(w.kind, w.column, w.value, w.rows) for w in trial.file.warnings] == [
        ("value_unknown", "status", "Ventar", 2),
        ("value_unknown", "channel", "Brevdue", 1),
        ("value_unknown", "severity", "Alvorlig", 1),
    ]


def test_a_value_that_the_settings_name_matches_whatever_letters_it_has(tmp_path: Path) -> None:
    names = ["½ time", "Große Łódź", "m²", "🙂", 'a "quoted" = one', "Ĳ", "ﬁ", "two\nlines", "\u2028x"]
    rows = [f'{at};7;2026-01-05;"{name.replace(chr(34), chr(34) * 2)}"' for at, name in enumerate(names)]
    text = tickets(*rows, headers="ticket_id;customer_id;opened_at;channel")
    before = try_import(tmp_path, {"tickets.csv": text})
    raw = before.values("select value from stored.warnings where kind = 'value_unknown'")
    assert sorted(raw) == sorted(names)
    config = with_entries("", {("values", "channel", name): "chat" for name in raw})
    after = try_import(tmp_path, {"tickets.csv": text}, config)
    assert after.values("select distinct channel from stored.tickets") == ["chat"]
    assert after.values("select count(*) from stored.tickets") == [len(names)]


def test_a_header_of_the_settings_is_matched_as_it_stands_and_no_blank_one_with_it(tmp_path: Path) -> None:
    text = "ticket_id;customer_id;opened_at;;.;½\n1;7;2026-01-05;blank;dot;half\n"
    config = '[headers.tickets]\n"." = "title"\n"½" = "category"\n'
    trial = try_import(tmp_path, {"tickets.csv": text}, config)
    assert trial.rows("select title, category from stored.tickets") == [("dot", "half")]


def test_names_of_values_match_as_headers_do(tmp_path: Path) -> None:
    text = tickets("1;1;2026-01-01;;;ÅPEN;e post;HOY;", headers=TICKET_HEADERS)
    trial = try_import(tmp_path, {"tickets.csv": text})
    assert trial.rows("select status, channel, severity from stored.tickets") == [("open", "email", "high")]


def test_names_of_ones_own(tmp_path: Path) -> None:
    config = '[headers.tickets]\n"Sakstid" = "minutes_spent"\n[values.channel]\n"Teams" = "chat"\n'
    text = "ID;Firma-ID;Opprettet;Sakstid;Kanal\n1;1;01.01.2026;30;teams\n"
    trial = try_import(tmp_path, {"saker.csv": text}, config)
    assert trial.rows("select minutes_spent, channel from stored.tickets") == [(Decimal(30), "chat")]
    assert trial.kinds() == ["no_closed_ticket"]


def test_an_unknown_kind_or_basis_rejects_the_row(tmp_path: Path) -> None:
    text = "Møte;Firma-ID;Type\nM1;10;Lunsj\n"
    trial = try_import(
        tmp_path, {"møter.csv": text, "avtaler.csv": AGREEMENTS.replace("Kontrakt", "Håndslag")}
    )
    assert trial.rejects() == [
        (2, "kind", "Lunsj", "not one of the known values"),
        (2, "price_basis", "Håndslag", "not one of the known values"),
    ]


def test_minutes_in_seconds(tmp_path: Path) -> None:
    text = tickets("1;1;2026-01-01;;;;;;90", "2;1;2026-01-01;;;;;;1:30", headers=TICKET_HEADERS)
    trial = try_import(tmp_path, {"tickets.csv": text}, '[import]\ntime_spent_unit = "seconds"')
    assert trial.values("select minutes_spent from stored.tickets order by ticket_id") == [
        Decimal("1.5"),
        Decimal(90),
    ]


def test_the_order_of_dates_and_the_decimal_sign_can_be_set(tmp_path: Path) -> None:
    text = AGREEMENTS.replace("01.03.2024", "05/04/2024").replace("1 250,50", "1.250")
    trial = try_import(tmp_path, {"avtaler.csv": text}, '[import]\nday_first = true\ndecimal_sign = ","')
    assert trial.rows("select subscribed_on, price_per_user from stored.agreements") == [
        (date(2024, 4, 5), Decimal(1250))
    ]


def test_a_reply_without_a_time_of_day(tmp_path: Path) -> None:
    text = tickets(
        "1;1;01.01.2026 10:00;01.01.2026;02.01.2026;;;;",
        "2;1;02.01.2026 10:00;01.01.2026;;;;;",
        headers=TICKET_HEADERS,
    )
    trial = try_import(tmp_path, {"tickets.csv": text})
    assert trial.rows("select first_reply_at, closed_at from stored.tickets") == [
        (datetime(2026, 1, 1, 10), datetime(2026, 1, 2))
    ]
    assert trial.rejects() == [(3, "first_reply_at", "01.01.2026", "before the ticket was opened")]
    assert "day_times" in trial.kinds()


# ---------------------------------------------------------------- rejects


def test_one_bad_row_never_costs_a_good_one(tmp_path: Path) -> None:
    text = tickets("1;1;2026-01-01", "2;1;05/04/2026", ";1;2026-01-01", "4;1", "5;1;2026-01-01", ";;", "")
    trial = try_import(tmp_path, {"tickets.csv": text})
    assert trial.values("select ticket_id from stored.tickets order by 1") == ["1", "5"]
    assert trial.rejects() == [
        (3, "opened_at", "05/04/2026", "ambiguous date: day or month first?"),
        (4, "ticket_id", None, "is empty"),
        (5, None, "2", "too few fields"),
    ]
    assert (trial.file.rows_read, trial.file.rows_good, trial.file.rows_rejected) == (5, 2, 3)


def test_a_rejected_row_is_kept_whole(tmp_path: Path) -> None:
    text = tickets('2; 1 ;never;"x;y"', headers="ID;Firma-ID;Opprettet;Notes")
    trial = try_import(tmp_path, {"saker.csv": text})
    assert trial.rows("select row_key, fields from stored.rejects") == [("2", ["2", " 1 ", "never", "x;y"])]


def test_the_first_bad_column_in_the_file_is_named(tmp_path: Path) -> None:
    text = tickets("1;x;y;1", headers="ID;Svar ved;Opprettet;Firma-ID")
    assert try_import(tmp_path, {"saker.csv": text}).rejects() == [(2, "first_reply_at", "x", "not a date")]


@pytest.mark.parametrize(
    ("row", "column", "reason"),
    [
        ("1;1;2026-01-02;2026-01-01 10:00;;;;;", "first_reply_at", "before the ticket was opened"),
        ("1;1;2026-01-02;;2026-01-01 10:00;;;;", "closed_at", "before the ticket was opened"),
        ("1;1;2026-01-02;;;;;;-5", "minutes_spent", "is negative"),
        ("1;1;2026-01-02;;;;;;30 min", "minutes_spent", "not a number of minutes"),
        ("1;1;;;;;;;", "opened_at", "is empty"),
    ],
)
def test_tickets_that_can_not_be(tmp_path: Path, row: str, column: str, reason: str) -> None:
    trial = try_import(tmp_path, {"tickets.csv": tickets(row, headers=TICKET_HEADERS)})
    assert [(r[1], r[3]) for r in trial.rejects()] == [(column, reason)]


def test_rejects_are_written_as_they_came_and_mended_alone(tmp_path: Path) -> None:
    trial = try_import(tmp_path, {"tickets.csv": tickets("1;1;2026-01-01", '2;1;"never;ever"', "3;1")})
    output = tmp_path / "rejects.csv"
    lines = write_rejects(trial.database, output)
    with output.open(encoding="utf-8-sig", newline="") as file:
        assert list(csv.reader(file, delimiter=";")) == [
            ["ticket_id", "customer_id", "opened_at", "Rejected because"],
            ["2", "1", "never;ever", "opened_at “never;ever”: not a date"],
            ["3", "1", "", "too few fields (2)"],
        ]
    assert len(lines) == 3
    mended = (
        output.read_text("utf-8-sig").replace('"never;ever"', "2026-01-02").replace("3;1", "3;1;2026-01-03")
    )
    after = try_import(tmp_path, {"mended.csv": mended})
    assert after.values("select ticket_id from stored.tickets order by 1") == ["1", "2", "3"]
    assert after.rejects() == []


def test_rejects_of_several_exports_go_to_several_files(tmp_path: Path) -> None:
    trial = try_import(
        tmp_path,
        {"tickets.csv": tickets("1;1;x", "2;1;x"), "avtaler.csv": AGREEMENTS.replace("Kontrakt", "Håndslag")},
    )
    write_rejects(trial.database, tmp_path / "out.csv")
    assert sorted(path.name for path in tmp_path.glob("out*")) == ["out-agreements-2.csv", "out.csv"]


def test_the_same_bad_row_again_is_one_reject(tmp_path: Path) -> None:
    for _time in range(2):
        trial = try_import(tmp_path, {"tickets.csv": tickets("1;1;x", ";1;2026-01-01", "5;5;2026-01-01")})
    assert len(trial.rejects()) == 2


# ---------------------------------------------------------------- keys


def test_the_last_row_of_a_key_counts(tmp_path: Path) -> None:
    text = tickets("1;1;2026-01-01", "2;1;2026-01-01", "1;5;2026-01-02")
    trial = try_import(tmp_path, {"tickets.csv": text})
    assert trial.rows("select ticket_id, customer_id, line from stored.tickets order by 1") == [
        ("1", "5", 4),
        ("2", "1", 3),
    ]
    # one warning, as every repeated row differs
    found = [(w.kind, w.value, w.rows) for w in trial.file.warnings if "key" in w.kind]
    assert found == [("key_conflict", "1", 1)]
    assert trial.file.rows_good == 3


@pytest.mark.parametrize(
    "ids",
    [
        "1 2 3 4 5 6 7 8",
        "8 7 6 5 4 3 2 1",
        "1 2 3 3 4 5 6 7",
        "1 2 3 4 5 6 7 1",
        "3 5 7 6 4 9 6 8",
        "9 10 11 010 10 12 9 13",
        "A1 A2 A1 7 8 7 A3 8",
        "4 4 4 4 4 4 4 4",
        "-1 -2 0 1 -2 2 3 4",
    ],
)
@pytest.mark.parametrize("most", [100_000, 2])
def test_keys_repeat_in_any_order_and_part(tmp_path: Path, ids: str, most: int) -> None:
    last = {key: line for line, key in enumerate(ids.split(), 2)}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(csv_reader, "BLOCK_BYTES", 20)
        patch.setattr(chunks, "CHUNK_BYTES", 40)
        patch.setattr(checks, "_FEW", most)
        trial = try_import(
            tmp_path, {"tickets.csv": tickets(*(f"{key};1;2026-01-01" for key in ids.split()))}
        )
    assert dict(trial.rows("select ticket_id, line from stored.tickets")) == last
    repeated = len(ids.split()) - len(last)
    assert [w.rows for w in trial.file.warnings if w.kind == "duplicate_key"] == [repeated] * bool(repeated)


@pytest.mark.parametrize("most", [200_000, 1])
def test_texts_mean_the_same_in_each_part(tmp_path: Path, most: int) -> None:
    """Each is looked up once a file, or again where more were kept than memory is for."""
    rows = [
        ("1", "Lukket", "Kari", "7"),
        ("2", " lukket ", "Ola", "1:30"),
        ("3", "Borte", "", ""),
        ("4", "Åpen", "Kari", "sju"),
        ("5", "borte", " Ola", "7"),
        ("6", "", "Per", "1,5"),
        ("7", "Lukket", "Kari", "7"),
        ("8", " Borte", "Per", " 7"),
    ]
    headers = "ticket_id;customer_id;opened_at;status;contact;minutes_spent"
    text = tickets(
        *(f"{key};1;2026-01-01;{status};{contact};{minutes}" for key, status, contact, minutes in rows),
        headers=headers,
    )
    looked_up: list[str] = []

    class Counted(lookups.Lookups):
        def _find(self, file: FileColumns, name: str, texts: pa.StringArray) -> pa.Array:
            looked_up.extend(f"{name} {text}" for text in texts.to_pylist())
            return super()._find(file, name, texts)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(csv_reader, "BLOCK_BYTES", 20)
        patch.setattr(chunks, "CHUNK_BYTES", 40)
        patch.setattr(lookups, "_MOST", most)
        patch.setattr(loader, "Lookups", Counted)
        trial = try_import(tmp_path, {"tickets.csv": text})
    stored = trial.rows("select ticket_id, status, contact, minutes_spent from stored.tickets order by 1")
    hashes = {row[0]: row[2] for row in stored}
    assert [(row[0], row[1], row[3]) for row in stored] == [
        ("1", "closed", 7),
        ("2", "closed", 90),
        ("3", "open", None),
        ("5", "open", 7),
        ("6", None, Decimal("1.5")),
        ("7", "closed", 7),
        ("8", "open", 7),
    ]
    assert [row[:3] for row in trial.rejects()] == [(5, "minutes_spent", "sju")]
    assert hashes["1"] == hashes["7"] != hashes["2"] == hashes["5"] != hashes["6"] == hashes["8"]
    assert hashes["3"] is None
    unknown = [(w.value, w.rows) for w in trial.file.warnings if w.kind == "value_unknown"]
    assert unknown == [("Borte", 2), ("borte", 1)]
    assert (len(looked_up) == len(set(looked_up))) is (most > 1)


def test_a_later_file_replaces_by_key_and_keeps_the_rest(tmp_path: Path) -> None:
    try_import(tmp_path, {"tickets.csv": tickets("1;1;2026-01-01", "2;1;2026-01-01")})
    trial = try_import(tmp_path, {"more.csv": tickets("2;7;2026-01-01", "3;1;2026-01-01")})
    assert trial.rows("select ticket_id, customer_id from stored.tickets order by 1") == [
        ("1", "1"),
        ("2", "7"),
        ("3", "1"),
    ]


def test_replace_starts_an_export_afresh(tmp_path: Path) -> None:
    try_import(tmp_path, {"tickets.csv": tickets("1;1;2026-01-01", "2;1;x"), "avtaler.csv": AGREEMENTS})
    trial = try_import(tmp_path, {"more.csv": tickets("3;1;2026-01-01")}, replace=frozenset({"tickets"}))
    assert trial.values("select ticket_id from stored.tickets") == ["3"]
    assert trial.rejects() == []
    assert trial.values("select agreement_id from stored.agreements") == ["A1"]


def test_prices_of_one_version_differ_by_size_and_complexity(tmp_path: Path) -> None:
    text = (
        "valid_from,min_users,complexity,price_per_user\n"
        "2026-01-01,1,,10\n2026-01-01,1,erp,20\n2026-01-01,5,,5\n"
    )
    trial = try_import(tmp_path, {"prices.csv": text})
    assert trial.rows("select complexity, min_users, price_per_user from stored.prices order by all") == [
        ("erp", 1, Decimal(20)),
        ("standard", 1, Decimal(10)),
        ("standard", 5, Decimal(5)),
    ]


# ---------------------------------------------------------------- headers and kinds


def test_headers_match_without_case_accents_and_signs(tmp_path: Path) -> None:
    text = "SAKS ID;firma_id;Opprettet;forste svar\n1;1;01.01.2026 10:00;01.01.2026 11:00\n"
    trial = try_import(tmp_path, {"saker.csv": text})
    assert trial.values("select first_reply_at from stored.tickets") == [datetime(2026, 1, 1, 11)]


def test_a_header_that_matches_nothing_is_named(tmp_path: Path) -> None:
    trial = try_import(
        tmp_path, {"tickets.csv": tickets("1;1;2026-01-01;x", headers="ID;Firma-ID;Opprettet;Humør")}
    )
    assert ("header_unmatched", "Humør") in [(w.kind, w.value) for w in trial.file.warnings]


def test_of_two_headers_for_a_column_the_leftmost_counts(tmp_path: Path) -> None:
    text = tickets("1;2;3;2026-01-01", headers="ID;Firma-ID;Kundenr;Opprettet")
    trial = try_import(tmp_path, {"saker.csv": text})
    assert trial.values("select customer_id from stored.tickets") == ["2"]
    warning = trial.file.warnings[0]
    assert (warning.kind, warning.column) == ("header_twice", "customer_id")
    assert "Firma-ID" in str(warning.value)
    assert "Kundenr" in str(warning.value)


def test_an_internal_status_counts_before_a_status(tmp_path: Path) -> None:
    text = tickets("1;1;2026-01-01;Venter;Lukket", headers="ID;Firma-ID;Opprettet;Status;Intern status")
    assert try_import(tmp_path, {"saker.csv": text}).values("select status from stored.tickets") == ["closed"]


def test_headers_decide_the_kind_and_the_name_is_held_against_them(tmp_path: Path) -> None:
    trial = try_import(tmp_path, {"saker.csv": AGREEMENTS})
    assert trial.file.export == "agreements"
    assert trial.kinds() == ["kind_differs"]


def test_a_missing_column_is_named_and_nothing_changes(tmp_path: Path) -> None:
    try_import(tmp_path, {"tickets.csv": tickets("1;1;2026-01-01")})
    before = (tmp_path / "try.duckdb").read_bytes()
    with pytest.raises(CcinsightError, match=r"saker\.csv.*opened_at.*Opprettet"):
        try_import(
            tmp_path, {"avtaler.csv": AGREEMENTS, "saker.csv": tickets("1;1;x", headers="ID;Firma-ID;Tittel")}
        )
    assert (tmp_path / "try.duckdb").read_bytes() == before


def test_a_file_that_names_no_customer_lacks_a_column(tmp_path: Path) -> None:
    with pytest.raises(CcinsightError, match=r"saker\.csv.*customer_id.*Firma"):
        try_import(tmp_path, {"saker.csv": "ID;Opprettet\n1;01.01.2026\n"})


def test_a_named_file_of_no_known_kind_stops_the_import(tmp_path: Path) -> None:
    with pytest.raises(CcinsightError, match=r"notes\.csv"):
        try_import(tmp_path, {"notes.csv": "one,two\n1,2\n"})


def test_an_empty_file_is_of_no_known_kind(tmp_path: Path) -> None:
    with pytest.raises(CcinsightError, match=r"saker\.csv"):
        try_import(tmp_path, {"saker.csv": ""})


def test_a_folder_is_read_and_what_is_no_export_is_passed_over(tmp_path: Path) -> None:
    folder = tmp_path / "exports"
    (folder / "deeper").mkdir(parents=True)
    write(
        folder,
        {
            "saker.csv": tickets("1;1;2026-01-01"),
            "notes.txt": "hello",
            "readme.md": "x",
            "~$saker.xlsx": "lock",
            "deeper/tickets.csv": tickets("2;1;2026-01-01"),
        },
    )
    summary = import_paths([folder], tmp_path / "try.duckdb", imported_at=WHEN)
    assert [file.name for file in summary.files] == ["saker.csv"]
    assert sorted(summary.passed_over) == ["notes.txt", "readme.md"]


def test_names_are_no_patterns(tmp_path: Path) -> None:
    trial = try_import(tmp_path, {"saker [2026]*?.csv": tickets("1;1;2026-01-01")})
    assert trial.values("select count(*) from stored.tickets") == [1]


@pytest.mark.parametrize("what", ["missing", "empty", "notes"])
def test_nothing_to_import_is_an_error(tmp_path: Path, what: str) -> None:
    folder = tmp_path / what
    if what != "missing":
        folder.mkdir()
    if what == "notes":
        write(folder, {"notes.csv": "a,b\n1,2\n"})
    with pytest.raises(CcinsightError, match=what):
        import_paths([folder], tmp_path / "try.duckdb", imported_at=WHEN)
    assert not (tmp_path / "try.duckdb").exists()


def test_content_decides_the_format(tmp_path: Path) -> None:
    trial = try_import(tmp_path, {"saker.xlsx": tickets("1;1;2026-01-01")})
    assert trial.file.format == "csv"
    assert "format_differs" in trial.kinds()


@pytest.mark.parametrize(
    "content", [b"PK\x03\x04rubbish", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1old", b"PAR1rubbish"]
)
def test_an_unreadable_file_stops_the_import(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(CcinsightError, match=r"saker\.xlsx"):
        try_import(tmp_path, {"saker.xlsx": content})


@pytest.mark.parametrize("name", ["saker.xlsx", "saker.parquet"])
def test_bytes_that_are_no_text_are_not_read_as_one(tmp_path: Path, name: str) -> None:
    content = random.Random(7).randbytes(2000).replace(b"\0", b"x")
    with pytest.raises(CcinsightError, match="it isn't an Excel workbook, Parquet or text"):
        try_import(tmp_path, {name: content})


def test_broken_settings_stop_the_import(tmp_path: Path) -> None:
    with pytest.raises(CcinsightError, match=r"settings\.toml.*import\.day_first"):
        try_import(tmp_path, {"tickets.csv": tickets("1;1;2026-01-01")}, "[import]\nday_first = 1")


# ---------------------------------------------------------------- warnings


def test_exactly_ten_thousand_rows_get_a_warning(tmp_path: Path) -> None:
    rows = [f"{at};1;2026-01-01" for at in range(10_000)]
    assert "row_limit" in try_import(tmp_path, {"tickets.csv": tickets(*rows)}).kinds()
    assert "row_limit" not in try_import(tmp_path, {"tickets.csv": tickets(*rows[1:])}).kinds()


def test_tickets_without_a_closed_one_get_a_warning(tmp_path: Path) -> None:
    text = tickets("1;1;2026-01-01;", headers="ID;Firma-ID;Opprettet;Lukket")
    assert try_import(tmp_path, {"saker.csv": text}).kinds() == ["no_closed_ticket"]
    closed = text.replace("2026-01-01;", "2026-01-01;2026-01-02 10:00")
    assert try_import(tmp_path, {"saker.csv": closed}).kinds() == []


@pytest.mark.parametrize("last", ["Sum;;;;;24000", "Totalt: ;;;;;24000", "Sum;24000", ";;;;;24 000,00"])
def test_a_last_row_like_a_total_gets_a_warning(tmp_path: Path, last: str) -> None:
    text = "Fakturalinje;Kundenr;Type;Fakturadato;Antall;Beløp\nF1;10;Kurs;01.03.2026;1;24000\n" + last + "\n"
    trial = try_import(tmp_path, {"fakturaer.csv": text})
    assert trial.kinds() == ["total_row"]
    assert trial.file.rows_rejected == 1


def test_the_summary_names_files_warnings_and_what_is_missing(tmp_path: Path) -> None:
    trial = try_import(tmp_path, {"tickets.csv": tickets("1;1;2026-01-01", "2;1;x")})
    text = "\n".join(trial.summary.lines())
    assert "tickets.csv" in text
    assert trial.summary.missing_exports == ("agreements", "user_counts", "prices", "invoices", "meetings")
    assert "agreements" in text
    assert trial.summary.rows_rejected == 1
    assert "ccinsight rejects" not in text, "a page shows the lines too, and has a button for the rows"


def test_the_log_holds_import_file_and_warnings(tmp_path: Path) -> None:
    trial = try_import(tmp_path, {"tickets.csv": tickets("1;1;2026-01-01")}, imported_by="kari")
    assert trial.rows("select import_id, imported_at, imported_by from stored.imports") == [(1, WHEN, "kari")]
    assert trial.rows(
        "select file_id, import_id, export, name, format, encoding, rows_read, rows_good, rows_rejected, "
        "headers from stored.files"
    ) == [
        (1, 1, "tickets", "tickets.csv", "csv", "utf-8", 1, 1, 0, ["ticket_id", "customer_id", "opened_at"])
    ]
    assert trial.values("select kind from stored.warnings") == ["no_closed_ticket"]


def test_progress_goes_up_to_the_whole(tmp_path: Path) -> None:
    reported: list[tuple[float, str]] = []
    try_import(
        tmp_path,
        {"tickets.csv": tickets("1;1;2026-01-01"), "avtaler.csv": AGREEMENTS},
        progress=lambda done, text: reported.append((done, text)),
    )
    assert [done for done, _text in reported] == sorted(done for done, _text in reported)
    texts = [text for _done, text in reported]
    assert texts[:2] == ["tickets.csv: 1 row", "avtaler.csv: 1 row"]
    assert reported[-1] == (1.0, "Done")


# ---------------------------------------------------------------- people


CONTACTS = tickets(
    "1;1;2026-01-01;Kari;Passord",
    "2;1;2026-01-01;Ola;",
    "3;1;2026-01-01;Kari;",
    headers="ID;Firma-ID;Opprettet;Person;Tittel",
)


def test_a_contact_is_stored_as_a_keyed_hash(tmp_path: Path) -> None:
    trial = try_import(tmp_path, {"saker.csv": CONTACTS})
    kari, ola, kari_again = trial.values("select contact from stored.tickets order by ticket_id")
    assert kari == kari_again != ola
    assert "Kari" not in (kari, ola)
    assert b"Kari" not in trial.database.read_bytes()
    key = tmp_path / "try.duckdb.key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    again = try_import(tmp_path, {"saker.csv": CONTACTS})
    assert again.values("select contact from stored.tickets order by ticket_id") == [kari, ola, kari]


def test_the_hash_is_hmac_sha_256(tmp_path: Path) -> None:
    import hmac

    trial = try_import(tmp_path, {"saker.csv": CONTACTS})
    key = bytes.fromhex((tmp_path / "try.duckdb.key").read_text("ascii").strip())
    expected = hmac.new(key, b"Ola", "sha256").hexdigest()[:32]
    assert trial.values("select contact from stored.tickets where ticket_id = '2'") == [expected]


@pytest.mark.parametrize(("keep", "expected"), [("plain", ["Kari", "Ola", "Kari"]), ("none", [None] * 3)])
def test_contacts_plain_or_not_at_all(tmp_path: Path, keep: str, expected: list[str | None]) -> None:
    trial = try_import(tmp_path, {"saker.csv": CONTACTS}, f'[import]\nkeep_contacts = "{keep}"')
    assert trial.values("select contact from stored.tickets order by ticket_id") == expected
    assert not (tmp_path / "try.duckdb.key").exists()


def test_titles_can_be_left_out(tmp_path: Path) -> None:
    trial = try_import(tmp_path, {"saker.csv": CONTACTS}, "[import]\nkeep_titles = false")
    assert trial.values("select title from stored.tickets") == [None] * 3


# ---------------------------------------------------------------- settings in the database


def test_an_import_without_settings_keeps_the_stored_ones(tmp_path: Path) -> None:
    config = '[products."Annet"]\nnotice_months = 3\n[values.channel]\n"Teams" = "chat"'
    text = tickets("1;1;2026-01-01;Teams", headers="ID;Firma-ID;Opprettet;Kanal")
    try_import(tmp_path, {"saker.csv": text}, config)
    trial = try_import(tmp_path, {"saker.csv": text})
    assert trial.values("select channel from stored.tickets") == ["chat"]
    assert trial.rows("select product, notice_months from stored.products order by 1") == [
        ("Annet", 3),
        ("CloudCare CRM", 1),
    ]


def test_settings_are_applied_to_the_data_that_are_there(tmp_path: Path) -> None:
    trial = try_import(tmp_path, {"tickets.csv": tickets("1;1;2026-01-01")})
    (config,) = write(tmp_path, {"new.toml": '[categories]\n"Nede" = { access_down = true }'})
    assert apply_settings(trial.database, config, applied_at=WHEN)
    assert trial.rows("from stored.categories") == [("Nede", "support", True)]
    assert trial.values("select ticket_id from stored.tickets") == ["1"]


def test_an_export_to_replace_must_exist(tmp_path: Path) -> None:
    with pytest.raises(CcinsightError, match="sales"):
        try_import(tmp_path, {"tickets.csv": tickets("1;1;2026-01-01")}, replace=frozenset({"sales"}))


def test_nothing_is_left_beside_the_database(tmp_path: Path) -> None:
    try_import(tmp_path, {"tickets.csv": tickets("1;1;2026-01-01", '2;1;"a\nb"')})
    assert sorted(p.name for p in tmp_path.iterdir() if not p.name.endswith(".lock")) == [
        "tickets.csv",
        "try.duckdb",
    ]
