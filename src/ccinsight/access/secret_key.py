"""Keys that are made once, beside the database, and readable by their owner alone. No backup holds them."""

from __future__ import annotations

import os
import re
import secrets
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile

_HEX = re.compile(r"[0-9a-f]{64}")


def secret_key(path: Path) -> str:
    """The key in a file, 64 hexadecimal digits; made where there is none.

    Raises OSError or UnicodeDecodeError where it can't be read or made, ValueError where it is no key.
    """
    if not path.exists():
        _make(path)
    if path.stat().st_mode & 0o077:
        path.chmod(0o600)
    text = path.read_text(encoding="ascii").strip()
    if not _HEX.fullmatch(text):
        raise ValueError(path)
    return text


def _make(path: Path) -> None:
    """Writes a new key beside and links it into place: two processes that start at once use the same key."""
    with NamedTemporaryFile("w", dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
        file.write(f"{secrets.token_hex(32)}\n")
        file.flush()
        os.fsync(file.fileno())
    try:
        with suppress(FileExistsError):
            os.link(file.name, path)
    finally:
        Path(file.name).unlink()
