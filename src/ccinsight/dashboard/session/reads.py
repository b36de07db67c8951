"""The open database and what is remembered of it.

One read-only connection a process, opened again when an import has put a new file in place. Reports are
cached by build, day, filters, options and what the reader may see, within bounds; the functions they call are the
warehouse's and know no Streamlit.
"""

from __future__ import annotations

import io
import os
import threading
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pandas as pd
import pyarrow as pa
import streamlit as st

from ccinsight.access import SEES_ALL, Reader
from ccinsight.dashboard.session import keys
from ccinsight.dashboard.session.by_customer import BY_CUSTOMER
from ccinsight.dashboard.session.cache import Remembered, by_build, bytes_of, keep_only, once
from ccinsight.dashboard.session.one_build import Runs
from ccinsight.database.scope import (
    Filters,
    Scope,
    Traits,
    check_filters,
    chosen_among,
    chosen_rows,
    nameless,
    partners_in,
    traits,
)
from ccinsight.database.warehouse import FEWEST_BEHIND, PROCESSES, Limits, Warehouse
from ccinsight.errors import UsageError
from ccinsight.i18n import N_, _
from ccinsight.ingest import warning_text, write_rejects
from ccinsight.notes.duties import FROM_NOTES, DutyMarks, with_notes
from ccinsight.notes.terminations import TerminationReasons
from ccinsight.outputs.frames import to_frame
from ccinsight.registry import REPORTS, Column, Report
from ccinsight.settings.model import Settings
from ccinsight.settings.parsing import parse_settings
from ccinsight.settings.storing import stored_settings

Options = tuple[tuple[str, Any], ...]

EXPORTS = ("agreements", "tickets", "user_counts", "prices", "invoices", "meetings")
_GRACE_SECONDS = 30.0
# Most of a report's time goes into planning, which takes one thread anyway: two threads for one report gain little
# and take a third more memory, two reports at a time use two cores.
_THREADS, _AT_ONCE = 1, 2
_CUSTOMERS = """
    with agreement_names as (
        select a.customer_id, arg_max(a.customer_name, a.subscribed_on) as name
        from main.agreements as a
        group by 1
    ),

    ticket_names as (
        select t.customer_id, max(t.customer_name) as name
        from stored.tickets as t
        where t.customer_id is not null
        group by 1
    )

    select k.customer_id, coalesce(a.name, t.name, k.customer_id) as name
    from model.customer_ids as k
    left join agreement_names as a on k.customer_id = a.customer_id
    left join ticket_names as t on k.customer_id = t.customer_id
    where $visible is null or k.customer_id in (select unnest(cast($visible as varchar[])))
"""
_MANAGERS = """
    select distinct a.account_manager
    from main.agreements as a
    where
        a.account_manager is not null
        and ($visible is null or a.customer_id in (select unnest(cast($visible as varchar[]))))
    order by 1
"""
_ANY_ROW = {export: f"select 1 from main.{export} limit 1" for export in EXPORTS}  # noqa: S608


def database_path() -> Path:
    """Where the database is: CCINSIGHT_DATABASE, else ccinsight.duckdb in the working folder."""
    return Path(os.environ.get("CCINSIGHT_DATABASE") or "ccinsight.duckdb")


def marks() -> DutyMarks:
    """What persons said of duties, beside the database."""
    return DutyMarks.beside(database_path())


def termination_reasons() -> TerminationReasons:
    """Why agreements were terminated, beside the database."""
    return TerminationReasons.beside(database_path())


_runs = Runs()


def start_run() -> None:
    """For the router: what this run reads comes from one build, also where an import replaces the file meanwhile."""
    _runs.start()


def warehouse() -> Warehouse:
    """The database as it is on disk, or was when this run first read it. Raises NoDatabaseError without one."""
    return _runs.warehouse(lambda: _opened(str(database_path())))


def _close_later(house: Warehouse) -> None:
    """Another session may be reading from it at this moment."""
    timer = threading.Timer(_GRACE_SECONDS, house.close)
    timer.daemon = True
    timer.start()


# Streamlit's own cache: it asks ``validate`` at each read and closes the database that it lets go of; it holds no rows.
@st.cache_resource(show_spinner=False, max_entries=1, validate=Warehouse.is_current, on_release=_close_later)
def _opened(path: str) -> Warehouse:
    with Warehouse.open(Path(path)) as house, house.reading() as cursor:
        server = stored_settings(cursor).server
    processes = int(os.environ.get(PROCESSES) or 1)
    limits = Limits(server.memory_limit, _THREADS, _AT_ONCE, server.report_seconds, processes)
    opened = Warehouse.open(Path(path), limits=limits, under_own_name=True)
    keep_only(opened.build_id)
    return opened


@dataclass(frozen=True)
class Choices:
    """What the filters can be set to, and which exports the database has rows of."""

    customers: dict[str, str] = field(default_factory=dict)
    account_managers: tuple[str, ...] = ()
    user_bands: tuple[str, ...] = ()
    partners: tuple[str, ...] = ()
    exports: frozenset[str] = frozenset()

    def hold(self, filters: Filters) -> bool:
        """True where every value of the filters is one of these."""
        return (
            self.customers.keys() >= set(filters.customers)
            and set(self.account_managers) >= set(filters.account_managers)
            and set(self.user_bands) >= set(filters.user_bands)
            and set(self.partners) >= set(filters.partners)
        )


