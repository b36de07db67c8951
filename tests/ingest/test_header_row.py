"""Titles, dates and grouped headings above the header, in text and in workbooks."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from ccinsight.ingest import import_paths
from ccinsight.ingest.mapping.examine import examine
from ccinsight.settings.parsing import default_settings, parse_settings
from tests.ingest.trying import WHEN, Trial, try_import, write

TITLE = ["Saksliste for Vik AS", "Skrevet ut: 02.03.2026 08:12", "Utvalg: åpne og lukkede"]
HEADER = "Saks-ID;Firma-ID;Opprettet;Status"
ROW = "1;7;01.02.2026 10:00;Lukket"


def above(trial: Trial) -> list[tuple[str | None, int | None]]:
    """What the summary names as above the header."""
    return [(each.value, each.rows) for each in trial.file.warnings if each.kind == "above_header"]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "windows-1252", "utf-16"])
def test_lines_above_the_header_are_named(tmp_path: Path, encoding: str, delimiter: str, end: str) -> None:
    text = end.join([*TITLE, "", HEADER.replace(";", delimiter), ROW.replace(";", delimiter), ""])
    trial = try_import(tmp_path, {"saker.csv": text.encode(encoding)})
    assert trial.rows("select ticket_id, customer_id, opened_at, line from stored.tickets") == [
        ("1", "7", datetime(2026, 2, 1, 10), 6)
    ]
    assert above(trial) == [(" · ".join(TITLE), 3)]
    assert trial.kinds().count("header_unmatched") == 0


def test_rejected_rows_have_the_lines_of_the_file(tmp_path: Path) -> None:
    text = "\n".join(["sep=;", *TITLE, "", HEADER, "", "1;7;x;Lukket", "2;7;01.02.2026", ""])
    trial = try_import(tmp_path, {"saker.csv": text})
    assert [row[:2] for row in trial.rejects()] == [(8, "opened_at"), (9, None)]


def test_titles_with_delimiters_quotes_and_line_breaks(tmp_path: Path) -> None:
    title = ['"Saker; ""åpne""', 'og lukkede";;;', ";;;", "Fra;01.01.2026;Til;28.02.2026", "a,b,c,d,e,f,g"]
    trial = try_import(tmp_path, {"saker.csv": "\n".join([*title, HEADER, ROW, ""])})
    assert trial.values("select line from stored.tickets") == [7]
    assert above(trial)[0][1] == 3


def test_a_first_row_that_is_the_header_is_never_overridden(tmp_path: Path) -> None:
    data = "Saks-ID;Firma-ID;01.02.2026;Status"
    better = "Saks-ID;Firma-ID;Opprettet;Status;Kategori"
    trial = try_import(tmp_path, {"saker.csv": "\n".join([HEADER, data, better, ROW, ""])})
    assert trial.file.rows_read == 3
    assert trial.values("select ticket_id from stored.tickets order by line") == ["Saks-ID", "1"]
    assert above(trial) == []


def test_a_header_that_lacks_a_column_is_not_overridden_by_a_row(tmp_path: Path) -> None:
    lacking = "Saks-ID;Firma-ID;Laget;Tittel\n1;7;01.02.2026;Status\n"
    (path,) = write(tmp_path, {"saker.csv": lacking})
    (table,) = examine(path, default_settings())
    assert (table.missing, list(table.headers)) == (("opened_at",), ["Laget"])


def test_a_header_of_ones_own_is_found_by_the_settings(tmp_path: Path) -> None:
    text = "\n".join([*TITLE, "Nr;Kundenr;Laget", "1;7;01.02.2026", ""])
    own = '[headers.tickets]\n"Nr" = "ticket_id"\n"Laget" = "opened_at"\n'
    trial = try_import(tmp_path, {"liste.csv": text}, own)
    assert trial.values("select ticket_id from stored.tickets") == ["1"]
    (table,) = examine(tmp_path / "liste.csv", parse_settings(own, None))
    assert table.missing == ()


def test_mapping_finds_a_header_that_it_does_not_know(tmp_path: Path) -> None:
    text = "\n".join([*TITLE, "", "Nr;Hvem;Inn;Ut", "1;7;01.02.2026;", ""])
    (path,) = write(tmp_path, {"saker.csv": text})
    (table,) = examine(path, default_settings(), "tickets")
    assert list(table.headers) == ["Nr", "Hvem", "Inn", "Ut"]


def test_the_header_is_looked_for_in_twenty_rows(tmp_path: Path) -> None:
    for titles, count in ((19, 1), (20, 0)):
        text = "\n".join(["Saksliste"] * titles + [HEADER, ROW, ""])
        write(tmp_path, {f"saker-{titles}.csv": text})
        prices = "Gjelder fra;Fra antall brukere;Pris per bruker\n01.01.2026;1;100\n"
        write(tmp_path, {"priser.csv": prices})
        folder = tmp_path / str(titles)
        folder.mkdir()
        for name in (f"saker-{titles}.csv", "priser.csv"):
            (tmp_path / name).rename(folder / name)
        summary = import_paths([folder], folder / "try.duckdb", imported_at=WHEN)
        assert sum(file.export == "tickets" for file in summary.files) == count


def sheet(folder: Path, rows: list[list[Any]], *merged: str) -> Trial:
    book = openpyxl.Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    for each in merged:
        book.worksheets[0].merge_cells(each)
    book.save(folder / "saker.xlsx")
    database = folder / "try.duckdb"
    return Trial(import_paths([folder / "saker.xlsx"], database, imported_at=WHEN), database)


def test_a_title_and_a_merged_header_of_a_workbook(tmp_path: Path) -> None:
    title: list[Any] = ["Saker", None, datetime(2026, 3, 2)]
    rows = [title, [], HEADER.split(";"), [], [], ROW.split(";"), ["2", "7", "x", ""]]
    trial = sheet(tmp_path, rows, *(f"{column}3:{column}5" for column in "ABCD"))
    assert trial.values("select line from stored.tickets") == [6]
    assert [row[0] for row in trial.rejects()] == [7]
    assert above(trial) == [("Saker 2026-03-02", 1)]


def test_grouped_headings_above_are_skipped(tmp_path: Path) -> None:
    rows: list[list[Any]] = [["Sak", "", "Tider", ""], HEADER.split(";"), ROW.split(";")]
    trial = sheet(tmp_path, rows, "A1:B1", "C1:D1")
    assert trial.values("select ticket_id from stored.tickets") == ["1"]
    assert above(trial) == [("Sak Tider", 1)]


def test_headings_over_two_rows_are_put_together(tmp_path: Path) -> None:
    rows = [
        ["Saker 2026"],
        ["Saks-ID", "Firma-ID", "Tider", "", "Status"],
        ["", "", "Opprettet", "Lukket ved", ""],
        ["1", "7", "01.02.2026 10:00", "02.02.2026 10:00", "Lukket"],
    ]
    trial = sheet(tmp_path, rows, "A2:A3", "B2:B3", "C2:D2", "E2:E3")
    assert trial.rows("select ticket_id, closed_at, status from stored.tickets") == [
        ("1", datetime(2026, 2, 2, 10), "closed")
    ]
    text = "\n".join(";".join(row) for row in rows) + "\n"
    same = try_import(tmp_path, {"saker.csv": text})
    assert same.values("select line from stored.tickets") == [4]


def test_hidden_rows_above_the_header_are_not_counted(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in [["Saker"], HEADER.split(";"), ROW.split(";")]:
        book.worksheets[0].append(row)
    book.worksheets[0].row_dimensions[1].hidden = True
    book.save(tmp_path / "saker.xlsx")
    summary = import_paths([tmp_path / "saker.xlsx"], tmp_path / "try.duckdb", imported_at=WHEN)
    assert Trial(summary, tmp_path / "try.duckdb").kinds() == ["above_header"]
