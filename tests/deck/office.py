"""Finds LibreOffice, which draws decks in the tests; run as a script (by ``make test``) it gets it where missing.

A deck names Arial. LibreOffice draws it with Liberation Sans, whose letters are as wide; without either it takes
DejaVu Sans, a seventh wider, and words leave their shapes. So the fonts are found, or fetched, with it.
"""

from __future__ import annotations

import shutil
import subprocess

from tests.debian import attempt, install_commands

_AS_WIDE_AS_ARIAL = ("Arial", "Liberation Sans", "Arimo", "Nimbus Sans", "Helvetica")
_PACKAGES = ("libreoffice-impress", "poppler-utils", "fontconfig", "fonts-liberation")


def find() -> str | None:
    """The path of LibreOffice where it, pdftotext and a font as wide as Arial are there, or None."""
    office = shutil.which("soffice") or shutil.which("libreoffice")
    return office if shutil.which("pdftotext") and has_font() else None


def has_font() -> bool:
    """True where Arial, or a font with the same widths, is drawn where Arial is asked for."""
    if not shutil.which("fc-match"):
        return False
    found = subprocess.run(
        ["fc-match", "-f", "%{family}", "Arial"], check=False, capture_output=True, text=True
    )
    return found.stdout.partition(",")[0] in _AS_WIDE_AS_ARIAL


def get() -> str | None:
    """Finds it, else tries to install it."""
    for command in [] if find() else install_commands(*_PACKAGES):
        attempt(command)
    return find()


if __name__ == "__main__":
    print(
        "LibreOffice:",
        get() or "none with fonts; the tests that draw decks will be skipped (in CI they fail)",
    )
