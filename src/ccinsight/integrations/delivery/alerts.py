"""Alerts: what begins and ends to hold of a reader's subscriptions, in one message for each channel and run.

An event and its message are written together, before the message is handed over (messages.py). A message that can't be
handed over now is taken back by the next run, which finds what holds by then; after a week nothing more is tried.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path

from ccinsight.database.warehouse import Warehouse
from ccinsight.i18n import _, in_language, number
from ccinsight.integrations.delivery.alert_texts import Line, Said, digest_of, post_of, subject_of
from ccinsight.integrations.delivery.config import Delivery, Webhook, read_delivery
from ccinsight.integrations.delivery.key import message_name
from ccinsight.integrations.delivery.mail import Mail
from ccinsight.integrations.delivery.messages import ALERT, Message, Messages, Slot, State
from ccinsight.integrations.delivery.recipients import Recipient, recipients
from ccinsight.integrations.delivery.rendering import render
from ccinsight.integrations.delivery.smtp import Answer, MailServer, ServerError
from ccinsight.integrations.delivery.subscriptions import (
    Changes,
    Event,
    Subscription,
    Subscriptions,
    webhook_of,
    write_changes,
)
from ccinsight.integrations.delivery.webhook import send_post
from ccinsight.notes.duties import DutyMarks
from ccinsight.rules.alert_rules import AlertRule, alert_rules
from ccinsight.rules.alerts import Asked, Figures

_TRIED_DAYS = 7
_KEPT_DAYS = 365


@dataclass(frozen=True)
class Outcome:
    """A message of a run: to whom, by which channel, how much it said, and what became of it."""

    address: str
    channel: str
    began: int
    ended: int
    answer: Answer


@dataclass
class Run:
    """The messages of a run, and a sentence for each subscription that can't be followed."""

    outcomes: list[Outcome] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def lines(self) -> list[str]:
        """The run in sentences, in the language in use; none where nothing was to be said."""
        return [*(_outcome_line(each) for each in self.outcomes), *self.problems]

    @property
    def is_delivered(self) -> bool:
        """True where nothing stands in the way of an alert."""
        return not self.problems and all(each.answer.state is State.SENT for each in self.outcomes)


def run_alerts(database: Path, today: date, at: datetime) -> Run:
    """Sends what begins and ends to hold today, to each reader by each of their channels.

    Raises CcinsightError where a file has a fault, there is no database, or another run sends.
    """
    with Warehouse.open(database) as house:
        return alert_readers(house, today, at)


def alert_readers(house: Warehouse, today: date, at: datetime) -> Run:
    """The same for a database that is open."""
    database = house.path
    run, subscriptions, messages = Run(), Subscriptions(database), Messages(database)
    rules, delivery = alert_rules(database), read_delivery(database) or Delivery("")
    people = recipients(database, today)
    if not subscriptions.all():  # after the files: what is wrong with one of them is said all the same
        return run
    marks = DutyMarks.beside(database).rows()
    with messages.sending(at):
        subscriptions.prune(today - timedelta(days=_KEPT_DAYS))
        sender = _Sender(database, delivery, messages, subscriptions, today, at)
        for recipient in people:
            figures = Figures(house, recipient.reader, today, marks)
            by_channel: dict[str, list[Subscription]] = {}
            for each in subscriptions.of(recipient.key):
                by_channel.setdefault(each.channel, []).append(each)
            for channel, own in by_channel.items():
                _run_channel(run, sender, figures, rules, recipient, channel, own)
    return run


def holding(
    figures: Figures, rules: Mapping[str, AlertRule], own: Iterable[Subscription]
) -> dict[int, list[Line]]:
    """What holds now of each subscription by its number, sent or not, in the language in use.

    A subscription whose rule is gone isn't there.
    """
    found = {}
    for each in own:
        if (rule := rules.get(each.rule)) is not None:
            asked = asked_of(each, rule)
            found[each.alert_id] = [
                Line(
                    rule.title,
                    figures.named(rule, f.subject, f.customer_id),
                    figures.began(asked, f),
                    f.customer_id,
                )
                for f in figures.evaluate(asked).values()
                if f.holds
            ]
    return found


