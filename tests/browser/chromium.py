"""Finds a Chromium for the browser tests; run as a script (by ``make test``) it gets one where there is none.

In this order: the system's own, Playwright's own, the system's package manager.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from tests.debian import attempt, install_commands

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find() -> str | None:
    """The path of a Chromium that is there and starts, or None."""
    for path in map(shutil.which, _NAMES):
        if path and _starts(path):
            return path
    own = _of_playwright()
    return own if own and _starts(own) else None


def _starts(path: str) -> bool:
    """False for a browser that lacks a system library, as Playwright's own does on a bare system."""
    try:
        return subprocess.run([path, "--version"], capture_output=True, timeout=60).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def _of_playwright() -> str | None:
    try:
        from playwright.sync_api import sync_playwright

        with sync_playwright() as playwright:
            path = playwright.chromium.executable_path
    except Exception as error:  # the browser is looked for, not needed: any trouble means there is none
        print(f"Playwright does not answer: {error}", file=sys.stderr)
        return None
    return path if Path(path).exists() else None


def get() -> str | None:
    """Finds a Chromium, else tries to install one; returns its path, or None with the reasons on stderr."""
    for command in _commands():
        if path := find():
            return path
        attempt(command)
    return find()


def _commands() -> list[list[str]]:
    return [[sys.executable, "-m", "playwright", "install", "chromium"], *install_commands("chromium")]


if __name__ == "__main__":
    print("Chromium:", get() or "none; the browser tests will be skipped (in CI they fail)")
