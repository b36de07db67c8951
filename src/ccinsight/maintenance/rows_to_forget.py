"""Which rows of a database are a person's or a customer's, and what stays in their place."""

# ruff: noqa: S608

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import duckdb

from ccinsight.database.build import attached
from ccinsight.database.models import make_functions
from ccinsight.database.schema import stored_tables
from ccinsight.ingest.catalogue import exports, match_headers
from ccinsight.ingest.contact_key import ContactKey
from ccinsight.ingest.load.forgotten import (
    AGREEMENT,
    COLUMNS,
    CONTACT,
    CUSTOMER,
    CUSTOMER_NAME,
    ORG_NUMBER,
    hash_of,
    hashes_of,
    set_key,
    shifted,
)
from ccinsight.ingest.price_letters import KEPT_WITH_LETTERS
from ccinsight.ingest.statements import run
from ccinsight.ingest.values.parsing import text_macros
from ccinsight.settings.editing import without_address, without_customer
from ccinsight.settings.model import Settings
from ccinsight.settings.parsing import default_settings, parse_settings

_HASH = re.compile(r"[0-9a-f]{32}")
_PUT_IN_PLACE = "…"
_BY_NAME = ("tickets", "user_counts", "invoices", "meetings")
# Where a name may be quoted in a text.
_TEXTS = {"tickets": ("title",), "meetings": ("note",), "warnings": ("value", "text"), "files": ("name",)}


@dataclass(frozen=True)
class Contact:
    """A person: the name or id as in the export, or the hash that the dashboard shows."""

    text: str
    kind = CONTACT

    @cached_property
    def quoted(self) -> re.Pattern[str] | None:
        """Finds the person where a text quotes them: a full name or an address, as an id may be any number."""
        if not any(letter.isalpha() for letter in self.text) or not re.search(r"\S[\s@]+\S", self.text):
            return None
        return _pattern([self.text])


@dataclass(frozen=True)
class Customer:
    "The customer's id."

    text: str
    kind = CUSTOMER


def _pattern(names: Iterable[str]) -> re.Pattern[str]:
    each = (r"\s+".join(re.escape(word) for word in name.split()) for name in names)
    return re.compile("|".join(sorted(each)), re.IGNORECASE)


@dataclass(frozen=True)
class _Change:
    """Rows of a table that go, or what stands in their columns afterwards. ``hit``: SQL about a row `r`."""

    hit: str
    columns: Mapping[str, str] = field(default_factory=dict)

    def select(self, table: str) -> str:
        source = f"from previous.stored.{table} as r"
        if not self.columns:
            return f"select r.* {source} where not coalesce({self.hit}, false)"
        replaced = ", ".join(f"{text} as {column}" for column, text in self.columns.items())
        return f"select r.* replace ({replaced}) {source}"

    def count(self, table: str) -> str:
        return f"select count(*) from previous.stored.{table} as r where {self.hit}"


def remember(connection: duckdb.DuckDBPyConnection, hashes: Iterable[tuple[str, str]]) -> None:
    """Puts keyed hashes, each with its kind, on the list of the forgotten."""
    statement = "insert into stored.forgotten values (?, ?) on conflict do nothing"
    connection.executemany(statement, sorted(hashes)).fetchall()


