"""The log of imports, identical files, undo, and rows that a full new file doesn't hold."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import duckdb
import pytest

from ccinsight.database.build import build_beside
from ccinsight.errors import CcinsightError
from ccinsight.files import previous_file
from ccinsight.ingest import change_settings, import_paths
from ccinsight.ingest.history.undoing import possible_undo, undo
from ccinsight.settings.editing import Value
from tests.ingest.trying import WHEN, Trial, tickets, try_import

ONE = tickets("T1;7;2026-01-05", "T2;7;2026-01-06")
LATER = datetime(2026, 3, 16, 9, 30)
OTHER = tickets("T3;7;2026-01-07")


def _ids(folder: Path) -> list[str]:
    summary = import_paths  # the database is read as it lies there
    return Trial(summary, folder / "try.duckdb").values("select ticket_id from stored.tickets order by 1")  # type: ignore[arg-type]


def test_each_import_is_kept_in_the_log(tmp_path: Path) -> None:
    try_import(tmp_path, {"tickets.csv": ONE}, imported_by="kari")
    found = try_import(tmp_path, {"saker.csv": OTHER}, imported_by="ola")

    assert found.rows(
        "select i.imported_by, i.imported_at, f.name, length(f.sha256), f.rows_good "
        "from stored.imports as i join stored.files as f using (import_id) order by import_id"
    ) == [("kari", WHEN, "tickets.csv", 64, 2), ("ola", WHEN, "saker.csv", 64, 1)]


def test_identical_file_changes_nothing_and_says_so(tmp_path: Path) -> None:
    first = try_import(tmp_path, {"tickets.csv": ONE})
    before = first.database.stat().st_ino, first.database.read_bytes()

    again = try_import(tmp_path, {"tickets.csv": ONE})

    assert not again.summary.database_changed and again.summary.unchanged == ("tickets.csv",)
    assert "the same file as the last time" in "\n".join(again.summary.lines())
    assert (again.database.stat().st_ino, again.database.read_bytes()) == before


def test_identical_file_under_another_name_changes_nothing(tmp_path: Path) -> None:
    try_import(tmp_path, {"tickets.csv": ONE})
    assert not try_import(tmp_path, {"saker-2026.csv": ONE}).summary.database_changed


def test_only_the_new_file_of_several_is_read(tmp_path: Path) -> None:
    agreements = "agreement_id;customer_id;customer_name;subscribed_on\nA1;7;Fjord;2024-03-01\n"
    try_import(tmp_path, {"tickets.csv": ONE, "agreements.csv": agreements})

    found = try_import(tmp_path, {"tickets.csv": ONE, "agreements.csv": agreements.replace("Fjord", "Fjell")})

    assert found.summary.unchanged == ("tickets.csv",)
    assert found.file.export == "agreements"
    assert found.values("select customer_name from stored.agreements") == ["Fjell"]
    assert found.values("select count(*) from stored.tickets") == [2]


def test_older_file_is_read_again_as_its_rows_count_last(tmp_path: Path) -> None:
    try_import(tmp_path, {"tickets.csv": ONE})
    try_import(tmp_path, {"later.csv": tickets("T1;8;2026-01-05")})

    found = try_import(tmp_path, {"tickets.csv": ONE})

    assert found.summary.database_changed
    assert found.values("select customer_id from stored.tickets where ticket_id = 'T1'") == ["7"]


def test_identical_file_is_read_again_by_other_settings(tmp_path: Path) -> None:
    ambiguous = {"tickets.csv": tickets("T1;7;05/04/2026")}
    assert try_import(tmp_path, ambiguous).file.rows_rejected == 1

    found = try_import(tmp_path, ambiguous, "[import]\nday_first = true\n")

    assert found.file.rows_good == 1
    assert not try_import(tmp_path, ambiguous).summary.database_changed


def test_changed_settings_are_stored_though_the_file_is_the_same(tmp_path: Path) -> None:
    try_import(tmp_path, {"tickets.csv": ONE})

    found = try_import(tmp_path, {"tickets.csv": ONE}, "[user_bands]\nfrom = [1, 20]\n")

    assert found.summary.unchanged == ("tickets.csv",) and found.summary.database_changed
    assert found.values("select count(*) from stored.user_bands") == [2]
    assert found.rows("select import_id, export, name from stored.files order by 1") == [
        (1, "tickets", "tickets.csv"),
        (2, "settings", "settings.toml"),
    ]


def test_identical_file_that_starts_afresh(tmp_path: Path) -> None:
    try_import(tmp_path, {"tickets.csv": ONE})
    assert not try_import(tmp_path, {"tickets.csv": ONE}, replace={"tickets"}).summary.database_changed
    try_import(tmp_path, {"more.csv": OTHER})
    try_import(tmp_path, {"more.csv": OTHER}, replace={"tickets"}, confirmed=True)
    assert _ids(tmp_path) == ["T3"]


def test_undo_and_undo_of_it(tmp_path: Path) -> None:
    try_import(tmp_path, {"tickets.csv": ONE})
    database = try_import(tmp_path, {"more.csv": OTHER}).database

    undone = undo(database)
    assert not undone.is_redo and "more.csv" in undone.done()
    assert _ids(tmp_path) == ["T1", "T2"]
    brought_back = undo(database)
    assert brought_back.is_redo and "more.csv" in brought_back.done()
    assert _ids(tmp_path) == ["T1", "T2", "T3"]


def test_new_settings_of_an_import_stand_in_the_log_with_it(tmp_path: Path) -> None:
    try_import(tmp_path, {"tickets.csv": ONE}, "[user_bands]\nfrom = [1, 20]\n")

    found = try_import(tmp_path, {"more.csv": OTHER}, "[user_bands]\nfrom = [1, 30]\n")

    assert found.rows("select import_id, export from stored.files order by file_id") == [
        (1, "tickets"),
        (2, "tickets"),
        (2, "settings"),
    ]
    assert "more.csv, settings.toml" in undo(found.database).done()


def test_applied_settings_are_logged_and_undone_like_an_import(tmp_path: Path) -> None:
    database = try_import(tmp_path, {"tickets.csv": ONE}, "[user_bands]\nfrom = [1, 20]\n").database
    entries: dict[tuple[str, ...], Value] = {
        ("categories", "Kurs"): {"scope": "training"},
        ("values", "channel", "Teams"): "chat",
    }

    assert change_settings(database, entries, applied_at=LATER, applied_by="kari")

    found = Trial(None, database)  # type: ignore[arg-type]
    assert found.rows("select category, scope from stored.categories") == [("Kurs", "training")]
    assert found.values("select user_band from stored.user_bands") == ["1–19", "20+"]
    assert found.rows(
        "select i.imported_at, i.imported_by, f.export, f.rows_read "
        "from stored.imports as i join stored.files as f using (import_id) where import_id = 2"
    ) == [(LATER, "kari", "settings", 0)]
    assert not change_settings(database, entries, applied_at=LATER), "the same again changes nothing"

    undone = undo(database)
    assert "The settings of" in undone.done() and not undone.is_redo
    assert found.values("select count(*) from stored.categories") == [0]
    assert found.values("select count(*) from stored.tickets") == [2]
    assert "were restored" in undo(database).done()
    assert found.values("select category from stored.categories") == ["Kurs"]


def test_settings_that_cannot_be_are_refused(tmp_path: Path) -> None:
    database = try_import(tmp_path, {"tickets.csv": ONE}).database
    before = database.read_bytes()
    with pytest.raises(CcinsightError, match="gossip"):
        change_settings(database, {("headers", "tickets", "Prat"): "gossip"}, applied_at=LATER)
    with pytest.raises(CcinsightError, match="import first"):
        change_settings(tmp_path / "none.duckdb", {}, applied_at=LATER)
    assert database.read_bytes() == before


def test_first_import_has_nothing_before_it(tmp_path: Path) -> None:
    database = try_import(tmp_path, {"tickets.csv": ONE}).database
    assert possible_undo(database) is None
    with pytest.raises(CcinsightError, match="nothing to undo"):
        undo(database)


def test_only_one_earlier_state_is_kept_and_nothing_else(tmp_path: Path) -> None:
    for number in range(4):
        found = try_import(tmp_path, {"tickets.csv": tickets(f"T{number};7;2026-01-05")})
    undo(found.database)
    names = {path.name for path in tmp_path.iterdir()}
    assert names == {"tickets.csv", "try.duckdb", "try.duckdb.previous", ".try.duckdb.lock"}
    assert _ids(tmp_path) == ["T0", "T1", "T2"]


def test_failed_import_and_rebuild_leave_the_earlier_state(tmp_path: Path) -> None:
    try_import(tmp_path, {"tickets.csv": ONE})
    database = try_import(tmp_path, {"more.csv": OTHER}).database
    with pytest.raises(CcinsightError):
        try_import(tmp_path, {"tickets.csv": "ticket_id;title\n1;x\n"})
    with build_beside(database):
        pass

    assert not undo(database).is_redo
    assert _ids(tmp_path) == ["T1", "T2"]


@pytest.mark.parametrize("ends_with_previous", [True, False])
def test_undo_killed_in_its_midst_is_ended_by_the_next_writer(
    ends_with_previous: bool, tmp_path: Path
) -> None:
    try_import(tmp_path, {"tickets.csv": ONE})
    database = try_import(tmp_path, {"more.csv": OTHER}).database
    aside = database.with_name(f".{database.name}.exchanging")
    aside.hardlink_to(database)
    if not ends_with_previous:
        previous_file(database).replace(database)

    found = undo(database)

    assert found.is_redo is not ends_with_previous
    assert not aside.exists()


def test_tickets_older_than_the_settings_keep_go(tmp_path: Path) -> None:
    files = {"tickets.csv": tickets("T1;7;2023-03-14", "T2;7;2023-03-15 12:00", "T3;7;2026-01-05")}

    found = try_import(tmp_path, files, "[import]\nkeep_months = 36\n")

    assert found.values("select ticket_id from stored.tickets order by 1") == ["T2", "T3"]
    assert found.summary.retired == 1
    assert "1 ticket is older than keep_months allows" in "\n".join(found.summary.lines())


def test_age_counts_also_where_no_file_is_new(tmp_path: Path) -> None:
    database = try_import(
        tmp_path,
        {"tickets.csv": tickets("T1;7;2023-04-01", "T3;7;2026-01-05")},
        "[import]\nkeep_months = 36\n",
    ).database

    later = import_paths(
        [tmp_path / "tickets.csv"], database, imported_at=datetime(2026, 5, 1), imported_by="kari"
    )

    assert later.retired == 1
    assert _ids(tmp_path) == ["T3"]
    with duckdb.connect(str(database), read_only=True) as connection:
        logged = connection.execute(
            "select i.import_id, i.imported_by, f.export, f.name, f.rows_read from stored.imports as i "
            "inner join stored.files as f on i.import_id = f.import_id order by f.file_id"
        ).fetchall()
    assert [row for row in logged if row[0] > 1] == [(2, "kari", "retired", "keep_months = 36", 1)]
    found = possible_undo(database)
    assert found is not None and found.imported.import_id == 2
    undo(database)
    assert _ids(tmp_path) == ["T1", "T3"]


def test_tickets_that_became_too_old_are_nowhere_in_the_new_file(tmp_path: Path) -> None:
    rows = ["T1;7;2023-04-01;hemmelig kvæde", "T3;7;2026-01-05;ny"]
    file = "\n".join(["ticket_id;customer_id;opened_at;title", *rows])
    database = try_import(tmp_path, {"tickets.csv": file}, "[import]\nkeep_months = 36\n").database
    assert "hemmelig kvæde".encode() in database.read_bytes()

    import_paths([tmp_path / "tickets.csv"], database, imported_at=datetime(2026, 5, 1))

    assert "hemmelig kvæde".encode() not in database.read_bytes()


def test_no_database_of_ours_is_left_alone(tmp_path: Path) -> None:
    import duckdb

    with duckdb.connect(str(tmp_path / "try.duckdb")) as connection:
        connection.execute("create table mine (a integer)")
    before = (tmp_path / "try.duckdb").read_bytes()
    with pytest.raises(CcinsightError, match=r"try\.duckdb"):
        try_import(tmp_path, {"tickets.csv": ONE})
    assert (tmp_path / "try.duckdb").read_bytes() == before


def test_a_hundred_files_in_one_call(tmp_path: Path) -> None:
    files = {f"tickets-{at:03}.csv": tickets(f"T{at};7;2026-01-05") for at in range(100)}
    found = try_import(tmp_path, files)
    assert found.values("select count(*) from stored.tickets") == [100]
    assert found.values("select count(distinct file_id) from stored.tickets") == [100]


def test_a_missing_file_of_our_own_is_not_taken_for_the_export(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    missing = tmp_path / "another.txt"
    monkeypatch.setattr("ccinsight.ingest.load.loader.staged_chunks", lambda *_given: missing.open())
    with pytest.raises(CcinsightError, match=r"another\.txt: No such file") as error:
        try_import(tmp_path, {"tickets.csv": tickets("1;1;2026-01-01")})
    assert "try.duckdb could not be written" in str(error.value)
