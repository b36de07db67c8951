"""The log of imports: an entry for each file and for each other change of the data."""

from __future__ import annotations

from datetime import datetime

import duckdb

# What stands where files have their export: changed settings, who was forgotten, tickets that became too old, price
# letters that were sent or taken back.
SETTINGS, FORGOTTEN, RETIRED = "settings", "forgotten", "retired"
LETTERS, TAKEN_BACK = "letters", "letters_taken_back"


def log_import(
    connection: duckdb.DuckDBPyConnection, import_id: int, at: datetime, by: str | None, seconds: float = 0
) -> None:
    """When, who, how long."""
    values = [import_id, at, by, seconds]
    connection.execute("insert into stored.imports values (?, ?, ?, ?)", values).fetchall()


def log_change(
    connection: duckdb.DuckDBPyConnection,
    import_id: int,
    kind: str,
    name: str,
    *,
    rows: int = 0,
    sha256: str = "",
    size: int = 0,
    format: str = "",
) -> None:
    """A line of an import that is no export: its kind (above), what it is called, the rows that it took away."""
    connection.execute(
        """
        insert into stored.files by name
        select
            (select coalesce(max(file_id), 0) + 1 from stored.files) as file_id, $import_id as import_id,
            $kind as export, $name as name, $sha256 as sha256, $size as size_bytes, $format as format,
            $rows as rows_read, 0 as rows_good, 0 as rows_rejected, cast([] as varchar[]) as headers
        """,
        {
            "import_id": import_id,
            "kind": kind,
            "name": name,
            "rows": rows,
            "sha256": sha256,
            "size": size,
            "format": format,
        },
    ).fetchall()


def last_import(connection: duckdb.DuckDBPyConnection) -> int:
    """The number of the newest import; 0 where there is none."""
    rows = connection.execute("select coalesce(max(import_id), 0) from stored.imports").fetchall()
    return int(rows[0][0])
