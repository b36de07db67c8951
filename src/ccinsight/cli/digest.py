"""``ccinsight digest``: sends each reader what is due and what changed; shows, repeats and settles what was sent."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from ccinsight.cli.options import DATE, FILE, database_option
from ccinsight.cli.words import Command, option
from ccinsight.clock import now, today
from ccinsight.errors import UsageError
from ccinsight.i18n import N_, moment, ngettext, number
from ccinsight.i18n import gettext as _

_LISTED = 100


@click.command(
    "digest",
    cls=Command,
    help=N_(
        "Send each reader what is due and what changed, and alerts.\n\nRun it every day: it knows whose message is "
        "due, and sends none twice."
    ),
)
@option("--as-of", type=DATE, metavar="DATE", help=N_("The day that messages are about (default: today)."))
@option(
    "--preview",
    type=FILE,
    metavar="DIR",
    help=N_("Write the messages to this folder as .eml and .html; nothing is sent."),
)
@option("--list", "show_list", is_flag=True, help=N_("List the last messages; nothing is sent."))
@option(
    "--retry",
    multiple=True,
    metavar="ADDRESS",
    help=N_("Send again what was refused or is uncertain at this address. May be repeated."),
)
@option(
    "--settle",
    multiple=True,
    metavar="ADDRESS",
    help=N_("Note that what is uncertain at this address arrived; nothing is sent. May be repeated."),
)
@database_option
def digest(
    as_of: date | None,
    preview: Path | None,
    show_list: bool,
    retry: tuple[str, ...],
    settle: tuple[str, ...],
    database: Path,
) -> int:
    """Prints a line for each recipient. Exit status 0, or 1 where a message was refused, not sent or is uncertain."""
    if sum((preview is not None, show_list, bool(retry), bool(settle))) > 1:
        raise UsageError(_("Give only one of --preview, --list, --retry and --settle."))
    if show_list:
        _list(database)
        return 0
    if preview is not None:
        from ccinsight.integrations.delivery.sending import write_previews

        for line in write_previews(database, preview, as_of or today(), now()):
            click.echo(line)
        return 0
    _settle(database, settle, retry)
    if settle:
        return 0
    is_well = _send(database, as_of or today())
    if as_of is None:  # alerts are about today
        is_well &= _alert(database)
    return 0 if is_well else 1


def _send(database: Path, as_of: date) -> bool:
    """Sends the digests; False where somebody must look."""
    from ccinsight.database.warehouse import Warehouse
    from ccinsight.integrations.delivery.sending import run_digests

    Warehouse.open(database).close()  # says what is wrong with it before a file is made beside it
    is_well = True
    for result in run_digests(database, as_of, now()):
        is_well &= result.is_well
        click.echo(result.line())
    return is_well


def _alert(database: Path) -> bool:
    """Sends the alerts; False where one wasn't sent."""
    from ccinsight.integrations.delivery.alerts import run_alerts

    found = run_alerts(database, today(), now())
    for line in found.lines():
        click.echo(line)
    return found.is_delivered


def _settle(database: Path, settled: tuple[str, ...], retried: tuple[str, ...]) -> None:
    """Changes what is uncertain or refused. UsageError names an address without any."""
    from ccinsight.integrations.delivery.messages import Messages

    if not settled and not retried:
        return
    messages, at = Messages(database), now()
    with messages.sending(at):
        for address in settled:
            count = messages.settle(address, at)
            if not count:
                raise UsageError(_("No message to {address} is uncertain.").format(address=address))
            text = ngettext(
                "{address}: {count} message counts as sent.",
                "{address}: {count} messages count as sent.",
                count,
            )
            click.echo(text.format(address=address, count=number(count)))
        for address in retried:
            if not messages.retry(address, at):
                raise UsageError(
                    _("No message to {address} was refused or is uncertain.").format(address=address)
                )


def _list(database: Path) -> None:
    from ccinsight.cli.text_table import as_text
    from ccinsight.integrations.delivery.messages import Messages
    from ccinsight.registry import Column

    messages = Messages(database)
    messages.note_killed(now())
    heads = [N_("When"), N_("Address"), N_("Period"), N_("State"), N_("Subject"), N_("Answer")]
    rows = [
        [moment(each.changed_at), each.address, each.period, each.state.label, each.subject, each.detail]
        for each in messages.newest(_LISTED)
    ]
    click.echo(as_text([Column(head, head, "text", "") for head in heads], rows, None), nl=False)
