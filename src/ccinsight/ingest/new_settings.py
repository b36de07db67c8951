"""Applies new settings to the stored data; logged, and can be undone like an import."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import duckdb

from ccinsight.database.build import build_beside, only_writer, stored_before, whole_or_not
from ccinsight.errors import CcinsightError
from ccinsight.i18n import _
from ccinsight.ingest.history.log import SETTINGS, last_import, log_change, log_import
from ccinsight.settings.editing import Value, with_entries
from ccinsight.settings.model import Settings
from ccinsight.settings.parsing import default_settings, parse_settings, read_settings
from ccinsight.settings.storing import store_settings, stored_settings


def apply_settings(
    database: str | Path,
    config: str | Path | Settings,
    *,
    applied_at: datetime,
    applied_by: str | None = None,
) -> bool:
    """Gives the data that are there new settings; False where they are those that are stored.

    Names of headers and values count from the next import. It stands in the log, and can be undone, like an
    import. Raises CcinsightError, with the database as it was.
    """
    settings = config if isinstance(config, Settings) else read_settings(config)
    database = _existing(database)
    with only_writer(database), whole_or_not(database):
        with stored_before(database) as before:
            if before is not None and not _is_other(settings, stored_settings(before)):
                return False
        with build_beside(database, keep_previous=True) as connection:
            store_settings(connection, settings)
            log_settings(connection, settings, applied_at, applied_by)
    return True


def change_settings(
    database: str | Path,
    entries: Mapping[tuple[str, ...], Value],
    *,
    applied_at: datetime,
    applied_by: str | None = None,
) -> bool:
    """The same for single entries, by their paths; what else the stored settings say stays as it is."""
    database = _existing(database)
    with only_writer(database):
        with stored_before(database) as before:
            stored = stored_settings(before) if before else default_settings()
        changed = parse_settings(with_entries(stored.toml, entries), stored.file_name)
        return apply_settings(database, changed, applied_at=applied_at, applied_by=applied_by)


def log_settings(
    connection: duckdb.DuckDBPyConnection,
    settings: Settings,
    at: datetime,
    by: str | None,
    *,
    with_files: bool = False,
) -> None:
    """Logs new settings: with the import that brought them (``with_files``), else as an import of their own."""
    import_id = last_import(connection)
    if not with_files:
        import_id += 1
        log_import(connection, import_id, at, by)
    content = settings.toml.encode("utf-8")
    log_change(
        connection,
        import_id,
        SETTINGS,
        Path(settings.file_name or "ccinsight.toml").name,
        sha256=hashlib.sha256(content).hexdigest(),
        size=len(content),
        format="toml",
    )


def _existing(database: str | Path) -> Path:
    database = Path(database).absolute()
    if not database.exists():
        raise CcinsightError(_("There is no database {file} yet: import first.").format(file=database))
    return database


def _is_other(settings: Settings, stored: Settings) -> bool:
    return (settings.toml, settings.file_name) != (stored.toml, stored.file_name)
