"""Finds Java and pyspark; run as a script (by ``make test``) it gets what is missing."""

from __future__ import annotations

import os
import shutil
import sys
from importlib.util import find_spec
from pathlib import Path

from tests.debian import attempt, install_commands

ROOT = Path(__file__).parents[2]


def find() -> str | None:
    """The path of java, or None."""
    home = os.environ.get("JAVA_HOME")
    return shutil.which("java", path=f"{home}/bin" if home else None)


def missing() -> str | None:
    """What Spark lacks here; None where it can run."""
    if find_spec("pyspark") is None:
        return "pyspark is not installed"
    return None if find() else "Java is not installed"


def get() -> None:
    """Installs a Java without a screen, and pyspark into the environment that runs this."""
    packages = "openjdk-17-jre-headless", "openjdk-21-jre-headless"  # which one depends on the system's age
    for package in packages:
        for command in [] if find() else install_commands(package):
            attempt(command)
    if find_spec("pyspark") is None:
        pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "install", "-q"]
        attempt([*pip, "-c", str(ROOT / "constraints.txt"), "pyspark"])


if __name__ == "__main__":
    get()
    print(
        "spark:",
        missing() or "can run",
        "" if missing() is None else "(its tests are skipped; in CI they fail)",
    )
