"""From a database to Parquet and back: every report says the same, and what isn't whole is named."""

from __future__ import annotations

import json
import shutil
from datetime import datetime
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest
from filelock import FileLock

from ccinsight.access import SEES_ALL
from ccinsight.cli import run
from ccinsight.database.models import model_tables_version
from ccinsight.database.scope import Scope
from ccinsight.database.warehouse import Warehouse
from ccinsight.errors import CcinsightError
from ccinsight.files import key_file
from ccinsight.ingest import import_paths
from ccinsight.lake.collect import collect
from ccinsight.lake.layout import MANIFEST, MODELS, TABLES, Part, read_manifest, write_manifest
from ccinsight.lake.write import write_lake
from ccinsight.maintenance.backup import back_up, restore
from ccinsight.maintenance.forget import forget
from ccinsight.maintenance.rows_to_forget import Customer
from ccinsight.notes import Notes
from tests.lake.conftest import DAY, WRITTEN_AT, all_reports


@pytest.fixture
def copy(lake: Path, tmp_path: Path) -> Path:
    """A lake of one's own."""
    return Path(shutil.copytree(lake, tmp_path / "copy"))


def _change_manifest(folder: Path, **values: object) -> None:
    said = json.loads((folder / MANIFEST).read_text("utf-8"))
    (folder / MANIFEST).write_text(json.dumps({**said, **values}), "utf-8")


def test_every_report_of_a_collected_database_is_the_same(
    sample_database: Path, lake: Path, viewed: Path
) -> None:
    expected, found = all_reports(sample_database), all_reports(viewed)
    for name, rows in expected.items():
        assert rows.num_rows == found[name].num_rows and rows.equals(found[name]), name
    with duckdb.connect(str(viewed), read_only=True) as connection:
        views = connection.execute(
            "select schema_name || '.' || view_name from duckdb_views() where sql like '%read_parquet%' order by 1"
        ).fetchall()
    assert views == [("model.ticket_facts",), ("stored.tickets",)]
    modes = {(path.is_dir(), path.stat().st_mode & 0o777) for path in (lake, *lake.rglob("*"))}
    assert modes == {(True, 0o700), (False, 0o600)}


def _tables(database: Path) -> dict[str, list[tuple[int, int]]]:
    """How many rows each table has, and a sum of what is in them; without the tables about the file itself."""
    with duckdb.connect(str(database), read_only=True) as connection:
        names = connection.execute(
            "select schema_name || '.' || table_name from duckdb_tables() where schema_name in ('stored', 'model')"
        ).fetchall()
        return {
            name: connection.execute(f"select count(*), sum(hash(t)) from {name} as t").fetchall()  # noqa: S608
            for (name,) in names
            if name not in ("model.build", "model.collected", "model.collected_files")
        }


def test_tickets_lie_in_the_order_of_their_opening_with_the_types_they_are_stored_in(
    sample_database: Path, lake: Path
) -> None:
    (file,) = (lake / TABLES / "tickets").glob("*.parquet")
    opened = pq.read_table(file)["opened_at"].to_pylist()
    assert opened == sorted(opened) and len(opened) > 100

    with duckdb.connect(str(sample_database), read_only=True) as connection:
        stored = connection.execute("describe stored.tickets").fetchall()
        written = connection.execute(f"describe from '{file}'").fetchall()
        tables = connection.execute(
            "select table_name from duckdb_tables() where schema_name = 'stored'"
        ).fetchall()
    assert [row[:2] for row in written] == [row[:2] for row in stored]
    assert {name for (name,) in tables} | {"calendar"} == {
        each.name for each in (lake / TABLES).iterdir() if each.is_dir()
    }


