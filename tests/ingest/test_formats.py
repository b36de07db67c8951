"""Files that hold a table but aren't read: what each is and how to save it, named or in a folder."""

from __future__ import annotations

import io
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from ccinsight.errors import CcinsightError
from ccinsight.ingest import import_paths
from ccinsight.ingest.mapping.examine import examine
from ccinsight.settings.parsing import default_settings
from tests.ingest.trying import WHEN, tickets, write

TABLE = "<table><tr><th>Saks-ID</th><th>Firma-ID</th><th>Opprettet</th></tr></table>"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504
SPREADSHEET_2003 = (
    '<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?>\n'
    '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"></Workbook>'
)


def stream(name: str) -> bytes:
    """An OLE file with a stream of this name."""
    return OLE + name.encode("utf-16-le") + b"\0" * 512


def archive(**entries: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for name, content in entries.items():
            packed.writestr(name, content)
    return out.getvalue()


ODS = archive(mimetype="application/vnd.oasis.opendocument.spreadsheet")
KINDS: dict[str, tuple[str, bytes, str]] = {
    "page": ("saker.xls", f"<html><body>{TABLE}</body></html>".encode(), "a web page saved as .xls: open it"),
    "doctype": ("saker.xlsx", b"\n<!DOCTYPE html>\n<html>" + TABLE.encode(), "a web page saved as .xlsx"),
    "table alone": ("saker.csv", b"\xef\xbb\xbf\r\n" + TABLE.encode(), "a web page saved as .csv"),
    "upper case": ("saker.txt", b"<HTML xmlns:x='urn:schemas-microsoft-com:office:excel'>", "saved as .txt"),
    "XHTML": ("saker.xls", b"<?xml version='1.0'?><!-- x --><html>", "a web page saved as .xls"),
    "UTF-16": ("saker.xls", f"\ufeff<html>{TABLE}".encode("utf-16-le"), "a web page saved as .xls"),
    "web archive": ("saker.xls", b"MIME-Version: 1.0\nContent-Type: multipart/related", "a web page saved"),
    "2003": ("saker.xls", SPREADSHEET_2003.encode(), "an XML spreadsheet saved as .xls"),
    "XML": ("saker.csv", b"<?xml version='1.0'?><Invoice/>", "an XML file: export the list"),
    "old": ("saker.xls", stream("Workbook"), "an old Excel file: open it in Excel and save it as .xlsx"),
    "older": ("saker.xlsx", stream("Book"), "an old Excel file"),
    "password": ("saker.xlsx", stream("EncryptedPackage"), "protected by a password"),
    "mail": ("saker.xls", stream("__properties_version1.0"), "an old Office file that is no workbook"),
    "ods": ("saker.ods", ODS, "an OpenDocument spreadsheet: save it as .xlsx"),
    "ods as xlsx": ("saker.xlsx", ODS, "an OpenDocument spreadsheet"),
    "xlsb": ("saker.xlsb", archive(**{"xl/workbook.bin": ""}), "a binary Excel workbook"),
    "zip": ("saker.zip", archive(**{"saker.csv": "x"}), "a packed archive: unpack it"),
    "zip as csv": ("saker.csv", archive(**{"saker.csv": "x"}), "a packed archive"),
    "document": (
        "saker.xlsx",
        archive(**{"[Content_Types].xml": "", "word/document.xml": ""}),
        "a document and no workbook",
    ),
    "PDF": ("saker.pdf", b"%PDF-1.7\n", "a PDF: export the list as .csv or .xlsx"),
}


@pytest.mark.parametrize("kind", KINDS)
def test_what_it_is_and_how_to_save_it(tmp_path: Path, kind: str) -> None:
    name, content, says = KINDS[kind]
    write(tmp_path, {name: content, "saker (2).csv": tickets("1;7;01.02.2026")})
    database = tmp_path.with_suffix(".duckdb")

    with pytest.raises(CcinsightError) as named:
        import_paths([tmp_path / name], database, imported_at=WHEN)
    assert says in str(named.value)
    assert name in str(named.value)
    assert not database.exists()
    with pytest.raises(CcinsightError) as looked_at:
        examine(tmp_path / name, default_settings())
    assert says in str(looked_at.value)

    summary = import_paths([tmp_path], database, imported_at=WHEN)
    assert [file.name for file in summary.files] == ["saker (2).csv"]
    assert summary.passed_over == (name,)
    (line,) = [each for each in summary.lines() if each.startswith(f"{name}: skipped, ")]
    assert says in line


def test_a_folder_of_nothing_else_says_why(tmp_path: Path) -> None:
    for name in ("saker.xls", "saker.xlsx"):
        folder = tmp_path / name.replace(".", "-")
        folder.mkdir()
        write(folder, {name: TABLE})
        with pytest.raises(CcinsightError, match="a web page saved as"):
            import_paths([folder], tmp_path / "try.duckdb", imported_at=WHEN)


def test_text_that_begins_with_a_sign_is_text(tmp_path: Path) -> None:
    content = "<html>-sak;Saks-ID;Firma-ID;Opprettet\nx;1;7;01.02.2026\n".replace("<html>", "<5")
    (path,) = write(tmp_path, {"saker.csv": content})
    assert import_paths([path], tmp_path / "try.duckdb", imported_at=WHEN).files[0].rows_good == 1


def test_text_named_xls_is_read_where_it_is_named_and_mentioned_in_a_folder(tmp_path: Path) -> None:
    write(tmp_path, {"saker.xls": tickets("1;7;01.02.2026"), "saker.csv": tickets("2;7;01.02.2026")})
    database = tmp_path.with_suffix(".duckdb")
    assert import_paths([tmp_path / "saker.xls"], database, imported_at=WHEN).files[0].rows_good == 1
    summary = import_paths([tmp_path], database, imported_at=WHEN)
    assert "saker.xls: skipped, a file named .xls: save it as .xlsx, or name the file itself." in (
        summary.lines()
    )


def test_the_command_line_exits_with_1(tmp_path: Path) -> None:
    (path,) = write(tmp_path, {"saker.xls": TABLE})
    command = [
        sys.executable,
        "-m",
        "ccinsight",
        "import",
        str(path),
        "--database",
        str(tmp_path / "x.duckdb"),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "a web page saved as .xls: open it in Excel and save it as .xlsx" in done.stderr
    assert "Traceback" not in done.stderr
