"""Encodings: what a text file is written in, told by its content."""

from __future__ import annotations

import codecs
from pathlib import Path

import numpy as np

HEAD_BYTES = 1 << 20
_BLOCK_BYTES = 1 << 23
# Windows-1252 with its five holes filled as browsers do, so that no byte is ever lost.
_WINDOWS_1252 = "".join(bytes([b]).decode("cp1252", "ignore") or chr(b) for b in range(256))


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


def plain_copy(path: Path, target: Path) -> tuple[Path, str | None]:
    """The file itself; where it is UTF-16 or ends its lines in returns alone, a plain copy at ``target``.

    With it comes the encoding where it is UTF-16.
    """
    with path.open("rb") as source:
        head = source.read(HEAD_BYTES)
    if codec := utf_16(head):
        _copy_utf_16(path, codec, target)
        return target, "utf-16"
    if b"\r" in head and b"\n" not in head:
        _copy_returns(path, target)
        return target, None
    return path, None


def _copy_utf_16(path: Path, codec: str, target: Path) -> None:
    """What is no character becomes U+FFFD."""
    decoder = codecs.getincrementaldecoder(codec)("replace")
    with path.open("rb") as source, target.open("wb") as out:
        while block := source.read(_BLOCK_BYTES):
            out.write(decoder.decode(block).encode("utf-8", "replace"))
        out.write(decoder.decode(b"", final=True).encode("utf-8", "replace"))


def _copy_returns(path: Path, target: Path) -> None:
    with path.open("rb") as source, target.open("wb") as out:
        while block := source.read(_BLOCK_BYTES):
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
    return codecs.charmap_decode(block, "strict", _WINDOWS_1252)[0]
