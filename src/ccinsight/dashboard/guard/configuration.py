"""What Streamlit is given for the sign-in: in memory only, so that no secret lies in a folder that it serves."""

from __future__ import annotations

import json
import warnings
from typing import Any

from ccinsight.access.config import OpenId, Proxy
from ccinsight.dashboard.guard.deep_links import CALLBACK
from ccinsight.dashboard.guard.gate import Gate

# Streamlit's name of the one provider.
PROVIDER = "default"
# The keys of the buttons that somebody without access may press.
SIGN_IN_KEY, SIGN_OUT_KEY = "sign-in", "sign-out"


def secrets(gate: Gate) -> dict[str, Any] | None:
    """Streamlit's secrets of a sign-in at an OpenID provider; None for any other gate."""
    access = gate.access()
    if access is None or not isinstance(access.provider, OpenId):
        return None
    _silence_authlib()
    provider = access.provider
    return {
        "auth": {
            "redirect_uri": f"{access.public_address}{CALLBACK}",
            "cookie_secret": gate.cookie_key,
            "client_id": provider.client_id,
            "client_secret": provider.client_secret,
            "server_metadata_url": provider.metadata_url,
            "client_kwargs": {"scope": "openid email profile", "prompt": provider.prompt},
        }
    }


def _silence_authlib() -> None:
    """Authlib advises another library than httpx at the first sign-in, in a log that administrators read."""
    from authlib.deprecate import AuthlibDeprecationWarning

    warnings.filterwarnings("ignore", category=AuthlibDeprecationWarning)


def options(gate: Gate) -> dict[str, object]:
    """Streamlit's options that a sign-in needs."""
    access = gate.access()
    if access is None or not isinstance(access.provider, Proxy):
        return {}
    # a page's session belongs to the person, so that nobody else can take it up with its id
    return {"server.trustedUserHeaders": json.dumps({access.provider.identity_header: "address"})}
