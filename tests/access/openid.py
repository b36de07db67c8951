"""A real OpenID provider for the tests, npm's oidc-provider; run as a script (by ``make test``) it is installed.

Node comes from the system's package manager where it is missing; the provider lies beside this file, at the versions
of its package-lock.json.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.debian import attempt, install_commands

_FOLDER = Path(__file__).parent / "provider"
_OLDEST_NODE = 18
CLIENT_ID, CLIENT_SECRET = "ccinsight", "the-secret-of-the-tests"


def find() -> str | None:
    """The path of Node where it is new enough and the provider is installed, or None."""
    node = shutil.which("node")
    if node is None or not (_FOLDER / "node_modules" / "oidc-provider").is_dir():
        return None
    found = subprocess.run([node, "--version"], check=False, capture_output=True, text=True).stdout
    return node if int(found.removeprefix("v").partition(".")[0] or 0) >= _OLDEST_NODE else None


def get() -> str | None:
    """Finds it, else tries to install it."""
    if find():
        return find()
    for command in [] if shutil.which("node") and shutil.which("npm") else install_commands("nodejs", "npm"):
        attempt(command)
    if npm := shutil.which("npm"):
        attempt([npm, "ci", "--prefix", str(_FOLDER), "--no-audit", "--no-fund", "--loglevel", "error"])
    return find()


@contextmanager
def provider(node: str, port: int, redirect: str, people: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    """The issuer's address of a provider that knows these people: their names, and the claims of each."""
    command = [node, str(_FOLDER / "provider.mjs"), str(port), redirect, json.dumps(people)]
    issuer = f"http://127.0.0.1:{port}"
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=_FOLDER)
    try:
        _wait(f"{issuer}/.well-known/openid-configuration", process)
        yield issuer
    finally:
        process.terminate()
        process.wait(timeout=20)


def _wait(address: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=2):
                return
        except OSError:
            time.sleep(0.1)
    pytest.fail("The OpenID provider does not answer.")


if __name__ == "__main__":
    print("OpenID provider:", get() or "none; the tests of the sign-in will be skipped (in CI they fail)")
