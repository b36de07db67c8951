"""The key that signs the links in messages, and the token of a link to a reader's choices.

The token is computed from the reader's key, so that every message has the same link and nothing is stored that would
open it. A new key makes the links of earlier messages lead nowhere.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable
from pathlib import Path

from ccinsight.access.secret_key import secret_key
from ccinsight.errors import CcinsightError, detailed
from ccinsight.files import delivery_key_file
from ccinsight.i18n import _

_ID_DIGITS = 24


def token(database: Path, reader_key: str) -> str:
    """What a link to the choices of a reader ends with: 64 hexadecimal digits. Raises CcinsightError without a key."""
    return _signed(database, f"choices:{reader_key}")


def known_token(database: Path, reader_key: str) -> str:
    """The same where there is a key already; else ""."""
    return token(database, reader_key) if delivery_key_file(database).exists() else ""


def reader_of_token(database: Path, given: str, reader_keys: Iterable[str]) -> str | None:
    """The key among these that a token was made of; None where it is of nobody. Raises CcinsightError as above."""
    if not given.isascii():
        return None
    return next((each for each in reader_keys if hmac.compare_digest(token(database, each), given)), None)


def message_name(database: Path, reader_key: str, kind: str, period: str) -> str:
    """A name of a message that is the same whenever it is sent again, and says nothing of its reader."""
    return f"{kind}.{period}.{_signed(database, f'message:{reader_key}')[:_ID_DIGITS]}"


def _signed(database: Path, text: str) -> str:
    path = delivery_key_file(database)
    try:
        key = secret_key(path)
    except (OSError, UnicodeDecodeError) as error:
        text = _(
            "The key of the links in messages, {file}, can't be read or made. Check that it and its folder belong to "
            "the server's user."
        )
        raise CcinsightError(detailed(text.format(file=path), error)) from error
    except ValueError as error:
        raise CcinsightError(
            _("{file} is no key: remove it, and a new one is made. Links in older messages end.").format(
                file=path
            )
        ) from error
    return hmac.new(key.encode(), text.encode(), hashlib.sha256).hexdigest()
