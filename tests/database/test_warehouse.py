"""The DuckDB file: built beside and swapped, read while replaced, rebuilt for models of another version."""

from __future__ import annotations

import os
import threading
from datetime import date
from pathlib import Path

import duckdb
import pytest
from filelock import FileLock

from ccinsight.access import SEES_ALL
from ccinsight.database import build as rooms
from ccinsight.database.build import build_beside
from ccinsight.database.scope import Filters, Scope
from ccinsight.database.warehouse import Limits, Warehouse, share_of_memory
from ccinsight.errors import CcinsightError, NoDatabaseError, UsageError
from ccinsight.settings.parsing import default_settings
from ccinsight.settings.storing import store_settings

DAY = date(2026, 3, 15)


def _build(database: Path, *agreement_ids: str) -> None:
    """A database that holds these agreements beside those that are there."""
    with build_beside(database) as connection:
        store_settings(connection, default_settings())
        for agreement_id in agreement_ids:
            connection.execute(
                """
                insert into stored.agreements
                    (agreement_id, customer_id, customer_name, account_manager, product, subscribed_on,
                     price_basis, complexity, registered_users, file_id, line)
                values
                    (?, ?, 'Fjord AS', 'Kari', 'CloudCare CRM', date '2025-04-01',
                     'price_list', 'standard', 12, 1, 2)
                """,
                [agreement_id, agreement_id],
            )


def _agreements(database: Path) -> list[str]:
    with Warehouse.open(database) as house:
        return house.report("agreements", Scope(DAY, SEES_ALL)).column("agreement_id").to_pylist()  # type: ignore[no-any-return]


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "ccinsight.duckdb"


def test_a_build_keeps_what_was_there(database: Path) -> None:
    _build(database, "A")
    _build(database, "B")
    assert _agreements(database) == ["A", "B"]


def test_a_build_that_fails_leaves_the_old_file_and_nothing_else(database: Path) -> None:
    _build(database, "A")
    before = database.read_bytes()
    with pytest.raises(RuntimeError), build_beside(database):
        raise RuntimeError
    assert database.read_bytes() == before
    assert sorted(each.name for each in database.parent.iterdir()) == [
        ".ccinsight.duckdb.lock",
        "ccinsight.duckdb",
    ]


def test_what_a_killed_build_left_is_removed_by_the_next(database: Path) -> None:
    for left in (".ccinsight.duckdb.building", ".ccinsight.duckdb.building.wal"):
        database.with_name(left).write_bytes(b"half a file")
    _build(database, "A")
    assert not list(database.parent.glob("*building*"))
    assert _agreements(database) == ["A"]


def test_a_reader_goes_on_with_the_old_rows_and_sees_that_there_are_new_ones(database: Path) -> None:
    _build(database, "A")
    with Warehouse.open(database, under_own_name=True) as old:
        _build(database, "B")
        assert not old.is_current()
        assert old.report("agreements", Scope(DAY, SEES_ALL)).num_rows == 1
        with Warehouse.open(database, under_own_name=True) as new:
            assert new.report("agreements", Scope(DAY, SEES_ALL)).num_rows == 2
            assert new.build_id != old.build_id
    assert not list(database.parent.glob(".*.reading"))


def test_links_of_processes_that_are_gone_are_removed(database: Path) -> None:
    _build(database, "A")
    dead = os.fork()
    if dead == 0:
        os._exit(0)
    os.waitpid(dead, 0)
    left = database.with_name(f".ccinsight.duckdb.1-2.{dead}.reading")
    left.hardlink_to(database)
    Warehouse.open(database, under_own_name=True).close()
    assert not left.exists()


def test_a_file_of_another_models_version_is_rebuilt_from_its_own_tables(database: Path) -> None:
    _build(database, "A")
    with duckdb.connect(str(database)) as connection:
        connection.execute("update model.build set models_version = 'older'")
        connection.execute("drop macro table agreements")
    assert _agreements(database) == ["A"]


def test_a_file_from_before_elapsed_times_is_rebuilt(database: Path) -> None:
    """It knows neither the passes of the repeated hour nor a least time of a first reply."""
    _build(database, "A")
    with duckdb.connect(str(database)) as connection:
        connection.execute(
            """
            insert into stored.tickets (ticket_id, customer_id, opened_at, first_reply_at, file_id, line)
            values ('1', 'A', '2025-10-26 02:10:00', '2025-10-26 02:40:00', 2, 2)
            """
        )
        connection.execute("drop schema model cascade")
        connection.execute("drop view main.tickets")
        connection.execute("alter table stored.tickets drop column second_passes")
        connection.execute("drop table stored.reply_terms")
        connection.execute("create schema model")
        connection.execute("create table model.build as select 'a' as build_id, 'older' as models_version")
    with Warehouse.open(database) as house:
        (_down, other) = house.report("response", Scope(DAY, SEES_ALL)).to_pylist()
    assert (other["replied"], other["median_hours"]) == (1, 0.5)


