"""Reads digests as an account manager does: which duties of which customers they name."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage

_OVERDUE = re.compile(r"(\d+) DUT(?:Y IS|IES ARE) OVERDUE")
_SOON = re.compile(r"(\d+) DUT(?:Y|IES) TO ACT ON WITHIN \d+ DAYS")
_LATE = re.compile(r"(\d+) overdue")
_MORE = re.compile(r"and (\d+) more")


@dataclass(frozen=True)
class Named:
    """What a section names: customer and kind of duty, as often as it does; how many there are, and are left out."""

    pairs: Counter[tuple[str, str]]
    count: int
    left_out: int


@dataclass(frozen=True)
class Letter:
    """A digest in English: the duties that are overdue, and those to act on soon."""

    to: str
    overdue: Named
    soon: Named
    managers: Counter[str]  # in management's: account manager → how many duties are overdue

    @property
    def pairs(self) -> Counter[tuple[str, str]]:
        return self.overdue.pairs + self.soon.pairs


def read(message: EmailMessage) -> Letter:
    """What a message says in its text."""
    body = message.get_body(("plain",))
    assert body is not None
    text = body.get_content().replace("\r\n", "\n")
    sections = dict(_sections(text))
    managers = Counter[str]()
    for lines in _rows(sections.get("OVERDUE BY ACCOUNT MANAGER", "")):
        managers[lines[0]] = int(_LATE.findall(" ".join(lines))[-1])
    return Letter(str(message["To"]), _named(sections, _OVERDUE), _named(sections, _SOON), managers)


def _rows(body: str) -> list[list[str]]:
    """The lines of each row of a section."""
    return [row.split("\n") for row in re.findall(r"^- (.+(?:\n  .+)*)", body, re.MULTILINE)]


def _named(sections: dict[str, str], title: re.Pattern[str]) -> Named:
    for name, body in sections.items():
        if found := title.fullmatch(name):
            more = _MORE.search(body)
            pairs = Counter((lines[0], lines[1].strip().split(" · ")[0]) for lines in _rows(body))
            return Named(pairs, int(found[1]), int(more[1]) if more else 0)
    return Named(Counter(), 0, 0)


def _sections(text: str) -> Iterator[tuple[str, str]]:
    """Title → what stands under it; a title is a line in capitals between empty ones."""
    parts = re.split(r"\n\n([^a-z\n-][^a-z\n]*)\n", text)
    yield from zip(parts[1::2], parts[2::2], strict=True)
