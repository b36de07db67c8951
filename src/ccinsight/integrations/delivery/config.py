"""delivery.toml: how messages are sent, and to whom where there is no sign-in. It lies beside the database.

The file holds secrets: only its owner may read it, and no backup or download holds it. It is read at each use.
"""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from ccinsight.access.people import is_mail_address
from ccinsight.errors import CcinsightError
from ccinsight.files import delivery_file
from ccinsight.i18n import DEFAULT_LANGUAGE, LANGUAGES, _
from ccinsight.validation import Entry, Table, read_tables, read_text

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
SECURITY = ("none", "starttls", "tls")
_PORTS = {"none": 25, "starttls": 587, "tls": 465}
_MOST_SECONDS = 600
SLACK, TEAMS = "slack", "teams"
_SLACK_HOST = "hooks.slack.com"


@dataclass(frozen=True)
class OAuth2:
    """Where an access token for SMTP comes from, by the client credentials grant (RFC 6749, 4.4)."""

    token_url: str
    client_id: str
    client_secret: str
    scope: str


@dataclass(frozen=True)
class Smtp:
    """The mail server. ``security``: none, starttls or tls. ``user`` "": no sign-in; else a password or OAuth2.

    ``ca_file``: certificates that are trusted in place of the system's, for a company's own authority.
    """

    host: str
    port: int
    security: str
    sender: str
    user: str = ""
    password: str = ""
    oauth2: OAuth2 | None = None
    seconds: int = 30
    ca_file: Path | None = None


@dataclass(frozen=True)
class Webhook:
    """A channel that is posted to. ``form``: what it takes, SLACK or TEAMS. The address is a secret."""

    name: str
    address: str = field(repr=False)
    form: str


@dataclass(frozen=True)
class Delivery:
    """What the file says. ``account_managers``: name → address, and ``management``: addresses of those who see all;
    both count where there is no access.toml. ``webhooks``: channels by name.
    """

    public_address: str
    language: str = DEFAULT_LANGUAGE
    weekday: str = WEEKDAYS[0]
    all_clear: bool = False
    smtp: Smtp | None = None
    account_managers: tuple[tuple[str, str], ...] = ()
    management: tuple[str, ...] = ()
    webhooks: tuple[Webhook, ...] = ()


def read_delivery(database: Path) -> Delivery | None:
    """The file beside a database; None where there is none.

    Raises CcinsightError for a file that others may read, or that has a fault.
    """
    path = delivery_file(database)
    if not path.exists():
        return None
    if os.name == "posix" and stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise CcinsightError(
            _("{file} holds secrets, and others than its owner may read it: chmod 600 {file}").format(
                file=path
            )
        )
    table = read_tables(path)
    defaults = table.with_defaults(
        {"language": DEFAULT_LANGUAGE, "weekday": WEEKDAYS[0], "all_clear": False, "public_address": ""}
    )
    address = defaults.needed("public_address")
    found = Delivery(
        public_address=_address(address, ("http", "https")) if address.value else "",
        language=defaults.needed("language").among(LANGUAGES),
        weekday=defaults.needed("weekday").among(WEEKDAYS),
        all_clear=defaults.needed("all_clear").flag(),
        smtp=_smtp(smtp.as_table(), path) if (smtp := defaults.take("smtp")) else None,
        account_managers=tuple(
            (name, _mail(entry)) for name, entry in defaults.table("account_managers").entries()
        ),
        management=_management(defaults.table("management")),
        webhooks=tuple(_webhook(name, entry) for name, entry in defaults.table("webhooks").entries()),
    )
    defaults.refuse_the_rest()
    return found


def _webhook(name: str, entry: Entry) -> Webhook:
    """``sales = "https://…"``, or ``sales = { address = "https://…", form = "slack" }``."""
    table = entry.as_table() if isinstance(entry.value, dict) else None
    address = _secret_address(table.needed("address") if table else entry)
    host = urlsplit(address).hostname
    form = table.take("form") if table else None
    found = Webhook(
        name, address, form.among((SLACK, TEAMS)) if form else SLACK if host == _SLACK_HOST else TEAMS
    )
    if table:
        table.refuse_the_rest()
    return found


