"""Texts in charts: escaped, shortened, wrapped, and what a title says of values left out."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from datetime import date

from ccinsight import i18n
from ccinsight.i18n import ngettext


def wrapped(text: str, width: int) -> str:
    """The text broken into lines of at most that many characters."""
    lines: list[str] = []
    for word in text.split():
        if lines and len(lines[-1]) + 1 + len(word) <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return "<br>".join(lines)


def escaped(text: object) -> str:
    """A text from a file as Plotly shall show it: not as tags."""
    return str(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def shortened(text: object, width: int = 24) -> str:
    """A name that leaves room for its bar on a phone."""
    whole = str(text)
    return escaped(whole if len(whole) <= width else whole[: width - 1].rstrip() + "…")


def in_two_lines(text: object, width: int = 24) -> str:
    """A name beside a bar, in at most two lines of that many characters each; cut only where they don't hold it."""
    lines = textwrap.wrap(str(text), width, max_lines=2, placeholder="…")
    return "<br>".join(escaped(line) for line in lines)


def without_unknown(title: str, count: int) -> str:
    """A title with how many values the marks leave out as unknown, where there are any."""
    if not count:
        return title
    unsaid = ngettext("({count} unknown left out)", "({count} unknown left out)", count)
    return f"{title} {unsaid.format(count=i18n.number(count))}"


def left_out(count: int) -> str:
    """How many agreements a chart leaves out, as a further sentence; empty for none."""
    if not count:
        return ""
    text = ngettext(
        "{count} agreement with an unknown value is left out.",
        "{count} agreements with an unknown value are left out.",
        count,
    )
    return f" {text.format(count=i18n.number(count))}"


def signed_amount(value: float | None) -> str:
    """A change in kr with its sign: ``+300 kr``, ``−50 kr``; without one where it is rounded to 0, or unknown."""
    if value is None:
        return i18n.amount(None)
    kroner = i18n.rounded(value)
    sign = "+" if kroner > 0 else "−" if kroner < 0 else ""
    return f"{sign}{i18n.amount(abs(value))}"


def agreements(count: int) -> str:
    """``1 agreement``, ``12 agreements``."""
    return ngettext("{count} agreement", "{count} agreements", count).format(count=i18n.number(count))


def customers(count: int) -> str:
    """``1 customer``, ``12 customers``."""
    return ngettext("{count} customer", "{count} customers", count).format(count=i18n.number(count))


def amounts_by_month(months: Sequence[date], name: str, values: Sequence[float | None]) -> list[str]:
    """What columns of amounts in kr show on hover: month, part and amount."""
    return [
        f"<b>{i18n.month(month)}</b><br>{name}: {i18n.amount(value)}"
        for month, value in zip(months, values, strict=True)
    ]
