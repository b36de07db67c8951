"""Gets tools for the tests from the system's package manager, where there is one that may be used."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys


def install_commands(*packages: str) -> list[list[str]]:
    """The commands that install these packages, in order; none where apt-get or the right to use it is missing."""
    root = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if not shutil.which("apt-get") or (root and not shutil.which("sudo")):
        return []
    apt = [*root, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get"]
    return [[*apt, "update", "-q"], [*apt, "install", "-y", "-q", "--no-install-recommends", *packages]]


def attempt(command: list[str]) -> None:
    """Runs a command; what goes wrong is said on stderr, and the caller looks again for the tool."""
    print("Trying:", " ".join(command), file=sys.stderr)
    try:
        subprocess.run(command, check=False, timeout=900)
    except (OSError, subprocess.TimeoutExpired) as error:
        print(f"That did not work: {error}", file=sys.stderr)