def test_an_older_database_is_written_as_this_version_makes_it(
    sample_database: Path, lake: Path, tmp_path: Path
) -> None:
    database = Path(shutil.copy2(sample_database, tmp_path / "ccinsight.duckdb"))
    with duckdb.connect(str(database)) as connection:
        connection.execute("update model.build set models_version = 'older'")
        connection.execute("drop table stored.price_letters")
        connection.execute("drop table model.ticket_months")
    write_lake(database, tmp_path / "older", written_at=WRITTEN_AT)

    def rows(folder: Path) -> dict[str, int]:
        return {
            f"{kind}/{name}": each["rows"]
            for kind in (TABLES, MODELS)
            for name, each in json.loads((folder / kind / MANIFEST).read_text("utf-8"))["files"].items()
        }

    assert rows(tmp_path / "older") == rows(lake)


def test_nothing_changes_a_collected_database_but_a_collect(
    viewed: Path, tmp_path: Path, sample_exports: Path
) -> None:
    database = Path(shutil.copy2(viewed, tmp_path / "ccinsight.duckdb"))
    before = database.read_bytes()

    for change in (
        lambda: import_paths([sample_exports], database, imported_at=datetime(2026, 4, 1)),
        lambda: forget(database, Customer("1001"), forgotten_at=WRITTEN_AT, forgotten_by=None),
        lambda: write_lake(database, tmp_path / "again", written_at=WRITTEN_AT),
    ):
        with pytest.raises(CcinsightError, match=r"was collected from the lake .* can't be changed"):
            change()
    assert database.read_bytes() == before and not (tmp_path / "again" / TABLES).exists()


def test_a_forgotten_customer_is_gone_at_the_next_write_and_from_the_notes(
    sample_database: Path, copy: Path, tmp_path: Path
) -> None:
    own, database, lake = tmp_path / "own.duckdb", tmp_path / "collected.duckdb", copy
    shutil.copy2(sample_database, own)
    Notes.beside(database).save_agenda(
        "1001", DAY, DAY, DAY, agenda="Pris", agreed="Kurs", saved_at=WRITTEN_AT, saved_by="Kari"
    )
    with duckdb.connect(str(own), read_only=True) as connection:
        ((ticket,),) = connection.execute(
            "select min(ticket_id) from stored.tickets where customer_id = '1001'"
        ).fetchall()
    assert _holds(lake, ticket, "1001")

    forget(own, Customer("1001"), forgotten_at=WRITTEN_AT, forgotten_by=None)
    write_lake(own, lake, written_at=WRITTEN_AT)
    assert not _holds(lake, ticket, "1001")
    collect(lake, database, with_tickets=False)
    assert Notes.beside(database).count_of("1001") == 1
    forget(database, Customer("1001"), forgotten_at=WRITTEN_AT, forgotten_by=None)
    assert Notes.beside(database).count_of("1001") == 0


def _holds(lake: Path, *values: str) -> bool:
    """Whether any text column of the lake holds one of the values."""
    for folder in (each for kind in (TABLES, MODELS) for each in (lake / kind).iterdir() if each.is_dir()):
        for file in folder.glob("*.parquet"):
            for column in pq.read_table(file).columns:
                if str(column.type) == "string" and set(values) & set(column.to_pylist()):
                    return True
    return False


