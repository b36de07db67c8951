"""``ccinsight lake collect``: a database made of a lake, which reports and the dashboard read as any other.

Customer-sized tables and models are copied into the file. Tickets are copied too, or stay in the lake's Parquet, which
views read. Nothing is computed: the models are those of the lake.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb

from ccinsight.database.build import replaced_beside, stored_before
from ccinsight.database.collected import Origin, collected_from, mark_collected
from ccinsight.database.models import all_models, model_tables_version, models_version
from ccinsight.errors import CcinsightError, UsageError
from ccinsight.i18n import _
from ccinsight.lake import partners
from ccinsight.lake.layout import (
    MANIFEST,
    MODELS,
    TABLES,
    TICKET_SIZED,
    Part,
    Written,
    check_file,
    damaged,
    parts,
    read_manifest,
)

Progress = Callable[[float, str], None]


@dataclass(frozen=True)
class Source:
    """A part of the lake, what its manifests say, and its place among the partners."""

    part: Part
    written: dict[str, Written]
    place: int
    is_of_group: bool

    def files(self, kind: str, name: str) -> list[Path]:
        """The files of a table or model that the manifest names; none where an older ccinsight had no such table."""
        return [
            self.part.folder / kind / name / file for file in sorted(self.written[kind].files.get(name, ()))
        ]

    def origin(self) -> Origin:
        """What the database says of where it is from."""
        tables = self.written[TABLES]
        return Origin(self.part.folder, self.part.partner, tables.write_id, tables.written_at)


@dataclass(frozen=True)
class Target:
    """A table of the new database: what it is of in the lake, its relation, and its columns with their types."""

    kind: str
    name: str
    relation: str
    columns: dict[str, str]

    @property
    def is_of_tickets(self) -> bool:
        """Whether it has a row for each ticket."""
        return TICKET_SIZED[self.kind] == self.name


def collect(
    folder: Path,
    database: Path,
    *,
    with_tickets: bool = True,
    partner: str | None = None,
    progress: Progress | None = None,
) -> tuple[str | None, ...]:
    """Makes the database of a lake, in place of one that was collected before; gives the partners that are in it.

    ``with_tickets`` False leaves tickets in the lake's Parquet. ``partner``: that part of a group's lake alone, as if
    it were a lake of its own. Raises CcinsightError where the lake isn't whole, or of another version, the partners'
    settings differ where they must agree, or the file is a database that wasn't collected; then it is as it was.
    """
    folder, database = folder.absolute(), database.absolute()
    sources = _sources(folder, partner)
    _refuse_own(database)
    if sources[0].is_of_group:
        with duckdb.connect() as connection:
            partners.refuse_differences(
                connection,
                {
                    _partner(s): {name: s.files(TABLES, name) for name in s.written[TABLES].files}
                    for s in sources
                },
                {_partner(s): s.files(MODELS, TICKET_SIZED[MODELS]) for s in sources},
            )
    with replaced_beside(database) as connection:
        seen: list[Path] = []
        targets = _targets(connection)
        total = sum(_number(target, sources) for target in targets) or 1
        done = 0
        for target in targets:
            if progress:
                progress(done / total, target.name)
            if target.is_of_tickets and not with_tickets:
                seen += _view(connection, target, sources)
            else:
                _fill(connection, target, sources)
                done += _number(target, sources)
        if sources[0].is_of_group:
            partners.share_settings(connection)
        mark_collected(connection, [source.origin() for source in sources], seen)
        for source in sources:
            if read_manifest(source.part, TABLES).write_id != source.written[TABLES].write_id:
                raise CcinsightError(
                    _("The lake {folder} was written meanwhile. Collect it again.").format(folder=folder)
                )
    return tuple(source.part.partner for source in sources)


def _partner(source: Source) -> str:
    return str(source.part.partner)


def _sources(folder: Path, partner: str | None) -> list[Source]:
    found = parts(folder)
    if partner is not None:
        known = [part.partner or "" for part in found]
        found = [part for part in found if part.partner == partner]
        if not found:
            raise UsageError(
                _("The lake {folder} has no partner {name}. It has: {known}").format(
                    folder=folder, name=partner, known=", ".join(filter(None, known)) or "–"
                )
            )
    return [
        Source(part, _manifests(part), place, partner is None and part.partner is not None)
        for place, part in enumerate(found)
    ]


def _manifests(part: Part) -> dict[str, Written]:
    """What the lake has: tables, and models of these tables by this version. CcinsightError where it isn't so."""
    tables = read_manifest(part, TABLES)
    if not (part.folder / MODELS / MANIFEST).exists():
        raise CcinsightError(
            _(
                "The lake {folder} has no models. Make them with: ccinsight spark build {folder}, or write the lake "
                "again without --tables-only."
            ).format(folder=part.folder)
        )
    models = read_manifest(part, MODELS)
    of_this_version = models.models_version in (model_tables_version(), models_version())
    if models.write_id != tables.write_id or not of_this_version:
        raise CcinsightError(
            _(
                "The models in the lake {folder} are of other tables or of another version of ccinsight. Make them "
                "again: ccinsight lake write, or ccinsight spark build {folder}"
            ).format(folder=part.folder)
        )
    return {TABLES: tables, MODELS: models}


