"""Records price letters as sent, and takes them back (R14), through the same build and swap as an import.

A letter announces a price version to one agreement. A version that is new is stored first, as rows of the price list
that name the letters' entry in the log as their file: an import of the same version takes their place, and they go with
the last of their letters.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import duckdb

from ccinsight.database.build import build_beside, deletes_many, only_writer, stored_before, whole_or_not
from ccinsight.errors import CcinsightError
from ccinsight.i18n import _, day
from ccinsight.ingest.history.log import LETTERS, TAKEN_BACK, last_import, log_change, log_import
from ccinsight.ingest.statements import run

LIST, DIRECT = "list", "direct"
# SQL: the numbers of the files that price rows of letters name.
_RECORDED = f"select f.file_id from stored.files as f where f.export = '{LETTERS}'"  # noqa: S608 (our own word)
# SQL about a row of prices, for a build that starts the export afresh: what was recorded with letters stays.
KEPT_WITH_LETTERS = _RECORDED.replace("stored.", "previous.stored.")


@dataclass(frozen=True)
class Step:
    """A row of a price list: NOK per user and year, for one complexity and from so many users on."""

    complexity: str
    min_users: int
    price_per_user: Decimal


@dataclass(frozen=True)
class Version:
    """The general list of a product from one day on, as it is to be stored where it is new (R6)."""

    product: str
    valid_from: date
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Letter:
    """What a letter announces to an agreement: the version by its source, ``list`` or ``direct``, and first day.

    ``notify_by``: the last day on which it is in time.
    """

    agreement_id: str
    product: str
    price_source: str
    valid_from: date
    notify_by: date

    @property
    def owner(self) -> str:
        """The owner of the version: the product of a list, or the agreement."""
        return self.agreement_id if self.price_source == DIRECT else self.product

    @property
    def key(self) -> tuple[str, str, str, date]:
        """The key of the stored letter."""
        return (self.agreement_id, self.price_source, self.owner, self.valid_from)


def record_letters(
    database: str | Path,
    letters: Sequence[Letter],
    sent_on: date,
    *,
    version: Version | None = None,
    recorded_at: datetime,
    recorded_by: str | None = None,
) -> None:
    """Stores that the letters were sent on a day; the version first, where it isn't stored yet.

    It stands in the log, and can be undone, like an import. Raises CcinsightError, with the database as it was: where
    the day lies ahead or after the last one of a letter, where a letter is recorded already, where the list of that day
    says something else than ``version``, and where a letter's version is unknown.
    """
    _check_day(letters, sent_on, recorded_at.date())
    database = Path(database).absolute()
    with only_writer(database), whole_or_not(database):
        with stored_before(database) as before:
            if before is None:
                raise CcinsightError(
                    _("There is no database {file} yet: import first.").format(file=database)
                )
            is_new = version is not None and not _is_stored(before, version)
            if version is not None and is_new:
                _check_version(version, sent_on)
            _refuse_recorded(before, letters)
            _refuse_unknown(before, letters, version)
        with build_beside(database, keep_previous=True) as connection:
            import_id = last_import(connection) + 1
            log_import(connection, import_id, recorded_at, recorded_by)
            log_change(connection, import_id, LETTERS, _name(letters), rows=len(letters))
            if version is not None and is_new:
                _store_version(connection, version)
            _store(connection, letters, sent_on, import_id)


def not_recorded(database: str | Path, letters: Sequence[Letter]) -> list[Letter]:
    """The letters that aren't recorded yet, on whatever day; all of them where none is left, which is refused then.

    A letter is still to be sent as of a day before the one it is recorded for.
    """
    with stored_before(Path(database).absolute()) as before:
        recorded = {letter.key for letter in _recorded(before, letters)} if before else set()
    return [letter for letter in letters if letter.key not in recorded] or list(letters)


def take_back(
    database: str | Path,
    letters: Sequence[Letter],
    *,
    taken_back_at: datetime,
    taken_back_by: str | None = None,
) -> int:
    """Deletes recorded letters, and a version that was stored for them alone; gives how many there were.

    It stands in the log, and can be undone, like an import. Raises CcinsightError where none of them is recorded.
    """
    database = Path(database).absolute()
    with only_writer(database), whole_or_not(database):
        with stored_before(database) as before:
            found = _recorded(before, letters) if before else []
        if not found:
            raise CcinsightError(_("None of these letters is recorded as sent; nothing was changed."))
        with build_beside(database, keep_previous=True) as connection:
            deletes_many(connection)
            for letter in found:
                run(connection, _DELETE, dict(zip(_KEY, letter.key, strict=True)))
            run(connection, _DELETE_UNUSED)
            import_id = last_import(connection) + 1
            log_import(connection, import_id, taken_back_at, taken_back_by)
            log_change(connection, import_id, TAKEN_BACK, _name(found), rows=len(found))
    return len(found)


def spare_recorded(name: str) -> str:
    """SQL for a delete of the rows that a whole list lacks: of prices, those recorded with letters stay."""
    return f" and file_id not in ({_RECORDED})" if name == "prices" else ""


def supersede(connection: duckdb.DuckDBPyConnection, first: int) -> None:
    """Deletes the recorded rows of versions that the files from number ``first`` on bring whole."""
    if run(connection, _DELETE_SUPERSEDED, {"first": first})[0][0]:
        deletes_many(connection)


_KEY = ("agreement_id", "price_source", "price_owner", "valid_from")
_SAME = " and ".join(f"l.{name} = ${name}" for name in _KEY)
_FIND = f"select 1 from stored.price_letters as l where {_SAME}"  # noqa: S608 (our own columns)
_DELETE = f"delete from stored.price_letters as l where {_SAME}"  # noqa: S608 (our own columns)
_DELETE_UNUSED = f"""
delete from stored.prices as p
where
    p.agreement_id is null
    and p.file_id in ({_RECORDED})
    and (p.product, p.valid_from) not in (
        select (l.price_owner, l.valid_from) from stored.price_letters as l where l.price_source = 'list'
    )
