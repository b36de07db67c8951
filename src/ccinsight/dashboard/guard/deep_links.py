"""What an answer is changed in where there is a sign-in: secure cookies, and the way back to the page asked for.

Streamlit goes to the first page after a sign-in. The page from which the sign-in was asked for is therefore kept in a
cookie for some minutes, and taken instead.
"""

from __future__ import annotations

import re
from http import HTTPStatus
from http.cookies import SimpleCookie
from urllib.parse import quote, unquote, urlsplit

from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import Message, Send

from ccinsight.access.config import Access
from ccinsight.dashboard.guard.gate import Gate
from ccinsight.dashboard.guard.media import PREFIX
from ccinsight.dashboard.guard.recording import Recorder

CALLBACK = "/oauth2callback"
COOKIE = "ccinsight_next"
_LOGIN = "/auth/login"
_SECONDS = 900
_LONGEST = 3_000
# Nothing that a browser could take for another site, nor a line break for a header.
_PATH = re.compile(r"/(?![/\\])[^\\\x00-\x20\x7f-\uffff]*")


class Answers:
    """The answer to one request, as it is sent."""

    def __init__(
        self,
        gate: Gate,
        recorder: Recorder,
        connection: HTTPConnection,
        access: Access,
        path: str,
        send: Send,
    ) -> None:
        self._gate, self._recorder, self._connection, self._access = gate, recorder, connection, access
        self._path, self._send = path, send

    async def send(self, message: Message) -> None:
        """Sends a message on; the first, with the headers, is changed."""
        if message["type"] == "http.response.start":
            headers = MutableHeaders(raw=message["headers"])
            if self._path == _LOGIN:
                self._keep(headers)
            elif self._path == CALLBACK:
                await self._signed_in(headers)
            elif self._path.startswith(PREFIX) and message["status"] == HTTPStatus.OK:
                await self._recorder.downloaded(self._connection, self._path)
            if self._access.is_https:
                message["headers"] = [_secure(name, value) for name, value in headers.raw]
        await self._send(message)

    def _keep(self, headers: MutableHeaders) -> None:
        """Keeps the page that the browser comes from, which is one of ours."""
        came = urlsplit(self._connection.headers.get("referer", ""))
        where = came.path + (f"?{came.query}" if came.query else "")
        if f"{came.scheme}://{came.netloc}" == self._access.origin and self._is_ours(where):
            headers.append("set-cookie", self._cookie(quote(where, safe=""), _SECONDS))

    async def _signed_in(self, headers: MutableHeaders) -> None:
        """Records a sign-in that succeeded, and leads back to the page that was asked for."""
        cookies: dict[str, str] = {}
        for value in headers.getlist("set-cookie"):
            cookies |= {name: cookie.value for name, cookie in SimpleCookie(value).items()}
        identity = self._gate.identity({}, cookies)
        if identity is None:
            return
        await self._recorder.signed_in(identity, self._gate.reader({}, cookies))
        where = unquote(self._connection.cookies.get(COOKIE, ""))
        if self._is_ours(where):
            headers["location"] = where
        headers.append("set-cookie", self._cookie("", 0))

    def _is_ours(self, where: str) -> bool:
        return (
            len(where) <= _LONGEST
            and _PATH.fullmatch(where) is not None
            and where.startswith(f"{self._access.base_path}/")
        )

    def _cookie(self, value: str, seconds: int) -> str:
        path = self._access.base_path or "/"
        return f"{COOKIE}={value}; Path={path}; Max-Age={seconds}; HttpOnly; SameSite=Lax"


def _secure(name: bytes, value: bytes) -> tuple[bytes, bytes]:
    """A cookie that a browser sends over https alone."""
    if name.lower() == b"set-cookie" and b"; secure" not in value.lower():
        return name, value + b"; Secure"
    return name, value
