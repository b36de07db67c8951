"""What a watched folder imports, and where its files end."""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pytest

from ccinsight.database.build import only_writer
from ccinsight.errors import CcinsightError, NotNowError
from ccinsight.files import access_file
from ccinsight.integrations.watch import receipts, running
from ccinsight.integrations.watch.folder import WatchedFolder
from ccinsight.integrations.watch.receipts import State
from ccinsight.notes import Notes
from ccinsight.notes.activity import Action, Activity
from tests.ingest.conftest import no_models  # noqa: F401 (a fixture that every test here uses)
from tests.integrations.watch.conftest import SETTLE, TICKETS, WHEN, Trial, agreements, tickets


def test_what_arrived_is_imported_moved_and_has_a_receipt(trial: Trial) -> None:
    trial.put({"agreements.csv": agreements(7), "saker.csv": tickets(1, 2) + "T3;7;in March\n"})
    assert trial.look() == []
    assert trial.left() == ["agreements.csv", "saker.csv"]
    trial.look(SETTLE)
    assert trial.left() == []
    assert trial.moved("done") == ["agreements.csv", "saker.csv"]
    assert trial.tickets() == ["T1", "T2"]
    assert trial.values("select distinct imported_by from stored.imports") == ["kari"]
    assert trial.values("select count(*) from stored.imports") == [1]
    text = trial.receipt("done", "saker.csv")
    assert "15 Mar 2026 12:00" in text and "3 rows read, 2 good, 1 rejected" in text
    newest = receipts.newest(trial.database, 10)
    assert {each.file: (each.exports, each.rows_read, each.rows_rejected) for each in newest} == {
        "saker.csv": (("tickets",), 3, 1),
        "agreements.csv": (("agreements",), 1, 0),
    }
    assert all(each.path.is_file() for each in newest)
    assert receipts.last_received(trial.database) == {"tickets": WHEN.date(), "agreements": WHEN.date()}


def test_a_file_that_grows_is_taken_when_it_is_whole(trial: Trial) -> None:
    lines = tickets(*range(20)).splitlines(keepends=True)
    for at in range(1, len(lines)):
        trial.put({"saker.csv": "".join(lines[:at]) + lines[at][:7]})
        assert trial.look(SETTLE / 2) == []
    trial.put({"saker.csv": "".join(lines)})
    assert trial.settle() == {"saker.csv": "done"}
    assert len(trial.tickets()) == 20
    assert trial.values("select count(*) from stored.rejects") == [0]


def test_what_is_written_to_after_it_was_taken_is_taken_again(trial: Trial) -> None:
    content = tickets(*range(10))
    with trial.folder.joinpath("saker.csv").open("w") as file:
        file.write(content[:-40])
        file.flush()
        assert trial.settle() == {"saker.csv": "done"}
        file.write(content[-40:])
        file.flush()
        assert trial.look() == []
        assert trial.left() == ["saker.csv"]
    assert trial.settle() == {"saker.csv": "done"}
    assert len(trial.tickets()) == 10
    assert [each.state for each in receipts.newest(trial.database, 9)] == [State.DONE, State.CHANGED]
    assert trial.moved("done") == ["saker.csv"]


def test_the_same_bytes_under_two_names_count_once(trial: Trial) -> None:
    trial.put({"saker.csv": tickets(1, 2), "saker (1).csv": tickets(1, 2)})
    assert trial.settle() == {"saker.csv": "done", "saker (1).csv": "done"}
    assert trial.tickets() == ["T1", "T2"]
    assert trial.values("select count(*) from stored.files") == [1]
    trial.put({"saker (2).csv": tickets(1, 2)})
    assert trial.settle() == {"saker (2).csv": "done"}
    assert trial.values("select count(*) from stored.files") == [1]
    assert "nothing was changed" in trial.receipt("done", "saker (2).csv")
    assert receipts.newest(trial.database, 1)[0].exports == ("tickets",)


def test_the_same_name_again_overwrites_nothing(trial: Trial) -> None:
    for at in (1, 2, 3):
        trial.put({"saker.csv": tickets(at)})
        assert trial.settle() == {"saker.csv": "done"}
    assert trial.tickets() == ["T1", "T2", "T3"]
    done = trial.folder / "done" / "2026-03-15"
    contents = [done.joinpath(name).read_text() for name in ("saker.csv", "saker (2).csv", "saker (3).csv")]
    assert contents == [tickets(1), tickets(2), tickets(3)]


def test_files_are_imported_in_the_order_in_which_they_were_written(trial: Trial) -> None:
    trial.put({"b.csv": TICKETS + "T1;7;2026-01-05 09:00\n", "a.csv": TICKETS + "T1;8;2026-01-05 09:00\n"})
    for name, seconds in (("a.csv", 100), ("b.csv", 200)):
        os.utime(trial.folder / name, (seconds, seconds))
    trial.settle()
    assert trial.values("select customer_id from stored.tickets") == ["7"]


