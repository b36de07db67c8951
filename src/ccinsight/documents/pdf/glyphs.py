"""Which characters the fonts of the package can draw: a PDF that is tagged (PDF/UA-1) may hold no other."""

from __future__ import annotations

import re
import struct
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path

FONTS = Path(__file__).parent / "fonts"
# In the order in which they are tried: the text's own, and one for other scripts and signs.
_FILES = ("SourceSans3.ttf", "DejaVuSans.ttf")
# What stands for a character that no font has.
_MISSING = "\N{WHITE SQUARE}"
_SOFT_HYPHEN, _BREAK = "\N{SOFT HYPHEN}", "\N{ZERO WIDTH SPACE}"
# A word longer than this may be broken after its signs, and a longer one yet after so many letters: nothing runs out
# of its column. The others are hyphenated.
_SIGNED, _LONGEST, _PIECE = 14, 40, 12
_WORD = re.compile(rf"\S{{{_SIGNED + 1},}}")
_SIGN = re.compile(r"(?<=\w)[-/_.@,;:](?=\w)")
_PIECES = re.compile(rf"\w{{{_PIECE}}}(?=\w)")


def drawable(text: str) -> str:
    """The text with characters that can be drawn: others become a square, and those that have no shape go.

    What turns the direction of text goes too: it could make a number read backwards.
    """
    normal = unicodedata.normalize("NFC", text)
    return normal if normal.isascii() else "".join(_drawn(normal))


def without_signs(text: str) -> str:
    """The text without what has no shape and what turns its direction, for a file's properties: any font will do."""
    return "".join(letter for letter in text if unicodedata.category(letter) != "Cf")


def _drawn(text: str) -> Iterator[str]:
    fonts = _coverage()
    able: list[frozenset[int]] = []
    for letter in text:
        if letter in "\n\t":
            yield letter
            continue
        kind = unicodedata.category(letter)
        if (kind == "Cf" and letter != _SOFT_HYPHEN) or kind in ("Cc", "Co", "Cn", "Cs"):
            if kind != "Cf":
                yield _MISSING
            continue
        if kind in ("Zl", "Zp"):
            yield " "
            continue
        if kind in ("Mn", "Me"):
            # a mark is set with its letter: one font must have both
            able = [font for font in able if ord(letter) in font]
            if able and not 0xFE00 <= ord(letter) <= 0xFE0F:
                yield letter
            continue
        able = [font for font in fonts if ord(letter) in font]
        yield letter if able else _MISSING


def with_breaks(text: str) -> str:
    """The text with places where a very long word may be broken."""
    return _WORD.sub(lambda word: _breakable(word.group()), text)


def _breakable(word: str) -> str:
    signed = _SIGN.sub(lambda sign: sign.group() + _BREAK, word)
    return _PIECES.sub(lambda piece: piece.group() + _BREAK, signed) if len(word) > _LONGEST else signed


@cache
def _coverage() -> tuple[frozenset[int], ...]:
    return tuple(frozenset(_characters((FONTS / name).read_bytes())) for name in _FILES)


def _characters(font: bytes) -> Iterator[int]:
    """The characters of a TrueType font: those of its ``cmap`` subtables of format 12."""
    (tables,) = struct.unpack_from(">H", font, 4)
    for number in range(tables):
        tag, _checksum, start, _length = struct.unpack_from(">4sIII", font, 12 + 16 * number)
        if tag == b"cmap":
            (count,) = struct.unpack_from(">H", font, start + 2)
            for entry in range(count):
                (offset,) = struct.unpack_from(">I", font, start + 4 + 8 * entry + 4)
                yield from _of_subtable(font, start + offset)


def _of_subtable(font: bytes, start: int) -> Iterator[int]:
    (form,) = struct.unpack_from(">H", font, start)
    if form == 12:
        (groups,) = struct.unpack_from(">I", font, start + 12)
        for group in range(groups):
            first, last, glyph = struct.unpack_from(">III", font, start + 16 + 12 * group)
            yield from range(first if glyph else first + 1, last + 1)
