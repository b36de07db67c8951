"""Texts as they are read: line ends within them, guarding apostrophes, texts that mean empty."""

from __future__ import annotations

import hmac
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from ccinsight.errors import CcinsightError
from ccinsight.ingest import import_paths
from ccinsight.ingest.mapping.examine import examine
from ccinsight.ingest.mapping.proposal import starter
from ccinsight.ingest.readers.chunks import one_line_end
from ccinsight.settings.parsing import default_settings, parse_settings
from tests.ingest.trying import WHEN, Trial, try_import, write

HEADERS = ["Saks-ID", "Firma-ID", "Opprettet", "Kontakt", "Kategori", "Tittel"]
KEY = bytes(range(32))
ENDS = ["\n", "\r\n", "\r", "_x000D_\n", "_x000d_", "_x000D_\r\n"]


def tickets_with(end: str) -> list[list[str]]:
    texts = [f"Ola{end}Nordmann", f"Del{end}to", f"Feil{end}{end}igjen"]
    return [["1", "7", "01.02.2026 10:00", *texts]]


def imported(folder: Path, kind: str, rows: list[list[Any]]) -> Trial:
    path = folder / f"saker.{kind}"
    if kind == "csv":
        lines = [";".join(f'"{cell}"' for cell in row) for row in [HEADERS, *rows]]
        path.write_bytes(("\r\n".join(lines) + "\r\n").encode("utf-8"))
    elif kind == "xlsx":
        book = openpyxl.Workbook()
        for row in [HEADERS, *rows]:
            book.worksheets[0].append(row)
        book.save(path)
    else:
        columns = zip(*rows, strict=True)
        pq.write_table(pa.table(dict(zip(HEADERS, map(list, columns), strict=True))), path)
    database = folder / "try.duckdb"
    return Trial(import_paths([path], database, imported_at=WHEN), database)


@pytest.mark.parametrize("kind", ["csv", "xlsx", "parquet"])
def test_line_ends_within_a_text_are_one(tmp_path: Path, kind: str) -> None:
    found = set()
    for at, end in enumerate(ENDS):
        folder = tmp_path / f"{at}"
        folder.mkdir()
        (folder / "try.duckdb.key").write_text(KEY.hex(), "ascii")
        trial = imported(folder, kind, tickets_with(end))
        found |= set(trial.rows("select contact, category, title from stored.tickets"))
    assert len(found) == 1
    ((contact, category, title),) = found
    # The key of a contact with a line feed is what it was before other line ends became one.
    assert contact == hmac.new(KEY, b"Ola\nNordmann", "sha256").hexdigest()[:32]
    assert (category, title) == ("Del\nto", "Feil\n\nigjen")


def test_what_only_looks_like_an_escape_stays() -> None:
    assert one_line_end("x000D_ _x000 _x0041_ x") == "x000D_ _x000 _x0041_ x"
    assert one_line_end("a\r\rb\n\rc") == "a\n\nb\n\nc"


# ---------------------------------------------------------------- apostrophes


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("'Vik AS", "Vik AS"),
        ("'=Fjord AS", "=Fjord AS"),
        (" '+47 22 33", "+47 22 33"),
        ("'- strek", "- strek"),
        ("'@navn", "@navn"),
        ("'kan ikke logge inn", "kan ikke logge inn"),
        ("'Ola's bil", "Ola's bil"),
        ("'0042", "0042"),
        ("'=HYPERLINK('x')", "=HYPERLINK('x')"),
        ("'A'", "'A'"),
        ("''x", "'x"),
        ("'s-Hertogenbosch", "'s-Hertogenbosch"),
        ("'t Hart", "'t Hart"),
        ("'Feil 500' vises", "'Feil 500' vises"),
        ("'sitat'", "'sitat'"),
        ("Hans' bil", "Hans' bil"),
        ("l'Oréal", "l'Oréal"),
        ("'", None),
    ],
)
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_guarding_apostrophe_is_dropped(tmp_path: Path, kind: str, written: str, read: str | None) -> None:
    row = ["1", "7", "01.02.2026 10:00", "", "", written]
    assert imported(tmp_path, kind, [row]).values("select title from stored.tickets") == [read]


