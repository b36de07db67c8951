"""What is refused before Streamlit sees it: every request and every message of a page passes here.

With sign-in, a page that isn't signed in gets Streamlit's shell, which holds no data, and one script run, which
draws the sign-in; whatever it sends becomes such a run. Paths with a token of their own need no sign-in. Downloads
and uploads answer the reader of their session alone. Without sign-in, only this machine is answered, unless the server
was started with --no-sign-in.
"""

from __future__ import annotations

import time
from http import HTTPStatus

from starlette.datastructures import Headers
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.proto.BackMsg_pb2 import BackMsg

from ccinsight.access import Reader
from ccinsight.access.config import Access, Proxy
from ccinsight.dashboard.guard import deep_links, media
from ccinsight.dashboard.guard.configuration import SIGN_IN_KEY, SIGN_OUT_KEY
from ccinsight.dashboard.guard.forwarding import is_from_this_machine
from ccinsight.dashboard.guard.gate import Gate
from ccinsight.dashboard.guard.recording import Recorder
from ccinsight.dashboard.navigation import PAGES
from ccinsight.errors import CcinsightError
from ccinsight.i18n import _, set_language
from ccinsight.integrations.api import problems
from ccinsight.integrations.api.problems import ProblemError

_FOLDERS = ("/static/", "/_stcore/", "/component/", "/media/")
_FILES = {"/index.html", "/favicon.png", "/manifest.json", "/robots.txt"}
_SIGN_IN = {"/auth/login", "/auth/logout", deep_links.CALLBACK}
_HEALTH = {"/healthz", "/readyz", "/_stcore/health"}
# What a token opens, in the path or, for the API, in a header, without a sign-in: such an answer holds what its reader
# may see, or nothing.
_API = "/api/v1/"
TOKEN_PATHS = (_API, "/calendar/", "/unsubscribe/")
_SHOWN = {"", "/", *(f"/{name}" for name in PAGES)}
_KNOWN = _SHOWN | _FILES | _HEALTH
# Streamlit ends a widget's id with its key.
_BUTTONS = tuple(f"-{key}" for key in (SIGN_IN_KEY, SIGN_OUT_KEY))
_MEDIA, _UPLOADS = media.PREFIX, "/_stcore/upload_file/"
_POLICY_VIOLATION = 1008


class _RefusedError(Exception):
    """A request that is answered here, with a status and a sentence."""

    def __init__(self, status: HTTPStatus, text: str) -> None:
        super().__init__(text)
        self.status = status


class Guard:
    """Refuses what a gate doesn't let through."""

    def __init__(self, app: ASGIApp, gate: Gate, base_path: str) -> None:
        self._app, self._gate, self._base_path = app, gate, base_path
        self._files, self._recorder = media.OpenFiles(), Recorder(gate)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes a request on, or answers it with 403, 404 or 503 and a sentence."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        connection = HTTPConnection(scope)
        set_language("en" if connection.headers.get("accept-language", "").startswith("en") else "nb")
        try:
            access = self._gate.access()
            self._check(connection, access)
        except _RefusedError as error:
            await _refuse(scope, receive, send, error.status, str(error))
            return
        except CcinsightError as error:
            await _refuse(scope, receive, send, HTTPStatus.SERVICE_UNAVAILABLE, str(error))
            return
        if access is not None and scope["type"] == "websocket":
            await self._record_entry(connection, access)
            page = _Page(self._gate, self._files, connection, access, receive, send)
            try:
                await self._app(scope, page.receive, page.send)
            finally:
                self._files.close(page)
            return
        if access is not None:
            send = deep_links.Answers(
                self._gate, self._recorder, connection, access, self._path(connection), send
            ).send
        await self._app(scope, receive, send)

    async def _record_entry(self, connection: HTTPConnection, access: Access) -> None:
        """A proxy signs in before a request is here; a provider's sign-in is recorded as it returns."""
        if isinstance(access.provider, Proxy) and (identity := self._gate.identity(connection.headers, {})):
            reader = self._gate.reader(connection.headers, {})
            await self._recorder.entered(identity, reader, access.session_hours)

    def _path(self, connection: HTTPConnection) -> str:
        return str(connection.scope["path"]).removeprefix(self._base_path)

    def _check(self, connection: HTTPConnection, access: Access | None) -> None:
        """Raises _RefusedError for a request that isn't to be answered."""
        if access is None:
            if not self._gate.is_open and not is_from_this_machine(connection.scope):
                raise _RefusedError(HTTPStatus.FORBIDDEN, _closed_text())
            return
        path = self._path(connection)
        if connection.scope["type"] == "http" and path.startswith(TOKEN_PATHS):
            return
        if isinstance(access.provider, Proxy):
            self._check_proxy(connection, access.provider, path)
        if connection.scope["type"] == "websocket":
            if connection.headers.get("origin") != access.origin:
                raise _RefusedError(HTTPStatus.FORBIDDEN, _("This page is of another site."))
            return
        known = _KNOWN if isinstance(access.provider, Proxy) else _KNOWN | _SIGN_IN
        if path not in known and not path.startswith(_FOLDERS):
            raise _RefusedError(HTTPStatus.NOT_FOUND, _("There is no such page."))
        if path.startswith((_MEDIA, _UPLOADS)):
            self._check_file(connection, path)

    def _check_proxy(self, connection: HTTPConnection, proxy: Proxy, path: str) -> None:
        """Health answers everybody: it says nothing of the data, and monitors know no secret."""
        headers = connection.headers
        is_single = all(
            len(headers.getlist(name)) == 1 for name in (proxy.secret_header, proxy.identity_header)
        )
        if path not in _HEALTH and not (is_single and self._gate.identity(headers, {})):
            raise _RefusedError(
                HTTPStatus.FORBIDDEN, _("This dashboard is read through its proxy, after sign-in.")
            )

    def _check_file(self, connection: HTTPConnection, path: str) -> None:
        """A download or an upload is answered to the reader whose session made it, and doesn't exist for others."""
        reader = self._gate.reader(connection.headers, connection.cookies)
        if reader is None:
            raise _RefusedError(HTTPStatus.FORBIDDEN, _("Sign in first."))
        if not self._owns(reader, path):
            raise _RefusedError(HTTPStatus.NOT_FOUND, _("There is no such file."))

    def _owns(self, reader: Reader, path: str) -> bool:
        if path.startswith(_MEDIA):
            return self._files.has(reader, path.removeprefix(_MEDIA))
        return media.owns_session(self._gate, reader, path.removeprefix(_UPLOADS).partition("/")[0])


