"""A client that isn't a browser: it sends what a test says, forged or not, and keeps what it is sent."""

from __future__ import annotations

import asyncio
import http.client
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any
from unittest.mock import patch
from urllib.parse import urlsplit

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.web.server.starlette.starlette_app_utils import create_signed_value

from ccinsight.access.cookie_key import cookie_key

USER = "_streamlit_user"
_XSRF, _WORKER = "_streamlit_xsrf", "ccinsight_worker"


def cookie(
    database: Path, address: str, claims: Mapping[str, object], *, key: str = "", age: float = 0
) -> str:
    """A cookie as a sign-in makes it, with the server's own key unless another is given, signed ``age`` hours ago."""
    import time

    place = urlsplit(address)
    content = {
        "sub": "somebody",
        **claims,
        "origin": f"{place.scheme}://{place.netloc}",
        "is_logged_in": True,
        "provider": "default",
    }
    now = time.time() - 3600 * age
    with patch("itsdangerous.timed.time.time", return_value=now):
        return create_signed_value(key or cookie_key(database), USER, json.dumps(content)).decode()


@dataclass
class Visitor:
    """One client: where it goes, with which cookies and headers, and the origin that it says it is on."""

    address: str
    cookies: dict[str, str] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    origin: str | None = ""
    given: dict[str, str] = field(default_factory=dict)  # cookies of the answers
    session: str = ""  # of an earlier connection, to be taken up again

    def request(
        self, path: str, method: str = "GET", body: bytes | None = None
    ) -> tuple[int, Mapping[str, str], str]:
        """Status, headers and text of an answer."""
        place = urlsplit(self.address)
        connection = http.client.HTTPConnection(place.netloc, timeout=30)
        sent = {**self.headers, **({"Cookie": self._cookie()} if self.cookies else {})}
        try:
            connection.request(method, f"{place.path}{path}", body=body, headers=sent)
            answer = connection.getresponse()
            text = answer.read().decode("utf-8", "replace")
            for value in answer.headers.get_all("Set-Cookie") or []:
                self.given |= {name: each.value for name, each in SimpleCookie(value).items()}
            return answer.status, {name.lower(): value for name, value in answer.getheaders()}, text
        finally:
            connection.close()

    def status(self, path: str) -> int:
        """The status of an answer."""
        return self.request(path)[0]

    def connect(self) -> websockets.connect:
        """A page's websocket. Entering it raises websockets.InvalidStatus where it is refused."""
        place = urlsplit(self.address)
        if _XSRF not in self.cookies:
            self.request("/_stcore/health")
            # as a browser does, which stays with its worker then
            self.cookies |= {name: self.given[name] for name in (_XSRF, _WORKER) if name in self.given}
        return websockets.connect(
            f"ws://{place.netloc}{place.path}/_stcore/stream",
            max_size=None,
            origin=websockets.Origin(self.origin or f"{place.scheme}://{place.netloc}")
            if self.origin is not None
            else None,
            additional_headers={"Cookie": self._cookie(), **self.headers},
            subprotocols=[
                websockets.Subprotocol(each)
                for each in ("streamlit", self.cookies.get(_XSRF, ""), self.session)
                if each
            ],
        )

    def open(self, page: str = "", query: str = "") -> list[ForwardMsg]:
        """All that a session of its own is sent for a page."""

        async def run() -> list[ForwardMsg]:
            async with self.connect() as connection:
                return await ask(connection, page, query)

        return asyncio.run(run())

    def _cookie(self) -> str:
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())


async def ask(connection: websockets.ClientConnection, page: str = "", query: str = "") -> list[ForwardMsg]:
    """Asks for a page; gives what is sent until its script has ended."""
    asked = BackMsg()
    asked.rerun_script.page_name, asked.rerun_script.query_string = page, query
    return await send(connection, asked)


async def send(connection: websockets.ClientConnection, asked: Any) -> list[ForwardMsg]:
    """Sends a message; gives what is sent until a script has ended."""
    await connection.send(asked.SerializeToString())
    sent: list[ForwardMsg] = []
    while True:
        data = await asyncio.wait_for(connection.recv(), 60)
        message = ForwardMsg()
        message.ParseFromString(data if isinstance(data, bytes) else data.encode())
        sent.append(message)
        if message.WhichOneof("type") == "script_finished" and message.script_finished != (
            ForwardMsg.FINISHED_EARLY_FOR_RERUN
        ):
            return sent


def text_of(sent: list[ForwardMsg]) -> str:
    """All that was sent, as one text to search in."""
    return " ".join(message.SerializeToString().decode("utf-8", "replace") for message in sent)


def titles(sent: list[ForwardMsg]) -> list[str]:
    """The headings of a page."""
    return [
        message.delta.new_element.heading.body
        for message in sent
        if message.WhichOneof("type") == "delta" and message.delta.new_element.WhichOneof("type") == "heading"
    ]
