"""The partner's look on a page: its colour, dark enough to be read, and its logo."""

from __future__ import annotations

from pathlib import Path

from ccinsight.errors import CcinsightError
from ccinsight.i18n import _, os_reason

OURS = "#1b5e9b"
# What the settings may name as a logo; a larger file is no logo, and would stand in every PDF.
LOGO_TYPES = {".svg", ".png", ".jpg", ".jpeg"}
_LARGEST_LOGO = 2 * 1024 * 1024
# Text on white needs this contrast (WCAG AA).
_CONTRAST = 4.5
# Against white at most this: then it has 6:1 and more against a page of nearly black.
_MOST_ON_DARK = 2.7


def readable(colour: str) -> str:
    """The colour, ``#rrggbb``, or the lightest darker one of its hue that is legible as text on white."""
    parts = [int(colour[at : at + 2], 16) for at in (1, 3, 5)]
    share = 1.0
    while share > 0 and _contrast_with_white([part * share for part in parts]) < _CONTRAST:
        share -= 0.02
    return "#" + "".join(f"{int(part * max(share, 0)):02x}" for part in parts)


def readable_on_dark(colour: str) -> str:
    """The colour, ``#rrggbb``, or the darkest lighter one of its hue that is legible as text on a dark page."""
    parts = [int(colour[at : at + 2], 16) for at in (1, 3, 5)]
    share = 0.0
    while share < 1 and _contrast_with_white(_lighter(parts, share)) > _MOST_ON_DARK:
        share += 0.02
    return "#" + "".join(f"{int(part):02x}" for part in _lighter(parts, min(share, 1.0)))


def _lighter(parts: list[float] | list[int], share: float) -> list[float]:
    return [part + (255 - part) * share for part in parts]


def _contrast_with_white(parts: list[float]) -> float:
    linear = [
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
        for value in (part / 255 for part in parts)
    ]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return 1.05 / (luminance + 0.05)


def read_logo(path: Path | None) -> tuple[str, bytes] | None:
    """A name for the logo, which tells its type, and its content. Raises CcinsightError for a file that is no logo."""
    if path is None:
        return None
    kind = path.suffix.lower()
    if kind not in LOGO_TYPES:
        raise CcinsightError(
            _("the logo {file} must be an SVG, PNG or JPEG file; change deck.logo in the settings.").format(
                file=path.name
            )
        )
    try:
        if path.stat().st_size > _LARGEST_LOGO:
            raise CcinsightError(
                _("the logo {file} is larger than 2 MB; change deck.logo in the settings.").format(
                    file=path.name
                )
            )
        return f"logo{kind}", path.read_bytes()
    except OSError as error:
        raise CcinsightError(
            _("the logo {file} can't be read: {why}. Change deck.logo in the settings.").format(
                file=path.name, why=os_reason(error)
            )
        ) from None
