"""Finds LibreOffice, which draws decks and letters in the tests; ``make test`` runs it to get what is missing.

A deck names Arial. LibreOffice draws it with Liberation Sans, whose letters are as wide, or with DejaVu Sans, a
seventh wider, where the former is missing. Tests draw with the one and the other, so both are found, or fetched.
"""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from tests.debian import attempt, install_commands

NARROW, WIDE = "Liberation Sans", "DejaVu Sans"
_PACKAGES = (
    "libreoffice-impress",
    "libreoffice-writer",
    "poppler-utils",
    "fontconfig",
    "fonts-liberation",
    "fonts-dejavu-core",
)


def find() -> str | None:
    """The path of LibreOffice where it, pdftotext and the fonts are there, or None."""
    office = shutil.which("soffice") or shutil.which("libreoffice")
    has_fonts = all(font_files(family) for family in (NARROW, WIDE))
    return office if shutil.which("pdftotext") and has_fonts else None


def has_writer() -> bool:
    """Whether LibreOffice opens Word documents: its Writer is a package of its own."""
    office = find()
    folder = Path(office).resolve().parent if office else None
    return folder is not None and any(
        next(place.glob("libswlo.*"), None) for place in (folder, folder.parent / "Frameworks")
    )


def font_files(family: str) -> list[Path]:
    """The files of a font on this machine; none where it is missing."""
    if not shutil.which("fc-list"):
        return []
    found = subprocess.run(
        ["fc-list", "-f", "%{file}\n", f":family={family}"], check=False, capture_output=True, text=True
    )
    return [Path(line) for line in sorted(set(found.stdout.splitlines()))]


def only_font(family: str, folder: Path) -> Path:
    """A configuration of fontconfig in which a font is the only one; made in the folder."""
    fonts = folder / family.replace(" ", "-")
    fonts.mkdir(exist_ok=True)
    for file in font_files(family):
        (fonts / file.name).unlink(missing_ok=True)
        (fonts / file.name).symlink_to(file)
    config = folder / "fonts.conf"
    config.write_text(
        f"<fontconfig><dir>{fonts}</dir><cachedir>{folder / 'fontcache'}</cachedir></fontconfig>",
        encoding="utf-8",
    )
    return config


def get() -> str | None:
    """Finds it, else tries to install it."""
    for command in [] if find() and has_writer() else install_commands(*_PACKAGES):
        attempt(command)
    return find()


if __name__ == "__main__":
    print(
        "LibreOffice:",
        get() or "none with fonts; the tests that draw decks will be skipped (in CI they fail)",
    )
