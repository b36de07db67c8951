"""A mail server that is real but for what it does with the messages: it keeps them, refuses them or goes away."""

from __future__ import annotations

import base64
from asyncio import WriteTransport
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from ipaddress import ip_address
from pathlib import Path
from ssl import PROTOCOL_TLS_SERVER, SSLContext

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from benchmarks.ports import free_port
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

GONE = "gone"


@dataclass
class Post:
    """What the server does, and what it took. ``rcpt`` and ``data``: recipient → its answer to them.

    ``GONE`` in place of an answer: the connection is cut. ``taken``: called when a message is whole, before the answer.
    """

    messages: list[EmailMessage] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    sign_ins: list[str] = field(default_factory=list)
    rcpt: dict[str, str] = field(default_factory=dict)
    data: dict[str, str] = field(default_factory=dict)
    mail: str = ""
    password: str = "hemmelig"
    access_token: str = ""
    taken: Callable[[], None] = lambda: None
    port: int = 0

    async def handle_MAIL(  # noqa: N802 (named by the library)
        self, server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Answers for the sender."""
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return self.mail or "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Answers for a recipient."""
        answer = self.rcpt.get(address, "250 OK")
        if answer == GONE:
            _cut(server)
        elif answer.startswith("2"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Keeps a message, whatever it answers then."""
        answer = self.data.get(envelope.rcpt_tos[0], "250 OK")
        if answer.startswith(("2", GONE)):
            content = envelope.content
            assert isinstance(content, bytes)
            message = message_from_bytes(content, policy=policy.default)
            assert isinstance(message, EmailMessage)
            self.messages.append(message)
            self.recipients.append(envelope.rcpt_tos[0])
        self.taken()
        if answer == GONE:
            _cut(server)
        return answer

    def authenticate(
        self, _server: SMTP, _session: Session, _envelope: Envelope, mechanism: str, data: object
    ) -> AuthResult:
        """By user and password."""
        assert isinstance(data, LoginPassword)
        self.sign_ins.append(f"{mechanism} {data.login.decode()}")
        return AuthResult(success=data.password == self.password.encode(), handled=False)

    async def auth_XOAUTH2(self, server: SMTP, args: list[str]) -> AuthResult:  # noqa: N802
        """By an access token, as Microsoft 365 and Google have it."""
        given = base64.b64decode(args[1]).decode()
        self.sign_ins.append(given)
        if self.access_token and f"\1auth=Bearer {self.access_token}\1\1" in given:
            return AuthResult(success=True)
        await server.challenge_auth('{"status":"401","schemes":"bearer"}')
        return AuthResult(success=False, handled=False)


def _cut(server: SMTP) -> None:
    assert isinstance(server.transport, WriteTransport)
    server.transport.abort()


@contextmanager
def serving(
    post: Post, certificate: Path | None = None, *, tls: str = "", auth: bool = False
) -> Iterator[Post]:
    """Serves on this machine. ``tls``: "" for none, "starttls" or "tls", with the file of certificate and key."""
    context = None
    if tls:
        assert certificate
        context = SSLContext(PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
    post.port = free_port()
    controller = Controller(
        post,
        hostname="127.0.0.1",
        port=post.port,
        ssl_context=context if tls == "tls" else None,
        tls_context=context if tls == "starttls" else None,
        require_starttls=tls == "starttls",
        authenticator=post.authenticate if auth else None,
        auth_required=auth,
        auth_require_tls=tls == "starttls",
    )
    controller.start()
    try:
        yield post
    finally:
        controller.stop()


def certificate_of(host: str, path: Path) -> Path:
    """Makes a certificate that signs itself, with its key in the same file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, host)])
    start = datetime(2020, 1, 1)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=36_500))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(host))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    private = key.private_bytes(
        pem, serialization.PrivateFormat.PKCS8, encryption_algorithm=serialization.NoEncryption()
    )
    path.write_bytes(private + made.public_bytes(pem))
    return path
