"""Finds nginx, which stands before several workers; run as a script (by ``make test``) it gets it where missing."""

from __future__ import annotations

from ccinsight.cli import front
from ccinsight.errors import CcinsightError
from tests.debian import attempt, install_commands


def find() -> str | None:
    """The path of nginx, or None."""
    try:
        return front.find_nginx()
    except CcinsightError:
        return None


def get() -> str | None:
    """Finds it, else tries to install it."""
    for command in [] if find() else install_commands("nginx-light"):
        attempt(command)
    return find()


if __name__ == "__main__":
    print("nginx:", get() or "none; the tests of several workers will be skipped (in CI they fail)")
