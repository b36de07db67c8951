"""access.toml: how readers sign in, and which people may see what. It lies beside the database.

The file is read again whenever it changed, so that a removed person is out at the next click. It holds secrets: only
its owner may read it, and no backup or download holds it.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from ccinsight.access.people import Person, parse_people
from ccinsight.access.tables import Table
from ccinsight.errors import CcinsightError
from ccinsight.i18n import _, os_reason
from ccinsight.validation import parse_toml, read_text

MODES = ("oidc", "proxy")
_HEADER_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,99}")
_SHORTEST_SECRET = 24
_DEFAULT_HOURS, _MOST_HOURS = 10, 24 * 30
DEFAULT_DAYS = 365
_MOST_DAYS = 3_650
_ENTRA, _GOOGLE = "login.microsoftonline.com", "accounts.google.com"
# Endpoints of Entra ID for accounts of every tenant.
_EVERY_TENANT = ("/common/", "/organizations/", "/consumers/")
_LOOPBACK = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True)
class OpenId:
    """An OpenID provider. A sign-in counts where the claim ``tenant_claim`` has the value ``tenant``; None: any."""

    metadata_url: str
    client_id: str
    client_secret: str
    tenant: str | None
    tenant_claim: str
    prompt: str


@dataclass(frozen=True)
class Proxy:
    """A proxy that names the reader in one header and proves by a secret in another that it is the proxy."""

    identity_header: str
    secret_header: str
    secret: str


@dataclass(frozen=True)
class Access:
    """How readers sign in, and who may see what.

    ``public_address`` has no slash at its end; ``session_hours`` after the sign-in it is asked for again;
    ``activity_days``: how long the log of what people did is kept.
    """

    public_address: str
    session_hours: int
    activity_days: int
    provider: OpenId | Proxy
    people: tuple[Person, ...]

    @property
    def origin(self) -> str:
        """Scheme, host and port of the public address."""
        place = urlsplit(self.public_address)
        return f"{place.scheme}://{place.netloc}"

    @property
    def base_path(self) -> str:
        """The path before all pages: "" or as ``/innsikt``."""
        return urlsplit(self.public_address).path

    @property
    def is_https(self) -> bool:
        """True where browsers reach the dashboard over https."""
        return self.public_address.startswith("https://")


def read_access(path: Path) -> Access | None:
    """The access file, parsed; None where there is none. Cached until the file changes.

    Raises CcinsightError for a file that others may read, or that has a fault: a sentence with the file, the place
    and what to do.
    """
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise CcinsightError(
            _("{file} can't be read: {error}.").format(file=path, error=os_reason(error))
        ) from error
    if os.name == "posix" and stat.S_IMODE(found.st_mode) & 0o077:
        raise CcinsightError(
            _("{file} holds secrets, and others than its owner may read it: chmod 600 {file}").format(
                file=path
            )
        )
    return _read(path, (found.st_mtime_ns, found.st_size, found.st_ino))


@lru_cache(maxsize=8)
def _read(path: Path, _version: tuple[int, ...]) -> Access:
    return parse_access(read_text(path), path)


def parse_access(text: str, path: Path) -> Access:
    """The access file from its text; ``path`` names it in messages and is where relative paths start.

    Raises CcinsightError for a fault.
    """
    document = parse_toml(text, path)
    table = Table(path, "", document)
    table.allow("mode", "public_address", "session_hours", "activity_days", *MODES, "people")
    mode = table.choice("mode", MODES)
    other = next(name for name in MODES if name != mode)
    if other in document:
        raise table.fault(other, _("“mode” is “{mode}”: remove [{other}].").format(mode=mode, other=other))
    section = table.table(mode)
    provider: OpenId | Proxy = _open_id(section) if mode == "oidc" else _proxy(section)
    return Access(
        public_address=_public_address(table),
        session_hours=table.number("session_hours", _DEFAULT_HOURS, 1, _MOST_HOURS),
        activity_days=table.number("activity_days", DEFAULT_DAYS, 1, _MOST_DAYS),
        provider=provider,
        people=parse_people(table, provider_checks_addresses=_checks_addresses(provider)),
    )


def _checks_addresses(provider: OpenId | Proxy) -> bool:
    return isinstance(provider, Proxy) or provider.tenant is not None


def _public_address(table: Table) -> str:
    text = table.text("public_address").rstrip("/")
    place = _split(text)
    if (
        place is None
        or place.query
        or place.fragment
        or place.username
        or place.scheme not in ("http", "https")
    ):
        raise table.fault("public_address", _("Write it as https://crm.example.no/innsikt."))
    if place.scheme == "http" and place.hostname not in _LOOPBACK:
        raise table.fault(
            "public_address",
            _("Sign-in needs https. Only localhost may do without: put a proxy with a certificate in front."),
        )
    return text


def _open_id(table: Table) -> OpenId:
    table.allow(
        "server_metadata_url",
        "client_id",
        "client_secret",
        "client_secret_file",
        "tenant",
        "tenant_claim",
        "prompt",
    )
    address = table.text("server_metadata_url")
    place = _split(address)
    if place is None or (place.scheme != "https" and place.hostname not in _LOOPBACK):
        raise table.fault(
            "server_metadata_url",
            _("Write the provider's address with https, ending in /.well-known/openid-configuration."),
        )
    if place.hostname == _ENTRA and any(part in place.path for part in _EVERY_TENANT):
        raise table.fault(
            "server_metadata_url",
            _("Name your own tenant in the address: this one lets in accounts of every tenant."),
        )
    default_claim = {_ENTRA: "tid", _GOOGLE: "hd"}.get(place.hostname or "", "iss")
    return OpenId(
        metadata_url=address,
        client_id=table.text("client_id"),
        client_secret=_secret(table, "client_secret"),
        tenant=table.optional_text("tenant"),
        tenant_claim=table.optional_text("tenant_claim") or default_claim,
        prompt=table.optional_text("prompt") or "select_account",
    )


def _proxy(table: Table) -> Proxy:
    table.allow("identity_header", "secret_header", "secret", "secret_file")
    headers = [table.text(key) for key in ("identity_header", "secret_header")]
    for key, header in zip(("identity_header", "secret_header"), headers, strict=True):
        if not _HEADER_NAME.fullmatch(header):
            raise table.fault(key, _("“{header}” can't be the name of a header.").format(header=header))
    if headers[0].lower() == headers[1].lower():
        raise table.fault("secret_header", _("Name two different headers."))
    secret = _secret(table, "secret")
    if len(secret) < _SHORTEST_SECRET:
        raise table.fault(
            "secret",
            _("It has fewer than {count} characters. Make one with: openssl rand -hex 32").format(
                count=_SHORTEST_SECRET
            ),
        )
    return Proxy(headers[0], headers[1], secret)


def _secret(table: Table, key: str) -> str:
    """A secret that stands in the file, or in a file of its own, as systemd's credentials do."""
    file = table.optional_text(f"{key}_file")
    if file is None:
        return table.text(key)
    if key in table.values:
        raise table.fault(key, _("Say “{key}” or “{key}_file”, not both.").format(key=key))
    path = table.file.parent / file
    text = read_text(path).strip()
    if not text:
        raise table.fault(f"{key}_file", _("{file} is empty.").format(file=path))
    return text


def _split(address: str) -> Any:
    """The parts of an address; None where it is none."""
    try:
        place = urlsplit(address)
        place.port  # noqa: B018 (raises for a port that is no number)
    except ValueError:
        return None
    return place if place.scheme and place.hostname else None


def header(headers: Mapping[str, str], name: str) -> str:
    """The value of a header by its name in any case; "" where it is missing."""
    return next((value for key, value in headers.items() if key.lower() == name.lower()), "")
