"""Sends the digests that are due, each reader's own, and never one twice."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from ccinsight.errors import CcinsightError
from ccinsight.files import delivery_file
from ccinsight.i18n import _, day, os_reason
from ccinsight.integrations.delivery.choices import Choices
from ccinsight.integrations.delivery.config import Delivery, read_delivery
from ccinsight.integrations.delivery.digest import Digest, compose
from ccinsight.integrations.delivery.facts import remember
from ccinsight.integrations.delivery.key import known_token, message_name, token
from ccinsight.integrations.delivery.mail import Mail
from ccinsight.integrations.delivery.messages import DIGEST, Messages, State
from ccinsight.integrations.delivery.recipients import Recipient, public_address, recipients
from ccinsight.integrations.delivery.rendering import render
from ccinsight.integrations.delivery.smtp import Answer, MailServer, ServerError
from ccinsight.integrations.delivery.standing import Outcome, Standing, standing

_NOBODY = "ccinsight@localhost"
_PREVIEW = "preview"


@dataclass(frozen=True)
class Result:
    """What became of a reader's digest. ``on``: the day of an earlier message that decided it."""

    address: str
    outcome: Outcome
    detail: str = ""
    on: date | None = None

    @property
    def is_well(self) -> bool:
        """False where somebody must look: refused, not sent, or uncertain."""
        return self.outcome not in (Outcome.REFUSED, Outcome.FAILED, Outcome.UNCERTAIN)

    def line(self) -> str:
        """A line about it, in the language in use."""
        text = {
            Outcome.DUE: _("due"),
            Outcome.SENT: _("sent"),
            Outcome.SILENT: _("nothing to report"),
            Outcome.ALREADY: _("already sent, as of {day}"),
            Outcome.STOPPED: _("wants no messages"),
            Outcome.REFUSED: _(
                "refused ({detail}); nothing more is sent to this address before `ccinsight digest --retry {address}`"
            ),
            Outcome.FAILED: _("not sent ({detail}); the next run tries again"),
            Outcome.UNCERTAIN: _(
                "uncertain whether the message as of {day} arrived, so it isn't sent again; after you asked, say "
                "`ccinsight digest --settle {address}`, or `--retry {address}` to send it once more"
            ),
        }[self.outcome]
        return f"{self.address}: " + text.format(detail=self.detail, address=self.address, day=day(self.on))


def run_digests(database: Path, as_of: date, now: datetime) -> Iterator[Result]:
    """Sends what is due on a day, and gives a result for each recipient. ``now``: Norwegian local time.

    Raises CcinsightError where there is no mail server or no recipient, where another run sends, and where the
    database or a file beside it can't be used.
    """
    delivery, people = _delivery(database), _people(database, now.date())
    if delivery.smtp is None:
        raise CcinsightError(
            _("No mail server is set up: {file} has no [smtp]. docs/delivery.md shows what to write.").format(
                file=delivery_file(database)
            )
        )
    with Messages(database).sending(now):
        run = _Run(database, delivery, MailServer(delivery.smtp), as_of, now)
        for recipient in people:
            try:
                yield run.send(recipient)
            except (
                CcinsightError
            ) as error:  # one reader's report that takes too long stops nobody else's message
                yield Result(recipient.address, Outcome.FAILED, str(error).rstrip("."))


def standing_of(database: Path, recipient: Recipient, as_of: date) -> Standing:
    """How it stands with a recipient's digest on a day. Raises CcinsightError for a file that can't be used."""
    return standing(
        recipient,
        Messages(database).of(recipient.key, DIGEST),
        Choices(database).of(recipient.key),
        _delivery(database).weekday,
        as_of,
    )


def preview(database: Path, recipient: Recipient, as_of: date, now: datetime) -> tuple[Mail, bool]:
    """A recipient's next message as it would be sent on a day, and whether it is empty. Nothing is stored.

    It has no link to the reader's choices before a first message was sent. Raises CcinsightError as ``run_digests``
    does.
    """
    delivery, stands = _delivery(database), standing_of(database, recipient, as_of)
    digest = compose(database, recipient, as_of, stands.since)
    name = f"{DIGEST}.{stands.slot.period}.{_PREVIEW}"
    link = known_token(database, recipient.key)
    return _mail(database, delivery, recipient, digest, name, link, now), digest.is_empty


