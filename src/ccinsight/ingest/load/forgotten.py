"""Forgotten persons and customers, as keyed hashes: importing an old file again doesn't restore them.

A person's tickets stay, without contact, role and title; a customer's rows are left out. Both happen before a chunk
is staged, so that the new database never holds what is forgotten.
"""

# ruff: noqa: S608

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from ccinsight.database.models import make_functions
from ccinsight.ingest.catalogue import Match
from ccinsight.ingest.contact_key import ContactKey, keyed_hash
from ccinsight.ingest.load.file_columns import FileColumns
from ccinsight.ingest.load.staging import StagedChunk
from ccinsight.ingest.statements import one_column, run

CONTACT, CUSTOMER, ORG_NUMBER, CUSTOMER_NAME, AGREEMENT = (
    "contact",
    "customer",
    "org_number",
    "customer_name",
    "agreement",
)
# The column that each kind is found in.
COLUMNS = {
    CONTACT: "contact",
    CUSTOMER: "customer_id",
    ORG_NUMBER: "org_number",
    CUSTOMER_NAME: "customer_name",
    AGREEMENT: "agreement_id",
}


def hash_of(kind: str, text: str) -> str:
    """SQL: the keyed hash of a text, as the list has it: a contact's as it is stored, others by their kind."""
    return keyed_hash(text if kind == CONTACT else f"concat('{kind}|', {text})")


def set_key(connection: duckdb.DuckDBPyConnection, key: ContactKey) -> None:
    """Lets statements with ``hash_of`` run on the connection."""
    run(connection, "set variable inner_key = $key", {"key": key.inner})
    run(connection, "set variable outer_key = $key", {"key": key.outer})


class Forgotten:
    """The list of a database that is being built, applied to what is imported into it."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, key: Callable[[], ContactKey]) -> None:
        self._connection = connection
        kinds = run(connection, "select distinct kind from stored.forgotten")
        self._kinds = {kind for (kind,) in kinds}
        self.rows = 0  # of forgotten customers, and malformed ones of forgotten persons
        if self._kinds:
            set_key(connection, key())
            make_functions(connection)

    def take_out(self, chunk: StagedChunk) -> StagedChunk:
        """The chunk without what is forgotten. Its rows are `incoming` meanwhile: they are not staged yet."""
        file, table = chunk.file, chunk.table
        if CONTACT in self._kinds and file.has("contact"):
            meets = self._meet(table, _is_listed(CONTACT, file.text("contact", "s.")))
            table = _without_values(table, meets, _columns_of_person(file))
        if self._kinds - {CONTACT} and (condition := _is_customers(file)):
            table = table.filter(pc.invert(self._meet(table, condition)))
        self.rows += chunk.table.num_rows - table.num_rows
        return replace(chunk, table=table)

    def _meet(self, table: pa.Table, condition: str) -> pa.ChunkedArray:
        """Whether each row `s` of the table meets a condition."""
        self._connection.register("incoming", table)
        try:
            return one_column(self._connection, f"select coalesce({condition}, false) from incoming as s")
        finally:
            self._connection.unregister("incoming")

    def condition_on_malformed(self, match: Match) -> str:
        """SQL: whether a row of the table `malformed`, whose columns may be shifted, names no forgotten one."""
        if not self._kinds:
            return "true"
        tests = [
            _any_field(kind, match.columns[column] + 1)
            for kind, column in COLUMNS.items()
            if column in match.columns
        ]
        return f"not ({' or '.join(f'coalesce({test}, false)' for test in tests)})" if tests else "true"


def _without_values(table: pa.Table, meets: pa.ChunkedArray, positions: Collection[int]) -> pa.Table:
    """The table without the values at these positions in the rows that meet a condition."""
    if not pc.any(meets).as_py():
        return table
    for at in positions:
        column = table.column(f"c{at}")
        kept = pc.if_else(meets, pa.scalar(None, column.type), column)
        table = table.set_column(at, f"c{at}", kept)
    return table


def _columns_of_person(file: FileColumns) -> list[int]:
    """Contact, role, title, and the columns without a known header, which may name the person too."""
    known = {at for name, at in file.positions.items() if name not in (CONTACT, "contact_role", "title")}
    return [at for at in range(file.width) if at not in known]


def _is_listed(kind: str, text: str) -> str:
    """SQL: whether a text of a row `s` of `incoming` is listed; each text is hashed once."""
    listed = f"(select f.hashed from stored.forgotten as f where f.kind = '{kind}')"
    texts = f"(select distinct {text} as raw from incoming as s) as d"
    gone = f"(select d.raw from {texts} where d.raw is not null and {hash_of(kind, 'd.raw')} in {listed})"
    return f"coalesce({text} in {gone}, false)"


def _any_field(kind: str, at: int) -> str:
    listed = f"(select list(f.hashed) from stored.forgotten as f where f.kind = '{kind}')"
    return f"list_has_any({hashes_of(kind, shifted('fields', kind, str(at)))}, {listed})"


def shifted(fields: str, kind: str, at: str) -> str:
    """SQL: the fields that may be the column `at` (from 1) in a row of another width: an id may be any number."""
    if kind in (ORG_NUMBER, CUSTOMER_NAME):
        return fields
    return (
        f"list_concat([{fields}[{at}]], list_filter({fields}, lambda field: regexp_matches(field, '\\pL')))"
    )


def hashes_of(kind: str, fields: str) -> str:
    """SQL: the keyed hashes of a list of fields as they came."""
    text = {ORG_NUMBER: "model.org_key(field)", CUSTOMER_NAME: "model.name_key(field)"}.get(
        kind, "plain_id(clean_text(field))"
    )
    return f"list_transform({fields}, lambda field: {hash_of(kind, text)})"


def _is_customers(file: FileColumns) -> str | None:
    """SQL: whether a row `s` of `incoming` is of a forgotten customer, by id, else by number, else by name.

    A number or a name that another customer's agreement has by now is that customer's.
    """
    tests = []
    if file.has("customer_id"):
        tests.append(_is_listed(CUSTOMER, file.text("customer_id", "s.")))
    if file.has("agreement_id") and not file.export.customer_by_name:
        tests.append(_is_listed(AGREEMENT, file.text("agreement_id", "s.")))
    if file.export.customer_by_name:
        no_id = f"{file.text('customer_id', 's.')} is null" if file.has("customer_id") else "true"
        others = "true"
        for column, key, names in (
            (ORG_NUMBER, "model.org_key", ("agreements.org_number",)),
            (CUSTOMER_NAME, "model.name_key", ("agreements.customer_name", "customer_names.name")),
        ):
            if not file.has(column):
                continue
            text = f"{key}({file.text(column, 's.')})"
            known = " or ".join(_is_known(name, key, text) for name in names)
            tests.append(f"({no_id} and {others} and not ({known}) and {_is_listed(column, text)})")
            others += f" and not ({known})"
    return " or ".join(tests) or None


def _is_known(name: str, key: str, text: str) -> str:
    table, _dot, column = name.partition(".")
    return f"coalesce({text} in (select {key}(a.{column}) from stored.{table} as a), false)"
