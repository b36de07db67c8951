"""The texts of reports.toml, for the catalogues: what babel.cfg names as their extractor."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import IO, Any

from ccinsight.registry import parse, texts

Message = tuple[int, str, str, list[str]]


def extract(
    fileobj: IO[bytes], keywords: object, comment_tags: object, options: Mapping[str, Any]
) -> Iterator[Message]:
    """Line number, function, text and comments of every text in the registry, as Babel asks for them."""
    source = fileobj.read().decode("utf-8")
    for text in texts(parse(source)):
        yield _line_of(source, text), "_", text, []


def _line_of(source: str, text: str) -> int:
    return source[: max(source.find(text), 0)].count("\n") + 1
