"""``ccinsight mcp``: reports, briefs and rules for an assistant on this machine, over its standard input and output."""

from __future__ import annotations

from pathlib import Path

import click

from ccinsight.cli.named_reader import named_reader
from ccinsight.cli.options import database_option
from ccinsight.cli.words import Command
from ccinsight.errors import CcinsightError
from ccinsight.i18n import N_
from ccinsight.i18n import gettext as _
from ccinsight.integrations.mcp import is_sdk_missing


@click.command(
    "mcp",
    cls=Command,
    help=N_(
        "Answer an assistant over standard input and output (Model Context Protocol).\n\nThe assistant starts the "
        "command itself and reads what WHO may see: an id or an address of access.toml; without that file an account "
        "manager or an address of delivery.toml, or all customers without WHO. Nothing is changed, and nothing is sent "
        "anywhere else. A server that runs answers at /api/v1/mcp, with access tokens."
    ),
)
@click.argument("who", metavar="[WHO]", required=False)
@database_option
def mcp(who: str | None, database: Path) -> None:
    """Serves until the assistant closes the input."""
    try:
        from ccinsight.integrations.mcp import local
    except ModuleNotFoundError as error:
        if not is_sdk_missing(error):
            raise
        raise CcinsightError(
            _("The package mcp is missing: install ccinsight with what assistants need, ccinsight[mcp].")
        ) from error
    named_reader(database, who, everything=not who)
    local.serve(database, lambda: named_reader(database, who, everything=not who)[0])
