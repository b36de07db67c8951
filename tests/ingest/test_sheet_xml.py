"""Error cells and hidden rows and sheets of workbooks, whoever wrote their XML."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from ccinsight.errors import CcinsightError
from ccinsight.ingest import import_paths
from tests.ingest.trying import WHEN, Trial

HEADERS = ["Saks-ID", "Firma-ID", "Opprettet", "Tittel", "Brukt tid"]
ROWS = [
    [1, 7, "01.02.2026 10:00", "skriver", 5],
    [2, 7, "01.02.2026 10:00", "#N/A", "#N/A"],  # the title is text that says so, the minutes are an error
    [3, 7, "01.02.2026 10:00", "e-post", 0],
]


def import_book(path: Path) -> Trial:
    database = path.with_name("try.duckdb")
    return Trial(import_paths([path], database, imported_at=WHEN), database)


def warnings(trial: Trial) -> list[tuple[str, str | None, int | None]]:
    """Kind, value and rows of the warnings; these tickets are all open, which is warned of too."""
    return [
        (each.kind, each.value, each.rows) for each in trial.file.warnings if each.kind != "no_closed_ticket"
    ]


def written_by_openpyxl(path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in [HEADERS, *ROWS]:
        sheet.append(row)
    sheet["D3"].data_type = "s"
    sheet["E3"].data_type = "e"
    book.save(path)


def written_by_xlsxwriter(path: Path) -> None:
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for at, row in enumerate([HEADERS, *ROWS]):
            sheet.write_row(at, 0, row)
        sheet.write_formula(2, 4, "=VLOOKUP(1,A1:A2,2,0)", None, "#N/A")


def rewritten(path: Path, change: Callable[[str], str]) -> None:
    """Changes the XML of the only sheet."""
    with zipfile.ZipFile(path) as archive:
        entries = {name: archive.read(name) for name in archive.namelist()}
    name = "xl/worksheets/sheet1.xml"
    entries[name] = change(entries[name].decode("utf-8")).encode("utf-8")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for each, content in entries.items():
            archive.writestr(each, content)


def prefixed(xml: str) -> str:
    return re.sub(r"<(/?)([a-zA-Z])", r"<\1s:\2", xml).replace(" xmlns=", " xmlns:s=", 1)


WAYS: dict[str, Callable[[str], str]] = {
    "as it is": lambda xml: xml,
    "prefixed": prefixed,
    "single quotes": lambda xml: xml.replace('t="e"', "t='e'"),
    "spaces": lambda xml: xml.replace('t="e"', 't = "e"'),
    "line breaks": lambda xml: re.sub(r"<c r=(\S+) t=", r"<c\n  r=\1\n  t=", xml),
    "attributes turned": lambda xml: re.sub(r'<c r="(\w+)"([^>]*) t="(\w+)"', r'<c t="\3" r="\1"\2', xml),
    "no places of cells": lambda xml: re.sub(r'<c r="\w+"', "<c", xml),
    "no places at all": lambda xml: re.sub(r'<row r="\w+"', "<row", re.sub(r'<c r="\w+"', "<c", xml)),
    "a comment": lambda xml: xml.replace("<v>#N/A</v>", "<!-- > --><v>#N/A</v>"),
    "character data": lambda xml: xml.replace("<v>#N/A</v>", "<v><![CDATA[#N/A]]></v>"),
    "spaces between": lambda xml: xml.replace("><", ">\n<"),
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("write", [written_by_openpyxl, written_by_xlsxwriter])
def test_an_error_cell_is_bad_however_it_is_written(
    tmp_path: Path, write: Callable[[Path], None], way: str
) -> None:
    path = tmp_path / "saker.xlsx"
    write(path)
    rewritten(path, WAYS[way])
    trial = import_book(path)
    assert trial.rows("select ticket_id, title, minutes_spent from stored.tickets order by 1") == [
        ("1", "skriver", Decimal(5)),
        ("3", "e-post", Decimal(0)),
    ]
    assert trial.rejects() == [(3, "minutes_spent", "#N/A", "an error of Excel's own")]


def test_an_error_far_down_a_large_sheet_is_found(tmp_path: Path) -> None:
    path = tmp_path / "saker.xlsx"
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEADERS)
        for at in range(1, 9_000):
            sheet.write_row(at, 0, [at, 7, "01.02.2026 10:00", f'the sign "e" of {at}', 5])
        sheet.write_formula(9_000, 0, "=1+1", None, 9_000)
        sheet.write_row(9_000, 1, [7, "01.02.2026 10:00", "x"])
        sheet.write_formula(9_000, 4, "=1/0", None, "#DIV/0!")
    trial = import_book(path)
    assert trial.file.rows_good == 8_999
    assert trial.rejects() == [(9_001, "minutes_spent", "#DIV/0!", "an error of Excel's own")]


def test_a_sheet_that_is_not_xml_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "saker.xlsx"
    written_by_openpyxl(path)
    rewritten(path, lambda xml: xml.replace("<v>#N/A</v>", "<v>#N/A</w>"))
    with pytest.raises(CcinsightError, match="can't be read"):
        import_book(path)


# ---------------------------------------------------------------- hidden


@pytest.mark.parametrize("hidden", ['hidden="1"', "hidden='true'", 'hidden = "1"'])
def test_hidden_rows_are_read_with_a_warning(tmp_path: Path, hidden: str) -> None:
    path = tmp_path / "saker.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEADERS)
        sheet.autofilter(0, 0, 3, 4)
        for at in (1, 2, 3):
            sheet.write_row(at, 0, [at, 7, "01.02.2026 10:00", "x", 5])
        sheet.set_row(1, None, None, {"hidden": True})
        sheet.set_row(3, None, None, {"hidden": True})
        sheet.set_row(7, None, None, {"hidden": True})  # empty, and so no row
    rewritten(path, lambda xml: xml.replace('hidden="1"', hidden))
    trial = import_book(path)
    assert trial.values("select ticket_id from stored.tickets order by 1") == ["1", "2", "3"]
    assert warnings(trial) == [("hidden_rows", None, 2)]


def test_rows_that_say_that_they_are_shown_are_not_hidden(tmp_path: Path) -> None:
    path = tmp_path / "saker.xlsx"
    written_by_xlsxwriter(path)
    rewritten(path, lambda xml: xml.replace("<row ", '<row hidden="false" '))
    assert warnings(import_book(path)) == []


def book_of(path: Path, sheets: dict[str, tuple[str, str | None]]) -> None:
    """Sheets by title: how visible each is, and the id of its ticket; None: it is empty."""
    book = openpyxl.Workbook()
    for title, (state, ticket) in sheets.items():
        sheet = book.create_sheet(title)
        sheet.sheet_state = state
        if ticket is not None:
            sheet.append(HEADERS)
            sheet.append([ticket, 7, "01.02.2026 10:00", "x", 5])
    book.remove(book.worksheets[0])
    book.active = 0
    book.save(path)


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
@pytest.mark.parametrize("titles", [("Gammelt", "Ark1"), ("Saker", "Ark1"), ("Ark1", "Saker")])
def test_a_visible_sheet_goes_before_a_hidden_one(
    tmp_path: Path, state: str, titles: tuple[str, str]
) -> None:
    path = tmp_path / "saker.xlsx"
    book_of(path, {titles[0]: (state, "H"), titles[1]: ("visible", "V")})
    trial = import_book(path)
    assert trial.values("select ticket_id from stored.tickets") == ["V"]
    assert warnings(trial) == []


def test_a_hidden_sheet_is_read_with_a_warning_where_no_visible_one_holds_anything(tmp_path: Path) -> None:
    path = tmp_path / "saker.xlsx"
    book_of(path, {"Forside": ("visible", None), "Saker": ("hidden", "H")})
    trial = import_book(path)
    assert trial.values("select ticket_id from stored.tickets") == ["H"]
    assert warnings(trial) == [("hidden_sheet", "Saker", None)]
