"""Whatever a page needs fails and is mended: the session says what is wrong, loses nothing, and goes on."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest
from streamlit.testing.v1 import AppTest

from ccinsight.notes import Notes, store
from tests.conftest import small_disk_at
from tests.dashboard.opening import AS_OF, Open


def _in_place(path: Path, other: Path) -> None:
    other.replace(path)


def _cut(path: Path) -> None:
    beside = path.with_name("beside")
    beside.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    _in_place(path, beside)


def _empty(path: Path) -> None:
    path.with_name("beside").touch()
    _in_place(path, path.with_name("beside"))


def _folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def _of_another_program(path: Path) -> None:
    with duckdb.connect(str(path.with_name("beside"))) as connection:
        connection.execute("create table t as select 1 as a")
    _in_place(path, path.with_name("beside"))


def _without_settings(path: Path) -> None:
    shutil.copy(path, path.with_name("beside"))
    with duckdb.connect(str(path.with_name("beside"))) as connection:
        connection.execute("update stored.settings set toml = 'user_bands = [5, \"a\", '")
    _in_place(path, path.with_name("beside"))


def _without_reports(path: Path) -> None:
    shutil.copy(path, path.with_name("beside"))
    with duckdb.connect(str(path.with_name("beside"))) as connection:
        for report in ("customers", "renewals", "deadlines"):
            connection.execute(f"drop macro table main.{report}")
        connection.execute("update model.build set build_id = 'another, so that nothing is remembered'")
    _in_place(path, path.with_name("beside"))


@pytest.mark.parametrize(
    "break_it", [_cut, _empty, _folder, _of_another_program, _without_settings, _without_reports]
)
@pytest.mark.parametrize("page", ["overview", "customer", "data"])
def test_break_click_twice_mend_click(
    open_page: Open, own_database: Path, tmp_path: Path, break_it: Callable[[Path], None], page: str
) -> None:
    whole = Path(shutil.copy(own_database, tmp_path / "whole"))
    site = open_page(page, f"as-of={AS_OF}&language=en&id=1002", own_database)
    before = site.title[0].value

    break_it(own_database)
    site.run()
    assert site.error and not site.exception
    _click(site, "Try again")
    assert site.error and not site.exception

    if own_database.is_dir():
        own_database.rmdir()
    _in_place(own_database, whole)
    _click(site, "Try again")
    assert not site.exception and not site.error
    assert site.title[0].value == before


def test_a_database_of_another_version_is_rebuilt_under_an_open_session(
    open_page: Open, own_database: Path
) -> None:
    site = open_page("overview", f"as-of={AS_OF}&language=en", own_database)
    before = site.title[0].value
    shutil.copy(own_database, own_database.with_name("beside"))
    with duckdb.connect(str(own_database.with_name("beside"))) as connection:
        connection.execute("update model.build set models_version = 'of another version'")
    _in_place(own_database, own_database.with_name("beside"))

    site.run()

    assert not site.exception and not site.error
    assert site.title[0].value == before


# --- Notes

MEETING = f"as-of={AS_OF}&language=en&id=1002"


def _click(site: AppTest, label: str) -> AppTest:
    return next(button for button in site.button if button.label == label).click().run()


def _write(site: AppTest, text: str) -> AppTest:
    area = next(area for area in site.text_area if area.key and area.key.endswith("-notes"))
    return area.set_value(text).run()


def _written(site: AppTest) -> str | None:
    return next(area.value for area in site.text_area if area.key and area.key.endswith("-notes"))


def test_what_is_written_while_the_notes_are_locked_stays_and_is_saved_later(
    open_page: Open, own_database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "_BUSY_SECONDS", 0.1)
    site = _write(open_page("meeting", MEETING, own_database), "Before")
    other = sqlite3.connect(Notes.beside(own_database).path, isolation_level=None)
    other.execute("begin immediate")

    for text in ("Meanwhile", "Meanwhile, and more"):
        _write(site, text)
        assert not site.exception
        assert "is in use by another program" in site.error[0].value
        assert _written(site) == text

    other.close()
    _write(site, "Meanwhile, and more still")
    assert not site.exception and not site.error
    again = open_page("meeting", MEETING, own_database)
    assert _written(again) == "Meanwhile, and more still"


@pytest.mark.parametrize("page", ["meeting", "customer", "status_meetings", "overview"])
def test_notes_that_cannot_be_read_are_named_until_they_are_mended(
    open_page: Open, own_database: Path, page: str
) -> None:
    _write(open_page("meeting", MEETING, own_database), "A note")
    path = Notes.beside(own_database).path
    whole = path.read_bytes()
    site = open_page(page, MEETING, own_database)
    before = site.title[0].value
    path.write_bytes(b"no notes at all" * 100)

    site.run()
    assert not site.exception
    if page in ("meeting", "status_meetings"):
        assert any("notes.sqlite is damaged" in error.value for error in site.error)
    if any(button.label == "Try again" for button in site.button):
        _click(site, "Try again")
        assert site.error and not site.exception

    path.write_bytes(whole)
    site.run()
    assert not site.exception and not site.error
    assert site.title[0].value == before


# --- A full disk


@pytest.fixture
def small_disk(tmp_path: Path, missing: Callable[[str], None]) -> Iterator[Path]:
    with small_disk_at(tmp_path / "disk", missing, mebibytes=32) as disk:
        yield disk


def _fill(disk: Path) -> Path:
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file, pytest.raises(OSError, match="space"):
        while True:
            file.write(b"x" * 4096)
    return ballast


def test_notes_on_a_full_disk_are_saved_once_there_is_room(
    open_page: Open, database: Path, small_disk: Path
) -> None:
    path = small_disk / "own.duckdb"
    shutil.copy(database, path)
    site = _write(open_page("meeting", MEETING, path), "Before")
    ballast = _fill(small_disk)

    _write(site, "More " * 3000)
    assert not site.exception
    assert "can't be used" in site.error[0].value
    ballast.unlink()
    _write(site, "More")

    assert not site.exception and not site.error
    assert _written(open_page("meeting", MEETING, path)) == "More"


def test_an_upload_to_a_full_disk_says_so_and_works_once_there_is_room(
    open_page: Open,
    own_database: Path,
    sample_exports: Path,
    small_disk: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(small_disk))
    site = open_page("data", f"as-of={AS_OF}&language=en", own_database)
    ballast = _fill(small_disk)
    file = sample_exports / "saker.csv"
    for _time in range(2):
        site.file_uploader[0].set_value([(file.name, file.read_bytes() + b"\n", "text/csv")]).run()
        _click(site, "Import")
        assert not site.exception
        assert "could not store the files" in site.error[0].value
        assert "No space left" in site.error[0].value

    ballast.unlink()
    site.file_uploader[0].set_value([(file.name, file.read_bytes() + b"\n", "text/csv")]).run()
    _click(site, "Import")
    assert not site.exception and not site.error
    assert site.success
