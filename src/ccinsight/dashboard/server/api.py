"""Answers programs: ``/api/v1/…`` gives the reports that the reader of a token may see.

The token comes in the header ``Authorization``, as a bearer token or as the password of a user of any name: it is
never in the address, and written nowhere.
"""

from __future__ import annotations

import base64
import binascii
import json
import math
import os
import sys
import threading
from dataclasses import dataclass
from functools import cache, lru_cache, partial
from http import HTTPStatus

import anyio
import anyio.to_thread
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response

from ccinsight import clock
from ccinsight.access import Reader
from ccinsight.activity import Action, Activity
from ccinsight.api.answers import Answer, has_tag
from ccinsight.api.description import listing, openapi
from ccinsight.api.problems import MIME_TYPE, ProblemError
from ccinsight.api.query import read_query, refuse_secrets
from ccinsight.api.rate import Rate, Seldom
from ccinsight.api.tokens import AccessTokens
from ccinsight.dashboard.server.file_queue import FileQueue, FullError
from ccinsight.dashboard.session import reads
from ccinsight.dashboard.session.cache import Remembered
from ccinsight.database.warehouse import PROCESSES, Warehouse
from ccinsight.errors import CcinsightError
from ccinsight.i18n import _
from ccinsight.outputs.tables import MIME_TYPES
from ccinsight.settings.model import Server
from ccinsight.settings.storing import stored_settings

PREFIX = "/api/"
METHODS = ("GET", "HEAD")
_REPORTS = "reports/"
# Power Query reads an address several times in a row, and some files are large.
_files: Remembered[bytes] = Remembered(32_000_000, len)
# Two files are made at a time, while one of their reports runs: pages have the other turn of the database.
_AT_ONCE, running = 2, threading.Lock()
# A workbook with more tables than that asks again by itself.
_MOST, MOST_OF_TOKEN = 24, 8
_rate = Rate()
# A program that reads the same again and again is one line of the log an hour.
_logged = Seldom(3600)
_RETRY_SECONDS = "30"
_HEADERS = {
    "Vary": "Authorization, Accept, Accept-Language",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
}
# Power Query and browsers ask for a password where they are offered Basic.
_CHALLENGES = ('Basic realm="ccinsight", charset="UTF-8"', 'Bearer realm="ccinsight"')


@dataclass(frozen=True)
class _Asked:
    """A request: its method, the API's own path, what follows it, its parameters and headers."""

    method: str
    root: str
    path: str
    given: list[tuple[str, str]]
    headers: Headers


@dataclass(frozen=True)
class _Begun:
    """A file that is yet to be made: for whom, and what is sent with it."""

    token: int
    wanted: Answer
    method: str
    headers: dict[str, str]


async def answer(request: Request) -> Response:
    """The rows of a report, the list of reports or the API's description; a problem (RFC 9457) where there are none."""
    path = request.path_params["path"]
    root = request.url.path.removesuffix(path).rstrip("/")
    asked = _Asked(request.method, root, path, request.query_params.multi_items(), request.headers)
    try:
        begun = await anyio.to_thread.run_sync(_begun, asked)
        return (
            begun if isinstance(begun, Response) else await _queue().run(begun.token, partial(_made, begun))
        )
    except ProblemError as problem:
        return problem_response(problem)
    except FullError:
        text = _("Too many reports are waiting to be made: try again in {seconds} seconds.")
        return _not_now(text.format(seconds=_RETRY_SECONDS))
    except CcinsightError as error:
        return _not_now(str(error))


def problem_response(problem: ProblemError) -> Response:
    """A problem as an answer."""
    headers = {**_HEADERS, "Cache-Control": "no-store", **problem.headers}
    response = Response(problem.body(), problem.status, headers, MIME_TYPE)
    if problem.status == HTTPStatus.UNAUTHORIZED:
        for challenge in _CHALLENGES:
            response.headers.append("WWW-Authenticate", challenge)
    return response


