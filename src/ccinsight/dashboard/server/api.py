"""Answers programs: ``/api/v1/…`` gives the reports that the reader of a token may see.

The token comes in the header ``Authorization``, as a bearer token or as the password of a user of any name: it is
never in the address, and written nowhere.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus

import anyio
import anyio.to_thread
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response

from ccinsight import clock
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
from ccinsight.dashboard.session.cache import Remembered
from ccinsight.errors import CcinsightError
from ccinsight.i18n import _
from ccinsight.integrations.api.answers import Answer, has_tag
from ccinsight.integrations.api.description import explorable, listing, openapi
from ccinsight.integrations.api.problems import MIME_TYPE, ProblemError
from ccinsight.integrations.api.query import EXPLORE_PATH, read_explored, read_query, refuse_secrets
from ccinsight.outputs.tables import MIME_TYPES

METHODS = ("GET", "HEAD")
_REPORTS = "reports/"
# Power Query reads an address several times in a row, and some files are large.
_files: Remembered[bytes] = Remembered(32_000_000, len)
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
        return begun if isinstance(begun, Response) else await queue().run(begun.token, partial(_made, begun))
    except ProblemError as problem:
        return problem_response(problem)
    except (FullError, CcinsightError) as error:
        return problem_response(not_now(error))


def problem_response(problem: ProblemError) -> Response:
    """A problem as an answer."""
    headers = {**_HEADERS, "Cache-Control": "no-store", **problem.headers}
    response = Response(problem.body(), problem.status, headers, MIME_TYPE)
    if problem.status == HTTPStatus.UNAUTHORIZED:
        for challenge in _CHALLENGES:
            response.headers.append("WWW-Authenticate", challenge)
    return response


def _begun(asked: _Asked) -> Response | _Begun:
    """The answer where no report needs to run for it."""
    refuse_secrets(asked.given)
    if asked.method not in METHODS:
        allowed = ", ".join(METHODS)
        text = _("This address is read only: {methods}.").format(methods=allowed)
        raise ProblemError(HTTPStatus.METHOD_NOT_ALLOWED, "read_only", text, {}, {"Allow": allowed})
    number, reader = entered(asked.headers)
    house = reads.warehouse()
    server = server_settings(house)
    take_turn(number, server)
    if asked.path == "reports":
        return _json(listing(reader), asked)
    if asked.path == "openapi.json":
        return _json(openapi(reader, asked.root), asked)
    if asked.path == "measures":
        return _json(explorable(), asked)
    accept = asked.headers.get("accept", "")
    if asked.path == EXPLORE_PATH:
        query = read_explored(asked.given, accept, clock.today())
        return _rows(Answer(house, query, reader, server.api_max_rows, running), asked, number)
    if not asked.path.startswith(_REPORTS):
        text = _("There is no such address: /api/v1/reports lists what can be read.")
        raise ProblemError(HTTPStatus.NOT_FOUND, "unknown_address", text)
    query = read_query(asked.path.removeprefix(_REPORTS), asked.given, accept, clock.today())
    return _rows(Answer(house, query, reader, server.api_max_rows, running), asked, number)


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
        record(begun.token, wanted.reader, f"api/{query.report.name}.{query.format}")
    headers = {**begun.headers, "Content-Disposition": f'attachment; filename="{wanted.file_name}"'}
    kind = MIME_TYPES[query.format] + ("; charset=utf-8" if query.format == "csv" else "")
    return Response(data, 200, headers, kind)
