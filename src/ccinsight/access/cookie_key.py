"""The key that signs the cookies of a sign-in: made once, beside the database, readable by its owner alone.

No backup holds it: who has it can sign a cookie for anybody. A new key signs everybody out.
"""

from __future__ import annotations

import os
import re
import secrets
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile

from ccinsight.errors import CcinsightError, first_line
from ccinsight.files import cookie_key_file
from ccinsight.i18n import _

_HEX = re.compile(r"[0-9a-f]{64}")


def cookie_key(database: Path) -> str:
    """The key, 64 hexadecimal digits; made where there is none.

    Raises CcinsightError where it can't be read or made, or is no key.
    """
    path = cookie_key_file(database)
    try:
        if not path.exists():
            _make(path)
        if path.stat().st_mode & 0o077:
            path.chmod(0o600)
        text = path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise CcinsightError(
            _("The key of the cookies, {file}, can't be read or made: {error}").format(
                file=path, error=first_line(error)
            )
        ) from error
    if not _HEX.fullmatch(text):
        raise CcinsightError(
            _(
                "{file} is no key of cookies: remove it, and a new one is made. Everybody signs in again."
            ).format(file=path)
        )
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
