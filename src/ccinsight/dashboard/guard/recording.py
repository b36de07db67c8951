"""Writes sign-ins and downloads into the log, as the server sees them."""

from __future__ import annotations

import asyncio
import sys
import time
from urllib.parse import urlsplit

from starlette.requests import HTTPConnection

from ccinsight import clock
from ccinsight.access import Reader
from ccinsight.access.people import Identity
from ccinsight.dashboard.guard.gate import Gate
from ccinsight.errors import CcinsightError
from ccinsight.notes.activity import Action, Activity


class Recorder:
    """Records what readers of one server do. What can't be written is said on stderr, and nobody is kept waiting."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate
        self._entered: dict[str, float] = {}

    async def signed_in(self, identity: Identity, reader: Reader | None) -> None:
        """A sign-in: of a reader, or of somebody who has no access."""
        name = reader.name if reader else identity.name or identity.address or identity.key
        await self._record(Action.SIGN_IN if reader else Action.NO_ACCESS, name)

    async def entered(self, identity: Identity, reader: Reader | None, hours: int) -> None:
        """A page opened through a proxy that signs in by itself: once for each person and session's length."""
        now = time.monotonic()
        if now - self._entered.get(identity.key, float("-inf")) > 3600 * hours:
            self._entered[identity.key] = now
            await self.signed_in(identity, reader)

    async def downloaded(self, connection: HTTPConnection, path: str) -> None:
        """A file for download: of which page and kind, as ``renewals.csv``, never its own name."""
        reader = self._gate.reader(connection.headers, connection.cookies)
        page = urlsplit(connection.headers.get("referer", "")).path.rstrip("/").rpartition("/")[2]
        if reader is not None:
            await self._record(Action.DOWNLOAD, reader.name, f"{page}.{path.rpartition('.')[2]}")

    async def _record(self, action: Action, person: str, subject: str = "") -> None:
        try:
            log = Activity(self._gate.database)
            await asyncio.to_thread(log.record, action, person, clock.now(), subject)
        except CcinsightError as error:
            print(f"ccinsight: {error}", file=sys.stderr, flush=True)
