"""Everything that a page sends: its messages, and the files that its buttons give, as one text."""

from __future__ import annotations

import html
import io
import re
import urllib.request
import zipfile
from collections.abc import AsyncIterator

import websockets
from benchmarks.reader import Reader, ask
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

# What the sample's numbers look like: contacts, agreements, meetings, invoice lines; organisation numbers as figures.
_NUMBERS = re.compile(r"[0-9a-f]{12}|A-\d{4}(?:-\w)?|M-\d{4,6}|F\d{5}")
_ORGANISATIONS = re.compile(r"\d{3}[ \u00a0]?\d{3}[ \u00a0]?\d{3}")
# A file's button by id, label and help: the id is made of its key alone, under which another table may be shown.
Button = tuple[str, str, str]


async def sent(
    server: Reader, page: str, query: str, tabs: tuple[str, ...] = (), read: set[Button] | None = None
) -> tuple[str, list[str]]:
    """All that a new session is sent for a page and for each of these tabs, its files included; the files' labels.

    The files of the buttons in ``read`` were read before and are left out; those read are added.
    """
    read = set() if read is None else read
    async with server.connect() as connection:
        messages = await ask(connection, page, query)
        files = [each async for each in _files(connection, server.address, messages, read)]
        for tab in tabs:
            turned = [messages[0], *await _turn_to(connection, page, query, messages, tab)]
            files += [each async for each in _files(connection, server.address, turned, read)]
            messages += turned
    text = "\n".join([*map(_message_text, messages), *(text for _label, text in files)])
    return text, [label for label, _text in files]


def found(text: str, marks: frozenset[str]) -> frozenset[str]:
    """Those of the marks that the text holds."""
    numbers = set(_NUMBERS.findall(text)) | {
        re.sub(r"\D", "", number) for number in _ORGANISATIONS.findall(text)
    }
    named = frozenset(mark for mark in marks if " " in mark and mark in text)
    return (marks & numbers) | named


def _message_text(message: ForwardMsg) -> str:
    text: str = message.SerializeToString().decode("utf-8", "replace")
    return text + re.sub(r"\\u([0-9a-f]{4})", lambda code: chr(int(code[1], 16)), text)


async def _turn_to(
    connection: websockets.ClientConnection, page: str, query: str, messages: list[ForwardMsg], tab: str
) -> list[ForwardMsg]:
    """Opens another tab of the page, as a click on it does."""
    asked = BackMsg()
    asked.rerun_script.page_name, asked.rerun_script.query_string = page, query
    (identity,) = {
        message.delta.add_block.tab_container.id
        for message in messages
        if message.delta.add_block.WhichOneof("type") == "tab_container"
    }
    state = asked.rerun_script.widget_states.widgets.add()
    state.id, state.string_value = identity, tab
    await connection.send(asked.SerializeToString())
    return await _until_the_end(connection)


async def _until_the_end(connection: websockets.ClientConnection) -> list[ForwardMsg]:
    received: list[ForwardMsg] = []
    async for data in connection:
        message = ForwardMsg.FromString(data if isinstance(data, bytes) else data.encode())
        received.append(message)
        if message.WhichOneof("type") == "script_finished":
            break
    return received


async def _files(
    connection: websockets.ClientConnection, address: str, messages: list[ForwardMsg], read: set[Button]
) -> AsyncIterator[tuple[str, str]]:
    """Each file that a button of the page gives: the button's label and the file as text, "" if it was read before."""
    session = next(
        m.new_session.initialize.session_id for m in messages if m.WhichOneof("type") == "new_session"
    )
    buttons = [
        message.delta.new_element.download_button
        for message in messages
        if message.delta.new_element.WhichOneof("type") == "download_button"
    ]
    for key, button in {(button.id, button.label, button.help): button for button in buttons}.items():
        if key in read:
            yield button.label, ""
            continue
        read.add(key)
        url = button.url
        if button.deferred_file_id:
            asked = BackMsg()
            request = asked.backend_operation_request
            request.request_id, request.session_id = button.id, session
            request.deferred_file.file_id = button.deferred_file_id
            await connection.send(asked.SerializeToString())
            while True:
                message = ForwardMsg.FromString(await connection.recv(decode=False))
                if message.WhichOneof("type") == "backend_operation_response":
                    break
            response = message.backend_operation_response
            assert not response.error_msg, f"{button.label}: {response.error_msg}"
            url = response.deferred_file.url
        with urllib.request.urlopen(f"{address}{url}", timeout=60) as answer:
            yield button.label, _file_text(answer.read())


def _file_text(content: bytes) -> str:
    """A file's text, of an archive or an Office file that of its parts; its fold marks of iCalendar undone."""
    if content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return "\n".join(_file_text(archive.read(name)) for name in archive.namelist())
    return html.unescape(content.decode("utf-8", "replace").replace("\r\n ", ""))
