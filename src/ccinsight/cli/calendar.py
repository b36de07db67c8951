"""``ccinsight calendar``: addresses that a calendar subscribes to, made, listed and revoked."""

from __future__ import annotations

from pathlib import Path

import click

from ccinsight.cli.named_reader import check_readable, named_reader
from ccinsight.cli.options import existing_database_option, record
from ccinsight.cli.words import Command, Group, option
from ccinsight.clock import now, today
from ccinsight.errors import UsageError
from ccinsight.i18n import LANGUAGES, N_, day
from ccinsight.i18n import gettext as _

_CONTENTS = ("duties", "customer")


@click.group(
    "calendar", cls=Group, help=N_("Make addresses that a calendar subscribes to, list and revoke them.")
)
def calendar() -> None:
    """The group of the commands about calendar subscriptions."""


@calendar.command(
    "add",
    cls=Command,
    help=N_(
        "Make an address for WHO and print it, this once.\n\nWHO is an id or an address of access.toml; without that "
        "file an account manager or an address of delivery.toml. Whoever has the address reads the calendar."
    ),
)
@click.argument("who", metavar="[WHO]", required=False)
@option("--everything", is_flag=True, help=N_("Without access.toml: a calendar of all customers."))
@option(
    "--contents",
    type=click.Choice(_CONTENTS),
    default="duties",
    show_default=True,
    help=N_("Duties and planned meetings, or what the customer may do."),
)
@option(
    "--alarm-days",
    type=click.IntRange(0, 60),
    default=7,
    show_default=True,
    metavar="N",
    help=N_("Remind so many days before; 0 for no reminder."),
)
@option("--language", type=click.Choice(tuple(LANGUAGES)), help=N_("Language of the events."))
@existing_database_option
def add(
    who: str | None, everything: bool, contents: str, alarm_days: int, language: str | None, database: Path
) -> None:
    """Makes the subscription; its token is shown here alone."""
    from ccinsight.integrations.delivery.feeds import Feeds, feed_address

    check_readable(database)
    reader, own = named_reader(database, who, everything=everything)
    _feed, token = Feeds(database).add(reader, contents, alarm_days, language or own, now())
    record(database, "calendar")
    click.echo(feed_address(database, token))
    click.echo(
        _(
            "Add this address in the calendar program, as a calendar from the internet. A path alone stands under the "
            "dashboard's own address. It is shown only now, and whoever has it reads the calendar."
        ),
        err=True,
    )


@calendar.command("list", cls=Command, help=N_("List the subscriptions that hold."))
@existing_database_option
def list_feeds(database: Path) -> None:
    """A line for each: number, whose, what it holds, when it was made and last read."""
    from ccinsight.integrations.delivery.feeds import Feeds

    for feed in Feeds(database).active():
        who = feed.address or feed.reader_key or _("all customers")
        text = _("{number}: {who}, {contents}, made {made}, last read {read}").format(
            number=feed.feed_id,
            who=who,
            contents=feed.contents,
            made=day(feed.made_at),
            read=day(feed.fetched_at) if feed.fetched_at else _("never"),
        )
        has_access = Feeds(database).reader_of(feed, today()) is not None
        click.echo(text if has_access else text + _("; no longer has access"))


@calendar.command(
    "revoke", cls=Command, help=N_("End a subscription; its address opens nothing from now on.")
)
@click.argument("number", type=int, metavar="NUMBER")
@existing_database_option
def revoke(number: int, database: Path) -> None:
    """Ends the subscription with this number of the list."""
    from ccinsight.integrations.delivery.feeds import Feeds

    if not Feeds(database).revoke(number, now()):
        raise UsageError(_("There is no calendar {number}.").format(number=number))
    record(database, "revoke")
    click.echo(_("The calendar {number} is revoked.").format(number=number))
