"""What tickets are about, from ``topics.toml``: categories, how often they come, and their titles."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from itertools import product
from pathlib import Path


@dataclass(frozen=True)
class Topic:
    """A category; ``shares`` of the tickets of a customer without and with integrations, in permille.

    ``pace`` names the table of minutes spent in PACES.
    """

    category: str
    shares: tuple[int, int]
    pace: str
    titles: tuple[str, ...]
    is_access_down: bool = False
    scope: str = "support"


# Quantiles of the minutes spent, at equal steps; in quarter hours for consulting, as it is invoiced so.
PACES = {
    "short": (2, 5, 5, 5, 10, 10, 10, 15, 15, 15, 20, 20, 25, 30, 40, 60, 150),
    "middle": (5, 10, 10, 15, 15, 15, 20, 20, 25, 30, 30, 35, 45, 60, 75, 110, 300),
    "long": (5, 15, 20, 25, 30, 30, 35, 45, 50, 60, 75, 90, 105, 120, 160, 240, 600),
    "training": (10, 15, 20, 20, 25, 30, 30, 30, 40, 45, 45, 60, 60, 75, 90, 120, 240),
    "consulting": (15, 30, 30, 45, 60, 60, 75, 90, 90, 120, 120, 150, 180, 240, 300, 420, 960),
}


def spread_out(pattern: str) -> list[str]:
    """All texts of a title pattern: each ``{a|b}`` is one of its alternatives."""
    parts: list[list[str]] = []
    rest = pattern
    while "{" in rest:
        before, _, rest = rest.partition("{")
        inside, _, rest = rest.partition("}")
        parts += [[before], inside.split("|")]
    return ["".join(choice) for choice in product(*parts, [rest])]


def _read_topics() -> tuple[Topic, ...]:
    entries = tomllib.loads(Path(__file__).with_name("topics.toml").read_text("utf-8"))["topics"]
    return tuple(
        Topic(
            category=entry["category"],
            shares=(entry["shares"][0], entry["shares"][1]),
            pace=entry["pace"],
            titles=tuple(title for pattern in entry["titles"] for title in spread_out(pattern)),
            is_access_down=entry.get("is_access_down", False),
            scope=entry.get("scope", "support"),
        )
        for entry in entries
    )


TOPICS = _read_topics()
