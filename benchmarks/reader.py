"""A browser without a screen: opens pages of the dashboard over the websocket and takes what it is sent."""

from __future__ import annotations

import http.client
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from urllib.parse import urlsplit

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

PATIENCE = 120.0
_XSRF = "_streamlit_xsrf"
_SUCCESS, _RERUN = ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_EARLY_FOR_RERUN


@dataclass
class Reader:
    """One browser: the dashboard's address, and the cookies by which the server knows the browser again."""

    address: str
    cookies: dict[str, str] = field(default_factory=dict)

    def meet(self) -> None:
        """Asks for something as a page does before it opens its websocket, and keeps the cookies of the answer."""
        place = urlsplit(self.address)
        connection = http.client.HTTPConnection(place.netloc, timeout=PATIENCE)
        try:
            connection.request("GET", f"{place.path}/_stcore/health", headers={"Cookie": self._cookie()})
            response = connection.getresponse()
            response.read()
            for value in response.headers.get_all("Set-Cookie") or []:
                self.cookies |= {name: cookie.value for name, cookie in SimpleCookie(value).items()}
        finally:
            connection.close()

    async def errors(self, page: str, query: str) -> list[str]:
        """Opens a page in a session of its own, until its script has ended; gives the errors that it shows."""
        return errors(await self.messages(page, query))

    async def messages(self, page: str, query: str) -> list[ForwardMsg]:
        """All that a session of its own is sent for a page, until the page's script has ended."""
        async with self.connect() as connection:
            return await ask(connection, page, query)

    def connect(self) -> websockets.connect:
        """The websocket of a new session."""
        place = urlsplit(self.address)
        return websockets.connect(
            f"ws://{place.netloc}{place.path}/_stcore/stream",
            max_size=None,
            origin=websockets.Origin(f"http://{place.netloc}"),
            additional_headers={"Cookie": self._cookie()},
            subprotocols=[
                websockets.Subprotocol(name) for name in ("streamlit", self.cookies.get(_XSRF, "")) if name
            ],
        )

    def _cookie(self) -> str:
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())


async def ask(connection: websockets.ClientConnection, page: str, query: str) -> list[ForwardMsg]:
    """Asks for a page in the session of a connection; gives what is sent until its script has ended."""
    asked = BackMsg()
    asked.rerun_script.page_name = "" if page == "overview" else page
    asked.rerun_script.query_string = query
    await connection.send(asked.SerializeToString())
    sent: list[ForwardMsg] = []
    async for data in connection:
        message = ForwardMsg()
        message.ParseFromString(data if isinstance(data, bytes) else data.encode())
        sent.append(message)
        if message.WhichOneof("type") == "script_finished" and message.script_finished != _RERUN:
            break
    return sent


def errors(sent: list[ForwardMsg]) -> list[str]:
    """The errors that a page shows, and whether its script ended well."""
    end = sent[-1].script_finished if sent and sent[-1].WhichOneof("type") == "script_finished" else None
    found = [error for message in sent for error in _errors(message)]
    return found if end == _SUCCESS else [*found, "the run didn't end well"]


def _errors(message: ForwardMsg) -> list[str]:
    element = message.delta.new_element
    if element.WhichOneof("type") == "exception":
        return [element.exception.message]
    if element.WhichOneof("type") == "alert" and element.alert.format == element.alert.ERROR:
        return [element.alert.body]
    return []