def test_a_second_build_says_that_one_is_under_way(database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rooms, "_LOCK_SECONDS", 0.1)
    with (
        FileLock(database.with_name(".ccinsight.duckdb.lock")),
        pytest.raises(CcinsightError, match="under way"),
    ):
        _build(database, "A")


def test_no_file_another_file_and_another_database_differ(database: Path) -> None:
    with pytest.raises(NoDatabaseError, match=r"ccinsight\.duckdb"):
        Warehouse.open(database)
    database.write_text("no database")
    with pytest.raises(CcinsightError, match="is damaged or isn't a database"):
        Warehouse.open(database)
    database.unlink()
    duckdb.connect(str(database)).close()
    with pytest.raises(CcinsightError, match="not one of ccinsight"):
        Warehouse.open(database)


def test_threads_share_a_warehouse(database: Path) -> None:
    _build(database, "A", "B")
    counts: list[int] = []
    with Warehouse.open(database) as house:
        threads = [
            threading.Thread(
                target=lambda: counts.append(house.report("agreements", Scope(DAY, SEES_ALL)).num_rows)
            )
            for _ in range(8)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert counts == [2] * 8


def test_the_file_answers_by_itself(database: Path) -> None:
    _build(database, "A")
    with duckdb.connect(str(database), read_only=True) as connection:
        rows = connection.execute(
            "select agreement_id, renewal_on from renewals(date '2026-03-15')"
        ).fetchall()
    assert rows == [("A", date(2026, 4, 1))]


@pytest.mark.parametrize(
    ("filters", "named"),
    [
        (Filters(customers=("A", "nobody")), "nobody"),
        (Filters(account_managers=("Ingen",)), "Ingen"),
        (Filters(user_bands=("7-9",)), "7–9"),
    ],
)
def test_a_filter_value_that_does_not_exist_is_named(database: Path, filters: Filters, named: str) -> None:
    _build(database, "A")
    with Warehouse.open(database) as house, pytest.raises(UsageError, match=named):
        house.resolve(DAY, filters, SEES_ALL)


def test_filters_must_all_fit(database: Path) -> None:
    _build(database, "A", "B")
    with Warehouse.open(database) as house:
        assert house.resolve(DAY, Filters(), SEES_ALL) == Scope(DAY, SEES_ALL)
        fitting = Filters(customers=("A",), account_managers=("Kari",), user_bands=("10-24",))
        assert house.resolve(DAY, fitting, SEES_ALL) == Scope(DAY, SEES_ALL, ("A",))
        assert house.resolve(DAY, Filters(user_bands=("1–4",)), SEES_ALL) == Scope(DAY, SEES_ALL, ())


def test_an_empty_selection_means_none(database: Path) -> None:
    _build(database, "A")
    with Warehouse.open(database) as house:
        assert house.report("agreements", Scope(DAY, SEES_ALL, ())).num_rows == 0


def test_an_unknown_report_or_option_is_named(database: Path) -> None:
    _build(database, "A")
    with Warehouse.open(database) as house:
        with pytest.raises(UsageError, match="renewalz"):
            house.report("renewalz", Scope(DAY, SEES_ALL))
        with pytest.raises(UsageError, match="months"):
            house.report("deadlines", Scope(DAY, SEES_ALL), months=3)


@pytest.mark.parametrize(
    ("given", "processes", "limit"),
    [("3GiB", 1, "3.0 GiB"), ("3GiB", 4, "768.0 MiB"), ("3000 MB", 3, "953.6 MiB")],
)
def test_processes_divide_the_memory_that_the_settings_allow(
    given: str, processes: int, limit: str, sample_database: Path
) -> None:
    with (
        Warehouse.open(
            sample_database, limits=Limits(given, processes=processes), under_own_name=True
        ) as house,
        house.reading() as cursor,
    ):
        found = cursor.execute(
            "select current_setting('memory_limit'), current_setting('max_temp_directory_size')"
        ).fetchone()
    assert found == (limit, f"{16 / processes:.1f} GiB")


def test_processes_divide_the_share_of_the_machine() -> None:
    assert share_of_memory(4) == pytest.approx(share_of_memory() / 4, abs=1)