class Removal:
    """What forgetting removes from each of a database's files: the one in use and the one kept before."""

    def __init__(self, target: Contact | Customer, key: ContactKey, files: Sequence[Path]) -> None:
        self.target = target
        self._key = key
        with duckdb.connect() as connection:
            connection.execute(stored_tables())
            self._prepare(connection)
            self._texts: dict[str, set[str]] = {}
            for file in files if isinstance(target, Customer) else ():
                with attached(connection, file):
                    _gather(connection, target.text, self._texts)
            self._hashes = self._hashed(connection)

    def _prepare(self, connection: duckdb.DuckDBPyConnection) -> None:
        make_functions(connection)
        for statement in text_macros():
            run(connection, statement)
        set_key(connection, self._key)

    def _hashed(self, connection: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
        if isinstance(self.target, Contact):
            if _HASH.fullmatch(self.target.text):
                return [(CONTACT, self.target.text)]
            text = "plain_id(clean_text(cast($text as varchar)))"
            rows = run(connection, f"select {hash_of(CONTACT, text)}", {"text": self.target.text})
            return [(CONTACT, rows[0][0])]
        texts = {CUSTOMER: {self.target.text}, **self._texts}
        kinds = (CUSTOMER, ORG_NUMBER, CUSTOMER_NAME, AGREEMENT)
        return [
            (kind, run(connection, f"select {hash_of(kind, 'cast($text as varchar)')}", {"text": text})[0][0])
            for kind in kinds
            for text in sorted(texts.get(kind, ()))
        ]

    def remember(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Puts the keyed hashes on the list that imports honour."""
        remember(connection, self._hashes)

    def select(self, connection: duckdb.DuckDBPyConnection) -> Mapping[str, str]:
        """For each table that changes, the query of the rows that stay (warehouse.Selection)."""
        changes = self._changes(connection)
        return {table: change.select(table) for table, change in changes.items()}

    def count(self, connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
        """For each table that changes, how many rows do."""
        counted = {
            table: int(run(connection, change.count(table))[0][0])
            for table, change in self._changes(connection).items()
        }
        return {table: rows for table, rows in counted.items() if rows}

    def _changes(self, connection: duckdb.DuckDBPyConnection) -> dict[str, _Change]:
        self._prepare(connection)
        _find_reject_columns(connection)
        hashes = [hashed for _kind, hashed in self._hashes]
        run(connection, "set variable hashes = cast($hashes as varchar[])", {"hashes": hashes})
        if isinstance(self.target, Contact):
            return self._contact(connection, self.target)
        return self._customer(connection, self.target.text)

    # ------------------------------------------------------------ a person

    def _contact(self, connection: duckdb.DuckDBPyConnection, contact: Contact) -> dict[str, _Change]:
        pattern = contact.quoted.pattern if contact.quoted else None
        run(connection, "set variable quoted = cast($pattern as varchar)", {"pattern": pattern})
        run(
            connection,
            f"""
            create or replace temp table gone_contacts as
            select distinct contact from previous.stored.tickets
            where list_contains(getvariable('hashes'), contact) or {_is_gone(CONTACT, "contact")}
            """,
        )
        hit = "r.contact in (select g.contact from gone_contacts as g)"
        emptied = {
            name: f"case when {hit} then null else r.{name} end" for name in ("contact", "contact_role")
        }
        title = f"case when {hit} then null else {_redacted('r.title')} end"
        quoting = "list_bool_or(list_transform(r.fields, lambda field: coalesce({}, false)))".format(
            _quotes("field")
        )
        changes = {table: _redaction(columns) for table, columns in _TEXTS.items()}
        changes["tickets"] = _Change(f"({hit} or {_quotes('r.title')})", {**emptied, "title": title})
        changes["rejects"] = _Change(f"({_rejected_at(CONTACT)} or coalesce({quoting}, false))")
        settings = _settings_before(connection)
        changes["settings"] = _new_settings(connection, settings and without_address(settings, contact.text))
        return changes

    # ------------------------------------------------------------ a customer

    def _customer(self, connection: duckdb.DuckDBPyConnection, customer_id: str) -> dict[str, _Change]:
        run(connection, "set variable gone_customer = $id", {"id": customer_id})
        names = self._texts.get("names", set())
        pattern = _pattern(names).pattern if names else None
        run(connection, "set variable quoted = cast($pattern as varchar)", {"pattern": pattern})
        agreements = sorted(self._texts.get(AGREEMENT, ()))
        run(connection, "set variable gone_agreements = cast($ids as varchar[])", {"ids": agreements})
        settings = _settings_before(connection)
        toml = without_customer(settings, customer_id) if settings else settings
        run(connection, _GONE_REFERENCES)
        of_agreement = "list_contains(getvariable('gone_agreements'), r.agreement_id)"
        changes = {table: _Change(_IS_CUSTOMERS) for table in _BY_NAME}
        changes["invoices"] = _Change(f"({_IS_CUSTOMERS} or (r.customer_id is null and {of_agreement}))")
        changes["agreements"] = _Change("r.customer_id = getvariable('gone_customer')")
        changes["customer_names"] = changes["agreements"]
        changes["prices"] = _Change(of_agreement)
        if _has_table(connection, "calendar_events"):
            changes["calendar_events"] = _Change(
                f"(r.customer_id = getvariable('gone_customer') or {of_agreement})"
            )
        changes["settings"] = _new_settings(connection, toml)
        kinds = (CUSTOMER, ORG_NUMBER, CUSTOMER_NAME, AGREEMENT)
        if _has_table(connection, "price_changes"):
            changes["price_changes"] = _Change(of_agreement)
        if _has_table(connection, "price_letters"):
            changes["price_letters"] = _Change(of_agreement)
            changes["prices"] = _Change(f"({of_agreement} or {_OF_NO_LETTER_LEFT})")
        if _has_table(connection, "key_conflicts"):
            changes["key_conflicts"] = _Change(_is_of_gone_rows(changes))
        changes["rejects"] = _Change(" or ".join(_rejected_at(kind) for kind in kinds))
        changes |= {table: _redaction(_TEXTS[table]) for table in ("warnings", "files")}
        return changes


_GONE_REFERENCES = """
create or replace temp table gone_references as
select org_number, customer_name from previous.model.customer_references
where customer_id = getvariable('gone_customer')
"""
_IS_CUSTOMERS = """(
    r.customer_id = getvariable('gone_customer')
    or (
        r.customer_id is null
        and (coalesce(r.org_number, ''), coalesce(r.customer_name, '')) in (
            select (g.org_number, g.customer_name) from gone_references as g
        )
    )
)"""


# A list that was recorded with letters goes with the last of them, which the customer's were.
_OF_NO_LETTER_LEFT = f"""(
    r.agreement_id is null
    and r.file_id in ({KEPT_WITH_LETTERS})
    and not exists (
        select 1 from previous.stored.price_letters as l
        where l.price_source = 'list' and l.price_owner = r.product and l.valid_from = r.valid_from
            and not coalesce(list_contains(getvariable('gone_agreements'), l.agreement_id), false)
    )
)"""


def _has_table(connection: duckdb.DuckDBPyConnection, name: str) -> bool:
    """Whether the earlier database has a table: one of an older ccinsight may lack it."""
    tables = "select 1 from duckdb_tables() where database_name = 'previous' and table_name = $name"
    return bool(run(connection, tables, {"name": name}))


def _is_of_gone_rows(changes: Mapping[str, _Change]) -> str:
    """SQL: whether a key's conflict is one of rows that go."""
    return " or ".join(
        f"(r.export = '{table}' and (r.file_id, r.lines[-1]) in "
        f"(select (r.file_id, r.line) from previous.stored.{table} as r where {change.hit}))"
        for table, change in changes.items()
        if table in exports()
    )


def _is_gone(kind: str, text: str) -> str:
    return f"coalesce(list_contains(getvariable('hashes'), {hash_of(kind, text)}), false)"


def _quotes(text: str) -> str:
    return f"coalesce(regexp_matches({text}, getvariable('quoted'), 'i'), false)"


def _redacted(text: str) -> str:
    redacted = f"regexp_replace({text}, getvariable('quoted'), '{_PUT_IN_PLACE}', 'gi')"
    return f"case when {_quotes(text)} then {redacted} else {text} end"


def _redaction(columns: Sequence[str]) -> _Change:
    quoting = " or ".join(_quotes(f"r.{column}") for column in columns)
    return _Change(f"({quoting})", {column: _redacted(f"r.{column}") for column in columns})


def _rejected_at(kind: str) -> str:
    """SQL: whether a rejected row has what goes in its column; in a row of another width, in another field."""
    at = f"(select c.{COLUMNS[kind]} from reject_columns as c where c.file_id = r.file_id)"
    width = "(select c.width from reject_columns as c where c.file_id = r.file_id)"
    fields = (
        f"case when len(r.fields) = {width} then [r.fields[{at}]] else {shifted('r.fields', kind, at)} end"
    )
    listed = f"list_has_any({hashes_of(kind, fields)}, getvariable('hashes'))"
    return f"({at} is not null and coalesce({listed}, false))"


def _find_reject_columns(connection: duckdb.DuckDBPyConnection) -> None:
    """A table `reject_columns`: for each file with rejected rows, where (from 1) which column stands in them."""
    names = (*COLUMNS.values(), "width")
    run(
        connection,
        "create or replace temp table reject_columns as select "
        + ", ".join(f"cast(null as integer) as {name}" for name in ("file_id", *names))
        + " where false",
    )
    settings = _settings_of(connection)
    found = run(
        connection,
        """
        select f.file_id, f.export, f.headers from previous.stored.files as f
        where f.file_id in (select r.file_id from previous.stored.rejects as r)
        """,
    )
    for file_id, export, headers in found:
        columns = match_headers(exports()[export], headers, settings).columns
        places = [columns[name] + 1 if name in columns else None for name in names[:-1]]
        marks = ", ".join("?" for _name in ("file_id", *names))
        connection.execute(
            f"insert into reject_columns values ({marks})", [file_id, *places, len(headers)]
        ).fetchall()


def _gather(connection: duckdb.DuckDBPyConnection, customer_id: str, into: dict[str, set[str]]) -> None:
    """What else names the customer: numbers, names and agreements that are no other customer's."""
    run(connection, "set variable gone_customer = $id", {"id": customer_id})
    for kind, statement in _NAMING.items():
        into.setdefault(kind, set()).update(str(row[0]) for row in run(connection, statement))


_NAMED = """
    select org_number, customer_name from previous.stored.agreements
    where customer_id = getvariable('gone_customer')
    union
    select nullif(org_number, ''), nullif(customer_name, '') from previous.model.customer_references
    where customer_id = getvariable('gone_customer')
    union
    select null, name from previous.stored.customer_names where customer_id = getvariable('gone_customer')
"""
_OTHERS = "from previous.stored.agreements as a where a.customer_id <> getvariable('gone_customer')"
_NAMING = {
    ORG_NUMBER: f"""
        select distinct model.org_key(n.org_number) as key from ({_NAMED}) as n
        where key is not null and key not in (
            select model.org_key(a.org_number) {_OTHERS} and model.org_key(a.org_number) is not null
        )
    """,
    CUSTOMER_NAME: f"""
        select distinct model.name_key(n.customer_name) as key from ({_NAMED}) as n
        where key is not null and key not in (select model.name_key(a.customer_name) {_OTHERS})
    """,
    AGREEMENT: """
        select agreement_id from previous.stored.agreements
        where customer_id = getvariable('gone_customer')
    """,
    # to find quotes of it: a name of a few letters may stand in any word
    "names": f"""
        select distinct trim(n.customer_name) as name from ({_NAMED}) as n
        where length(trim(n.customer_name)) > 3
    """,
}


def _new_settings(connection: duckdb.DuckDBPyConnection, toml: str | None) -> _Change:
    """The settings' text becomes another one."""
    run(connection, "set variable toml = cast($toml as varchar)", {"toml": toml})
    return _Change("r.toml <> getvariable('toml')", {"toml": "getvariable('toml')"})


def _settings_of(connection: duckdb.DuckDBPyConnection) -> Settings:
    toml = _settings_before(connection)
    return parse_settings(toml, None) if toml else default_settings()


def _settings_before(connection: duckdb.DuckDBPyConnection) -> str | None:
    rows = run(connection, "select toml from previous.stored.settings")
    return str(rows[0][0]) if rows else None


def customers_listed(files: Sequence[Path], key: ContactKey, hashes: set[str]) -> set[str]:
    """The ids in the files whose keyed hashes are among these."""
    tables = ("agreements", *_BY_NAME)
    ids = " union ".join(f"select customer_id from previous.stored.{table}" for table in tables)
    is_listed = f"list_contains(cast($hashes as varchar[]), {hash_of(CUSTOMER, 'customer_id')})"
    statement = f"select customer_id from ({ids}) where customer_id is not null and {is_listed}"
    found: set[str] = set()
    with duckdb.connect() as connection:
        set_key(connection, key)
        for file in files:
            with attached(connection, file):
                rows = run(connection, statement, {"hashes": sorted(hashes)})
                found |= {str(row[0]) for row in rows}
    return found
