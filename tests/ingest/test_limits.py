"""What would harm a server is refused before it is unpacked."""

from __future__ import annotations

import os
import random
import struct
import tracemalloc
import zipfile
from pathlib import Path

import duckdb
import pytest
import xlsxwriter

from ccinsight.cli.serving import upload_mebibytes
from ccinsight.errors import CcinsightError
from ccinsight.ingest import import_paths
from ccinsight.ingest.file_list import Found
from ccinsight.ingest.readers.excel_guard import refuse_bomb
from ccinsight.ingest.source import open_sources
from ccinsight.settings.parsing import default_settings
from tests.ingest.trying import WHEN, tickets, try_import, write


def _book(folder: Path, megabytes: int) -> Path:
    path = folder / "saker.xlsx"
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("xl/worksheets/sheet1.xml", "w") as out,
    ):
        for _each in range(megabytes):
            out.write(b"0" * 1_000_000)
    return path


def test_large_workbook_that_packs_too_well_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CcinsightError, match="max_unpacked_mb"):
        refuse_bomb(_book(tmp_path, 101), 2_000)


def test_workbook_larger_than_the_setting_is_refused(tmp_path: Path) -> None:
    path = _book(tmp_path, 6)
    refuse_bomb(path, 6)
    with pytest.raises(CcinsightError, match="unpacks to 6 MB"):
        refuse_bomb(path, 5)


def test_a_file_that_is_no_zip_is_named_by_the_reader(tmp_path: Path) -> None:
    (path,) = write(tmp_path, {"saker.xlsx": b"PK\x03\x04 nothing"})
    refuse_bomb(path, 1)


def _lying(path: Path, said: int) -> Path:
    """Has the directory and the entries of an archive tell another size than is there."""
    with zipfile.ZipFile(path) as archive:
        starts = [entry.header_offset for entry in archive.infolist()]
        directory = archive.start_dir
    content = bytearray(path.read_bytes())
    for at in starts:
        struct.pack_into("<I", content, at + 22, said)
        content[at + 6] &= ~8  # no sizes after the data
    while content[directory : directory + 4] == b"PK\x01\x02":
        struct.pack_into("<I", content, directory + 24, said)
        directory += 46 + sum(struct.unpack_from("<3H", content, directory + 28))
    path.write_bytes(content)
    return path


def test_directory_that_tells_less_than_is_there_is_found_out_in_little_memory(tmp_path: Path) -> None:
    path = _lying(_book(tmp_path, 150), 1_000)
    tracemalloc.start()
    try:
        with pytest.raises(CcinsightError, match="unpacks to more than it declares"):
            refuse_bomb(path, 2_000)
        assert tracemalloc.get_traced_memory()[1] < 20_000_000
    finally:
        tracemalloc.stop()


def test_shared_strings_count_too(tmp_path: Path) -> None:
    path = tmp_path / "saker.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for at in range(300):
            sheet.write_string(at, 0, f"{at}" + "x" * 30_000)
    with pytest.raises(CcinsightError, match="max_unpacked_mb"):
        refuse_bomb(path, 5)
    refuse_bomb(path, 20)


def _far(folder: Path, row: int, column: int) -> Path:
    """A workbook of one ticket, and of one more cell."""
    path = folder / "saker.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["Saks-ID", "Firma-ID", "Opprettet"])
        sheet.write_row(1, 0, ["1", "1", "2026-01-01"])
        sheet.write_string(row, column, "x")
    return path


@pytest.mark.parametrize(("row", "column"), [(1_048_575, 16_383), (1_048_575, 200), (1_100, 16_383)])
def test_cells_too_far_apart_are_refused_before_room_is_made_for_all_between(
    tmp_path: Path, row: int, column: int
) -> None:
    """The reader would make room for 17 billion cells, and end the whole process when it can't."""
    with pytest.raises(CcinsightError, match="delete the rows and columns"):
        import_paths([_far(tmp_path, row, column)], tmp_path / "try.duckdb", imported_at=WHEN)


@pytest.mark.parametrize(("row", "column"), [(200_000, 4), (40, 16_000)])
def test_a_stray_cell_costs_at_most_its_own_row(tmp_path: Path, row: int, column: int) -> None:
    path = _far(tmp_path, row, column)
    (file,) = import_paths([path], tmp_path / "try.duckdb", imported_at=WHEN).files
    assert (file.rows_good, file.rows_rejected) == (1, 1)


