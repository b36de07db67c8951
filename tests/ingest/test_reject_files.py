"""Files of rejected rows: the reason beside each row, and what an import makes of them."""

from __future__ import annotations

import csv
from pathlib import Path

import openpyxl
import pytest

from ccinsight.i18n import language, set_language
from ccinsight.ingest import import_paths, write_rejects
from ccinsight.ingest.history.reject_files import in_place, reason_column
from tests.ingest.trying import WHEN, Trial, tickets, try_import

HEADERS = "Saks-ID;Firma-ID;Opprettet;Tittel;Brukt tid"
BAD = [
    "1;7;31.31.2026;x;5",
    "2;7;01.02.2026;=cmd|'/c calc'!A1;sju",
    "3;7;01.02.2026;-500,00;-5",
    "4;7;01.02.2026",
    "5;7;01.02.2026;x;5;6",
    ";7;01.02.2026;@navn;5",
    '6;7;01.02.2026;"x;5',
]


def written(folder: Path, rows: list[str] = BAD) -> tuple[Trial, list[list[str]]]:
    trial = try_import(folder, {"saker.csv": "\n".join([HEADERS, *rows]) + "\n"})
    write_rejects(trial.database, folder / "avvist.csv")
    with (folder / "avvist.csv").open(encoding="utf-8-sig", newline="") as file:
        return trial, list(csv.reader(file, delimiter=";"))


def again(trial: Trial, path: Path) -> Trial:
    return Trial(import_paths([path], trial.database, imported_at=WHEN), trial.database)


@pytest.fixture(params=["en", "nb"])
def in_language(request: pytest.FixtureRequest) -> str:
    before = language()
    set_language(request.param)
    request.addfinalizer(lambda: set_language(before))
    return str(request.param)


def test_the_last_column_says_why(tmp_path: Path, in_language: str) -> None:
    _trial, (headers, *rows) = written(tmp_path)
    assert headers == [*HEADERS.split(";"), {"en": "Rejected because", "nb": "Avvist fordi"}[in_language]]
    assert all(row[len(headers) - 1 :] for row in rows)
    reasons = [row[-1] for row in rows]
    if in_language == "nb":
        assert reasons == [
            "Opprettet “31.31.2026”: ikke en dato",
            "Brukt tid “sju”: ikke et antall minutter",
            "Brukt tid “-5”: er negativ",
            "for få felter (3)",
            "for mange felter (6)",
            "Saks-ID: er tom",
            "et felt i anførselstegn blir aldri lukket",
        ]


def test_what_a_spreadsheet_would_run_is_guarded_and_a_number_is_not(tmp_path: Path) -> None:
    _trial, (_headers, *rows) = written(tmp_path)
    assert [row[3] for row in rows[1:3]] == ["'=cmd|'/c calc'!A1", "-500,00"]
    assert rows[2][4] == "-5"
    assert rows[5][3] == "'@navn"


def test_rows_that_nobody_mended_are_rejected_again_once_each(tmp_path: Path, in_language: str) -> None:
    trial, _rows = written(tmp_path)
    before = trial.rows(
        "select row_key, column_name, value, reason, fields from stored.rejects order by fields"
    )
    after = again(trial, tmp_path / "avvist.csv")
    assert (after.file.rows_good, after.file.rows_rejected) == (0, len(BAD))
    assert "header_unmatched" not in after.kinds()
    rows = after.rows("select row_key, column_name, value, reason, fields from stored.rejects")
    assert len(rows) == len(BAD)
    assert [row[3] for row in sorted(rows, key=str)] == [row[3] for row in sorted(before, key=str)]
    # Written out again, they are what they were.
    write_rejects(trial.database, tmp_path / "igjen.csv")
    first, second = (
        sorted((tmp_path / name).read_text("utf-8-sig").splitlines()) for name in ("avvist.csv", "igjen.csv")
    )
    assert first == second


def test_mended_rows_are_good(tmp_path: Path, in_language: str) -> None:
    trial, (headers, *rows) = written(tmp_path)
    rows[0][2] = "01.02.2026"
    rows[1][4] = "7"
    rows[2][4] = "5"
    rows[3][3:5] = ["x", "5"]
    del rows[4][5]  # one field too many
    del rows[5]  # a row without a key can't be known again
    rows[5][3:5] = ["x", "5"]
    for name in ("mended.csv", "mended.xlsx"):
        path = tmp_path / name
        if name.endswith("csv"):
            with path.open("w", encoding="utf-8", newline="") as file:
                csv.writer(file, delimiter=";").writerows([headers, *rows])
        else:
            book = openpyxl.Workbook()
            for row in [headers, *rows]:
                book.worksheets[0].append(row)
            for cells in book.worksheets[0].iter_rows():
                for cell in cells:
                    cell.data_type = "s"
            book.save(path)
        after = again(trial, path)
        assert [row[1:] for row in after.rejects()] == [("ticket_id", None, "is empty")]
        assert after.kinds() == ["no_closed_ticket"]
        assert after.rows("select ticket_id, title from stored.tickets order by 1") == [
            ("1", "x"),
            ("2", "=cmd|'/c calc'!A1"),
            ("3", "-500,00"),
            ("4", "x"),
            ("5", "x"),
            ("6", "x"),
        ]


def test_missing_fields_may_be_written_before_the_empty_ones(tmp_path: Path) -> None:
    trial, _rows = written(tmp_path, ["4;7"])
    text = (tmp_path / "avvist.csv").read_text("utf-8-sig")
    (tmp_path / "avvist.csv").write_text(text.replace("4;7", "4;7;01.02.2026;x;5"), "utf-8")
    after = again(trial, tmp_path / "avvist.csv")
    assert after.values("select ticket_id from stored.tickets") == ["4"]
    assert after.rejects() == []


def test_only_the_last_header_is_that_of_reasons(tmp_path: Path) -> None:
    assert reason_column(["a", "Avvist fordi", " "]) == 1
    assert reason_column(["a", "Avvist  Fordi"]) == 1
    assert reason_column(["Rejected because", "a"]) is None
    assert reason_column(["Rejected because"]) is None
    assert in_place(["a", "b", "", "", "why"], 3) == ["a", "b", "why"]
    assert in_place(["a", "b", "c", "why"], 3) == ["a", "b", "c", "why"]
    text = tickets("1;7;01.02.2026;why", headers="ticket_id;customer_id;opened_at;Rejected because")
    assert try_import(tmp_path, {"saker.csv": text}).kinds() == ["no_closed_ticket"]
