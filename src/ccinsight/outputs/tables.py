"""Reports as files: CSV, JSON, Excel and Parquet, exact to the last decimal.

A table is a ``pyarrow.Table`` with exact decimals and dates, as the warehouse gives it. Files for machines hold column
names and codes; CSV and Excel can hold labels in the language in use, for people.
"""

from __future__ import annotations

import re
from pathlib import Path

import pyarrow as pa

from ccinsight.errors import CcinsightError, UsageError
from ccinsight.i18n import _, os_reason
from ccinsight.outputs.cells import Head
from ccinsight.outputs.csv_json import to_csv, to_json
from ccinsight.outputs.excel import to_excel
from ccinsight.outputs.parquet import to_parquet
from ccinsight.outputs.spreadsheet_csv import to_spreadsheet_csv
from ccinsight.registry import Report

MIME_TYPES = {
    "csv": "text/csv",
    "json": "application/json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "parquet": "application/vnd.apache.parquet",
}
FORMATS = tuple(MIME_TYPES)


def write(
    table: pa.Table,
    format: str,
    report: Report | None = None,
    head: Head | None = None,
    labels: bool = False,
) -> bytes:
    """The table as a file of that format ("csv", "json", "xlsx" or "parquet").

    ``report`` gives the columns their formats; a column that it doesn't have is written by its type.
    ``labels``: CSV and Excel for people, with headings and codes in the language in use in place of names; CSV as
    Excel in Norwegian reads it, and a spreadsheet runs none of its texts. Without it CSV is for machines, and exact.
    Raises UsageError for an unknown format.
    """
    match format:
        case "csv":
            return to_spreadsheet_csv(table, report) if labels else to_csv(table, report)
        case "json":
            return to_json(table, report)
        case "xlsx":
            return to_excel(table, report, head, labels)
        case "parquet":
            return to_parquet(table, report, head)
    known = ", ".join(FORMATS)
    raise UsageError(_("There is no format {name}. These exist: {known}").format(name=format, known=known))


def write_file(
    table: pa.Table,
    format: str,
    path: Path,
    report: Report | None = None,
    head: Head | None = None,
    labels: bool = False,
) -> None:
    """Writes the table to the path, as ``write`` does. Raises CcinsightError where that can't be done."""
    content = write(table, format, report, head, labels)
    try:
        path.write_bytes(content)
    except OSError as error:
        reason = os_reason(error)
        raise CcinsightError(
            _("{path} can't be written: {reason}").format(path=path, reason=reason)
        ) from error


def file_name(name: str, format: str, head: Head | None = None) -> str:
    """A name that says what is in the file, its date and its filters: ``renewals_2026-03-15_1042.csv``.

    ``name`` is in the language in use where a person downloads the file.
    """
    parts = [name]
    if head:
        parts.append(head.as_of.isoformat())
        parts += [value for _label, value in head.filters]
    whole = "_".join(filter(None, (_plain(part) for part in parts)))
    return f"{whole[:100]}.{format}"


def _plain(text: str) -> str:
    return re.sub(r"[^\w+.\-]+", "-", text).strip("-.")
