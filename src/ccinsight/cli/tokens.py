"""``ccinsight tokens``: access tokens for Excel, Power BI and other programs, made, listed and revoked."""

from __future__ import annotations

from pathlib import Path

import click

from ccinsight.cli.named_reader import check_readable, named_reader
from ccinsight.cli.options import existing_database_option, record
from ccinsight.cli.words import Command, Group, option
from ccinsight.clock import now, today
from ccinsight.errors import UsageError
from ccinsight.i18n import N_, day
from ccinsight.i18n import gettext as _


@click.group(
    "tokens",
    cls=Group,
    help=N_("Make access tokens for Excel, Power BI and other programs, list and revoke them."),
)
def tokens() -> None:
    """The group of the commands about access tokens."""


@tokens.command(
    "add",
    cls=Command,
    help=N_(
        "Make an access token for WHO and print it, this once.\n\nWHO is an id or an address of access.toml; without "
        "that file an account manager or an address of delivery.toml. Whoever has the token reads what WHO may see."
    ),
)
@click.argument("who", metavar="[WHO]", required=False)
@option("--everything", is_flag=True, help=N_("Without access.toml: a token that reads all customers."))
@option("--name", required=True, metavar="TEXT", help=N_("What the token is for, such as Power BI."))
@existing_database_option
def add(who: str | None, everything: bool, name: str, database: Path) -> None:
    """Makes the token; it is shown here alone."""
    from ccinsight.integrations.api.tokens import AccessTokens

    check_readable(database)
    reader, _language = named_reader(database, who, everything=everything)
    _entry, token = AccessTokens(database).add(reader, name, now())
    record(database, "token")
    click.echo(token)
    click.echo(
        _(
            "Give it as the password of the address, with any user name, or as a bearer token. It is shown only now, "
            "and whoever has it reads what its reader may see."
        ),
        err=True,
    )


@tokens.command("list", cls=Command, help=N_("List the access tokens that work."))
@existing_database_option
def list_tokens(database: Path) -> None:
    """A line for each: number, whose, what for, when it was made and last used."""
    from ccinsight.integrations.api.tokens import AccessTokens

    known = AccessTokens(database)
    for each in known.active():
        text = _("{number}: {who}, {name}, made {made}, last used {used}").format(
            number=each.token_id,
            who=each.address or each.reader_key or _("all customers"),
            name=each.name,
            made=day(each.made_at),
            used=day(each.used_at) if each.used_at else _("never"),
        )
        has_access = known.reader_of(each, today()) is not None
        click.echo(text if has_access else text + _("; no longer has access"))


@tokens.command("revoke", cls=Command, help=N_("End an access token; it opens nothing from now on."))
@click.argument("number", type=int, metavar="NUMBER")
@existing_database_option
def revoke(number: int, database: Path) -> None:
    """Ends the token with this number of the list."""
    from ccinsight.integrations.api.tokens import AccessTokens

    if not AccessTokens(database).revoke(number, now()):
        raise UsageError(_("There is no access token {number}.").format(number=number))
    record(database, "revoke_token")
    click.echo(_("The access token {number} is revoked.").format(number=number))
