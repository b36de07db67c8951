"""What would harm a server is refused before it is unpacked."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from ccinsight.errors import CcinsightError
from ccinsight.exports.workbook import refuse_bomb
from tests.exports.trying import write


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


def test_no_zip_is_told_by_the_reader(tmp_path: Path) -> None:
    (path,) = write(tmp_path, {"saker.xlsx": b"PK\x03\x04 nothing"})
    refuse_bomb(path, 1)
