"""Plans an import: finds the files, recognises each one's export, and skips unchanged files."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb

from ccinsight.errors import CcinsightError, NotNowError
from ccinsight.i18n import _
from ccinsight.ingest.catalogue import exports
from ccinsight.ingest.file_list import Listing
from ccinsight.ingest.full_lists import LASTING
from ccinsight.ingest.history.summary import ImportSummary
from ccinsight.ingest.readers.formats import NotReadError
from ccinsight.ingest.source import Source, open_sources
from ccinsight.ingest.ticket_age import count_too_old
from ccinsight.ingest.unchanged import find_unchanged
from ccinsight.settings.model import Settings
from ccinsight.settings.parsing import default_settings
from ccinsight.settings.storing import stored_settings


@dataclass(frozen=True)
class Plan:
    """What an import is going to do. ``changes_nothing``: the database can stay as it is.

    ``sources``: the tables to load. ``unchanged``: those skipped, since the same file was imported before.
    ``replaced``: the exports that start afresh. ``rejected_before``, ``conflicting_before``: rows of the skipped files.
    ``too_old``: tickets of the database that the settings no longer keep.
    """

    listing: Listing
    settings: Settings
    sources: tuple[Source, ...]
    unchanged: tuple[Source, ...] = ()
    replaced: frozenset[str] = frozenset()
    changes_nothing: bool = False
    rejected_before: int = 0
    conflicting_before: int = 0
    too_old: int = 0
    missing_before: tuple[str, ...] = ()

    @property
    def exports(self) -> frozenset[str]:
        """The exports of the tables to load."""
        return frozenset(source.match.export.name for source in self.sources)

    @property
    def whole(self) -> frozenset[str]:
        """The exports whose new files hold the whole list."""
        return self.exports & (self.replaced | frozenset(self.settings.imports.full))

    @property
    def shortened(self) -> list[str]:
        """The exports whose earlier rows are deleted where the new files lack them."""
        return sorted(self.whole - self.replaced - LASTING)

    def summary_of_nothing(self) -> ImportSummary:
        """The summary of an import that changes nothing."""
        return ImportSummary(
            (),
            tuple(self.listing.passed_over),
            self.missing_before,
            reasons=self.listing.reasons,
            links=tuple(self.listing.links),
            unchanged=tuple(source.name for source in self.unchanged),
            database_changed=False,
            rejected_before=self.rejected_before,
            conflicting_before=self.conflicting_before,
        )


def plan_import(
    listing: Listing,
    given: Settings | None,
    before: duckdb.DuckDBPyConnection | None,
    scratch: Path,
    *,
    replace: Iterable[str],
    imported_at: datetime,
) -> Plan:
    """Recognises the listed files and finds those that an import can skip.

    ``given`` None keeps the settings of the database ``before``, which is None where there is no database yet.
    Raises CcinsightError where no file is an export, or some can't be read or lack a required column: it names all.
    """
    settings = given or (stored_settings(before) if before else default_settings())
    sources = _open(listing, settings, scratch)
    if before is None:
        return Plan(listing, settings, tuple(sources), replaced=frozenset(replace))
    unchanged = find_unchanged(before, sources, settings, replace)
    too_old = count_too_old(before, settings.imports.keep_months, imported_at)
    has_same_settings = given is None or given.toml == stored_settings(before).toml
    changes_nothing = len(unchanged) == len(sources) and not too_old and has_same_settings
    return Plan(
        listing,
        settings,
        tuple(source for source in sources if source not in unchanged),
        unchanged=tuple(unchanged),
        replaced=frozenset(replace) - {source.match.export.name for source in unchanged},
        changes_nothing=changes_nothing,
        rejected_before=_rejected_before(before, unchanged),
        conflicting_before=_conflicting_before(before, unchanged),
        too_old=too_old,
        missing_before=missing_exports(before) if changes_nothing else (),
    )


def missing_exports(connection: duckdb.DuckDBPyConnection) -> tuple[str, ...]:
    """The exports of which the database has no row."""

    def is_empty(name: str) -> bool:
        return not connection.execute(f"select 1 from stored.{name} limit 1").fetchall()  # noqa: S608

    return tuple(name for name in exports() if is_empty(name))


def _open(listing: Listing, settings: Settings, scratch: Path) -> list[Source]:
    """The tables in all files; a file without one is skipped.

    Raises CcinsightError where there is none at all, and one that names every file that can't be imported.
    """
    sources: list[Source] = []
    refused: list[CcinsightError] = []
    with duckdb.connect() as connection:
        for found in listing.files:
            try:
                opened = open_sources(found, settings, scratch, connection)
            except NotNowError:
                raise
            except CcinsightError as e:
                if isinstance(e, NotReadError) and not found.is_named:
                    listing.pass_over(found.path.name, e.why)
                else:
                    refused.append(e)
                continue
            sources += opened
            if not opened:
                listing.pass_over(found.path.name)
    if len(refused) == 1:
        raise refused[0]
    if refused:
        raise CcinsightError("\n".join(map(str, refused)))
    if not sources:
        none = _("None of the files is an export: {names}.").format(names=", ".join(listing.passed_over))
        raise CcinsightError("\n".join([none, *listing.passed_over_lines()]))
    return sources


def _rejected_before(before: duckdb.DuckDBPyConnection, same: list[Source]) -> int:
    """The rejected rows of the files that are skipped."""
    hashes = [source.sha256 for source in same]
    rows = before.execute(
        "select count(*) from stored.rejects as r inner join stored.files as f on r.file_id = f.file_id "
        "where list_contains(cast($hashes as varchar[]), f.sha256)",
        {"hashes": hashes},
    ).fetchall()
    return int(rows[0][0])


def _conflicting_before(before: duckdb.DuckDBPyConnection, same: list[Source]) -> int:
    """The rows of the skipped files that share a key with another row of other contents."""
    is_known = "select 1 from duckdb_tables() where schema_name = 'stored' and table_name = 'key_conflicts'"
    if not before.execute(is_known).fetchall():
        return 0
    rows = before.execute(
        "select coalesce(sum(len(k.lines) - 1), 0) from stored.key_conflicts as k "
        "inner join stored.files as f on k.file_id = f.file_id "
        "where list_contains(cast($hashes as varchar[]), f.sha256)",
        {"hashes": [source.sha256 for source in same]},
    ).fetchall()
    return int(rows[0][0])