def test_guarded_values_of_every_type(tmp_path: Path) -> None:
    invoices = (
        "'Fakturalinje;'Firma-ID;Type;Fakturadato;Antall;Beløp\n"
        "'0501;'007;'Årlig;'2026-02-01;'2;'-500,00\n"
        '"\'502";"\'=7";"\'Kurs";"\'1.2.2026";"\'1";"\'1 200,50"\n'
    )
    trial = try_import(tmp_path, {"fakturaer.csv": invoices})
    assert trial.rows(
        "select invoice_line_id, customer_id, kind, issued_on, quantity, amount from stored.invoices order by 1"
    ) == [
        ("0501", "007", "yearly", date(2026, 2, 1), Decimal(2), Decimal(-500)),
        ("502", "=7", "course", date(2026, 2, 1), Decimal(1), Decimal("1200.5")),
    ]
    assert trial.kinds() == []
    row = "'1;'7;'01.02.2026 10:00:00;'02.02.2026;'0:30;'Telefon"
    headers = "ticket_id;customer_id;opened_at;closed_at;minutes_spent;channel\n"
    trial = try_import(tmp_path, {"saker.csv": headers + row + "\n"})
    assert trial.rows(
        "select ticket_id, opened_at, closed_at, minutes_spent, channel from stored.tickets"
    ) == [("1", datetime(2026, 2, 1, 10), datetime(2026, 2, 2), Decimal(30), "phone")]


# ---------------------------------------------------------------- texts that mean empty

EMPTY = '[import]\nempty = ["?", "N/A", "01.01.1900 00:00:00"]\n'


def test_texts_that_mean_empty(tmp_path: Path) -> None:
    text = (
        "Saks-ID;Firma-ID;Opprettet;Svar ved;Lukket ved;Status;Opprinnelse;Kontakt;Kategori;Brukt tid;Eier\n"
        "1;7;01.02.2026 10:00:00;?;01.01.1900 00:00:00;?;N/A; ? ;?;N/A;'?\n"
        "2;7;01.02.2026 10:00:00;01.02.2026 11:00:00;;N/A?;n/a;?;N/A;5;Kari\n"
        "?;?;?;?;?;?;?;?;?;?;?\n"
        "3;?;01.02.2026 10:00:00;;;;;;;;\n"
    )
    trial = try_import(tmp_path, {"saker.csv": text}, EMPTY)
    assert trial.rows(
        "select ticket_id, first_reply_at, closed_at, status, channel, contact, category, minutes_spent, owner "
        "from stored.tickets order by ticket_id"
    ) == [
        ("1", None, None, None, None, None, None, None, None),
        ("2", datetime(2026, 2, 1, 11), None, "open", "other", None, None, Decimal(5), "Kari"),
    ]
    # A row of nothing else is blank; one that names no customer is rejected.
    assert [row[:2] for row in trial.rejects()] == [(5, "customer_id")]
    assert trial.file.rows_read == 3
    assert {(each.column, each.value) for each in trial.file.warnings if each.kind == "value_unknown"} == {
        ("status", "N/A?"),
        ("channel", "n/a"),
    }


def test_nothing_means_empty_by_default(tmp_path: Path) -> None:
    trial = try_import(
        tmp_path, {"saker.csv": "Saks-ID;Firma-ID;Opprettet;Svar ved\n1;7;01.02.2026;?\n2;7;01.02.2026;\n"}
    )
    assert trial.rejects() == [(2, "first_reply_at", "?", "not a date")]
    # A rejected row has no reply that is known to the day.
    assert "day_times" not in trial.kinds()


def test_day_times_count_the_rows_that_were_stored(tmp_path: Path) -> None:
    rows = ["1;7;01.02.2026;02.02.2026", "2;7;01.02.2026;?", "x;7;?;02.02.2026", "4;7;01.02.2026;02.02.2026"]
    text = "\n".join(["Saks-ID;Firma-ID;Opprettet;Svar ved", *rows, ""])
    trial = try_import(tmp_path, {"saker.csv": text})
    assert [each.rows for each in trial.file.warnings if each.kind == "day_times"] == [2]


@pytest.mark.parametrize("given", ['"?"', "[1]", '["?", " "]', "true"])
def test_a_setting_that_is_no_list_of_texts(given: str) -> None:
    with pytest.raises(CcinsightError, match="give a list of texts"):
        parse_settings(f"[import]\nempty = {given}\n", "own.toml")


def test_the_mapping_proposes_texts_that_may_mean_empty(tmp_path: Path) -> None:
    text = "Saks-ID;Firma-ID;Opprettet;Lukket ved;Tittel\n1;7;01.02.2026;?;N/A\n2;7;01.02.2026;?;x\n"
    (path,) = write(tmp_path, {"saker.csv": text})
    tables = examine(path, default_settings())
    assert tables[0].placeholders == {"?": 2, "N/A": 1}
    proposed = starter("saker.csv", tables, default_settings())
    assert '#: empty = ["?", "N/A"]' in proposed
    taken = proposed.replace('#: empty = ["?"', 'empty = ["?"').replace("#: [import]", "[import]")
    settings = parse_settings(taken, None)
    assert settings.imports.empty == ("?", "N/A")
    assert examine(path, settings)[0].placeholders == {}
    assert "empty = [" not in starter("x.csv", tables, settings).replace(taken, "").replace(
        'empty = ["?"', "", 1
    )
