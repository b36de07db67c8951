"""The commands that look after the data: ``undo``, ``forget``, ``backup`` and ``restore``."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from ccinsight.cli.options import database_option, record, user
from ccinsight.cli.words import Command, option
from ccinsight.clock import now
from ccinsight.i18n import N_
from ccinsight.i18n import gettext as _


@click.command("undo", cls=Command, help=N_("Undo the last import; undo again to restore it."))
@database_option
def undo(database: Path) -> None:
    """Brings back the database as it was before the last import, and tells what was undone."""
    from ccinsight.ingest.history.undoing import undo

    done = undo(database)
    record(database, "undo")
    click.echo(done.done())


@click.command(
    "forget",
    cls=Command,
    help=N_(
        "Delete a person's or a customer's data.\n\nA person's tickets stay without contact, "
        "contact role and title, and still count. A customer's rows and notes are deleted. "
        "Later imports ignore both. This can't be undone."
    ),
)
@option(
    "--contact",
    metavar="TEXT",
    help=N_("The person: name or id as exported, or the hash that the dashboard shows."),
)
@option("--customer", metavar="ID", help=N_("The customer's id."))
@option("--yes", is_flag=True, help=N_("Don't ask."))
@database_option
def forget(contact: str | None, customer: str | None, yes: bool, database: Path) -> None:
    """Shows what would go, asks, and removes it."""
    from ccinsight.maintenance.forget import find, forget
    from ccinsight.maintenance.rows_to_forget import Contact, Customer

    given = [text.strip() for text in (contact, customer) if text is not None]
    if len(given) != 1 or not given[0]:
        raise click.UsageError(_("Give one person with --contact or one customer with --customer."))
    target = Customer(given[0]) if contact is None else Contact(given[0])
    if not yes:
        for line in find(database, target).lines():
            click.echo(line)
        if not sys.stdin.isatty():
            raise click.UsageError(
                _("Nothing was deleted: confirmation needs a terminal. Use --yes to skip it.")
            )
        click.confirm(_("Delete this permanently? It can't be undone."), abort=True)
    removed = forget(database, target, forgotten_at=now(), forgotten_by=user())
    record(database, "forget")
    for line in removed.lines():
        click.echo(_("Removed: {what}").format(what=line))
