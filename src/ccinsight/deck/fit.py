"""How much room a text takes, so that nothing runs out of its shape: widths of Arial, which the deck is set in.

A template with another font gets a margin (``SLACK``): Verdana and the like are that much wider.

A figure is a word with a digit in it; its parts are joined by no-break spaces (``1 680 000 kr``). It is never cut
and never broken over two lines: whoever sets a text asks ``holds_figures`` and takes a smaller size.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

LINE = 1.2
SLACK = 1.12
# Thousandths of the font size, from the space to the tilde.
_WIDTHS = (
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556, 556,
    556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833,
    722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556,
    556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334,
    260, 334, 584,
)  # fmt: skip
_OTHERS = {
    "æ": 889,
    "ø": 611,
    "Æ": 1000,
    "Ø": 778,
    "Å": 667,
    "—": 1000,
    "…": 1000,
    "·": 278,
    "\N{NO-BREAK SPACE}": 278,
}
_BOLD = 1.09
_FIGURE = 1.08
# A character that isn't known may be one of a script of wide signs.
_UNKNOWN = 600


def width(text: str, size: float, bold: bool = False) -> float:
    """The width of a text on one line, in points."""
    total = 0
    for sign in text:
        place = ord(sign) - 32
        total += _WIDTHS[place] if 0 <= place < len(_WIDTHS) else _OTHERS.get(sign, _UNKNOWN)
    return total / 1000 * size * SLACK * (_BOLD if bold else 1)


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


def figure_width(text: str, size: float, bold: bool = False) -> float:
    """The width of what must stay on one line, in points, with a margin for fonts that are wider still."""
    return width(text, size, bold) * _FIGURE


def holds_figures(texts: Iterable[str], size: float, room: float, bold: bool = False) -> bool:
    """True where no figure of the texts is wider than the room, so that none is broken."""
    return all(figure_width(word, size, bold) <= room for text in texts for word in figures(text))


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