_BAD: dict[str, tuple[str | bytes, str]] = {
    "lack.csv": ("ticket_id;customer_id\nT9;7\n", "opened_at"),
    "weather.csv": ("day;rain\n2026-01-01;3\n", "isn't a recognised export"),
    "book.xlsx": ("no workbook", "isn't a recognised export"),
    "torn.xlsx": (b"PK\x03\x04" + bytes(range(200)), "can't be read"),
    "old.xls": (b"\xd0\xcf\x11\xe0" + bytes(600), "old Office file"),
    "empty.csv": (b"", "empty.csv"),
    "part.parquet": (b"PAR1" + bytes(50), "can't be read"),
    "list.pdf": (b"%PDF-1.7", "a PDF"),
}


def test_bad_files_fail_alone(trial: Trial) -> None:
    trial.put({"agreements.csv": agreements(7), "saker.csv": tickets(1)})
    trial.put({name: content for name, (content, _said) in _BAD.items()})
    assert trial.settle() == {"agreements.csv": "done", "saker.csv": "done", **dict.fromkeys(_BAD, "failed")}
    assert trial.moved("failed") == sorted(_BAD)
    for name, (_content, said) in _BAD.items():
        assert said in trial.receipt("failed", name)
    assert trial.tickets() == ["T1"]
    assert {each.file for each in receipts.failed_since(trial.database, WHEN.date())} == set(_BAD)
    assert receipts.failed_since(trial.database, date(2026, 3, 16)) == []


def test_a_file_that_may_not_be_read_fails(trial: Trial, monkeypatch: pytest.MonkeyPatch) -> None:
    trial.put({"saker.csv": tickets(1), "locked.csv": tickets(2)})
    opened = Path.open

    def refuse(path: Path, *args: object, **options: object) -> object:
        if path.name == "locked.csv":
            raise PermissionError(13, "Permission denied", str(path))
        return opened(path, *args, **options)  # type: ignore[call-overload]

    monkeypatch.setattr(Path, "open", refuse)
    assert trial.settle() == {"saker.csv": "done", "locked.csv": "failed"}
    assert "Permission denied" in trial.receipt("failed", "locked.csv")


def test_unfinished_and_hidden_files_are_left_where_they_are(trial: Trial) -> None:
    names = [
        "~$saker.xlsx",
        ".saker.csv",
        "saker.csv.part",
        "saker.crdownload",
        "Thumbs.db",
        "x.csv.tmp",
        "a.csv~",
    ]
    trial.put(dict.fromkeys([*names, "letter.docx"], tickets(1)))
    trial.folder.joinpath("sub").mkdir()
    trial.folder.joinpath("link.csv").symlink_to(trial.folder / ".saker.csv")
    assert trial.settle() == {}
    assert {*names, "letter.docx", "link.csv"} <= {each.name for each in trial.folder.iterdir()}
    assert trial.watch.folder.left_alone() == ["letter.docx", "link.csv"]


@pytest.mark.parametrize(
    "name", ["s" * 250 + ".csv", "å" * 125 + ".csv", "a  b\n.csv", "{x} [y].csv", b"\xff\xfe.csv"]
)
def test_any_name_is_moved_and_has_a_receipt(trial: Trial, name: str | bytes) -> None:
    (trial.folder / os.fsdecode(name)).write_text(tickets(1))
    assert list(trial.settle().values()) == ["done"]
    assert trial.left() == []
    assert len(trial.moved("done")) == 1
    assert trial.tickets() == ["T1"]
    assert trial.settle() == {}


def test_a_running_import_makes_it_wait(trial: Trial, monkeypatch: pytest.MonkeyPatch) -> None:
    trial.put({"saker.csv": tickets(1)})
    trial.look()

    def busy(*_args: object, **_options: object) -> None:
        raise NotNowError("Another import")

    with monkeypatch.context() as patched:
        patched.setattr("ccinsight.integrations.watch.importing.import_paths", busy)
        with pytest.raises(NotNowError):
            trial.look(SETTLE)
    assert trial.left() == ["saker.csv"]
    with only_writer(trial.database):  # the same process may nest it
        trial.look()
    assert trial.moved("done") == ["saker.csv"]


def test_a_folder_that_is_gone_comes_again(trial: Trial) -> None:
    trial.put({"saker.csv": tickets(1)})
    trial.look()
    trial.folder.rename(trial.folder.with_name("away"))
    with pytest.raises(NotNowError, match="doesn't exist"):
        trial.look(SETTLE)
    trial.folder.with_name("away").rename(trial.folder)
    assert trial.settle() == {"saker.csv": "done"}


