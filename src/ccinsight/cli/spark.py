"""``ccinsight spark``: builds the models of a lake on Apache Spark, and runs reports on them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from ccinsight import registry
from ccinsight.cli.options import DATE, FILE, as_of_option, customers_option
from ccinsight.cli.words import Command, Group, option
from ccinsight.clock import now, today
from ccinsight.errors import CcinsightError
from ccinsight.i18n import N_
from ccinsight.i18n import gettext as _


@click.group(
    "spark", cls=Group, help=N_("Build the models of a lake on Apache Spark, and run reports on them.")
)
def spark() -> None:
    """The group of the commands."""


@spark.command(
    "build",
    cls=Command,
    help=N_(
        "Build every model of the tables in FOLDER.\n\nFOLDER is one that `ccinsight lake write` wrote; the models "
        "go beside its tables."
    ),
)
@click.argument("folder", metavar="FOLDER")
def build_models(folder: str) -> None:
    """Builds the models, naming each as it is done."""
    from ccinsight.spark.build import build
    from ccinsight.spark.lake import check_tables, folders
    from ccinsight.spark.session import errors_in_words, start
    from ccinsight.spark.texts import manifest

    found, total = folders(folder), len(manifest().models)
    for part in found:
        check_tables(part)
    session = start()
    for part in found:
        with errors_in_words(part):
            build(session, part, now(), done=_Progress(total).done)
        click.echo(_("{folder}: {count} models are built.").format(folder=part, count=total))


@spark.command(
    "report",
    cls=Command,
    help=N_("Run a report on the models in FOLDER and write it.\n\nThe rows are those of every customer."),
)
@click.argument("name", metavar="NAME")
@click.argument("folder", metavar="FOLDER")
@as_of_option
@customers_option
@option("--days", type=click.IntRange(0, 36_600), metavar="N", help=N_("Days ahead to include (deadlines)."))
@option("--months", type=click.IntRange(1, 1_200), metavar="N", help=N_("Number of months, ahead or back."))
@option(
    "--since", type=DATE, metavar="DATE", help=N_("Only periods that start on or after this day (invoicing).")
)
@option("--check", metavar="NAME", help=N_("Only the problems of this check (data_problems)."))
@option("--to", "output", type=FILE, required=True, metavar="FILE", help=N_("Write to this file."))
def report(
    name: str,
    folder: str,
    as_of: date | None,
    customers: tuple[str, ...],
    output: Path,
    check: str | None,
    **options: int | date | None,
) -> None:
    """Runs one report and writes it in the form that the file's extension names."""
    from ccinsight.cli import reporting
    from ccinsight.database.scope import Filters
    from ccinsight.spark import report as reports
    from ccinsight.spark.lake import Lake, check_models, check_tables
    from ccinsight.spark.session import errors_in_words, start

    registered, day = registry.report(name), as_of or today()
    reports.check(name, {**options, "check": check})
    reporting.refuse_unknown_check(check)
    form = reporting.form_of(None, output)
    if not output.parent.is_dir():
        raise CcinsightError(_("The folder {folder} doesn't exist.").format(folder=output.parent))
    check_tables(folder)
    check_models(folder)
    session = start()
    with errors_in_words(folder):
        lake = Lake(session, folder)
        lake.open_tables()
        lake.open_models()
        lake.refuse_unknown(customers)
        table = reports.report(lake, name, day, customers or None, check=check, **options).toArrow()
    reporting.write(table, registered, form, output, day, Filters(customers))


class _Progress:
    """A line for each model."""

    def __init__(self, total: int):
        self._total, self._done = total, 0

    def done(self, name: str) -> None:
        """Says that a model is there."""
        self._done += 1
        click.echo(f"{self._done}/{self._total} {name}", err=True)
