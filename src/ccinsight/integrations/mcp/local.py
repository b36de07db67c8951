"""Answers one assistant on this machine, over standard input and output."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import anyio
import anyio.to_thread

from ccinsight.access import Reader
from ccinsight.clock import today
from ccinsight.database.warehouse import Warehouse
from ccinsight.integrations.mcp.answers import Answers, Said
from ccinsight.integrations.mcp.server import make_server


class _OpenDatabase:
    """The database, opened again once an import has put another file in its place."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._house = Warehouse.open(path)

    def house(self) -> Warehouse:
        if not self._house.is_current():
            self._house.close()
            self._house = Warehouse.open(self._path)
        return self._house

    def close(self) -> None:
        self._house.close()


def serve(database: Path, reader: Callable[[], Reader]) -> None:
    """Answers until the input ends. ``reader`` is asked at each question, since rights change.

    Raises CcinsightError for a database that can't be opened.
    """
    opened = _OpenDatabase(database)
    one_at_a_time = anyio.CapacityLimiter(1)

    async def ask(question: Callable[[Answers], Said]) -> Said:
        def answered() -> Said:
            return question(Answers(opened.house(), reader(), today()))

        return await anyio.to_thread.run_sync(answered, limiter=one_at_a_time)

    try:
        anyio.run(make_server(ask).run_stdio_async)
    finally:
        opened.close()
