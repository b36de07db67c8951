"""``ccinsight lake``: a database as Parquet files in a folder, and a database made of such a folder."""

from __future__ import annotations

from pathlib import Path

import click

from ccinsight.cli.options import FILE, database_option
from ccinsight.cli.words import Command, Group, option
from ccinsight.clock import now
from ccinsight.i18n import N_, number
from ccinsight.i18n import gettext as _


@click.group(
    "lake",
    cls=Group,
    help=N_("Write a database as Parquet for other tools, and collect a database from such a folder."),
)
def lake() -> None:
    """The group of the commands about a lake."""


@lake.command(
    "write",
    cls=Command,
    help=N_(
        "Write the database to FOLDER as Parquet.\n\nFOLDER/tables has what was imported, the settings and the "
        "calendar, FOLDER/models the models that reports read. What an earlier write left there is replaced."
    ),
)
@click.argument("folder", type=FILE, metavar="FOLDER")
@option("--partner", metavar="NAME", help=N_("Write this partner's part of a group's folder."))
@option(
    "--tables-only", is_flag=True, help=N_("Leave out the models, which `ccinsight spark build` makes then.")
)
@database_option
def write(folder: Path, partner: str | None, tables_only: bool, database: Path) -> None:
    """Writes the lake and says how much is in it."""
    from ccinsight.cli.progress import progress_bar
    from ccinsight.lake.write import write_lake

    with progress_bar() as progress:
        written = write_lake(
            database,
            folder,
            partner=partner,
            with_models=not tables_only,
            written_at=now(),
            progress=progress,
        )
    click.echo(_("{file}: {bytes} bytes").format(file=written.folder, bytes=number(written.bytes)))
    click.echo(_("The folder contains personal data: protect it like the database."))


@lake.command(
    "collect",
    cls=Command,
    help=N_(
        "Make a database of FOLDER, which `ccinsight serve` and all reports read.\n\nA group's folder gives one "
        "database of all partners: ids, products and account managers are named PARTNER/NAME. Imports go into each "
        "partner's own database, never into this one."
    ),
)
@click.argument("folder", type=FILE, metavar="FOLDER")
@option("--partner", metavar="NAME", help=N_("Collect this partner's part of a group's folder alone."))
@option(
    "--tickets",
    type=click.Choice(("copied", "parquet")),
    default="copied",
    show_default=True,
    help=N_("Copy tickets into the database, or read them from the folder's Parquet."),
)
@database_option
def collect(folder: Path, partner: str | None, tickets: str, database: Path) -> None:
    """Makes the database."""
    from ccinsight.cli.progress import progress_bar
    from ccinsight.lake.collect import collect

    with progress_bar() as progress:
        partners = collect(
            folder, database, with_tickets=tickets == "copied", partner=partner, progress=progress
        )
    named = [each for each in partners if each]
    click.echo(_("{database} was collected from {folder}.").format(database=database, folder=folder))
    if named:
        click.echo(_("Partners: {names}").format(names=", ".join(named)))
    if tickets == "parquet":
        click.echo(
            _("Its tickets stay in {folder}: keep that folder where it is, and back it up too.").format(
                folder=folder
            )
        )