def _refuse_own(database: Path) -> None:
    """Only what was collected before may go: imports are in no lake for certain."""
    with stored_before(database) as connection:
        if connection is not None and collected_from(connection) is None:
            raise CcinsightError(
                _(
                    "{file} is a database that exports were imported into; collecting would replace them. Collect into "
                    "another file."
                ).format(file=database)
            )


def _targets(connection: duckdb.DuckDBPyConnection) -> list[Target]:
    """All tables of the new database but the build's own: the stored ones, the calendar and the models."""
    stored = connection.execute(
        "select table_name from duckdb_tables() where schema_name = 'stored' order by 1"
    ).fetchall()
    named = [
        *((TABLES, name, f"stored.{name}") for (name,) in stored),
        (TABLES, "calendar", "model.calendar"),
        *((MODELS, model.name, model.relation) for model in all_models() if model.kind == "table"),
    ]
    return [
        Target(
            kind,
            name,
            relation,
            {row[0]: row[1] for row in connection.execute(f"describe {relation}").fetchall()},
        )
        for kind, name, relation in named
    ]


def _number(target: Target, sources: list[Source]) -> int:
    return sum(source.written[target.kind].rows.get(target.name, 0) for source in sources)


def _fill(connection: duckdb.DuckDBPyConnection, target: Target, sources: list[Source]) -> None:
    connection.execute(f"delete from {target.relation}")  # noqa: S608 (our own names)
    is_shared = sources[0].is_of_group and target.name in partners.SHARED
    insert = "insert or ignore" if target.name in partners.MERGED else "insert"
    for source, files in _having(target, sources[:1] if is_shared else sources):
        _check(source, target, with_content=True)
        [(rows,)] = connection.execute(
            f"{insert} into {target.relation} by name {_query(connection, target, source, files)}"
        ).fetchall()
        if target.name not in partners.MERGED and rows != source.written[target.kind].rows[target.name]:
            raise damaged(files[0])


def _view(connection: duckdb.DuckDBPyConnection, target: Target, sources: list[Source]) -> list[Path]:
    """Puts a view on the Parquet files in the table's place; gives the files."""
    having = list(_having(target, sources))
    if not having:
        return []
    for source, _files in having:
        _check(source, target, with_content=False)
    queries = [_query(connection, target, source, files) for source, files in having]
    connection.execute(f"drop table {target.relation}")
    connection.execute(f"create view {target.relation} as {' union all '.join(queries)}")
    return [file for _source, files in having for file in files]


def _having(target: Target, sources: list[Source]) -> Iterator[tuple[Source, list[Path]]]:
    for source in sources:
        if files := source.files(target.kind, target.name):
            yield source, files


def _check(source: Source, target: Target, *, with_content: bool) -> None:
    for file, (size, sha256) in source.written[target.kind].files[target.name].items():
        path = source.part.folder / target.kind / target.name / file
        check_file(path, size, sha256 if with_content else None)


def _query(connection: duckdb.DuckDBPyConnection, target: Target, source: Source, files: list[Path]) -> str:
    """The rows of a table in a part of the lake, in the types of the database's table."""
    names = ", ".join("'" + str(file).replace("'", "''") + "'" for file in files)
    read = f"read_parquet([{names}], hive_partitioning = false)"
    there = {row[0]: row[1] for row in connection.execute(f"describe from {read}").fetchall()}
    if set(there) - set(target.columns):
        raise CcinsightError(
            _("The lake {folder} was written by a newer ccinsight. Update ccinsight.").format(
                folder=source.part.folder
            )
        )
    columns = [
        f'cast({_column(source, target, name) if name in there else "null"} as {type_}) as "{name}"'
        for name, type_ in target.columns.items()
    ]
    signed = [name for name in there if target.columns[name] == "UBIGINT" and there[name] == "BIGINT"]
    rows = f"(select * replace ({', '.join(map(_unsigned, signed))}) from {read})" if signed else read  # noqa: S608
    return f"select {', '.join(columns)} from {rows}"  # noqa: S608 (our own names)


def _unsigned(name: str) -> str:
    """SQL: a number without a sign, of 64 bits that Spark, which has no such numbers, took as one with a sign."""
    return (
        f'cast(case when "{name}" < 0 then cast("{name}" as hugeint) + 18446744073709551616 else "{name}" end'
        f' as ubigint) as "{name}"'
    )


def _column(source: Source, target: Target, name: str) -> str:
    if source.is_of_group:
        return partners.column_of(_partner(source), source.place, target.name, name)
    return f'"{name}"'
