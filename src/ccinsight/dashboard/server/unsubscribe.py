"""``/unsubscribe/TOKEN``: how often messages come, chosen by a link in each of them, without a sign-in.

A GET changes nothing, since mail scanners follow links. A POST without a choice unsubscribes, as mail programs send it
for one click (RFC 8058).
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from html import escape
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response

from ccinsight import clock
from ccinsight.dashboard.session import reads
from ccinsight.errors import CcinsightError
from ccinsight.i18n import _, language, set_language
from ccinsight.integrations.delivery.choices import Choices, Frequency
from ccinsight.integrations.delivery.recipients import recipients

_LONGEST_BODY = 10_000
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
}
_STYLE = (
    ":root{color-scheme:light dark}"
    "body{font:1rem/1.5 system-ui,sans-serif;max-width:34rem;margin:3rem auto;padding:0 1rem}"
    "h1{font-size:1.4rem}button{font:inherit;padding:.6rem 1rem;margin:0 .5rem .5rem 0;min-height:2.75rem}"
)


async def answer(request: Request) -> Response:
    """The page of a reader's choices, after a POST with what was chosen; 404 for a token of nobody.

    503 where the files beside the database can't be read or written now.
    """
    body = await _body(request) if request.method == "POST" else None
    try:
        page = await asyncio.to_thread(_page, request.path_params["token"], body)
    except CcinsightError:
        text = _("Your choice can't be read or stored now. Try again later.")
        return PlainTextResponse(text, 503, {"Cache-Control": "no-store"})
    if page is None:
        return PlainTextResponse(_("There is no such page."), 404, {"Cache-Control": "no-store"})
    return HTMLResponse(page, headers=_HEADERS)


async def _body(request: Request) -> bytes:
    """The beginning of what was posted, which is all that a form of ours sends."""
    found = b""
    async for part in request.stream():
        found += part[: _LONGEST_BODY - len(found)]
    return found


def _page(token: str, body: bytes | None) -> str | None:
    database, now = reads.database_path(), clock.now()
    choices = Choices(database)
    key = choices.reader_of(token, now.date())
    if key is None:
        return None
    known = {each.key: each.language for each in recipients(database, now.date())}
    set_language(known.get(key, language()))
    if body is not None:
        choices.choose(key, _chosen(body), now)
    return _html(key, choices.of(key), is_stored=body is not None)


def _chosen(body: bytes) -> Frequency:
    given = parse_qs(body.decode("utf-8", "replace")).get("frequency", [""])[-1]
    return Frequency(given) if given in set(Frequency) else Frequency.NEVER


def _html(address: str, chosen: Frequency, *, is_stored: bool) -> str:
    title = _("Messages from ccinsight")
    said = {
        Frequency.WEEKLY: _("{address} gets messages once a week."),
        Frequency.DAILY: _("{address} gets messages every day."),
        Frequency.NEVER: _("{address} gets no messages."),
    }[chosen].format(address=address)
    stored = escape(_("Your choice is stored.")) if is_stored else ""
    return (
        f'<!doctype html><html lang="{language()}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{escape(title)}</title>'
        f"<style>{_STYLE}</style></head><body><main><h1>{escape(title)}</h1>"
        f'<p role="status"><strong>{stored}</strong> {escape(said)}</p>'
        f'<form method="post">{"".join(_buttons(chosen))}</form></main></body></html>'
    )


def _buttons(chosen: Frequency) -> Iterator[str]:
    texts = {
        Frequency.NEVER: _("Stop the messages"),
        Frequency.WEEKLY: _("Send them once a week"),
        Frequency.DAILY: _("Send them every day"),
    }
    for frequency, text in texts.items():
        if frequency != chosen:
            yield f'<button name="frequency" value="{frequency}">{escape(text)}</button>'
