"""Who was forgotten, as keyed hashes: an old file that is imported again doesn't bring them back.

A person's tickets stay, without contact, role and title; a customer's rows don't come in at all. Both happen to
the staged rows, so that the new database never holds what is to go.
"""

# ruff: noqa: S608

from __future__ import annotations

from collections.abc import Callable

import duckdb

from ccinsight.database.models import make_functions
from ccinsight.ingest.catalogue import Match
from ccinsight.ingest.contact_key import ContactKey
from ccinsight.ingest.load.import_sql import Layer, hashed
from ccinsight.ingest.load.staging import Staged, run

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
    return hashed(text if kind == CONTACT else f"concat('{kind}|', {text})")


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

    def take_out(self, part: Staged) -> Staged:
        """The staged rows without what is forgotten."""
        layer, rows = part.layer, part.table.num_rows
        if CONTACT in self._kinds and layer.has("contact"):
            part = part.emptied(_is_listed(CONTACT, layer.text("contact", "s.")), _of_person(layer))
        if self._kinds - {CONTACT} and (condition := _is_customers(layer)):
            part = part.without(condition)
        self.rows += rows - part.table.num_rows
        return part

    def keeps_malformed(self, match: Match) -> str:
        """SQL: whether a row of the table `malformed`, whose columns may be shifted, names nobody forgotten."""
        if not self._kinds:
            return "true"
        tests = [
            _any_field(kind, match.columns[column] + 1)
            for kind, column in COLUMNS.items()
            if column in match.columns
        ]
        return f"not ({' or '.join(f'coalesce({test}, false)' for test in tests)})" if tests else "true"


def _of_person(layer: Layer) -> list[int]:
    """Contact, role, title, and the ignored columns, which may name the person too."""
    known = {at for name, at in layer.columns.items() if name not in (CONTACT, "contact_role", "title")}
    return [at for at in range(layer.width) if at not in known]


def _is_listed(kind: str, text: str) -> str:
    """SQL: whether a text of a staged row `s` is listed; each text is hashed once."""
    listed = f"(select f.hashed from stored.forgotten as f where f.kind = '{kind}')"
    texts = f"(select distinct {text} as raw from staged as s) as d"
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


def _is_customers(layer: Layer) -> str | None:
    """SQL: whether a staged row `s` is of a forgotten customer, by id, else by number, else by name.

    A number or a name that another customer's agreement has by now is that customer's.
    """
    tests = []
    if layer.has("customer_id"):
        tests.append(_is_listed(CUSTOMER, layer.text("customer_id", "s.")))
    if layer.has("agreement_id") and not layer.export.customer_by_name:
        tests.append(_is_listed(AGREEMENT, layer.text("agreement_id", "s.")))
    if layer.export.customer_by_name:
        no_id = f"{layer.text('customer_id', 's.')} is null" if layer.has("customer_id") else "true"
        others = "true"
        for column, key, names in (
            (ORG_NUMBER, "model.org_key", ("agreements.org_number",)),
            (CUSTOMER_NAME, "model.name_key", ("agreements.customer_name", "customer_names.name")),
        ):
            if not layer.has(column):
                continue
            text = f"{key}({layer.text(column, 's.')})"
            known = " or ".join(_is_known(name, key, text) for name in names)
            tests.append(f"({no_id} and {others} and not ({known}) and {_is_listed(column, text)})")
            others += f" and not ({known})"
    return " or ".join(tests) or None


def _is_known(name: str, key: str, text: str) -> str:
    table, _dot, column = name.partition(".")
    return f"coalesce({text} in (select {key}(a.{column}) from stored.{table} as a), false)"