def _not_now(text: str) -> Response:
    headers = {"Retry-After": _RETRY_SECONDS}
    return problem_response(ProblemError(HTTPStatus.SERVICE_UNAVAILABLE, "not_now", text, {}, headers))


@cache
def _queue() -> FileQueue:
    return FileQueue(_AT_ONCE, _MOST, MOST_OF_TOKEN)


def _begun(asked: _Asked) -> Response | _Begun:
    """The answer where no report needs to run for it."""
    refuse_secrets(asked.given)
    if asked.method not in METHODS:
        allowed = ", ".join(METHODS)
        text = _("This address is read only: {methods}.").format(methods=allowed)
        raise ProblemError(HTTPStatus.METHOD_NOT_ALLOWED, "read_only", text, {}, {"Allow": allowed})
    number, reader = _entered(asked.headers)
    house = reads.warehouse()
    server = _server(house.build_id, house)
    _take_turn(number, server)
    if asked.path == "reports":
        return _json(listing(reader), asked)
    if asked.path == "openapi.json":
        return _json(openapi(reader, asked.root), asked)
    if not asked.path.startswith(_REPORTS):
        text = _("There is no such address: /api/v1/reports lists what can be read.")
        raise ProblemError(HTTPStatus.NOT_FOUND, "unknown_address", text)
    query = read_query(
        asked.path.removeprefix(_REPORTS), asked.given, asked.headers.get("accept", ""), clock.today()
    )
    return _rows(Answer(house, query, reader, server.api_max_rows, running), asked, number)


# ---------------------------------------------------------------- who, and how often


def _entered(headers: Headers) -> tuple[int, Reader]:
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


def _take_turn(number: int, server: Server) -> None:
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


@lru_cache(maxsize=2)
def _server(_build_id: str, house: Warehouse) -> Server:
    with house.reading() as cursor:
        return stored_settings(cursor).server


# ---------------------------------------------------------------- what is sent


def _json(said: object, asked: _Asked) -> Response:
    if asked.given:
        text = _("This address takes no options.")
        raise ProblemError(HTTPStatus.BAD_REQUEST, "unknown_option", text)
    headers = {**_HEADERS, "Cache-Control": "private, no-cache"}
    return Response(json.dumps(said, ensure_ascii=False), 200, headers, MIME_TYPES["json"])


def _rows(wanted: Answer, asked: _Asked, number: int) -> Response | _Begun:
    """The rows where they are remembered, or the program has them."""
    query, _scope = wanted.query, wanted.scope
    headers = {
        **_HEADERS,
        "ETag": wanted.tag,
        "Cache-Control": "private, no-cache",
        "Ccinsight-As-Of": query.as_of.isoformat(),
    }
    if has_tag(asked.headers.get("if-none-match", ""), wanted.tag):
        return Response(None, HTTPStatus.NOT_MODIFIED, headers)
    begun = _Begun(number, wanted, asked.method, headers)
    data = _files.kept(wanted.tag)
    return begun if data is None else _file(begun, data)


def _made(begun: _Begun) -> Response:
    return _file(begun, _files.get(begun.wanted.tag, begun.wanted.data))


def _file(begun: _Begun, data: bytes) -> Response:
    wanted, query = begun.wanted, begun.wanted.query
    if begun.method == "GET":
        _record(begun.token, wanted.reader, f"api/{query.report.name}.{query.format}")
    headers = {**begun.headers, "Content-Disposition": f'attachment; filename="{wanted.file_name}"'}
    kind = MIME_TYPES[query.format] + ("; charset=utf-8" if query.format == "csv" else "")
    return Response(data, 200, headers, kind)


def _record(number: int, reader: Reader, subject: str) -> None:
    """Writes a download into the log, at most once an hour for a token and a file.

    What can't be written is said on stderr, and the file is given all the same.
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
