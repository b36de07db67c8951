"""Finds LibreOffice, which draws decks in the tests; run as a script (by ``make test``) it gets it where missing."""

from __future__ import annotations

import shutil

from tests.debian import attempt, install_commands


def find() -> str | None:
    """The path of LibreOffice where it and pdftotext are there, or None."""
    office = shutil.which("soffice") or shutil.which("libreoffice")
    return office if shutil.which("pdftotext") else None


def get() -> str | None:
    """Finds it, else tries to install it."""
    for command in [] if find() else install_commands("libreoffice-impress", "poppler-utils"):
        attempt(command)
    return find()


if __name__ == "__main__":
    print("LibreOffice:", get() or "none; the tests that draw decks will be skipped (in CI they fail)")
