"""``ccinsight explore``: figures of one's own choice, broken down by what they can be broken down by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ccinsight.cli.options import (
    DATE,
    as_of_option,
    database_option,
    filter_options,
    format_option,
    output_option,
)
from ccinsight.cli.words import option
from ccinsight.clock import today
from ccinsight.i18n import N_
from ccinsight.i18n import gettext as _

if TYPE_CHECKING:
    import pyarrow as pa

    from ccinsight.database.exploring import Question
    from ccinsight.registry import Report


@click.command(help=N_("Print figures by what they can be broken down by; --list shows the names of both."))
@click.argument("measures", nargs=-1, metavar="MEASURE…")
@option("--by", multiple=True, metavar="NAME", help=N_("Break down by this dimension. May be given twice."))
@option("--from", "first", type=DATE, metavar="DATE", help=N_("First day of the span (default: 12 months)."))
@option("--to", "last", type=DATE, metavar="DATE", help=N_("Last day of the span (default: the as-of date)."))
@option("--totals", "has_totals", is_flag=True, help=N_("Add rows with the totals."))
@option("--list", "show_list", is_flag=True, help=N_("List all measures and dimensions."))
@database_option
@as_of_option
@filter_options
@format_option
@output_option
def explore(
    measures: tuple[str, ...],
    by: tuple[str, ...],
    first: date | None,
    last: date | None,
    has_totals: bool,
    show_list: bool,
    database: Path,
    as_of: date | None,
    form: str | None,
    output: Path | None,
    **chosen: tuple[str, ...],
) -> None:
    """Answers a question and writes the rows. ``chosen`` are the filters. UsageError: it can't be asked."""
    from ccinsight.access import SEES_ALL
    from ccinsight.cli import reporting
    from ccinsight.database.exploring import LEFT_OUT, question, report_of
    from ccinsight.database.scope import Filters
    from ccinsight.database.warehouse import Warehouse

    if show_list:
        _list()
        return
    if not measures:
        raise click.UsageError(_("Name at least one measure; `ccinsight explore --list` shows them all."))
    asked = question(measures, by, first, last, has_totals=has_totals)
    form, day = reporting.form_of(form, output), as_of or today()
    filters = Filters(**chosen)
    with Warehouse.open(database) as warehouse:
        rows = warehouse.explore(asked, warehouse.resolve(day, filters, SEES_ALL))
    report = report_of(asked)
    if form == "table":
        rows = _without_zeros(rows, [f"{measure}{LEFT_OUT}" for measure in asked.measures])
        rows, report = _with_named_totals(rows, report, asked) if has_totals and by else (rows, report)
    reporting.write(rows, report, form, output, day, filters)


def _without_zeros(rows: pa.Table, names: Sequence[str]) -> pa.Table:
    """The rows without those of the columns that are 0 everywhere."""
    empty = [name for name in names if name in rows.column_names and not any(rows[name].to_pylist())]
    return rows.drop_columns(empty)


def _with_named_totals(rows: pa.Table, report: Report, asked: Question) -> tuple[pa.Table, Report]:
    """The rows with a word in the place of each value that a total is over, and the columns that show it as text."""
    from ccinsight.database.exploring import LEVEL, OVER_FIRST, OVER_SECOND, TOTAL

    levels = [OVER_FIRST, OVER_SECOND] if len(asked.by) == 2 else [TOTAL, TOTAL]
    columns = {column.name: column for column in report.columns}
    for place, dimension in enumerate(asked.dimensions):
        over = {TOTAL, levels[place]}
        for column in dimension.columns:
            texts = [
                _("Total") if row[LEVEL] in over else column.shown(row[column.name])
                for row in rows.to_pylist()
            ]
            rows = rows.set_column(rows.column_names.index(column.name), column.name, [texts])
            columns[column.name] = replace(column, format="text")
    return rows.drop_columns([LEVEL]), replace(report, columns=tuple(columns.values()))


def _list() -> None:
    """Names all measures with what they can be broken down by, and all dimensions, each with a line."""
    from ccinsight.registry.explore import EXPLORE

    width = max(map(len, [*EXPLORE.measures, *EXPLORE.dimensions]))
    for measure in EXPLORE.measures.values():
        click.echo(f"{measure.name:<{width}}  {_(measure.column.label)}: {_(measure.column.description)}")
        click.echo(f"{'':<{width}}  --by {', '.join(measure.grain.dimensions)}")
    click.echo()
    for dimension in EXPLORE.dimensions.values():
        click.echo(
            f"{dimension.name:<{width}}  {_(dimension.shown.label)}: {_(dimension.column.description)}"
        )
