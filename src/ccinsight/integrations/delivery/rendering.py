"""Digests laid out as text and as HTML, with the templates beside this file."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined

from ccinsight.charts.palette import Palette
from ccinsight.i18n import _, in_language, ngettext, number
from ccinsight.integrations.delivery.contents import Digest, Row, Section
from ccinsight.integrations.delivery.links import Link
from ccinsight.printable import printable


@dataclass(frozen=True)
class Rendered:
    """A message ready to be sent: its subject (one line), and its two bodies."""

    subject: str
    text: str
    html: str


def render(digest: Digest, language: str, public_address: str, unsubscribe: str | None) -> Rendered:
    """A digest as a message, in a language.

    ``public_address`` is where the dashboard is reached, without a slash at its end; "": the message has no links.
    ``unsubscribe``: the address that ends the messages; None: how to end them is not said.
    """

    with in_language(language):
        return _rendered(digest, language, public_address, unsubscribe or "")


def _rendered(digest: Digest, language: str, public_address: str, unsubscribe: str) -> Rendered:
    def address(link: Link | None) -> str:
        return link.address(public_address) if link else ""

    given = {
        "digest": digest,
        "language": language,
        "address": address,
        "more": _more,
        "unsubscribe": unsubscribe,
        "settings": Link("delivery").address(public_address),
        "light": Palette.light(),
        "dark": Palette.dark(),
        "words": _words(),
        "row_lines": _row_lines,
    }
    return Rendered(
        subject=" ".join(printable(digest.subject).split()),
        text=_environment(is_html=False).get_template("digest.txt").render(given),
        html=_environment(is_html=True).get_template("digest.html").render(given),
    )


def _words() -> dict[str, str]:
    """The templates' own texts."""
    return {
        "all": _("All of them"),
        "internal": _("Internal: for you, and not for customers."),
        "frequency": _("How often it comes"),
        "stop": _("Stop these messages"),
    }


@cache
def _environment(*, is_html: bool) -> Environment:
    return Environment(
        loader=PackageLoader("ccinsight.integrations.delivery"),
        autoescape=is_html,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def _more(section: Section) -> str:
    """How many rows are left out; "" where all are there."""
    if not section.more:
        return ""
    return ngettext("and {count} more", "and {count} more", section.more).format(count=number(section.more))


def _row_lines(row: Row) -> list[str]:
    """A row as lines of plain text, each in one piece: a name can't break out of its row."""
    ends = " · ".join(part for part in (row.day, row.mark, row.value) if part)
    return [" ".join(printable(line).split()) for line in (row.title, row.text, ends) if line]
