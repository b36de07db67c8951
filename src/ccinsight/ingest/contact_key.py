"""The secret key of the contacts' hashes: a file beside the database, created at first use."""

from __future__ import annotations

import os
import re
import secrets
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from ccinsight.database.build import only_writer
from ccinsight.errors import NotNowError, detailed
from ccinsight.files import key_file, new_key_file
from ccinsight.i18n import _

_BLOCK = 64
_HEX = re.compile(r"[0-9a-f]{64}\s*")


def keyed_hash(
    text: str, inner: str = "getvariable('inner_key')", outer: str = "getvariable('outer_key')"
) -> str:
    """SQL: the first half of a text's HMAC-SHA-256, in hexadecimal. ``inner``, ``outer``: the padded keys."""
    return f"left(sha256({outer} || unhex(sha256({inner} || encode({text})))), 32)"


@dataclass(frozen=True)
class ContactKey:
    """The two padded keys of HMAC-SHA-256: hash = sha256(outer + sha256(inner + text))."""

    inner: bytes
    outer: bytes


def contact_key(database: Path) -> ContactKey:
    """The database's key; made where there is none. Raises NotNowError where it can't be read or made, or is
    none."""
    path = key_file(database)
    try:
        with only_writer(database):  # two that begin at once make one key
            text = _read(path) if path.exists() else _make(database)
    except OSError as e:
        text = _(
            "The contact key {file} can't be read or created. Check that it may be read and its folder written to."
        )
        raise NotNowError(detailed(text.format(file=path), e)) from e
    if not _HEX.fullmatch(text):
        raise NotNowError(
            _("{file} isn't a contact key: put the right one back, or delete it to create a new one.").format(
                file=path
            )
        )
    padded = bytes.fromhex(text.strip()).ljust(_BLOCK, b"\0")
    return ContactKey(bytes(b ^ 0x36 for b in padded), bytes(b ^ 0x5C for b in padded))


def _read(path: Path) -> str:
    """The key's text; a key that others may read, as after a copy, is its owner's again."""
    if path.stat().st_mode & 0o077:
        with suppress(OSError):  # another's file
            path.chmod(0o600)
    return path.read_text("ascii", errors="replace")


def _make(database: Path) -> str:
    """Writes a new key beside and puts it in its place whole, or not at all."""
    text = secrets.token_hex(32)
    beside = new_key_file(database)
    beside.unlink(missing_ok=True)
    try:
        handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(text + "\n")
            file.flush()
            os.fsync(file.fileno())
        beside.replace(key_file(database))
    finally:
        beside.unlink(missing_ok=True)
    return text