@pytest.mark.parametrize("breaks", ["database", "config"])
def test_no_file_fails_for_a_database_or_settings_that_cannot_be_read(
    new_trial: Callable[..., Trial], breaks: str
) -> None:
    trial = new_trial("")
    broken = trial.database if breaks == "database" else trial.watch.config
    assert broken is not None
    trial.look()
    broken.write_text("not this [")
    with pytest.raises(NotNowError, match=broken.name):  # before any file comes
        trial.look()
    trial.put({"saker.csv": tickets(1)})
    for seconds in (0, SETTLE):
        with pytest.raises(NotNowError, match=broken.name):
            trial.look(seconds)
    assert trial.left() == ["saker.csv"]
    broken.unlink() if breaks == "database" else broken.write_text("")
    assert trial.settle() == {"saker.csv": "done"}


def test_the_log_of_what_people_did_gets_a_row(trial: Trial) -> None:
    access = access_file(trial.database)
    access.write_text('[[people]]\naddress = "kari@example.no"\neverything = true\n', "utf-8")
    access.chmod(0o600)
    trial.put({"saker.csv": tickets(1)})
    trial.settle()
    assert [(row.action, row.person) for row in Activity(trial.database).newest(5)] == [
        (Action.IMPORT, "kari")
    ]


def test_a_second_watch_is_refused(trial: Trial) -> None:
    second = WatchedFolder(trial.folder).only_watch()
    with trial.watch.folder.only_watch(), pytest.raises(CcinsightError, match="watched already"), second:
        pass
    with WatchedFolder(trial.folder).only_watch():
        pass


@pytest.mark.parametrize("error", [NotImplementedError("flock"), OSError(errno.ENOLCK, "No locks available")])
def test_a_drive_without_locks_is_watched_without(
    trial: Trial, error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_args: object) -> None:
        raise error

    monkeypatch.setattr("filelock.FileLock.acquire", refuse)
    with trial.watch.folder.only_watch():
        assert trial.left() == []


@pytest.mark.parametrize("step", ["receipts.write", "move", "receipts.set_moved"])
def test_a_crash_at_a_step_imports_nothing_twice(
    trial: Trial, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    trial.put({"a.csv": tickets(1), "b.csv": tickets(1, 2), "bad.csv": "day;rain\n"})
    trial.look()

    class Crash(BaseException):
        pass

    def crash(*_args: object) -> None:
        raise Crash

    with monkeypatch.context() as patched:
        owner = receipts if step.startswith("receipts.") else running
        patched.setattr(owner, step.rpartition(".")[2], crash)
        with pytest.raises(Crash):
            trial.look(SETTLE)
    before = trial.values("select count(*) from stored.files")
    trial.settle()
    assert trial.left() == []
    assert (trial.moved("done"), trial.moved("failed")) == (["a.csv", "b.csv"], ["bad.csv"])
    assert trial.tickets() == ["T1", "T2"]
    assert trial.values("select count(*) from stored.files") == before == [2]
    assert len(receipts.newest(trial.database, 9)) == 3


def test_a_new_file_of_the_name_of_one_that_a_crash_left_is_a_new_file(
    trial: Trial, monkeypatch: pytest.MonkeyPatch
) -> None:
    trial.put({"a.csv": tickets(1)})
    trial.look()
    with monkeypatch.context() as patched, pytest.raises(OSError, match="gone"):
        patched.setattr(running, "move", lambda *_args: (_ for _ in ()).throw(OSError("gone")))
        try:
            trial.look(SETTLE)
        except NotNowError as error:
            raise OSError("gone") from error
    trial.put({"a.csv": tickets(1, 2)})
    assert trial.settle() == {"a.csv": "done"}
    assert trial.tickets() == ["T1", "T2"]


def test_receipts_older_than_a_year_go(trial: Trial) -> None:
    trial.put({"a.csv": tickets(1)})
    trial.settle()
    trial.watch.now = lambda: datetime(2027, 4, 1, 8, 0)
    trial.put({"b.csv": tickets(2)})
    trial.settle()
    assert [each.file for each in receipts.newest(trial.database, 9)] == ["b.csv"]


def test_forgetting_a_person_takes_their_name_out_of_the_receipts(trial: Trial) -> None:
    trial.put({"saker Ola Nordmann.csv": tickets(1), "b.csv": tickets(2)})
    trial.settle()
    notes, name = Notes.beside(trial.database), re.compile("Ola Nordmann")
    assert notes.count_quoting(name) == 1
    assert notes.redact(name) == 1
    texts = [f"{each.file} {each.detail} {each.place}" for each in receipts.newest(trial.database, 9)]
    assert not any("Ola" in text for text in texts)
    assert any("saker ….csv" in text for text in texts)
    assert trial.look() == []
