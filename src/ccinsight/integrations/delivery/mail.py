"""A message as the standard library's ``email`` writes it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime

from ccinsight.clock import NORWAY
from ccinsight.printable import printable

_LONGEST_SUBJECT = 200
# One word each, which the standard library would otherwise encode where it is longer than a line.
_WHOLE = {"From", "To", "Message-ID", "List-Unsubscribe"}


class _Policy(EmailPolicy):
    """As servers take messages, in ASCII, with addresses and links on one line."""

    def fold_binary(self, name: str, value: str) -> bytes:
        """A header as it is sent."""
        if name in _WHOLE:
            return f"{name}: {value}{self.linesep}".encode("ascii", "ignore")
        return super().fold_binary(name, value)


_POLICY = _Policy(linesep="\r\n", cte_type="7bit")


@dataclass(frozen=True)
class Mail:
    """What a message says, and to whom. ``name``: the same whenever it is sent again; ``at``: Norwegian local time.

    ``unsubscribe``: an address on the web that a POST unsubscribes at; "" for none.
    """

    sender: str
    recipient: str
    name: str
    subject: str
    text: str
    html: str
    at: datetime
    unsubscribe: str = ""

    def content(self) -> bytes:
        """The message as it goes to a server and into an .eml file; lines end with CRLF.

        Raises UnicodeError where an address can't be written in ASCII.
        """
        return self._message().as_bytes()

    def _message(self) -> EmailMessage:
        """The headers are one line each, whatever stands in the texts."""
        found = EmailMessage(policy=_POLICY)
        sender = ascii_address(self.sender)
        found["From"] = sender
        found["To"] = ascii_address(self.recipient)
        found["Subject"] = " ".join(printable(self.subject).split())[:_LONGEST_SUBJECT]
        found["Date"] = format_datetime(self.at.replace(tzinfo=NORWAY))
        found["Message-ID"] = f"<{self.name}@{sender.rpartition('@')[2]}>"
        # no answers of absence (RFC 3834, and Exchange's own header)
        found["Auto-Submitted"] = "auto-generated"
        found["X-Auto-Response-Suppress"] = "All"
        if self.unsubscribe:
            # one click (RFC 8058)
            found["List-Unsubscribe"] = f"<{self.unsubscribe}>"
            found["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        found.set_content(printable(self.text), cte="quoted-printable")
        found.add_alternative(printable(self.html), subtype="html", cte="quoted-printable")
        return found


def ascii_address(address: str) -> str:
    """The address with its domain as DNS has it. Raises UnicodeError for letters that need an extension of SMTP."""
    name, _at, domain = address.rpartition("@")
    name.encode("ascii")
    return f"{name}@{domain.encode('idna').decode('ascii')}"
