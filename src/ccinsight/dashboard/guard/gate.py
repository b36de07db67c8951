"""The reader behind a request, by its cookies or by the proxy's headers. Both the server and the pages ask here."""

from __future__ import annotations

import hmac
import json
import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from streamlit.auth_util import get_cookie_with_chunks
from streamlit.web.server.starlette.starlette_app_utils import decode_signed_value

from ccinsight import clock
from ccinsight.access import SEES_ALL, Reader
from ccinsight.access.claims import identity_of
from ccinsight.access.config import Access, OpenId, Proxy, header, read_access
from ccinsight.access.cookie_key import cookie_key
from ccinsight.access.people import Identity, reader_of
from ccinsight.errors import CcinsightError
from ccinsight.files import access_file
from ccinsight.i18n import _

USER_COOKIE = "_streamlit_user"


class Gate:
    """How readers enter a dashboard over a database, as access.toml said when the server started.

    People, rights and hours are read again whenever the file changes. What the server was started with, the mode,
    the address and the provider, may not change meanwhile: then nobody is let in until it is started again.
    ``is_open``: the server was started with --no-sign-in.

    Raises CcinsightError where access.toml has a fault, or contradicts ``is_open``.
    """

    def __init__(self, database: Path, *, is_open: bool = False) -> None:
        self.database, self.path = database, access_file(database)
        self.is_open = is_open
        self._started_with = read_access(self.path)
        self._key = cookie_key(database) if self._started_with else ""
        if self._started_with and is_open:
            raise CcinsightError(
                _(
                    "{file} says who may enter, and --no-sign-in lets in everybody: remove one of them."
                ).format(file=self.path)
            )

    @property
    def cookie_key(self) -> str:
        """The key by which cookies are signed; "" without sign-in."""
        return self._key

    def access(self) -> Access | None:
        """access.toml as it is now; None without sign-in.

        Raises CcinsightError where it has a fault, or changed in what the server was started with.
        """
        found = read_access(self.path)
        if _unchangeable(found) != _unchangeable(self._started_with):
            raise CcinsightError(
                _("{file} changed in how readers sign in. Start ccinsight again.").format(file=self.path)
            )
        return found

    def identity(self, headers: Mapping[str, str], cookies: Mapping[str, str]) -> Identity | None:
        """Who the cookies or the proxy's headers say it is; None where they prove nothing.

        Raises CcinsightError as ``access`` does.
        """
        access = self.access()
        if access is None:
            return None
        if isinstance(access.provider, Proxy):
            return _from_headers(headers, access.provider)
        return self._from_cookies(cookies, access, access.provider)

    def reader(self, headers: Mapping[str, str], cookies: Mapping[str, str]) -> Reader | None:
        """The reader of a request; None for somebody who isn't signed in, or isn't among the people.

        Raises CcinsightError as ``access`` does.
        """
        access = self.access()
        if access is None:
            return SEES_ALL
        identity = self.identity(headers, cookies)
        return reader_of(access.people, identity, clock.today()) if identity else None

    def _from_cookies(self, cookies: Mapping[str, str], access: Access, provider: OpenId) -> Identity | None:
        """A cookie holds what the provider said at the sign-in, signed by us, with the moment of the signature."""

        def signed(name: str) -> bytes | None:
            value = cookies.get(name, "").encode("latin-1", "replace")
            return decode_signed_value(self._key, name, value, max_age_days=access.session_hours / 24)

        found = get_cookie_with_chunks(signed, USER_COOKIE)
        if found is None:
            return None
        try:
            claims = json.loads(found)
        except ValueError:
            return None
        if not isinstance(claims, dict) or claims.get("origin") != access.origin:
            return None
        return identity_of(claims, provider) if claims.get("is_logged_in") is True else None


def _from_headers(headers: Mapping[str, str], proxy: Proxy) -> Identity | None:
    given = header(headers, proxy.secret_header)
    if not hmac.compare_digest(given.encode(), proxy.secret.encode()):
        return None
    who = header(headers, proxy.identity_header).strip()
    return Identity(ids=(who,), address=who, name=who) if who else None


def _unchangeable(access: Access | None) -> Access | None:
    return replace(access, people=(), session_hours=0, activity_days=0) if access else None


_installed: Gate | None = None


def install(gate: Gate) -> None:
    """Makes a gate the one of this process: before the server starts."""
    global _installed
    _installed = gate


def gate() -> Gate:
    """The gate of this process; where none was installed, as under ``streamlit run``, the one of the database.

    Raises CcinsightError where access.toml has a fault.
    """
    if _installed is None:
        return Gate(Path(os.environ.get("CCINSIGHT_DATABASE", "ccinsight.duckdb")))
    return _installed
