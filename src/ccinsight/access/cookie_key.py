"""The key that signs the cookies of a sign-in: made once, beside the database, readable by its owner alone.

No backup holds it: who has it can sign a cookie for anybody. A new key signs everybody out.
"""

from __future__ import annotations

from pathlib import Path

from ccinsight.access.secret_key import secret_key
from ccinsight.errors import CcinsightError, detailed
from ccinsight.files import cookie_key_file
from ccinsight.i18n import _


def cookie_key(database: Path) -> str:
    """The key, 64 hexadecimal digits; made where there is none.

    Raises CcinsightError where it can't be read or made, or is no key.
    """
    path = cookie_key_file(database)
    try:
        return secret_key(path)
    except (OSError, UnicodeDecodeError) as error:
        text = _(
            "The key of the cookies, {file}, can't be read or made. Check that it and its folder belong to the "
            "server's user."
        )
        raise CcinsightError(detailed(text.format(file=path), error)) from error
    except ValueError as error:
        raise CcinsightError(
            _(
                "{file} is no key of cookies: remove it, and a new one is made. Everybody signs in again."
            ).format(file=path)
        ) from error
