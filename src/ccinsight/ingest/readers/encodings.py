"""Detects the encoding of a text file by its content."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np

from ccinsight.ingest.readers.code_pages import WINDOWS, WINDOWS_1252, Evidence, letters_of

HEAD_BYTES = 1 << 20
_BLOCK_BYTES = 1 << 23
_SAMPLE_BYTES, _MOST_SAMPLES = 1 << 18, 8  # with other letters than ASCII; the others are passed quickly
_LINE_END = re.compile(rb"[\r\n]")
_END_OF_FILE = "\x1a"  # DOS's


class PlainText(NamedTuple):
    """A text file that is UTF-8 or Windows-1252 and ends its lines in line feeds: the file itself, or a copy.

    ``encoding``: the file's, where it is copied for that. ``doubtful``: words as they are read, where the encoding
    isn't sure.
    """

    path: Path
    encoding: str | None
    doubtful: tuple[str, ...] = ()


def utf_16(head: bytes) -> str | None:
    """The codec of a UTF-16 file, by its mark or by the zeros between Latin letters; else None."""
    if head.startswith(codecs.BOM_UTF16_LE):
        return "utf-16-le"
    if head.startswith(codecs.BOM_UTF16_BE):
        return "utf-16-be"
    sample = head[:4096]
    odd, even = sample[1::2], sample[0::2]
    if len(sample) >= 4 and odd.count(0) > 0.4 * len(odd) and even.count(0) < 0.1 * len(even):
        return "utf-16-le"
    if len(sample) >= 4 and even.count(0) > 0.4 * len(even) and odd.count(0) < 0.1 * len(odd):
        return "utf-16-be"
    return None


def plain_text(path: Path, target: Path) -> PlainText:
    """The file itself; a copy at ``target`` where it is UTF-16, of DOS or Mac, or ends its lines in returns alone."""
    with path.open("rb") as source:
        head = source.read(HEAD_BYTES)
    if codec := utf_16(head):
        _copy_utf_16(path, codec, target)
        return PlainText(target, "utf-16")
    evidence = _one_byte_letters(path)
    encoding = evidence.encoding() if evidence else WINDOWS
    doubtful = evidence.doubtful_words() if evidence else ()
    has_returns_alone = b"\r" in head and b"\n" not in head
    if encoding != WINDOWS:
        _copy_one_byte(path, encoding, target, has_returns_alone)
        return PlainText(target, encoding, doubtful)
    if has_returns_alone:
        _copy_returns(path, target)
        return PlainText(target, None, doubtful)
    return PlainText(path, None, doubtful)


def _one_byte_letters(path: Path) -> Evidence | None:
    """What the first other letters than ASCII tell; None where there are none or they are UTF-8."""
    evidence, samples = None, 0
    with path.open("rb") as source:
        while samples < _MOST_SAMPLES and (block := source.read(_SAMPLE_BYTES)):
            if block.isascii():
                continue
            samples += 1
            if evidence is None:
                if _is_utf_8(block):
                    return None
                evidence = Evidence()
            evidence.take(block)
            if evidence.is_clear:
                break
    return evidence


def _is_utf_8(block: bytes) -> bool:
    """Whether it is, or most of its lines with other letters than ASCII are; its last letter may be cut."""
    try:
        codecs.getincrementaldecoder("utf-8")().decode(block)
    except UnicodeDecodeError:
        lines = [line for line in _LINE_END.split(block) if not line.isascii()]
        return 2 * sum(map(_decodes, lines)) > len(lines)
    return True


def _decodes(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _blocks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as source:
        while block := source.read(_BLOCK_BYTES):
            yield block


def _copy_utf_16(path: Path, codec: str, target: Path) -> None:
    """What is no character becomes U+FFFD."""
    decoder = codecs.getincrementaldecoder(codec)("replace")
    with target.open("wb") as out:
        for block in _blocks(path):
            out.write(decoder.decode(block).encode("utf-8", "replace"))
        out.write(decoder.decode(b"", final=True).encode("utf-8", "replace"))


def _copy_one_byte(path: Path, encoding: str, target: Path, has_returns_alone: bool) -> None:
    letters = letters_of(encoding)
    with target.open("wb") as out:
        for block in _blocks(path):
            text = codecs.charmap_decode(block, "strict", letters)[0].replace(_END_OF_FILE, "")
            out.write((text.replace("\r", "\n") if has_returns_alone else text).encode("utf-8"))


def _copy_returns(path: Path, target: Path) -> None:
    with target.open("wb") as out:
        for block in _blocks(path):
            out.write(block.replace(b"\r", b"\n"))


def decode(block: bytes) -> tuple[str, bool]:
    """The text of whole lines, and whether it was UTF-8; else Windows-1252.

    Where a file of UTF-8 has a line that isn't, only that line is taken for Windows-1252.
    """
    try:
        return block.decode("utf-8"), True
    except UnicodeDecodeError as e:
        if block[: e.start].isascii():
            return _windows_1252(block), False
    return "\n".join(_decode_line(line) for line in block.split(b"\n")), False


def _decode_line(line: bytes) -> str:
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        return _windows_1252(line)


def _windows_1252(block: bytes) -> str:
    # Latin-1 differs only in 0x80-0x9F and is decoded many times faster.
    if not ((np.frombuffer(block, np.uint8) & 0xE0) == 0x80).any():
        return block.decode("latin-1")
    return codecs.charmap_decode(block, "strict", WINDOWS_1252)[0]
