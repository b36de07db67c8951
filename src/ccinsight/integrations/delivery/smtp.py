"""Hands messages to the mail server: a relay without sign-in, or a sign-in by password or by OAuth2 (XOAUTH2)."""

from __future__ import annotations

import json
import re
import smtplib
import ssl
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property
from http.client import HTTPException

from ccinsight.errors import CcinsightError
from ccinsight.i18n import _, os_reason
from ccinsight.integrations.delivery.config import OAuth2, Smtp
from ccinsight.integrations.delivery.mail import ascii_address
from ccinsight.integrations.delivery.messages import State
from ccinsight.printable import printable

_LONGEST_ANSWER = 300
_LONGEST_TOKEN_ANSWER = 100_000
# A server may take as long to answer for a whole message (RFC 5321, 4.5.3.2.6).
_SECONDS_TO_TAKE = 600


class ServerError(CcinsightError):
    """The mail server can't be used: not reached, not trusted, or no sign-in. Nothing was handed to it."""


@dataclass(frozen=True)
class Answer:
    """What became of a message: sent, refused, failed or uncertain, and the server's answer or the error."""

    state: State
    detail: str


class Connection:
    """A connection that is signed in."""

    def __init__(self, client: smtplib.SMTP, sender: str) -> None:
        self._client, self._sender = client, sender

    def hand_over(self, recipient: str, content: bytes) -> Answer:
        """Gives one message to the server. ``content``: its lines end with CRLF.

        The server has a message from when its last byte was sent. A connection that is lost from then on, before the
        answer, leaves it uncertain. A server that refuses the recipient or the message for good says 5xx.
        Addresses can be written in ASCII (mail.ascii_address).
        """
        try:
            code, text = self._client.mail(ascii_address(self._sender))
            if code != 250:  # of the sender, so it says nothing of the recipient
                return Answer(State.FAILED, _answer(code, text))
            code, text = self._client.rcpt(ascii_address(recipient))
            if code not in (250, 251):
                return _refused(code, text)
            code, text = self._client.docmd("DATA")
            if code != 354:
                return _refused(code, text)
        except OSError as error:
            return Answer(State.FAILED, _lost(error))
        try:
            self._client.send(_stuffed(content))
            if self._client.sock:
                self._client.sock.settimeout(_SECONDS_TO_TAKE)
            code, text = self._client.getreply()
        except OSError as error:
            return Answer(State.UNCERTAIN, _lost(error))
        if code == 250:
            return Answer(State.SENT, "")
        return _refused(code, text) if 400 <= code < 600 else Answer(State.UNCERTAIN, _answer(code, text))


