"""Access tokens: by which a program reads reports as somebody, without a sign-in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ccinsight.access import Reader
from ccinsight.errors import UsageError
from ccinsight.i18n import _
from ccinsight.integrations.delivery.token_store import MOST_TOKENS, TokenStore, TokenTable
from ccinsight.printable import printable

LONGEST_NAME = 60
# A prefix lets scanners for leaked secrets know the token.
_PREFIX = "ccinsight_"
_FORM = re.compile(rf"{_PREFIX}[A-Za-z0-9_-]{{43}}")


@dataclass(frozen=True)
class AccessToken:
    """A token's entry. ``name`` says what it is for; ``reader_key`` and ``address`` are "" for all without sign-in."""

    token_id: int
    reader_key: str
    address: str
    name: str
    made_at: datetime
    used_at: datetime | None = None
    revoked_at: datetime | None = None


class AccessTokens(TokenStore[AccessToken]):
    """The access tokens of a database. Raises CcinsightError where the notes file can't be used."""

    table = TokenTable("api_tokens", "token_id", "used_at", ("name",))
    prefix = _PREFIX

    def add(self, reader: Reader, name: str, made_at: datetime) -> tuple[AccessToken, str]:
        """A new token of a reader and its text, which can't be found again.

        Raises UsageError without a name, and CcinsightError for a reader whose rights aren't known without a sign-in
        and for one token too many.
        """
        name = printable(name).strip()
        if not name or len(name) > LONGEST_NAME:
            raise UsageError(
                _("Say in 1 to {most} characters what the token is for, such as Power BI.").format(
                    most=LONGEST_NAME
                )
            )
        return self._add(reader, {"name": name}, made_at)

    def known(self, token: str) -> AccessToken | None:
        """The entry with this token, also where it was revoked; None for one that never was."""
        return super().known(token) if _FORM.fullmatch(token) else None

    def note_used(self, token: AccessToken, at: datetime) -> None:
        """Notes that a program has read with it."""
        self._note_used(token.token_id, token.used_at, at)

    def _entry(self, row: Mapping[str, Any]) -> AccessToken:
        return AccessToken(**row)

    def _full(self) -> str:
        return _("There are {count} access tokens already. Revoke one that is no longer used.").format(
            count=MOST_TOKENS
        )
