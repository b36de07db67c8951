"""``ccinsight backup`` and ``ccinsight restore``."""

from __future__ import annotations

from pathlib import Path

import click

from ccinsight.cli.options import FILE, database_option, record, user
from ccinsight.cli.words import Command
from ccinsight.clock import now
from ccinsight.files import before_restore_folder
from ccinsight.i18n import N_, moment, ngettext, number
from ccinsight.i18n import gettext as _


@click.command(
    "backup", cls=Command, help=N_("Back up the database, contact key, notes and rules to a new folder.")
)
@click.argument("folder", type=FILE, metavar="DIR")
@database_option
def backup(folder: Path, database: Path) -> None:
    """Writes a backup, and names its files."""
    from ccinsight.maintenance.backup import back_up

    made = back_up(database, folder, made_at=now())
    for name, size in made.files.items():
        click.echo(_("{file}: {bytes} bytes").format(file=made.folder / name, bytes=number(size)))
    if made.lake:
        click.echo(
            _("The tickets are in {folder} and not in this backup: back up that folder too.").format(
                folder=made.lake
            )
        )
    click.echo(_("The backup contains personal data and the contact key: protect it like the database."))


@click.command("restore", cls=Command, help=N_("Restore a backup; the replaced files are kept."))
@click.argument("folder", type=FILE, metavar="DIR")
@database_option
def restore(folder: Path, database: Path) -> None:
    """Restores a backup, and says how to go back."""
    from ccinsight.maintenance.backup import restore

    had_one = database.exists()
    found = restore(database, folder, restored_at=now(), restored_by=user())
    record(database, "restore")
    click.echo(
        _("{database} was restored to {moment}.").format(database=database, moment=moment(found.made_at))
    )
    if found.collected_from:
        click.echo(
            _(
                "It was collected from a lake, and people and customers forgotten since may be in it again: collect it "
                "again with `ccinsight lake collect {folder}`, then repeat `ccinsight forget` for their notes."
            ).format(folder=found.collected_from)
        )
    elif found.forgotten is None:
        click.echo(
            _(
                "People and customers forgotten after the backup are in the database again: repeat "
                "`ccinsight forget` for them."
            )
        )
    elif found.forgotten:
        text = ngettext(
            "{count} person or customer forgotten after the backup was left out.",
            "{count} persons or customers forgotten after the backup were left out.",
            found.forgotten,
        )
        click.echo(text.format(count=number(found.forgotten)))
    if found.has_unreadable_previous:
        click.echo(
            _(
                "The database from before the last import can't be read and was left out, so that "
                "import can't be undone."
            )
        )
    if had_one:
        click.echo(
            _("The replaced files were kept; go back with: ccinsight restore {folder}").format(
                folder=before_restore_folder(database)
            )
        )