"""  # noqa: S608 (our own word)
_DELETE_SUPERSEDED = f"""
delete from stored.prices as p
where
    p.agreement_id is null
    and p.file_id in ({_RECORDED})
    and (p.product, p.valid_from) in (
        select (n.product, n.valid_from)
        from stored.prices as n
        where n.agreement_id is null and n.file_id >= $first
    )
"""  # noqa: S608 (our own word)
_FIND_VERSION = """
select p.complexity, p.min_users, p.price_per_user
from stored.prices as p
where p.valid_from = $valid_from and p.agreement_id is not distinct from $agreement_id
    and ($agreement_id is not null or p.product = $product)
"""
_STORE_STEP = """
insert into stored.prices by name
select
    $product as product, $valid_from as valid_from, $valid_from as announced_on, $complexity as complexity,
    $min_users as min_users, $price_per_user as price_per_user,
    (select max(f.file_id) from stored.files as f) as file_id, $line as line
"""


def _check_day(letters: Sequence[Letter], sent_on: date, today: date) -> None:
    if not letters:
        raise CcinsightError(_("Choose at least one agreement."))
    if sent_on > today:
        raise CcinsightError(_("The day lies ahead. Choose today or an earlier day."))
    late = [letter for letter in letters if sent_on > letter.notify_by]
    if late:
        first = min(late, key=lambda letter: letter.notify_by)
        raise CcinsightError(
            _(
                "A letter sent {sent} is too late for agreement {agreement}: the last day for the notice is {day}. "
                "Nothing was recorded."
            ).format(sent=day(sent_on), agreement=first.agreement_id, day=day(first.notify_by))
        )


def _check_version(version: Version, sent_on: date) -> None:
    if not version.steps:
        raise CcinsightError(_("The new price list has no rows."))
    if version.valid_from <= sent_on:
        raise CcinsightError(
            _(
                "A new price list must be valid from a later day than its letters: on {day} it counts as announced "
                "to everybody."
            ).format(day=day(version.valid_from))
        )


def _is_stored(connection: duckdb.DuckDBPyConnection, version: Version) -> bool:
    """Whether the version is there already. Raises CcinsightError where the list of that day says something else."""
    asked = {"product": version.product, "agreement_id": None, "valid_from": version.valid_from}
    rows = run(connection, _FIND_VERSION, asked)
    if not rows:
        return False
    if {Step(*row) for row in rows} != set(version.steps):
        raise CcinsightError(
            _(
                "{product} has another price list from {day} already. Send the letters of that one, or choose another "
                "day for the new list."
            ).format(product=version.product, day=day(version.valid_from))
        )
    return True


def _refuse_recorded(connection: duckdb.DuckDBPyConnection, letters: Sequence[Letter]) -> None:
    found = _recorded(connection, letters)
    if found:
        raise CcinsightError(
            _(
                "A letter about the price from {day} is recorded for agreement {agreement} already. Take it back "
                "before another day is recorded."
            ).format(day=day(found[0].valid_from), agreement=found[0].agreement_id)
        )


def _refuse_unknown(
    connection: duckdb.DuckDBPyConnection, letters: Sequence[Letter], version: Version | None
) -> None:
    for letter in letters:
        if version is not None and (letter.price_source, letter.owner, letter.valid_from) == (
            LIST,
            version.product,
            version.valid_from,
        ):
            continue
        agreement_id = letter.agreement_id if letter.price_source == DIRECT else None
        asked = {"product": letter.product, "agreement_id": agreement_id, "valid_from": letter.valid_from}
        if not run(connection, _FIND_VERSION, asked):
            raise CcinsightError(
                _("There is no price from {day} for agreement {agreement}.").format(
                    day=day(letter.valid_from), agreement=letter.agreement_id
                )
            )


def _recorded(connection: duckdb.DuckDBPyConnection, letters: Sequence[Letter]) -> list[Letter]:
    """The letters that are stored. A database of an older version has none."""
    tables = "select 1 from duckdb_tables() where schema_name = 'stored' and table_name = 'price_letters'"
    if not run(connection, tables):
        return []
    return [letter for letter in letters if run(connection, _FIND, dict(zip(_KEY, letter.key, strict=True)))]


def _store_version(connection: duckdb.DuckDBPyConnection, version: Version) -> None:
    for line, step in enumerate(version.steps, start=1):
        run(
            connection,
            _STORE_STEP,
            {
                "product": version.product,
                "valid_from": version.valid_from,
                "complexity": step.complexity,
                "min_users": step.min_users,
                "price_per_user": step.price_per_user,
                "line": line,
            },
        )


def _store(
    connection: duckdb.DuckDBPyConnection, letters: Sequence[Letter], sent_on: date, import_id: int
) -> None:
    statement = "insert into stored.price_letters values (?, ?, ?, ?, ?, ?)"
    connection.executemany(statement, [[*letter.key, sent_on, import_id] for letter in letters])


def _name(letters: Sequence[Letter]) -> str:
    """What the log calls them: products and first days, nothing of a customer."""
    return ", ".join(sorted({f"{each.product} {each.valid_from.isoformat()}" for each in letters}))
