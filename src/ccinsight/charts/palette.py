"""The colours of the themes, and how a renewal status is filled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Palette:
    """The colours of a theme. Blue is ours, orange is what goes away, the rest is grey.

    The three statuses have a colour and a pattern each: they differ in grey and for the colour-blind.
    """

    text: str
    muted: str
    grid: str
    surface: str
    accent: str
    accent_mid: str
    accent_soft: str
    warm: str
    grey: str
    grey_soft: str
    will_renew: str
    open: str
    open_lines: str
    ending: str
    ending_lines: str

    @classmethod
    def light(cls) -> Palette:
        """For a white page."""
        return cls(
            text="#1c2733",
            muted="#55606c",
            grid="#e3e8ee",
            surface="#ffffff",
            accent="#1b5e9b",
            accent_mid="#6fa5d6",
            accent_soft="#cfe0f1",
            warm="#c8690f",
            grey="#7f8b97",
            grey_soft="#c3ccd5",
            will_renew="#1b5e9b",
            open="#d6e6f5",
            open_lines="#1b5e9b",
            ending="#e08a2e",
            ending_lines="#8a3f05",
        )

    @classmethod
    def dark(cls) -> Palette:
        """For a nearly black page."""
        return cls(
            text="#e6ebf0",
            muted="#a9b4bf",
            grid="#2a333d",
            surface="#12171d",
            accent="#74b3ee",
            accent_mid="#3f7fbb",
            accent_soft="#22415f",
            warm="#f0a35e",
            grey="#8995a1",
            grey_soft="#4a5661",
            will_renew="#74b3ee",
            open="#1b3550",
            open_lines="#74b3ee",
            ending="#f0a35e",
            ending_lines="#7a3a08",
        )

    def hatched(self, shape: str | Sequence[str] = "/") -> dict[str, Any]:
        """A pattern over a colour, for what goes away: it can be recognised without colour too."""
        return {"shape": shape, "fgcolor": self.surface, "fillmode": "overlay", "size": 6, "solidity": 0.25}

    def status_marker(self, status: str) -> dict[str, Any]:
        """Fill and pattern of a renewal status, the same in every chart."""
        match status:
            case "will_renew":
                return {"color": self.will_renew, "line": {"color": self.will_renew, "width": 1}}
            case "open":
                pattern = _pattern("/", self.open_lines, self.open, size=7, solidity=0.18)
                return {
                    "color": self.open,
                    "pattern": pattern,
                    "line": {"color": self.open_lines, "width": 1},
                }
            case _:
                pattern = _pattern(".", self.ending_lines, self.ending, size=5, solidity=0.3)
                return {"color": self.ending, "pattern": pattern, "line": {"color": self.ending, "width": 1}}


def _pattern(shape: str, lines: str, ground: str, size: int, solidity: float) -> dict[str, Any]:
    return {"shape": shape, "fgcolor": lines, "bgcolor": ground, "size": size, "solidity": solidity}