def test_tickets_that_are_missing_are_named_with_what_to_do(
    copy: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    database = tmp_path / "ccinsight.duckdb"
    collect(copy, database, with_tickets=False)
    with Warehouse.open(database) as house:
        copy.rename(tmp_path / "moved")
        with pytest.raises(CcinsightError, match=r"tickets of .* are in .* missing or was replaced"):
            house.report("tickets_by_month", Scope(DAY, SEES_ALL))
        assert house.report("renewals", Scope(DAY, SEES_ALL)).num_rows
    assert run(["report", "renewals", "--database", str(database)]) == 1
    assert "ccinsight lake collect" in capsys.readouterr().err

    (tmp_path / "moved").rename(copy)
    Warehouse.open(database).close()


def test_a_backup_says_that_the_tickets_are_elsewhere_and_to_collect_again(
    lake: Path, viewed: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    database = Path(shutil.copy2(viewed, tmp_path / "ccinsight.duckdb"))
    assert run(["backup", str(tmp_path / "backup"), "--database", str(database)]) == 0
    assert f"The tickets are in {lake} and not in this backup" in capsys.readouterr().out

    restored = tmp_path / "restored" / "ccinsight.duckdb"
    restored.parent.mkdir()
    restore(restored, tmp_path / "backup", restored_at=WRITTEN_AT)
    with Warehouse.open(restored) as house, Warehouse.open(database) as original:
        scope = Scope(DAY, SEES_ALL)
        assert house.report("tickets_by_month", scope).equals(original.report("tickets_by_month", scope))

    key_file(database).write_bytes(b"k" * 32)
    with duckdb.connect(str(database)) as connection:
        connection.execute("update model.build set models_version = 'older'")
    back_up(database, tmp_path / "older", made_at=WRITTEN_AT)
    with duckdb.connect(str(database)) as connection:  # forgotten since, where the lake is written from
        connection.execute("insert into stored.forgotten (kind, hashed) values ('customer', 'abc')")

    assert run(["restore", str(tmp_path / "older"), "--database", str(database)]) == 0
    said = capsys.readouterr()
    assert f"collect it again with `ccinsight lake collect {lake}`" in said.out and not said.err
    with pytest.raises(CcinsightError, match=f"collected by another version.*--database {database}"):
        Warehouse.open(database)


def test_numbers_that_spark_wrote_with_a_sign_are_the_same(
    sample_database: Path, copy: Path, tmp_path: Path
) -> None:
    """Spark has no unsigned numbers: half of the contacts' keys are negative."""
    (file,) = (copy / MODELS / "ticket_facts").glob("*.parquet")
    signed = tmp_path / "signed.parquet"
    with duckdb.connect() as connection:
        connection.execute(
            "copy (select * replace (cast(case when contact_key >= 2 ** 63 then contact_key - 18446744073709551616"  # noqa: S608
            f" else contact_key end as bigint) as contact_key) from '{file}') to '{signed}'"
        )
        assert connection.execute(
            "select min(contact_key) < 0 from read_parquet(?)", [str(signed)]
        ).fetchall() == [(True,)]
    signed.replace(file)
    write_manifest(
        copy / MODELS,
        read_manifest(Part(copy), TABLES).write_id,
        WRITTEN_AT,
        models_version=model_tables_version(),
    )
    copied, seen = tmp_path / "copied.duckdb", tmp_path / "viewed.duckdb"
    assert collect(copy, copied) == collect(copy, seen, with_tickets=False) == (None,)
    assert _tables(copied) == _tables(sample_database)
    keys = "select sum(contact_key) from model.ticket_facts"
    with (
        duckdb.connect(str(seen), read_only=True) as one,
        duckdb.connect(str(sample_database), read_only=True) as other,
    ):
        assert one.execute(keys).fetchall() == other.execute(keys).fetchall()


def test_a_write_that_fails_or_was_killed_leaves_the_lake_as_it_was(
    sample_database: Path, copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = _bytes_of(copy)
    rename, renamed = Path.rename, []

    def refuse_third(path: Path, to: Path) -> Path:
        renamed.append(path)
        if len(renamed) == 3:
            raise OSError("no more")
        return rename(path, to)

    monkeypatch.setattr(Path, "rename", refuse_third)
    with pytest.raises(CcinsightError, match=r"could not be written.* Details: no more"):
        write_lake(sample_database, copy, written_at=WRITTEN_AT)
    assert _bytes_of(copy) == before and len(renamed) == 5
    monkeypatch.undo()

    (copy / ".writing" / "replaced").mkdir(parents=True)
    for kind in (MODELS, TABLES):
        (copy / kind).rename(copy / ".writing" / "replaced" / kind)
    with FileLock(copy / ".writing.lock"), pytest.raises(CcinsightError, match="Another write into the lake"):
        write_lake(sample_database, copy, written_at=WRITTEN_AT)
    monkeypatch.setattr("ccinsight.lake.write.write_manifest", refuse_third)
    with pytest.raises(TypeError):
        write_lake(sample_database, copy, written_at=WRITTEN_AT)
    assert _bytes_of(copy) == before


def _bytes_of(lake: Path) -> dict[Path, bytes]:
    return {file: file.read_bytes() for kind in (TABLES, MODELS) for file in (lake / kind).rglob("*.*")}


def test_a_write_replaces_what_an_earlier_one_left(sample_database: Path, copy: Path, tmp_path: Path) -> None:
    (copy / ".writing" / TABLES).mkdir(parents=True)  # of a write that was killed
    (copy / ".writing" / TABLES / "half.parquet").write_bytes(b"PAR1")
    write_lake(sample_database, copy, with_models=False, written_at=WRITTEN_AT)

    assert not (copy / ".writing").exists() and not (copy / MODELS).exists()
    assert len(list((copy / TABLES / "tickets").iterdir())) == 1
    with pytest.raises(CcinsightError, match=r"has no models.*ccinsight spark build"):
        collect(copy, tmp_path / "ccinsight.duckdb")


def test_a_lake_that_is_not_whole_is_refused(copy: Path, lake: Path, tmp_path: Path) -> None:
    database = tmp_path / "ccinsight.duckdb"

    def refused(match: str) -> None:
        with pytest.raises(CcinsightError, match=match):
            collect(copy, database)
        assert not database.exists()
        shutil.rmtree(copy)
        shutil.copytree(lake, copy)

    (agreements,) = (copy / TABLES / "agreements").glob("*.parquet")
    agreements.write_bytes(agreements.read_bytes()[:-1])
    refused("The lake is damaged: .*agreements")
    agreements.unlink()
    refused("The lake is damaged: .*agreements")
    _change_manifest(copy / MODELS, models_version="older")
    refused("of other tables or of another version")
    _change_manifest(copy / MODELS, write_id="another")
    refused("of other tables or of another version")
    _change_manifest(copy / TABLES, format=99)
    refused("written by a newer ccinsight")
    (copy / TABLES / MANIFEST).write_text("{")
    refused("The lake is damaged: .*manifest.json")
    (copy / TABLES / MANIFEST).unlink()
    refused("isn't whole: .*manifest.json is missing")
    shutil.rmtree(copy / TABLES)
    refused("is no lake of ccinsight")


def test_what_cannot_be_written_or_collected_is_one_sentence(
    sample_database: Path, lake: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own = Path(shutil.copy2(sample_database, tmp_path / "own.duckdb"))
    (tmp_path / "file").write_text("text")
    foreign = tmp_path / "foreign"
    (foreign / TABLES).mkdir(parents=True)
    model = tmp_path / "machine" / MODELS
    model.mkdir(parents=True)
    said = {
        ("collect", str(lake), "--database", str(own)): "exports were imported into",
        (
            "collect",
            str(lake),
            "--partner",
            "nord",
            "--database",
            str(tmp_path / "x.duckdb"),
        ): "no partner nord",
        ("collect", str(tmp_path / "none"), "--database", str(tmp_path / "x.duckdb")): "doesn't exist",
        ("write", str(tmp_path / "file"), "--database", str(own)): "is a file, not a folder",
        ("write", str(tmp_path / "no" / "folder"), "--database", str(own)): "doesn't exist",
        ("write", str(foreign), "--database", str(own)): "isn't of a lake of ccinsight",
        ("write", str(model.parent), "--database", str(own)): "isn't of a lake of ccinsight",
        ("write", str(lake), "--partner", "nord", "--database", str(own)): "can't hold both",
        (
            "write",
            str(tmp_path / "new"),
            "--partner",
            "a/b",
            "--database",
            str(own),
        ): "can't be a partner's name",
        ("write", str(tmp_path / "new"), "--database", str(tmp_path / "none.duckdb")): "no database",
    }
    for arguments, words in said.items():
        assert run(["lake", *arguments]) in (1, 2)
        error = capsys.readouterr().err
        assert words in error and error.count("\n") == 1, arguments
    assert sample_database.read_bytes() == own.read_bytes() and not (tmp_path / "new").exists()
    assert model.exists()
