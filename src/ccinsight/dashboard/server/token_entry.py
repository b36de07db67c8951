"""Who a program is by its token, how often it may ask, and in which order it is answered: the API's and assistants'."""

from __future__ import annotations

import base64
import binascii
import math
import os
import sys
import threading
from functools import cache, lru_cache
from http import HTTPStatus

from starlette.datastructures import Headers

from ccinsight import clock
from ccinsight.access import Reader
from ccinsight.dashboard.server.file_queue import FileQueue, FullError
from ccinsight.dashboard.session import reads
from ccinsight.database.warehouse import PROCESSES, Warehouse
from ccinsight.errors import CcinsightError
from ccinsight.i18n import _
from ccinsight.integrations.api.problems import ProblemError
from ccinsight.integrations.api.rate import Rate, Seldom
from ccinsight.integrations.api.tokens import AccessTokens
from ccinsight.notes.activity import Action, Activity
from ccinsight.settings.model import Server
from ccinsight.settings.storing import stored_settings

# Two files are made at a time, while one of their reports runs: pages have the other turn of the database.
_AT_ONCE, running = 2, threading.Lock()
# A workbook with more tables than that asks again by itself.
_MOST, MOST_OF_TOKEN = 24, 8
_rate = Rate()
# A program that reads the same again and again is one line of the log an hour.
_logged = Seldom(3600)
_RETRY_SECONDS = "30"


@cache
def queue() -> FileQueue:
    """The order in which programs are answered."""
    return FileQueue(_AT_ONCE, _MOST, MOST_OF_TOKEN)


def not_now(error: FullError | CcinsightError) -> ProblemError:
    """What a program is answered that can't be answered now, though it may be later."""
    text = str(error)
    if isinstance(error, FullError):
        text = _("Too many reports are waiting to be made: try again in {seconds} seconds.").format(
            seconds=_RETRY_SECONDS
        )
    headers = {"Retry-After": _RETRY_SECONDS}
    return ProblemError(HTTPStatus.SERVICE_UNAVAILABLE, "not_now", text, {}, headers)


def entered(headers: Headers) -> tuple[int, Reader]:
    """The number of the token, and its reader with the rights of today. Raises ProblemError without one that works."""
    token, database = _token(headers.get("authorization", "")), reads.database_path()
    if not token:
        raise _unauthorized(
            "no_token",
            _(
                "An access token is missing: make one on the page Delivery or with ccinsight tokens, and send it as "
                "the password, with any user name, or as a bearer token."
            ),
        )
    tokens = AccessTokens(database)
    found = tokens.known(token)
    if found is None:
        raise _unauthorized("unknown_token", _("There is no such access token."))
    if found.revoked_at is not None:
        raise _unauthorized("revoked_token", _("This access token was revoked. Make another one."))
    reader = tokens.reader_of(found, clock.today())
    if reader is None:
        raise _unauthorized("no_access", _("The reader of this access token no longer has access."))
    try:
        tokens.note_used(found, clock.now())
    except CcinsightError as error:  # the rows can be read all the same
        _say(error)
    return found.token_id, reader


def _unauthorized(code: str, text: str) -> ProblemError:
    return ProblemError(HTTPStatus.UNAUTHORIZED, code, text)


def _token(authorization: str) -> str:
    """The token of a header ``Authorization``; "" where there is none."""
    scheme, _space, rest = authorization.strip().partition(" ")
    match scheme.lower():
        case "bearer":
            return rest.strip()
        case "basic":
            try:
                text = base64.b64decode(rest.strip(), validate=True).decode()
            except (binascii.Error, ValueError):
                return ""
            return text.partition(":")[2]
    return ""


def take_turn(number: int, server: Server) -> None:
    """Raises ProblemError for a token that reads too often. Each of several workers counts its share."""
    processes = int(os.environ.get(PROCESSES) or 1)
    seconds = _rate.wait(number, max(server.api_requests_per_minute / processes, 1))
    if seconds:
        wait = math.ceil(seconds)
        text = _("More than {count} requests a minute: try again in {seconds} seconds.").format(
            count=server.api_requests_per_minute, seconds=wait
        )
        raise ProblemError(
            HTTPStatus.TOO_MANY_REQUESTS, "too_many_requests", text, {}, {"Retry-After": str(wait)}
        )


def server_settings(house: Warehouse) -> Server:
    """What the settings of the database say of the server."""
    return _settings_of(house.build_id, house)


@lru_cache(maxsize=2)
def _settings_of(_build_id: str, house: Warehouse) -> Server:
    with house.reading() as cursor:
        return stored_settings(cursor).server


def record(number: int, reader: Reader, subject: str) -> None:
    """Writes what was read into the log, at most once an hour for a token and a subject.

    What can't be written is said on stderr, and the program is answered all the same.
    """
    if not _logged.is_due((number, subject)):
        return
    try:
        Activity(reads.database_path()).record_by(reader, Action.DOWNLOAD, clock.now(), subject)
        _logged.note((number, subject))
    except CcinsightError as error:
        _say(error)


def _say(error: CcinsightError) -> None:
    print(f"ccinsight: {error}", file=sys.stderr, flush=True)
