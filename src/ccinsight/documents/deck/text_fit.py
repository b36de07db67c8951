"""How much room a text takes, so that nothing runs out of its shape, whatever font it is drawn in.

A deck of our own is set in Arial, one on the supplier's template in that template's font; where a font is missing,
the program that opens the deck takes another. So all is measured with the widest of them (``letters``).

A figure is a word with a digit in it; its parts are joined by no-break spaces (``1 680 000 kr``). It is never cut
and never broken over two lines: whoever sets a text asks ``holds_figures`` and takes a smaller size.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from ccinsight.documents.deck import letter_widths

LINE = 1.2
# Programs space letters a little differently; Verdana's bold digits are two hundredths wider.
_MARGIN = 1.03


def width(text: str, size: float, bold: bool = False) -> float:
    """The width of a text on one line, in points."""
    widths = letter_widths.BOLD if bold else letter_widths.REGULAR
    return sum(widths.get(sign, letter_widths.WIDEST) for sign in text) / 1000 * size * _MARGIN


def wrap(text: str, size: float, room: float, bold: bool = False) -> list[str]:
    """The lines that a text takes in ``room`` points; a word wider than that is broken."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line = ""
        for word in paragraph.split(" "):
            tried = f"{line} {word}" if line else word
            if width(tried, size, bold) <= room:
                line = tried
                continue
            if line:
                lines.append(line)
            *whole, line = _broken(word, size, room, bold)
            lines.extend(whole)
        lines.append(line)
    return lines


def _broken(word: str, size: float, room: float, bold: bool) -> list[str]:
    parts = [""]
    for sign in word:
        if parts[-1] and width(parts[-1] + sign, size, bold) > room:
            parts.append("")
        parts[-1] += sign
    return parts


def is_figure(word: str) -> bool:
    """True for a word that holds a digit: an amount, a share, a date, a number."""
    return any(sign.isdigit() for sign in word)


def figures(text: str) -> list[str]:
    """The words of a text that are figures."""
    return [word for word in re.split("[ \n]", text) if is_figure(word)]


def holds_figures(texts: Iterable[str], size: float, room: float, bold: bool = False) -> bool:
    """True where no figure of the texts is wider than the room, so that none is broken."""
    return all(width(word, size, bold) <= room for text in texts for word in figures(text))


def shorten(text: str, size: float, room: float, most_lines: int, bold: bool = False) -> str:
    """The text as it is, or as much of it as goes into the lines, with an ellipsis.

    A figure is left out whole, never in part; where the text is one figure it stays, whatever the room.
    """
    if len(wrap(text, size, room, bold)) <= most_lines:
        return text
    least, most = 0, len(text)
    while least < most:
        tried = (least + most + 1) // 2
        if len(wrap(_cut(text, tried), size, room, bold)) <= most_lines:
            least = tried
        else:
            most = tried - 1
    cut = _cut(text, least)
    return text if cut == "…" and figures(text)[:1] == [text] else cut


def _cut(text: str, at: int) -> str:
    """The text up to a place, or up to the figure that the place is in, and an ellipsis."""
    start = max(text.rfind(sign, 0, at) for sign in " \n") + 1
    word = re.split("[ \n]", text[start:], maxsplit=1)[0]
    if is_figure(word) and at < start + len(word):
        at = start
    kept = text[:at].replace("\n", " ").rstrip(" ,;:·–")
    return f"{kept} …" if is_figure(kept[-1:]) else f"{kept}…"


def height(texts: Sequence[str], size: float, room: float, bold: bool = False) -> float:
    """The height of paragraphs one under the other, without space between them, in points."""
    return sum(len(wrap(text, size, room, bold)) for text in texts) * size * LINE


def largest(
    texts: Sequence[str], sizes: Sequence[float], room: float, tall: float, bold: bool = False
) -> float:
    """The first of the sizes, from large to small, at which the texts fit; the last where none does."""
    for size in sizes:
        if height(texts, size, room, bold) <= tall and holds_figures(texts, size, room, bold):
            return size
    return sizes[-1]
