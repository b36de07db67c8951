"""``ccinsight alerts``: who is alerted to what; adds and removes alerts, and sends what has begun and ended."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ccinsight.cli.options import DATE, existing_database_option
from ccinsight.cli.words import Command, Group, option
from ccinsight.clock import now, today
from ccinsight.i18n import N_
from ccinsight.i18n import gettext as _

if TYPE_CHECKING:
    from ccinsight.integrations.delivery.recipients import Recipient

_READER = option(
    "--reader", "address", required=True, metavar="ADDRESS", help=N_("The reader's e-mail address.")
)


@click.group(
    "alerts",
    cls=Group,
    help=N_(
        "Alert readers when a condition begins to hold, and when it ends.\n\n"
        "The daily `ccinsight digest` sends alerts too; `run` is for more often."
    ),
)
def alerts() -> None:
    """The group of what can be done with alerts."""


@alerts.command("rules", cls=Command, help=N_("List what readers can be alerted to."))
@existing_database_option
def rules(database: Path) -> None:
    """A line for each rule: name, title, and the threshold that is proposed."""
    from ccinsight.rules.alert_rules import alert_rules

    _table(
        [N_("Rule"), N_("Alert"), N_("About"), N_("Threshold")],
        [
            [each.name, each.title, each.subject.label, each.labelled(each.threshold)]
            for each in alert_rules(database).values()
        ],
    )


@alerts.command("list", cls=Command, help=N_("List the alerts of all readers."))
@existing_database_option
def list_(database: Path) -> None:
    """A line for each subscription, with the number of subjects for which it held at the last run."""
    from ccinsight.integrations.delivery.subscriptions import Subscriptions
    from ccinsight.rules.alert_rules import alert_rules

    subscriptions, rules = Subscriptions(database), alert_rules(database)
    own = subscriptions.all()
    if not own:
        click.echo(_("There are no alerts. Add one with `ccinsight alerts add`."))
        return
    held = [event.alert_id for event in subscriptions.open_events(each.alert_id for each in own)]
    rows = []
    for each in own:
        rule = rules.get(each.rule)
        threshold = rule.labelled(each.threshold) if rule else ""
        customer = _("all") if each.customer_id is None else each.customer_id
        count = str(held.count(each.alert_id))
        rows.append(
            [str(each.alert_id), each.reader_key, each.rule, customer, threshold, each.channel, count]
        )
    _table(
        [
            *(N_("Number"), N_("Reader"), N_("Rule"), N_("Customer"), N_("Threshold")),
            *(N_("Channel"), N_("Holds for")),
        ],
        rows,
    )


@alerts.command("add", cls=Command, help=N_("Subscribe a reader to an alert."))
@click.argument("rule", metavar="RULE")
@_READER
@option("--customer", metavar="ID", help=N_("Only this customer (default: all that the reader sees)."))
@option(
    "--threshold", default="", metavar="N", help=N_("Threshold, as 25 for 25% (default: the rule's own).")
)
@option(
    "--webhook", metavar="NAME", help=N_("Post to this webhook of delivery.toml instead of sending mail.")
)
@existing_database_option
def add(
    rule: str, address: str, customer: str | None, threshold: str, webhook: str | None, database: Path
) -> None:
    """Adds a subscription, and says its number."""
    from ccinsight.database.warehouse import Warehouse
    from ccinsight.integrations.delivery.subscribing import subscribe
    from ccinsight.integrations.delivery.subscriptions import MAIL, webhook_channel

    with Warehouse.open(database) as house:
        added = subscribe(
            house,
            _recipient(database, address),
            rule,
            customer_id=customer,
            threshold=threshold,
            channel=MAIL if webhook is None else webhook_channel(webhook),
            today=today(),
            at=now(),
        )
    click.echo(
        _("Alert {number} is added. What holds already is sent by the next run.").format(
            number=added.alert_id
        )
    )


@alerts.command("remove", cls=Command, help=N_("End an alert: nothing more is sent for it."))
@click.argument("number", type=int, metavar="NUMBER")
@option("--undo", is_flag=True, help=N_("Take up an alert that was removed."))
@existing_database_option
def remove(number: int, undo: bool, database: Path) -> None:
    """Removes a subscription by its number in the list, or takes it up again."""
    from ccinsight.integrations.delivery.subscriptions import Subscriptions

    subscriptions = Subscriptions(database)
    if undo:
        text, found = _("Alert {number} of {reader} is there again."), subscriptions.undo_removal(number)
    else:
        text, found = _("Alert {number} of {reader} is removed."), subscriptions.remove(number, now())
    click.echo(text.format(number=number, reader=found.reader_key))


@alerts.command("run", cls=Command, help=N_("Send what has begun and ended since the last run."))
@option("--as-of", type=DATE, metavar="DATE", help=N_("The day that messages are about (default: today)."))
@existing_database_option
def run(as_of: date | None, database: Path) -> int:
    """Sends the alerts. Exit status 0, or 1 where something couldn't be sent."""
    from ccinsight.integrations.delivery.alerts import run_alerts

    found = run_alerts(database, as_of or today(), now())
    for line in found.lines() or [_("No alert has begun or ended since the last run.")]:
        click.echo(line)
    return 0 if found.is_delivered else 1


def _recipient(database: Path, address: str) -> Recipient:
    from ccinsight.integrations.delivery.recipients import recipients
    from ccinsight.integrations.delivery.subscribing import recipient_at

    return recipient_at(recipients(database, today()), address)


def _table(heads: list[str], rows: list[list[str]]) -> None:
    from ccinsight.cli.text_table import as_text
    from ccinsight.registry import Column

    click.echo(as_text([Column(head, head, "text", "") for head in heads], rows, None), nl=False)
