"""Asks a provider for what it says of itself, before readers find out that it doesn't answer."""

from __future__ import annotations

import json
import urllib.error
import urllib.request

from ccinsight.access.config import OpenId
from ccinsight.errors import CcinsightError
from ccinsight.i18n import _

_SECONDS = 15
_NEEDED = ("issuer", "authorization_endpoint", "token_endpoint", "jwks_uri")


def check_provider(provider: OpenId) -> None:
    """Raises CcinsightError where the provider's metadata can't be had or aren't an OpenID provider's."""
    try:
        with urllib.request.urlopen(provider.metadata_url, timeout=_SECONDS) as answer:
            found = json.load(answer)
    except (OSError, ValueError) as error:
        reason = getattr(error, "reason", None) or error
        raise CcinsightError(
            _("The provider doesn't answer at {address}: {reason}.").format(
                address=provider.metadata_url, reason=reason
            )
        ) from error
    missing = [name for name in _NEEDED if not isinstance(found, dict) or name not in found]
    if missing:
        raise CcinsightError(
            _("{address} is no OpenID provider's: {names} is missing.").format(
                address=provider.metadata_url, names=", ".join(missing)
            )
        )
