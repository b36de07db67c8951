"""Whether a request comes from this machine itself, or was passed on by a proxy for somebody else."""

from __future__ import annotations

import hmac
import os
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import Scope

LOOPBACK = frozenset({"127.0.0.1", "::1"})
_NAMES = LOOPBACK | {"localhost"}
# Set by a proxy on what it passes on. The client is somebody else then, whatever the address says.
FORWARDED = frozenset({"forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-real-ip"})
# The nginx of `serve --workers` proves by this header that it is ours; the secret is made at each start.
FRONT_HEADER = "X-Ccinsight-Front"
FRONT_SECRET = "CCINSIGHT_FRONT_SECRET"


def is_from_this_machine(scope: Scope) -> bool:
    """True where nobody but this machine itself can have sent the request, by way of our own nginx or not.

    A name in ``Host`` that isn't this machine's means that a proxy or a foreign page passed it on.
    """
    headers = Headers(scope=scope)
    forwarded = {name for name in FORWARDED if name in headers}
    if _came_through_our_front(headers):
        forwarded.discard("x-forwarded-for")  # a second address there is one that somebody else wrote
        client = ",".join(headers.getlist("x-forwarded-for")).strip()
    else:
        address = scope.get("client")
        client = address[0] if address else ""
    return client in LOOPBACK and not forwarded and _host_name(headers.get("host", "")) in _NAMES


def _came_through_our_front(headers: Headers) -> bool:
    secret = os.environ.get(FRONT_SECRET, "")
    return bool(secret) and hmac.compare_digest(headers.get(FRONT_HEADER, "").encode(), secret.encode())


def _host_name(host: str) -> str:
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""
