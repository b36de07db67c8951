"""Answers calendars that subscribe: ``/calendar/TOKEN.ics``. The token is all they need: it is written nowhere."""

from __future__ import annotations

import hashlib
import sys
import threading
from functools import cache

import anyio
import anyio.to_thread
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from ccinsight import clock
from ccinsight.dashboard.session import reads
from ccinsight.dashboard.session.cache import Remembered
from ccinsight.errors import CcinsightError
from ccinsight.i18n import _
from ccinsight.integrations.api.answers import has_tag
from ccinsight.integrations.delivery.feed_file import feed_file
from ccinsight.integrations.delivery.feeds import Feeds
from ccinsight.outputs.calendar_file import MIME_TYPE

# Fifty calendars that ask again and again are answered from memory until something changes.
_files: Remembered[bytes] = Remembered(16_000_000, len)
# After an import all of them are new: one is worked out at a time, so that pages have the other turns of the database,
# and what is remembered needn't wait for it.
_AT_ONCE, _making = 2, threading.Lock()
_ENDING = ".ics"
_RETRY_SECONDS = "300"


async def answer(request: Request) -> Response:
    """The calendar with the token of the path, or 304 where the client has it; 404 for a token that opens nothing.

    It holds what its reader may see today. 503 where the database can't be read now.
    """
    token = request.path_params["name"].removesuffix(_ENDING)
    try:
        data = await anyio.to_thread.run_sync(_found, token, limiter=_threads())
    except CcinsightError:
        text = _("The calendar can't be read now. Try again later.")
        return PlainTextResponse(text, 503, {"Cache-Control": "no-store", "Retry-After": _RETRY_SECONDS})
    if data is None:
        return PlainTextResponse(_("There is no such page."), 404, {"Cache-Control": "no-store"})
    tag = f'"{hashlib.sha256(data).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
    if has_tag(request.headers.get("if-none-match", ""), tag):
        return Response(None, 304, headers)
    return Response(data, 200, headers, f"{MIME_TYPE}; charset=utf-8")


@cache
def _threads() -> anyio.CapacityLimiter:
    return anyio.CapacityLimiter(_AT_ONCE)


def _found(token: str) -> bytes | None:
    database, today = reads.database_path(), clock.today()
    feeds = Feeds(database)
    feed = feeds.by_token(token)
    reader = feeds.reader_of(feed, today) if feed else None
    if feed is None or reader is None:
        return None
    house = reads.warehouse()
    said = (house.build_id, reads.marks().version(), today, reader.sight)
    wanted = (feed.contents, feed.alarm_days, feed.language)

    def made() -> bytes:
        with _making:
            return feed_file(house, database, feed, reader, today)

    data = _files.get((*said, *wanted), made)
    try:
        feeds.note_fetched(feed, clock.now())
    except CcinsightError as error:  # the calendar can be read all the same
        print(f"ccinsight: {error}", file=sys.stderr, flush=True)
    return data
