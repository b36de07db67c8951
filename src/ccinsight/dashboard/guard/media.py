"""To whom a file for download and an upload's address belong: the open page that it was made for.

Streamlit serves ``/media/…`` to whoever names it, and keeps no record of for whom a download was made.
"""

from __future__ import annotations

from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime import Runtime

from ccinsight.access import Reader
from ccinsight.dashboard.guard.gate import Gate

PREFIX = "/media/"


class OpenFiles:
    """The files that each open page was offered, by the page's connection."""

    def __init__(self) -> None:
        self._offered: dict[object, tuple[str, set[str]]] = {}

    def offer(self, connection: object, reader: Reader, sent: bytes) -> None:
        """Notes the file of a message to a page, where it offers one."""
        message = ForwardMsg()
        message.ParseFromString(sent)
        for url in (
            message.backend_operation_response.deferred_file.url,
            message.delta.new_element.download_button.url,
        ):
            if PREFIX in url:
                _key, names = self._offered.setdefault(connection, (reader.key, set()))
                names.add(url.rpartition("/")[2])

    def close(self, connection: object) -> None:
        """Forgets the files of a page that was closed."""
        self._offered.pop(connection, None)

    def has(self, reader: Reader, name: str) -> bool:
        """True where an open page of the reader's was offered the file."""
        return any(key == reader.key and name in names for key, names in list(self._offered.values()))


def owns_session(gate: Gate, reader: Reader, session_id: str) -> bool:
    """True where an open session is the reader's."""
    found = Runtime.instance()._session_mgr.get_active_session_info(session_id)
    if found is None:
        return False
    context = found.client.client_context
    owner = gate.reader(dict(context.headers), context.cookies) if context else None
    return owner is not None and owner.key == reader.key
