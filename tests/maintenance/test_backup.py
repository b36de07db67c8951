"""Backup and restore, through the command line: whole or not at all, and what was replaced is kept."""

from __future__ import annotations

import hashlib
import json
import os
import random
import shutil
import signal
import sqlite3
import struct
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from datetime import date, datetime
from pathlib import Path

import duckdb
import pytest
from benchmarks.ports import free_port

from ccinsight.cli import run
from ccinsight.cli.words import speak
from ccinsight.database.warehouse import Warehouse
from ccinsight.files import previous_file
from ccinsight.ingest import import_paths
from ccinsight.notes import Notes
from tests.robustness.killed import killing

WHEN = datetime(2026, 3, 15, 12, 0)
AGREEMENTS = "agreement_id;customer_id;customer_name;subscribed_on\nA1;7;Fjord Drift AS;2024-03-01\n"


@pytest.fixture(scope="module")
def states(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Two folders, each with a database and all that belongs to it; every file of the second is another one."""
    homes = {name: tmp_path_factory.mktemp(name) / "home" for name in ("first", "second")}
    path = homes["first"] / "ccinsight.duckdb"
    path.parent.mkdir()
    _import(path, "before")
    _import(path, "first")
    _note(path, "first")
    (path.parent / "risk.toml").write_text("# first\n")
    shutil.copytree(homes["first"], homes["second"])
    path = homes["second"] / path.name
    path.with_name(f"{path.name}.key").unlink()  # as on another machine
    _import(path, "second")
    _note(path, "second")
    (path.parent / "risk.toml").write_text("# second\n")
    return homes


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, states: dict[str, Path]) -> Path:
    """A database of the first state, with all that belongs to it."""
    monkeypatch.setenv("LANGUAGE", "en")
    speak("en")
    return Path(shutil.copytree(states["first"], tmp_path / "home")) / "ccinsight.duckdb"


def _import(database: Path, state: str) -> None:
    source = database.parent.parent / state
    source.mkdir(exist_ok=True)
    (source / "agreements.csv").write_text(AGREEMENTS)
    (source / "tickets.csv").write_text(
        f"ticket_id;customer_id;opened_at;title;contact\nT1;7;2026-01-05 09:00;{state};Kari\n"
    )
    import_paths([source], database, imported_at=WHEN)


def _note(database: Path, text: str) -> None:
    start, end = date(2026, 1, 1), date(2026, 12, 31)
    Notes.beside(database).save_agenda("7", start, end, date(2026, 3, 1), agenda=text, saved_at=WHEN)


def _title(database: Path) -> str:
    with duckdb.connect(str(database), read_only=True) as connection:
        return str(connection.execute("select title from tickets").fetchall()[0][0])


def _state(database: Path) -> list[str]:
    """What each file says."""
    entry = Notes.beside(database).agenda("7", date(2026, 3, 1))
    key = database.with_name(f"{database.name}.key").read_text()
    rules = (database.parent / "risk.toml").read_text()
    return [_title(database), _title(previous_file(database)), key, entry.agenda if entry else "", rules]


def _names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir() if not path.name.endswith(".lock")}


def _backup(database: Path) -> Path:
    folder = database.parent.parent / "backup"
    assert run(["backup", str(folder), "--database", str(database)]) == 0
    return folder


def test_a_restore_brings_every_file_back_and_can_be_taken_back(
    database: Path, states: dict[str, Path]
) -> None:
    first, names = _state(database), _names(database.parent)
    folder = _backup(database)
    shutil.copytree(states["second"], database.parent, dirs_exist_ok=True)
    second = _state(database)
    assert all(one != two for one, two in zip(first, second, strict=True))
    assert run(["restore", str(folder), "--database", str(database)]) == 0
    assert _state(database) == first
    safety = database.with_name("ccinsight.duckdb.before-restore")
    assert _names(database.parent) == {*names, safety.name}
    assert run(["restore", str(safety), "--database", str(database)]) == 0
    assert _state(database) == second


def test_template_and_logo_of_the_settings_are_in_the_backup(database: Path, tmp_path: Path) -> None:
    settings = tmp_path / "look.toml"
    settings.write_text('[deck]\ntemplate = "fjell.pptx"\nlogo = "fjell.svg"\n')
    for name in ("fjell.pptx", "fjell.svg"):
        (database.parent / name).write_text(name)
    assert run(["settings", "--config", str(settings), "--database", str(database)]) == 0

    assert run(["backup", str(tmp_path / "kept"), "--database", str(database)]) == 0
    (database.parent / "fjell.svg").unlink()
    assert run(["restore", str(tmp_path / "kept"), "--database", str(database)]) == 0

    assert (database.parent / "fjell.svg").read_text() == "fjell.svg"
    assert (tmp_path / "kept" / "fjell.pptx").read_text() == "fjell.pptx"


def test_a_restore_onto_another_machine_needs_nothing_there(database: Path, tmp_path: Path) -> None:
    state, folder = _state(database), _backup(database)
    other = tmp_path / "other"
    other.mkdir()
    assert run(["restore", str(folder), "--database", str(other / "ccinsight.duckdb")]) == 0
    assert _state(other / "ccinsight.duckdb") == state
    assert _names(other) == _names(database.parent)


def test_a_file_that_the_backup_was_without_goes(database: Path) -> None:
    notes = Notes.beside(database).path
    notes.unlink()
    folder = _backup(database)
    _note(database, "later")
    assert run(["restore", str(folder), "--database", str(database)]) == 0
    assert not notes.exists()


def test_modes_are_kept_and_the_key_is_its_owners(database: Path) -> None:
    database.chmod(0o640)
    folder = _backup(database)
    modes = {path.name: path.stat().st_mode & 0o777 for path in folder.iterdir()}
    assert (modes["contacts.key"], modes["database.duckdb"]) == (0o600, 0o640)
    assert folder.stat().st_mode & 0o777 == 0o700
    assert run(["restore", str(folder), "--database", str(database)]) == 0
    assert database.with_name(f"{database.name}.key").stat().st_mode & 0o777 == 0o600
    assert database.stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("database.duckdb", "is damaged"),
        ("contacts.key", "is damaged"),
        ("notes.sqlite", "is damaged"),
        ("previous.duckdb", "is damaged"),
        ("manifest.json", "is damaged"),
    ],
)
def test_a_backup_with_another_byte_is_refused(
    database: Path, states: dict[str, Path], name: str, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = _backup(database)
    shutil.copytree(states["second"], database.parent, dirs_exist_ok=True)
    before, names = _state(database), _names(database.parent)
    content = bytearray((folder / name).read_bytes())
    content[len(content) // 2 if name != "manifest.json" else 0] ^= 0x20
    (folder / name).write_bytes(content)
    assert run(["restore", str(folder), "--database", str(database)]) == 1
    assert text in capsys.readouterr().err
    assert (_state(database), _names(database.parent)) == (before, names)


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"format": 2}, "newer ccinsight"),
        ({"files": {"../../x": {"bytes": 0, "sha256": ""}, "database.duckdb": {}}}, "is damaged"),
        ({"files": {"../x.pptx": {"bytes": 0, "sha256": ""}}}, "is damaged"),
        ({"files": {}}, "is damaged"),
        ({"made_at": "yesterday"}, "is damaged"),
    ],
)
def test_a_manifest_that_says_something_else_is_refused(
    database: Path, change: dict[str, object], text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, names = _backup(database), _names(database.parent)
    manifest = json.loads((folder / "manifest.json").read_text())
    (folder / "manifest.json").write_text(json.dumps(manifest | change))
    assert run(["restore", str(folder), "--database", str(database)]) == 1
    assert text in capsys.readouterr().err
    assert _names(database.parent) == names


def test_a_file_missing_from_a_backup_and_a_folder_that_is_none_are_refused(
    database: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = _backup(database)
    (folder / "contacts.key").unlink()
    assert run(["restore", str(folder), "--database", str(database)]) == 1
    assert "contacts.key" in capsys.readouterr().err
    for none in (tmp_path / "home", tmp_path / "nowhere"):
        assert run(["restore", str(none), "--database", str(database)]) == 1
        assert "isn't a ccinsight backup" in capsys.readouterr().err


def test_a_backup_goes_into_a_new_or_an_empty_folder_only(
    database: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    empty, full = tmp_path / "empty", tmp_path / "full"
    empty.mkdir()
    full.mkdir()
    (full / "mine.txt").write_text("mine")
    assert run(["backup", str(empty), "--database", str(database)]) == 0
    assert run(["backup", str(tmp_path / "deep" / "er"), "--database", str(database)]) == 0
    assert "manifest.json" in _names(empty) & _names(tmp_path / "deep" / "er")
    assert run(["backup", str(full), "--database", str(database)]) == 1
    assert "isn't empty" in capsys.readouterr().err
    assert _names(full) == {"mine.txt"}
    assert run(["backup", str(tmp_path / "new"), "--database", str(tmp_path / "none.duckdb")]) == 1
    assert not (tmp_path / "new").exists()


def test_a_backup_that_the_disk_refuses_is_none(
    database: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("")
    assert run(["backup", str(tmp_path / "file" / "backup"), "--database", str(database)]) == 1
    error = capsys.readouterr().err
    assert str(tmp_path / "file") in error and "Traceback" not in error


def test_an_open_dashboard_goes_on_and_sees_what_was_restored(
    database: Path, states: dict[str, Path]
) -> None:
    folder = _backup(database)
    shutil.copytree(states["second"], database.parent, dirs_exist_ok=True)
    with Warehouse.open(database, under_own_name=True) as house:
        assert run(["restore", str(folder), "--database", str(database)]) == 0
        with house.cursor() as cursor:
            assert cursor.execute("select title from tickets").fetchall() == [("second",)]
        assert not house.is_current()
    with Warehouse.open(database, under_own_name=True) as house, house.cursor() as cursor:
        assert cursor.execute("select title from tickets").fetchall() == [("first",)]


def test_notes_are_backed_up_as_saved_while_a_save_is_under_way(database: Path) -> None:
    path = Notes.beside(database).path
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("begin immediate")
        connection.execute("update versions set agenda = 'half'")
        folder = _backup(database)
        connection.execute("rollback")
    with closing(sqlite3.connect(folder / "notes.sqlite")) as connection:
        assert connection.execute("select agenda from versions").fetchall() == [("first",)]


def test_a_damaged_database_can_be_restored_over(database: Path) -> None:
    state, folder = _state(database), _backup(database)
    database.write_bytes(b"nothing")
    Notes.beside(database).path.write_bytes(b"nothing")
    assert run(["restore", str(folder), "--database", str(database)]) == 0
    assert _state(database) == state


def test_a_restore_killed_before_each_change_to_the_files(database: Path, states: dict[str, Path]) -> None:
    first, folder = _state(database), _backup(database)
    shutil.copytree(states["second"], database.parent, dirs_exist_ok=True)
    second, other = _state(database), database.parent.parent / "second-backup"
    assert run(["backup", str(other), "--database", str(database)]) == 0
    hit = {True: 0, False: 0}
    is_killed = True
    with killing() as run_killed:
        while is_killed:
            status, written = run_killed(
                sum(hit.values()) + 1,
                database.parent,
                ["restore", str(folder), "--database", str(database)],
            )
            is_killed = status == -signal.SIGKILL
            assert is_killed or status == 0, written
            is_begun = database.with_name(".ccinsight.duckdb.restoring").exists()
            Warehouse.open(database).close()  # the next to open it ends what was begun
            state = _state(database)
            assert state == first if is_begun or not is_killed else state in (first, second)
            hit[is_begun] += 1
            if state == first and is_killed:
                assert run(["restore", str(other), "--database", str(database)]) == 0
                assert _state(database) == second
    print(f"{hit} kills before and after the restore holds")
    assert min(hit.values()) > 4
    assert not [name for name in _names(database.parent) if name[0] == "."]


def test_a_restore_killed_at_random_moments(database: Path, states: dict[str, Path]) -> None:
    first, folder = _state(database), _backup(database)
    shutil.copytree(states["second"], database.parent, dirs_exist_ok=True)
    second = _state(database)
    other = database.parent.parent / "second-backup"
    assert run(["backup", str(other), "--database", str(database)]) == 0
    chance, killed = random.Random(7), 0
    for at in range(int(os.environ.get("CCINSIGHT_RESTORE_KILLS", "8"))):
        before, after = _state(database), second if at % 2 else first
        source = other if at % 2 else folder
        program = "from ccinsight.cli import main; main()"
        process = subprocess.Popen(
            [sys.executable, "-c", program, "restore", str(source), "--database", str(database)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        staged = database.with_name(f".{database.name}.restoring.new")
        while process.poll() is None and not staged.exists():
            time.sleep(0.001)
        time.sleep(chance.uniform(0, 0.05))
        process.kill()
        killed += process.wait() == -signal.SIGKILL
        Warehouse.open(database).close()
        assert _state(database) in (before, after)
    print(f"{killed} kills")


def test_forgetting_removes_what_a_restore_replaced(database: Path) -> None:
    folder = _backup(database)
    assert run(["restore", str(folder), "--database", str(database)]) == 0
    assert run(["forget", "--contact", "Kari", "--yes", "--database", str(database)]) == 0
    assert not database.with_name("ccinsight.duckdb.before-restore").exists()


def _rewrite_manifest(folder: Path) -> None:
    """Makes the manifest fit the files as they are: a backup of files that were like that."""
    manifest = json.loads((folder / "manifest.json").read_text())
    for name, file in manifest["files"].items():
        content = (folder / name).read_bytes()
        file["bytes"], file["sha256"] = len(content), hashlib.sha256(content).hexdigest()
    (folder / "manifest.json").write_text(json.dumps(manifest))


def _run_sql(file: Path, *statements: str) -> None:
    with duckdb.connect(str(file)) as connection:
        for statement in statements:
            connection.execute(statement)


def _with_column(file: Path) -> None:
    _run_sql(file, "alter table stored.tickets add column mood varchar")


def _with_table(file: Path) -> None:
    _run_sql(file, "create table stored.letters (sent_on date)")


def _with_setting(file: Path) -> None:
    _run_sql(file, "update stored.settings set toml = '[moods]\nkari = 1\n'")


def _of_newer_duckdb(file: Path) -> None:
    """The header names a format of the future, with the checksum that fits."""
    content = bytearray(file.read_bytes())
    content[12:20] = (9_999).to_bytes(8, "little")  # the version stands after checksum and magic bytes
    checksum = 5381
    for (word,) in struct.iter_unpack("<Q", bytes(content[8:4096])):
        checksum ^= word * 0xBF58476D1CE4E5B9 % 2**64
    content[:8] = checksum.to_bytes(8, "little")
    file.write_bytes(content)


def _with_damaged_rows(file: Path) -> None:
    """Bytes that stand in no header are others than they were: only who reads them all notices."""
    content = bytearray(file.read_bytes())
    for at in range(3 * 4096 + 64, len(content), 4096):
        content[at] ^= 0xFF
    file.write_bytes(content)


def _cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:20_000])


def _no_database(file: Path) -> None:
    file.write_text("a poem")


def _of_another_program(file: Path) -> None:
    file.unlink()
    _run_sql(file, "create table t (a integer)")


@pytest.mark.parametrize(
    ("spoil", "text"),
    [
        (_with_column, "newer ccinsight"),
        (_with_table, "newer ccinsight"),
        (_with_setting, "settings"),
        (_of_newer_duckdb, "newer ccinsight"),
        (_with_damaged_rows, "Restore another backup"),
        (_cut, "Restore another backup"),
        (_no_database, "Restore another backup"),
        (_of_another_program, "Restore another backup"),
    ],
)
def test_a_database_that_this_version_cannot_read_is_not_restored(
    spoil: Callable[[Path], None], text: str, database: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, state, names = _backup(database), _state(database), _names(database.parent)
    spoil(folder / "database.duckdb")
    _rewrite_manifest(folder)

    assert run(["restore", str(folder), "--database", str(database)]) == 1

    message = capsys.readouterr().err
    assert text in message and str(folder / "database.duckdb") in message and len(message.splitlines()) == 1
    assert _state(database) == state and _names(database.parent) == names
    assert run(["report", "agreements", "--database", str(database)]) == 0


@pytest.mark.parametrize(
    "statement", ["pragma user_version = 99", "drop table versions", None], ids=["newer", "other", "damaged"]
)
def test_notes_that_this_version_cannot_read_are_not_restored(
    statement: str | None, database: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, state = _backup(database), _state(database)
    notes = folder / "notes.sqlite"
    if statement is None:
        notes.write_bytes(notes.read_bytes()[:100] + b"x" * 5000)
    else:
        with closing(sqlite3.connect(notes)) as connection:
            connection.execute(statement)
    _rewrite_manifest(folder)

    assert run(["restore", str(folder), "--database", str(database)]) == 1

    assert str(notes) in capsys.readouterr().err
    assert _state(database) == state


def test_an_unreadable_state_to_go_back_to_is_left_out(
    database: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, title = _backup(database), _title(database)
    _no_database(folder / "previous.duckdb")
    _rewrite_manifest(folder)

    assert run(["restore", str(folder), "--database", str(database)]) == 0

    assert "can't be undone" in capsys.readouterr().out
    assert _title(database) == title and not previous_file(database).exists()
    assert run(["undo", "--database", str(database)]) == 1


@pytest.mark.parametrize("spoil", [_with_column, _with_table, _of_newer_duckdb])
@pytest.mark.parametrize("command", ["import", "report", "settings", "serve", "rejects", "backup", "forget"])
def test_every_command_refuses_a_database_of_a_newer_version(
    command: str, spoil: Callable[[Path], None], database: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spoil(database)
    if spoil is not _of_newer_duckdb:  # a newer version has models of its own
        _run_sql(database, "update model.build set models_version = 'newer'")
    content = database.read_bytes()
    source, settings = database.parent.parent / "first", database.with_name("own.toml")
    source.mkdir(exist_ok=True)
    (source / "tickets.csv").write_text("ticket_id;customer_id;opened_at\nT9;7;2026-01-05\n")
    settings.write_text("[user_bands]\nfrom = [1, 7]\n")
    words = {
        "import": [str(source)],
        "report": ["agreements"],
        "settings": ["--config", str(settings)],
        "serve": ["--port", str(free_port())],
        "rejects": ["--output", str(database.with_name("rejects.csv"))],
        "backup": [str(database.with_name("kept"))],
        "forget": ["--customer", "7", "--yes"],
    }

    assert run([command, *words[command], "--database", str(database)]) == 1

    assert "newer ccinsight" in capsys.readouterr().err
    assert database.read_bytes() == content


def test_undo_refuses_a_state_of_a_newer_version(database: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _with_table(previous_file(database))
    state = _title(database)
    assert run(["undo", "--database", str(database)]) == 1
    assert "newer ccinsight" in capsys.readouterr().err
    assert _title(database) == state