def write_previews(database: Path, folder: Path, as_of: date, now: datetime) -> Iterator[str]:
    """Writes each recipient's next message as .eml and .html; gives a line for each. Nothing is sent or stored.

    Raises CcinsightError as ``run_digests`` does, and where the folder can't be written to.
    """
    for recipient in _people(database, now.date()):
        mail, is_empty = preview(database, recipient, as_of, now)
        file = folder / f"{re.sub(r'[^a-z0-9@.+-]', '_', recipient.key)}.eml"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            file.write_bytes(mail.content())
            file.with_suffix(".html").write_text(mail.html, encoding="utf-8")
        except UnicodeError:
            yield f"{recipient.address}: {_not_ascii()}"
            continue
        except OSError as error:
            raise CcinsightError(
                _("{file} can't be written: {error}.").format(file=file, error=os_reason(error))
            ) from error
        text = _("{address}: {file}, nothing to report") if is_empty else _("{address}: {file}")
        yield text.format(address=recipient.address, file=file)


class _Run:
    """One run over a database. Once the mail server can't be used, no further message is tried."""

    def __init__(
        self, database: Path, delivery: Delivery, server: MailServer, as_of: date, now: datetime
    ) -> None:
        self._database, self._delivery, self._server = database, delivery, server
        self._as_of, self._now = as_of, now
        self._messages = Messages(database)
        self._broken = ""

    def send(self, recipient: Recipient) -> Result:
        """Sends a recipient's digest where it is due and has something to say."""
        stands = standing_of(self._database, recipient, self._as_of)
        if stands.outcome is not Outcome.DUE:
            message = stands.message
            detail, on = (message.detail, message.covers) if message else ("", None)
            return Result(recipient.address, stands.outcome, detail, on)
        digest = compose(self._database, recipient, self._as_of, stands.since)
        # before it is sent: what a message said is known by its day, whatever becomes of the message
        remember(self._database, recipient, digest)
        if digest.is_empty and not self._delivery.all_clear:
            self._messages.skip(stands.slot, State.SILENT, self._now)
            return Result(recipient.address, Outcome.SILENT)
        answer = self._hand_over(recipient, stands, digest)
        return Result(recipient.address, Outcome(answer.state), answer.detail, self._as_of)

    def _hand_over(self, recipient: Recipient, stands: Standing, digest: Digest) -> Answer:
        name = message_name(self._database, recipient.key, DIGEST, stands.slot.period)
        link = token(self._database, recipient.key)
        mail = _mail(self._database, self._delivery, recipient, digest, name, link, self._now)
        try:
            content = mail.content()
        except UnicodeError:
            return self._skipped(stands, Answer(State.REFUSED, _not_ascii()))
        if self._broken:
            return self._skipped(stands, Answer(State.FAILED, self._broken))
        try:
            with self._server.connected() as connection:
                # from here to its end, a crash leaves the message uncertain
                message_id = self._messages.begin(stands.slot, mail.subject, self._now)
                assert message_id is not None, "whoever holds the lock found it due"
                answer = connection.hand_over(recipient.address, content)
                self._messages.end(message_id, answer.state, answer.detail, self._now)
                if answer.state is State.UNCERTAIN:  # so may be the next one; those wait
                    self._broken = answer.detail
                return answer
        except ServerError as error:
            self._broken = str(error).rstrip(".")
            return self._skipped(stands, Answer(State.FAILED, self._broken))

    def _skipped(self, stands: Standing, answer: Answer) -> Answer:
        self._messages.skip(stands.slot, answer.state, self._now, answer.detail)
        return answer


def _mail(
    database: Path,
    delivery: Delivery,
    recipient: Recipient,
    digest: Digest,
    name: str,
    link: str,
    now: datetime,
) -> Mail:
    address = public_address(database)
    unsubscribe = f"{address}/unsubscribe/{link}" if address and link else ""
    rendered = render(digest, recipient.language, address, unsubscribe or None)
    return Mail(
        sender=delivery.smtp.sender if delivery.smtp else _NOBODY,
        recipient=recipient.address,
        name=name,
        subject=rendered.subject,
        text=rendered.text,
        html=rendered.html,
        at=now,
        unsubscribe=unsubscribe,
    )


def _delivery(database: Path) -> Delivery:
    return read_delivery(database) or Delivery("")


def _people(database: Path, today: date) -> list[Recipient]:
    found = recipients(database, today)
    if not found:
        raise CcinsightError(
            _(
                "Nobody gets messages: name addresses in access.toml, or without a sign-in in {file}. "
                "docs/delivery.md shows what to write."
            ).format(file=delivery_file(database))
        )
    return found


def _not_ascii() -> str:
    return _("the part of the address before the @ has letters that mail servers don't take")
