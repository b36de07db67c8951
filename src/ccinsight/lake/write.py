"""``ccinsight lake write``: a database's tables and models as Parquet files.

They are written beside what is there and put in its place when they are whole (``placing``).
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb

from ccinsight.database.build import attached, only_writer, stored_before
from ccinsight.database.collected import refuse_collected
from ccinsight.database.models import all_models, model_tables_version
from ccinsight.database.warehouse import Warehouse
from ccinsight.errors import CcinsightError, NotNowError, detailed
from ccinsight.i18n import _
from ccinsight.lake import placing
from ccinsight.lake.layout import (
    MANIFEST,
    MODELS,
    ROW_GROUP,
    TABLES,
    TICKET_SIZED,
    Part,
    mixed,
    part_of,
    read_manifest,
    write_manifest,
)

Progress = Callable[[float, str], None]
_MEMORY = "1200MiB"
_CALENDAR = "calendar"


@dataclass(frozen=True)
class WrittenLake:
    """What was written: where, and the bytes of its tables and models together."""

    folder: Path
    bytes: int


def write_lake(
    database: Path,
    folder: Path,
    *,
    partner: str | None = None,
    with_models: bool = True,
    written_at: datetime,
    progress: Progress | None = None,
) -> WrittenLake:
    """Writes the stored tables, the settings and the calendar, and the models unless others will make them.

    An older database is rebuilt first, as whenever it is opened. ``partner``: into that partner's part of a group's
    lake. Raises CcinsightError where there is no database, or it was collected itself, or the folder holds something
    else or can't be written; then the lake is as it was.
    """
    database, folder = database.absolute(), folder.absolute()
    part = part_of(folder, partner)
    _refuse_folder(folder, part)
    with only_writer(database):
        Warehouse.open(database).close()
        with stored_before(database) as connection:
            if connection is not None:
                refuse_collected(connection, None, database)
        with _written_or_not(folder), placing.only_lake_writer(folder, part) as beside:
            _write(database, beside, with_models, written_at, progress)
            placing.put_in_place(part, beside)
    kinds = [read_manifest(part, kind) for kind in (TABLES, *([MODELS] if with_models else []))]
    return WrittenLake(
        part.folder,
        sum(size for each in kinds for files in each.files.values() for size, _hash in files.values()),
    )


def _refuse_folder(folder: Path, part: Part) -> None:
    if folder.exists() and not folder.is_dir():
        raise CcinsightError(_("{folder} is a file, not a folder.").format(folder=folder))
    if not folder.parent.is_dir():
        raise CcinsightError(_("The folder {folder} doesn't exist.").format(folder=folder.parent))
    has_tables, has_partners = (folder / TABLES).exists(), any(folder.glob("partner=*"))
    if (part.partner is None and has_partners) or (part.partner is not None and has_tables):
        raise mixed(folder)
    for kind in (TABLES, MODELS):
        there = part.folder / kind
        # Models without a manifest are being built by Spark, of tables that have one.
        is_ours = any((part.folder / each / MANIFEST).exists() for each in (kind, TABLES))
        if there.exists() and not is_ours:
            raise CcinsightError(
                _("{folder} isn't of a lake of ccinsight and isn't replaced. Use another folder.").format(
                    folder=there
                )
            )


def _write(
    database: Path, beside: Path, with_models: bool, written_at: datetime, progress: Progress | None
) -> None:
    spilled = beside / ".spilled"
    with (
        duckdb.connect(config={"memory_limit": _MEMORY, "temp_directory": str(spilled)}) as connection,
        attached(connection, database),
    ):
        relations = _relations(connection, with_models)
        rows = {
            each: int(connection.execute(f"select count(*) from {each[2]}").fetchall()[0][0])  # noqa: S608
            for each in relations
        }
        done, write_id = 0, secrets.token_hex(6)
        for kind, name, relation in relations:
            if progress:
                progress(done / max(sum(rows.values()), 1), name)
            _copy(connection, relation, beside / kind / name / f"{write_id}.parquet", kind, name)
            done += rows[kind, name, relation]
        [(build_id, imported_at)] = connection.execute(
            "select b.build_id, (select max(i.imported_at) from previous.stored.imports as i)"
            " from previous.model.build as b"
        ).fetchall()
    said = {"build_id": str(build_id), "imported_at": imported_at.isoformat() if imported_at else None}
    write_manifest(beside / TABLES, write_id, written_at, **said)
    if with_models:
        write_manifest(
            beside / MODELS, write_id, written_at, models_version=model_tables_version(), engine="DuckDB"
        )


def _relations(connection: duckdb.DuckDBPyConnection, with_models: bool) -> list[tuple[str, str, str]]:
    """What is written: its kind, its name and the relation that has its rows."""
    stored = connection.execute(
        "select table_name from duckdb_tables() where database_name = 'previous' and schema_name = 'stored' order by 1"
    ).fetchall()
    found = [(TABLES, name, f"previous.stored.{name}") for (name,) in stored]
    found.append((TABLES, _CALENDAR, f"previous.model.{_CALENDAR}"))
    if with_models:
        found += [
            (MODELS, model.name, f"previous.{model.relation}")
            for model in all_models()
            if model.kind == "table"
        ]
    return found


def _copy(connection: duckdb.DuckDBPyConnection, relation: str, file: Path, kind: str, name: str) -> None:
    """One table as one file; tickets by the time they were opened, so that a report reads few row groups."""
    file.parent.mkdir(parents=True)
    order = " order by opened_at, file_id, line" if name == TICKET_SIZED[kind] else ""
    path = str(file).replace("'", "''")
    connection.execute(
        f"copy (select * from {relation}{order}) to '{path}'"  # noqa: S608 (our own names)
        f" (format parquet, compression zstd, row_group_size {ROW_GROUP})"
    )


@contextmanager
def _written_or_not(folder: Path) -> Iterator[None]:
    try:
        yield
    except (duckdb.Error, OSError) as e:
        text = _(
            "The lake {folder} could not be written. Check that the disk has room and that the folder may be written "
            "to, and try again."
        )
        raise NotNowError(detailed(text.format(folder=folder), e)) from e