def _secret_address(entry: Entry) -> str:
    """An address on the web that no message quotes: whoever knows it can post."""
    text = entry.text().strip()
    try:
        place = urlsplit(text)
        host = place.hostname
    except ValueError:
        host = None
    if not host or not (place.scheme == "https" or (place.scheme == "http" and _is_local(host))):
        raise entry.error(_("give the address that begins with https://"))
    return text


def _management(table: Table) -> tuple[str, ...]:
    addresses = table.take("addresses")
    if addresses is None:
        return ()
    for text in addresses.texts():
        _mail(Entry(addresses.file, addresses.key, text))
    table.refuse_the_rest()
    return addresses.texts()


def _smtp(table: Table, path: Path) -> Smtp:
    table = table.with_defaults({"security": "starttls", "seconds": 30})
    security = table.needed("security").among(SECURITY)
    table = table.with_defaults({"port": _PORTS[security]})
    user, oauth2, ca_file = table.take("user"), table.take("oauth2"), table.take("ca_file")
    password = _secret(table, "password", path)
    found = Smtp(
        host=table.needed("host").text(),
        port=table.needed("port").whole(1, 65_535),
        security=security,
        sender=_mail(table.needed("sender")),
        user=user.text() if user else "",
        password=password,
        oauth2=_oauth2(oauth2.as_table(), path) if oauth2 else None,
        seconds=table.needed("seconds").whole(1, _MOST_SECONDS),
        ca_file=path.parent / ca_file.text() if ca_file else None,
    )
    if (password or oauth2) and not user:
        raise table.needed("user").error(_("name the account that signs in"))
    if password and oauth2 and oauth2.value:
        raise oauth2.error(_("give “password” or [smtp.oauth2], not both"))
    if found.user and security == "none" and not _is_local(found.host):
        raise Entry(table.file, "smtp.security", security).error(
            _("a sign-in needs “starttls” or “tls”, else the password is sent in the open")
        )
    table.refuse_the_rest()
    return found


def _oauth2(table: Table, path: Path) -> OAuth2:
    found = OAuth2(
        token_url=_address(table.needed("token_url"), ("https", "http")),
        client_id=table.needed("client_id").text(),
        client_secret=_secret(table, "client_secret", path),
        scope=table.needed("scope").text(),
    )
    if not found.client_secret:
        raise table.needed("client_secret").error(_("it is missing"))
    table.refuse_the_rest()
    return found


def _secret(table: Table, key: str, path: Path) -> str:
    """A secret that stands in the file, or in a file of its own; "" where neither is given."""
    here, elsewhere = table.take(key), table.take(f"{key}_file")
    if elsewhere is None:
        return here.text() if here else ""
    if here is not None:
        raise here.error(_("say “{key}” or “{key}_file”, not both").format(key=key))
    file = path.parent / elsewhere.text()
    try:
        text = read_text(file).strip()
    except CcinsightError as error:
        raise elsewhere.error(str(error).rstrip(".")) from error
    if not text:
        raise elsewhere.error(_("{file} is empty").format(file=file))
    return text


def _mail(entry: Entry) -> str:
    text = entry.text().strip()
    if not is_mail_address(text):
        raise entry.error(_("“{text}” is not an e-mail address").format(text=text))
    return text


def _address(entry: Entry, schemes: tuple[str, ...]) -> str:
    """An address on the web without a slash at its end; without encryption only on this machine."""
    text = entry.text().strip().rstrip("/")
    try:
        place = urlsplit(text)
        host = place.hostname
    except ValueError:
        raise entry.error(_("“{text}” is not an address").format(text=text)) from None
    if place.scheme not in schemes or not host:
        raise entry.error(_("“{text}” is not an address").format(text=text))
    if place.scheme == "http" and not _is_local(host):
        raise entry.error(_("use https: only this machine may do without"))
    return text


def _is_local(host: str) -> bool:
    return host in ("localhost", "127.0.0.1", "::1")
