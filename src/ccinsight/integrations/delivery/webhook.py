"""Posts to a channel of Teams or Slack by a webhook: what is said, as each of them takes it, and what became of it."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass
from http.client import HTTPException
from typing import Any

from ccinsight.i18n import _, number
from ccinsight.integrations.delivery.config import SLACK, Webhook
from ccinsight.integrations.delivery.messages import State
from ccinsight.integrations.delivery.smtp import Answer
from ccinsight.printable import printable

_SECONDS = 20
# Slack takes 50 blocks, headings among them, and Teams 28 KB.
_MOST_LINES, _LONGEST_LINE = 20, 300
# Answers after which the same post may well succeed (too many requests, an error of the server), and that of a gateway
# that doesn't know whether the post arrived. All others refuse it.
_STATES = dict.fromkeys((408, 429, 500, 502, 503), State.FAILED) | {504: State.UNCERTAIN}


@dataclass(frozen=True)
class Post:
    """What a channel is shown: a title, and under headings lines of plain text; ``link``: name and address."""

    title: str
    sections: Sequence[tuple[str, Sequence[str]]]
    link: tuple[str, str] | None = None


def payload(post: Post, form: str) -> dict[str, Any]:
    """The body of the request: Slack's blocks, or the Adaptive Card that a workflow of Teams posts.

    Every line is of a kind that knows no markup, so that a customer's name can't become a link or a mention.
    """
    sections = _limited(post.sections)
    return _slack(post, sections) if form == SLACK else _card(post, sections)


def send_post(webhook: Webhook, post: Post) -> Answer:
    """Posts once, without following redirects. The webhook's address is a secret, and in no text of an answer."""
    request = urllib.request.Request(
        webhook.address,
        json.dumps(payload(post, webhook.form), ensure_ascii=False).encode(),
        {"Content-Type": "application/json; charset=utf-8", "User-Agent": "ccinsight"},
    )
    try:
        with urllib.request.build_opener(_NoRedirects).open(request, timeout=_SECONDS):
            return Answer(State.SENT, "")
    except urllib.error.HTTPError as error:
        with error:
            return _answered(webhook, error.code)
    except urllib.error.URLError as error:  # before the request was whole
        reason = error.reason if isinstance(error.reason, str) else str(error.reason or "")
        return Answer(
            State.FAILED,
            _("The webhook {name} can't be reached: {error}.").format(
                name=webhook.name, error=" ".join(printable(reason).split())[:_LONGEST_LINE]
            ),
        )
    except (OSError, HTTPException):
        return Answer(
            State.UNCERTAIN,
            _("The webhook {name} took the message without an answer.").format(name=webhook.name),
        )


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """What a message says goes to the host that delivery.toml names, and to no other."""

    def redirect_request(self, *_request: Any) -> None:
        """No request follows a redirect: its answer is the error."""


def _answered(webhook: Webhook, code: int) -> Answer:
    state = _STATES.get(code, State.REFUSED)
    if 300 <= code < 400:
        text = _(
            "The webhook {name} answers with a redirect ({code}); write the new address in delivery.toml."
        )
    elif code in (401, 403, 404, 410):
        text = _(
            "The webhook {name} is gone or closed ({code}); make a new one and write it in delivery.toml."
        )
    else:
        text = _("The webhook {name} answers with the error {code}.")
    return Answer(state, text.format(name=webhook.name, code=code))


def _limited(sections: Sequence[tuple[str, Sequence[str]]]) -> list[tuple[str, list[str]]]:
    """So many lines in all, none too long; a last one says how many are left out."""
    found, left = [], _MOST_LINES
    for heading, lines in sections:
        if left:
            found.append((_short(heading), [_short(line) for line in lines[:left]]))
        left -= min(left, len(lines))
    more = sum(len(lines) for _heading, lines in sections) - sum(len(lines) for _heading, lines in found)
    return [*found, ("", [_("… and {count} more").format(count=number(more))])] if more else found


def _short(line: str) -> str:
    text = " ".join(printable(line).split())
    return text if len(text) <= _LONGEST_LINE else f"{text[: _LONGEST_LINE - 1]}…"


def _slack(post: Post, sections: Sequence[tuple[str, Sequence[str]]]) -> dict[str, Any]:
    title = _short(post.title)
    blocks = [{"type": "header", "text": _plain(title[:150])}]
    for heading, lines in sections:
        blocks += [{"type": "section", "text": _plain(line)} for line in (heading, *lines) if line]
    if post.link:
        name, address = post.link
        blocks.append({"type": "section", "text": {"type": "mrkdwn", "text": f"<{address}|{name}>"}})
    # the text of a notification
    return {"text": title.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"), "blocks": blocks}


def _plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text, "emoji": False}


def _card(post: Post, sections: Sequence[tuple[str, Sequence[str]]]) -> dict[str, Any]:
    body = [_run(_short(post.title), "Medium", size="Medium", weight="Bolder")]
    for heading, lines in sections:
        body += [_run(heading, "Medium", weight="Bolder")] if heading else []
        body += [_run(line, "Small") for line in lines]
    content: dict[str, Any] = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": body,
    }
    if post.link:
        name, address = post.link
        content["actions"] = [{"type": "Action.OpenUrl", "title": name, "url": address}]
    card = {"contentType": "application/vnd.microsoft.card.adaptive", "contentUrl": None, "content": content}
    return {"type": "message", "attachments": [card]}


def _run(text: str, spacing: str, **look: str) -> dict[str, Any]:
    return {
        "type": "RichTextBlock",
        "spacing": spacing,
        "inlines": [{"type": "TextRun", "text": text, **look}],
    }
