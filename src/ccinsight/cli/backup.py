"""``ccinsight backup`` and ``ccinsight restore``."""

from __future__ import annotations

from pathlib import Path

import click

from ccinsight.cli.options import FILE, database_option, user
from ccinsight.cli.words import Command
from ccinsight.clock import now
from ccinsight.files import before_restore_folder
from ccinsight.i18n import N_, moment, ngettext, number
from ccinsight.i18n import gettext as _


@click.command(
    "backup", cls=Command, help=N_("Write database, contact key, notes and rules into a new folder.")
)
@click.argument("folder", type=FILE, metavar="DIR")
@database_option
def backup(folder: Path, database: Path) -> None:
    """Writes a backup, and names its files."""
    from ccinsight.maintenance.backup import back_up

    made = back_up(database, folder, made_at=now())
    for name, size in made.files.items():
        click.echo(_("{file}: {bytes} bytes").format(file=made.folder / name, bytes=number(size)))
    click.echo(_("The backup holds the contacts' key and personal data: keep it as you keep the database."))


@click.command(
    "restore", cls=Command, help=N_("Put a backup in the database's place; what was there is kept.")
)
@click.argument("folder", type=FILE, metavar="DIR")
@database_option
def restore(folder: Path, database: Path) -> None:
    """Restores a backup, and says how to go back."""
    from ccinsight.maintenance.backup import restore

    had_one = database.exists()
    found = restore(database, folder, restored_at=now(), restored_by=user())
    click.echo(
        _("{database} is as it was on {moment}.").format(database=database, moment=moment(found.made_at))
    )
    if found.forgotten is None:
        click.echo(_("Whoever was forgotten after that is in it again: forget them anew."))
    elif found.forgotten:
        text = ngettext(
            "{count} person or customer was forgotten after that, and is not in it.",
            "{count} persons or customers were forgotten after that, and are not in it.",
            found.forgotten,
        )
        click.echo(text.format(count=number(found.forgotten)))
    if found.has_unreadable_previous:
        click.echo(
            _(
                "The database before the last import can't be read, and was left out: there is nothing to undo."
            )
        )
    if had_one:
        click.echo(
            _("What was there is kept; go back with: ccinsight restore {folder}").format(
                folder=before_restore_folder(database)
            )
        )
