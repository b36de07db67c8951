"""The commands that look after the data: ``undo``."""

from __future__ import annotations

from pathlib import Path

import click

from ccinsight.cli.options import database_option
from ccinsight.cli.words import N_, Command


@click.command("undo", cls=Command, help=N_("Undo the last import; the same again brings the import back."))
@database_option
def undo(database: Path) -> None:
    """Brings back the database as it was before the last import, and tells what was undone."""
    from ccinsight.exports.undoing import undo

    click.echo(undo(database).done())
