"""What a page's browser asks its server for: runs of the script, read from the messages between them.

The page itself says "not running" until the server's first answer to a click has come, on a busy machine for long.
"""

from __future__ import annotations

from weakref import WeakKeyDictionary

from playwright.sync_api import Page, WebSocket
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg


class ScriptRuns:
    """Whether a run that the browser asked for is under way, or hasn't begun."""

    def __init__(self) -> None:
        self.is_asked = False
        self._has_begun = False

    def connected(self, socket: WebSocket) -> None:
        """Follows a connection; what was asked for on one that is lost is asked for again, or not at all."""
        if "/_stcore/stream" in socket.url:
            socket.on("framesent", self._sent)
            socket.on("framereceived", self._received)
            socket.on("close", lambda _socket: self._end())

    def _end(self) -> None:
        self.is_asked = self._has_begun = False

    def _sent(self, message: str | bytes) -> None:
        if isinstance(message, bytes) and BackMsg.FromString(message).WhichOneof("type") == "rerun_script":
            self.is_asked, self._has_begun = True, False

    def _received(self, message: str | bytes) -> None:
        if not self.is_asked or not isinstance(message, bytes):
            return
        answer = ForwardMsg.FromString(message)
        kind = answer.WhichOneof("type")
        if kind == "new_session":
            self._has_begun = True
        elif kind == "script_finished" and self._has_begun:
            # one that ends early is followed by the run that it made way for
            is_last = answer.script_finished != ForwardMsg.ScriptFinishedStatus.FINISHED_EARLY_FOR_RERUN
            self.is_asked = not is_last


_OF_PAGES: WeakKeyDictionary[Page, ScriptRuns] = WeakKeyDictionary()


def watch(page: Page) -> None:
    """Follows a page's connections from now on; for one that has none yet."""
    runs = _OF_PAGES[page] = ScriptRuns()
    page.on("websocket", runs.connected)


def is_asked(page: Page) -> bool:
    """Whether the page waits for a run of the script."""
    return page in _OF_PAGES and _OF_PAGES[page].is_asked
