"""Writes rejected rows in their original layout, to be corrected and imported again."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import duckdb

from ccinsight.database.warehouse import Warehouse
from ccinsight.errors import CcinsightError
from ccinsight.i18n import _, ngettext, number, os_reason
from ccinsight.ingest.catalogue import exports, match_headers
from ccinsight.ingest.values.reasons import REASON_HEADER
from ccinsight.settings.storing import stored_settings

_SHOWN = 20
_BATCH = 10_000
_RUNS = re.compile(r"[=+\-@\t\r]")
_NUMBER = re.compile(r"[-+]?[0-9][0-9 .,\u00a0\u202f]*")


def write_rejects(database: str | Path, output: str | Path) -> list[str]:
    """Writes the rejected rows as CSV (`;`, UTF-8 with a mark); gives lines that say why each was rejected.

    The last column holds each row's reason; an import passes over it.

    Rows of the same headers share a file: the most numerous ``output``, others one beside it.
    Without a rejected row no file is written. Raises CcinsightError where a file can't be written.
    """
    output = Path(output)
    lines: list[str] = []
    with Warehouse.open(Path(database)) as warehouse, warehouse.cursor() as cursor:
        for at, (export, headers, rows) in enumerate(_shapes(cursor)):
            path = output if at == 0 else output.with_stem(f"{output.stem}-{export}-{at + 1}")
            try:
                _write(cursor, path, export, headers)
            except OSError as e:
                raise CcinsightError(
                    _("{file} can't be written: {error}.").format(file=path, error=os_reason(e))
                ) from e
            text = ngettext(
                "{file}: {count} rejected row of {export}", "{file}: {count} rejected rows of {export}", rows
            )
            lines.append(text.format(file=path, count=number(rows), export=export))
            lines += _reasons(cursor, export, headers, rows)
    return lines or [_("There are no rejected rows.")]


def _shapes(cursor: duckdb.DuckDBPyConnection) -> list[tuple[str, list[str], int]]:
    return cursor.execute(
        """
        select r.export, f.headers, count(*) as rows
        from stored.rejects as r
        inner join stored.files as f on f.file_id = r.file_id
        group by all
        order by rows desc, r.export, f.headers
        """
    ).fetchall()


def _write(cursor: duckdb.DuckDBPyConnection, path: Path, export: str, headers: list[str]) -> None:
    """Writes the rows with their reasons last; text that a spreadsheet would run is guarded by an apostrophe."""
    names = _own_names(cursor, export, headers)
    result = cursor.execute(
        """
        select r.fields, r.column_name, r.value, r.reason
        from stored.rejects as r
        inner join stored.files as f on f.file_id = r.file_id
        where r.export = $export and f.headers = $headers
        order by r.file_id, r.line
        """,
        {"export": export, "headers": headers},
    )
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow([*map(_guarded, headers), _(REASON_HEADER)])
        while rows := result.fetchmany(_BATCH):
            for fields, column, value, reason in rows:
                cells = [*fields, *[""] * (len(headers) - len(fields))]
                why = what_is_wrong(names.get(column, column), value, reason)
                writer.writerow(map(_guarded, [*cells, why]))


def _own_names(cursor: duckdb.DuckDBPyConnection, export: str, headers: list[str]) -> dict[str, str]:
    """Each column that the rows have → the header that the file has for it."""
    columns = match_headers(exports()[export], headers, stored_settings(cursor)).columns
    return {column: headers[at] for column, at in columns.items()}


def _guarded(text: str) -> str:
    """The text, with an apostrophe before it where a spreadsheet would run it; a number stays as it is."""
    return f"'{text}" if _RUNS.match(text) and not _NUMBER.fullmatch(text) else text


def _reasons(cursor: duckdb.DuckDBPyConnection, export: str, headers: list[str], rows: int) -> list[str]:
    found = cursor.execute(
        """
        select f.name, r.line, r.column_name, r.value, r.reason
        from stored.rejects as r
        inner join stored.files as f on f.file_id = r.file_id
        where r.export = $export and f.headers = $headers
        order by r.file_id, r.line
        limit $shown
        """,
        {"export": export, "headers": headers, "shown": _SHOWN},
    ).fetchall()
    lines = [
        "  "
        + _("{file}, line {line}: {what}").format(
            file=name, line=line, what=what_is_wrong(column, value, reason)
        )
        for name, line, column, value, reason in found
    ]
    if rows > len(found):
        lines.append("  " + _("… and {count} more").format(count=number(rows - len(found))))
    return lines


def what_is_wrong(column: str | None, value: str | None, reason: str) -> str:
    """Why a row is rejected, in the language in use: the header, the value, the reason."""
    shown = f" “{value}”" if value else ""
    return f"{column}{shown}: {_(reason)}" if column else f"{_(reason)}{f' ({value})' if value else ''}"