def choices(reader: Reader) -> Choices:
    """What a reader can choose from in the database as it is now."""
    house = warehouse()
    return _choices(house.build_id, reader.sight, house, reader)


def _choices(build_id: str, sight: str, house: Warehouse, reader: Reader) -> Choices:
    return _known_choices.get((build_id, sight), lambda: _choices_in(house, reader))


def _choices_in(house: Warehouse, reader: Reader) -> Choices:
    visible = house.visible(reader)
    given = {"visible": None if visible is None else sorted(visible)}
    with house.reading() as cursor:
        names = cursor.execute(_CUSTOMERS, given).fetchall()
        managers = cursor.execute(_MANAGERS, given).fetchall()
        filled = [export for export, query in _ANY_ROW.items() if cursor.execute(query).fetchone()]
        partners = partners_in(cursor, visible)
        bands = [band for band, _first, _last in stored_settings(cursor).bands()]
    return Choices(
        customers=_labels(dict(names)),
        account_managers=tuple(name for (name,) in managers),
        user_bands=(*bands, "unknown"),
        partners=partners,
        exports=frozenset(filled),
    )


def _labels(names: dict[str, str]) -> dict[str, str]:
    """Customer id → a label of its own: the name, with the id where two customers share it."""
    seen: dict[str, int] = {}
    for name in names.values():
        seen[name] = seen.get(name, 0) + 1
    labels = {key: name if seen[name] == 1 else f"{name} ({key})" for key, name in names.items()}
    return dict(sorted(labels.items(), key=lambda pair: pair[1].casefold()))


# Not Streamlit's caches: hashing the arguments and copying the answer takes them 1 to 2 ms, many times a page.
# Twelve reports of a day are 7 MB for 3 300 customers and 21 MB for 10 000.
_wholes: Remembered[pd.DataFrame] = by_build(48_000_000, bytes_of)
_filtered: Remembered[pd.DataFrame] = by_build(16_000_000, bytes_of)
_known_choices: Remembered[Choices] = by_build(60, once)
_known_filters: Remembered[Filters] = by_build(200, once)
_known_scopes: Remembered[Scope] = by_build(100, once)
_known_traits: Remembered[Traits] = by_build(4, once)
_known_settings: Remembered[Settings] = by_build(1, once)


def read(name: str, as_of: date, filters: Filters, reader: Reader, **options: Any) -> pd.DataFrame:
    """A report for a reader's screen. Raises CcinsightError; errors aren't remembered."""
    _end_abandoned_run()
    house = warehouse()
    options |= dict.fromkeys(FROM_NOTES.intersection(REPORTS[name].options), marks().version())
    asked = tuple(sorted(options.items()))
    if name not in BY_CUSTOMER:
        return _read(name, as_of, filters, asked, house, reader)
    if _first_filters(house.build_id, name, as_of, asked, reader.sight, filters) == filters != Filters():
        return _read(name, as_of, filters, asked, house, reader)
    whole = _read_all(house.build_id, name, as_of, asked, house, reader)
    if filters == Filters():
        return whole.copy(deep=False)
    return chosen_rows(whole, scope_of(house.build_id, as_of, filters, reader.sight, house, reader))


def peers(as_of: date, reader: Reader) -> pd.DataFrame:
    """Tickets per user of all customers, whoever is chosen: user_band, tickets_per_user, customer_id and customer_name,
    the last two null where the reader may not see the customer.
    """
    whole = read("peer_tickets", as_of, Filters(), SEES_ALL)
    return nameless(whole, warehouse().visible(reader), "tickets_per_user", FEWEST_BEHIND)


def chosen(rows: pd.DataFrame, as_of: date, filters: Filters, reader: Reader) -> pd.DataFrame:
    """Those rows of all the reader's customers that the filters leave."""
    house = warehouse()
    return chosen_rows(rows, scope_of(house.build_id, as_of, filters, reader.sight, house, reader))


def _end_abandoned_run() -> None:
    """Streamlit ends a run whose reader has gone, or asked for something else, when it reads the session's state."""
    st.session_state.get("_reader")


def _first_filters(
    build_id: str, name: str, as_of: date, options: Options, sight: str, filters: Filters
) -> Filters:
    """The filters that a report of a day was first asked for with."""
    return _known_filters.get((build_id, name, as_of, _frozen(options), sight), lambda: filters)


def _read(
    name: str, as_of: date, filters: Filters, options: Options, house: Warehouse, reader: Reader
) -> pd.DataFrame:
    """The rows of the filters, a copy that a page may change."""

    def asked() -> pd.DataFrame:
        scope = scope_of(house.build_id, as_of, filters, reader.sight, house, reader)
        return to_frame(house.report(name, scope, **_from_notes(name, options)))

    key = (house.build_id, name, as_of, filters, _frozen(options), reader.sight)
    return _filtered.get(key, asked).copy(deep=False)