def test_entities_within_entities_are_an_unreadable_workbook(tmp_path: Path) -> None:
    levels = "".join(f'<!ENTITY l{at} "{f"&l{at - 1};" * 10}">' for at in range(1, 12))
    bomb = f'<?xml version="1.0"?><!DOCTYPE sst [<!ENTITY l0 "lol">{levels}]><sst><si><t>&l11;</t></si></sst>'
    good = _far(tmp_path, 1, 3)
    for name in ("xl/sharedStrings.xml", "xl/workbook.xml", "xl/worksheets/sheet1.xml"):
        path = tmp_path / "bomb.xlsx"
        with zipfile.ZipFile(good) as source, zipfile.ZipFile(path, "w") as target:
            for entry in source.infolist():
                target.writestr(entry.filename, bomb if entry.filename == name else source.read(entry))
        with pytest.raises(CcinsightError):
            import_paths([path], tmp_path / "try.duckdb", imported_at=WHEN)


def _rewritten(path: Path, part: str, content: bytes) -> Path:
    """The workbook with another content in one of its parts."""
    other = path.with_name(f"new-{path.name}")
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(other, "w", zipfile.ZIP_DEFLATED) as target:
        for entry in source.infolist():
            target.writestr(entry.filename, content if entry.filename == part else source.read(entry))
    return other


def test_cells_of_errors_without_an_end_are_not_looked_for_over_and_over(tmp_path: Path) -> None:
    """Were each of these cells followed to the end of the sheet, this would take days."""
    sheet = b"<worksheet><sheetData><row>" + b'<c r="A1" t="e">' * 400_000 + b"<c " * 400_000
    path = _rewritten(_far(tmp_path, 1, 3), "xl/worksheets/sheet1.xml", sheet)
    with pytest.raises(CcinsightError):
        import_paths([path], tmp_path / "try.duckdb", imported_at=WHEN)


@pytest.mark.parametrize(
    "place", ['<c r="DinlineStr2">', '<c r="A99999999">', '<c r="xfd1048576">', "<c r = 'ZZZ9999999'>"]
)
def test_places_that_no_excel_has_are_too_far_apart_as_well(tmp_path: Path, place: str) -> None:
    good = _far(tmp_path, 1, 3)
    with zipfile.ZipFile(good) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    cells = f"{place}<v>1</v></c></row>"
    path = _rewritten(good, "xl/worksheets/sheet1.xml", sheet.replace("</row>", cells, 1).encode())
    with pytest.raises(CcinsightError, match="delete the rows and columns"):
        import_paths([path], tmp_path / "try.duckdb", imported_at=WHEN)


def test_a_row_that_no_excel_has_is_too_far_down(tmp_path: Path) -> None:
    good = _far(tmp_path, 1, 3)
    with zipfile.ZipFile(good) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    row = '<row r="4000000000"><c><v>1</v></c></row></sheetData>'
    path = _rewritten(good, "xl/worksheets/sheet1.xml", sheet.replace("</sheetData>", row).encode())
    with pytest.raises(CcinsightError, match="delete the rows and columns"):
        import_paths([path], tmp_path / "try.duckdb", imported_at=WHEN)


def test_a_workbook_in_an_encoding_that_nobody_knows_is_rows_or_a_sentence(tmp_path: Path) -> None:
    good = _far(tmp_path, 1, 3)
    with zipfile.ZipFile(good) as archive:
        book = archive.read("xl/workbook.xml").replace(b"UTF-8", b"UTF-08")
    (file,) = import_paths(
        [_rewritten(good, "xl/workbook.xml", book)], tmp_path / "try.duckdb", imported_at=WHEN
    ).files
    assert file.rows_read == 1


def test_any_damage_to_a_workbook_is_rows_or_a_sentence(tmp_path: Path) -> None:
    path, chance = tmp_path / "saker.xlsx", random.Random(7)
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["Saks-ID", "Firma-ID", "Opprettet", "Tittel"])
        for at in range(1, 200):
            sheet.write_row(at, 0, [at, at % 7, "2026-01-01", f"Tittel {at * at}"])
    good = path.read_bytes()
    settings, scratch = default_settings(), tmp_path / "scratch"
    scratch.mkdir()
    outcomes = set()
    with duckdb.connect() as connection:
        for _time in range(20_000 if os.environ.get("CCINSIGHT_SOAK") == "1" else 500):
            content = bytearray(good)
            for _byte in range(chance.choice((1, 1, 2, 5, 40))):
                content[chance.randrange(len(content))] = chance.randrange(256)
            path.write_bytes(content[: chance.choice((None, None, None, chance.randrange(len(content))))])
            try:
                for source in open_sources(Found(path, True), settings, scratch, connection):
                    for chunk in source.chunks():
                        chunk.table(len(source.headers), {0})
                outcomes.add("rows")
            except CcinsightError:
                outcomes.add("a sentence")
    assert outcomes == {"rows", "a sentence"}


