"""Runs a report for the command line and writes it: a table to read, or a file to go on with."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ccinsight import registry
from ccinsight.cli.text_table import as_text
from ccinsight.database.scope import Filters
from ccinsight.errors import UsageError
from ccinsight.i18n import day
from ccinsight.i18n import gettext as _

if TYPE_CHECKING:
    import pyarrow as pa

_BINARY = {"xlsx", "parquet"}
_SUFFIXES = {".csv": "csv", ".json": "json", ".xlsx": "xlsx", ".parquet": "parquet"}


def list_reports() -> None:
    """Names all reports, each with a line."""
    width = max(map(len, registry.REPORTS))
    for report in registry.REPORTS.values():
        click.echo(f"{report.name:<{width}}  {_(report.description)}")


def run(
    name: str,
    database: Path,
    as_of: date,
    filters: Filters,
    options: Mapping[str, Any],
    form: str | None,
    output: Path | None,
) -> None:
    """Runs the report and writes it. Raises UsageError for a name or value that isn't there."""
    form = form_of(form, output)
    report = registry.report(name)
    refuse_unknown_check(options.get("check"))
    from ccinsight.access import SEES_ALL
    from ccinsight.database.warehouse import Warehouse
    from ccinsight.notes.duties import with_notes

    options = with_notes(report, database, options)
    with Warehouse.open(database) as warehouse:
        table = warehouse.report(name, warehouse.resolve(as_of, filters, SEES_ALL, name), **options)
    write(table, report, form, output, as_of, filters)


def form_of(form: str | None, output: Path | None) -> str:
    """The format to write: the one asked for, else the file's, else the terminal's. Refuses a binary one there."""
    form = form or _default_form(output)
    if form in _BINARY and output is None and sys.stdout.isatty():
        raise click.UsageError(
            _("{form} can't be printed on a terminal: give a file with --output.").format(form=form)
        )
    return form


def write(
    table: pa.Table, report: registry.Report, form: str, output: Path | None, as_of: date, filters: Filters
) -> None:
    """Writes rows as a table to read or as a file, with what they are of."""
    if form == "table":
        rows = [tuple(row.values()) for row in table.to_pylist()]
        columns = [_column(report, name) for name in table.column_names]
        _write_text(_head(report, as_of, filters) + as_text(columns, rows, _width(output)), output)
    else:
        _write_file(table, report, form, output, as_of, filters)


def refuse_unknown_check(check: str | None) -> None:
    """Raises UsageError for a check of the data that doesn't exist; None is none."""
    known = registry.CODES["check"]
    if check is not None and check not in known:
        raise UsageError(
            _("There is no check {name}. These exist: {known}").format(name=check, known=", ".join(known))
        )


def _column(report: registry.Report, name: str) -> registry.Column:
    """What the registry says of a column; one that it doesn't know is shown as it is."""
    return report.column(name) if report.has_column(name) else registry.Column(name, name, "text", "")


def _default_form(output: Path | None) -> str:
    if output is not None:
        return _SUFFIXES.get(output.suffix.lower(), "csv")
    return "table" if sys.stdout.isatty() else "csv"


def _width(output: Path | None) -> int | None:
    """The columns of the terminal; None, no limit, where the text goes elsewhere."""
    return shutil.get_terminal_size().columns if output is None and sys.stdout.isatty() else None


def _head(report: registry.Report, as_of: date, filters: Filters) -> str:
    """The title, the as-of date and the filters: what the figures are of."""
    chosen = [f"{label} {value}" for label, value in named_filters(filters)]
    return " · ".join([_(report.title), _("as of {day}").format(day=day(as_of)), *chosen]) + "\n\n"


def named_filters(filters: Filters) -> Iterator[tuple[str, str]]:
    """Each filter that is set, with what it is called."""
    labels = {
        _("Customer"): filters.customers,
        _("Account manager"): filters.account_managers,
        _("User band"): filters.user_bands,
        _("Partner"): filters.partners,
    }
    return ((label, ", ".join(values)) for label, values in labels.items() if values)


def _write_text(text: str, output: Path | None) -> None:
    if output is None:
        click.echo(text, nl=False)
    else:
        output.write_text(text, encoding="utf-8")


def _write_file(
    table: pa.Table, report: registry.Report, form: str, output: Path | None, as_of: date, filters: Filters
) -> None:
    from ccinsight.outputs import tables
    from ccinsight.outputs.cells import Head

    head = Head(as_of, tuple(named_filters(filters)))
    if output is not None:
        tables.write_file(table, form, output, report, head)
    else:
        sys.stdout.buffer.write(tables.write(table, form, report, head))
