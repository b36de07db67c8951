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
    """The path of a Chromium that is there and starts, or None; None too where Playwright couldn't drive it."""
    if not _drives():
        return None
    for path in map(shutil.which, _NAMES):
        if path and _starts(path):
            return path
    own = _of_playwright()
    return own if own and _starts(own) else None


def _drives() -> bool:
    """Whether Playwright's own Node starts: it lacks ``libatomic1`` on a bare system."""
    return _starts(sys.executable, "-m", "playwright")


def _starts(*command: str) -> bool:
    """False for a program that lacks a system library, as Playwright's own browser does on a bare system."""
    try:
        return subprocess.run([*command, "--version"], capture_output=True, timeout=60).returncode == 0
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
    if path := find():
        return path
    if not _drives():
        _install("libatomic1")
    if not find():
        attempt([sys.executable, "-m", "playwright", "install", "chromium"])
    if not find():
        _install("chromium")
    return find()


def _install(*packages: str) -> None:
    for command in install_commands(*packages):
        attempt(command)


if __name__ == "__main__":
    print("Chromium:", get() or "none; the browser tests will be skipped (in CI they fail)")