def asked_of(subscription: Subscription, rule: AlertRule) -> Asked:
    """What a subscription asks of its rule."""
    return Asked(rule, subscription.threshold, subscription.customer_id)


def _outcome_line(outcome: Outcome) -> str:
    name = webhook_of(outcome.channel)
    to = (
        outcome.address
        if name is None
        else _("{address}, webhook {name}").format(address=outcome.address, name=name)
    )
    text = _("{to}: {began} begun, {ended} ended. {state}.").format(
        to=to, began=number(outcome.began), ended=number(outcome.ended), state=outcome.answer.state.label
    )
    return f"{text} {outcome.answer.detail}".rstrip()


def _run_channel(
    run: Run,
    sender: _Sender,
    figures: Figures,
    rules: Mapping[str, AlertRule],
    recipient: Recipient,
    channel: str,
    own: Sequence[Subscription],
) -> None:
    if obstacle := sender.obstacle(recipient, channel):
        run.problems.append(obstacle)
        return
    failed = sender.take_back_failed(recipient, channel)
    known = [each for each in own if each.rule in rules]
    for each in own:
        if each.rule not in rules:
            text = _("Alert {number} of {address}: there is no rule {rule} any more.")
            run.problems.append(text.format(number=each.alert_id, address=recipient.address, rule=each.rule))
    with in_language(recipient.language):
        changes, said = _found(figures, rules, known, sender)
        answer = sender.send(recipient, channel, failed, changes, said) if changes else None
    if not changes:
        sender.nothing_left(failed)
    elif answer is not None:
        run.outcomes.append(
            Outcome(recipient.address, channel, len(changes.began), len(changes.ended), answer)
        )


def _found(
    figures: Figures, rules: Mapping[str, AlertRule], own: Sequence[Subscription], sender: _Sender
) -> tuple[Changes, Said]:
    """What has begun and ended since the last run. What left the reader's sight ends here, and isn't said."""
    open_events: dict[int, dict[str, Event]] = {each.alert_id: {} for each in own}
    for event in sender.subscriptions.open_events(open_events):
        open_events[event.alert_id][event.subject] = event
    began: list[tuple[int, str, str | None]] = []
    ended, silent = [], []
    said_began, said_ended = [], []
    for each in own:
        rule, before = rules[each.rule], open_events[each.alert_id]
        asked = asked_of(each, rule)
        findings = figures.evaluate(asked)
        for f in findings.values():
            if f.holds and f.subject not in before:
                began.append((each.alert_id, f.subject, f.customer_id))
                name = figures.named(rule, f.subject, f.customer_id)
                said_began.append(Line(rule.title, name, figures.began(asked, f), f.customer_id))
        for event in before.values():
            found = findings.get(event.subject)
            if not figures.may_see(event.customer_id):
                silent.append(event)
            elif found is None or found.holds is False:
                ended.append(event)
                name = figures.named(rule, event.subject, event.customer_id)
                said_ended.append(Line(rule.title, name, figures.ended(asked, found), event.customer_id))
    if silent:
        sender.subscriptions.end_silently(silent, sender.today)
    return Changes(began, ended), Said(said_began, said_ended)


