"""Subscribes a reader to an alert, where the rule, the customer, the threshold and the channel go together."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

from ccinsight.database.scope import Filters
from ccinsight.database.warehouse import Warehouse
from ccinsight.errors import CcinsightError, UsageError
from ccinsight.i18n import _
from ccinsight.integrations.delivery.config import read_delivery
from ccinsight.integrations.delivery.recipients import Recipient
from ccinsight.integrations.delivery.subscriptions import (
    MAIL,
    Subscription,
    Subscriptions,
    webhook_channel,
    webhook_of,
)
from ccinsight.rules.alert_rules import Subject, alert_rules
from ccinsight.validation import listed


def channels(database: Path, recipient: Recipient) -> list[str]:
    """The channels that a reader may be alerted by.

    A webhook posts where others read along, so that it is for those who see all customers: they decide what a channel
    gets. Raises CcinsightError for a fault in delivery.toml.
    """
    delivery = read_delivery(database)
    if delivery is None or not recipient.reader.sees_all:
        return [MAIL]
    return [MAIL, *(webhook_channel(each.name) for each in delivery.webhooks)]


def subscribe(
    house: Warehouse,
    recipient: Recipient,
    rule: str,
    *,
    customer_id: str | None = None,
    threshold: str = "",
    channel: str = MAIL,
    today: date,
    at: datetime,
) -> Subscription:
    """Adds a subscription. ``threshold``: as a person types it, "" for the rule's own.

    Raises UsageError or CcinsightError for a rule, a customer, a threshold or a channel that can't be.
    """
    rules = alert_rules(house.path)
    if rule not in rules:
        raise UsageError(
            _("There is no alert rule {name}. Choose one of {names}.").format(name=rule, names=listed(rules))
        )
    if channel not in channels(house.path, recipient):
        raise UsageError(_no_channel(house.path, recipient, channel))
    if customer_id is not None:
        if rules[rule].subject is Subject.DATABASE:
            raise UsageError(
                _("The alert “{title}” is about the data, not about a customer.").format(
                    title=rules[rule].title
                )
            )
        house.resolve(today, Filters(customers=(customer_id,)), recipient.reader)
    number = rules[rule].parsed(threshold)
    return Subscriptions(house.path).add(recipient.key, rule, customer_id, number, channel, at)


def recipient_at(found: list[Recipient], address: str) -> Recipient:
    """The recipient with an address. Raises CcinsightError where nobody has it."""
    for each in found:
        if each.key == address.casefold():
            return each
    raise CcinsightError(
        _(
            "Nobody gets messages at {address}. Who does is in access.toml, or in delivery.toml without it."
        ).format(address=address)
    )


def _no_channel(database: Path, recipient: Recipient, channel: str) -> str:
    name = webhook_of(channel) or channel
    delivery = read_delivery(database)
    if any(each.name == name for each in (delivery.webhooks if delivery else ())):
        return _(
            "A webhook posts where others read along: only who sees all customers may use {name}, "
            "and {address} doesn't."
        ).format(name=name, address=recipient.address)
    return _("There is no webhook {name} in delivery.toml.").format(name=name)