class _Page:
    """A page's websocket, whose every message is checked: whoever was removed since only gets the sign-in."""

    def __init__(
        self,
        gate: Gate,
        files: media.OpenFiles,
        connection: HTTPConnection,
        access: Access,
        receive: Receive,
        send: Send,
    ) -> None:
        self._gate, self._files, self._receive, self._send = gate, files, receive, send
        self._headers, self._cookies = Headers(raw=connection.headers.raw), dict(connection.cookies)
        # a proxy checks a session when it passes on a request, and a websocket is one request however long it lasts
        is_proxy = isinstance(access.provider, Proxy)
        self._ends_at = time.monotonic() + 3600 * access.session_hours if is_proxy else float("inf")

    async def receive(self) -> Message:
        """The next message; from somebody who may not read, a run of the page without anything that was typed."""
        message = await self._receive()
        if message["type"] != "websocket.receive":
            return message
        if time.monotonic() > self._ends_at:
            return {"type": "websocket.disconnect", "code": _POLICY_VIOLATION}
        if self._reader() is None:
            return {"type": "websocket.receive", "bytes": _bare_run(message.get("bytes") or b"")}
        return message

    async def send(self, message: Message) -> None:
        """Sends a message on to the page, whose files it may download then."""
        if (
            message["type"] == "websocket.send"
            and (data := message.get("bytes"))
            and media.PREFIX.encode() in data
        ):
            reader = self._reader()
            if reader is not None:
                self._files.offer(self, reader, data)
        await self._send(message)

    def _reader(self) -> Reader | None:
        try:
            return self._gate.reader(self._headers, self._cookies)
        except CcinsightError:
            return None


def _bare_run(data: bytes) -> bytes:
    """A run of the page that a message asks for: no fragment, no file, no widget's value but the sign-in's own."""
    asked, bare = BackMsg(), BackMsg()
    try:
        asked.ParseFromString(data)
    except Exception:  # protobuf's own error; Streamlit would close the websocket
        return data
    bare.rerun_script.query_string = asked.rerun_script.query_string
    bare.rerun_script.page_script_hash = asked.rerun_script.page_script_hash
    bare.rerun_script.page_name = asked.rerun_script.page_name
    for state in asked.rerun_script.widget_states.widgets:
        if state.id.endswith(_BUTTONS):
            bare.rerun_script.widget_states.widgets.append(state)
    return bytes(bare.SerializeToString())


async def _refuse(scope: Scope, receive: Receive, send: Send, status: HTTPStatus, text: str) -> None:
    if scope["type"] == "websocket":
        # before it was accepted: the server answers 403
        await receive()
        await send({"type": "websocket.close", "code": _POLICY_VIOLATION, "reason": ""})
        return
    headers = {"Cache-Control": "no-store"}
    response: Response = PlainTextResponse(text, status, headers)
    if _API in scope["path"]:
        response = Response(ProblemError(status, "refused", text).body(), status, headers, problems.MIME_TYPE)
    await response(scope, receive, send)


def _closed_text() -> str:
    return _(
        "This dashboard has no sign-in, so it answers this machine alone. Its administrator sets up a sign-in "
        "(docs/access.md), or serves with --no-sign-in where a proxy lets in nobody else."
    )