@pytest.mark.parametrize("name", ["saker.csv", "saker.xlsx"])
def test_a_file_of_too_many_columns_is_named(tmp_path: Path, name: str) -> None:
    headers = ["Saks-ID", "Firma-ID", "Opprettet", *(f"x{at}" for at in range(1_998))]
    path = tmp_path / name
    if path.suffix == ".csv":
        path.write_text(";".join(headers), encoding="utf-8")
    else:
        with xlsxwriter.Workbook(path) as book:
            book.add_worksheet().write_row(0, 0, headers)
    with pytest.raises(CcinsightError, match="2,001 columns"):
        import_paths([path], tmp_path / "try.duckdb", imported_at=WHEN)


# ---------------------------------------------------------------- links


def test_links_that_lead_out_of_a_folder_are_named_and_not_followed(tmp_path: Path) -> None:
    outside, folder = tmp_path / "outside", tmp_path / "exports"
    outside.mkdir()
    folder.mkdir()
    write(outside, {"secret.csv": tickets("9;1;2026-01-01"), "ccinsight.csv": tickets("8;1;2026-01-01")})
    write(folder, {"saker.csv": tickets("1;1;2026-01-01")})
    (folder / "a.csv").symlink_to(outside / "secret.csv")
    (folder / "b.csv").symlink_to(Path("..", "outside", "ccinsight.csv"))
    (folder / "d.csv").symlink_to(folder / "d.csv")
    (folder / "e.csv").symlink_to("nowhere.csv")
    summary = import_paths([folder], tmp_path / "try.duckdb", imported_at=WHEN)
    assert [file.name for file in summary.files] == ["saker.csv"]
    assert summary.links == ("a.csv", "b.csv")
    lines = [line for line in summary.lines() if "link" in line]
    assert [line.partition(":")[0] for line in lines] == ["a.csv", "b.csv"]


def test_links_that_are_named_and_those_within_a_folder_are_followed(tmp_path: Path) -> None:
    folder, real = tmp_path / "exports", tmp_path / "real"
    real.mkdir()
    folder.symlink_to(real)
    write(real, {"saker.old": tickets("1;1;2026-01-01")})
    (folder / "saker.csv").symlink_to("saker.old")
    (tmp_path / "tickets.csv").symlink_to(real / "saker.old")
    for path in (folder, tmp_path / "tickets.csv"):
        summary = import_paths([path], tmp_path / f"{path.name}.duckdb", imported_at=WHEN)
        assert [file.rows_good for file in summary.files] == [1]
        assert summary.links == ()


def test_a_folder_of_links_alone_holds_nothing_to_import(tmp_path: Path) -> None:
    (tmp_path / "exports").mkdir()
    (path,) = write(tmp_path, {"saker.csv": tickets("1;1;2026-01-01")})
    (tmp_path / "exports" / "saker.csv").symlink_to(path)
    with pytest.raises(CcinsightError, match="nothing to import"):
        import_paths([tmp_path / "exports"], tmp_path / "try.duckdb", imported_at=WHEN)


def test_what_is_no_file_is_not_waited_for(tmp_path: Path) -> None:
    folder = tmp_path / "exports"
    folder.mkdir()
    write(folder, {"saker.csv": tickets("1;1;2026-01-01")})
    os.mkfifo(folder / "pipe.csv")
    (folder / "folder.csv").mkdir()
    summary = import_paths([folder], tmp_path / "try.duckdb", imported_at=WHEN)
    assert [file.name for file in summary.files] == ["saker.csv"]
    with pytest.raises(CcinsightError, match="neither a file nor a folder"):
        import_paths([folder / "pipe.csv"], tmp_path / "try.duckdb", imported_at=WHEN)


# ---------------------------------------------------------------- many files, large uploads


def test_a_hundred_files_in_one_call(tmp_path: Path) -> None:
    folder = tmp_path / "exports"
    folder.mkdir()
    write(folder, {f"saker{at:03}.csv": tickets(f"{at};1;2026-01-01", "x;1;2026-01-02") for at in range(100)})
    database = tmp_path / "try.duckdb"
    summary = import_paths([folder], database, imported_at=WHEN)
    assert [file.name for file in summary.files] == [f"saker{at:03}.csv" for at in range(100)]
    assert sum(file.rows_good for file in summary.files) == 200
    again = import_paths([folder], database, imported_at=WHEN)
    assert len(again.unchanged) == 100


def test_the_server_takes_uploads_as_large_as_the_settings_say(tmp_path: Path) -> None:
    database = tmp_path / "try.duckdb"
    assert upload_mebibytes(database) == 191  # 200 MB
    try_import(tmp_path, {"saker.csv": tickets("1;1;2026-01-01")}, "[import]\nmax_upload_mb = 700")
    assert upload_mebibytes(database) == 668
    database.write_text("no database")
    assert upload_mebibytes(database) == 191
