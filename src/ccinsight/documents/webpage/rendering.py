"""Puts head and chapters into the template; texts of others are escaped, and a policy forbids all but the file."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from ccinsight import i18n
from ccinsight.documents.content.blocks import Block
from ccinsight.documents.content.look import OURS, readable, readable_on_dark
from ccinsight.documents.webpage import drawing
from ccinsight.i18n import _

_MIME = {"svg": "image/svg+xml", "png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg"}
# What turns the direction of text: it could make a number read backwards.
_TURNING = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def render(
    head: Mapping[str, Any],
    chapters: Sequence[Block],
    colour: str | None,
    logo: tuple[str, bytes] | None,
) -> str:
    """The page in the language in use. ``colour``: the partner's, ``#rrggbb``; ``logo``: its file name and content."""
    style = _style(colour or OURS)
    given = _straight({"head": head, "chapters": chapters})
    return (
        _environment()
        .get_template("page.html")
        .render(
            given,
            policy=_policy(style),
            # a text of our own: a style element holds no entities
            style=Markup(style),
            logo=_data_address(logo),
            drawing=drawing,
            strip_text=_strip_text,
            copy_text=_("This page is a copy: later changes are not shown in it."),
        )
    )


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("ccinsight.documents.webpage"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _style(colour: str) -> str:
    source = _environment().loader
    assert source is not None
    text, _name, _is_current = source.get_source(_environment(), "page.css")
    return text.replace("ACCENT_ON_DARK", readable_on_dark(colour)).replace("ACCENT", readable(colour))


def _policy(style: str) -> str:
    """Nothing is loaded, sent or run: the file's own style and pictures written in it, and nothing else."""
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; form-action 'none'"
    )


def _data_address(logo: tuple[str, bytes] | None) -> str:
    if logo is None:
        return ""
    name, content = logo
    return f"data:{_MIME[name.rpartition('.')[2]]};base64,{base64.b64encode(content).decode()}"


def _straight(value: Any) -> Any:
    """The same with every text without the characters that turn its direction."""
    match value:
        case str():
            return _TURNING.sub("", value)
        case list() | tuple():
            return [_straight(each) for each in value]
        case Mapping():
            return {name: _straight(each) for name, each in value.items()}
    return value


def _strip_text(share: float | None) -> str:
    """Where a value lies among others, for those who don't see the mark."""
    if share is None:
        return _("unknown")
    return (
        _("higher than {share} of them").format(share=i18n.percent(share)) if share else _("lowest of them")
    )
