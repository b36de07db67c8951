"""How much room a text takes, so that nothing runs out of its shape: widths of Arial, which the deck is set in.

A template with another font gets a margin (``SLACK``): common fonts are no wider than that.
"""

from __future__ import annotations

from collections.abc import Sequence

LINE = 1.2
SLACK = 1.025
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


def shorten(text: str, size: float, room: float, most_lines: int, bold: bool = False) -> str:
    """The text as it is, or as much of it as goes into the lines, with an ellipsis."""
    lines = wrap(text, size, room, bold)
    if len(lines) <= most_lines:
        return text
    last = lines[most_lines - 1]
    while last and width(last + "…", size, bold) > room:
        last = last[:-1]
    return "\n".join([*lines[: most_lines - 1], last.rstrip() + "…"]).replace("\n", " ")


def height(texts: Sequence[str], size: float, room: float, bold: bool = False) -> float:
    """The height of paragraphs one under the other, without space between them, in points."""
    return sum(len(wrap(text, size, room, bold)) for text in texts) * size * LINE


def largest(
    texts: Sequence[str], sizes: Sequence[float], room: float, tall: float, bold: bool = False
) -> float:
    """The first of the sizes, from large to small, at which the texts fit; the last where none does."""
    for size in sizes:
        if height(texts, size, room, bold) <= tall:
            return size
    return sizes[-1]
