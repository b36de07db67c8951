"""``ccinsight access``: who may read the dashboard, and what. Checks access.toml, lists its people, changes them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ccinsight.cli.options import database_option, record
from ccinsight.cli.words import Command, Group, option
from ccinsight.clock import now, today
from ccinsight.i18n import N_, ngettext, number
from ccinsight.i18n import gettext as _

if TYPE_CHECKING:
    from ccinsight.access.config import Access

_RIGHTS = ("import", "apply_settings", "forget", "restore")


@click.group(
    "access", cls=Group, help=N_("Say who may read the dashboard, in access.toml beside the database.")
)
def access() -> None:
    """The group of the commands about access.toml."""


@access.command("check", cls=Command, help=N_("Check access.toml, and whether the provider answers."))
@database_option
def check(database: Path) -> None:
    """Says that the file is right; exit status 1 and a sentence where it isn't."""
    from ccinsight.access.checking import check_provider
    from ccinsight.access.config import OpenId

    path, found = _config(database)
    if isinstance(found.provider, OpenId):
        check_provider(found.provider)
    click.echo(
        _("{file} is right. Readers sign in at {address}.").format(file=path, address=found.public_address)
    )


@access.command("list", cls=Command, help=N_("List who sees how many customers today."))
@database_option
def list_people(database: Path) -> None:
    """A line for each entry of the file: who, how many customers they see as of today, what they may do."""
    from ccinsight.access import visible_customers
    from ccinsight.access.people import reader_of_entry
    from ccinsight.database.warehouse import Warehouse

    _path, found = _config(database)
    with Warehouse.open(database) as warehouse, warehouse.reading() as cursor:
        known = {
            row[0] for row in cursor.execute("select distinct customer_id from stored.agreements").fetchall()
        }
        for person in found.people:
            visible = visible_customers(cursor, reader_of_entry(person, today()))
            seen = _("all customers") if visible is None else _counted(len(visible & known))
            may = ", ".join(sorted(right.value for right in person.rights if right.value in _RIGHTS))
            who = f"{person.value} ({person.name})" if person.name else person.value
            click.echo(f"{who}: {seen}" + (_("; may {rights}").format(rights=may) if may else ""))


def _counted(count: int) -> str:
    return ngettext("{count} customer", "{count} customers", count).format(count=number(count))


@access.command("add", cls=Command, help=N_("Add a person, or an app role of the provider."))
@click.argument("who", metavar="WHO")
@option(
    "--kind",
    type=click.Choice(("id", "address", "role")),
    help=N_("What WHO is. Without it: an address where it has an @, else an id."),
)
@option("--name", default="", metavar="NAME", help=N_("The person's name, as pages show it."))
@option(
    "--account-manager",
    "account_managers",
    multiple=True,
    metavar="NAME",
    help=N_("They see this account manager's customers. May be repeated."),
)
@option(
    "--customer",
    "customers",
    multiple=True,
    metavar="ID",
    help=N_("They see this customer. May be repeated."),
)
@option("--everything", is_flag=True, help=N_("They see all customers."))
@option("--may", multiple=True, type=click.Choice(_RIGHTS), help=N_("They may do this. May be repeated."))
@database_option
def add(
    who: str,
    kind: str | None,
    name: str,
    account_managers: tuple[str, ...],
    customers: tuple[str, ...],
    everything: bool,
    may: tuple[str, ...],
    database: Path,
) -> None:
    """Writes an entry; a running server follows at the next click."""
    from ccinsight.access.editing import add_person
    from ccinsight.access.people import Person
    from ccinsight.access.reader import Right
    from ccinsight.files import access_file

    path = access_file(database)
    person = Person(
        kind=kind or ("address" if "@" in who else "id"),
        value=who,
        name=name,
        account_managers=account_managers,
        customers=customers,
        sees_all=everything,
        rights=frozenset(Right(each) for each in may),
    )
    add_person(path, person)
    click.echo(_("{who} is in {file}.").format(who=who, file=path))


@access.command("remove", cls=Command, help=N_("Remove a person or a role; their next click is refused."))
@click.argument("who", metavar="WHO")
@database_option
def remove(who: str, database: Path) -> None:
    """Removes the entries of an id, an address or a role, and ends the tokens and the calendars made for them."""
    from ccinsight.access.editing import remove_person
    from ccinsight.files import access_file
    from ccinsight.integrations.api.tokens import AccessTokens
    from ccinsight.integrations.delivery.feeds import Feeds

    path = access_file(database)
    remove_person(path, who)
    click.echo(_("{who} is no longer in {file}.").format(who=who, file=path))
    tokens, feeds = AccessTokens(database).revoke_of(who, now()), Feeds(database).revoke_of(who, now())
    if tokens:
        record(database, "revoke_token")
        revoked = ngettext("{count} access token is revoked.", "{count} access tokens are revoked.", tokens)
        click.echo(revoked.format(count=number(tokens)))
    if feeds:
        record(database, "revoke")
        revoked = ngettext("{count} calendar is revoked.", "{count} calendars are revoked.", feeds)
        click.echo(revoked.format(count=number(feeds)))


def _config(database: Path) -> tuple[Path, Access]:
    """access.toml, parsed. Raises CcinsightError where it is missing or has a fault."""
    from ccinsight.access.config import read_access
    from ccinsight.errors import CcinsightError
    from ccinsight.files import access_file

    path = access_file(database)
    found = read_access(path)
    if found is None:
        raise CcinsightError(
            _("There is no {file}: docs/access.md shows what to write into it.").format(file=path)
        )
    return path, found