class MailServer:
    """The mail server of delivery.toml. An access token is fetched once."""

    def __init__(self, smtp: Smtp) -> None:
        self._smtp = smtp

    @contextmanager
    def connected(self) -> Iterator[Connection]:
        """A connection for one message, as a server may end one that waits. Raises ServerError."""
        client = self._open()
        try:
            self._sign_in(client)
            yield Connection(client, self._smtp.sender)
        finally:
            with suppress(OSError):
                client.quit()
            client.close()

    def _open(self) -> smtplib.SMTP:
        smtp, where = self._smtp, f"{self._smtp.host}:{self._smtp.port}"
        try:
            if smtp.security == "tls":
                return smtplib.SMTP_SSL(smtp.host, smtp.port, timeout=smtp.seconds, context=self._trusted)
            client = smtplib.SMTP(smtp.host, smtp.port, timeout=smtp.seconds)
            if smtp.security == "starttls":
                try:
                    client.starttls(context=self._trusted)
                except BaseException:
                    client.close()
                    raise
            return client
        except ssl.SSLCertVerificationError as error:
            raise ServerError(
                _(
                    "The certificate of the mail server {server} isn't trusted: {error}. Where your company has an "
                    "authority of its own, name its certificate as `ca_file`."
                ).format(server=where, error=error.verify_message)
            ) from error
        except smtplib.SMTPNotSupportedError as error:
            raise ServerError(
                _("The mail server {server} offers no STARTTLS: check `port` and `security`.").format(
                    server=where
                )
            ) from error
        except (OSError, UnicodeError) as error:
            raise ServerError(
                _("The mail server {server} can't be reached: {error}.").format(
                    server=where, error=_lost(error)
                )
            ) from error

    @cached_property
    def _trusted(self) -> ssl.SSLContext:
        try:
            return ssl.create_default_context(cafile=self._smtp.ca_file)
        except OSError as error:
            raise ServerError(
                _("The certificates in {file} can't be read: {error}.").format(
                    file=self._smtp.ca_file, error=os_reason(error)
                )
            ) from error

    def _sign_in(self, client: smtplib.SMTP) -> None:
        smtp = self._smtp
        try:
            client.ehlo_or_helo_if_needed()
            if not smtp.user:
                return
            if smtp.oauth2:
                response = f"user={smtp.user}\1auth=Bearer {self._token}\1\1"
                # a refusal asks for an empty answer first
                client.auth("XOAUTH2", lambda asked=None: response if asked is None else "")
            else:
                client.login(smtp.user, smtp.password)
        except UnicodeError as error:
            raise ServerError(_("The mail server takes only ASCII as user and password.")) from error
        except smtplib.SMTPAuthenticationError as error:
            raise ServerError(
                _("The mail server {server} refused the sign-in of {user}: {error}.").format(
                    server=smtp.host, user=smtp.user, error=_answer(error.smtp_code, error.smtp_error)
                )
            ) from error
        except OSError as error:
            raise ServerError(
                _("Signing in to the mail server {server} failed: {error}.").format(
                    server=smtp.host, error=_lost(error)
                )
            ) from error

    @cached_property
    def _token(self) -> str:
        assert self._smtp.oauth2
        return access_token(self._smtp.oauth2, self._smtp.seconds)


def access_token(oauth2: OAuth2, seconds: int) -> str:
    """Fetches an access token by the client credentials grant (RFC 6749, 4.4). Raises ServerError."""
    form = {
        "grant_type": "client_credentials",
        "client_id": oauth2.client_id,
        "client_secret": oauth2.client_secret,
        "scope": oauth2.scope,
    }
    request = urllib.request.Request(oauth2.token_url, urllib.parse.urlencode(form).encode())
    try:
        with urllib.request.urlopen(request, timeout=seconds) as response:
            found = _parsed(response.read(_LONGEST_TOKEN_ANSWER))
    except urllib.error.HTTPError as error:
        with error:
            answer = _parsed(error.read(_LONGEST_TOKEN_ANSWER))
        reason = answer.get("error_description") or answer.get("error") or error.reason
        raise _no_token(oauth2, f"{error.code} {reason}") from error
    except (OSError, HTTPException) as error:
        reason = getattr(error, "reason", error)
        raise _no_token(oauth2, _lost(reason) if isinstance(reason, Exception) else str(reason)) from error
    token = found.get("access_token")
    if not isinstance(token, str) or not token.isascii():
        raise _no_token(oauth2, _("its answer holds no token"))
    return token


def _parsed(content: bytes) -> dict[str, object]:
    try:
        found = json.loads(content)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _no_token(oauth2: OAuth2, reason: str) -> ServerError:
    return ServerError(
        _("{address} gave no token for the mail server: {error}.").format(
            address=oauth2.token_url, error=_one_line(reason).rstrip(".")
        )
    )


def _stuffed(content: bytes) -> bytes:
    """The content with its end; a line that begins with a dot gets another (RFC 5321, 4.5.2)."""
    return re.sub(rb"(?m)^\.", b"..", content) + b".\r\n"


def _refused(code: int, text: bytes) -> Answer:
    return Answer(State.REFUSED if code >= 500 else State.FAILED, _answer(code, text))


def _answer(code: int, text: bytes | str) -> str:
    words = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return _one_line(f"{code} {words}").rstrip(".")


def _lost(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return _answer(error.smtp_code, error.smtp_error)
    if isinstance(error, TimeoutError):
        return _("it doesn't answer in time")
    text = (error.strerror if isinstance(error, OSError) else None) or str(error) or type(error).__name__
    return _one_line(text).rstrip(".")


def _one_line(text: str) -> str:
    return " ".join(printable(text).split())[:_LONGEST_ANSWER]