def _from_notes(name: str, options: Options) -> dict[str, Any]:
    """The options of a report, with what the notes give it in the place of their version, which it is remembered by."""
    return with_notes(REPORTS[name], database_path(), dict(options))


def _read_all(
    build_id: str, name: str, as_of: date, options: Options, house: Warehouse, reader: Reader
) -> pd.DataFrame:
    """The rows of all customers that the reader may see."""

    def asked() -> pd.DataFrame:
        return to_frame(house.report(name, Scope(as_of, reader), **_from_notes(name, options)))

    return _wholes.get((build_id, name, as_of, _frozen(options), reader.sight), asked)


def _frozen(value: Any) -> Any:
    """The same with tuples for lists and dictionaries, such as a planned price's steps: what can be a key."""
    if isinstance(value, dict):
        return tuple((key, _frozen(each)) for key, each in value.items())
    return tuple(map(_frozen, value)) if isinstance(value, list | tuple) else value


def read_exact(name: str, as_of: date, filters: Filters, reader: Reader, **options: Any) -> pa.Table:
    """A report with exact types, for a reader's file; not remembered."""
    house = warehouse()
    options = with_notes(REPORTS[name], database_path(), options)
    return house.report(name, house.resolve(as_of, filters, reader, name), **options)


def scope_of(
    build_id: str, as_of: date, filters: Filters, sight: str, house: Warehouse, reader: Reader
) -> Scope:
    """The scope of a reader's filters on a day."""

    def asked() -> Scope:
        if not _choices(build_id, sight, house, reader).hold(filters):
            with house.reading() as cursor:
                check_filters(cursor, filters, reader)
        return chosen_among(lambda: _traits(build_id, as_of, house), as_of, filters, reader)

    return _known_scopes.get((build_id, as_of, filters, sight), asked)


def _traits(build_id: str, as_of: date, house: Warehouse) -> Traits:
    def asked() -> Traits:
        with house.reading() as cursor:
            return traits(cursor, as_of)

    return _known_traits.get((build_id, as_of), asked)


def exists() -> bool:
    """True where there is a database to read."""
    return database_path().exists()


def settings() -> Settings:
    """The settings of the database; where there is none yet, those that this session chose for the first import."""
    if not exists():
        return parse_settings(st.session_state.get(keys.FIRST_SETTINGS, ""), None)
    house = warehouse()
    return _known_settings.get((house.build_id,), lambda: _settings_in(house))


def _settings_in(house: Warehouse) -> Settings:
    with house.reading() as cursor:
        return stored_settings(cursor)


def headers_of(export: str) -> list[list[str]]:
    """The headers of the files of an export that count still."""
    with warehouse().reading() as cursor:
        rows = cursor.execute("select headers from model.files_in_use where export = ?", [export]).fetchall()
    return [headers for (headers,) in rows]


WARNINGS = Report(
    "warnings",
    N_("Notes from the imports"),
    N_(
        "Signs that something is wrong with a file. Headers and values that aren't known are on the page "
        "Fields and values."
    ),
    (),
    (
        REPORTS["imports"].column("imported_at"),
        REPORTS["imports"].column("export"),
        REPORTS["imports"].column("name"),
        Column("text", N_("Warning"), "text", N_("What the import found, and what it did about it.")),
    ),
    (),
    {},
)


def warnings(reader: Reader) -> pd.DataFrame:
    """The warnings of all imports, the newest first, but for those of the page Fields and values.

    Raises UsageError where the reader doesn't see all customers.
    """
    _refuse_limited(reader)
    house = warehouse()
    with house.reading() as cursor:
        rows = cursor.execute(_WARNINGS).df()
    known = zip(rows["kind"], rows["column_name"], rows["value"], rows["rows"], strict=True)
    texts = [warning_text(kind, *(None if pd.isna(part) else part for part in rest)) for kind, *rest in known]
    return rows.assign(text=texts)


_WARNINGS = """
    select i.imported_at, f.export, f.name, w.kind, w.column_name, w.value, w.rows
    from stored.warnings as w
    inner join stored.files as f on w.file_id = f.file_id
    inner join stored.imports as i on f.import_id = i.import_id
    where w.kind not in ('header_unmatched', 'value_unknown')
    order by f.file_id desc, w.kind, w.column_name, w.value
    limit 1000
"""


def _refuse_limited(reader: Reader) -> None:
    if not reader.sees_all:
        raise UsageError(_("This is for those who may see all customers."))


def rejects_archive(reader: Reader) -> bytes:
    """The rejected rows of all imports as they came, a CSV file for each set of headers, and why; zipped.

    Raises UsageError where the reader doesn't see all customers.
    """
    _refuse_limited(reader)
    out = io.BytesIO()
    with TemporaryDirectory() as folder, ZipFile(out, "w", ZIP_DEFLATED) as archive:
        reasons = write_rejects(database_path(), Path(folder, "rejects.csv"))
        for path in sorted(Path(folder).iterdir()):
            archive.write(path, path.name)
        text = "\n".join(line.replace(f"{folder}{os.sep}", "") for line in reasons)
        archive.writestr("reasons.txt", text)
    return out.getvalue()
