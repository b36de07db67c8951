"""Answers assistants at ``/api/v1/mcp`` (Model Context Protocol over HTTP), with the access tokens of the API.

Each request stands alone, so any of several workers may answer it. The reader's rights are looked up at each one.
"""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING

import anyio
import anyio.to_thread
from starlette.datastructures import Headers
from starlette.types import Receive, Scope, Send

from ccinsight import clock
from ccinsight.access import Reader
from ccinsight.dashboard.server.api import problem_response
from ccinsight.dashboard.server.file_queue import FullError
from ccinsight.dashboard.server.token_entry import (
    entered,
    not_now,
    queue,
    record,
    running,
    server_settings,
    take_turn,
)
from ccinsight.dashboard.session import reads
from ccinsight.errors import CcinsightError
from ccinsight.i18n import _
from ccinsight.integrations.api.problems import ProblemError
from ccinsight.integrations.mcp import is_sdk_missing
from ccinsight.integrations.mcp.answers import Answers, Said

if TYPE_CHECKING:
    from mcp.server.streamable_http_manager import StreamableHTTPSessionManager


@dataclass(frozen=True)
class _Asking:
    """Who asks: the number of the token, and its reader."""

    token: int
    reader: Reader


_asking: ContextVar[_Asking] = ContextVar("asking")


class Assistants:
    """The route of assistants. It answers while ``lifespan`` is entered; the protocol is loaded by the first request,
    since most servers are never asked.
    """

    def __init__(self) -> None:
        self._manager: StreamableHTTPSessionManager | None = None
        self._wanted, self._ready = anyio.Event(), anyio.Event()

    @asynccontextmanager
    async def lifespan(self, _app: object) -> AsyncIterator[None]:
        """Held while the server runs."""
        self._wanted, self._ready = anyio.Event(), anyio.Event()
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(self._run)
            yield
            tasks.cancel_scope.cancel()

    async def _run(self) -> None:
        """Loads the protocol once it is wanted. Whatever goes wrong with it, the pages are answered all the same."""
        await self._wanted.wait()
        try:
            manager = await anyio.to_thread.run_sync(_manager)
            async with manager.run():
                self._manager = manager
                self._ready.set()
                await anyio.sleep_forever()
        except Exception as error:
            print(f"ccinsight: {_why_not(error)}", file=sys.stderr, flush=True)
        finally:
            self._manager = None
            self._ready.set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Lets a request with a token through to the protocol; answers others with a problem."""
        try:
            if scope["method"] != "POST":
                text = _("Assistants ask by POST.")
                raise ProblemError(HTTPStatus.METHOD_NOT_ALLOWED, "only_post", text, {}, {"Allow": "POST"})
            _asking.set(await anyio.to_thread.run_sync(_entered, Headers(scope=scope)))
            self._wanted.set()
            await self._ready.wait()
            if self._manager is None:
                text = _("Assistants aren't answered here. The server's log says why.")
                raise ProblemError(HTTPStatus.NOT_FOUND, "unknown_address", text)
        except ProblemError as problem:
            await problem_response(problem)(scope, receive, send)
        except CcinsightError as error:
            await problem_response(not_now(error))(scope, receive, send)
        else:
            await self._manager.handle_request(scope, receive, send)


def _manager() -> StreamableHTTPSessionManager:
    from mcp.server.transport_security import TransportSecuritySettings

    from ccinsight.integrations.mcp.server import make_server

    server = make_server(_ask)
    # its list of allowed hosts is for servers without a sign-in; here nobody asks without a token in a header
    server.streamable_http_app(
        json_response=True,
        stateless_http=True,
        transport_security=TransportSecuritySettings(enable_dns_rebinding_protection=False),
    )
    return server.session_manager


def _why_not(error: Exception) -> str:
    if is_sdk_missing(error):
        return _("Assistants aren't answered: install ccinsight with ccinsight[mcp].")
    return _("Assistants aren't answered: {error}").format(error=f"{type(error).__name__}: {error}")


def _entered(headers: Headers) -> _Asking:
    number, reader = entered(headers)
    take_turn(number, server_settings(reads.warehouse()))
    return _Asking(number, reader)


async def _ask(question: Callable[[Answers], Said]) -> Said:
    asking = _asking.get()

    def answered() -> Said:
        with running:
            answer = question(Answers(reads.warehouse(), asking.reader, clock.today()))
        if "report" in answer:
            record(asking.token, asking.reader, f"mcp/{answer['report']}")
        return answer

    try:
        return await queue().run(asking.token, answered)
    except FullError as error:
        raise not_now(error) from error