class _Sender:
    """Hands over the messages of one run."""

    def __init__(
        self,
        database: Path,
        delivery: Delivery,
        messages: Messages,
        subscriptions: Subscriptions,
        today: date,
        at: datetime,
    ) -> None:
        self._database, self._delivery, self._messages = database, delivery, messages
        self.subscriptions, self.today, self._at = subscriptions, today, at
        self._server = MailServer(delivery.smtp) if delivery.smtp else None

    def obstacle(self, recipient: Recipient, channel: str) -> str:
        """Why nothing can be sent to a reader by a channel; "" where it can."""
        newest = next(self._said(recipient, channel), None)
        if newest is not None and newest.state is State.REFUSED:
            text = _(
                "{address}: an alert was refused ({detail}); nothing more is sent there before `ccinsight digest "
                "--retry {address}`."
            )
            return text.format(address=newest.address, detail=newest.detail.rstrip("."))
        name = webhook_of(channel)
        if name is None:
            text = _("There is no mail server for the alerts of {address}: add [smtp] to delivery.toml.")
            return "" if self._server else text.format(address=recipient.address)
        if self._webhook(name) is None:
            text = _("The webhook {name}, for alerts of {address}, isn't in delivery.toml any more.")
            return text.format(name=name, address=recipient.address)
        if not recipient.reader.sees_all:
            text = _(
                "{address} no longer sees all customers, so that nothing is posted to the webhook {name}."
            )
            return text.format(name=name, address=recipient.address)
        return ""

    def take_back_failed(self, recipient: Recipient, channel: str) -> list[Message]:
        """Undoes the events of messages that weren't handed over, and gives the messages, the newest first."""
        failed = [each for each in self._said(recipient, channel) if each.state is State.FAILED]
        for each in failed:
            self.subscriptions.take_back(each.message_id)
        return failed

    def nothing_left(self, failed: Iterable[Message]) -> None:
        """What these messages were to say is no longer so."""
        for each in failed:
            slot = Slot(each.reader_key, each.address, each.kind, each.period, each.covers)
            self._messages.skip(slot, State.SILENT, self._at)

    def send(
        self, recipient: Recipient, channel: str, failed: Sequence[Message], changes: Changes, said: Said
    ) -> Answer | None:
        """Marks a message and its events, hands it over and notes the answer; None where it is marked already.

        It takes the place of the newest message that failed, so that each is tried for a week at most.
        """
        self.nothing_left(failed[1:])
        period = failed[0].period if failed else _period(self._at, channel)
        to = recipient.address if webhook_of(channel) is None else channel
        slot = Slot(recipient.key, to, ALERT, period, self.today)
        subject = subject_of(said)
        write = partial(write_changes, changes=changes, on=self.today)
        message_id = self._messages.begin(slot, subject, self._at, also=write)
        if message_id is None:
            return None
        answer = self._hand_over(recipient, channel, slot, subject, said)
        if answer.state is State.FAILED and self.today - _first_tried(period) >= timedelta(days=_TRIED_DAYS):
            answer = Answer(State.REFUSED, answer.detail)
        self._messages.end(message_id, answer.state, answer.detail, self._at)
        return answer

    def _hand_over(self, recipient: Recipient, channel: str, slot: Slot, subject: str, said: Said) -> Answer:
        name = webhook_of(channel)
        if name is not None:
            webhook = self._webhook(name)
            assert webhook
            return send_post(webhook, post_of(subject, said, self._delivery.public_address))
        assert self._server and self._delivery.smtp
        rendered = render(
            digest_of(subject, said, self.today), recipient.language, self._delivery.public_address, None
        )
        mail = Mail(
            sender=self._delivery.smtp.sender,
            recipient=recipient.address,
            name=message_name(self._database, recipient.key, ALERT, slot.period),
            subject=rendered.subject,
            text=rendered.text,
            html=rendered.html,
            at=self._at,
        )
        try:
            with self._server.connected() as connection:
                return connection.hand_over(recipient.address, mail.content())
        except ServerError as error:
            return Answer(State.FAILED, str(error))

    def _said(self, recipient: Recipient, channel: str) -> Iterator[Message]:
        """A reader's messages by a channel, newest first."""
        return (each for each in self._messages.of(recipient.key, ALERT) if _is_by(each, channel))

    def _webhook(self, name: str) -> Webhook | None:
        return next((each for each in self._delivery.webhooks if each.name == name), None)


def _is_by(message: Message, channel: str) -> bool:
    """Whether a message went by a channel: its address is a webhook's channel, or a mail address."""
    return webhook_of(message.address) == webhook_of(channel)


def _period(at: datetime, channel: str) -> str:
    """What makes a message the only one of its run and channel; it begins with the day it was first tried on."""
    return f"{at:%Y-%m-%d.%H%M%S}.{zlib.crc32(channel.encode()):08x}"


def _first_tried(period: str) -> date:
    return date.fromisoformat(period[:10])
