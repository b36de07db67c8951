"""The dashboard as an ASGI application: Streamlit's own, with routes for health and headers for security.

Health: ``/healthz`` answers 200 while the process is up, ``/readyz`` while the database can be read (else 503); both
under the base path. ``/api/v1/…`` answers programs with a token, ``/api/v1/mcp`` assistants,
``/calendar/TOKEN.ics`` calendars that subscribe,
and ``/unsubscribe/TOKEN`` is the page of a reader's choices.
"""

from __future__ import annotations

from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ccinsight.dashboard import guard
from ccinsight.dashboard.guard.configuration import secrets
from ccinsight.dashboard.guard.forwarding import FORWARDED, LOOPBACK
from ccinsight.dashboard.navigation import DEFAULT
from ccinsight.dashboard.server import api, calendar_feed, garbage, unsubscribe
from ccinsight.dashboard.server.assistants import Assistants
from ccinsight.dashboard.server.light_paper import LightPaper
from ccinsight.dashboard.session import reads
from ccinsight.dashboard.widgets import layout
from ccinsight.errors import CcinsightError
from ccinsight.i18n import _

# Streamlit's own figures, and its interface for programs that drive a page without a browser.
_INTERNAL = ("/_stcore/metrics", "/_stcore/agent")
# Those that can't be answered are answered with a problem, as everything of the API is.
_ALL_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
_HEADERS = [
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"SAMEORIGIN"),
    (b"referrer-policy", b"same-origin"),
]


def site(script: Path, gate: guard.Gate, base_path: str = "") -> st.App:
    """The application that serves the dashboard's script under a base path ("" or as ``/innsikt``).

    ``gate`` decides who is answered.
    """
    guard.install(gate)
    # before the first session: what is there by then is never collected
    garbage.collector()
    assistants = Assistants()
    return st.App(
        script,
        secrets=secrets(gate),
        lifespan=assistants.lifespan,
        routes=[
            Route(f"{base_path}/{DEFAULT}", _start_page),
            Route(f"{base_path}/healthz", _healthy),
            Route(f"{base_path}/readyz", _ready),
            Route(f"{base_path}/api/v1/mcp", assistants),
            Route(f"{base_path}/api/v1/{{path:path}}", api.answer, methods=_ALL_METHODS),
            Route(f"{base_path}/calendar/{{name:path}}", calendar_feed.answer),
            Route(f"{base_path}/unsubscribe/{{token:path}}", unsubscribe.answer, methods=["GET", "POST"]),
        ],
        middleware=[
            Middleware(_SecurityHeaders),
            Middleware(guard.Guard, gate=gate, base_path=base_path),
            Middleware(_InternalPaths),
            Middleware(LightPaper),
        ],
        on_script_error=_show_fault,
    )


def _start_page(request: Request) -> Response:
    """Streamlit has the default page at the root alone; its name in the address leads there, with what is chosen."""
    query = request.url.query
    # relative: a proxy may serve the site under another path
    return RedirectResponse(f"./?{query}" if query else "./")


def _healthy(_request: Request) -> Response:
    return PlainTextResponse("ok")


def _ready(_request: Request) -> Response:
    try:
        with reads.warehouse().reading() as cursor:
            cursor.execute("select build_id from model.build").fetchall()
    except CcinsightError as error:
        return PlainTextResponse(str(error), 503)
    return PlainTextResponse("ok")


def _show_fault(error: Exception) -> bool:
    """What a reader sees of a fault of ours, in place of Streamlit's own box; the log has the details."""
    if isinstance(error, CcinsightError):  # from a place that Streamlit runs by itself, as a fragment
        layout.stopped(error)
        return True
    layout.stopped(
        CcinsightError(
            _(
                "This page can't be shown because of an internal error ({kind}). The server's log "
                "has the details."
            ).format(kind=type(error).__name__)
        )
    )
    return True


def is_local(scope: Scope) -> bool:
    """True where the request comes from this machine itself, not through a proxy on it."""
    client = scope.get("client")
    names = {name.lower().decode("latin-1") for name, _value in scope["headers"]}
    return client is not None and client[0] in LOOPBACK and not names & FORWARDED


class _InternalPaths:
    """Answers 404 to others than this machine where Streamlit tells of itself."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if (
            scope["type"] == "http"
            and any(part in scope["path"] for part in _INTERNAL)
            and not is_local(scope)
        ):
            await PlainTextResponse("Not found", 404)(scope, receive, send)
            return
        await self._app(scope, receive, send)


class _SecurityHeaders:
    """Adds the headers that keep a browser from guessing types, from foreign frames, and from naming our addresses."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_on(message: Message) -> None:
            if message["type"] == "http.response.start":
                present = {name.lower() for name, _value in message["headers"]}
                message["headers"] = [
                    *message["headers"],
                    *((name, value) for name, value in _HEADERS if name not in present),
                ]
            await send(message)

        await self._app(scope, receive, send_on if scope["type"] == "http" else send)
